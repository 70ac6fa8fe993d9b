"""Rate limits per source address, in fixed windows, as ``@fastify/rate-limit`` counts them."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_client.testing._http.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Limits:
    """How many requests one source address may make in a window.

    Attributes:
        sessions: Session creations; they are counted apart from all other requests.
        agents: Agent deployments; counted apart, too.
        requests: All other requests together, ``/health`` included.
        window_s: The window's length in seconds. It starts with the first request counted.
    """

    sessions: int = 20
    agents: int = 20
    requests: int = 1500
    window_s: float = 900.0


@dataclass(frozen=True)
class Quota:
    """What one request left of its limit."""

    limit: int
    remaining: int
    reset_s: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """The headers every counted answer carries."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset_s),
        }


class RateLimiter:
    """Counts requests by bucket and source address."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, bucket: str, address: str) -> Quota:
        """Count one request of ``bucket`` (a field of Limits) from ``address``."""
        limit: int = getattr(self._limits, bucket)
        now = self._clock()
        with self._lock:
            started, used = self._windows.get((bucket, address), (now, 0))
            if now - started >= self._limits.window_s:
                started, used = now, 0
            self._windows[bucket, address] = (started, used + 1)
        reset = math.ceil(started + self._limits.window_s - now)
        return Quota(limit, max(0, limit - used - 1), reset, used >= limit)


def too_many_requests(quota: Quota) -> RefusalError:
    """The 429 the plugin sends, with ``retry-after`` in seconds."""
    return RefusalError(
        429,
        {
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": f"Rate limit exceeded, retry in {_in_words(quota.reset_s)}",
        },
        headers=quota.headers() | {"retry-after": str(quota.reset_s)},
    )


def _in_words(seconds: int) -> str:
    """A duration as the ``ms`` package writes it in long form."""
    if seconds >= 60:
        minutes = math.floor(seconds / 60 + 0.5)
        return f"{minutes} minute{'s' if seconds >= 90 else ''}"
    return f"{seconds} second{'s' if seconds > 1 else ''}"
