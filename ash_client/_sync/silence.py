# Generated from ash_client/_async by `make generate`; edit there.
"""What to do when a stream says nothing: ask about the session, and go on waiting only if it is still at work."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import httpcore

from ash_client._backends import keepalive_options

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

# How long the end of the body may take after the last event, so that its connection can be used again.
DRAIN_SECONDS = 0.05


class SilenceWatch:
    """Stands between the HTTP parser and one connection while a stream is read from it.

    A read that times out inside httpx closes the connection; here it only leads to a question, and the read is taken
    up again. The connection's ``read`` is replaced for this one connection and given back after the stream, which
    works alike for the connections of this package and those of an ``http_client`` the application brought.
    """

    __slots__ = ("_check", "_connection", "_drained_by", "_read", "_seconds")

    def __init__(
        self,
        response: httpx.Response,
        seconds: float | None,
        check: Callable[[], None],
    ) -> None:
        self._seconds = seconds
        self._check = check
        self._drained_by: float | None = None
        self._connection: Any = None
        connection = response.extensions.get("network_stream")
        if connection is not None and response.extensions.get("http_version") == b"HTTP/1.1":
            self._attach(connection)

    def _attach(self, connection: Any) -> None:
        self._read = connection.read
        # A class with slots has no room for it: then the client's own read timeout stays in force.
        with contextlib.suppress(AttributeError):
            connection.read = self._patient_read
            self._connection = connection
        sock = connection.get_extra_info("socket")
        for option in keepalive_options() if sock is not None else ():
            with contextlib.suppress(OSError):
                sock.setsockopt(*option)

    @property
    def attached(self) -> bool:
        """Whether reads go through this watch."""
        return self._connection is not None

    def _patient_read(
        self,
        max_bytes: int,
        timeout: float | None = None,
    ) -> bytes:
        while True:
            try:
                data: bytes = self._read(max_bytes, self._patience())
            except httpcore.ReadTimeout:
                if self._drained_by is not None:
                    raise
                self._check()
            else:
                return data

    def _patience(self) -> float | None:
        if self._drained_by is None:
            return self._seconds
        return max(0.001, self._drained_by - time.monotonic())

    def drain(self) -> None:
        """From here on wait only a moment, and ask nobody."""
        self._drained_by = time.monotonic() + DRAIN_SECONDS

    def detach(self) -> None:
        """Give the connection its own read back."""
        if self._connection is not None:
            with contextlib.suppress(AttributeError):
                del self._connection.read
