"""A server for each test, and a client that knows nothing of ours."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from ash_client.testing import AshServer

KEY = "test-key"
TIMEOUT_S = 5.0


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def events(self) -> list[tuple[str, Any]]:
        return parse_events(self.body)


def parse_events(stream: bytes) -> list[tuple[str, Any]]:
    """Events of a well-formed stream; cut at the blank lines, never at "lines"."""
    events = []
    for block in stream.decode().split("\n\n"):
        if block:
            name, data = block.split("\n", 1)
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


@dataclass
class Api:
    """Talks to a server over http.client, one connection a request unless told otherwise."""

    server: AshServer
    key: str | None = KEY

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        connection = self.connect()
        try:
            self.send(connection, method, path, body, headers=headers, raw=raw)
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, names, response.read())
        finally:
            connection.close()

    def connect(self, timeout: float = TIMEOUT_S) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)

    def send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> None:
        sent = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent["Content-Type"] = "application/json"
        connection.request(method, path, raw, sent | (headers or {}))

    def session(self, agent: str = "my-agent", **more: Any) -> str:
        created = self.call("POST", "/api/sessions", {"agent": agent, **more})
        assert created.status == 201, created.body
        return str(created.json()["session"]["id"])

    def status_of(self, session: str) -> str:
        return str(self.call("GET", f"/api/sessions/{session}").json()["session"]["status"])

    def message(self, session: str, content: Any = "hi", **more: Any) -> Reply:
        return self.call("POST", f"/api/sessions/{session}/messages", {"content": content, **more})

    def open_stream(
        self, session: str, content: Any = "hi", *, timeout: float = TIMEOUT_S, **more: Any
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = self.connect(timeout)
        path = f"/api/sessions/{session}/messages"
        self.send(connection, "POST", path, {"content": content, **more})
        return connection, connection.getresponse()

    def wire(self, request: bytes) -> bytes:
        """Everything the server sends for raw bytes, until it closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), TIMEOUT_S) as sock:
            sock.sendall(request)
            received = b""
            while data := sock.recv(65536):
                received += data
        return received


Serve = Callable[..., Api]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers as a test wants them; all are closed after it."""
    with ExitStack() as servers:

        def start(**options: Any) -> Api:
            options = {"api_key": KEY, "agents": ["my-agent"], "limits": None} | options
            return Api(servers.enter_context(AshServer(**options)), options["api_key"])

        yield start


@pytest.fixture
def api(serve: Serve) -> Api:
    """A server with a key and one agent."""
    return serve()


def read_event(response: http.client.HTTPResponse) -> bytes:
    """One event of an open stream, blank line included."""
    event = b""
    while not event.endswith(b"\n\n"):
        line = response.readline()
        assert line, f"the stream ended within an event: {event!r}"
        event += line
    return event
