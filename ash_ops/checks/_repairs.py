"""The catalogue's repairs, made to measure: the deployment's own names, shape and facts."""

from __future__ import annotations

from collections.abc import Iterable

from ash_ops.causes import CAUSES, Cause
from ash_ops.causes.base import Step, general
from ash_ops.checks._denials import denied_elsewhere
from ash_ops.checks._findings import ash_command, aws_command, deploy_fix, version_fix
from ash_ops.checks._names import filled
from ash_ops.checks._sizes import more_memory
from ash_ops.checks._tailored import BY_CAUSE
from ash_ops.checks.base import Fix
from ash_ops.checks.commands import command_of
from ash_ops.checks.pending._keys import usable_again
from ash_ops.facts.snapshot import Snapshot

_OFTEN_ABSENT = ("<balancer-security-group>", "<endpoint-security-group>")
_GRANTS = frozenset({"iam put-role-policy", "iam attach-role-policy"})
_RULES = frozenset(
    {
        "ec2 authorize-security-group-ingress",
        "ec2 authorize-security-group-egress",
        "ec2 revoke-security-group-ingress",
    }
)


def repair(snapshot: Snapshot, cause: str, text: str = "") -> list[Fix]:
    """The catalogue's repair of a cause, for this deployment.

    Args:
        snapshot: the facts.
        cause: a slug of the catalogue.
        text: the message that named it: it may name the role, the secret, or which policy denied.
    """
    known = CAUSES.get(cause)
    if known is None or known.category == "healthy":
        return []  # nobody knows what helps, or nothing is to be done
    own = BY_CAUSE.get(cause)
    tailored = usable_again(snapshot, text) or (own(snapshot, text) if own else None)
    steps = _general(snapshot, known, text) if tailored is None else tailored
    return list(_without_grants(snapshot, steps, text))


def _general(snapshot: Snapshot, cause: Cause, text: str) -> Iterable[Fix]:
    """The catalogue's steps, without those that the facts of a deployment tell better."""
    for step in (_step(snapshot, each, text) for each in general(cause.repair)):
        command = step.command or ""
        read = command_of(step)
        # The checks of the groups know whether a rule is missing, and print the very one.
        if read is not None and read.name in _RULES:
            continue
        # A step about a group that nothing here has would lead astray.
        if any(mark in command for mark in _OFTEN_ABSENT):
            continue
        # Nor is the doctor's own command a repair in the doctor's report.
        circular = command.startswith("ash-ops doctor")
        yield Fix(why=step.why) if circular else step


def _without_grants(snapshot: Snapshot, steps: Iterable[Fix], text: str) -> Iterable[Fix]:
    """Where another policy than the role's own denied a call, a grant to the role is no repair."""
    elsewhere = denied_elsewhere(snapshot, text)
    for step in steps:
        command = command_of(step)
        is_grant = command is not None and command.name in _GRANTS
        yield elsewhere if elsewhere and is_grant else step


def _step(snapshot: Snapshot, step: Step, text: str) -> Fix:
    why = _sentence(filled(snapshot, step.why, text))
    command = filled(snapshot, step.command, text)
    if command.startswith("ash-ops deploy"):
        options = command.removeprefix("ash-ops deploy").strip()
        sized = "--memory" in options
        return deploy_fix(snapshot, why, more_memory(snapshot) if sized else options)
    if command.startswith(("ash-ops rollout", "ash-ops rollback")):
        return version_fix(snapshot, why, command.removeprefix("ash-ops "))
    if command.startswith("ash-ops "):
        return Fix(why=why, command=ash_command(snapshot, command.removeprefix("ash-ops ")))
    if command.startswith("aws ") and "--region " not in command:
        command = aws_command(snapshot, command.removeprefix("aws "))
    return Fix(why=why, command=command or None)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
