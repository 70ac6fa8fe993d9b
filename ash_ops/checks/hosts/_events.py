"""What ECS's own words about placing a task mean for a service that runs on instances."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct

from ash_ops.causes import classify
from ash_ops.checks._attempts import overcome
from ash_ops.checks._facts import definition
from ash_ops.checks.base import NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import ServiceEvent
from ash_ops.facts.snapshot import Snapshot

_WINDOW = timedelta(hours=1)
_PLACING = "unable to place a task"
_DENIED = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):sts::\d{12}:assumed-role/(?P<role>[\w+=,.@-]+)/.{0,200}?"
    r"is not authorized to perform: (?P<action>[a-z0-9-]+:[A-Za-z]+)",
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
# Why EC2 starts no instance: of the whole account or region, and no fault of the cluster's.
REFUSALS = frozenset({"no-instance-capacity", "instance-quota"})
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


def refused(snapshot: Snapshot) -> tuple[str, ServiceEvent] | None:
    """Why EC2 gave no instance, by ECS's own words of the last hour, and where it says so."""
    service = snapshot.service.value
    for event in service.events if service else ():
        if snapshot.taken_at - (event.created_at or snapshot.taken_at) > _WINDOW:
            continue
        cause = classify("service_event", {"message": event.message}).cause
        if cause in REFUSALS:
            return cause, event
    return None


class Denial(Struct, frozen=True):
    """A call that was denied to ECS while it placed a task.

    Attributes:
        event: where ECS says so.
        role: the name of the role in which it called.
        action: what was denied, for instance ``ec2:RunInstances``.
        partition: of AWS, for instance ``aws``.
    """

    event: ServiceEvent
    role: str
    action: str
    partition: str


def denied(snapshot: Snapshot) -> Denial | None:
    """The newest denial of the last hour; none that an instance or a task refutes which came after it."""
    service = snapshot.service.value
    for event in service.events if service else ():
        when = event.created_at or snapshot.taken_at
        found = _DENIED.search(event.message) if _PLACING in event.message else None
        if found and snapshot.taken_at - when <= _WINDOW and not _is_over(snapshot, event, when):
            return Denial(event, found["role"], found["action"], found["partition"])
    return None


def _is_over(snapshot: Snapshot, event: ServiceEvent, when: datetime) -> bool:
    hosts = snapshot.container_instances.value or ()
    joined = any(host.registered_at and host.registered_at > when for host in hosts)
    return joined or overcome(snapshot, "infrastructure-role", event.message, when) is not None
