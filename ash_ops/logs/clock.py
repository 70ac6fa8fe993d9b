"""What time it is at AWS, although each clock that could tell may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.aws.logs import Page

# AWS refuses signatures of another time than this, in milliseconds (Signature Version 4).
_WRONG_AT_MOST = 900_000

Clock = Callable[[], float]


class ServerClock:
    """The median of three clocks, so that one wrong one changes nothing.

    This machine's clock, the answers' ``Date`` header, and the newest ingestion time (which AWS
    stamps, and which is never later than AWS's now). Where AWS sends no ingestion times, the
    earlier of the other two: too early costs a longer read, too late would cost events.

    Args:
        wall: this machine's time, in seconds since 1970.
        monotonic: seconds that no one sets.
    """

    def __init__(self, wall: Clock, monotonic: Clock) -> None:
        self.wall = wall
        self._monotonic = monotonic
        # Each is a time in milliseconds less the monotonic milliseconds at which it was seen.
        self._date: float | None = None
        self._ingested: float | None = None
        self._answered = False

    def observe(self, page: Page) -> None:
        """Learn from an answer."""
        self._answered = True
        elapsed = self._monotonic() * 1000
        if page.server_time is not None:
            self._date = page.server_time - elapsed
        if page.events:
            newest = max(event.get("ingestionTime") or 0 for event in page.events)
            if newest and (self._ingested is None or newest - elapsed > self._ingested):
                self._ingested = newest - elapsed

    def now(self) -> int:
        """The time at AWS in milliseconds since 1970."""
        elapsed = self._monotonic() * 1000
        local = self.wall() * 1000
        known = [local, *(o + elapsed for o in (self._date, self._ingested) if o is not None)]
        known.sort()
        return int(known[1] if len(known) == 3 else known[0])

    def earliest(self) -> int:
        """The earliest that it may be: where no answer tells the time, this machine may be ahead."""
        alone = self._answered and self._date is None and self._ingested is None
        return self.now() - (_WRONG_AT_MOST if alone else 0)
