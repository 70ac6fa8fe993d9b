"""Connections on asyncio and uvloop, read by the loop's own callbacks; on trio httpcore's own.

An event that comes alone costs a quarter of what it costs through anyio (docs/performance/streaming.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BUFFERED = 256 * 1024


class AutoBackend(httpcore.AnyIOBackend):
    """asyncio straight, everything else (trio) through anyio."""

    async def connect_tcp(self, *where: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return await super().connect_tcp(*where, **options)
        address = options.get("local_address")
        with _faults(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(options.get("timeout")):
                local = (address, 0) if address else None
                _, stream = await loop.create_connection(
                    AsyncioStream, options["host"], options["port"], local_addr=local
                )
        for option in options.get("socket_options") or ():
            stream.get_extra_info("socket").setsockopt(*option)
        return stream


class AsyncioStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection of one event loop. One waiting reader is all httpcore needs."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._buffer = bytearray()
        self._ended = self._lost = False
        self._fault: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._read_by = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._writable = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _MOST_BUFFERED:
            self._transport.pause_reading()
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def eof_received(self) -> None:
        self._ended = True
        self.data_received(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        self._fault, self._lost = exc, True
        self._writable.set()
        self.eof_received()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._buffer and not self._ended:
            self._reader = self._loop.create_future()
            self._read_by = math.inf if timeout is None else self._loop.time() + timeout
            if self._timer is None or self._timer.when() > self._read_by:
                self._ring(self._timer)
            try:
                await self._reader
            finally:
                self._reader = None
        if not self._buffer and self._fault is not None:
            raise httpcore.ReadError(str(self._fault)) from self._fault
        paused = len(self._buffer) > _MOST_BUFFERED and not self._ended
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if paused:
            self._transport.resume_reading()
        return data

    def _ring(self, earlier: asyncio.TimerHandle | None = None) -> None:
        """Let the waiting read fail when its time is over: one timer a connection, moved on when it rings."""
        if earlier is not None:
            earlier.cancel()
        self._timer = None
        if self._reader is None or self._reader.done():
            return
        if self._read_by <= self._loop.time():
            self._reader.set_exception(httpcore.ReadTimeout("nothing arrived in time"))
        elif self._read_by < math.inf:
            self._timer = self._loop.call_at(self._read_by, self._ring)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._lost or self._transport.is_closing():
            raise httpcore.WriteError(str(self._fault or "the connection is closed"))
        self._transport.write(buffer)
        with _faults(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                await self._writable.wait()

    async def aclose(self) -> None:
        if not self._lost:
            self._transport.abort()

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        inside = AsyncioStream()
        with _faults(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                transport = await self._loop.start_tls(
                    self._transport, inside, ssl_context, server_hostname=server_hostname
                )
        if transport is None:
            message = "the connection ended during the TLS handshake"
            raise httpcore.ConnectError(message)
        inside.connection_made(transport)
        return inside

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # an idle connection that is, has ended
            return self._ended or bool(self._buffer)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


def running_loop() -> object:
    """What tells this event loop from every other."""
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    with contextlib.suppress(RuntimeError, KeyError):
        return sys.modules["trio"].lowlevel.current_trio_token()
    return None


@contextlib.contextmanager
def _faults(timeout: type[Exception], error: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as fault:
        raise timeout(str(fault)) from fault
    except OSError as fault:
        raise error(str(fault)) from fault
