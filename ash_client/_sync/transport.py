# Generated from ash_client/_async by `make generate`; edit there.
"""httpx on connections whose event streams come in few, large chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from ash_client._backends import sync_backend
from ash_client._chunks import ChunkMerger
from ash_client._pool import pool_options

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator


class MergingStream(httpcore.NetworkStream):
    """A connection whose incoming chunks are merged (see ``_chunks``)."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._merger = ChunkMerger()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what the HTTP parser is to see of what has arrived."""
        while True:
            data = self._stream.read(max_bytes, timeout)
            seen = self._merger.feed(data)
            if seen or not data:
                return seen

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, and expect an answer if this begins a request."""
        self._merger.request_sent(buffer)
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in TLS; what is inside is merged just the same."""
        return MergingStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Pass httpcore's questions on."""
        return self._stream.get_extra_info(info)


class MergingBackend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self) -> None:
        self._backend = sync_backend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a TCP connection."""
        stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return MergingStream(stream)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)


class Transport(httpx.BaseTransport):
    """One pool of connections to one server, through the environment's proxy and in TLS where asked for."""

    def __init__(self, server_url: str) -> None:
        self._pool = httpcore.ConnectionPool(
            network_backend=MergingBackend(), **pool_options(server_url)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read as it is asked for."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(asked)
        except _FAULTS as error:
            raise _as_httpx_error(error) from error
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class Body(httpx.SyncByteStream):
    """The body of an answer."""

    __slots__ = ("_answer",)

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _FAULTS as error:
            raise _as_httpx_error(error) from error

    def close(self) -> None:
        """Give the connection back, or close it if the body was not read to its end."""
        self._answer.close()


_FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def _as_httpx_error(error: Exception) -> httpx.TransportError:
    """Httpx names its transport errors like httpcore's."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__, httpx.TransportError)
    return kind(str(error))
