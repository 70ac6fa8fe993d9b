"""The least-privilege policy of each command, as the JSON that IAM takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from ash_ops.deploy.policy_calls import CALLS, REPAIRS, Need, actions_of, needs_of
from ash_ops.deploy.policy_resources import BASE, TYPES, resource_needs
from ash_ops.deployment import Deployment
from ash_ops.errors import UsageProblem

CHANGING = ("deploy", "rollout", "rollback", "teardown")
"""The commands through which CloudFormation works with the caller's permissions."""

MANAGED_POLICY_LIMIT = 6144
"""Characters of a managed policy, white space not counted (IAM quotas)."""

_OPTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CHANGING, tuple(option for option in TYPES if option != BASE)),
    "doctor": ("fix",),
}
OPTIONS = tuple(dict.fromkeys(option for row in _OPTIONS.values() for option in row))
"""What ``--with`` takes."""

PARTS = ("all", "own", "cloudformation")
"""The whole policy, the calls of ash-ops itself, or those that CloudFormation makes."""


def commands() -> tuple[str, ...]:
    """The commands that have a policy."""
    return tuple(CALLS)


def deploy_actions(options: Sequence[str] = ()) -> tuple[str, ...]:
    """Every action that ``deploy`` needs, its own and CloudFormation's."""
    return actions_of(_needs("deploy", options, "all"))


def direct_actions(command: str) -> frozenset[str]:
    """The actions that a command calls itself."""
    return frozenset(actions_of(needs_of(command)))


def policy_document(
    command: str,
    names: Deployment,
    *,
    partition: str,
    region: str,
    account: str,
    options: Sequence[str] = (),
    part: str = "all",
) -> str:
    """The least-privilege policy of a command, as the JSON that IAM takes.

    Args:
        command: its name, for instance ``deploy``.
        names: the deployment it is for.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        region: a region, or ``*``.
        account: an account id, or ``*``.
        options: what is used beside the plain command, of ``OPTIONS``.
        part: of ``PARTS``; in parts where the whole is longer than IAM takes.

    Raises:
        UsageProblem: the command has no policy: it calls nothing, or there is none of the name; or
            an option is not the command's.
    """
    _check(command, options)
    fill = {"partition": partition, "region": region, "account": account, "prefix": names.prefix}
    statements = [_statement(need, fill) for need in _once(_needs(command, options, part))]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def too_long(document: str) -> bool:
    """Whether a managed policy cannot hold it."""
    return len("".join(document.split())) > MANAGED_POLICY_LIMIT


def _check(command: str, options: Sequence[str]) -> None:
    if command not in CALLS:
        raise UsageProblem(
            f"There is no policy for {command!r}",
            "it is no command that calls AWS",
            f"Name one of {', '.join(sorted(CALLS))}.",
        )
    legal = _OPTIONS.get(command, ())
    foreign = next((option for option in options if option not in legal), None)
    if foreign is not None:
        known = f"it knows {', '.join(legal)}" if legal else "its policy is always the same"
        raise UsageProblem(f"--with {foreign} means nothing for {command}", known, "Leave it out.")


def _needs(command: str, options: Sequence[str], part: str) -> tuple[Need, ...]:
    own = needs_of(command) + (REPAIRS if "fix" in options else ())
    through: tuple[Need, ...] = ()
    if command in CHANGING:
        through = resource_needs(options, deleting=command == "teardown")
    return {"all": (*own, *through), "own": own, "cloudformation": through}[part]


def _once(needs: Iterable[Need]) -> list[Need]:
    """Each need once; a need holds a mapping, so it cannot be put into a set."""
    kept: list[Need] = []
    for need in needs:
        if need not in kept:
            kept.append(need)
    return kept


def _statement(need: Need, fill: Mapping[str, str]) -> dict[str, object]:
    statement: dict[str, object] = {
        "Sid": need.sid,
        "Effect": "Allow",
        "Action": sorted(need.actions),
        "Resource": [text.format(**fill) for text in need.resources],
    }
    if need.condition:
        statement["Condition"] = {
            test: {key: _filled(value, fill) for key, value in pairs.items()}
            for test, pairs in need.condition.items()
        }
    return statement


def _filled(value: str | tuple[str, ...], fill: Mapping[str, str]) -> object:
    return value.format(**fill) if isinstance(value, str) else list(value)
