"""Printing a range from its oldest event to its newest, in windows of time side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic

from msgspec.structs import replace

from ash_ops.logs.reading import LONGEST_WAIT, Done, Printed, Read, Select, Step, Wait
from ash_ops.logs.scan import Scan, SeenIds, in_time_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, Page, Query
    from ash_ops.errors import ReadFailed
    from ash_ops.logs.retry import RetryPolicy

# As many windows of a long range are read at a time: with pages that take 0.4 s that uses the
# smallest quota up, and more would only take more memory.
SIDE_BY_SIDE = 2
# A page that takes less than this, in seconds, leaves too little of the quota to read ahead with.
_SLOW_PAGE = 0.3
# Pages that a window shall have: a little less than three, as part of a page takes a whole call.
_WINDOW_PAGES = 2.9
# Below so many pages what is left is read as one window.
_FEW_PAGES = 2.0
# Pages after which a window that is read ahead waits for its turn: its lines take memory.
_PAGES_AHEAD = 3
# An empty window makes the next ones so many times as long.
_STRIDE = 4


@dataclass(slots=True, kw_only=True)
class _Window(Generic[Printed]):
    """A part of a range that is read by itself, and what is ready but has to wait for older parts.

    ``before`` is the first event time that belongs to the next window: whether AWS's ``endTime`` is
    still inside of a range is not the same everywhere.
    """

    scan: Scan
    seen: SeenIds
    before: int | None
    not_before: float
    asked_at: float | None = None
    ready: list[Printed] = field(default_factory=list)


class Dump(Generic[Printed]):
    """Every wanted event of one range, once, however often its pages have to be read again.

    A range of more than a few pages that take their time is cut into windows of time that are read side by side, as far
    as the quota has room. Their lines come in order of time all the same: what is read ahead waits,
    ready to be printed, and no more than a few pages are.

    Args:
        query: the range.
        wanted: which of some events are to be printed.
        printed: makes of a page's events what is handed over.
        retry: what to do about failures.
        clock: monotonic seconds.
        now: the time at AWS, in milliseconds since 1970: where a range without end will end.
        side_by_side: how many windows are read at a time.
    """

    def __init__(
        self,
        query: Query,
        *,
        wanted: Select,
        printed: Callable[[list[Event]], list[Printed]],
        retry: RetryPolicy,
        clock: Callable[[], float],
        now: int = 0,
        side_by_side: int = 1,
    ) -> None:
        self._wanted = wanted
        self._printed = printed
        self._retry = retry
        self._clock = clock
        self._end = query.end
        self._last = query.end if query.end is not None else now
        self._most = side_by_side
        # Where the next window begins, and how long a page's worth of time is; in milliseconds.
        self._next: int | None = None
        self._page_span = 0.0
        self._fullest = 1
        self._windows = [self._window(query)]

    @property
    def is_over(self) -> bool:
        """Whether everything was handed over."""
        return not self._windows

    def next_step(self) -> Step:
        """What to do now."""
        if self.is_over:
            return Done()
        now = self._clock()
        pauses = [LONGEST_WAIT]
        for window in self._windows:
            ahead = window is not self._windows[0] and window.scan.pages >= _PAGES_AHEAD
            if window.asked_at is not None or window.scan.done or ahead:
                continue
            # One after the other, pages that take their time keep the quota by themselves.
            room = self._retry.pace.until_room() if len(self._windows) > 1 else 0.0
            pause = max(window.not_before - now, room)
            if pause <= 0:
                return self._ask(window)
            pauses.append(pause)
        if self._next is not None and len(self._windows) < self._most:
            pause = self._retry.pace.until_room()
            if pause <= 0:
                self._open_window(self._next)
                return self._ask(self._windows[-1])
            pauses.append(pause)
        return Wait(min(pauses))

    def receive(self, read: Read, page: Page) -> list[Printed]:
        """Take a page that was asked for; what to print now."""
        window = self._of(read)
        self._retry.succeeded()
        now = self._clock()
        slow = now - (window.asked_at or now) > _SLOW_PAGE
        window.asked_at = None
        window.not_before = now + self._retry.pace.gap
        before, scan = window.before, window.scan
        fresh = window.seen.fresh(page.events)
        if before is not None:
            fresh = [event for event in fresh if event["timestamp"] < before]
        scan.receive(page, len(fresh))
        self._fullest = max(self._fullest, len(page.events))
        if scan.in_order:
            window.seen.pack(scan.reached)
            scan.settled |= window.seen.trim(scan.reached)
        else:
            fresh = in_time_order(fresh)
        wanted = self._wanted(fresh)
        if wanted:
            window.ready += self._printed(wanted)
        if scan.done:
            self._learn(scan)
        elif slow and self._most > 1 and window is self._windows[-1] and self._next is None:
            self._cut(window, page)
        return self._release()

    def failed(self, read: Read, error: ReadFailed) -> None:
        """Take the failure of a call; an expired page token costs a few pages, no events.

        Raises:
            ReadFailed: trying again cannot help.
        """
        window = self._of(read)
        window.asked_at = None
        window.not_before = self._clock() + self._retry.retry(error, window.scan)

    def notices(self) -> list[str]:
        """What to tell the user: nothing."""
        return []

    def _of(self, read: Read) -> _Window[Printed]:
        return next(window for window in self._windows if window.scan is read.scan)

    def _ask(self, window: _Window[Printed]) -> Read:
        window.asked_at = self._clock()
        self._retry.pace.calling()
        return Read(window.scan.query, window.scan)

    def _window(self, query: Query, known: list[Event] | None = None) -> _Window[Printed]:
        window: _Window[Printed] = _Window(
            scan=Scan(query),
            seen=SeenIds(floor=query.start),
            before=self._next,
            not_before=self._clock(),
        )
        window.seen.fresh(known or [])
        return window

    def _cut(self, window: _Window[Printed], page: Page) -> None:
        """End a window that reaches to the end of the range where it has got to.

        The next begins at the same millisecond, as its events may go on.
        """
        scan = window.scan
        if not (page.events and scan.in_order) or page.events[0]["timestamp"] >= scan.reached:
            return
        self._page_span = float(scan.reached - page.events[0]["timestamp"])
        if (self._last - scan.reached) / self._page_span < _FEW_PAGES:
            return
        known = [event for event in page.events if event["timestamp"] == scan.reached]
        self._windows.append(self._window(self._next_query(scan, scan.reached), known))
        if scan.is_interleaved:
            scan.done = True
        else:
            # Perhaps only the first of the streams was read so far, if one comes after the other.
            window.scan = Scan(replace(scan.query, end=scan.reached, token=None))
            window.before = scan.reached

    def _next_query(self, like: Scan, start: int) -> Query:
        """The next window from a time on; the last one ends where the range does."""
        length = max(1, int(self._page_span * _WINDOW_PAGES))
        few = (self._last - start) / self._page_span < _WINDOW_PAGES + 1 / 2
        self._next = None if few else start + length
        end = self._end if self._next is None else self._next
        return replace(like.query, start=start, end=end, token=None, window=like.query.window + 1)

    def _open_window(self, start: int) -> None:
        newest = self._windows[-1].scan
        self._windows.append(self._window(self._next_query(newest, start)))

    def _learn(self, scan: Scan) -> None:
        """How much time a page covers, from a window that was read to its end."""
        end = scan.query.end
        if self._next is not None and end is not None:
            pages = max(scan.events / self._fullest, _WINDOW_PAGES / _STRIDE)
            self._page_span = max(1.0, (end - scan.query.start + 1) / pages)

    def _release(self) -> list[Printed]:
        """What is ready and has nothing older before it."""
        out: list[Printed] = []
        while self._windows:
            first = self._windows[0]
            out += first.ready
            first.ready = []
            if not first.scan.done:
                break
            if len(self._windows) == 1 and self._next is not None:
                self._open_window(self._next)
            del self._windows[0]
        return out
