# Generated from ash_client/_async by `make generate`; edit there.
"""What to do when a stream says nothing: ask about the session, and go on waiting only if it is still at work."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import httpcore

from ash_client._transport.options import keepalive_options

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

# How long the end of the body may take after the last event, so that its connection can be used again.
DRAIN_SECONDS = 0.05


class Silence:
    """How long each read of a stream waits, and what follows.

    A read that times out inside httpx closes the connection; here it only leads to a question, and the read is taken
    up again. What httpx itself reads of the stream is read so too: the connection's ``read`` is ours for that long,
    which works alike for the connections of this package and those of an ``http_client`` the application brought.
    """

    __slots__ = ("_check", "_connection", "_ends_at", "_read", "_seconds")

    def __init__(
        self, response: httpx.Response, seconds: float | None, check: Callable[[], None]
    ) -> None:
        self._seconds = seconds
        self._check = check
        self._ends_at: float | None = None
        self._read: Any = None
        known = response.extensions.get("http_version") == b"HTTP/1.1"
        self._connection: Any = response.extensions.get("network_stream") if known else None
        sock: Any = None
        if self._connection is not None:
            sock = self._connection.get_extra_info("socket")
        for option in keepalive_options() if sock is not None else ():
            with contextlib.suppress(OSError):
                sock.setsockopt(*option)

    def outlast(self, read: Callable[[float | None], bytes]) -> bytes:
        """Read, however long it takes while the session is at work.

        Raises:
            StreamInterrupted: It no longer is.
        """
        while True:
            timeout = self._seconds
            if self._ends_at is not None:
                timeout = max(0.001, self._ends_at - time.monotonic())
            try:
                return read(timeout)
            except httpcore.ReadTimeout:
                if self._ends_at is not None:
                    raise
                self._check()

    def borrow(self) -> None:
        """Let httpx read in this way too."""
        if self._connection is not None:
            self._read, self._connection.read = self._connection.read, self._read_for_httpx

    def _read_for_httpx(self, max_bytes: int, timeout: float | None = None) -> bytes:
        def read(seconds: float | None) -> bytes:
            data: bytes = self._read(max_bytes, seconds)
            return data

        return self.outlast(read)

    def end(self, seconds: float = DRAIN_SECONDS) -> bool:
        """From here on wait only a moment, and ask nobody. False where it could take longer all the same."""
        self._ends_at = time.monotonic() + seconds
        return self._connection is not None

    def give_back(self) -> None:
        """Give the connection its own read back."""
        if self._read is not None:
            vars(self._connection).pop("read", None)
        self._read = self._connection = None  # the next stream's, perhaps
