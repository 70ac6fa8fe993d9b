"""The repairs that ``doctor --fix`` may make itself, and why it leaves the others to a person.

It repairs errors, never warnings: what works is not touched for what might be better. Of those only
findings every step of which is a call that does no harm when it is made twice; and never one that
replaces the task, or shuts anyone out, while a task serves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.checks._facts import serves
from ash_ops.checks.base import Action, Finding, Fix, Interruption
from ash_ops.diagnosis import Report
from ash_ops.errors import ReadFailed
from ash_ops.facts.snapshot import Snapshot

# What AWS answers when the repair is already in place.
_IN_PLACE = ("AlreadyExists", "Duplicate", "InvalidPermission.Duplicate")


@dataclass(frozen=True, slots=True)
class Repair:
    """One call to make, and the finding it repairs.

    Attributes:
        finding: why it is made.
        why: what it does, in a sentence.
        command: the same call as a command.
        action: the call.
        interrupts: what it interrupts.
    """

    finding: Finding
    why: str
    command: str
    action: Action
    interrupts: Interruption


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is left to a person.

    Attributes:
        finding: which.
        why: why it is not repaired by itself.
        commands: what the person may run.
    """

    finding: Finding
    why: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what is not.

    Attributes:
        repairs: the calls, each once, in the report's order.
        left: the errors that are left to a person.
    """

    repairs: tuple[Repair, ...]
    left: tuple[Left, ...]


def plan(report: Report, snapshot: Snapshot) -> Plan:
    """The calls that repair the errors nothing else explains, and the errors left to a person."""
    found: dict[str, Repair] = {}
    left: list[Left] = []
    is_serving = serves(snapshot)
    for item in report.findings:
        if item.explained_by is not None or item.severity != "error":
            continue
        why = _why_not(item, is_serving=is_serving)
        if why:
            left.append(Left(item, why, tuple(s.command for s in _changing(item) if s.command)))
            continue
        for repair in _calls(item):
            found.setdefault(repair.command, repair)
    return Plan(tuple(found.values()), tuple(left))


def _why_not(item: Finding, *, is_serving: bool) -> str:
    steps = _changing(item)
    if not steps or any(step.action is None for step in steps):
        return "it needs a decision, or work that no single call does"
    harms = [s.interrupts for s in steps if s.interrupts and not s.interrupts.spares_the_task]
    if is_serving and harms:
        return f"a task serves now, and the repair {_as_clause(harms[0])}"
    return ""


def _as_clause(interrupts: Interruption) -> str:
    return interrupts.value.replace(": ", ", and then ", 1)


def _changing(item: Finding) -> list[Fix]:
    return [step for step in item.fix if not _only_looks(step)]


def _only_looks(step: Fix) -> bool:
    return step.command is not None and step.interrupts is None


def _calls(item: Finding) -> Iterator[Repair]:
    for step in item.fix:
        if step.action is not None:
            interrupts = step.interrupts or Interruption.UNKNOWN
            yield Repair(item, step.why, step.command or "", step.action, interrupts)


def make(aws: Aws, repair: Repair) -> bool:
    """Make one repair.

    Returns:
        Whether it changed something; False when it was in place already.

    Raises:
        ReadFailed: AWS refused it.
    """
    action = repair.action
    try:
        call(aws, action.operation, **action.parameters)
    except ReadFailed as error:
        if any(mark in error.code for mark in _IN_PLACE):
            return False
        raise
    return True
