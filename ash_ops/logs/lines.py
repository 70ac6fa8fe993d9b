"""Printing what is there: a range from its oldest event to its newest, or its last lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ash_ops.logs.reading import Done, Read, Step, Wait, Wanted, in_time_order
from ash_ops.logs.scan import Scan, SeenIds

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, Page, Query
    from ash_ops.errors import ReadFailed
    from ash_ops.logs.retry import RetryPolicy


class Dump:
    """Every wanted event of one range, once, however often its pages have to be read again.

    Args:
        query: the range.
        wanted: whether an event is to be printed.
        retry: what to do about failures.
        clock: monotonic seconds.
    """

    def __init__(
        self, query: Query, *, wanted: Wanted, retry: RetryPolicy, clock: Callable[[], float]
    ) -> None:
        self._scan = Scan(query)
        self._wanted = wanted
        self._retry = retry
        self._clock = clock
        self._seen = SeenIds(floor=query.start)
        self._not_before = clock()

    def next_step(self) -> Step:
        """What to do now."""
        if self._scan.done:
            return Done()
        pause = self._not_before - self._clock()
        return Wait(pause) if pause > 0 else Read(self._scan.query)

    def receive(self, page: Page) -> list[Event]:
        """Take the page that was asked for; the events to print now."""
        self._retry.succeeded()
        self._not_before = self._clock() + self._retry.pace.gap
        self._scan.receive(page)
        events = [event for event in self._seen.fresh(page.events) if self._wanted(event)]
        if self._scan.in_order:
            self._scan.settled |= self._seen.trim(self._scan.reached)
        return events if self._scan.in_order else in_time_order(events)

    def failed(self, error: ReadFailed) -> None:
        """Take the failure of the call; an expired page token costs a few pages, no events.

        Raises:
            ReadFailed: trying again cannot help.
        """
        self._not_before = self._clock() + self._retry.retry(error, self._scan)

    def notices(self) -> list[str]:
        """What to tell the user: nothing."""
        return []


_MINUTE = 60_000
# How far to look back where only "oldest first" is spoken, in milliseconds.
_WINDOWS = (10 * _MINUTE, 120 * _MINUTE, 1440 * _MINUTE, 7 * 1440 * _MINUTE)
_MOST_IDS = 200_000
_LARGEST_PAGE = 10_000


class LastLines:
    """The newest ``count`` wanted events of a range, handed over at its end, oldest first.

    FilterLogEvents answers newest first when ``startFromHead`` is false; a service that does not
    know the parameter is noticed by the order of its answer, or by its refusal.

    Args:
        query: the range to search.
        count: how many events at most.
        now: the time at AWS, in milliseconds since 1970.
        wanted: whether an event counts.
        retry: what to do about failures.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        query: Query,
        count: int,
        now: int,
        *,
        wanted: Wanted,
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
        self._window: Dump | None = None
        self._window_found: list[Event] = []
        self._edge: int | None = None
        self._not_before = clock()
        self._done = count <= 0

    def next_step(self) -> Step:
        """What to do now."""
        if self._done:
            return Done()
        if self._window is not None:
            return self._window.next_step()
        pause = self._not_before - self._clock()
        return Wait(pause) if pause > 0 else Read(self._newest_first.query)

    def receive(self, page: Page) -> list[Event]:
        """Take the page that was asked for; the lines, once all are found."""
        if self._window is not None:
            return self._receive_window(self._window, page)
        self._retry.succeeded()
        self._not_before = self._clock() + self._retry.pace.gap
        fresh = self._newest_first.receive(page)
        if self._newest_first.refuted:
            return self._look_back()
        self._found += [event for event in fresh if self._wanted(event)]
        enough = len(self._found) >= self._count and self._newest_first.proven
        return self._finish() if enough or self._newest_first.done else []

    def failed(self, error: ReadFailed) -> None:
        """Take the failure of the call.

        Raises:
            ReadFailed: trying again cannot help.
        """
        if self._window is not None:
            self._window.failed(error)
            return
        unknown_parameter = error.kind == "failed" and not self._newest_first.started
        if unknown_parameter:
            self._look_back()
            return
        self._not_before = self._clock() + self._retry.retry(error, self._newest_first)

    def notices(self) -> list[str]:
        """What to tell the user: nothing."""
        return []

    def _look_back(self) -> list[Event]:
        """Read the next window further back, oldest first; all lines if there is none."""
        if self._edge is not None and self._edge <= self._range.start:
            return self._finish()
        spans = [span for span in _WINDOWS if self._edge is None or self._now - span < self._edge]
        start = max(self._range.start, self._now - spans[0] if spans else 0)
        end = self._range.end if self._edge is None else self._edge - 1
        self._edge = start
        self._window_found = []
        self._window = Dump(
            replace(self._range, start=start, end=end),
            wanted=self._wanted,
            retry=self._retry,
            clock=self._clock,
        )
        return []

    def _receive_window(self, window: Dump, page: Page) -> list[Event]:
        found = in_time_order(self._window_found + window.receive(page))
        self._window_found = found[-self._count :]
        if not isinstance(window.next_step(), Done):
            return []
        self._found = self._window_found + self._found
        return self._finish() if len(self._found) >= self._count else self._look_back()

    def _finish(self) -> list[Event]:
        self._done = True
        return in_time_order(self._found)[-self._count :]


class _Backwards:
    """One scan from the newest event to the oldest.

    Attributes:
        proven: the answers do come newest first.
        refuted: they come oldest first.
        started: a page has come.
        done: there are no more pages.
    """

    def __init__(self, query: Query, count: int) -> None:
        self._range = replace(query, newest_first=True, limit=min(count, _LARGEST_PAGE))
        self._token: str | None = None
        self._seen = SeenIds()
        self._oldest: int | None = None
        self.proven = self.refuted = self.started = self.done = False

    @property
    def uses_token(self) -> bool:
        return self._token is not None

    @property
    def query(self) -> Query:
        return replace(self._range, token=self._token)

    def receive(self, page: Page) -> list[Event]:
        stamps = [event["timestamp"] for event in page.events]
        if self._oldest is not None:
            stamps.insert(0, self._oldest)
        if not self.proven:
            self.refuted = any(later > earlier for earlier, later in pairwise(stamps))
            self.proven = not self.refuted and len(set(stamps)) > 1
        self._oldest = min(stamps, default=self._oldest)
        self.started = True
        self.done = page.token is None or (page.token == self._token and not page.events)
        self._token = page.token
        if len(self._seen) > _MOST_IDS:
            self._seen = SeenIds()
        return self._seen.fresh(page.events)

    def start_over(self) -> None:
        """Forget the page token, and go on from the oldest event read."""
        self._token = None
        if self.proven and self._oldest is not None:
            self._range = replace(self._range, end=self._oldest)
