"""Cluster, service, task definitions, and the tasks of this service alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ash_ops.aws import ecs, logs
from ash_ops.aws import operations as op
from ash_ops.aws.ecs import Revision
from ash_ops.facts.hosts import HostEvent
from ash_ops.facts.model import fact_of
from ash_ops.facts.services import Cluster, Service
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.tasks import ArchivedTask, Task
from ash_ops.snapshot.context import ReadingContext, Row
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Several

# An Ash deployment runs one task; pages of ListTasks come one after the other, so that a whole
# listing of a huge service would take longer than everything else together.
RUNNING_LIMIT = 500
STOPPED_LIMIT = 200
_ARCHIVE_HOURS = 24
_NEVER = datetime.fromtimestamp(0, UTC)
_HOST_CHANGED = "ECS Container Instance State Change"
_FEW = 3  # with fewer stopped tasks than this, the archive may know more than ECS does


@reading(op.DESCRIBE_CLUSTERS, client="ecs")
def cluster(context: ReadingContext) -> Cluster | None:
    """The cluster."""
    return ecs.cluster(context.aws, context.deployment.cluster)


@reading(op.DESCRIBE_SERVICES, client="ecs")
def service(context: ReadingContext) -> Service | None:
    """The service, also one that was deleted within the last hours (status ``INACTIVE``)."""
    return ecs.service(context.aws, context.deployment.cluster, context.deployment.service)


@reading(op.DESCRIBE_TASK_DEFINITION, name="_revision", after=("service",))
def revision(context: ReadingContext) -> Revision | None:
    """What the service runs; the newest revision of its family where the service is gone."""
    failed = context.run.outcomes["service"].failure is not None
    found: Service | None = context.need("service") if failed else context.seek("service")
    named = found.task_definition if found else None
    return ecs.task_definition(context.aws, named or context.deployment.service)


@reading(op.DESCRIBE_TASK_DEFINITION, after=("_revision",))
def task_definition(context: ReadingContext) -> TaskDefinition:
    """The same, without the values of its environment."""
    found: Revision = context.need("_revision")
    return found.definition


@reading(op.DESCRIBE_TASK_DEFINITION, after=("service",))
def other_task_definitions(context: ReadingContext) -> Several:
    """The revisions of the service's other deployments: what a rollout moves away from or to."""
    current: Service = context.need("service")
    rollouts = [rollout.task_definition for rollout in current.deployments]
    others = dict.fromkeys(ref for ref in rollouts if ref and ref != current.task_definition)
    return context.several(
        [partial(ecs.task_definition, context.aws, ref) for ref in others],
        lambda parts: tuple(found.definition for part in parts if (found := part.result())),
    )


@reading(op.DESCRIBE_TASKS, op.LIST_TASKS, client="ecs")
def tasks(context: ReadingContext) -> Several:
    """The tasks that run or are on their way there, newest first."""
    return tasks_of(context, context.deployment.service, "RUNNING", RUNNING_LIMIT)


@reading(op.DESCRIBE_TASKS, op.LIST_TASKS, client="ecs")
def stopped_tasks(context: ReadingContext) -> Several:
    """The tasks that ECS still remembers having stopped (about an hour), newest first."""
    return tasks_of(context, context.deployment.service, "STOPPED", STOPPED_LIMIT)


def tasks_of(context: ReadingContext, name: str, desired: str, limit: int) -> Several:
    """The tasks of one service: those that shall run, or those that have stopped; newest first."""
    cluster_name = context.deployment.cluster
    arns = ecs.task_arn_pages(context.aws, cluster_name, name, desired, limit=limit)
    parts, count, stopped = [], 0, desired == "STOPPED"
    for page in arns:
        count += len(page)
        parts += [
            context.run.pool.submit(partial(ecs.tasks, context.aws, cluster_name, batch))
            for batch in _batches(page)
        ]
    if count >= limit:
        context.limits.append(
            f"Only the first {count} {desired.lower()} tasks of {name} were read."
        )

    def join(done: Sequence[Future[Any]]) -> tuple[Task, ...]:
        found: list[Task] = [task for part in done for task in part.result()]
        own = [task for task in found if _is_own(task, name) and _has_ended(task) == stopped]
        return tuple(sorted(own, key=_ended if stopped else _began, reverse=True))

    return Several(parts, join)


def _batches(arns: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(arns), ecs.TASKS_A_CALL):
        yield arns[start : start + ecs.TASKS_A_CALL]


def _is_own(task: Task, service_name: str) -> bool:
    return task.group in (None, f"service:{service_name}")


def _has_ended(task: Task) -> bool:
    return "STOPPED" in (task.last_status, task.desired_status)


def _began(task: Task) -> datetime:
    return task.created_at or task.stopping_at or _NEVER


def _ended(task: Task) -> datetime:
    return task.stopped_at or task.stopping_at or task.created_at or _NEVER


@reading(
    op.FILTER_LOG_EVENTS,
    op.DESCRIBE_LOG_GROUPS,
    name="_archive",
    after=("_log_groups", "service", "stopped_tasks"),
)
def archive(context: ReadingContext) -> list[Row] | None:
    """The last day's events from the event archive, where ECS may have forgotten what they tell.

    The archive is a log group that EventBridge rules fill. ``None`` where there is none.
    """
    group = context.deployment.event_log_group
    known = {each.log_group_name for each in context.need("_log_groups")}
    if group not in known:
        return None
    current: Service | None = context.seek("service")
    has_hosts = current is not None and current.uses_hosts
    if len(context.seek("stopped_tasks") or ()) >= _FEW and not has_hosts:
        return []
    since = context.clock() - timedelta(hours=_ARCHIVE_HOURS)
    return list(logs.events_since(context.aws, group, since, limit=2000))


@reading(op.FILTER_LOG_EVENTS, op.DESCRIBE_LOG_GROUPS, after=("_archive", "_log_groups"))
def archived_tasks(context: ReadingContext) -> tuple[ArchivedTask, ...] | None:
    """The stopped tasks of the last day: the events "ECS Task State Change"."""
    names = {context.deployment.cluster, context.deployment.service}
    events: list[Row] = context.need("_archive")
    found = [row for event in events if (row := archived_task(event, names))]
    last = {row["task"].get("taskArn"): row for row in found}
    tasks = (fact_of(ArchivedTask, row) for row in last.values())
    return tuple(sorted(tasks, key=lambda each: each.at, reverse=True))


@reading(op.FILTER_LOG_EVENTS, op.DESCRIBE_LOG_GROUPS, after=("_archive",))
def host_events(context: ReadingContext) -> tuple[HostEvent, ...]:
    """What became of instances in the last day, newest first: "ECS Container Instance State Change"."""
    events: list[Row] = context.need("_archive")
    cluster_name = context.deployment.cluster
    found = [row for event in events if (row := host_event(event, cluster_name))]
    kept = (fact_of(HostEvent, row) for row in found)
    return tuple(sorted(kept, key=lambda each: each.at, reverse=True))


def archived_task(event: Row, names: set[str]) -> Row | None:
    """A line of the archive as a stopped task of this service, or ``None`` if it is not one."""
    try:
        document = json.loads(event.get("message") or "")
        detail = document["detail"]
        own = detail.get("group", "").removeprefix("service:") in names
        own = own and _cluster_of(detail) in names
        moment = detail.get("stoppedAt") or detail.get("stoppingAt") or document.get("time")
        when = _moment(moment)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not own or detail.get("lastStatus") != "STOPPED":
        return None
    return {"at": when, "task": detail}


def host_event(event: Row, cluster_name: str) -> Row | None:
    """A line of the archive as an instance of this cluster, or ``None`` if it is not one."""
    try:
        document = json.loads(event.get("message") or "")
        detail = document["detail"]
        own = _cluster_of(detail) == cluster_name
        when = _moment(detail.get("updatedAt") or document.get("time"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not own or document.get("detail-type") != _HOST_CHANGED:
        return None
    return {"at": when, "instance": detail}


def _cluster_of(detail: Row) -> str:
    return str(detail["clusterArn"]).rsplit("/", 1)[-1]


def _moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)
