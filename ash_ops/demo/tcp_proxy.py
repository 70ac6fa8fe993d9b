"""A network load balancer's listener: a TCP port that passes connections on.

It works below HTTP, as a network load balancer does: bytes go both ways unread, so streams stay
streams. With no server behind it a connection is reset, which is what clients of AWS see too.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 64 * 1024
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_CONNECT_TIMEOUT_S = 5.0
_PATIENCE_S = 1.0
_QUEUED = 3


class TcpProxy:
    """One open listener.

    Raises:
        ValueError: the port cannot be opened on that address; the reason is in the message.
    """

    def __init__(self, address: str, port: int, backend: Callable[[], int | None]) -> None:
        self._where = (address, port)
        self._backend = backend
        self._open = True
        self._crowd: list[socket.socket] = []
        self._listen()

    def _listen(self) -> None:
        address, port = self._where
        try:
            self._listening = socket.create_server(self._where, backlog=128)
        except OSError as error:
            raise ValueError(
                f"Port {port} of {address} cannot be opened: {error.strerror}"
            ) from None
        threading.Thread(
            target=self._accept, args=(self._listening,), name=f"door-{port}", daemon=True
        ).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._where[1]

    def let_in(self, *, anybody: bool) -> None:
        """Answer callers, or let nobody's packets through, as a security group does."""
        if anybody is not bool(self._crowd) or not self._open:
            return
        if anybody:
            for each in self._crowd:
                each.close()
            self._crowd = []
            self._listen()
        else:
            self._stop_listening()
            self._crowd = _full(self._where)

    @staticmethod
    def can_bind(address: str) -> bool:
        """Whether this machine answers on a loopback address."""
        try:
            socket.create_server((address, 0)).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Stop listening; connections already open go on until one side ends them."""
        self._open = False
        for each in self._crowd:
            each.close()
        self._stop_listening()

    def _stop_listening(self) -> None:
        with suppress(OSError):
            # Closing a socket does not wake the thread that waits on it; shutting it down does.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while self._open:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = self._connect()
        if server is None:
            _reset(client)
            return
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        client.close()
        server.close()

    def _connect(self) -> socket.socket | None:
        port = self._backend()
        if port is None:
            return None
        try:
            return _blocking(socket.create_connection(("127.0.0.1", port), _CONNECT_TIMEOUT_S))
        except OSError:
            return None


def _full(where: tuple[str, int]) -> list[socket.socket]:
    """A port whose queue is full: Linux drops the packets of whoever else would connect."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(where)
    listening.listen(0)
    crowd = [listening]
    for _ in range(_QUEUED):
        waiting = socket.socket()
        waiting.setblocking(False)
        waiting.connect_ex(where)
        crowd.append(waiting)
    return crowd


def _reset(client: socket.socket) -> None:
    """Reset a connection when its first bytes come, or when none come for a while."""
    client.settimeout(_PATIENCE_S)
    with suppress(OSError):
        client.recv(1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    client.close()


def _blocking(connected: socket.socket) -> socket.socket:
    # The time limit was for connecting only: a silent stream is not a broken one.
    connected.settimeout(None)
    return connected


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until ``source`` ends; its end becomes the end of ``sink``'s input."""
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
