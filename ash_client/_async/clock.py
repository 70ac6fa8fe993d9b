"""Time as a client sees it, so that a test can bring its own."""

from __future__ import annotations

import time

import anyio


class AsyncClock:
    """What a client asks when it waits: between attempts, and in the ``wait_for_`` helpers."""

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        await anyio.sleep(seconds)
