"""One client's connection: HTTP/1.1 requests in, responses and chunked streams out."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from ash_client.testing._http.exchange import RequestHead, Response

IDLE_TIMEOUT_S: Final = 72.0
"""How long Fastify keeps an idle connection open."""

WRITE_TIMEOUT_S: Final = 30.0
"""How long Ash lets a stalled reader hold a stream up before it cuts it off."""

_MAX_HEADER_LINE: Final = 16 * 1024
"""Node refuses more header bytes than this with 431."""


class ConnectionEndedError(Exception):
    """The peer is gone, or the server is being closed."""


class MalformedRequestError(Exception):
    """What arrived is not HTTP/1.1; Node answers 400 and closes the connection."""


class Connection:
    """One client's TCP connection, with buffered reads and the two ways to end it."""

    def __init__(self, sock: socket.socket, client: tuple[str, int]) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._reader = sock.makefile("rb")
        self.client = client
        self.ended = False

    def read_head(self) -> RequestHead | None:
        """The next request's head, or None once the client has closed or gone idle."""
        self._sock.settimeout(IDLE_TIMEOUT_S)
        try:
            line = self._line()
            while line in (b"\r\n", b"\n"):
                line = self._line()
            return self._parse_head(line) if line else None
        except (OSError, ValueError):
            return None

    def read_body(self, head: RequestHead, limit: int) -> bytes | None:
        """The request's body, or None when it is larger than ``limit`` bytes.

        A declared length is judged before a byte is read, as Fastify does.
        """
        try:
            if "chunked" in head.headers.get("transfer-encoding", "").lower():
                return self._chunked_body(limit)
            length = int(head.headers.get("content-length") or 0)
            if length > limit:
                return None
            body = self._reader.read(length)
        except (OSError, ValueError) as error:
            raise ConnectionEndedError from error
        if len(body) < length:
            raise ConnectionEndedError
        return body

    def continue_if_asked(self, head: RequestHead) -> None:
        """Answer ``Expect: 100-continue``, as Node does before the body is read."""
        if head.headers.get("expect", "").lower() == "100-continue":
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def send(self, response: Response, head: RequestHead | None = None) -> None:
        """Send a complete answer."""
        body = response.encoded()
        close = response.close or head is None or head.wants_close
        headers = dict(response.headers)
        if body or response.status != HTTPStatus.NO_CONTENT:
            headers.setdefault("content-length", str(len(body)))
        headers["Date"] = formatdate(usegmt=True)
        headers["Connection"] = "close" if close else "keep-alive"
        if not close:
            headers["Keep-Alive"] = f"timeout={int(IDLE_TIMEOUT_S)}"
        without_body = head is not None and head.method == "HEAD"
        self.write(_head_bytes(response.status, headers) + (b"" if without_body else body))
        if close:
            self.close()

    def start_chunked(self, status: int, headers: dict[str, str]) -> None:
        """Send the head of an answer whose body follows in chunks."""
        self.write(
            _head_bytes(
                status,
                headers | {"Date": formatdate(usegmt=True), "Transfer-Encoding": "chunked"},
            )
        )

    def send_chunk(self, data: bytes) -> None:
        """Send one HTTP chunk; no bytes at all is the last chunk, which ends the body."""
        self.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def write(self, data: bytes) -> None:
        """Write bytes as they are.

        Raises:
            ConnectionEndedError: The peer is gone, or has read nothing for 30 s.
        """
        try:
            self._sock.settimeout(WRITE_TIMEOUT_S)
            self._sock.sendall(data)
        except (OSError, ValueError) as error:
            self.close()
            raise ConnectionEndedError from error

    def wait_until_gone(self) -> None:
        """Say nothing until the client closes or the server is closed."""
        with suppress(OSError, ValueError):
            self._sock.settimeout(None)
            while self._reader.read1(4096):
                continue

    def close(self) -> None:
        """End the connection with FIN: the client sees the end of the stream."""
        self.ended = True
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._release()

    def reset(self) -> None:
        """End the connection with RST: the client's next read fails."""
        self.ended = True
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._release()

    def interrupt(self) -> None:
        """Wake the thread that reads or writes here; called from another thread."""
        self.ended = True
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        with suppress(OSError, ValueError):
            self._reader.close()
        self._sock.close()

    def _line(self) -> bytes:
        line = self._reader.readline(_MAX_HEADER_LINE)
        if line and not line.endswith(b"\n"):
            raise MalformedRequestError
        return line

    def _parse_head(self, line: bytes) -> RequestHead:
        try:
            method, target, version = line.decode("latin-1").split()
        except ValueError:
            raise MalformedRequestError from None
        if version not in ("HTTP/1.1", "HTTP/1.0"):
            raise MalformedRequestError
        return RequestHead(method, target, self._headers(), self.client, version == "HTTP/1.0")

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := self._line()) not in (b"\r\n", b"\n"):
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise MalformedRequestError
            headers[name.strip().lower()] = value.strip()
        return headers

    def _chunked_body(self, limit: int) -> bytes | None:
        body = bytearray()
        while size := int(self._line().split(b";")[0], 16):
            if len(body) + size > limit:
                return None
            body += self._reader.read(size)
            self._line()
        self._headers()
        return bytes(body)


def _head_bytes(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_reason(status)}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
