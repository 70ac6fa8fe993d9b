"""The command ``ash-ops logs``: which reading, with which selection, to which look."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ash_ops.aws.ecs import TaskReader, TaskState
from ash_ops.aws.json_api import RenewableCredentials
from ash_ops.aws.logs import Event, LogsReader, Query, is_missing_group
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs import select, trouble
from ash_ops.logs.archive import last_death
from ash_ops.logs.dump import Dump
from ash_ops.logs.hints import Hints
from ash_ops.logs.last import LastLines
from ash_ops.logs.pace import Pace
from ash_ops.logs.patience import Patience
from ash_ops.logs.previous import previous_task
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.run import run
from ash_ops.logs.server_clock import ServerClock
from ash_ops.logs.tail import Tail
from ash_ops.logs.watch import TaskWatch
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.logs.output import Output
    from ash_ops.logs.steps import Reading, Wanted

DEFAULT_LINES = 100
_RAW = (
    "--raw: lines as they came. Secrets in them are shown, and their control characters act on "
    "this terminal."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for; times in milliseconds since 1970, ``late_window`` in milliseconds."""

    follow: bool = False
    since: int | None = None
    until: int | None = None
    lines: int | None = None
    pattern: str | None = None
    grep: str | None = None
    task: str | None = None
    previous: bool = False
    level: str | None = None
    late_window: int = 120_000
    group: str | None = None
    look: Look = field(default_factory=Look)
    hints: bool = False


class Show:
    """Prints or follows one deployment's log.

    Args:
        settings: where to look.
        request: what was asked for.
        output: where the lines go.
        notice: says something that is not data.
    """

    def __init__(
        self,
        settings: Settings,
        request: Request,
        output: Output,
        notice: Callable[[str], None],
    ) -> None:
        self._request = request
        self._output = output
        self._notice = notice
        self._names = settings.deployment
        self._identity = RenewableCredentials(settings)
        group = request.group or self._names.log_group
        self._reader = LogsReader(self._identity, group, request.pattern, raw=request.look.raw)
        if request.look.raw:
            notice(_RAW)
        self._renderer = Renderer(request.look)
        self._hints = Hints(notice) if request.hints else None
        self._printed = 0
        self._watch: TaskWatch | None = None

    def run(self) -> None:
        """Print everything asked for; following ends only with its service.

        Raises:
            OpsError: it could not be done.
        """
        try:
            self._attempt(wait_for_group=False)
        except ReadFailed as error:
            if not is_missing_group(error):
                raise
            self._attempt(wait_for_group=self._find_group(error))

    def _attempt(self, *, wait_for_group: bool) -> None:
        task = self._task()
        wanted = select.wanted(task=task, level=self._request.level, grep=self._request.grep)
        patience = Patience(
            Pace(time.monotonic, random.random),
            time.monotonic,
            follow=self._request.follow,
            wait_for_group=wait_for_group,
        )
        if self._request.follow:
            self._follow(wanted, patience)
        else:
            self._reader.streams = self._streams_of(task)
            self._drive(self._finite(wanted, patience), lambda: False)
            if not self._printed:
                trouble.say_why_nothing(self._reader, self._names, self._notice, self._selective())

    def _finite(self, wanted: Wanted, patience: Patience) -> Reading:
        request = self._request
        query = Query(start=request.since or 0, end=request.until)
        lines = self._lines()
        if lines is None:
            return Dump(query, wanted=wanted, patience=patience, clock=time.monotonic)
        return LastLines(
            query,
            lines,
            int(time.time() * 1000),
            wanted=wanted,
            patience=patience,
            clock=time.monotonic,
        )

    def _lines(self) -> int | None:
        """How many of the lines already there to print; ``None`` for all."""
        if self._request.lines is None and self._request.since is None:
            return DEFAULT_LINES
        return self._request.lines

    def _follow(self, wanted: Wanted, patience: Patience) -> None:
        request = self._request
        tail = Tail(
            since=request.since,
            count=self._lines(),
            late_window=request.late_window,
            wanted=wanted,
            patience=patience,
            server_clock=ServerClock(time.time, time.monotonic),
            clock=time.monotonic,
        )
        watch = TaskWatch(self._task_reader, self._notice, time.monotonic)
        watch.start()
        self._watch = watch
        try:
            self._drive(tail, watch.ended)
        finally:
            watch.stop()
            if tail.late_lines:
                self._notice(f"{tail.late_lines} lines arrived late and stand out of order")
        self._notice(f"end of the log: {watch.reason}")

    def _drive(self, reading: Reading, ended: Callable[[], bool]) -> None:
        run(
            reading,
            self._reader,
            sleep=self._output.sleep,
            emit=self._emit,
            notice=self._notice,
            ended=ended,
        )

    def _emit(self, events: list[Event]) -> None:
        self._printed += len(events)
        if self._watch is not None:
            self._watch.heard()
        if self._hints is None:
            self._output.write(self._renderer.page(events))
            return
        for event in events:
            self._output.write(self._renderer.page([event]))
            self._hints.consider(event.get("message") or "")

    def _task(self) -> str | None:
        if not self._request.previous:
            return self._request.task
        return previous_task(self._task_reader(), self._reader, self._archived, self._notice)

    def _archived(self) -> TaskState | None:
        archive = LogsReader(self._identity, self._names.event_log_group)
        names = {self._names.cluster, self._names.service}
        return last_death(archive, names, int(time.time() * 1000))

    def _streams_of(self, task: str | None) -> list[str] | None:
        """The streams of a task, if they can be found; all of them will do as well."""
        if task is None:
            return None
        try:
            streams = self._reader.streams_by_recency()
        except ReadFailed:
            return None
        names = [str(stream.get("logStreamName")) for stream in streams]
        return [name for name in names if select.is_of_task(name, task)] or None

    def _task_reader(self) -> TaskReader:
        return TaskReader(self._identity, self._names.cluster, self._names.service)

    def _selective(self) -> bool:
        request = self._request
        asked = (request.since, request.until, request.pattern, request.grep, request.task)
        return request.previous or request.level is not None or any(a is not None for a in asked)

    def _find_group(self, error: ReadFailed) -> bool:
        """Point the reader at the group the service really logs to; whether to wait for it.

        Raises:
            OpsError: there is no group, and none to be expected.
        """
        try:
            actual = None if self._request.group else self._task_reader().log_group()
        except OpsError:
            actual = None
        if actual is None or (actual == self._reader.group and not self._request.follow):
            raise trouble.missing_group(
                self._reader.group, self._identity.region, actual
            ) from error
        if actual == self._reader.group:
            self._notice(f"the log group {actual} does not exist yet: waiting for it")
            return True
        self._notice(f"the service logs to {actual}: reading that")
        self._reader.group = actual
        return False
