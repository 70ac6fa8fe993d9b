"""How fast to ask: additive speed-up, multiplicative slow-down, full-jitter back-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FASTEST = 0.4
SLOWEST = 2.0
_SLOW_DOWN = 1.5
_SPEED_UP = 0.05

# Longest pause after a failure, in seconds: throttling passes quickly, an outage less so.
_LONGEST_THROTTLED = 2.0
_LONGEST_OUTAGE = 5.0


class Pace:
    """The pause between polls, in seconds, adapted to what AWS lets through.

    0.4 s leaves half of the quota of 5 FilterLogEvents calls a second to others.

    Args:
        jitter: a number between 0 and 1, a new one each time.
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        self.interval = FASTEST
        self._jitter = jitter
        self._failures = 0
        self._throttled = False

    @property
    def gap(self) -> float:
        """The pause between two pages of one range, in seconds."""
        return self.interval / 2

    @property
    def history_gap(self) -> float:
        """The same while nothing else has to be read: none until AWS has asked for less."""
        return self.gap if self._throttled else 0.0

    def succeeded(self) -> None:
        """A call was answered."""
        self._failures = 0
        self.interval = max(FASTEST, self.interval - _SPEED_UP)

    def failed(self, *, throttled: bool) -> float:
        """A call failed; how long to wait before the next."""
        longest, first = (_LONGEST_THROTTLED, 0.2) if throttled else (_LONGEST_OUTAGE, 0.4)
        if throttled:
            self._throttled = True
            self.interval = min(SLOWEST, self.interval * _SLOW_DOWN)
        ceiling = min(longest, first * (1 << min(self._failures, 10)))
        self._failures += 1
        return self._jitter() * ceiling
