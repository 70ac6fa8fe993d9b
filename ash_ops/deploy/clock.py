"""The time, handed in: so that what waits can be tested without waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct


def pause(seconds: float) -> None:
    """Wait; looked up when it is called, so that a test of all commands can wait less."""
    time.sleep(seconds)


class Clock(Struct, frozen=True):
    """A steady clock in seconds, and a way to wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = pause


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
