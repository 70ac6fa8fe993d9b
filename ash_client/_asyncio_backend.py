"""Connections on asyncio and uvloop, read by the loop's own callbacks; on trio httpcore's own.

An event that comes alone costs a quarter of what it costs through anyio (docs/performance/streaming.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_BUFFERED = 256 * 1024


class AutoBackend(httpcore.AnyIOBackend):
    """asyncio straight, everything else (trio) through anyio."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a TCP connection."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        local = (local_address, 0) if local_address else None
        with _faults(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                _, stream = await loop.create_connection(
                    AsyncioStream, host, port, local_addr=local
                )
        for option in socket_options or ():
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
        self._writable = asyncio.Event()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _MOST_BUFFERED:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fault, self._lost = exc, True
        self._writable.set()
        self.eof_received()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _wake(self, fault: Exception | None = None) -> None:
        if self._reader is None or self._reader.done():
            return
        if fault is None:
            self._reader.set_result(None)
        else:
            self._reader.set_exception(fault)

    # What httpcore calls.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, or wait for something; empty at the end."""
        if not self._buffer and not self._ended:
            await self._wait(timeout)
        if not self._buffer and self._fault is not None:
            raise httpcore.ReadError(str(self._fault)) from self._fault
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if len(data) == max_bytes and not self._ended and len(self._buffer) <= _MOST_BUFFERED:
            self._transport.resume_reading()
        return data

    async def _wait(self, timeout: float | None) -> None:
        self._reader = self._loop.create_future()
        timer = None
        if timeout is not None:
            fault = httpcore.ReadTimeout("nothing arrived in time")
            timer = self._loop.call_later(timeout, self._wake, fault)
        try:
            await self._reader
        finally:
            self._reader = None
            if timer is not None:
                timer.cancel()

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
        if info == "is_readable":
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
