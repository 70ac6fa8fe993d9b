"""The log group, and the last words of the newest tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ash_ops.aws import logs
from ash_ops.aws import operations as op
from ash_ops.aws.logs import Event
from ash_ops.facts.start import LogGroup, LogLine
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.context import ReadingContext, failure_of
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Several

LINES_A_TASK = 60
# Of these the telling ones are kept: the health checks of a quarter of an hour write a hundred lines.
_LINES_READ = 180
# What the server's logger (pino, by Fastify) writes of every request, and of one that went well; a
# refused one without a key is the doctor's own question.
_REQUEST = ('"msg":"incoming request"', '"msg":"request completed"')
_WENT_BADLY = ('"statusCode":5', '"statusCode":4')
_ASKED = '"statusCode":401'
LINE_LENGTH = 4000  # characters; what is said of a death is said at the start of a line
_DEAD, _ALIVE = 4, 2  # of how many stopped and running tasks the last lines are read


@reading(op.DESCRIBE_LOG_GROUPS, name="_log_groups", client="logs")
def log_groups(context: ReadingContext) -> tuple[LogGroup, ...]:
    """The groups under the deployment's prefix: the server's own, and the event archive."""
    return logs.log_groups(context.aws, f"/{context.deployment.prefix}/")


@reading(op.DESCRIBE_LOG_GROUPS, after=("_log_groups", "task_definition"))
def log_group(context: ReadingContext) -> LogGroup | None:
    """The group that the task definition writes to, wherever that is."""
    definition: TaskDefinition | None = context.seek("task_definition")
    options = definition.awslogs if definition else {}
    name = options.get("awslogs-group") or context.deployment.log_group
    region = options.get("awslogs-region")
    elsewhere = region not in (None, context.aws.region)
    if not elsewhere and name.startswith(f"/{context.deployment.prefix}/"):
        found = context.need("_log_groups")
    else:
        found = logs.log_groups(context.aws, name, region=region)
    return next((group for group in found if group.log_group_name == name), None)


@reading(op.GET_LOG_EVENTS, after=("stopped_tasks", "task_definition", "tasks"))
def log_lines(context: ReadingContext) -> Several:
    """The last lines of the newest stopped and running tasks, oldest first."""
    dead, alive = context.seek("stopped_tasks"), context.seek("tasks")
    if dead is None and alive is None:
        context.need("stopped_tasks")
    newest = [*(dead or ())[:_DEAD], *(alive or ())[:_ALIVE]]
    return lines_of(context, newest, context.need("task_definition"))


def lines_of(
    context: ReadingContext, newest: Sequence[Task], definition: TaskDefinition
) -> Several:
    """The last lines of tasks of one definition, oldest first."""
    options = definition.awslogs
    group = options.get("awslogs-group") or context.deployment.log_group
    region = options.get("awslogs-region")
    streams = [stream for task in newest for stream in _streams(task, definition)]
    jobs = [partial(_lines, context, group, stream, region) for stream in dict.fromkeys(streams)]
    return context.several(jobs, _joined)


def _streams(task: Task, definition: TaskDefinition) -> Iterator[str]:
    """The stream of each container: ``prefix/container/task-id``, as the driver names it.

    Of those that log to the server's group: another container may have a group of its own.
    """
    group = definition.awslogs.get("awslogs-group")
    options = {each.name: each.log_options for each in definition.container_definitions}
    for container in task.containers:
        found = options.get(container.name) or {}
        prefix = found.get("awslogs-stream-prefix")
        if prefix and task.id and found.get("awslogs-group") == group:
            yield f"{prefix}/{container.name}/{task.id}"


def _lines(context: ReadingContext, group: str, stream: str, region: str | None) -> list[LogLine]:
    events = logs.last_lines(context.aws, group, stream, limit=_LINES_READ, region=region)
    return [
        LogLine(
            at=datetime.fromtimestamp((event.get("timestamp") or 0) / 1000, UTC),
            stream=stream,
            message=str(event.get("message") or "")[:LINE_LENGTH],
        )
        for event in telling(events)
    ]


def telling(events: Sequence[Event]) -> list[Event]:
    """The newest lines in their order, those of requests that went well only where there is room."""
    places = range(len(events))
    by_worth = sorted(places, key=lambda n: (_is_chatter(events[n]), -n))
    return [events[n] for n in sorted(by_worth[:LINES_A_TASK])]


def _is_chatter(event: Event) -> bool:
    text = str(event.get("message") or "")
    if not any(mark in text for mark in _REQUEST):
        return False
    return _ASKED in text or not any(mark in text for mark in _WENT_BADLY)


def _joined(parts: Sequence[Future[Any]]) -> tuple[LogLine, ...]:
    """All lines by time. A stream that is not there (a task that died early) has none."""
    failures = [failure for part in parts if (failure := failure_of(part))]
    if failures:
        raise failures[0]
    lines: list[LogLine] = [
        line for part in parts if not part.exception() for line in part.result()
    ]
    return tuple(sorted(lines, key=lambda line: line.at))
