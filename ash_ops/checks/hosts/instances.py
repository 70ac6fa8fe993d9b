"""Are the instances in order: their agents connected, not drained, not impaired?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import RECENT
from ash_ops.checks._findings import ash_command, aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, Severity, items
from ash_ops.checks.hosts._hosts import (
    are_managed,
    hosts,
    is_sound,
    replaced_by,
    severity_of,
    tasks_on,
)
from ash_ops.checks.hosts.room import could_take
from ash_ops.facts import vocabulary as words
from ash_ops.facts.hosts import ContainerInstance, HostEvent, HostHealthCheck
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

# ECS says of an agent that updates or restarts that it is not connected, for a minute or two.
_JOINING = timedelta(minutes=5)
_STATES = frozenset(words.CONTAINER_INSTANCE.values)
_LEAVING = frozenset({"DEREGISTERING", "INACTIVE"})
_HEALTH = frozenset(words.INSTANCE_HEALTH.values)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each instance is ACTIVE, its agent connected, and no health check of ECS fails."""
    found = hosts(snapshot)
    # One that has a trouble is not sound: a sound one is another.
    others = any(is_sound(each) and could_take(snapshot, each) for each in found)
    for host in found:
        yield from _troubles(snapshot, host, others=others)
    _require_known(found)


def _require_known(found: list[ContainerInstance]) -> None:
    """A state that AWS has added since is no known fault, and no health.

    Raises:
        CannotTell: an instance is in a state that is not known here.
    """
    for host in found:
        states = {host.status} - _STATES - {None}
        health = {host.health_status.overall_status if host.health_status else None} - _HEALTH
        for unknown in sorted(filter(None, states | health)):
            raise CannotTell(f"instance {host.id} is {unknown}, a state that is not known here")


def _troubles(snapshot: Snapshot, host: ContainerInstance, *, others: bool) -> Iterator[Finding]:
    severity = severity_of(snapshot, host, others=others)
    # Managed Instances drains what is impaired: that is one matter, not two.
    replaced = bool(host.impaired) and are_managed(snapshot)
    if host.status == "DRAINING" and not replaced:
        yield _drained(snapshot, host, severity)
    elif host.status in _LEAVING:
        yield _leaving(snapshot, host, severity)
    elif host.status == "REGISTRATION_FAILED":
        yield _not_registered(snapshot, host, severity)
    silent = [c for c in host.impaired if c.type == "AGENT_CONNECTIVITY"]
    other = [c for c in host.impaired if c.type != "AGENT_CONNECTIVITY"]
    if other:
        yield _impaired(snapshot, host, other, severity)
    if (host.agent_connected is False and not _just_joined(snapshot, host)) or silent:
        yield _disconnected(snapshot, host, silent, severity)


def _just_joined(snapshot: Snapshot, host: ContainerInstance) -> bool:
    return host.registered_at is not None and snapshot.taken_at - host.registered_at < _JOINING


def _changed(snapshot: Snapshot, host: ContainerInstance, **state: object) -> datetime | None:
    """Since when an instance has been as it is: the oldest of its newest events that say so."""
    try:
        events = [e for e in items(snapshot.host_events) if e.instance.id == host.id]
    except CannotTell:
        return None
    same: list[HostEvent] = []
    for event in events:
        if any(getattr(event.instance, name) != value for name, value in state.items()):
            break
        same.append(event)
    return same[-1].at if same else None


def _drained(snapshot: Snapshot, host: ContainerInstance, severity: Severity) -> Finding:
    since = _changed(snapshot, host, status="DRAINING")
    why = f" ({host.status_reason})" if host.status_reason else ""
    mine = len(_tasks(snapshot, host))
    tasks = f"; {mine} task of this service is still on it" if mine else ""
    cluster = snapshot.deployment.cluster
    steps = [Fix(why="Managed Instances drains an instance that is impaired or 14 days old, and starts "
                 "another for its tasks: wait for that one, then look again.")]  # fmt: skip
    if not are_managed(snapshot):
        steps = [
            Fix(why="If it is being replaced, wait for the instance that takes its place."),
            Fix(
                why="If it was drained by mistake, let it take tasks again.",
                command=aws_command(
                    snapshot,
                    f"ecs update-container-instances-state --cluster {cluster} "
                    f"--container-instances {host.reference} --status ACTIVE",
                ),
            ),
        ]
    return finding(
        "host-drained",
        "pending",
        f"Instance {host.id} is being drained{why}: ECS puts no task there{tasks}.",
        [quote(snapshot.container_instances, f"containerInstances[{host.id}].status", "DRAINING")],
        [*steps, verify(snapshot, "pending")],
        severity=severity,
        subject=f"host/{host.id}",
        since=since,
        apart=host.id,
    )


def _leaving(snapshot: Snapshot, host: ContainerInstance, severity: Severity) -> Finding:
    """ECS forgets a machine that was deregistered: its tasks go on as orphans, or are stopped with it."""
    mine = len(_tasks(snapshot, host))
    tasks = f", and {mine} task of this service is still on it" if mine else ""
    return finding(
        "host-drained",
        "pending",
        f"Instance {host.id} is being taken out of the cluster ({host.status}): ECS puts no task there{tasks}.",
        [quote(snapshot.container_instances, f"containerInstances[{host.id}].status", host.status)],
        [
            *replaced_by(snapshot, host, "Have another in its place."),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"host/{host.id}",
        apart=host.id,
    )


def _tasks(snapshot: Snapshot, host: ContainerInstance) -> list[object]:
    try:
        return list(tasks_on(snapshot, host))
    except CannotTell:
        return []


def _not_registered(snapshot: Snapshot, host: ContainerInstance, severity: Severity) -> Finding:
    reason = host.status_reason or "ECS gives no reason"
    field = f"containerInstances[{host.id}].statusReason"
    return finding(
        "no-instances",
        "pending",
        f"Instance {host.id} could not be registered with the cluster: {reason}.",
        [quote(snapshot.container_instances, field, host.status_reason or "none")],
        [
            *replaced_by(snapshot, host, "Remove what the reason names."),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"host/{host.id}",
        since=host.registered_at,
        apart=host.id,
    )


def _impaired(
    snapshot: Snapshot, host: ContainerInstance, failed: list[HostHealthCheck], severity: Severity
) -> Finding:
    named = ", ".join(
        f"{c.type or '?'}{f' ({c.status_reason})' if c.status_reason else ''}" for c in failed
    )
    since = min((c.last_status_change for c in failed if c.last_status_change), default=None)
    path = f"containerInstances[{host.id}].healthStatus.details"
    return finding(
        "host-unhealthy",
        "pending",
        f"ECS finds instance {host.id} impaired: {named}. Nothing in Ash brings that about.",
        [
            quote(
                snapshot.container_instances,
                f"{path}[{c.type}].status",
                "IMPAIRED",
                c.last_status_change,
            )
            for c in failed
        ],
        [
            *replaced_by(snapshot, host, "Have the instance replaced."),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"host/{host.id}",
        since=since,
        # The task on it is still said to run: what it stops is its answers, not only a start.
        effect=Effect.ANSWERS if _tasks(snapshot, host) else None,
        apart=host.id,
    )


def _disconnected(
    snapshot: Snapshot, host: ContainerInstance, failed: list[HostHealthCheck], severity: Severity
) -> Finding:
    since = min((c.last_status_change for c in failed if c.last_status_change), default=None)
    since = since or _changed(snapshot, host, agent_connected=False)
    young = since is not None and snapshot.taken_at - since < RECENT
    path = f"containerInstances[{host.id}]"
    return finding(
        "agent-disconnected",
        "pending",
        f"The ECS agent of instance {host.id} is not connected: ECS can neither start nor stop a task "
        "there, and what it shows of those that run is old.",
        [
            quote(snapshot.container_instances, f"{path}.agentConnected", host.agent_connected),
            *(
                quote(
                    snapshot.container_instances,
                    f"{path}.healthStatus.details[{c.type}]",
                    "IMPAIRED",
                )
                for c in failed
            ),
        ],
        [
            *_reconnect(snapshot, host, young=young),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"host/{host.id}",
        since=since,
        apart=host.id,
    )


def _reconnect(snapshot: Snapshot, host: ContainerInstance, *, young: bool) -> list[Fix]:
    """Restart the agent where somebody may enter the machine; else have it replaced."""
    if are_managed(snapshot) or not host.ec2_instance_id:
        return replaced_by(snapshot, host, "Nobody may enter such an instance.")
    steps = [
        Fix(
            why="If you can enter the instance, restart its agent (`sudo systemctl restart ecs`): the tasks "
            "that run go on. It needs a way to ECS (TCP 443) and its role."
        ),
        *replaced_by(snapshot, host, "If that does not help, replace it."),
    ]
    wait = Fix(
        why="An agent that updates itself is back within minutes: look again first.",
        command=ash_command(snapshot, "doctor pending"),
    )
    return [wait, *steps] if young else steps


CHECK = Check(
    id="hosts",
    title="The instances are active, their agents connected, their health in order",
    playbook="pending",
    run=run,
    causes=("host-drained", "host-unhealthy", "agent-disconnected", "no-instances"),
    explains=(
        *NO_TASK,
        "infrastructure-health",
        "task-stuck",
        "placement-failed",
        "wrong-launch-type",
        "no-instances",
        "instances-full",
    ),
    vital=True,
)
