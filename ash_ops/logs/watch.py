"""Watching a service's tasks beside the tail, without ever getting in its way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs.tasks import ServiceEnd, TaskMarks, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.ecs import TaskReader

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
    """

    def __init__(
        self,
        reader: Callable[[], TaskReader],
        notice: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
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
            self.reason = self._end.update(reader.service_state())
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
        while not self._stop.is_set():
            self.look(reader)
            self._stop.wait(self._pause)

    def _complain(self, error: OpsError) -> None:
        if not self._complained:
            self._complained = True
            self._notice(f"no marks for tasks that start and stop for now: {error}")
