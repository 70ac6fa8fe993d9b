"""What does ECS itself complain about?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from ash_ops.causes import Classification, classify
from ash_ops.checks._attempts import failed_with_another, overcome
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import RECENT, ago, began_after, steady_since
from ash_ops.checks._findings import ash_command, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Effect, Finding, Fix, Severity, present
from ash_ops.checks.deploy.rollout_progress import is_stuck
from ash_ops.checks.hosts._events import of_placement
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import ServiceEvent, ServiceRollout
from ash_ops.facts.snapshot import Snapshot

_WINDOW = timedelta(hours=1)
_PROTECTED = "scale-in-protected"
_REGISTERING = "failed to register targets"  # the task runs, and gets no connection


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Explain the events of the last hour that are not routine; the newest of each cause."""
    service = present(snapshot.service)
    seen: set[str] = set()
    doubtful = False
    for event in sorted(
        service.events, key=lambda e: (e.created_at is not None, e.created_at), reverse=True
    ):
        when = event.created_at or snapshot.taken_at
        if snapshot.taken_at - when > _WINDOW:
            break
        known = classify("service_event", {"message": event.message})
        if known.severity == "info" or known.cause in {"unknown", *seen}:
            continue
        seen.add(known.cause)
        rollout = service.primary
        if rollout is not None and began_after(rollout, when):
            begun = rollout.created_at
            found = replace(_event(snapshot, event, known), severity="info", until=begun)
            yield replace(found, fix=(verify(snapshot, "restarts"),))
            doubtful = doubtful or not _stands(snapshot, rollout)
        else:
            yield _event(snapshot, event, known)
    if doubtful:
        raise CannotTell(
            "ECS complained before the deployment that is under way now: whether that one does "
            "better cannot be told before it is complete"
        )


def _stands(snapshot: Snapshot, rollout: ServiceRollout) -> bool:
    """Whether a deployment is complete, and as many tasks run as are wanted."""
    return rollout.rollout_state == "COMPLETED" and steady_since(snapshot) is not None


def _event(snapshot: Snapshot, event: ServiceEvent, known: Classification) -> Finding:
    when = event.created_at or snapshot.taken_at
    cause = of_placement(snapshot, known.cause, event.message)
    severity, effect = _weight(snapshot, event, known)
    outlived = _outlived_since(snapshot, when) or overcome(snapshot, cause, event.message, when)
    return finding(
        cause,
        playbook_of(cause),
        f"ECS said {ago(when, snapshot.taken_at)} ago: {event.message}",
        [quote(snapshot.service, f"events[{event.id[:8]}].message", event.message, when)],
        [
            *repair(snapshot, cause, event.message),
            Fix(
                why="See what the tasks died of.", command=ash_command(snapshot, "logs --previous")
            ),
            verify(snapshot, "restarts"),
        ],
        severity="warning" if outlived or failed_with_another(snapshot) else severity,
        confidence="likely",
        subject=f"service/{snapshot.deployment.service}",
        since=when,
        until=outlived,
        effect=effect,
    )


def _weight(
    snapshot: Snapshot, event: ServiceEvent, known: Classification
) -> tuple[Severity | None, Effect | None]:
    """How grave a complaint is, and what it stops; ``None`` for what its cause stops elsewhere."""
    if known.cause == _PROTECTED and _keeps_a_rollout(snapshot):
        return "error", Effect.NEXT_START
    return known.severity, Effect.ANSWERS if _REGISTERING in event.message else None


def _keeps_a_rollout(snapshot: Snapshot) -> bool:
    """Whether one is stuck, so that what may not be stopped is in its way; what was not read says nothing of it."""
    try:
        return is_stuck(snapshot)
    except CannotTell:
        return False


def _outlived_since(snapshot: Snapshot, when: datetime) -> datetime | None:
    """Since when tasks run that have outlived what was complained of."""
    steady = steady_since(snapshot)
    if steady is None or steady <= when or snapshot.taken_at - steady <= RECENT:
        return None
    return steady


CHECK = Check(
    id="service-events",
    title="ECS reports no trouble with the service",
    playbook="restarts",
    run=run,
    causes=("crash-loop", "fargate-capacity", "ecs-throttled", "deployment-config-deadlock"),
    explains=NO_TASK,
    vital=True,
)
