"""Tasks beside their lines: one started, one stopped and why, the service is gone."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs.render import short_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.ecs import TaskReader
    from ash_ops.facts.services import Service
    from ash_ops.facts.tasks import Task


_LONG_AGO = datetime.fromtimestamp(0, UTC)


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
        self._status: dict[str, str | None] | None = None

    def update(self, tasks: list[Task]) -> list[Mark]:
        """What happened since the last update; nothing the first time."""
        before, now = self._status, {task.id: task.last_status for task in tasks}
        self._status = now
        if before is None:
            return []
        changed = [task for task in tasks if before.get(task.id) != task.last_status]
        marks = [_mark(task, known=task.id in before) for task in changed]
        gone = [
            Mark(task_id, "is no longer listed by ECS")
            for task_id, status in before.items()
            if task_id not in now and status != "STOPPED"
        ]
        return [mark for mark in marks if mark is not None] + gone


def _mark(task: Task, *, known: bool) -> Mark | None:
    if task.last_status == "RUNNING":
        return Mark(task.id, "started")
    if task.last_status == "STOPPED":
        return Mark(task.id, f"stopped: {why_stopped(task)}")
    if not known and task.last_status in ("PROVISIONING", "PENDING"):
        return Mark(task.id, "is being started")
    return None


def why_stopped(task: Task) -> str:
    """Why a task stopped, as ECS gives it, with the exit code."""
    container = task.container_to_blame
    told = (container.reason if container else None) or task.stopped_reason
    reason = told or "ECS gives no reason"
    if container is None or container.exit_code is None:
        return reason
    return f"{reason} (exit code {container.exit_code})"


def driver_may_drop(options: dict[str, Any]) -> str | None:
    """What to say of a log driver that drops lines when it cannot send them fast enough.

    ECS, "awslogs" driver: ``non-blocking`` keeps lines in a buffer (10 MB unless said otherwise) and
    drops what does not fit. It is the default of accounts since June 2025.
    """
    mode = options.get("mode")
    if mode == "blocking":
        return None
    why = "mode non-blocking" if mode else "no mode is set, and the default is non-blocking"
    size = options.get("max-buffer-size") or "10m"
    return f"in a burst ECS's log driver may drop lines itself ({why}, buffer {size})"


class ServiceEnd:
    """Notices when a service that was there is gone, so that following it makes no sense."""

    def __init__(self) -> None:
        self._was_there = False

    def update(self, service: Service | None) -> str | None:
        """Why there is nothing more to come; ``None`` while there may be."""
        if service is not None and service.status != "INACTIVE":
            self._was_there = True
            return None
        if not self._was_there or (service is not None and service.running_count):
            return None
        return "the service was deleted and none of its tasks runs any more"


def last_to_stop(tasks: list[Task]) -> Task | None:
    """The task that stopped last."""
    stopped = [task for task in tasks if task.last_status == "STOPPED"]
    return max(stopped, key=lambda task: task.stopped_at or _LONG_AGO, default=None)


def describe(mark: Mark) -> str:
    """A mark as one line."""
    return f"task {short_id(mark.task)} {mark.text}"


_EVERY = 5.0
_LONGEST = 60.0
# Lines of a service that is gone may still be on their way; in seconds.
_GRACE = 15.0


class TaskWatch:
    """Asks ECS every few seconds, in a thread of its own; failing to is said once.

    Args:
        reader: makes the calls; called in the thread, because making it takes time.
        notice: prints a mark.
        clock: monotonic seconds.
        each_time: what else to look at, as often.
    """

    def __init__(
        self,
        reader: Callable[[], TaskReader],
        notice: Callable[[str], None],
        clock: Callable[[], float],
        each_time: Callable[[], None] = lambda: None,
    ) -> None:
        self._each_time = each_time
        self._make_reader = reader
        self._notice = notice
        self._clock = clock
        self._marks = TaskMarks()
        self._end = ServiceEnd()
        self._stop = threading.Event()
        self._complained = False
        self._pause = _EVERY
        self._gone_since: float | None = None
        self._heard = clock()
        self.reason: str | None = None

    def start(self) -> None:
        """Begin; the thread ends with the process."""
        threading.Thread(target=self._run, name="task-watch", daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._stop.set()

    def ended(self) -> bool:
        """Whether the service is gone and no line has come for a while."""
        if self._gone_since is None:
            return False
        return self._clock() - max(self._gone_since, self._heard) > _GRACE

    def heard(self) -> None:
        """A line has come: whatever ECS says, the end is not reached."""
        self._heard = self._clock()

    def look(self, reader: TaskReader) -> None:
        """Ask once."""
        try:
            for mark in self._marks.update(reader.tasks()):
                self._notice(describe(mark))
            self.reason = self._end.update(reader.read_service())
        except ReadFailed as error:
            self._complain(error)
            self._pause = min(_LONGEST, self._pause * 2)
            return
        self._pause = _EVERY
        if self.reason is None:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._clock()

    def _run(self) -> None:
        try:
            reader = self._make_reader()
        except OpsError as error:
            self._complain(error)
            return
        self._tell_of_the_driver(reader)
        while not self._stop.is_set():
            self.look(reader)
            self._each_time()
            self._stop.wait(self._pause)

    def _tell_of_the_driver(self, reader: TaskReader) -> None:
        """Say that lines may be lost before they get to CloudWatch, if that is so."""
        try:
            options = reader.log_options()
        except ReadFailed:
            return
        warning = driver_may_drop(options) if options else None
        if warning is not None:
            self._notice(warning)

    def _complain(self, error: OpsError) -> None:
        if not self._complained:
            self._complained = True
            self._notice(f"no marks for tasks that start and stop for now: {error}")
