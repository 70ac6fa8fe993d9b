"""What ECS's own words about placing a task mean for a service that runs on instances."""

from __future__ import annotations

import re
from datetime import timedelta

from ash_ops.checks._facts import definition
from ash_ops.checks.base import NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import ServiceEvent
from ash_ops.facts.snapshot import Snapshot

_WINDOW = timedelta(hours=1)
_PLACING = "unable to place a task"
_DENIED = re.compile(
    r"(?:assumed-role|role)/(?P<role>[\w+=,.@-]+).{0,200}?is not authorized to perform: "
    r"(?P<action>[a-z0-9-]+:[A-Za-z]+)",
    re.DOTALL,
)
# The words of ECS (its "Service event messages" page) -> what the look at the instances calls it.
_SAYS = (
    ("no container instances were found", "no-instances"),
    ("agent connected", "agent-disconnected"),
    ("insufficient cpu", "instances-full"),
    ("insufficient memory", "instances-full"),
    ("not enough memory", "instances-full"),
    ("already using a port", "instances-full"),
)
_GENERAL = frozenset({"wrong-launch-type", "placement-failed"})


def of_placement(snapshot: Snapshot, cause: str, message: str) -> str:
    """The cause of an event about placing, for a service whose tasks are meant for instances.

    The same words are another fault where the task was meant for Fargate: then the launch type is wrong.

    Args:
        snapshot: the facts.
        cause: what the message alone says.
        message: the event.
    """
    if _PLACING not in message or not _is_meant_for_instances(snapshot):
        return cause
    if cause.startswith("cfn-"):
        return "placement-failed"  # words of CloudFormation's, which did not say this
    if cause not in _GENERAL:
        return cause
    folded = message.lower()
    return next((slug for words, slug in _SAYS if words in folded), cause)


def _is_meant_for_instances(snapshot: Snapshot) -> bool:
    service = snapshot.service.value
    try:
        fits = definition(snapshot).requires_compatibilities
    except (CannotTell, NotApplicable):
        return False
    return bool(service and service.uses_hosts) and "FARGATE" not in fits


def denied(snapshot: Snapshot) -> tuple[ServiceEvent, str, str] | None:
    """The newest event of the last hour that says which call was denied while a task was placed, with role and action."""
    service = snapshot.service.value
    for event in service.events if service else ():
        age = snapshot.taken_at - (event.created_at or snapshot.taken_at)
        found = _DENIED.search(event.message) if _PLACING in event.message else None
        if found and age <= _WINDOW:
            return event, found["role"], found["action"]
    return None
