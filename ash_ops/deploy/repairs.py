"""The repairs that ``doctor --fix`` may make itself.

Only findings every step of which is a call that does no harm when it is made twice; the rest is
for a person, because it needs a decision: a version, an address, a role's policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.checks.base import Action, Finding, Fix
from ash_ops.diagnosis import Report
from ash_ops.errors import ReadFailed

# Steps that only look: they repair nothing and may be skipped.
_LOOKING = ("ash-ops doctor", "ash-ops logs", "ash-ops status", "ash-ops health")
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
    """

    finding: Finding
    why: str
    command: str
    action: Action


def repairs(report: Report) -> list[Repair]:
    """The calls that would repair the root findings, each once, in the report's order."""
    found: dict[str, Repair] = {}
    for item in report.findings:
        if item.explained_by is None and item.severity != "info" and _automatic(item):
            for repair in _calls(item):
                found.setdefault(repair.command, repair)
    return list(found.values())


def _automatic(item: Finding) -> bool:
    steps = [step for step in item.fix if not _only_looks(step)]
    return bool(steps) and all(step.action is not None for step in steps)


def _only_looks(step: Fix) -> bool:
    return step.command is not None and step.command.startswith(_LOOKING)


def _calls(item: Finding) -> Iterator[Repair]:
    for step in item.fix:
        if step.action is not None:
            yield Repair(item, step.why, step.command or "", step.action)


def make(aws: Aws, repair: Repair) -> bool:
    """Make one repair.

    Returns:
        Whether it changed something; False when it was in place already.

    Raises:
        ReadFailed: AWS refused it.
    """
    action = repair.action
    try:
        call(aws, action.service, action.operation, **action.parameters)
    except ReadFailed as error:
        if any(mark in error.code for mark in _IN_PLACE):
            return False
        raise
    return True
