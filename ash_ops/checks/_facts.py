"""What several checks derive from the same facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from ash_ops.checks.base import items, present
from ash_ops.snapshot.models import ContainerDefinition, Snapshot, Task, TaskDefinition
from ash_ops.snapshot.reading import CannotTell

# A network load balancer needs up to two minutes and three checks to call a new target healthy
# (aws/containers-roadmap#469: 70-120 s in `initial`).
WARM_UP = timedelta(minutes=4)
RECENT = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def running(snapshot: Snapshot) -> list[Task]:
    """The tasks that run now."""
    return [t for t in items(snapshot.tasks) if t.last_status == "RUNNING"]


def starting(snapshot: Snapshot) -> list[Task]:
    """The tasks that were asked for and do not run yet."""
    early = {"PROVISIONING", "PENDING", "ACTIVATING"}
    return [t for t in items(snapshot.tasks) if t.last_status in early]


def stopped(snapshot: Snapshot) -> list[Task]:
    """The stopped tasks that ECS or the event archive remembers, newest first, each once."""
    found: dict[str, Task] = {}
    for source in (_from_ecs, _from_archive):
        for task in source(snapshot):
            found.setdefault(task.task_arn, task)
    return sorted(found.values(), key=lambda t: stop_time(t, snapshot), reverse=True)


def _from_ecs(snapshot: Snapshot) -> list[Task]:
    return list(items(snapshot.stopped_tasks))


def _from_archive(snapshot: Snapshot) -> list[Task]:
    """The archive adds to what ECS says; without it ECS's own answer still stands."""
    try:
        return [archived.task for archived in items(snapshot.archived_tasks)]
    except CannotTell:
        return []


def stop_time(task: Task, snapshot: Snapshot) -> datetime:
    """When a task stopped; the time of the snapshot if nobody noted it."""
    return task.stopped_at or task.stopping_at or task.created_at or snapshot.taken_at


def has_healthy_target(snapshot: Snapshot) -> bool:
    """Whether the load balancer calls some target healthy."""
    return any(row.target_health.state == "healthy" for row in items(snapshot.target_health))


def steady_since(snapshot: Snapshot) -> datetime | None:
    """Since when as many tasks run as are wanted; ``None`` while fewer do."""
    service = present(snapshot.service)
    tasks = running(snapshot)
    if not tasks or len(tasks) < (service.desired_count or 1):
        return None
    return max(t.started_at or t.created_at or snapshot.taken_at for t in tasks)


def definition(snapshot: Snapshot) -> TaskDefinition:
    """The task definition that the service's primary deployment wants.

    Raises:
        CannotTell: it was not read.
        NotApplicable: there is none.
    """
    return present(snapshot.task_definition)


def ash_container(snapshot: Snapshot) -> ContainerDefinition:
    """The container definition of the Ash server.

    Raises:
        CannotTell: the task definition was not read, or holds no container.
    """
    container = definition(snapshot).container()
    if container is None:
        raise CannotTell("the task definition names no container")
    return container


def short(task: Task) -> str:
    """A task's id as people quote it."""
    return task.id[:8]


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in words: ``3 min``, ``2 h``."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
