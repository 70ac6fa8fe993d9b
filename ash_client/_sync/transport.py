# Generated from ash_client/_async by .ci/unasync.py; edit there.
"""httpx's own transport, on connections that hand the body of an event stream over (see ``_chunks``)."""

from __future__ import annotations

import contextlib
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
from httpcore import SyncBackend

from ash_client._backends import (
    guard,
    keepalive_options,
    plug_in,
)
from ash_client._chunks import StreamBody
from ash_client._transport_options import transport_options

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_READ = 256 * 1024
# How long the end of the body may take after the last event, so that its connection can be used again.
DRAIN_SECONDS = 0.05


class Connection(httpcore.NetworkStream):
    """One connection: the HTTP parser reads it through ``read``, an event stream its body through ``read_body``.

    A read that times out inside httpx closes the connection. While a stream lasts it only leads to a question, asked
    through ``check``, and the read is taken up again.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._body = StreamBody()
        self._seconds: float | None = None
        self._check: Callable[[], None] | None = None
        self._drained_by: float | None = None
        self._lender: Any = None

    @classmethod
    def of(cls, response: httpx.Response) -> Connection | None:
        """The connection of an answer, even an ``http_client``'s own; None without one, or with many answers on it."""
        connection: Any = response.extensions.get("network_stream")
        if connection is None or response.extensions.get("http_version") != b"HTTP/1.1":
            return None
        if isinstance(connection, cls):
            return connection
        borrowed = cls(SimpleNamespace(read=connection.read))
        borrowed._lender, connection.read = connection, borrowed.read
        return borrowed

    def begin_stream(self, seconds: float | None, check: Callable[[], None]) -> None:
        """From here on ask after so many seconds of silence; None: never."""
        self._seconds, self._check, self._drained_by = seconds, check, None
        sock = (self._lender or self._inner).get_extra_info("socket")
        for option in keepalive_options() if sock is not None else ():
            with contextlib.suppress(OSError):
                sock.setsockopt(*option)

    def drain(self) -> None:
        """From here on wait only a moment, and ask nobody."""
        self._drained_by = time.monotonic() + DRAIN_SECONDS

    def end_stream(self) -> None:
        """From here on each read waits as long as httpx says."""
        self._check = None
        if self._lender is not None:
            vars(self._lender).pop("read", None)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what the HTTP parser is to see of what has come."""
        given_back = self._body.give_back()
        return given_back or self._body.for_parser(self._wait(max_bytes, timeout))

    def read_body(self) -> bytes:
        """Return what has come of an event stream's body; empty when the rest, if any, is the parser's."""
        body = self._body
        taken = body.take(b"") if body.held and body.unread else b""
        while body.held and not taken:
            data = self._wait(_MOST_READ, None)
            if not data:
                message = "the connection ended in the middle of the body"
                raise httpcore.RemoteProtocolError(message)
            taken = body.take(data)
        return taken

    def _wait(self, max_bytes: int, timeout: float | None) -> bytes:
        while True:
            if self._check is not None:
                timeout = self._seconds
                if self._drained_by is not None:
                    timeout = max(0.001, self._drained_by - time.monotonic())
            try:
                data: bytes = self._inner.read(max_bytes, timeout)
            except httpcore.ReadTimeout:
                if self._check is None or self._drained_by is not None:
                    raise
                self._check()
            else:
                return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._body.request_sent(buffer)
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *how: Any, **options: Any) -> Connection:
        return Connection(guard(self._inner.start_tls(*how, **options)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(SyncBackend):
    """Opens such connections."""

    def connect_tcp(self, *where: Any, **options: Any) -> Connection:
        return Connection(guard(super().connect_tcp(*where, **options)))


class Transport(httpx.HTTPTransport):
    """What mocks, traces or records httpx does so here too: nothing of httpx's own is overridden."""

    def __init__(self, server_url: str) -> None:
        super().__init__(**transport_options(server_url))
        plug_in(self, Backend())
