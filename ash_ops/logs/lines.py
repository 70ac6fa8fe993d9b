"""Printing what is there: a range from its oldest event to its newest, or its last lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Generic

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
# A page that takes less than this, in seconds, leaves nothing of the quota to read ahead with.
_SLOW_PAGE = 0.2
# Pages that a window shall have: a little less than three, as part of a page takes a whole call.
_WINDOW_PAGES = 2.9
# Below so many pages what is left is read as one window.
_FEW_PAGES = 2.0
# Pages after which a window that is read ahead waits for its turn: its lines take memory.
_PAGES_AHEAD = 3
# An empty window makes the next ones so many times as long.
_STRIDE = 4
_MINUTE = 60_000
# How far to look back where only "oldest first" is spoken, in milliseconds.
_WINDOWS = (10 * _MINUTE, 120 * _MINUTE, 1440 * _MINUTE, 7 * 1440 * _MINUTE)
_MOST_IDS = 200_000
_LARGEST_PAGE = 10_000


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


class LastLines:
    """The newest ``count`` wanted events of a range, handed over at its end, oldest first.

    FilterLogEvents answers newest first when ``startFromHead`` is false; a service that does not
    know the parameter is noticed by the order of its answer, or by its refusal.

    Args:
        query: the range to search.
        count: how many events at most.
        now: the time at AWS, in milliseconds since 1970.
        wanted: which of some events count.
        retry: what to do about failures.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        query: Query,
        count: int,
        now: int,
        *,
        wanted: Select,
        retry: RetryPolicy,
        clock: Callable[[], float],
    ) -> None:
        self._range = query
        self._count = count
        self._now = min(now, query.end) if query.end is not None else now
        self._wanted = wanted
        self._retry = retry
        self._clock = clock
        self._found: list[Event] = []
        self._newest_first = _Backwards(query, count)
        self._window: Dump[Event] | None = None
        self._window_found: list[Event] = []
        # The oldest time that was looked at, and the one that the window now read ends before.
        self._edge: int | None = None
        self._before: int | None = None
        self._not_before = clock()
        self._lines: list[Event] | None = None if count > 0 else []

    @property
    def is_over(self) -> bool:
        """Whether the lines were handed over."""
        return self._lines is not None

    def next_step(self) -> Step:
        """What to do now."""
        if self.is_over:
            return Done()
        if self._window is not None:
            return self._window.next_step()
        pause = self._not_before - self._clock()
        return Wait(pause) if pause > 0 else Read(self._newest_first.query)

    def receive(self, read: Read, page: Page) -> list[Event]:
        """Take the page that was asked for; the lines, once all are found."""
        if self._window is not None:
            self._receive_window(self._window, read, page)
            return self._lines or []
        self._retry.succeeded()
        self._not_before = self._clock() + self._retry.pace.gap
        backwards = self._newest_first
        fresh = backwards.receive(page)
        if backwards.refuted:
            self._look_back()
        else:
            # Once more: which of these lines belong together shows when all are there.
            self._found = self._wanted(self._wanted(fresh[::-1]) + self._found)
            self._decide(backwards)
        return self._lines or []

    def failed(self, read: Read, error: ReadFailed) -> None:
        """Take the failure of the call.

        Raises:
            ReadFailed: trying again cannot help.
        """
        if self._window is not None:
            self._window.failed(read, error)
            return
        unknown_parameter = error.kind == "failed" and not self._newest_first.started
        if unknown_parameter:
            self._look_back()
            return
        self._not_before = self._clock() + self._retry.retry(error, self._newest_first)

    def notices(self) -> list[str]:
        """What to tell the user: nothing."""
        return []

    def _decide(self, backwards: _Backwards) -> None:
        """Whether that is all, or more has to be read."""
        enough = len(self._found) >= self._count
        if backwards.done and not backwards.proven and len(self._found) > 1:
            # All have one time stamp, which does not tell in which order they came.
            self._found = []
            self._open_window(self._range.start, self._range.end, backwards.oldest)
        elif backwards.done or (enough and backwards.proven):
            self._finish()

    def _look_back(self) -> None:
        """Read the next window further back, oldest first, if there is one."""
        if self._edge is None:
            self._found = []
        elif self._edge <= self._range.start:
            self._finish()
            return
        spans = [span for span in _WINDOWS if self._edge is None or self._now - span < self._edge]
        start = max(self._range.start, self._now - spans[0] if spans else 0)
        self._open_window(start, self._range.end if self._edge is None else self._edge, start)

    def _open_window(self, edge: int, end: int | None, start: int | None) -> None:
        self._before = self._edge
        self._edge = edge
        self._window_found = []
        self._window = Dump(
            replace(self._range, start=edge if start is None else start, end=end),
            wanted=self._wanted,
            printed=list,
            retry=self._retry,
            clock=self._clock,
        )

    def _receive_window(self, window: Dump[Event], read: Read, page: Page) -> None:
        new = window.receive(read, page)
        if self._before is not None:
            new = [event for event in new if event["timestamp"] < self._before]
        found = in_time_order(self._window_found + new)
        self._window_found = found[-self._count :]
        if not window.is_over:
            return
        self._found = self._window_found + self._found
        if len(self._found) >= self._count:
            self._finish()
        else:
            self._look_back()

    def _finish(self) -> None:
        self._lines = in_time_order(self._found)[-self._count :]


class _Backwards:
    """One scan from the newest event to the oldest.

    Attributes:
        proven: the answers do come newest first.
        refuted: they come oldest first.
        started: a page has come.
        done: there are no more pages.
        oldest: the oldest event's time, if there was an event.
    """

    def __init__(self, query: Query, count: int) -> None:
        self._range = replace(query, newest_first=True, limit=min(count, _LARGEST_PAGE))
        self._token: str | None = None
        self._seen = SeenIds()
        self.oldest: int | None = None
        self.proven = self.refuted = self.started = self.done = False

    @property
    def uses_token(self) -> bool:
        return self._token is not None

    @property
    def query(self) -> Query:
        return replace(self._range, token=self._token)

    def receive(self, page: Page) -> list[Event]:
        stamps = [event["timestamp"] for event in page.events]
        if self.oldest is not None:
            stamps.insert(0, self.oldest)
        if not self.proven:
            self.refuted = any(later > earlier for earlier, later in pairwise(stamps))
            self.proven = not self.refuted and len(set(stamps)) > 1
        self.oldest = min(stamps, default=self.oldest)
        self.started = True
        if len(self._seen) > _MOST_IDS:
            self._seen = SeenIds()
        fresh = self._seen.fresh(page.events)
        self.done = page.token is None or (page.token == self._token and not fresh)
        self._token = page.token
        return fresh

    def start_over(self) -> None:
        """Forget the page token, and go on from the oldest event read."""
        self._token = None
        if self.proven and self.oldest is not None:
            self._range = replace(self._range, end=self.oldest)
