"""The log group, and the last words of the newest tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ash_ops.aws import logs
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.context import ReadingContext, Row, failure_of
from ash_ops.snapshot.fan_out import Several

LINES_A_TASK = 60
LINE_LENGTH = 4000  # characters; what is said of a death is said at the start of a line
_DEAD, _ALIVE = 4, 2  # of how many stopped and running tasks the last lines are read


def log_groups(context: ReadingContext) -> list[Row]:
    """The groups under the deployment's prefix: the server's own, and the event archive."""
    return logs.log_groups(context.aws, f"/{context.deployment.prefix}/")


def log_group(context: ReadingContext) -> Row | None:
    """The group that the task definition writes to, wherever that is."""
    options = _options(context.seek("task_definition") or {})
    name = options.get("awslogs-group") or context.deployment.log_group
    region = options.get("awslogs-region")
    elsewhere = region not in (None, context.aws.region)
    if not elsewhere and name.startswith(f"/{context.deployment.prefix}/"):
        found = context.need("_log_groups")
    else:
        found = logs.log_groups(context.aws, name, region=region)
    return next((row for row in found if row.get("logGroupName") == name), None)


def _options(definition: Row) -> dict[str, str]:
    for container in definition.get("containerDefinitions") or []:
        options = (container.get("logConfiguration") or {}).get("options") or {}
        if options.get("awslogs-group"):
            return dict(options)
    return {}


def log_lines(context: ReadingContext) -> Several:
    """The last lines of the newest stopped and running tasks, oldest first."""
    dead, alive = context.seek("stopped_tasks"), context.seek("tasks")
    if dead is None and alive is None:
        context.need("stopped_tasks")
    newest = [*(dead or ())[:_DEAD], *(alive or ())[:_ALIVE]]
    options = _options(context.need("task_definition"))
    group = options.get("awslogs-group") or context.deployment.log_group
    region = options.get("awslogs-region")
    streams = [stream for task in newest for stream in _streams(task, options, context)]
    jobs = [partial(_lines, context, group, stream, region) for stream in dict.fromkeys(streams)]
    return context.several(jobs, _joined)


def _streams(task: Task, options: dict[str, str], context: ReadingContext) -> Iterator[str]:
    """The stream of each container: ``prefix/container/task-id``, as the driver names it."""
    prefix = options.get("awslogs-stream-prefix")
    definition = context.seek("task_definition") or {}
    logging = {
        container.get("name")
        for container in definition.get("containerDefinitions") or []
        if (container.get("logConfiguration") or {}).get("options")
    }
    for container in task.containers:
        if container.name in logging and prefix and task.id:
            yield f"{prefix}/{container.name}/{task.id}"


def _lines(context: ReadingContext, group: str, stream: str, region: str | None) -> list[Row]:
    events = logs.last_lines(context.aws, group, stream, limit=LINES_A_TASK, region=region)
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
