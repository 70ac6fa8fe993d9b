# Generated from ash_client/_async by .ci/unasync.py; edit there.
"""httpx's own transport, on connections that hand the body of an event stream over (see ``_chunks``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore
import httpx
from httpcore import SyncBackend

from ash_client._backends import keep_from_children, plug_in, transport_options
from ash_client._chunks import StreamBody

if TYPE_CHECKING:
    import ssl

_MOST_READ = 256 * 1024


class Connection(httpcore.NetworkStream):
    """One connection: the HTTP parser reads it through ``read``, an event stream its body through ``read_body``."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self.inner = inner
        self._body = StreamBody()
        keep_from_children(inner)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what the HTTP parser is to see of what has come."""
        given_back = self._body.give_back()
        return given_back or self._body.for_parser(self.inner.read(max_bytes, timeout))

    def read_body(self) -> bytes:
        """Return what has come of an event stream's body; empty when the rest, if any, is the parser's."""
        body = self._body
        taken = body.take(b"") if body.held and body.unread else b""
        while body.held and not taken:
            data = self.inner.read(_MOST_READ, None)
            if not data:
                message = "the connection ended in the middle of the body"
                raise httpcore.RemoteProtocolError(message)
            taken = body.take(data)
        return taken

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, and expect an answer if this begins a request."""
        self._body.request_sent(buffer)
        self.inner.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in TLS; a stream inside hands its body over just the same."""
        return Connection(self.inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Pass httpcore's questions on."""
        return self.inner.get_extra_info(info)


class Backend(SyncBackend):
    """Opens such connections."""

    def connect_tcp(self, *where: Any, **options: Any) -> httpcore.NetworkStream:
        """Open a TCP connection."""
        return Connection(super().connect_tcp(*where, **options))


class Transport(httpx.HTTPTransport):
    """What mocks, traces or records httpx does so here too: nothing of httpx's own is overridden."""

    def __init__(self, server_url: str) -> None:
        super().__init__(**transport_options(server_url))
        plug_in(self, Backend())
