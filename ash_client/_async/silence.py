"""What to do when a stream says nothing: ask about the session, and go on waiting only if it is still at work."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import httpcore

from ash_client._async.transport import AsyncConnection
from ash_client._backends import keepalive_options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

# How long the end of the body may take after the last event, so that its connection can be used again.
DRAIN_SECONDS = 0.05


class AsyncSilenceWatch:
    """Has the last word on how long a read of one stream's connection waits.

    A read that times out inside httpx closes the connection; here it only leads to a question, and the read is taken
    up again. The ``read`` of the connection is replaced while the stream lasts, which works alike for the connections
    of this package and those of an ``http_client`` the application brought.
    """

    __slots__ = ("_check", "_connection", "_drained_by", "_read", "_seconds")

    def __init__(
        self, response: httpx.Response, seconds: float | None, check: Callable[[], Awaitable[None]]
    ) -> None:
        self._seconds = seconds
        self._check = check
        self._drained_by: float | None = None
        connection: Any = response.extensions.get("network_stream")
        self._connection = (
            connection.inner if isinstance(connection, AsyncConnection) else connection
        )
        if response.extensions.get("http_version") == b"HTTP/1.1" and connection is not None:
            self._read = self._connection.read
            self._connection.read = self._read_patiently
            sock = connection.get_extra_info("socket")
            for option in keepalive_options() if sock is not None else ():
                with contextlib.suppress(OSError):
                    sock.setsockopt(*option)

    async def _read_patiently(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            timeout = self._seconds
            if self._drained_by is not None:
                timeout = max(0.001, self._drained_by - time.monotonic())
            try:
                data: bytes = await self._read(max_bytes, timeout)
            except httpcore.ReadTimeout:
                if self._drained_by is not None:
                    raise
                await self._check()
            else:
                return data

    def drain(self) -> bool:
        """From here on wait only a moment, and ask nobody. False where no read passes here."""
        self._drained_by = time.monotonic() + DRAIN_SECONDS
        return self._connection is not None

    def detach(self) -> None:
        """Give the connection its own read back."""
        with contextlib.suppress(AttributeError):
            del self._connection.read
