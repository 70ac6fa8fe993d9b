"""Cluster, service, task definitions, and the tasks of this service alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ash_ops import redact
from ash_ops.aws import ecs, log_reads
from ash_ops.redact.settings import SAFE_NAMES
from ash_ops.snapshot.desk import Desk, Row
from ash_ops.snapshot.fan_out import Several

# An Ash deployment runs one task; pages of ListTasks come one after the other, so that a whole
# listing of a huge service would take longer than everything else together.
RUNNING_LIMIT = 500
STOPPED_LIMIT = 200
_ARCHIVE_HOURS = 24
_FEW = 3  # with fewer stopped tasks than this, the archive may know more than ECS does


def cluster(desk: Desk) -> Row | None:
    """The cluster."""
    return ecs.cluster(desk.aws, desk.deployment.cluster)


def service(desk: Desk) -> Row | None:
    """The service, also one that was deleted within the last hours (status ``INACTIVE``)."""
    return ecs.service(desk.aws, desk.deployment.cluster, desk.deployment.service)


def task_definition(desk: Desk) -> Row | None:
    """What the service runs; the newest revision of its family where the service is gone."""
    found = desk.need("service") if desk.run.outcomes["service"].failure else desk.seek("service")
    reference = (found or {}).get("taskDefinition") or desk.deployment.service
    return _described(desk, reference)


def other_task_definitions(desk: Desk) -> Several:
    """The revisions of the service's other deployments: what a rollout moves away from or to."""
    current = desk.need("service")
    rollouts = [row.get("taskDefinition") for row in current.get("deployments") or []]
    others = dict.fromkeys(ref for ref in rollouts if ref and ref != current.get("taskDefinition"))
    return desk.several(
        [partial(_described, desk, ref) for ref in others],
        lambda parts: tuple(found for part in parts if (found := part.result())),
    )


def _described(desk: Desk, reference: str) -> Row | None:
    found = ecs.task_definition(desk.aws, reference)
    for container in (found or {}).get("containerDefinitions") or []:
        for variable in container.get("environment") or []:
            name, value = str(variable.get("name") or ""), str(variable.get("value") or "")
            if name not in SAFE_NAMES:
                redact.learn(value, name=name)
    return found


def tasks(desk: Desk) -> Several:
    """The tasks that run or are on their way there, newest first."""
    return _tasks(desk, "RUNNING", RUNNING_LIMIT, "createdAt")


def stopped_tasks(desk: Desk) -> Several:
    """The tasks that ECS still remembers having stopped (about an hour), newest first."""
    return _tasks(desk, "STOPPED", STOPPED_LIMIT, "stoppedAt")


def _tasks(desk: Desk, desired: str, limit: int, order: str) -> Several:
    cluster_name, name = desk.deployment.cluster, desk.deployment.service
    arns = ecs.task_arn_pages(desk.aws, cluster_name, name, desired, limit=limit)
    parts, count = [], 0
    for page in arns:
        count += len(page)
        parts += [
            desk.run.pool.submit(partial(ecs.tasks, desk.aws, cluster_name, batch))
            for batch in _batches(page)
        ]
    if count >= limit:
        desk.limits.append(f"Only the first {count} {desired.lower()} tasks of {name} were read.")

    def join(done: Sequence[Future[Any]]) -> tuple[Row, ...]:
        found = [row for part in done for row in part.result()]
        own = [row for row in found if _is_own(row, name) and _is(row, desired)]
        return tuple(sorted(own, key=lambda row: _moment(row, order), reverse=True))

    return Several(parts, join)


def _batches(arns: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(arns), ecs.TASKS_A_CALL):
        yield arns[start : start + ecs.TASKS_A_CALL]


def _is_own(task: Row, service_name: str) -> bool:
    return task.get("group") in (None, f"service:{service_name}")


def _is(task: Row, desired: str) -> bool:
    has_ended = "STOPPED" in (task.get("lastStatus"), task.get("desiredStatus"))
    return has_ended == (desired == "STOPPED")


def _moment(task: Row, order: str) -> float:
    found = task.get(order) or task.get("stoppingAt") or task.get("createdAt")
    if not isinstance(found, datetime):
        return 0.0
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def archived_tasks(desk: Desk) -> tuple[Row, ...] | None:
    """The stopped tasks of the last day from the event archive, where ECS may have forgotten them.

    The archive is a log group that an EventBridge rule fills with "ECS Task State Change" events.
    """
    group = desk.deployment.event_log_group
    known = {row.get("logGroupName") for row in desk.need("_log_groups")}
    remembered = desk.seek("stopped_tasks") or ()
    if group not in known:
        return None
    if len(remembered) >= _FEW:
        return ()
    since = desk.clock() - timedelta(hours=_ARCHIVE_HOURS)
    events = log_reads.events_since(desk.aws, group, since, limit=2000)
    names = {desk.deployment.cluster, desk.deployment.service}
    found = [row for event in events if (row := archived_task(event, names))]
    last = {row["task"].get("taskArn"): row for row in found}
    return tuple(sorted(last.values(), key=lambda row: row["at"], reverse=True))


def archived_task(event: Row, names: set[str]) -> Row | None:
    """A line of the archive as a stopped task of this service, or ``None`` if it is not one."""
    try:
        document = json.loads(event.get("message") or "")
        detail = document["detail"]
        cluster_name = str(detail["clusterArn"]).rsplit("/", 1)[-1]
        own = detail.get("group", "").removeprefix("service:") in names and cluster_name in names
        moment = detail.get("stoppedAt") or detail.get("stoppingAt") or document.get("time")
        when = datetime.fromisoformat(moment)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not own or detail.get("lastStatus") != "STOPPED":
        return None
    return {"at": when if when.tzinfo else when.replace(tzinfo=UTC), "task": detail}
