"""What does ECS itself complain about?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ash_ops.causes import Classification, classify
from ash_ops.checks._consequences import NO_TARGET
from ash_ops.checks._facts import RECENT, ago, began_after, settled_rollout, steady_since
from ash_ops.checks._findings import ash_command, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.facts.services import ServiceEvent
from ash_ops.facts.snapshot import Snapshot

_WINDOW = timedelta(hours=1)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Explain the events of the last hour that are not routine; the newest of each cause."""
    service = present(snapshot.service)
    seen: set[str] = set()
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
        yield _event(snapshot, event, known)


def _event(snapshot: Snapshot, event: ServiceEvent, known: Classification) -> Finding:
    when = event.created_at or snapshot.taken_at
    return finding(
        known.cause,
        playbook_of(known.cause),
        f"ECS said {ago(when, snapshot.taken_at)} ago: {event.message}",
        [quote(snapshot.service, f"events[{event.id[:8]}].message", event.message, when)],
        [
            *repair(snapshot, known.cause, event.message),
            Fix(
                why="See what the tasks died of.", command=ash_command(snapshot, "logs --previous")
            ),
            verify(snapshot, "restarts"),
        ],
        severity="warning" if _is_over(snapshot, when) else known.severity,
        confidence="likely",
    )


def _is_over(snapshot: Snapshot, when: datetime) -> bool:
    """Whether what was complained of has passed: tasks have outlived it, or another rollout is done."""
    steady = steady_since(snapshot)
    if steady is None or steady <= when:
        return False
    rollout = settled_rollout(snapshot)
    replaced = rollout is not None and began_after(rollout, when)
    return replaced or snapshot.taken_at - steady > RECENT


CHECK = Check(
    id="service-events",
    title="ECS reports no trouble with the service",
    playbook="restarts",
    run=run,
    causes=("crash-loop", "fargate-capacity", "ecs-throttled", "deployment-config-deadlock"),
    explains=NO_TARGET,
)
