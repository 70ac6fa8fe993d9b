"""Printing a range that has an end, from its oldest event to its newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.logs.scan import Scan
from ash_ops.logs.seen import SeenIds
from ash_ops.logs.steps import Done, Read, Step, Wait, Wanted, in_time_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, Page, Query
    from ash_ops.errors import ReadFailed
    from ash_ops.logs.patience import Patience


class Dump:
    """Every wanted event of one range, once, however often its pages have to be read again.

    Args:
        query: the range.
        wanted: whether an event is to be printed.
        patience: what to do about failures.
        clock: monotonic seconds.
    """

    def __init__(
        self, query: Query, *, wanted: Wanted, patience: Patience, clock: Callable[[], float]
    ) -> None:
        self._scan = Scan(query)
        self._wanted = wanted
        self._patience = patience
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
        self._patience.succeeded()
        self._not_before = self._clock() + self._patience.pace.gap
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
        self._not_before = self._clock() + self._patience.retry(error, self._scan)

    def notices(self) -> list[str]:
        """What to tell the user: nothing."""
        return []
