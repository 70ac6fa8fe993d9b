"""httpx's own transport, on connections that hand the body of an event stream over (see ``_transport.chunks``)."""

from __future__ import annotations

from typing import Any

import httpcore
import httpx

from ash_client._transport.asyncio_backend import AutoBackend, running_loop
from ash_client._transport.backends import (
    guard,
    hang_up,  # async only
    plug_in,
)
from ash_client._transport.chunks import StreamBody
from ash_client._transport.options import transport_options


class AsyncConnection(httpcore.AsyncNetworkStream):
    """One connection: the HTTP parser reads it through ``read``, an event stream its body through ``read_body``."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = guard(inner)
        self._home = running_loop()  # async only
        self._body = StreamBody()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        given_back = self._body.give_back()
        return given_back or self._body.for_parser(await self._inner.read(max_bytes, timeout))

    async def read_body(self, timeout: float | None) -> bytes:
        """Return what has come of an event stream's body; empty when the rest, if any, is the parser's."""
        body = self._body
        taken = body.take(b"") if body.held and body.unread else b""
        while body.held and not taken:
            data = await self._inner.read(256 * 1024, timeout)
            if not data:
                message = "the connection ended in the middle of the body"
                raise httpcore.RemoteProtocolError(message)
            taken = body.take(data)
        return taken

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._body.request_sent(buffer)
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        if self._home is not running_loop():  # async only
            hang_up(self._inner)  # async only
            return  # async only
        await self._inner.aclose()

    async def start_tls(self, *how: Any, **options: Any) -> AsyncConnection:
        return AsyncConnection(await self._inner.start_tls(*how, **options))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self._home is not running_loop():  # async only
            return True  # async only: httpcore does not use such a connection again
        return self._inner.get_extra_info(info)


class AsyncBackend(AutoBackend):
    """Opens such connections."""

    async def connect_tcp(self, *where: Any, **options: Any) -> AsyncConnection:
        return AsyncConnection(await super().connect_tcp(*where, **options))


class AsyncTransport(httpx.AsyncHTTPTransport):
    """What mocks, traces or records httpx does so here too: nothing of httpx's own is overridden."""

    def __init__(self, server_url: str) -> None:
        super().__init__(**transport_options(server_url))
        plug_in(self, AsyncBackend())
