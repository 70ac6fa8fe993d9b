"""When to look further back than a poll does, and how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.logs.scan import Scan

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
