"""The listening socket: one thread that accepts, one thread a connection."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ash_client.testing._http.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKLOG: Final = 128
_JOIN_TIMEOUT_S: Final = 0.5


class Listener:
    """Listens on one address, again and again on the same port if asked to."""

    def __init__(self, host: str, port: int, serve: Callable[[Connection], None]) -> None:
        self._host = host
        self._port = port
        self._serve = serve
        self._socket: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._connections: dict[Connection, threading.Thread] = {}
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port; the same after ``stop`` and another ``start``."""
        return self._port

    def start(self) -> None:
        """Bind and accept; does nothing while already listening."""
        if self._socket is not None:
            return
        self._socket = socket.create_server((self._host, self._port), backlog=_BACKLOG)
        self._port = self._socket.getsockname()[1]
        self._acceptor = threading.Thread(
            target=self._accept, args=(self._socket,), name="ash-accept", daemon=True
        )
        self._acceptor.start()

    def stop(self) -> None:
        """Stop listening: new connections are refused, open ones go on."""
        listening, self._socket = self._socket, None
        if listening is None:
            return
        self._wake_acceptor()
        if self._acceptor is not None:
            self._acceptor.join(_JOIN_TIMEOUT_S)
        listening.close()

    def end_connections(self) -> None:
        """End every open connection now and wait for their threads."""
        with self._lock:
            connections = dict(self._connections)
        for connection in connections:
            connection.interrupt()
        deadline = time.monotonic() + _JOIN_TIMEOUT_S
        for thread in connections.values():
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _wake_acceptor(self) -> None:
        # Closing a socket does not wake a thread that blocks in accept() on every platform;
        # a connection does.
        with suppress(OSError):
            socket.create_connection((self._host, self._port), timeout=_JOIN_TIMEOUT_S).close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                sock, client = listening.accept()
            except OSError:
                return
            if self._socket is not listening:
                sock.close()
                return
            self._start_thread(Connection(sock, client[:2]))

    def _start_thread(self, connection: Connection) -> None:
        thread = threading.Thread(
            target=self._run, args=(connection,), name="ash-connection", daemon=True
        )
        with self._lock:
            self._connections[connection] = thread
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            self._serve(connection)
        finally:
            connection.close()
            with self._lock:
                self._connections.pop(connection, None)
