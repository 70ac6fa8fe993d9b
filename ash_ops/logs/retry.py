"""Which failures to sit out and for how long, how fast to ask, and what to say meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ash_ops.aws.logs import Page
    from ash_ops.errors import ReadFailed
    from ash_ops.logs.clock import ServerClock


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

# Others may use the quota as well. Whoever is refused more than so large a share of its calls
# (weighted, the latest most) makes do with less of it, a step a call, down to a third; with fewer
# refused it takes more again. What a service refuses at random stays below.
_WEIGHT = 0.1
_MANY, _FEW = 0.5, 0.4
_LESS, _MORE = 1.1, 0.95
_LEAST = 3.0

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
        self._refused = 0.0
        self._stretch = 1.0

    @property
    def gap(self) -> float:
        """The pause between two pages of one range, in seconds: none unless AWS throttles."""
        return self.interval / 2 if self.interval > FASTEST else 0.0

    def until_room(self, *, evenly: bool = False) -> float:
        """Seconds until another call fits into the quota.

        Args:
            evenly: not several at once, after which there would be no room for a while.
        """
        room = 0.0
        if len(self._calls) == _QUOTA:
            room = self._calls[0] + self._window - self._clock()
        if evenly and self._calls:
            room = max(room, self._calls[-1] + self._window / _QUOTA - self._clock())
        return max(0.0, room)

    @property
    def _window(self) -> float:
        return _WINDOW * self._stretch

    def calling(self) -> None:
        """A call is being made."""
        self._calls.append(self._clock())

    def succeeded(self) -> None:
        """A call was answered."""
        self._failures = 0
        self._refused *= 1 - _WEIGHT
        if self._refused < _FEW:
            self._stretch = max(1.0, self._stretch * _MORE)
        self.interval = max(FASTEST, self.interval * _SPEED_UP)

    def failed(self, *, throttled: bool) -> float:
        """A call failed; how long to wait before the next."""
        longest, first = (_LONGEST_THROTTLED, 0.15) if throttled else (_LONGEST_OUTAGE, 0.2)
        if throttled:
            self._refused += _WEIGHT * (1 - self._refused)
            if self._refused > _MANY:
                self._stretch = min(_LEAST, self._stretch * _LESS)
            # What was refused took nothing of the quota.
            if self._calls:
                self._calls.pop()
            factor = _SLOW_DOWN if self._failures else _SLOW_DOWN_ONCE
            self.interval = min(SLOWEST, self.interval * factor)
        ceiling = min(longest, first * (1 << min(self._failures, 10)))
        self._failures += 1
        return self._jitter() * ceiling


# Trying again changes these only if someone changes something at AWS.
_HOPELESS = frozenset({"denied", "refused", "missing", "failed"})
# These say nothing about the page token that was sent.
_PASSING = frozenset({"throttled", "timeout", "unreachable", "unavailable"})
_OUTAGE_SECONDS = 30.0
# An address that has never answered is more likely wrong than out of order.
_NEVER_REACHED_SECONDS = 6.0
_THROTTLED_SECONDS = 300.0

_ADVICE = {
    "throttled": "AWS throttles the calls",
    "expired": "the credentials have expired; renew them (for instance `aws sso login`)",
    "refused": "AWS refuses the credentials; renew them",
    "denied": "AWS denies the call; it was allowed before",
    "missing": "the log group is gone",
}


class Paged(Protocol):
    """A scan that may lose its page token."""

    @property
    def uses_token(self) -> bool:
        """Whether the next call depends on a page token."""

    def start_over(self) -> None:
        """Forget the page token."""


class RetryPolicy:
    """Decides after each failure: wait so long, or give up.

    Following gives up only where the first call shows that it was asked for in vain; after one
    success never. A dump gives up when nothing was answered for 30 s (throttled: 5 minutes; an
    address that never answered: 6 s).

    Args:
        pace: what slows down when AWS throttles.
        clock: monotonic seconds.
        follow: whether this reading has no end.
        wait_for_group: whether a log group that is not there yet is waited for.
    """

    def __init__(
        self,
        pace: Pace,
        clock: Callable[[], float],
        *,
        follow: bool = False,
        wait_for_group: bool = False,
    ) -> None:
        self.pace = pace
        self._clock = clock
        self._follow = follow
        self._wait_for_group = wait_for_group
        self._succeeded = False
        self._since: float | None = None

    def succeeded(self) -> None:
        """A call was answered."""
        self._succeeded = True
        self._since = None
        self.pace.succeeded()

    def failed(self, error: ReadFailed, *, hopeful: bool = False) -> float:
        """How many seconds to wait before trying again.

        Args:
            error: what happened.
            hopeful: the next call will not be the same one, so even a refusal may pass.

        Raises:
            ReadFailed: trying again cannot help.
        """
        now = self._clock()
        self._since = now if self._since is None else self._since
        if not hopeful and self._is_over(error, now - self._since):
            raise error
        return self.pace.failed(throttled=error.kind == "throttled")

    def retry(self, error: ReadFailed, scan: Paged) -> float:
        """How many seconds to wait before a scan's next call; its page token may be at fault.

        Raises:
            ReadFailed: trying again cannot help.
        """
        suspect = scan.uses_token and error.kind not in _PASSING
        pause = self.failed(error, hopeful=suspect)
        if suspect:
            scan.start_over()
        return pause

    def _is_over(self, error: ReadFailed, seconds: float) -> bool:
        if error.kind == "missing" and self._wait_for_group:
            return False
        if error.kind in _HOPELESS:
            return not (self._follow and self._succeeded)
        return not self._follow and seconds > self._limit(error.kind)

    def _limit(self, kind: str) -> float:
        if kind in ("unreachable", "timeout") and not self._succeeded:
            return _NEVER_REACHED_SECONDS
        return _THROTTLED_SECONDS if kind == "throttled" else _OUTAGE_SECONDS


def reason(error: ReadFailed) -> str:
    """A failure in half a sentence."""
    return _ADVICE.get(error.kind) or f"no answer from AWS ({error.code}: {error.message})"


_BEHIND_AFTER = 5.0
# So long nothing is ever waited for: this machine slept, or the terminal was held.
_GAP = 30.0
# These last until someone does something, so they are said at once.
_SAY_AT_ONCE = frozenset({"expired", "refused", "denied", "missing"})


class Progress:
    """Notices of one tail: each said once, not once a failure.

    Args:
        clock: monotonic seconds.
        server_clock: this machine's time, and AWS's.
    """

    def __init__(self, clock: Callable[[], float], server_clock: ServerClock) -> None:
        self._clock = clock
        self._wall = server_clock.wall
        self._current = clock()
        self._answered_at = self._wall()
        self._server_time: float | None = None
        self._behind = False
        self._said: set[str] = set()
        self._pending: list[str] = []

    def answered(self, page: Page) -> None:
        """A call was answered; a gap since the last answer is said, and that it is being read."""
        now, before = self._wall(), self._answered_at
        self._answered_at = now
        told, self._server_time = self._server_time, page.server_time or self._server_time
        gap = now - before
        at_aws = None if told is None or page.server_time is None else page.server_time - told
        # A clock that was set is no gap; AWS's goes on as before then.
        is_gap = at_aws is None or abs(at_aws / 1000 - gap) < _GAP / 2
        if gap > _GAP and is_gap and not self._said:
            self._behind = True
            self._said.add("gap")
            self._pending.append(
                f"nothing was read for {gap:.0f} s (this machine slept, or its output was held): "
                "reading what was written meanwhile"
            )

    def polled(self) -> None:
        """Everything up to now was read."""
        now = self._clock()
        if self._behind:
            # While this machine sleeps its clock stands still.
            after = "" if "gap" in self._said else f" after {now - self._current:.0f} s"
            self._pending.append(f"caught up{after}; nothing was lost")
        self._current, self._behind = now, False
        self._said.clear()

    def hindered(self, error: ReadFailed) -> None:
        """A call failed."""
        self._answered_at = self._wall()
        if error.kind in _SAY_AT_ONCE:
            self._say(reason(error))
        else:
            self.check(reason(error))

    def check(self, why: str = "there is more to read than AWS hands out at a time") -> None:
        """Say so if the last complete poll is too long ago."""
        if self._clock() - self._current > _BEHIND_AFTER:
            self._say(why)

    def notices(self) -> list[str]:
        """What was not said yet."""
        pending, self._pending = self._pending, []
        return pending

    def _say(self, why: str) -> None:
        if why not in self._said:
            self._said.add(why)
            self._behind = True
            self._pending.append(f"behind: {why}; catching up as soon as possible")
