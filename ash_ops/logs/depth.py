"""How far back a poll has to look, learnt from how late the events come."""

from __future__ import annotations

from collections.abc import Callable

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
