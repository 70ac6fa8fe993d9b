"""What is read when while following: how far back a poll looks, and whose turn it is.

Three ranges are read again and again: the newest seconds (a poll), the last half minute (a sweep)
and the whole late window (a deep sweep). Each is due some time after it was last read. When several
are due, or are so long that they never end before they are due again, they take turns page by page
in fixed shares of the calls, of which a poll has three fifths and each sweep one; the one that has
had the least for its share goes on. So none waits for another's end: a short sweep interrupts a
deep one, and what one does not need is the others'.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.logs.scan import Scan

# The log driver's flush of 5 s (moby, daemon/logger/awslogs, defaultForceFlushInterval) and the way.
DEEPEST = 8_000
_SHALLOWEST = 2_000
_MARGIN = 1_500
# Seconds for which the latest event counts.
_MEMORY = 30.0


class PollDepth:
    """8 s while that costs one page; else what the events of the last half minute needed.

    Whatever comes later than that is a sweep's find, and makes the next polls look deeper.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._latest = [DEEPEST, 0]
        self._turned = clock()
        self._expensive = False

    @property
    def milliseconds(self) -> int:
        """How far before the newest event a poll begins."""
        if not self._expensive:
            return DEEPEST
        return min(DEEPEST, max(_SHALLOWEST, max(self._latest) + _MARGIN))

    def polled(self, pages: int) -> None:
        """A poll took so many pages; one that was shallow stays so until it is cheap again."""
        self._expensive = pages > 1 or (self._expensive and self.milliseconds < DEEPEST)

    def found(self, late: int) -> None:
        """A new event was so many milliseconds behind the newest; at most ``DEEPEST``."""
        now = self._clock()
        if now - self._turned > _MEMORY:
            self._turned = now
            self._latest = [self._latest[1], 0]
        self._latest[1] = max(self._latest[1], late)


class Range(Enum):
    """What is read again and again."""

    POLL = "poll"
    SWEEP = "sweep"
    DEEP = "deep sweep"


# Of the calls, when there are fewer than wanted.
_SHARES = {Range.POLL: 0.6, Range.SWEEP: 0.2, Range.DEEP: 0.2}
# Seconds from the end of a sweep to the next, and more for each page that it took.
_PAUSES = {Range.SWEEP: (1.0, 0.4), Range.DEEP: (2.5, 0.2)}
# Pages of its share that a range may catch up on: a poll shall begin at once.
_CREDIT = {Range.POLL: 4.0}
# Pages divided by its share that a poll may have more than its due while it finds new events.
_LEAD = 5.0


class Schedule:
    """Whose turn it is.

    Args:
        now: monotonic seconds.

    Attributes:
        merged: the deep sweep stands for all three, as it costs hardly more than a poll.
    """

    def __init__(self, now: float) -> None:
        self.merged = False
        self._scans: dict[Range, Scan] = {}
        self._due = {kind: now + _PAUSES.get(kind, (0.0, 0.0))[0] for kind in Range}
        # Pages had, divided by the share; and that of the range which had the last page.
        self._had = dict.fromkeys(Range, 0.0)
        self._turn = 0.0
        self._news = False

    def under_way(self, kind: Range) -> Scan | None:
        """The scan of a range that was begun and has not ended."""
        return self._scans.get(kind)

    def next(self, now: float) -> Range | None:
        """The range to go on with, or to begin; ``None`` while none is due."""
        kinds = (Range.DEEP,) if self.merged else tuple(Range)
        waiting = [k for k in Range if k in self._scans or (k in kinds and now >= self._due[k])]
        first = min(waiting, key=self._had.__getitem__, default=None)
        if self._news and first is not None and Range.POLL in self._scans:
            ahead = self._had[Range.POLL] - self._had[first]
            return Range.POLL if ahead < _LEAD else first
        return first

    def due_in(self, now: float) -> float:
        """Seconds until a range is due."""
        due = self._due[Range.DEEP] if self.merged else min(self._due.values())
        return due - now

    def poll_due_in(self, now: float) -> float | None:
        """Seconds until a poll is due; ``None`` if it is due already, or none is to come."""
        pause = self._due[Range.POLL] - now
        return None if self.merged or pause <= 0 else pause

    def begin(self, kind: Range, scan: Scan) -> None:
        """A range is read from its beginning. Who rested has no claim to what others had meanwhile."""
        self._had[kind] = max(self._had[kind], self._turn - _CREDIT.get(kind, 0.0))
        self._scans[kind] = scan

    def brought(self, kind: Range, fresh: int) -> None:
        """A page of a range had so many new events: a poll that has some goes on at once."""
        if kind is Range.POLL:
            self._news = fresh > 0

    def asked(self, kind: Range) -> None:
        """A page of a range was asked for."""
        self._turn = self._had[kind]
        self._had[kind] += 1 / _SHARES[kind]

    def finished(self, kind: Range, now: float, interval: float) -> None:
        """A range was read to its end.

        Args:
            kind: which one.
            now: monotonic seconds.
            interval: seconds between two polls.
        """
        pages = self._scans.pop(kind).pages
        pause, per_page = _PAUSES.get(kind, (interval, 0.0))
        if self.merged:
            pause, per_page = interval, 0.0
        self._due[kind] = now + max(pause, per_page * pages)
