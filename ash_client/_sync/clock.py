# Generated from ash_client/_async by `make generate`; edit there.
"""Time as a client sees it, so that a test can bring its own."""

from __future__ import annotations

import time


class Clock:
    """What a client asks when it waits: between attempts, and in the ``wait_for_`` helpers."""

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)
