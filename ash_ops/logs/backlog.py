"""What is there when following begins: printed as asked, and remembered so as not to come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.logs.lines import LastLines
from ash_ops.logs.reading import Done, Read, Select, Step, Wait
from ash_ops.logs.scan import ENDLESS, Scan, SeenIds, in_time_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.errors import ReadFailed
    from ash_ops.logs.clock import ServerClock
    from ash_ops.logs.retry import RetryPolicy

# What arrived so shortly before the first call counts as arrived after the command was started:
# on a busy machine the start itself takes seconds.
_ARRIVAL_MARGIN = 5_000
# Empty pages on end after which the late window is read: some services always name a next page.
MOST_EMPTY = 60
# Clocks further apart than this make the first range start over with the better time.
_CLOCK_TOLERANCE = 1_000


class Backlog:
    """Reads the whole late window once, and what else was asked for.

    Every event the window holds is remembered. Printed are those stamped at or after ``since``,
    the last ``count`` of them; and always those that arrived after the command was started,
    however late they are.

    Args:
        since: event time in milliseconds since 1970; ``None`` for no beginning.
        count: how many events to print at most; ``None`` for all since then.
        depth: the late window, in milliseconds.
        wanted: which of some events are to be printed.
        retry: what to do about failures.
        server_clock: what time it is at AWS.
        clock: monotonic seconds.

    Attributes:
        seen: the ids of the events of the late window.
        newest: the newest event's time, if there is an event.
        streams: the names of the streams of these events.
    """

    def __init__(
        self,
        *,
        since: int | None,
        count: int | None,
        depth: int,
        wanted: Select,
        retry: RetryPolicy,
        server_clock: ServerClock,
        clock: Callable[[], float],
    ) -> None:
        self._since = since
        self._count = count
        self._depth = depth
        self._wanted = wanted
        self._retry = retry
        self._time = server_clock
        self._clock = clock
        self._not_before = clock()
        self._arrived_since: int | None = None
        self._held: list[Event] = []
        self._older: LastLines | None = None
        self._done = False
        self.newest: int | None = None
        self.streams: set[str] = set()
        self._begin()

    def _begin(self) -> None:
        self._low = self._time.earliest() - self._depth
        earliest = self._since if self._count is None else None
        start = self._low if earliest is None else min(self._low, earliest)
        # A long range may have nothing to show for many pages; a short one that does has no end.
        bounded = start == self._low
        self._scan = Scan(Query(start=start), most_empty=MOST_EMPTY if bounded else ENDLESS)
        self.seen = SeenIds(floor=start)

    @property
    def barren(self) -> int:
        """The longest run of empty pages with events behind it."""
        return self._scan.most_barren

    @property
    def ends(self) -> bool:
        """Whether AWS said that there is no more, and did not only go on with empty pages."""
        return not self._scan.gave_up

    def next_step(self) -> Step:
        """What to do now."""
        if self._done:
            return Done()
        if self._older is not None:
            return self._older.next_step()
        pause = max(self._not_before - self._clock(), self._retry.pace.until_room())
        if pause > 0:
            return Wait(pause)
        self._retry.pace.calling()
        return Read(self._scan.query)

    def receive(self, read: Read, page: Page) -> list[Event]:
        """Take the page that was asked for; the events to print now."""
        if self._older is not None:
            return self._with_older(self._older, read, page)
        self._retry.succeeded()
        if self._starts_too_late(page):
            self._begin()
            return []
        self._not_before = self._clock() + self._retry.pace.gap
        fresh = self.seen.fresh(page.events)
        self._scan.receive(page, len(fresh))
        self.streams.update({event.get("logStreamName") or "" for event in fresh})
        self.newest = max([e["timestamp"] for e in fresh], default=self.newest)
        self._held += self._wanted([event for event in fresh if self._belongs(event)])
        return self._release()

    def failed(self, read: Read, error: ReadFailed) -> None:
        """Take the failure of the call.

        Raises:
            ReadFailed: trying again cannot help.
        """
        if self._older is not None:
            self._older.failed(read, error)
            return
        pause = self._retry.retry(error, self._scan)
        self._not_before = self._clock() + pause

    def _starts_too_late(self, page: Page) -> bool:
        """Whether the first answer shows that this machine's clock is ahead of AWS's."""
        if self._arrived_since is not None:
            return False
        self._time.observe(page)
        self._arrived_since = self._time.earliest() - _ARRIVAL_MARGIN
        return self._time.earliest() - self._depth < self._low - _CLOCK_TOLERANCE

    def _belongs(self, event: Event) -> bool:
        arrived = event.get("ingestionTime") or 0
        if self._arrived_since is not None and arrived >= self._arrived_since:
            return True
        return self._since is None or bool(event["timestamp"] >= self._since)

    def _release(self) -> list[Event]:
        """What may be printed of the events held."""
        if self._count is None:
            return self._release_all()
        self._held = self._last(self._held, self._count)
        if not self._scan.done:
            return []
        missing = self._count - len(self._held)
        if missing > 0 and (self._since is None or self._since < self._low):
            self._search_older(missing)
            return []
        return self._finish()

    def _release_all(self) -> list[Event]:
        ready, self._held = in_time_order(self._held), []
        if self._scan.in_order:
            self._scan.settled |= self.seen.trim(min(self._scan.reached, self._low))
        if self._scan.done:
            self._finish()
        return ready

    def _last(self, events: list[Event], count: int) -> list[Event]:
        """The last ``count`` events, and those that have only just arrived."""
        events = in_time_order(events)
        cut = max(0, len(events) - count)
        arrived = self._arrived_since or 0
        old = [e for e in events[:cut] if (e.get("ingestionTime") or 0) >= arrived]
        return old + events[cut:]

    def _search_older(self, missing: int) -> None:
        self._older = LastLines(
            Query(start=self._since or 0, end=self._low - 1),
            missing,
            self._low,
            wanted=self._wanted,
            retry=self._retry,
            clock=self._clock,
        )

    def _with_older(self, older: LastLines, read: Read, page: Page) -> list[Event]:
        found = older.receive(read, page)
        return found + self._finish() if older.is_over else []

    def _finish(self) -> list[Event]:
        self.seen.forget_before(self._low)
        self._done = True
        ready, self._held = self._held, []
        return ready
