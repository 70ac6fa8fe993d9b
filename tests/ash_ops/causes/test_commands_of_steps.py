"""Every command of every step is one that its tool takes: a service, an operation and options that AWS has."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.advice.elsewhere import AT_A_DESK
from ash_ops.causes.advice.linked_roles import SERVICES
from ash_ops.causes.base import Step
from ash_ops.causes.denials import of_the_thing
from tests.support.commands import problem_with_words

jmespath: Any = pytest.importorskip("jmespath")  # botocore brings it, without types

_OF_THE_CLI = (
    ["logs", "tail"], ["ecr", "get-login-password"], ["ecr-public", "get-login-password"], ["cloudformation", "deploy"],
)  # fmt: skip
"""Commands of the CLI itself, which no model of AWS has."""
_NO_API = ("s3", "configure", "sso")
_OTHER_NAMES = {"s3api": "s3", "deploy": "codedeploy"}
"""What the CLI calls a service that its model calls otherwise."""
_PAGES = re.compile(r" --(?:max-items|page-size|starting-token) \S+")
"""The options that the CLI has for every operation whose answer comes in pages."""
_RULES = re.compile(r" --(?:protocol|port|cidr) \S+")
"""The CLI's own short form of a rule that is taken away."""


def _parts(step: Step) -> list[str]:
    """The commands of a step, also those within another one and behind a pipe."""
    within = re.findall(r"\$\((.+?)\)", step.command)
    outer = re.sub(r"\$\(.+?\)", "x", step.command)
    return [part for one in (outer, *within) for part in re.split(r" \| | && |; ", one)]


STEPS = [step for cause in CAUSES.values() for step in (*cause.proof, *cause.repair)]
STEPS += [step for told in AT_A_DESK.values() for step in told]
COMMANDS = sorted(
    {part for step in STEPS for part in _parts(step) if part.startswith("aws ")}
    | {of_the_thing(f"resource-based policy perform: {s}:x") for s in ("ecr", "kms", "s3")}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_aws_has_the_call_and_its_options(command: str) -> None:
    filled = re.sub(r"<([a-z-]+)>", r"x-\1", _PAGES.sub("", command))
    if " revoke-" in filled:
        filled = _RULES.sub("", filled)
    words = shlex.split(filled)
    words[1] = _OTHER_NAMES.get(words[1], words[1])
    if "--query" in words:
        at = words.index("--query")
        jmespath.compile(words[at + 1])
        del words[at : at + 2]
    if words[1] in _NO_API or words[1:3] in _OF_THE_CLI:
        return
    assert problem_with_words(words) is None


def test_there_is_something_to_check() -> None:
    assert len(COMMANDS) > 400


def test_a_command_that_no_tool_takes_is_seen() -> None:
    assert problem_with_words(["aws", "ecs", "describe-service"]) is not None
    assert problem_with_words(["aws", "ecs", "describe-services", "--service", "x"]) is not None


def test_each_service_has_a_role_of_its_own() -> None:
    services = [service for _, service, _ in SERVICES]
    assert all(re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", service) for service in services)
    roles = {service: role for _, service, role in SERVICES}
    assert len(set(roles.values())) == len(roles)
