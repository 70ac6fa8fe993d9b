"""What is read when while following: how far back a poll looks, and when a sweep is due."""

from __future__ import annotations

from collections.abc import Callable
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


# Seconds between sweeps, for each page one takes: sweeping shall not eat the quota of the polls.
_EVERY = 2.5
_SWEEP_PER_PAGE = 1.0
_DEEP_PER_PAGE = 1.5
# A deep sweep is due after this many seconds, unless it takes more than as many pages.
_DEEP_AT_MOST = 20.0
# On a slow network sweeping shall not take more than half of the time.
_PER_SECOND_TAKEN = 1.0


class Sweeps:
    """One sweep at a time; a deep one whenever it is due, and short ones in between.

    Attributes:
        active: the sweep under way.
        active_is_deep: whether that is a deep one.
        short: whether the next one is expected to take one page.
    """

    def __init__(self, now: float) -> None:
        self.active: Scan | None = None
        self.active_is_deep = False
        self._due = now + _EVERY
        self._deep_due = now + _EVERY
        self._pages = {False: 1, True: 1}
        self._began = now

    @property
    def due(self) -> float:
        """When the next sweep is due, in monotonic seconds."""
        return min(self._due, self._deep_due)

    def deep_is_due(self, now: float) -> bool:
        """Whether the sweep that is due is a deep one."""
        return now >= self._deep_due

    @property
    def short(self) -> bool:
        """Whether the sweep under way has not begun and is expected to take one page."""
        scan = self.active
        return scan is not None and scan.pages == 0 and self._pages[self.active_is_deep] == 1

    def begin(self, scan: Scan, now: float, *, deep: bool) -> None:
        """A sweep starts."""
        self._began = now
        self.active, self.active_is_deep = scan, deep

    def finished(self, now: float) -> None:
        """The sweep under way has read its last page."""
        if self.active is None:
            return
        pages = self.active.pages
        self._pages[self.active_is_deep] = pages
        pause = max(_EVERY, _PER_SECOND_TAKEN * (now - self._began))
        self._due = now + max(pause, _SWEEP_PER_PAGE * self._pages[False])
        if self.active_is_deep:
            per_page = max(min(_DEEP_PER_PAGE * pages, _DEEP_AT_MOST), float(pages))
            self._deep_due = now + max(pause, per_page)
        self.active = None
