# Generated from ash_client/_async by `make generate`; edit there.
"""httpx's own transport, on connections that hand the body of an event stream over (see ``_transport.chunks``)."""

from __future__ import annotations

from typing import Any

import httpcore
import httpx
from httpcore import SyncBackend

from ash_client._transport.backends import (
    guard,
    plug_in,
)
from ash_client._transport.chunks import StreamBody
from ash_client._transport.options import transport_options


class Connection(httpcore.NetworkStream):
    """One connection: the HTTP parser reads it through ``read``, an event stream its body through ``read_body``."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = guard(inner)
        self._body = StreamBody()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        given_back = self._body.give_back()
        return given_back or self._body.for_parser(self._inner.read(max_bytes, timeout))

    def read_body(self, timeout: float | None) -> bytes:
        """Return what has come of an event stream's body; empty when the rest, if any, is the parser's."""
        body = self._body
        taken = body.take(b"") if body.held and body.unread else b""
        while body.held and not taken:
            data = self._inner.read(256 * 1024, timeout)
            if not data:
                message = "the connection ended in the middle of the body"
                raise httpcore.RemoteProtocolError(message)
            taken = body.take(data)
        return taken

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._body.request_sent(buffer)
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *how: Any, **options: Any) -> Connection:
        return Connection(self._inner.start_tls(*how, **options))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(SyncBackend):
    """Opens such connections."""

    def connect_tcp(self, *where: Any, **options: Any) -> Connection:
        return Connection(super().connect_tcp(*where, **options))


class Transport(httpx.HTTPTransport):
    """What mocks, traces or records httpx does so here too: nothing of httpx's own is overridden."""

    def __init__(self, server_url: str) -> None:
        super().__init__(**transport_options(server_url))
        plug_in(self, Backend())
