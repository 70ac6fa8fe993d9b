"""Saying when the tail is behind, why, and when it has caught up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.logs.patience import reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.errors import ReadFailed

_BEHIND_AFTER = 5.0
# These last until someone does something, so they are said at once.
_SAY_AT_ONCE = frozenset({"expired", "refused", "denied", "missing"})


class Progress:
    """Notices of one tail: each said once, not once a failure.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._current = clock()
        self._behind = False
        self._said: set[str] = set()
        self._pending: list[str] = []

    def polled(self) -> None:
        """Everything up to now was read."""
        now = self._clock()
        if self._behind:
            self._pending.append(f"caught up after {now - self._current:.0f} s; nothing was lost")
        self._current, self._behind = now, False
        self._said.clear()

    def hindered(self, error: ReadFailed) -> None:
        """A call failed."""
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
