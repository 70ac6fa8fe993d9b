"""Tasks that the load balancer's checks end before they are up: they need time, which ECS can give."""

from __future__ import annotations

from datetime import timedelta

from ash_ops.checks._facts import stopped
from ash_ops.checks._findings import aws_command
from ash_ops.checks.base import Fix
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

_GRACE = 120  # seconds; what the bundled template gives
_HARDLY_UP = timedelta(minutes=4)


def more_grace(snapshot: Snapshot) -> list[Fix]:
    """Where the balancer's checks end tasks that are hardly up: time for a start, as the template gives it."""
    service = snapshot.service.value
    grace = service.health_check_grace_period_seconds or 0 if service else _GRACE
    if grace >= _GRACE or not any(_was_cut_short(task) for task in _dead(snapshot)):
        return []
    facts = snapshot.deployment
    return [
        Fix(
            why=f"Give a start its time: health checks count after {grace} s now, and end tasks that are hardly up.",
            command=aws_command(
                snapshot,
                f"ecs update-service --cluster {facts.cluster} --service {facts.service} "
                f"--health-check-grace-period-seconds {_GRACE}",
            ),
        )
    ]


def _dead(snapshot: Snapshot) -> list[Task]:
    try:
        return stopped(snapshot)
    except CannotTell:
        return []


def _was_cut_short(task: Task) -> bool:
    lived = task.stopped_at - task.started_at if task.stopped_at and task.started_at else None
    ended_by_checks = "failed ELB health checks" in (task.stopped_reason or "")
    return ended_by_checks and lived is not None and lived < _HARDLY_UP
