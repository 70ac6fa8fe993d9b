"""Which failures to sit out, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.errors import ReadFailed
    from ash_ops.logs.pace import Pace

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


class Patience:
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
