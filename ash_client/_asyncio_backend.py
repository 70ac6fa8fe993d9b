"""Connections on asyncio, without layers between; on any other loop httpcore's own."""

from __future__ import annotations

import asyncio
import contextlib
import math
import select
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

_MOST_BUFFERED = 256 * 1024


class AutoBackend(httpcore.AsyncNetworkBackend):
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
            return await httpcore.AnyIOBackend().connect_tcp(
                host, port, timeout, local_address, socket_options
            )
        with _connect_faults():
            async with asyncio.timeout(timeout):
                _, stream = await loop.create_connection(
                    AsyncioStream,
                    host,
                    port,
                    local_addr=(local_address, 0) if local_address else None,
                    happy_eyeballs_delay=None if _is_address(host) else 0.25,
                )
        for option in socket_options or ():
            stream.get_extra_info("socket").setsockopt(*option)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await httpcore.AnyIOBackend().sleep(seconds)


class AsyncioStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection read by asyncio's own callbacks.

    One waiting reader a connection is all httpcore needs; without anyio's layers a read costs half as much.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._eof = False
        self._lost = False
        self._paused_reading = False
        self._fault: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._read_by = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Future[None] | None = None
        self._can_write = True

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a TCP or TLS connection: always a Transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _MOST_BUFFERED and not self._paused_reading and self._transport:
            self._transport.pause_reading()
            self._paused_reading = True
        _wake(self._reader)

    def eof_received(self) -> bool:
        self._eof = True
        _wake(self._reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._eof = self._lost = True
        self._fault = exc
        self._transport = None  # asyncio has dropped what a transport needs, even to be aborted
        if self._timer is not None:
            self._timer.cancel()
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._can_write = False

    def resume_writing(self) -> None:
        self._can_write = True
        _wake(self._writer)

    # What httpcore calls.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, or wait for something; empty at the end."""
        while not self._buffer and not self._eof:
            self._reader = asyncio.get_running_loop().create_future()
            self._expect_within(timeout)
            try:
                await self._reader
            finally:
                self._reader = None
        if not self._buffer and self._fault is not None:
            raise httpcore.ReadError(str(self._fault)) from self._fault
        return self._take(max_bytes)

    def _expect_within(self, seconds: float | None) -> None:
        """Let the waiting read fail after ``seconds``.

        One timer a connection, moved on only when it rings: a timer a read would leave thousands of cancelled ones
        behind in the loop.
        """
        if seconds is None:
            self._read_by = math.inf
            return
        loop = asyncio.get_running_loop()
        self._read_by = loop.time() + seconds
        if self._timer is not None and self._timer.when() > self._read_by:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = loop.call_at(self._read_by, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._reader is None or self._reader.done() or self._read_by == math.inf:
            return
        loop = self._reader.get_loop()
        if self._read_by > loop.time():
            self._timer = loop.call_at(self._read_by, self._ring)
        else:
            self._reader.set_exception(httpcore.ReadTimeout("nothing arrived in time"))

    def _take(self, max_bytes: int) -> bytes:
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if self._paused_reading and not self._buffer and self._transport and not self._eof:
            self._transport.resume_reading()
            self._paused_reading = False
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send ``buffer``, waiting while the other side does not take it."""
        if self._transport is None or self._transport.is_closing():
            message = str(self._fault or "the connection is closed")
            raise httpcore.WriteError(message)
        self._transport.write(buffer)
        while not self._can_write and not self._lost:
            self._writer = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._writer
            except TimeoutError as error:
                message = "the other side does not read"
                raise httpcore.WriteTimeout(message) from error
            finally:
                self._writer = None

    async def aclose(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Go on in TLS."""
        loop = asyncio.get_running_loop()
        stream = AsyncioStream()
        if self._transport is None:
            message = "the connection is closed"
            raise httpcore.ConnectError(message)
        with _connect_faults():
            transport = await loop.start_tls(
                self._transport,
                stream,
                ssl_context,
                server_hostname=server_hostname,
                ssl_handshake_timeout=timeout,
            )
        if transport is None:
            message = "the connection ended during the TLS handshake"
            raise httpcore.ConnectError(message)
        stream.connection_made(transport)
        return stream

    def get_extra_info(self, info: str) -> Any:
        """Answer httpcore's questions about the connection."""
        if info == "is_readable":
            return bool(self._buffer) or self._eof or self._socket_is_readable()
        names = {"client_addr": "sockname", "server_addr": "peername"}
        if self._transport is None:
            return None
        return self._transport.get_extra_info(names.get(info, info))

    def _socket_is_readable(self) -> bool:
        """Ask the socket itself: the server may have closed it while this loop was busy elsewhere."""
        sock = self.get_extra_info("socket")
        if sock is None or sock.fileno() < 0:
            return True
        if not hasattr(select, "poll"):
            return bool(select.select([sock], [], [], 0)[0])
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))


def _is_address(host: str) -> bool:
    """Whether there is only one address to try: racing one is costly and leaves cycles behind."""
    return ":" in host or host.replace(".", "").isdigit()


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


@contextlib.contextmanager
def _connect_faults() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
