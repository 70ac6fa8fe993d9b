"""Reads a command that a finding offers as the tool it names would read it."""

from __future__ import annotations

import itertools
import json
import re
import shlex
from functools import cache
from typing import Any

import botocore.session
import click
from botocore import xform_name
from botocore.model import OperationModel

from ash_ops.cli._context import Context
from ash_ops.cli._main import group
from ash_ops.deploy.plan.options import DeployOptions

_GLOBAL_AWS = {"--region", "--profile", "--output", "--query", "--no-cli-pager"}
# What the AWS CLI adds to the model for security-group rules.
_RULE_SHORTHAND = ("--protocol", "--port", "--cidr", "--source-group")
_EVAL = re.compile(r'^eval "\$\((?P<inner>.+)\)"$')


def problem_with(command: str) -> str | None:
    """What is wrong with a command; ``None`` if the tool would accept it."""
    eval_of = _EVAL.match(command)
    return problem_with_words(shlex.split(eval_of["inner"] if eval_of else command))


def problem_with_words(words: list[str]) -> str | None:
    """The same of a command that is split already."""
    if words[:1] == ["aws"]:
        return _aws(words[1:])
    if words[:1] == ["ash-ops"]:
        return _ash_ops(words[1:])
    return f"neither aws nor ash-ops: {shlex.join(words)}"


@cache
def models() -> botocore.session.Session:
    """One session for all: loading a service's model takes a tenth of a second."""
    return botocore.session.get_session()


def _aws(words: list[str]) -> str | None:
    service, command, *rest = words
    session = models()
    try:
        model = session.get_service_model(service)
    except Exception as error:  # noqa: BLE001 - whatever botocore says is the answer
        return f"no service {service}: {error}"
    names = {xform_name(n, "-"): n for n in model.operation_names}
    if command == "wait":
        return _waiter(session, service, rest)
    if command not in names:
        return f"aws {service} has no command {command}"
    return _options(model.operation_model(names[command]), rest)


def _waiter(session: botocore.session.Session, service: str, words: list[str]) -> str | None:
    """``aws ecs wait services-inactive`` and the like: the waiter, and its operation's options."""
    model = session.get_service_model(service)
    waiters = session.get_waiter_model(service)
    names = {xform_name(n, "-"): n for n in waiters.waiter_names}
    if words[0] not in names:
        return f"aws {service} waits for no {words[0]}"
    operation = waiters.get_waiter(names[words[0]]).operation
    return _options(model.operation_model(operation), words[1:])


def _options(operation: OperationModel, words: list[str]) -> str | None:
    shape = operation.input_shape
    members: dict[str, Any] = dict(shape.members) if shape else {}
    known = {f"--{xform_name(name, '-')}": name for name in members}
    if operation.name in {"CreateNetworkAclEntry", "ReplaceNetworkAclEntry"}:
        known |= {"--ingress": "Egress"}
    if operation.name.startswith("AuthorizeSecurityGroup"):
        known |= dict.fromkeys(_RULE_SHORTHAND, "IpPermissions")
    given = set()
    for word, after in itertools.zip_longest(words, words[1:], fillvalue=""):
        if not word.startswith("--") or word in _GLOBAL_AWS:
            continue
        name = known.get(word) or known.get(word.replace("--no-", "--", 1))
        if name is None:
            return f"{operation.name} has no option {word}"
        taken = getattr(members[name], "enum", None)
        if taken and after not in taken:
            return f"{word} of {operation.name} takes no {after}"
        given.add(name)
    missing = set(shape.required_members if shape else []) - given
    return f"{operation.name} lacks {', '.join(missing)}" if missing else _json_of(words)


def _json_of(words: list[str]) -> str | None:
    for word in words:
        if word[:1] in "[{":
            try:
                json.loads(word)
            except ValueError as error:
                return f"{word} is no JSON: {error}"
    return None


def _ash_ops(words: list[str]) -> str | None:
    said = shlex.join(["ash-ops", *words])
    with click.Context(group, info_name="ash-ops") as context:
        try:
            _, rest, _ = group.make_parser(context).parse_args(list(words))
            if rest:  # without: the help, or the version
                name, command, rest = group.resolve_command(context, rest)
                assert command is not None, said
                with command.make_context(name, rest, parent=context):
                    pass  # closes the files that options opened
        except click.exceptions.Exit:  # a command's help
            return None
        except click.ClickException as error:
            return f"{said}: {error.format_message()}"
    return None


def parsed_options(words: list[str]) -> dict[str, Any]:
    """What click makes of a command line of ``ash-ops``: the command's own options and ``name``."""
    with click.Context(group, info_name="ash-ops") as context:
        before, rest, _ = group.make_parser(context).parse_args(list(words))
        name, command, rest = group.resolve_command(context, rest)
        assert command is not None
        with command.make_context(name, rest, parent=context) as inner:
            shared = inner.ensure_object(Context).options
            fields = DeployOptions.__dataclass_fields__
            own = {k: v for k, v in inner.params.items() if k in fields}
            return {**own, "name": shared.get("name") or before.get("name")}
