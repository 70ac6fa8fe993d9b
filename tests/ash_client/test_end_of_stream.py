"""The end of a stream is a contract: done, the agent's error, or an interruption, and never a wrong one of them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ash_client import (
    AgentError,
    AshClient,
    AsyncAshClient,
    BadRequest,
    DecodeError,
    ServerError,
    SessionBusy,
    StreamInterrupted,
)
from tests.ash_client.loopback import (
    ANSWER,
    DONE,
    SESSION_ID,
    START,
    STREAM_HEAD,
    TURN,
    Loopback,
    Request,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.conftest import Driver

    Serve = Callable[[Callable[[Request], None]], Loopback]

ERROR = sse("error", {"error": "boom"})


def test_done_ends_it(driver: Driver, serve: Serve) -> None:
    """Every event is yielded, ``done`` included, and then iteration stops."""
    outcome = driver.read(serve(Request.stream).url)
    assert (outcome.names, outcome.error, outcome.text) == (
        ["session_start", "message", "done"],
        None,
        "Hi!",
    )


def test_the_example_of_the_guide(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(request: Request) -> None:
        if request.wants_stream:
            request.stream()
        else:
            request.reply({"session": {"id": SESSION_ID, "status": "active"}}, 201)

    with AshClient(serve(answer).url, api_key="...") as client:
        session = client.create_session(agent_name="my-agent")
        with client.send_message(session.id, message="Hello!") as stream:
            for event in stream:
                if event.type == "assistant":
                    print(event.content)  # noqa: T201 -- the example, as it stands
    assert capsys.readouterr().out == "Hi!\n"


@pytest.mark.parametrize("after", [[], [DONE]], ids=["end", "done"])
def test_error_is_the_agents(driver: Driver, serve: Serve, after: list[bytes]) -> None:
    """Whether or not ``done`` follows; the error event itself is yielded, and everything received is kept."""
    outcome = driver.read(serve(lambda r: r.stream([START, ANSWER, ERROR, *after])).url)
    assert isinstance(outcome.error, AgentError)
    assert (str(outcome.error), outcome.error.text, outcome.error.session_id) == (
        "boom",
        "Hi!",
        SESSION_ID,
    )
    assert outcome.names == ["session_start", "message", "error"]
    assert [e.event for e in outcome.error.events][:3] == outcome.names


def test_error_without_a_reason(driver: Driver, serve: Serve) -> None:
    with pytest.warns(UserWarning, match="error"):
        outcome = driver.read(serve(lambda r: r.stream([START, sse("error", ["?"])])).url)
    assert isinstance(outcome.error, AgentError)
    assert str(outcome.error) == '["?"]'


@pytest.mark.parametrize("events", [[], [START], [START, ANSWER], [START, ANSWER, DONE[:-1]]])
@pytest.mark.parametrize("ending", ["complete", "cut", "reset"])
def test_anything_short_of_done_is_an_interruption(
    driver: Driver, serve: Serve, events: list[bytes], ending: str
) -> None:
    """A body that ends in good order, a connection that ends, a connection that breaks."""

    def answer(request: Request) -> None:
        request.stream(events, end=ending == "complete")
        if ending != "complete":
            request.hang_up(reset=ending == "reset")

    outcome = driver.read(serve(answer).url)
    assert isinstance(outcome.error, StreamInterrupted)
    assert outcome.error.session_id == SESSION_ID
    if ending != "reset":  # a reset may overtake what was sent before it
        assert outcome.error.text == ("Hi!" if ANSWER in events else "")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/html"}, b"<h1>Sign in to the hotel's network</h1>"),
        ({"Content-Type": "application/json"}, b'{"ok":true}'),
        ({"Content-Type": ""}, b""),
    ],
)
def test_another_page_is_no_stream(
    driver: Driver, serve: Serve, headers: dict[str, str], body: bytes
) -> None:
    """A proxy's page answered with 200 is not an empty success."""
    outcome = driver.read(serve(lambda r: r.reply(body, 200, headers)).url)
    assert isinstance(outcome.error, StreamInterrupted)
    assert "not an event stream" in str(outcome.error)
    assert body.decode() in str(outcome.error)


def test_malformed_json_is_not_skipped(driver: Driver, serve: Serve) -> None:
    bad = b'event: text_delta\ndata: {"delta":\n\n'
    outcome = driver.read(serve(lambda r: r.stream([START, ANSWER, bad, DONE])).url)
    assert isinstance(outcome.error, DecodeError)
    assert outcome.names == ["session_start", "message"]


def test_what_follows_done_is_nothing(driver: Driver, serve: Serve) -> None:
    outcome = driver.read(serve(lambda r: r.stream([*TURN, ANSWER])).url)
    assert (outcome.names[-1], outcome.error) == ("done", None)


def silent_after(
    events: list[bytes], status: Any, then: list[bytes] | None = None
) -> Callable[[Request], None]:
    """A stream that falls silent; asked for the session, the server answers ``status`` (or does what it says)."""
    asked = threading.Event()

    def answer(request: Request) -> None:
        if request.wants_stream:
            request.stream(events, end=False)
            if then is None:
                request.wait_for_client_to_leave()
            else:
                assert asked.wait(10)
                for event in then:
                    request.chunk(event)
                request.send(b"0\r\n\r\n")
            return
        asked.set()
        if isinstance(status, str):
            request.reply({"session": {"id": SESSION_ID, "status": status}})
        elif status is None:
            request.hang_up()
        else:
            request.reply({"error": "x", "statusCode": status}, status)

    return answer


@pytest.mark.parametrize(
    "status", ["paused", "stopped", "ended", "error", "hibernating", 404, 410, 500, None]
)
def test_silence_that_will_never_end(driver: Driver, serve: Serve, status: Any) -> None:
    """The session is no longer at work, or nobody can say: what was received is kept and the wait ends."""
    outcome = driver.read(serve(silent_after([START, ANSWER], status)).url, stall_check=0.05)
    assert isinstance(outcome.error, StreamInterrupted)
    assert "silent" in str(outcome.error)
    assert outcome.error.text == "Hi!"
    assert outcome.names == ["session_start", "message"]


@pytest.mark.parametrize("status", ["active", "starting", 429, 401])
def test_silence_of_a_session_at_work(driver: Driver, serve: Serve, status: Any) -> None:
    """A long tool call goes on waiting, and the events after it arrive."""
    server = serve(silent_after([START], status, then=[ANSWER, DONE]))
    outcome = driver.read(server.url, stall_check=0.05)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)
    assert any(request.method == "GET" for request in server.requests)
    assert server.messages_sent == 1


def test_silence_with_a_client_of_ones_own(serve: Serve) -> None:
    """The check needs none of this package's connections: any httpx client's will do."""
    server = serve(silent_after([START], "active", then=[ANSWER, DONE]))
    with httpx.Client(trust_env=False) as http, AshClient(server.url, http_client=http) as client:
        stream = client.send_message(SESSION_ID, message="x", stall_check=0.05)
        assert stream.get_final_text() == "Hi!"

    async def run() -> str:
        server = serve(silent_after([START], "active", then=[ANSWER, DONE]))
        async with (
            httpx.AsyncClient(trust_env=False) as http,
            AsyncAshClient(server.url, http_client=http) as client,
        ):
            stream = await client.send_message(SESSION_ID, message="x", stall_check=0.05)
            return await stream.get_final_text()

    assert asyncio.run(run()) == "Hi!"


def test_a_client_without_a_connection_to_ask_with(serve: Serve) -> None:
    """Not being able to ask is no proof of anything: the wait goes on."""
    go_on = threading.Event()

    def answer(request: Request) -> None:
        request.stream([START], end=False)
        assert go_on.wait(10)
        for event in (ANSWER, DONE):
            request.chunk(event)
        request.send(b"0\r\n\r\n")

    limits = httpx.Limits(max_connections=1)
    with httpx.Client(trust_env=False, limits=limits) as http:
        client = AshClient(serve(answer).url, http_client=http)
        no_time = httpx.Timeout(0.01)
        client._check_timeout = no_time
        stream = client.send_message(SESSION_ID, message="x", stall_check=0.05)
        threading.Timer(0.3, go_on.set).start()
        assert stream.get_final_text() == "Hi!"


def test_a_long_silence_in_the_middle_of_an_http_chunk(driver: Driver, serve: Serve) -> None:
    """The read is taken up where it was, at whatever byte that is."""
    asked = threading.Event()

    def answer(request: Request) -> None:
        if not request.wants_stream:
            asked.set()
            request.reply({"session": {"id": SESSION_ID, "status": "active"}})
            return
        whole = b"".join(b"%x\r\n%b\r\n" % (len(e), e) for e in TURN) + b"0\r\n\r\n"
        request.send(STREAM_HEAD + whole[:100])
        assert asked.wait(10)
        request.send(whole[100:])

    outcome = driver.read(serve(answer).url, stall_check=0.05)
    assert (outcome.names, outcome.error) == (["session_start", "message", "done"], None)


def test_a_finished_connection_is_used_again(serve: Serve) -> None:
    """Also when the last HTTP chunk comes a moment after ``done``, and after an agent's error."""

    def answer(request: Request) -> None:
        request.stream([START, ERROR, DONE] if b"fail" in request.body else TURN)

    server = serve(answer)
    with AshClient(server.url) as client:
        for text in ("a", "fail", "b"):
            with client.send_message(SESSION_ID, text) as stream:
                try:
                    stream.until_done()
                except AgentError:
                    assert text == "fail"
    assert (server.messages_sent, server.connections) == (3, 1)

    async def run() -> None:
        async with AsyncAshClient(server.url) as client:
            for text in ("a", "b", "c"):
                async with client.send_message(SESSION_ID, text) as stream:
                    await stream.until_done()

    asyncio.run(run())
    assert (server.messages_sent, server.connections) == (6, 2)


def test_the_end_of_the_body_is_not_waited_for(driver: Driver, serve: Serve) -> None:
    """A server that never ends the body after ``done`` costs a moment, not the answer."""

    def answer(request: Request) -> None:
        request.stream(end=False)
        assert request.wait_for_client_to_leave()

    assert driver.read(serve(answer).url).error is None


def leaving(serve: Serve) -> tuple[Loopback, threading.Event]:
    """A server whose stream goes on until the client leaves, and an event set when it has."""
    left = threading.Event()

    def answer(request: Request) -> None:
        if request.path == "/health":
            request.reply({"status": "ok"})
            return
        request.stream([START, ANSWER], end=False)
        if request.wait_for_client_to_leave():
            left.set()

    return serve(answer), left


@pytest.mark.parametrize("how", ["break", "exception", "close"])
def test_leaving_early_cancels_the_request(serve: Serve, how: str) -> None:
    """The server sees the client go, the session is free again, and the pool is whole."""
    server, left = leaving(serve)
    with AshClient(server.url) as client:
        for _ in range(3):
            left.clear()
            with (
                contextlib.suppress(ZeroDivisionError),
                client.send_message(SESSION_ID, "x", after_unfinished="accept") as stream,
            ):
                for _event in stream:
                    if how == "exception":
                        raise ZeroDivisionError
                    if how == "close":
                        stream.close()
                    break
            assert left.wait(10)
        assert client.health().status == "ok"


def test_leaving_early_cancels_the_request_async(serve: Serve) -> None:
    server, left = leaving(serve)

    async def run() -> None:
        async with AsyncAshClient(server.url) as client:
            for _ in range(3):
                left.clear()
                async with client.send_message(
                    SESSION_ID, "x", after_unfinished="accept"
                ) as stream:
                    async for _event in stream:
                        break
                assert await asyncio.to_thread(left.wait, 10)
            assert (await client.health()).status == "ok"

    asyncio.run(run())


def test_a_cancelled_task_cancels_the_request(serve: Serve) -> None:
    server, left = leaving(serve)

    async def run() -> None:
        async with AsyncAshClient(server.url) as client:
            reading = asyncio.Event()

            async def read() -> None:
                async with client.send_message(SESSION_ID, "x") as stream:
                    async for event in stream:
                        if event.type == "assistant":
                            reading.set()

            task = asyncio.create_task(read())
            await reading.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(left.wait, 10)
            assert (await client.health()).status == "ok"
            async with client.send_message(
                SESSION_ID, "again", after_unfinished="accept"
            ) as stream:
                assert (await anext(stream)).event == "session_start"

    asyncio.run(run())


def test_closing_from_another_thread_ends_the_wait(serve: Serve) -> None:
    server, _ = leaving(serve)
    with AshClient(server.url) as client:
        stream = client.send_message(SESSION_ID, "x")
        assert [next(stream).event, next(stream).event] == ["session_start", "message"]
        threading.Timer(0.05, stream.close).start()
        with pytest.raises(StreamInterrupted):
            next(stream)


def test_a_stream_that_ended_badly_stays_bad(serve: Serve) -> None:
    """Nobody gets a normal end by asking twice."""
    server = serve(lambda r: r.stream([START, ANSWER, ERROR]))
    with AshClient(server.url) as client, client.send_message(SESSION_ID, "x") as stream:
        for _ in range(2):
            with pytest.raises(AgentError):
                stream.get_final_text()
        with pytest.raises(AgentError):
            next(stream)
        assert stream.received_text == "Hi!"


def test_a_stream_closed_early_is_not_complete(serve: Serve) -> None:
    server, _ = leaving(serve)
    with AshClient(server.url) as client:
        with client.send_message(SESSION_ID, "x") as stream:
            next(stream)
        with pytest.raises(StreamInterrupted, match="closed before its end"):
            stream.get_final_text()


def test_one_turn_at_a_time(serve: Serve) -> None:
    """The server mixes the events of two messages, so the second is refused before it is sent."""
    server, _ = leaving(serve)
    with AshClient(server.url) as client, client.send_message(SESSION_ID, "x"):
        with pytest.raises(SessionBusy, match="mix"):
            client.send_message(SESSION_ID, "y")
        with pytest.raises(SessionBusy):
            client.with_options(timeout=5).send_message(SESSION_ID, "y")
        with pytest.raises(SessionBusy, match="spoils"):
            client.exec_command(SESSION_ID, "ls")
        with client.send_message("another-session", "z") as other:
            next(other)
    assert server.messages_sent == 2


def test_a_forgotten_stream_does_not_go_on(serve: Serve) -> None:
    """Dropped without being closed, it leaves the server and frees its session."""
    server, left = leaving(serve)
    with AshClient(server.url) as client:
        client.send_message(SESSION_ID, "x")
        # One call is not enough: it does nothing while another thread is collecting.
        assert any(gc.collect() >= 0 and left.wait(0.1) for _ in range(100))
        with client.send_message(SESSION_ID, "y", after_unfinished="accept") as stream:
            next(stream)


def test_a_failed_message_does_not_block_its_session(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.reply({"error": "no", "statusCode": 400}, 400))
    with AshClient(server.url) as client:
        for _ in range(2):
            with pytest.raises(BadRequest):
                client.send_message(SESSION_ID, "x")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadRequest), (500, ServerError), (404, "NotFound"), (410, "SessionEnded")],
)
def test_the_body_of_a_refused_message_is_shown(
    driver: Driver, serve: Serve, status: int, error: Any
) -> None:
    server = serve(lambda r: r.reply({"error": "the real reason", "statusCode": status}, status))
    outcome = driver.read(server.url)
    assert error in (type(outcome.error), type(outcome.error).__name__)
    assert "the real reason" in str(outcome.error)
    assert (outcome.error.status, outcome.error.message) == (status, "the real reason")  # type: ignore[union-attr]  # a StatusError


def test_an_endless_error_body_is_cut(driver: Driver, serve: Serve) -> None:
    def answer(request: Request) -> None:
        request.send(
            b"HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(1000):
            request.chunk(b"x" * 10_000)

    error = driver.read(serve(answer).url).error
    assert isinstance(error, ServerError)
    assert len(error.body) == 64 * 1024
    assert len(str(error)) < 1000


def test_the_message_is_sent_at_the_call(serve: Serve) -> None:
    """Not at the first event: whoever sends and does not listen has still sent."""
    server = serve(Request.stream)
    with AshClient(server.url) as client, client.send_message(SESSION_ID, "x") as first:
        assert server.messages_sent == 1
        first.until_done()

    async def run() -> None:
        async with AsyncAshClient(server.url) as client:
            stream = await client.send_message(SESSION_ID, "x")
            assert server.messages_sent == 2
            await stream.close()

    asyncio.run(run())


def test_the_connection_is_kept_alive(serve: Serve) -> None:
    """The first probe comes within a minute: load balancers forget a silent connection after 350 s."""
    server = serve(Request.stream)
    with httpx.Client(trust_env=False) as foreign:
        for http in (None, foreign):
            client = AshClient(server.url, http_client=http)
            with client.send_message(SESSION_ID, "x") as stream:
                sock = stream.response.extensions["network_stream"].get_extra_info("socket")
                assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60
            client.close()


def test_helpers(driver: Driver, serve: Serve) -> None:
    """Text, final message, usage and session id of one turn."""
    result = {
        "type": "result",
        "result": "Hi!",
        "usage": {"input_tokens": 3, "output_tokens": 5},
        "num_turns": 1,
    }
    server = serve(
        lambda r: r.stream(
            [START, sse("text_delta", {"delta": "H"}), ANSWER, sse("message", result), DONE]
        )
    )

    async def run() -> tuple[Any, ...]:
        async with AsyncAshClient(server.url) as client:
            stream = await client.send_message(SESSION_ID, "x")
            pieces = [piece async for piece in stream.text]
            return (
                pieces,
                await stream.get_final_text(),
                await stream.get_final_message(),
                stream.usage,
                stream,
            )

    if driver.kind == "sync":
        with AshClient(server.url) as client:
            stream: Any = client.send_message(SESSION_ID, "x")
            found = (
                list(stream.text),
                stream.get_final_text(),
                stream.get_final_message(),
                stream.usage,
                stream,
            )
    else:
        found = asyncio.run(run())  # type: ignore[assignment]  # the same five
    pieces, text, message, usage, stream = found
    assert (pieces, text, message.content) == (["H", "i!"], "Hi!", "Hi!")
    assert (usage.input_tokens, usage.output_tokens, usage.num_turns) == (3, 5, 1)
    assert (stream.session_id, stream.result.content) == (SESSION_ID, "Hi!")


if find_spec("trio"):  # not among our own tools: httpcore would import it with every client

    def test_trio_works_too(serve: Serve) -> None:
        """Where the loop is not asyncio, httpcore's own backend takes over."""
        import trio

        async def run() -> str:
            client = AsyncAshClient(serve(Request.stream).url)
            async with client, client.send_message(SESSION_ID, "x") as stream:
                return await stream.get_final_text()

        assert trio.run(run) == "Hi!"
