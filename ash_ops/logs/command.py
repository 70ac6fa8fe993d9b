"""The command ``ash-ops logs``: which reading, with which selection, to which look."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from ash_ops.aws.client.json_api import RenewableCredentials
from ash_ops.aws.ecs import TaskReader
from ash_ops.aws.logs import Event, LogsReader, Query, is_missing_group
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.dump import SIDE_BY_SIDE, Dump
from ash_ops.logs.hints import Hints
from ash_ops.logs.lines import LastLines
from ash_ops.logs.output import Output, Printer
from ash_ops.logs.previous import last_death, previous_task
from ash_ops.logs.reading import OneByOne, SideBySide, drive
from ash_ops.logs.render import Renderer, Stamps
from ash_ops.logs.request import Request, is_of_task, selection
from ash_ops.logs.retry import Pace, RetryPolicy
from ash_ops.logs.streams import LateStreams
from ash_ops.logs.tail import Tail
from ash_ops.logs.tasks import TaskWatch
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.facts.tasks import Task
    from ash_ops.logs.reading import Select


def missing_group(group: str, region: str, expected: str | None) -> OpsError:
    """The complaint about a log group that does not exist.

    Args:
        group: its name.
        region: where it was looked for.
        expected: what the service's task definition says, if ECS told.
    """
    if expected is not None:
        why = f"the service's task definition names it, but nobody has made it in {region}"
        advice = "Run `ash-ops doctor`: a task whose log group is missing cannot start."
    else:
        why = (
            f"there is none of that name in {region}, and ECS shows no service that logs elsewhere"
        )
        advice = "Check --name and --region, or deploy first with `ash-ops deploy`."
    return OpsError(f"The log group {group} does not exist", why, advice)


def say_why_nothing(reader: LogsReader, notice: Callable[[str], None], selective: bool) -> None:
    """Say which of the reasons it is that nothing was printed.

    Raises:
        OpsError: the log group has never been written to.
    """
    try:
        streams = reader.streams_by_recency(limit=1)
    except ReadFailed as error:
        notice(f"Nothing to print from {reader.group}; whether it is empty is unknown: {error}")
        return
    if not streams:
        raise OpsError(
            f"The log group {reader.group} is empty",
            "no task has ever written to it",
            "Run `ash-ops doctor`: it says why no task gets that far.",
        )
    newest = streams[0].get("lastEventTimestamp")
    newest_of = f"; its newest event is of {_time(newest)}" if isinstance(newest, int) else ""
    what = "matches what was asked for" if selective else "is left: its events have expired"
    notice(f"Nothing in {reader.group} {what}{newest_of}.")


def _time(milliseconds: int) -> str:
    return Stamps(local=False).text(milliseconds)


DEFAULT_LINES = 100
_RAW = (
    "--raw: lines as they came. Secrets in them are shown, and their control characters act on "
    "this terminal."
)


class LogsCommand:
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
        hints = Hints() if request.hints else None
        self._printer = Printer(output, Renderer(request.look), hints, notice)
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
        wanted = selection(
            task=task,
            level=self._request.level,
            grep=self._request.grep,
            hidden=None if self._request.health else self._health_hidden,
        )
        retry = RetryPolicy(
            Pace(time.monotonic, random.random),
            time.monotonic,
            follow=self._request.follow,
            wait_for_group=wait_for_group,
        )
        if self._request.follow:
            self._follow(wanted, retry)
        else:
            self._reader.streams = self._streams_of(task)
            self._print(wanted, retry)
            if not self._printer.printed and self._request.lines != 0:
                say_why_nothing(self._reader, self._notice, self._selective())

    def _print(self, wanted: Select, retry: RetryPolicy) -> None:
        """Print what is there."""
        request, reader, sleep = self._request, self._reader, self._output.sleep
        query = Query(start=request.since or 0, end=request.until)
        lines, now = self._lines(), int(time.time() * 1000)
        if lines is not None:
            last = LastLines(query, lines, now, wanted=wanted, retry=retry, clock=time.monotonic)
            drive(last, OneByOne(reader, sleep), emit=self._emit, notice=self._notice)
            return
        # Which lines of health checks belong together is seen only where they are read in order.
        side_by_side = SIDE_BY_SIDE if request.health else 1
        dump = Dump(
            query,
            wanted=wanted,
            printed=self._printer.pieces,
            retry=retry,
            clock=time.monotonic,
            now=now,
            side_by_side=side_by_side,
        )
        calls = SideBySide(reader, sleep, side_by_side)
        drive(dump, calls, emit=self._printer.write, notice=self._notice)

    def _lines(self) -> int | None:
        """How many of the lines already there to print; ``None`` for all."""
        if self._request.lines is None and self._request.since is None:
            return DEFAULT_LINES
        return self._request.lines

    def _follow(self, wanted: Select, retry: RetryPolicy) -> None:
        request = self._request
        server_clock = ServerClock(time.time, time.monotonic)
        tail = Tail(
            since=request.since,
            count=self._lines(),
            late_window=request.late_window,
            wanted=wanted,
            retry=retry,
            server_clock=server_clock,
            clock=time.monotonic,
        )
        reader = LogsReader(self._identity, self._reader.group)
        late = LateStreams(reader, tail, server_clock, time.monotonic, self._notice)
        watch = TaskWatch(self._task_reader, self._notice, time.monotonic, late.look)
        watch.start()
        self._watch = watch
        try:
            drive(
                tail,
                OneByOne(self._reader, self._output.sleep),
                emit=self._emit,
                notice=self._notice,
                ended=watch.ended,
            )
        finally:
            watch.stop()
            if tail.late_lines:
                self._notice(f"{tail.late_lines} lines arrived late and stand out of order")
        self._notice(f"end of the log: {watch.reason}")

    def _emit(self, events: list[Event]) -> None:
        if self._watch is not None:
            self._watch.heard()
        self._printer.write(self._printer.pieces(events))

    def _health_hidden(self) -> None:
        self._notice("lines of health checks that went well are hidden (--health shows them)")

    def _task(self) -> str | None:
        if not self._request.previous:
            return self._request.task
        return previous_task(self._task_reader(), self._reader, self._archived, self._notice)

    def _archived(self) -> Task | None:
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
        return [name for name in names if is_of_task(name, task)] or None

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
            raise missing_group(self._reader.group, self._identity.region, actual) from error
        if actual == self._reader.group:
            self._notice(f"the log group {actual} does not exist yet: waiting for it")
            return True
        self._notice(f"the service logs to {actual}: reading that")
        self._reader.group = actual
        return False
