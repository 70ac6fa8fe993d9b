"""The least-privilege policy of each command, as the JSON that IAM takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from ash_ops.errors import UsageProblem
from ash_ops.iam.boundary import boundary_needs
from ash_ops.iam.calls import CALLS, REPAIRS, Need, actions_of, needs_of
from ash_ops.iam.options import ADOPT, FITS, KEPT, WHOSE, ZONES, wakes
from ash_ops.iam.resources import BASE, TYPES, base_needs, option_needs
from ash_ops.names import Deployment

CHANGING = ("deploy", "rollout", "rollback", "teardown")
"""The commands through which CloudFormation works with the caller's permissions."""

BOUNDARY = "boundary"
"""No command: the permissions boundary that ``deploy`` has to give to every role it makes."""

MANAGED_POLICY_LIMIT = 6144
"""Characters of a managed policy, white space not counted (IAM quotas)."""

_OPTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CHANGING, (*(option for option in TYPES if option != BASE), "adopt")),
    "doctor": ("fix",),
    # Neither alarms nor a domain have a role that the boundary would bound.
    BOUNDARY: tuple(option for option in TYPES if option not in (BASE, "alarms", "domain")),
}
OPTIONS = tuple(dict.fromkeys(option for row in _OPTIONS.values() for option in row))
"""What ``--with`` takes."""

PARTS = ("all", "own", "cloudformation", "options")
"""The whole policy; the calls of ash-ops itself; those that CloudFormation makes for every
deployment; and those that either makes for the options beside."""


def commands() -> tuple[str, ...]:
    """The commands that have a policy."""
    return (*CALLS, BOUNDARY)


def deploy_actions(options: Sequence[str] = ()) -> tuple[str, ...]:
    """Every action that ``deploy`` needs, its own and CloudFormation's.

    Those with a wildcard are left out: IAM's simulation, which is asked of these, takes none.
    """
    every = actions_of(_needs("deploy", options, "all"))
    return tuple(action for action in every if "*" not in action)


def direct_actions(command: str) -> frozenset[str]:
    """The actions that a command calls itself."""
    return frozenset(actions_of(_own(command, ())))


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
        UsageProblem: the command has no policy: it calls nothing, or there is none of the name; an
            option is not the command's; or the part holds nothing.
    """
    _check(command, options)
    fill = {"partition": partition, "region": region, "account": account, "prefix": names.prefix}
    statements = [_statement(need, fill) for need in _once(_needs(command, options, part))]
    if not statements:
        raise _empty(command, part)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def too_long(document: str) -> bool:
    """Whether a managed policy cannot hold it."""
    return len("".join(document.split())) > MANAGED_POLICY_LIMIT


def _check(command: str, options: Sequence[str]) -> None:
    if command not in commands():
        raise UsageProblem(
            f"There is no policy for {command!r}",
            "it is no command that calls AWS",
            f"Name one of {', '.join(sorted(commands()))}.",
        )
    legal = _OPTIONS.get(command, ())
    foreign = next((option for option in options if option not in legal), None)
    if foreign is not None:
        known = f"it knows {', '.join(legal)}" if legal else "its policy is always the same"
        raise UsageProblem(f"--with {foreign} means nothing for {command}", known, "Leave it out.")


def _empty(command: str, part: str) -> UsageProblem:
    """Why a part is not printed: IAM refuses a policy without a statement."""
    what = f"There is nothing in --part {part} of the policy of {command}"
    known = _OPTIONS.get(command, ())
    if part == "options" and known:
        return UsageProblem(
            what,
            "it is what --with adds, and no such option was given",
            f"Leave --part out, or name what is used with --with ({', '.join(known)}).",
        )
    return UsageProblem(what, "CloudFormation makes no calls for it", "Leave --part out.")


def _needs(command: str, options: Sequence[str], part: str) -> tuple[Need, ...]:
    own = _own(command, options)
    if command == "doctor":
        return _in_part(part, own=own, options=_of_repairs(options))
    if command not in CHANGING:
        return _in_part(part, own=own)
    chosen, deleting = [o for o in options if o in TYPES], command == "teardown"
    return _in_part(
        part,
        own=own,
        cloudformation=base_needs(chosen, deleting=deleting),
        options=_beside(command, options) + option_needs(chosen, deleting=deleting),
    )


def _in_part(part: str, **parts: tuple[Need, ...]) -> tuple[Need, ...]:
    """What one part holds; all of them together for ``all``."""
    if part != "all":
        return parts.get(part, ())
    return tuple(need for needs in parts.values() for need in needs)


def _of_repairs(options: Sequence[str]) -> tuple[Need, ...]:
    """What ``doctor --fix`` calls beside: without it the doctor changes nothing."""
    return REPAIRS + WHOSE if "fix" in options else ()


def _own(command: str, options: Sequence[str]) -> tuple[Need, ...]:
    if command == BOUNDARY:
        return boundary_needs(options)
    needs = needs_of(command)
    if "adopt" in options:
        needs += ADOPT
    return needs


def _beside(command: str, options: Sequence[str]) -> tuple[Need, ...]:
    """What a command that changes a stack calls itself for the options; not in the part ``own``."""
    needs: tuple[Need, ...] = ()
    if command == "deploy" and {"efs", "ec2", "managed", "multi-machine"} & set(options):
        needs += KEPT
    if command == "deploy" and {"ec2", "managed", "multi-machine"} & set(options):
        needs += FITS
    if command == "deploy" and "domain" in options:
        needs += ZONES
    return needs if command == "teardown" else needs + wakes(options)


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
    if isinstance(value, str):
        return value.format(**fill)
    return [text.format(**fill) for text in value]
