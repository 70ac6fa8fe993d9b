"""What to read next, so that no event is lost and none is printed twice.

FilterLogEvents knows events only by the time their sender stamped on them. On Fargate each task's
log driver delivers a batch every five seconds, so with two tasks one's batch lands behind the
other's newest event. A cursor at the newest event seen loses such lines (measured: 20-60 %).

So three ranges are read again and again, and the ids of the events seen say which are new: a poll
(from 8 s before the newest event on) every 0.4 s, a sweep (from 35 s before it up to the polls)
every second, and a deep sweep (from the beginning of the late window up to the sweeps). A deep
sweep begins where the one before *started*, less the late window: whatever arrives at most that
late is inside one of them, however long one takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.logs.backlog import MOST_EMPTY, Backlog
from ash_ops.logs.reading import Done, Read, Select, Step, Wait
from ash_ops.logs.retry import Progress
from ash_ops.logs.scan import Scan, in_time_order
from ash_ops.logs.schedule import DEEPEST, PollDepth, Range, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.errors import ReadFailed
    from ash_ops.logs.clock import ServerClock
    from ash_ops.logs.retry import RetryPolicy

# Event time covered by a sweep, in milliseconds: a few missed flushes of a log driver.
SWEEP_DEPTH = 35_000
# By so much the clocks may disagree before the late window would be cut short, in milliseconds.
SLACK = 5_000
# By so much a range reaches into the next shorter one, in milliseconds.
_OVERLAP = 1_000
# Empty pages on end after which a poll is over, if none with events ever came behind so many.
_POLL_EMPTY = 8
# A window of so few events is read whole by every poll; of more when few calls are made.
_SMALL, _SMALL_WHEN_SILENT = 300, 5_000
# (Seconds without a new event, seconds between two calls from then on.)
_IDLE = ((20.0, 2.1), (10.0, 1.0))


class Tail:
    """Follows a log group for ever.

    Args:
        since: of the events already there, print those stamped at or after this time
            (milliseconds since 1970); ``None`` for no beginning.
        count: of those, print the last so many; ``None`` prints them all.
        late_window: how late events may arrive, in milliseconds.
        wanted: which of some events are to be printed.
        retry: what to do about failures.
        server_clock: what time it is at AWS.
        clock: monotonic seconds.

    Attributes:
        late_lines: how many events came more than 8 s behind a newer one.
        newest: the newest event's time, if there was an event.
        streams: the names of the streams of which an event was read.
    """

    def __init__(
        self,
        *,
        since: int | None,
        count: int | None,
        late_window: int,
        wanted: Select,
        retry: RetryPolicy,
        server_clock: ServerClock,
        clock: Callable[[], float],
    ) -> None:
        self._late_window = late_window + SLACK
        self._wanted = wanted
        self._retry = retry
        self._time = server_clock
        self._clock = clock
        self._progress = Progress(clock, server_clock)
        self._backlog: Backlog | None = Backlog(
            since=since,
            count=count,
            depth=self._late_window,
            wanted=wanted,
            retry=retry,
            server_clock=server_clock,
            clock=clock,
        )
        self._seen = self._backlog.seen
        self.newest: int | None = None
        self.streams: set[str] = set()
        self.late_lines = 0
        self._schedule = Schedule(clock())
        self._depth = PollDepth(clock)
        self._not_before = self._heard = clock()
        # The reference of the time when the last new event came, and the floor after a deep sweep.
        self._heard_at = 0
        self._next_floor = 0
        # The longest run of empty pages with events behind it, and whether a range ever had an end.
        self._barren = 0
        self._ends = False
        self._is_interleaved = False
        # When each range was begun; and when the last poll and the last deep sweep that were read to
        # their ends were begun.
        self._began = dict.fromkeys(Range, self._heard)
        self._polled = self._swept = self._heard

    def next_step(self) -> Step:
        """What to do now; never ``Done``."""
        if self._backlog is not None:
            step = self._backlog.next_step()
            if not isinstance(step, Done):
                return step
            self._go_live(self._backlog)
        now = self._clock()
        if self._not_before > now:
            return Wait(self._not_before - now)
        kind = self._schedule.next(now)
        if kind is None:
            return Wait(max(0.001, self._schedule.due_in(now)))
        pause = self._retry.pace.until_room(evenly=kind is not Range.POLL)
        if pause > 0:
            return Wait(max(0.001, min(pause, self._schedule.poll_due_in(now) or pause)))
        scan = self._schedule.under_way(kind) or self._begin(kind)
        self._schedule.asked(kind)
        self._retry.pace.calling()
        self._active = kind, scan
        return Read(scan.query)

    def receive(self, read: Read, page: Page) -> list[Event]:
        """Take the page that was asked for; the events to print now."""
        self._time.observe(page)
        self._progress.answered(page)
        if self._backlog is not None:
            return self._backlog.receive(read, page)
        kind, scan = self._active
        self._retry.succeeded()
        fresh = in_time_order(self._seen.fresh(page.events))
        scan.receive(page, len(fresh))
        self._take_note(fresh)
        self._schedule.brought(kind, len(fresh))
        now = self._clock()
        gap = 0.0 if scan.done else self._retry.pace.gap
        self._not_before = now + max(gap, self._idle_gap())
        if scan.done:
            self._finished(kind, scan, now)
        elif not self._idle_gap():
            self._progress.check()
        return self._wanted(fresh)

    def failed(self, read: Read, error: ReadFailed) -> None:
        """Take the failure of the call; an expired page token makes its range start over.

        Raises:
            ReadFailed: trying again cannot help.
        """
        if self._backlog is not None:
            self._backlog.failed(read, error)
        else:
            now = self._clock()
            pause = self._retry.retry(error, self._active[1])
            self._not_before = now + max(pause, self._idle_gap())
        self._progress.hindered(error)

    def notices(self) -> list[str]:
        """What to tell the user, since this was last asked."""
        return self._progress.notices()

    @property
    def floor(self) -> int:
        """The event time below which nothing is asked for or remembered; it never moves back."""
        return self._seen.floor

    def remembered(self) -> int:
        """How many event ids are kept."""
        return len(self._seen)

    def _go_live(self, backlog: Backlog) -> None:
        self._seen, self.newest = backlog.seen, backlog.newest
        self.streams |= backlog.streams
        self._barren, self._ends = backlog.barren, backlog.ends
        self._backlog = None
        self._heard, self._heard_at = self._clock(), self._reference()
        # The backlog was a deep sweep.
        self._polled = self._swept = self._heard
        self._schedule = Schedule(self._heard)
        self._schedule.merged = len(self._seen) <= _SMALL
        self._progress.polled()

    def _idle_gap(self) -> float:
        """Seconds to leave between two calls when nothing new has come for a while.

        Silent is only what was read and had nothing. And first the whole late window is read once
        more: the last new event may have had company.
        """
        if self._swept < self._heard:
            return 0.0
        silent = self._polled - self._heard
        return next((gap for after, gap in _IDLE if silent > after), 0.0)

    def _begin(self, kind: Range) -> Scan:
        """Start to read a range: up to where the shorter one begins, unless that is not read."""
        reference, end = self._reference(), None
        depth = self._depth.milliseconds
        if kind is Range.DEEP:
            start = self._seen.floor
            self._next_floor = self._earliest_to_come()
            end = None if self._schedule.merged else reference - SWEEP_DEPTH + _OVERLAP
        elif kind is Range.SWEEP:
            start = reference - SWEEP_DEPTH
            end = reference - depth + _OVERLAP
        else:
            start = reference - depth
        start = max(self._seen.floor, start)
        least = _POLL_EMPTY if kind is Range.POLL else MOST_EMPTY
        query = Query(start=start, end=None if end is None else max(start, end))
        self._began[kind] = self._clock()
        scan = Scan(
            query,
            most_empty=max(least, 2 * self._barren),
            is_interleaved=self._is_interleaved,
        )
        self._schedule.begin(kind, scan)
        return scan

    def _earliest_to_come(self) -> int:
        """The oldest time that events may have which arrive from now on.

        Since the last new event came, at least as much time has gone by as the clock says.
        """
        silent = int((self._clock() - self._heard) * 1000)
        return self._heard_at + silent - self._late_window

    def _finished(self, kind: Range, scan: Scan, now: float) -> None:
        self._ends |= not scan.gave_up
        self._is_interleaved = scan.in_order and scan.is_interleaved
        was_read = not (scan.gave_up and self._ends)
        # What gave up too early is more patient the next time.
        self._barren = max(self._barren, scan.most_barren if was_read else scan.barren)
        merged = self._schedule.merged
        self._schedule.finished(kind, now, self._retry.pace.interval)
        if kind is Range.POLL:
            self._depth.polled(scan.pages)
        elif kind is Range.DEEP and was_read:
            self._seen.forget_before(self._next_floor)
            self._swept = self._began[kind]
            self._schedule.merged = self._is_cheap(scan)
        if was_read and (kind is Range.POLL or merged):
            self._polled = self._began[kind]
            self._progress.polled()

    def _is_cheap(self, deep: Scan) -> bool:
        """Whether the whole late window costs hardly more than a poll does."""
        barren = max(deep.barren, deep.most_barren)
        if barren >= _POLL_EMPTY:
            return deep.pages <= 2 * barren
        small = _SMALL_WHEN_SILENT if self._idle_gap() else _SMALL
        return deep.pages == 1 and len(self._seen) <= small

    def _take_note(self, fresh: list[Event]) -> None:
        if not fresh:
            return
        reference = self._reference()
        behind = [reference - e["timestamp"] for e in fresh]
        self._depth.found(max((late for late in behind if late <= DEEPEST), default=0))
        self.late_lines += sum(1 for late in behind if late > DEEPEST)
        self.streams.update({event.get("logStreamName") or "" for event in fresh})
        newest: int = fresh[-1]["timestamp"]
        self.newest = newest if self.newest is None else max(self.newest, newest)
        self._heard, self._heard_at = self._clock(), self._reference()

    def _reference(self) -> int:
        """The newest event's time, unless that lies in the future."""
        if self.newest is None:
            return self._time.earliest()
        return min(self.newest, self._time.now())
