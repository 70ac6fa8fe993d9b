"""Connections without a network: what a reader is told, who waits how long, and what a proxy may be."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from ash_client import AshError, ConfigurationError
from ash_client._async import silence as silence_module
from ash_client._async.silence import AsyncSilence
from ash_client._async.transport import AsyncConnection
from ash_client._transport.asyncio_backend import AsyncioStream, running_loop
from ash_client._transport.backends import hang_up, plug_in
from ash_client._transport.options import environment_proxy, keepalive_options, transport_options
from tests.ash_client.loopback import STREAM_HEAD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST = 256 * 1024


class Transport:
    """An event loop's transport: what was asked of it is kept."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.closing = False

    def __getattr__(self, name: str) -> Any:
        return lambda *what: self.asked.append((name, *what))

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


def on_a_stream(act: Callable[[AsyncioStream, Transport], Awaitable[None]]) -> None:
    async def run() -> None:
        stream, transport = AsyncioStream(), Transport()
        stream.connection_made(transport)  # type: ignore[arg-type]  # as much of one as is used
        await act(stream, transport)

    asyncio.run(run())


def test_a_reader_gets_what_has_come_up_to_what_it_asked_for_and_then_the_end() -> None:
    async def act(stream: AsyncioStream, _: Transport) -> None:
        stream.data_received(b"abc")
        assert stream.get_extra_info("is_readable") is True
        assert [await stream.read(2), await stream.read(2)] == [b"ab", b"c"]
        assert stream.get_extra_info("is_readable") is False
        waiting = asyncio.ensure_future(stream.read(9))
        await asyncio.sleep(0)
        stream.data_received(b"d")
        stream.data_received(b"e")
        assert await waiting == b"de"
        stream.data_received(b"f")
        stream.eof_received()
        assert [await stream.read(9), await stream.read(9)] == [b"f", b""]
        assert stream.get_extra_info("is_readable") is True  # an idle connection that has ended

    on_a_stream(act)


def test_a_connection_that_broke_says_so_behind_what_had_come() -> None:
    async def act(stream: AsyncioStream, transport: Transport) -> None:
        stream.data_received(b"a")
        stream.connection_lost(OSError("reset by peer"))
        assert await stream.read(9) == b"a"
        with pytest.raises(httpcore.ReadError, match="reset by peer"):
            await stream.read(9)
        with pytest.raises(httpcore.WriteError, match="reset by peer"):
            await stream.write(b"x")
        await stream.aclose()
        assert transport.asked == []

    on_a_stream(act)

    async def ended(stream: AsyncioStream, transport: Transport) -> None:
        stream.connection_lost(None)
        assert await stream.read(9) == b""
        with pytest.raises(httpcore.WriteError, match="the connection is closed"):
            await stream.write(b"x")

    on_a_stream(ended)


def test_a_read_waits_as_long_as_it_was_told_also_after_a_longer_and_a_shorter_one() -> None:
    async def act(stream: AsyncioStream, _: Transport) -> None:
        for seconds in (0.02, 0.001, 0.03):
            with pytest.raises(httpcore.ReadTimeout, match="nothing arrived in time"):
                await stream.read(9, seconds)
        waiting = asyncio.ensure_future(stream.read(9, 60.0))
        await asyncio.sleep(0)
        stream.data_received(b"a")
        assert await waiting == b"a"
        forever = asyncio.ensure_future(stream.read(9))
        await asyncio.sleep(0.01)
        stream.data_received(b"b")
        assert await forever == b"b"
        with pytest.raises(httpcore.ReadTimeout):  # not after the minute of the one before
            await asyncio.wait_for(stream.read(9, 0.001), 5)

    on_a_stream(act)


def test_a_sender_that_is_too_fast_is_stopped_until_its_reader_has_caught_up() -> None:
    async def act(stream: AsyncioStream, transport: Transport) -> None:
        stream.data_received(b"x" * MOST)
        assert transport.asked == []
        assert len(await stream.read(1)) == 1
        assert transport.asked == []
        stream.data_received(b"xx")
        assert transport.asked == [("pause_reading",)]
        assert len(await stream.read(1)) == 1
        assert transport.asked == [("pause_reading",), ("resume_reading",)]
        assert len(await stream.read(MOST)) == MOST
        assert len(transport.asked) == 2
        stream.data_received(b"x" * (MOST + 1))
        stream.eof_received()
        transport.asked.clear()
        await stream.read(1)
        assert transport.asked == []  # nobody reads on a connection that has ended

    on_a_stream(act)


def test_a_write_waits_for_room_and_fails_when_there_is_none_in_time() -> None:
    async def act(stream: AsyncioStream, transport: Transport) -> None:
        await stream.write(b"a")
        assert transport.asked == [("write", b"a")]
        stream.pause_writing()
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(b"b", 0.001)
        waiting = asyncio.ensure_future(stream.write(b"c", 5.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        stream.resume_writing()
        await waiting
        transport.closing = True
        with pytest.raises(httpcore.WriteError, match="the connection is closed"):
            await stream.write(b"d")
        assert stream.get_extra_info("client_addr") == "the sockname"
        assert stream.get_extra_info("server_addr") == "the peername"
        assert stream.get_extra_info("socket") == "the socket"
        await stream.aclose()
        assert transport.asked[-1] == ("abort",)

    on_a_stream(act)


def test_each_loop_is_told_from_every_other_and_no_loop_is_none() -> None:
    async def here() -> object:
        return running_loop()

    with asyncio.Runner() as one, asyncio.Runner() as other:
        assert one.run(here()) is one.get_loop()
        assert other.run(here()) is not one.get_loop()
    assert running_loop() is None


class Inner(httpcore.AsyncNetworkStream):
    """A connection that brings these bytes, then its end."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.done: list[Any] = []

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.done.append(("read", max_bytes, timeout))
        return self.pieces.pop(0) if self.pieces else b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.done.append(("write", buffer, timeout))

    async def aclose(self) -> None:
        self.done.append("closed")

    async def start_tls(self, *how: Any, **options: Any) -> Inner:
        return Inner(b"inside")

    def get_extra_info(self, info: str) -> Any:
        return f"the {info}"


def test_the_body_of_an_event_stream_is_handed_over_and_the_rest_is_the_parser_s() -> None:
    async def run() -> None:
        inner = Inner(STREAM_HEAD + b"3\r\nabc\r\n", b"2\r\nde\r", b"\n0\r\n\r\n", b"HTTP/1.1 200")
        connection = AsyncConnection(inner)
        await connection.write(b"POST /x HTTP/1.1\r\n\r\n", 7.0)
        assert inner.done == [("write", b"POST /x HTTP/1.1\r\n\r\n", 7.0)]
        assert await connection.read(99, 5.0) == STREAM_HEAD
        assert inner.done[-1] == ("read", 99, 5.0)
        assert await connection.read_body(3.0) == b"abc"
        assert await connection.read_body(3.0) == b"de"
        assert inner.done[-1] == ("read", 256 * 1024, 3.0)
        assert await connection.read_body(3.0) == b""
        assert await connection.read(99) == b"0\r\n\r\n"
        assert await connection.read(99) == b"HTTP/1.1 200"
        broken = AsyncConnection(Inner(STREAM_HEAD))
        await broken.write(b"GET /x HTTP/1.1\r\n\r\n")
        await broken.read(99)
        with pytest.raises(httpcore.RemoteProtocolError, match="in the middle of the body"):
            await broken.read_body(None)
        secure = await connection.start_tls()
        assert await secure.read(99) == b"inside"
        assert connection.get_extra_info("is_readable") == "the is_readable"
        await connection.aclose()
        assert inner.done[-1] == "closed"

    asyncio.run(run())


def test_a_connection_of_another_loop_is_hung_up_on_and_never_used_again() -> None:
    here, there = socket.socketpair()
    with here, there:

        class Real(Inner):
            def get_extra_info(self, info: str) -> Any:
                return here if info == "socket" else None

        async def made() -> AsyncConnection:
            return AsyncConnection(Real())

        connection = asyncio.run(made())

        async def elsewhere() -> None:
            assert connection.get_extra_info("is_readable") is True
            await connection.aclose()

        asyncio.run(elsewhere())
        there.settimeout(5)
        assert there.recv(1) == b""
    hang_up(None)
    hang_up(connection)  # its socket is closed: nothing is left to do


class Clock:
    now = 50.0

    def monotonic(self) -> float:
        return self.now


class Quiet:
    """A connection that times out so often before it brings something."""

    def __init__(self, silent: int) -> None:
        self.silent = silent
        self.waited: list[float | None] = []

    async def read(self, seconds: float | None) -> bytes:
        self.waited.append(seconds)
        if self.silent:
            self.silent -= 1
            raise httpcore.ReadTimeout("silent")
        return b"x"

    def get_extra_info(self, info: str) -> None:
        return None


def silence(seconds: float | None, check: Callable[[], Awaitable[None]], stream: Any = None, version: bytes = b"HTTP/1.1") -> AsyncSilence:  # fmt: skip
    extensions = {"http_version": version, "network_stream": stream}
    return AsyncSilence(httpx.Response(200, extensions=extensions), seconds, check)


def test_a_silence_is_asked_about_as_often_as_it_lasts_and_not_once_the_end_is_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, asked = Clock(), list[float]()
    monkeypatch.setattr(silence_module, "time", clock)

    async def check() -> None:
        asked.append(clock.now)
        if len(asked) == 4:
            raise AshError("it is over")

    async def run() -> None:
        quiet = Quiet(silent=2)
        found = silence(7.0, check, Quiet(0))
        assert await found.outlast(quiet.read) == b"x"
        assert (quiet.waited, len(asked)) == ([7.0] * 3, 2)
        quiet.silent = 9
        with pytest.raises(AshError, match="it is over"):
            await found.outlast(quiet.read)
        assert found.end(2.0) is True
        clock.now += 0.5
        with pytest.raises(httpcore.ReadTimeout):
            await found.outlast(quiet.read)
        clock.now += 9.0
        with pytest.raises(httpcore.ReadTimeout):
            await found.outlast(quiet.read)
        assert quiet.waited[-2:] == [1.5, 0.001]
        assert len(asked) == 4
        assert silence(1.0, check).end() is False
        assert silence(1.0, check, Quiet(0), b"HTTP/2").end() is False

    asyncio.run(run())


def test_the_reads_of_httpx_wait_so_too_and_the_connection_gets_its_own_back() -> None:
    class Lent:
        def __init__(self) -> None:
            self.waited: list[tuple[int, float | None]] = []

        async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            self.waited.append((max_bytes, timeout))
            return b"x"

        def get_extra_info(self, info: str) -> None:
            return None

    async def check() -> None:
        raise AssertionError

    async def run() -> None:
        lent = Lent()
        found = silence(7.0, check, lent)
        found.borrow()
        assert await lent.read(99, 1.0) == b"x"
        found.give_back()
        assert await lent.read(98, 2.0) == b"x"
        assert lent.waited == [(99, 7.0), (98, 2.0)]
        found.give_back()
        assert found.end() is False
        silence(7.0, check).borrow()

    asyncio.run(run())


PROXIES = [
    ({}, None), ({"http": "http://p:1"}, "http://p:1"), ({"http": "p:1"}, "http://p:1"), ({"all": "https://p:1"}, "https://p:1"), ({"https": "http://p:1"}, None), ({"http": "http://a:1", "all": "http://b:2"}, "http://a:1"), ({"http": ""}, None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "used"), PROXIES)
def test_the_environment_s_proxy_is_that_of_the_scheme_or_of_all(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], used: str | None
) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: given)
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: host == "near:1")
    found = environment_proxy("http", "h:1")
    assert (None if found is None else str(found.url)) == used
    assert environment_proxy("http", "near:1") is None


@pytest.mark.parametrize(
    ("address", "said"), [("ftp://p", "http"), ("http://", "http"), ("socks5://p:1", "httpx[socks]")]
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_refused_by_its_scheme(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": address})
    monkeypatch.setattr("ash_client._transport.options.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError) as caught:
        environment_proxy("https", "h:1")
    assert said in str(caught.value)
    assert "p:1" not in str(caught.value)  # an address may hold a password


def test_a_silent_connection_is_probed_before_a_load_balancer_forgets_it() -> None:
    """AWS's Network Load Balancers do after 350 s."""
    told = {(level, name): value for level, name, value in keepalive_options()}
    assert told[socket.SOL_SOCKET, socket.SO_KEEPALIVE] == 1
    assert told[socket.IPPROTO_TCP, socket.TCP_KEEPIDLE] == 45
    assert told[socket.IPPROTO_TCP, socket.TCP_KEEPINTVL] == 15
    assert told[socket.IPPROTO_TCP, socket.TCP_KEEPCNT] == 4
    plain, secure = transport_options("http://h:1"), transport_options("https://h:1")
    assert secure["verify"] is True
    assert isinstance(plain["verify"], ssl.SSLContext)
    assert plain["limits"].max_connections is None
    assert (plain["limits"].max_keepalive_connections, plain["limits"].keepalive_expiry) == (20, 4.0)  # fmt: skip
    assert plain["socket_options"] == keepalive_options()


def test_an_httpx_of_another_make_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        _network_backend = "theirs"

    class Made:
        def __init__(self) -> None:
            self._pool = Pool()

    for version, core, used in (("0.28.1", "1.0.9", "ours"), ("0.29.0", "1.0.9", "theirs"), ("0.28.1", "1.1.0", "theirs")):  # fmt: skip
        monkeypatch.setattr(httpx, "__version__", version)
        monkeypatch.setattr(httpcore, "__version__", core)
        made = Made()
        plug_in(made, "ours")
        assert made._pool._network_backend == used
    plug_in(object(), "ours")
