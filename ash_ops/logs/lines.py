"""The last lines of a range: newest first where the service can, else looking back further."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ash_ops.logs.dump import Dump
from ash_ops.logs.reading import Done, Read, Select, Step, Wait
from ash_ops.logs.scan import SeenIds, in_time_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, Page, Query
    from ash_ops.errors import ReadFailed
    from ash_ops.logs.retry import RetryPolicy

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
