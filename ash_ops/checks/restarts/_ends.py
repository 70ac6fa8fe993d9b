"""Ends that are not the server's own: of a helper beside it, of a first deployment that was taken back, of what never ran."""

from __future__ import annotations

from msgspec.structs import replace

from ash_ops.causes import UNKNOWN, Classification, Rank
from ash_ops.checks._attempts import UNDONE, Stage, stage_of
from ash_ops.checks._findings import deploy_fix
from ash_ops.checks.base import Fix
from ash_ops.checks.connection._reached import view
from ash_ops.checks.restarts._signals import end_of
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task


def before_it_was_undone(snapshot: Snapshot) -> Snapshot:
    """The facts with the service that a first deployment had: it went with the rollback, its dead are remembered."""
    stack = snapshot.stack.value
    undone = stack is not None and stack.status in UNDONE
    if not undone or snapshot.service.value is not None or not snapshot.stopped_tasks.value:
        return snapshot
    gone = Service(service_name=snapshot.deployment.service, desired_count=1)
    return view(snapshot, service=replace(snapshot.service, value=gone))


def of_a_helper(snapshot: Snapshot, task: Task) -> list[Fix]:
    """A container that does its work and ends is not one that the task stands and falls with."""
    fallen = end_of(task)
    if len(task.containers) < 2 or fallen is None or fallen.exit_code or fallen.name == "ash":
        return []
    why = (
        f"Let {fallen.name} not be essential, for it ends when its work is done; what waits for it says so by "
        "dependsOn, with the condition SUCCESS."
    )
    return [deploy_fix(snapshot, why)]


def reasoned(known: Classification) -> Classification:
    """What a death tells, as unknown where that is only that it came ("Task failed to start")."""
    only_that = known.severity != "info" and known.why and known.why[0].rank <= Rank.NORMAL
    return replace(known, cause=UNKNOWN) if only_that else known


def unexplained(task: Task) -> str:
    """What is known of a death that names no cause: how far the task came. One that never ran did not crash."""
    if task.started_at or any(c.exit_code is not None for c in task.containers):
        return "app-crash"
    return "container-start-failed" if stage_of(task) >= Stage.PULLED else "task-init-failed"
