"""Marks between the lines: a task started, a task stopped and why, the service is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_ops.logs.render import short_id

if TYPE_CHECKING:
    from ash_ops.aws.ecs import ServiceState, TaskState

_GONE = frozenset({"INACTIVE", "MISSING"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to a task.

    Attributes:
        task: its id.
        text: what happened, for instance ``stopped: OutOfMemoryError (exit code 137)``.
    """

    task: str
    text: str


class TaskMarks:
    """Compares what ECS says with what it said before."""

    def __init__(self) -> None:
        self._status: dict[str, str] | None = None

    def update(self, tasks: list[TaskState]) -> list[Mark]:
        """What happened since the last update; nothing the first time."""
        before, now = self._status, {task.id: task.status for task in tasks}
        self._status = now
        if before is None:
            return []
        changed = [task for task in tasks if before.get(task.id) != task.status]
        marks = [_mark(task, known=task.id in before) for task in changed]
        gone = [
            Mark(task_id, "is no longer listed by ECS")
            for task_id, status in before.items()
            if task_id not in now and status != "STOPPED"
        ]
        return [mark for mark in marks if mark is not None] + gone


def _mark(task: TaskState, *, known: bool) -> Mark | None:
    if task.status == "RUNNING":
        return Mark(task.id, "started")
    if task.status == "STOPPED":
        return Mark(task.id, f"stopped: {why_stopped(task)}")
    if not known and task.status in ("PROVISIONING", "PENDING"):
        return Mark(task.id, "is being started")
    return None


def why_stopped(task: TaskState) -> str:
    """Why a task stopped, as ECS gives it, with the exit code."""
    reason = task.reason or "ECS gives no reason"
    return reason if task.exit_code is None else f"{reason} (exit code {task.exit_code})"


class ServiceEnd:
    """Notices when a service that was there is gone, so that following it makes no sense."""

    def __init__(self) -> None:
        self._was_there = False

    def update(self, service: ServiceState) -> str | None:
        """Why there is nothing more to come; ``None`` while there may be."""
        if service.status not in _GONE:
            self._was_there = True
            return None
        if not self._was_there or service.running:
            return None
        return "the service was deleted and none of its tasks runs any more"


def last_to_stop(tasks: list[TaskState]) -> TaskState | None:
    """The task that stopped last."""
    stopped = [task for task in tasks if task.status == "STOPPED"]
    return max(stopped, key=lambda task: task.stopped_at or 0.0, default=None)


def describe(mark: Mark) -> str:
    """A mark as one line."""
    return f"task {short_id(mark.task)} {mark.text}"
