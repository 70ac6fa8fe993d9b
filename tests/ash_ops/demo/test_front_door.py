"""A load balancer's listener passes bytes on, and resets what nobody answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from ash_ops.demo.tcp_proxy import TcpProxy


@pytest.fixture
def shouting_server() -> Iterator[int]:
    """Answers each connection with what it sent, in capitals."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(1024):
                    connection.sendall(data.upper())

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_bytes_go_both_ways(shouting_server: int) -> None:
    port = free_port()
    proxy = TcpProxy("127.0.0.1", port, lambda: shouting_server)
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"hello")
            assert client.recv(1024) == b"HELLO"
            client.sendall(b"again")
            assert client.recv(1024) == b"AGAIN"
    finally:
        proxy.close()


def test_without_a_server_the_connection_is_reset() -> None:
    port = free_port()
    proxy = TcpProxy("127.0.0.1", port, lambda: None)
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                client.recv(1)
    finally:
        proxy.close()


def test_a_closed_door_refuses() -> None:
    port = free_port()
    TcpProxy("127.0.0.1", port, lambda: None).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


def test_a_taken_port_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ValueError, match=f"Port {port} of 127.0.0.1 cannot be opened"):
            TcpProxy("127.0.0.1", port, lambda: None)
