"""What time it is in the emulated world, and how long things take there.

A scenario's past is lived through at the pace of AWS: a start takes half a minute, a pull that times
out six. From then on the world's time is the wall's. Only what a person would wait for is quick, so
that a repair can be watched: a start that goes well, and the failures that a circuit breaker counts.
What is broken stays broken at the pace of AWS.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

_LIVE_PACE = 1 / 400
_SHORTEST_S = 0.01
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass
class Clock:
    """The world's time.

    Attributes:
        now: seconds since the epoch, up to which everything has happened.
        live: whether it is the present, in which waiting is short.
    """

    now: float
    live: bool = True

    def lasts(self, seconds: float) -> float:
        """How long something takes that is waited for and takes ``seconds`` on AWS."""
        return max(_SHORTEST_S, seconds * _LIVE_PACE) if self.live else seconds


CLOCK = Clock(time.time())
"""The one clock of an emulator's process."""

STANDSTILL = threading.RLock()
"""Held by whoever lets the world live on, and by whoever changes what lives in it.

So nobody meets a change half made: between two lines of an UpdateService no rollout is the primary one.
"""


def at_standstill(change: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same change, made while nothing in the world moves on."""

    @wraps(change)
    def make(*arguments: _P.args, **named: _P.kwargs) -> _R:
        with STANDSTILL:
            return change(*arguments, **named)

    return make


def stamp(moment: float) -> str:
    """A moment as the stores keep it."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def seconds(moment: str) -> float:
    """A moment the stores keep, in seconds since the epoch."""
    return datetime.fromisoformat(moment).timestamp()
