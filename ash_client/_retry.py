"""When a request may be made again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ash_client._wire.headers import retry_after_seconds
from ash_client.errors import AshError, ConnectionFailed, RequestTimeout, StatusError

if TYPE_CHECKING:
    from collections.abc import Callable

# A GET or DELETE can be made again after any of these; each is answered before or instead of the work.
RETRIED_STATUSES = frozenset({429, 502, 503, 504})
# A message only after these, which the server or its load balancer answers before it has taken the message.
MESSAGE_RETRIED_STATUSES = frozenset({429, 503})


@dataclass(frozen=True)
class RetryPolicy:
    """Full-jitter exponential back-off (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).

    Attributes:
        max_retries: Further attempts after the first.
        base: Upper bound of the first wait, in seconds; it doubles with each attempt.
        cap: Upper bound of any wait. A ``Retry-After`` beyond it is not waited for: the error is raised at once.
        jitter: Source of numbers in [0, 1).
    """

    max_retries: int = 2
    base: float = 0.5
    cap: float = 30.0
    jitter: Callable[[], float] = field(default=random.random)

    def wait_before_retry(self, error: AshError, attempt: int, *, idempotent: bool) -> float | None:
        """Seconds to wait before attempt ``attempt + 1``; None when the request must not be made again."""
        if attempt >= self.max_retries or not _may_repeat(error, idempotent=idempotent):
            return None
        asked = retry_after_seconds(error.headers) if isinstance(error, StatusError) else None
        if asked is None:
            return self.jitter() * min(self.cap, self.base * 2.0**attempt)
        return asked if asked <= self.cap else None


def _may_repeat(error: AshError, *, idempotent: bool) -> bool:
    if isinstance(error, StatusError):
        return error.status in (RETRIED_STATUSES if idempotent else MESSAGE_RETRIED_STATUSES)
    if isinstance(error, ConnectionFailed | RequestTimeout):
        return not error.sent or (idempotent and isinstance(error, ConnectionFailed))
    return False
