"""The environment's proxies, TLS, and what a broken network looks like from above."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import httpcore
import pytest

from ash_client import AshClient, ConfigurationError, ConnectionFailed
from ash_client._transport.asyncio_backend import AutoBackend
from tests.ash_client.loopback import SESSION_ID, Loopback, Request
from tests.support.certificates import TlsLoopback, certified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.ash_client.conftest import Driver

    Serve = Callable[[Callable[[Request], None]], Loopback]


def answer(request: Request) -> None:
    if request.wants_stream:
        request.stream()
    else:
        request.reply({"status": "ok"})


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
def test_a_proxy_of_the_environment(
    driver: Driver, serve: Serve, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Requests and streams go through it, with its user and password."""
    proxy = serve(answer)
    monkeypatch.setenv(name, proxy.url.replace("//", "//us%40er:pass@"))
    assert driver.call("http://ash.example:4100", "health").status == "ok"
    assert driver.read("http://ash.example:4100").error is None
    assert [r.target for r in proxy.requests] == [
        "http://ash.example:4100/health",
        f"http://ash.example:4100/api/sessions/{SESSION_ID}/messages",
    ]
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic dXNAZXI6cGFzcw=="


@pytest.mark.parametrize("exempt", ["127.0.0.1", "*", "example.com,127.0.0.1"])
def test_no_proxy(
    driver: Driver, serve: Serve, monkeypatch: pytest.MonkeyPatch, exempt: str
) -> None:
    proxy, server = serve(answer), serve(answer)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", exempt)
    driver.call(server.url, "health")
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "gopher://proxy")
    with pytest.raises(ConfigurationError, match="proxy"):
        AshClient("http://ash.example")


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsLoopback]:
    """A server whose certificate is trusted through SSL_CERT_FILE, like a company's own authority."""
    certificate, context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = TlsLoopback(answer, context)
    yield server
    server.close()


def test_tls(driver: Driver, tls: TlsLoopback) -> None:
    """Requests and merged streams inside TLS."""
    assert driver.call(tls.url, "health").status == "ok"
    outcome = driver.read(tls.url)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)


def test_a_certificate_nobody_vouches_for(
    driver: Driver, tls: TlsLoopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused, and nothing was sent."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConnectionFailed, match="SSL_CERT_FILE") as caught:
        driver.call(tls.url, "health")
    assert not caught.value.sent
    assert tls.requests == []


def test_plain_http_to_a_tls_port(driver: Driver, tls: TlsLoopback) -> None:
    with pytest.raises(ConnectionFailed):
        driver.call(tls.url.replace("https", "http"), "health")


def test_a_tunnel_through_a_proxy(
    driver: Driver, tls: TlsLoopback, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Https through an http proxy: CONNECT, then TLS, then a merged stream."""

    def tunnel(request: Request) -> None:
        assert request.method == "CONNECT"
        connect(request)

    proxy = serve(tunnel)
    monkeypatch.setenv("https_proxy", proxy.url)
    outcome = driver.read(tls.url)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)
    assert len(proxy.requests) == 1


def connect(request: Request) -> None:
    """Pass bytes both ways until one side ends."""
    import contextlib
    import socket
    import threading

    host, port = request.target.split(":")
    upstream = socket.create_connection((host, int(port)))
    request.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=pump, args=(upstream, request.connection), daemon=True)
    back.start()
    pump(request.connection, upstream)
    back.join(5)
    upstream.close()
    request.keep = False


def test_a_connection_has_the_options_of_its_socket_and_comes_from_the_address_that_was_asked_for(
    serve: Serve,
) -> None:
    port = httpcore.URL(serve(answer).url).port

    async def connect() -> None:
        alive = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        stream = await AutoBackend().connect_tcp(
            host="127.0.0.1", port=port, socket_options=[alive]
        )
        assert stream.get_extra_info("socket").getsockopt(*alive[:2])
        await stream.aclose()
        with pytest.raises(httpcore.ConnectError):  # no machine has an address of the documentation
            await AutoBackend().connect_tcp(host="127.0.0.1", port=port, local_address="192.0.2.1")

    asyncio.run(connect())
