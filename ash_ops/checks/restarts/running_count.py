"""Do as many tasks run as are wanted?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ash_ops.checks._facts import (
    RECENT,
    ago,
    running,
    starting,
    stop_time,
    stopped,
)
from ash_ops.checks._findings import ash_command, aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot

# What a start may take when all is well: a network interface, a large image, health checks.
_START = timedelta(minutes=10)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The running tasks are as many as the service wants, or a young one is on its way."""
    service = present(snapshot.service)
    wanted = service.desired_count or 0
    if service.status not in {None, "ACTIVE"} or not wanted:
        raise NotApplicable("the service wants no task")
    count = _running(snapshot, service)
    # What no task at all comes from, the checks of starts and deaths say.
    if not count or count >= wanted or _on_their_way(snapshot):
        return
    yield _missing(snapshot, count, wanted)


def _running(snapshot: Snapshot, service: Service) -> int:
    """By the tasks themselves, else by the service's own count.

    Raises:
        CannotTell: neither was read.
    """
    try:
        return len(running(snapshot))
    except CannotTell:
        if service.running_count is None:
            raise
        return service.running_count


def _on_their_way(snapshot: Snapshot) -> bool:
    """Whether a young task is starting.

    Raises:
        CannotTell: the service counts one that starts, and how old it is was not read.
    """
    try:
        young = [t for t in starting(snapshot) if _age(snapshot, t.created_at) < _START]
    except CannotTell:
        if present(snapshot.service).pending_count == 0:
            return False
        raise
    return bool(young)


def _age(snapshot: Snapshot, moment: datetime | None) -> timedelta:
    return snapshot.taken_at - (moment or snapshot.taken_at)


def _since(snapshot: Snapshot) -> datetime | None:
    """Since when a task is missing: a start that hangs, or the newest death; ``None`` if neither is known."""
    try:
        hanging = [t.created_at for t in starting(snapshot) if t.created_at]
        deaths = [stop_time(t, snapshot) for t in stopped(snapshot)]
    except CannotTell:
        return None
    return min(hanging, default=max(deaths, default=None))


def _is_lasting(snapshot: Snapshot) -> bool:
    """Whether nothing is known to have happened to the number of tasks for longer than a start takes.

    Where the tasks were not read nobody knows: one may have ended a moment ago.
    """
    service = present(snapshot.service)
    moments = [d.created_at for d in service.deployments]
    try:
        moments += [stop_time(t, snapshot) for t in stopped(snapshot)]
        moments += [t.started_at or t.created_at for t in running(snapshot)]
    except CannotTell:
        return False
    return all(_age(snapshot, moment) > RECENT for moment in moments if moment)


def _missing(snapshot: Snapshot, count: int, wanted: int) -> Finding:
    facts, since = snapshot.deployment, _since(snapshot)
    span = f", for {ago(since, snapshot.taken_at)}" if since else ""
    service = present(snapshot.service)
    events = [e for e in service.events if e.message][:1]
    return finding(
        "fewer-tasks-than-desired",
        "restarts",
        f"{count} of the {wanted} tasks that the service wants {'runs' if count == 1 else 'run'}{span}.",
        [
            quote(snapshot.service, "services[0].desiredCount", wanted),
            quote(snapshot.service, "services[0].runningCount", count),
            *(
                quote(snapshot.service, f"events[{e.id[:8]}].message", e.message, e.created_at)
                for e in events
            ),
        ],
        [
            Fix(
                why="See what ECS says of the others.",
                command=aws_command(
                    snapshot,
                    f"ecs describe-services --cluster {facts.cluster} --services {facts.service} "
                    "--query 'services[0].[desiredCount,runningCount,pendingCount,events[:5].message]'",
                ),
            ),
            Fix(
                why="See what the last ones ended of.",
                command=ash_command(snapshot, "logs --previous"),
            ),
            verify(snapshot, "restarts"),
        ],
        severity="error" if _is_lasting(snapshot) else "warning",
        subject=f"service/{facts.service}",
        since=since,
        effect=Effect.NEXT_START,
    )


CHECK = Check(
    id="running-count",
    title="As many tasks run as are wanted",
    playbook="restarts",
    run=run,
    causes=("fewer-tasks-than-desired",),
    vital=True,
)
