"""Finding the task that died last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.errors import Inconclusive, OpsError, ReadFailed
from ash_ops.logs.render import short_id, task_id
from ash_ops.logs.tasks import last_to_stop, why_stopped
from ash_ops.logs.times import Stamps

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.ecs import TaskReader, TaskState
    from ash_ops.aws.logs import LogsReader


def previous_task(
    tasks: TaskReader,
    logs: LogsReader,
    archived: Callable[[], TaskState | None],
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
        notice(_obituary(died))
        return died.id
    return _from_streams(known, logs, notice)


def _obituary(task: TaskState) -> str:
    when = ""
    if task.stopped_at is not None:
        when = f" at {Stamps(local=False).text(int(task.stopped_at * 1000))}"
    return f"task {short_id(task.id)} stopped{when}: {why_stopped(task)}"


def _from_streams(known: list[TaskState], logs: LogsReader, notice: Callable[[str], None]) -> str:
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
