"""What to read next, so that no event is lost and none is printed twice.

FilterLogEvents knows events only by the time their sender stamped on them. On Fargate each task's
log driver delivers a batch every five seconds, so with two tasks one's batch lands behind the
other's newest event. A cursor at the newest event seen loses such lines (measured: 20-60 %).

So three ranges are read again and again, each up to the newest event, and the ids of the events
seen say which are new: a poll (8 s back) every 0.4 s, a sweep (35 s back) every few seconds, and a
deep sweep over the whole late window. A deep sweep begins where the one before *started*, less the
late window: whatever arrives at most that late is inside one of them, however long one takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.logs.backlog import MOST_EMPTY, Backlog
from ash_ops.logs.reading import Done, Read, Step, Wait, Wanted, in_time_order
from ash_ops.logs.retry import Progress
from ash_ops.logs.scan import Scan
from ash_ops.logs.schedule import DEEPEST, PollDepth, Sweeps

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.errors import ReadFailed
    from ash_ops.logs.clock import ServerClock
    from ash_ops.logs.retry import RetryPolicy

# Event time covered by a sweep, in milliseconds: a few missed flushes of a log driver.
SWEEP_DEPTH = 35_000
# By so much the clocks may disagree before the late window would be cut short, in milliseconds.
SLACK = 5_000
# Empty pages on end after which a poll is over: what it has not seen, a sweep will.
_POLL_EMPTY = 8
# Consecutive poll pages after which a waiting sweep gets its turn.
_POLL_STREAK = 3


class Tail:
    """Follows a log group for ever.

    Args:
        since: of the events already there, print those stamped at or after this time
            (milliseconds since 1970); ``None`` for no beginning.
        count: of those, print the last so many; ``None`` prints them all.
        late_window: how late events may arrive, in milliseconds.
        wanted: whether an event is to be printed.
        retry: what to do about failures.
        server_clock: what time it is at AWS.
        clock: monotonic seconds.

    Attributes:
        late_lines: how many events came behind the polls.
        newest: the newest event's time, if there was an event.
    """

    def __init__(
        self,
        *,
        since: int | None,
        count: int | None,
        late_window: int,
        wanted: Wanted,
        retry: RetryPolicy,
        server_clock: ServerClock,
        clock: Callable[[], float],
    ) -> None:
        self._late_window = late_window + SLACK
        self._wanted = wanted
        self._retry = retry
        self._time = server_clock
        self._clock = clock
        self._progress = Progress(clock)
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
        self.late_lines = 0
        self._sweeps = Sweeps(clock())
        self._depth = PollDepth(clock)
        self._next_floor = 0
        self._poll: Scan | None = None
        self._poll_due = self._not_before = clock()
        self._poll_start = 0
        self._streak = 0
        self._active = Scan(Query(start=0))

    def next_step(self) -> Step:
        """What to do now; never ``Done``."""
        if self._backlog is not None:
            step = self._backlog.next_step()
            if not isinstance(step, Done):
                return step
            self._go_live(self._backlog)
        now = self._clock()
        pause = max(self._not_before - now, self._retry.pace.until_room())
        if pause > 0:
            return Wait(pause)
        scan = self._choose(now)
        if scan is None:
            return Wait(max(0.001, min(self._poll_due, self._sweeps.due) - now))
        self._active = scan
        self._retry.pace.calling()
        return Read(scan.query)

    def receive(self, page: Page) -> list[Event]:
        """Take the page that was asked for; the events to print now."""
        self._time.observe(page)
        if self._backlog is not None:
            return self._backlog.receive(page)
        scan = self._active
        self._retry.succeeded()
        scan.receive(page)
        fresh = in_time_order(self._seen.fresh(page.events))
        self._take_note(fresh)
        now = self._clock()
        self._not_before = now if scan.done else now + self._retry.pace.gap
        if scan.done:
            self._finished(scan, now)
        else:
            self._progress.check()
        return [event for event in fresh if self._wanted(event)]

    def failed(self, error: ReadFailed) -> None:
        """Take the failure of the call; an expired page token makes its range start over.

        Raises:
            ReadFailed: trying again cannot help.
        """
        if self._backlog is not None:
            self._backlog.failed(error)
        else:
            self._not_before = self._clock() + self._retry.retry(error, self._active)
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
        self._poll_start = self._seen.floor
        self._backlog = None
        self._sweeps = Sweeps(self._clock())
        self._progress.polled()

    def _choose(self, now: float) -> Scan | None:
        """The scan to go on with: a poll first, but never at the price of the sweeps."""
        if self._sweeps.active is None and now >= self._sweeps.due:
            self._begin_sweep(now)
        sweep = self._sweeps.active
        if sweep is not None and self._sweeps.short and self._poll is None:
            return sweep
        if self._poll is None and now >= self._poll_due:
            self._poll = self._scan(self._depth.milliseconds, _POLL_EMPTY)
        if sweep is not None and (self._poll is None or self._streak >= _POLL_STREAK):
            self._streak = 0
            return sweep
        self._streak += 1
        return self._poll

    def _begin_sweep(self, now: float) -> None:
        if self._sweeps.deep_is_due(now):
            self._next_floor = self._reference() - self._late_window
            self._sweeps.begin(
                Scan(Query(start=self._seen.floor), most_empty=MOST_EMPTY), now, deep=True
            )
        else:
            self._sweeps.begin(self._scan(SWEEP_DEPTH, MOST_EMPTY), now, deep=False)

    def _finished(self, scan: Scan, now: float) -> None:
        if scan is self._poll:
            self._poll = None
            self._poll_start = scan.query.start
            self._depth.polled(scan.pages)
        elif scan is self._sweeps.active:
            if self._sweeps.active_is_deep:
                self._seen.forget_before(self._next_floor)
            self._sweeps.finished(now)
            if scan.pages > 1:
                return
        if self._poll is None:
            self._poll_due = now + self._retry.pace.interval
            self._progress.polled()

    def _take_note(self, fresh: list[Event]) -> None:
        if not fresh:
            return
        reference = self._reference()
        behind = [reference - e["timestamp"] for e in fresh]
        self._depth.found(max((late for late in behind if late <= DEEPEST), default=0))
        newest: int = fresh[-1]["timestamp"]
        self.newest = newest if self.newest is None else max(self.newest, newest)
        self.late_lines += sum(1 for e in fresh if e["timestamp"] < self._poll_start)

    def _reference(self) -> int:
        """The newest event's time, unless that lies in the future."""
        if self.newest is None:
            return self._time.earliest()
        return min(self.newest, self._time.now())

    def _scan(self, depth: int, most_empty: int) -> Scan:
        return Scan(Query(start=self._back(depth)), most_empty=most_empty)

    def _back(self, depth: int) -> int:
        return max(self._seen.floor, self._reference() - depth)
