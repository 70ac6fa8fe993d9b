"""The log group, and the last words of the newest tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ash_ops.aws import logs
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.desk import Desk, Row, failure_of
from ash_ops.snapshot.fan_out import Several

LINES_A_TASK = 60
LINE_LENGTH = 4000  # characters; what is said of a death is said at the start of a line
_DEAD, _ALIVE = 4, 2  # of how many stopped and running tasks the last lines are read


def log_groups(desk: Desk) -> list[Row]:
    """The groups under the deployment's prefix: the server's own, and the event archive."""
    return logs.log_groups(desk.aws, f"/{desk.deployment.prefix}/")


def log_group(desk: Desk) -> Row | None:
    """The group that the task definition writes to, wherever that is."""
    options = _options(desk.seek("task_definition") or {})
    name = options.get("awslogs-group") or desk.deployment.log_group
    region = options.get("awslogs-region")
    elsewhere = region not in (None, desk.aws.region)
    if not elsewhere and name.startswith(f"/{desk.deployment.prefix}/"):
        found = desk.need("_log_groups")
    else:
        found = logs.log_groups(desk.aws, name, region=region)
    return next((row for row in found if row.get("logGroupName") == name), None)


def _options(definition: Row) -> dict[str, str]:
    for container in definition.get("containerDefinitions") or []:
        options = (container.get("logConfiguration") or {}).get("options") or {}
        if options.get("awslogs-group"):
            return dict(options)
    return {}


def log_lines(desk: Desk) -> Several:
    """The last lines of the newest stopped and running tasks, oldest first."""
    dead, alive = desk.seek("stopped_tasks"), desk.seek("tasks")
    if dead is None and alive is None:
        desk.need("stopped_tasks")
    newest = [*(dead or ())[:_DEAD], *(alive or ())[:_ALIVE]]
    options = _options(desk.need("task_definition"))
    group = options.get("awslogs-group") or desk.deployment.log_group
    region = options.get("awslogs-region")
    streams = [stream for task in newest for stream in _streams(task, options, desk)]
    jobs = [partial(_lines, desk, group, stream, region) for stream in dict.fromkeys(streams)]
    return desk.several(jobs, _joined)


def _streams(task: Task, options: dict[str, str], desk: Desk) -> Iterator[str]:
    """The stream of each container: ``prefix/container/task-id``, as the driver names it."""
    prefix = options.get("awslogs-stream-prefix")
    definition = desk.seek("task_definition") or {}
    logging = {
        container.get("name")
        for container in definition.get("containerDefinitions") or []
        if (container.get("logConfiguration") or {}).get("options")
    }
    for container in task.containers:
        if container.name in logging and prefix and task.id:
            yield f"{prefix}/{container.name}/{task.id}"


def _lines(desk: Desk, group: str, stream: str, region: str | None) -> list[Row]:
    events = logs.last_lines(desk.aws, group, stream, limit=LINES_A_TASK, region=region)
    return [
        {
            "at": datetime.fromtimestamp((event.get("timestamp") or 0) / 1000, UTC),
            "stream": stream,
            "message": str(event.get("message") or "")[:LINE_LENGTH],
        }
        for event in events
    ]


def _joined(parts: Sequence[Future[Any]]) -> tuple[Row, ...]:
    """All lines by time. A stream that is not there (a task that died early) has none."""
    failures = [failure for part in parts if (failure := failure_of(part))]
    if failures:
        raise failures[0]
    rows = [row for part in parts if not part.exception() for row in part.result()]
    return tuple(sorted(rows, key=lambda row: row["at"]))
