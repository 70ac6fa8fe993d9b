"""How fast to ask: within the quota, slower when throttled, and with full jitter after a failure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

FASTEST = 0.4
SLOWEST = 2.0
# Slower by 2/5 when throttled again and again, a little when once, faster by 3/10 when not: a service
# that refuses three calls in ten at random does not slow the tail down, one that refuses more does.
_SLOW_DOWN = 1.4
_SLOW_DOWN_ONCE = 1.05
_SPEED_UP = 0.7

# The quota of FilterLogEvents, calls a second, in the regions where it is smallest
# (CloudWatch Logs quotas); the window is a little longer than AWS's, as clocks and networks differ.
_QUOTA = 5
_WINDOW = 1.05

# Longest pause after a failure, in seconds; half of it on average.
_LONGEST_THROTTLED = 1.5
_LONGEST_OUTAGE = 1.0


class Pace:
    """The pause between polls, in seconds, adapted to what AWS lets through.

    Args:
        clock: monotonic seconds.
        jitter: a number between 0 and 1, a new one each time.
    """

    def __init__(self, clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        self.interval = FASTEST
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._calls: deque[float] = deque(maxlen=_QUOTA)

    @property
    def gap(self) -> float:
        """The pause between two pages of one range, in seconds: none unless AWS throttles."""
        return self.interval / 2 if self.interval > FASTEST else 0.0

    def until_room(self) -> float:
        """Seconds until another call fits into the quota."""
        if len(self._calls) < _QUOTA:
            return 0.0
        return max(0.0, self._calls[0] + _WINDOW - self._clock())

    def calling(self) -> None:
        """A call is being made."""
        self._calls.append(self._clock())

    def succeeded(self) -> None:
        """A call was answered."""
        self._failures = 0
        self.interval = max(FASTEST, self.interval * _SPEED_UP)

    def failed(self, *, throttled: bool) -> float:
        """A call failed; how long to wait before the next."""
        longest, first = (_LONGEST_THROTTLED, 0.15) if throttled else (_LONGEST_OUTAGE, 0.2)
        if throttled:
            factor = _SLOW_DOWN if self._failures else _SLOW_DOWN_ONCE
            self.interval = min(SLOWEST, self.interval * factor)
        ceiling = min(longest, first * (1 << min(self._failures, 10)))
        self._failures += 1
        return self._jitter() * ceiling
