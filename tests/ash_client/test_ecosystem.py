"""What mocks, traces or records httpx does so with a client as it comes, and httpx of another make is left alone."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from ash_client import AshClient, AsyncAshClient
from ash_client._async.transport import AsyncConnection, AsyncTransport
from ash_client._sync.transport import Connection, Transport
from ash_client.testing import AshServer
from tests.ash_client.loopback import SESSION_ID, TURN, Loopback, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpx import HTTPXMock

    from tests.ash_client.conftest import Driver

    Serve = Callable[[Callable[[Request], None]], Loopback]


def test_the_transports_are_httpxs_own() -> None:
    """Subclassed, and nothing but ``__init__`` is ours."""
    for ours, httpxs in (
        (Transport, httpx.HTTPTransport),
        (AsyncTransport, httpx.AsyncHTTPTransport),
    ):
        assert ours.__mro__[1] is httpxs
        own = {name for name, value in vars(ours).items() if callable(value)}
        assert own == {"__init__"}


def test_pytest_httpx_mocks_a_client_as_it_comes(driver: Driver, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={"status": "ok"})
    assert driver.call("http://nowhere.example", "health").status == "ok"
    httpx_mock.add_response(headers={"content-type": "text/event-stream"}, content=b"".join(TURN))
    outcome = driver.read("http://nowhere.example")
    assert (outcome.error, outcome.text) == (None, "Hi!")
    assert [request.url.path for request in httpx_mock.get_requests()] == [
        "/health",
        f"/api/sessions/{SESSION_ID}/messages",
    ]


@pytest.fixture
def spans() -> Iterator[Any]:
    """OpenTelemetry's instrumentation of httpx, writing into memory."""
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()


def test_opentelemetry_sees_requests_and_streams(driver: Driver, spans: Any, serve: Serve) -> None:
    """A span each, and the server learns which by ``traceparent``."""

    def answer(request: Request) -> None:
        if request.wants_stream:
            request.stream()
        else:
            request.reply({"status": "ok"})

    server = serve(answer)
    driver.call(server.url, "health")
    assert driver.read(server.url).error is None
    finished = spans.get_finished_spans()
    assert len(finished) == 2
    for span, request in zip(finished, server.requests, strict=True):
        assert f"{span.context.trace_id:032x}" in request.headers["traceparent"]


def test_vcrpy_records_and_plays_back(driver: Driver, tmp_path: Path) -> None:
    """Also with the server gone."""
    import vcr

    tape = str(tmp_path / "tape.yaml")
    with AshServer(api_key="secret-key", agents=["a"]) as ash:
        url = ash.url
        with AshClient(url, api_key="secret-key") as client:
            session = client.create_session("a").id
        with vcr.use_cassette(tape) as cassette:
            answer = driver.call(url, "get_session", session)
        assert len(cassette) == 1
    with vcr.use_cassette(tape, record_mode="none"):
        assert driver.call(url, "get_session", session) == answer


def test_a_client_as_it_comes_reads_bodies_from_the_connection(serve: Serve) -> None:
    """Where httpx's inside is the known one, the faster way is taken: otherwise nobody would notice its loss."""
    server = serve(Request.stream)
    with AshClient(server.url) as client, client.send_message(SESSION_ID, "x") as stream:
        assert isinstance(stream.response.extensions["network_stream"], Connection)

    async def run() -> None:
        other = AsyncAshClient(server.url)
        async with other, other.send_message("another", "x") as stream:
            assert isinstance(stream.response.extensions["network_stream"], AsyncConnection)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("module", "version"),
    [(httpx, "0.29.0"), (httpx, "1.0.0"), (httpcore, "1.1.0"), (httpcore, "2.0.0")],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_another_version_is_left_plain(
    driver: Driver, serve: Serve, monkeypatch: pytest.MonkeyPatch, module: Any, version: str
) -> None:
    """Its private names may mean something else: then it is plain httpx, and all still works."""
    monkeypatch.setattr(module, "__version__", version)
    assert type(Transport("http://host")._pool._network_backend) is httpcore.SyncBackend
    outcome = driver.read(serve(Request.stream).url)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)


def test_a_pool_without_the_private_name_is_left_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        __slots__ = ()

        def __init__(self, **_: Any) -> None:
            pass

    monkeypatch.setattr(httpcore, "ConnectionPool", Pool)
    assert isinstance(Transport("http://host")._pool, Pool)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_stream_in_an_encoding_is_read_by_httpx(
    driver: Driver, serve: Serve, encoding: str
) -> None:
    """The server sends none; something between may."""
    import gzip
    import zlib

    packed = (gzip if encoding == "gzip" else zlib).compress(b"".join(TURN))

    def answer(request: Request) -> None:
        request.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Content-Encoding: " + encoding.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for at in range(0, len(packed), 20):
            request.chunk(packed[at : at + 20])
        request.send(b"0\r\n\r\n")

    outcome = driver.read(serve(answer).url)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)


@pytest.mark.parametrize("body", ["length", "close", "extension", "trailer"])
def test_a_stream_framed_otherwise_is_read_by_httpx(
    driver: Driver, serve: Serve, body: str
) -> None:
    """With a length, to the connection's end, with chunk extensions, with trailers."""
    whole = b"".join(TURN)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

    def answer(request: Request) -> None:
        if body == "length":
            request.send(head + b"Content-Length: %d\r\n\r\n" % len(whole) + whole)
        elif body == "close":
            request.send(head + b"Connection: close\r\n\r\n" + whole)
            request.hang_up()
        else:
            mark = b";x=1" if body == "extension" else b""
            end = b"0\r\nX-Trailer: y\r\n\r\n" if body == "trailer" else b"0\r\n\r\n"
            chunks = b"".join(b"%x%b\r\n%b\r\n" % (len(e), mark, e) for e in TURN)
            request.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + end)

    outcome = driver.read(serve(answer).url)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)


def test_an_event_stream_may_be_read_through_httpx_too(serve: Serve) -> None:
    """Nobody but a message stream takes the body away."""
    server = serve(Request.stream)
    with httpx.Client(transport=Transport(server.url)) as http:
        for _ in range(2):
            assert http.post(f"{server.url}/x/messages").content == b"".join(TURN)
    assert server.connections == 1


def test_an_http_clients_own_read_is_given_back(serve: Serve) -> None:
    """Only while a stream lasts does its connection read through ours."""
    server = serve(Request.stream)
    with httpx.Client(trust_env=False) as http, AshClient(server.url, http_client=http) as client:
        stream = client.send_message(SESSION_ID, "x")
        connection = stream.response.extensions["network_stream"]
        next(stream)
        assert "read" in vars(connection)
        stream.until_done()
        assert "read" not in vars(connection)
        with contextlib.closing(client.send_message(SESSION_ID, "x")) as second:
            next(second)
            stream.close()  # long done: it must not take anything from the one that uses its connection now
            assert "read" in vars(connection)
            second.until_done()
    assert server.connections == 1
