"""A scripted HTTP server on loopback for the SDK's tests: each request is answered by the test's own function."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
)
SESSION_ID = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


def sse(name: str, payload: Any) -> bytes:
    """One server-sent event as the server writes it."""
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n".encode()


START = sse("session_start", {"sessionId": SESSION_ID, "version": "0.2.0"})
ANSWER = sse(
    "message",
    {
        "type": "assistant",
        "message": {"role": "assistant", "content": [{"type": "text", "text": "Hi!"}]},
    },
)
DONE = sse("done", {"sessionId": SESSION_ID})
TURN = (START, ANSWER, DONE)


@dataclass
class Request:
    """A request as it arrived, and the means to answer it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: socket.socket = field(repr=False)
    keep: bool = True

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def raw_path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def wants_stream(self) -> bool:
        return self.method == "POST" and self.path.endswith("/messages")

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reply(
        self, payload: Any = None, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Answer at once: JSON for a payload, the bytes as they are for bytes."""
        raw = isinstance(payload, bytes)
        body = payload if raw else b"" if payload is None else json.dumps(payload).encode()
        fields = {
            "Content-Type": "text/plain" if raw else "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status} Reason\r\n{head}\r\n".encode() + body)

    def chunk(self, data: bytes) -> None:
        self.send(b"%x\r\n%b\r\n" % (len(data), data))

    def stream(self, events: Iterable[bytes] = TURN, *, end: bool = True) -> None:
        """Answer with a stream, one HTTP chunk an event."""
        self.send(STREAM_HEAD)
        for event in events:
            self.chunk(event)
        if end:
            self.send(b"0\r\n\r\n")

    def hang_up(self, *, reset: bool = False) -> None:
        """End the connection, with a reset if asked for."""
        self.keep = False
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait_for_client_to_leave(self) -> bool:
        """True once the client has closed the connection."""
        self.keep = False
        self.connection.settimeout(10)
        try:
            return self.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


class Loopback:
    """The server. ``answer`` is called with each request, in the thread of its connection."""

    def __init__(self, answer: Callable[[Request], None]) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.connections = 0
        self.faults: list[Exception] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def messages_sent(self) -> int:
        return sum(request.wants_stream for request in self.requests)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        for connection in self._open:
            connection.close()

    def wrap(self, connection: socket.socket) -> socket.socket:
        """For servers that speak TLS."""
        return connection

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection = self.wrap(connection)
            self._open.append(connection)
            received = b""
            keep = True
            while keep:
                request, received = read_request(connection, received)
                if request is None:
                    break
                self.requests.append(request)
                self.answer(request)
                keep = request.keep
        except OSError:
            pass  # the client went away
        except Exception as error:  # noqa: BLE001 -- shown by the fixture: a test's own mistake
            self.faults.append(error)
        finally:
            connection.close()


def read_request(connection: socket.socket, received: bytes) -> tuple[Request | None, bytes]:
    """Read one request; what has already come of the next one is handed back."""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65536)
        if not data:
            return None, b""
        received += data
    head, _, received = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {
        k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])
    }
    length = int(headers.get("content-length", 0))
    while len(received) < length:
        received += connection.recv(65536)
    return Request(method, target, headers, received[:length], connection), received[length:]
