"""Finding the task that died last: ECS knows, or the archive of its events, or the streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ash_ops.aws.logs import Query
from ash_ops.errors import Inconclusive, OpsError, ReadFailed
from ash_ops.logs.render import Stamps, short_id, task_id
from ash_ops.logs.tasks import last_to_stop, why_stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ash_ops.aws.ecs import TaskReader
    from ash_ops.aws.logs import Event, LogsReader
    from ash_ops.facts.tasks import Task


# The archive keeps 30 days; deaths of more than a week ago are looked for in the streams alone.
REACH = 7 * 86_400_000
_MOST_PAGES = 50


def last_death(archive: LogsReader, names: set[str], now: int) -> Task | None:
    """The task whose death the archive tells of last; ``None`` if it tells of none or is not there.

    Args:
        archive: reads the log group that an EventBridge rule fills.
        names: the cluster's and the service's name.
        now: milliseconds since 1970.
    """
    # Only here: it brings pydantic with it, which the other ways of reading need not wait for.
    from ash_ops.facts.model import fact_of
    from ash_ops.facts.tasks import Task
    from ash_ops.snapshot.readings.service import archived_task

    last: dict[str, Any] | None = None
    try:
        for event in _events(archive, now - REACH):
            row = archived_task(event, names)
            if row is not None and (last is None or row["at"] >= last["at"]):
                last = row
    except ReadFailed:
        return None
    if last is None:
        return None
    return fact_of(Task, {**last["task"], "stoppedAt": last["at"]})


def _events(archive: LogsReader, start: int) -> Iterator[Event]:
    query = Query(start=start)
    for _ in range(_MOST_PAGES):
        page = archive.read(query)
        yield from page.events
        if page.token is None or page.token == query.token:
            return
        query = replace(query, token=page.token)


def previous_task(
    tasks: TaskReader,
    logs: LogsReader,
    archived: Callable[[], Task | None],
    notice: Callable[[str], None],
) -> str:
    """The id of the task that stopped last; says when and why it did.

    ECS remembers a stopped task for about an hour. After that the archive of events may know it,
    if there is one; else the log streams still tell which tasks there were, and the newest of
    those that do not run is taken.

    Raises:
        OpsError: no task has died, or which one did cannot be told.
    """
    try:
        known = tasks.tasks()
    except ReadFailed as error:
        raise Inconclusive(
            "Which task died last could not be found out", str(error), error.next_step
        ) from error
    died = last_to_stop(known) or archived()
    if died is not None:
        notice(_stopped_text(died))
        return died.id
    return _from_streams(known, logs, notice)


def _stopped_text(task: Task) -> str:
    when = ""
    if task.stopped_at is not None:
        when = f" at {Stamps(local=False).text(int(task.stopped_at.timestamp() * 1000))}"
    return f"task {short_id(task.id)} stopped{when}: {why_stopped(task)}"


def _from_streams(known: list[Task], logs: LogsReader, notice: Callable[[str], None]) -> str:
    alive = {task.id for task in known}
    for stream in logs.streams_by_recency():
        task = task_id(str(stream.get("logStreamName") or ""))
        if task and task not in alive:
            notice(
                f"task {short_id(task)} ran before; why it stopped is no longer known "
                "(ECS forgets after an hour)"
            )
            return task
    raise OpsError(
        "There is no previous task",
        f"every task that wrote to {logs.group} still runs",
        "Leave --previous out to read the running tasks.",
    )
