"""asyncio, uvloop and trio; a second loop, and a forked process."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import (
    AshClient,
    AsyncAshClient,
    ConnectionFailed,
    RequestTimeout,
    StreamInterrupted,
)
from ash_client._transport.asyncio_backend import AutoBackend
from ash_client.testing import AshServer, Fault
from tests.ash_client.loopback import ANSWER, DONE, SESSION_ID, START, Loopback, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Run = Callable[[Callable[[], Awaitable[Any]]], Any]
    Serve = Callable[[Callable[[Request], None]], Loopback]


def on_asyncio(main: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(main())  # type: ignore[arg-type]  # a coroutine


def on_uvloop(main: Callable[[], Awaitable[Any]]) -> Any:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())  # type: ignore[arg-type]  # a coroutine


def on_trio(main: Callable[[], Awaitable[Any]]) -> Any:
    import trio

    return trio.run(main)


LOOPS = [on_asyncio, on_trio, *([on_uvloop] if sys.platform != "win32" else [])]


@pytest.fixture(params=LOOPS, ids=lambda run: run.__name__.removeprefix("on_"))
def run(request: pytest.FixtureRequest) -> Run:
    """Each test that asks for it runs on every loop."""
    chosen: Run = request.param
    return chosen


@pytest.fixture
def ash() -> Iterator[AshServer]:
    with AshServer(agents=["a"]) as server:
        yield server


async def ask(client: AsyncAshClient, session: str, text: str = "hi") -> str:
    async with client.send_message(session, text, after_unfinished="accept") as stream:
        return await stream.get_final_text()


def test_requests_and_streams(run: Run, ash: AshServer) -> None:
    async def main() -> list[str]:
        async with AsyncAshClient(ash.url) as client:
            session = await client.create_session("a")
            return [await ask(client, session.id, text) for text in ("one", "two")]

    ash.reply("1", "2")
    assert run(main) == ["1", "2"]


def test_a_large_answer_in_small_and_large_pieces(run: Run, ash: AshServer) -> None:
    """Larger than any buffer on the way, and cut anywhere."""
    text = "word " * 400_000

    async def main() -> list[str]:
        async with AsyncAshClient(ash.url) as client:
            session = await client.create_session("a")
            return [await ask(client, session.id) for _ in range(2)]

    ash.reply(text, text)
    ash.fail_next(Fault.chunked(70_001, 3, 16_384))
    assert run(main) == [text, text]


def test_leaving_early_ends_the_request(run: Run, serve: Serve) -> None:
    left = threading.Event()

    def answer(request: Request) -> None:
        request.stream([START, ANSWER], end=False)
        if request.wait_for_client_to_leave():
            left.set()

    server = serve(answer)

    async def main() -> None:
        client = AsyncAshClient(server.url)
        async with client, client.send_message(SESSION_ID, "x") as stream:
            async for _ in stream.text:
                break

    run(main)
    assert left.wait(10)


def test_an_answer_that_is_cut(run: Run, ash: AshServer) -> None:
    async def main() -> None:
        async with AsyncAshClient(ash.url) as client:
            session = await client.create_session("a")
            await ask(client, session.id)

    ash.fail_next(Fault.die_mid_stream(2))
    with pytest.raises(StreamInterrupted):
        run(main)


def test_silence_is_asked_about(run: Run, serve: Serve) -> None:
    asked = threading.Event()

    def answer(request: Request) -> None:
        if not request.wants_stream:
            asked.set()
            request.reply({"session": {"id": SESSION_ID, "status": "active"}})
            return
        request.stream([START], end=False)
        assert asked.wait(10)
        for event in (ANSWER, DONE):
            request.chunk(event)
        request.send(b"0\r\n\r\n")

    server = serve(answer)

    async def main() -> str:
        async with AsyncAshClient(server.url, stall_check=0.05) as client:
            return await ask(client, SESSION_ID)

    assert run(main) == "Hi!"


def test_nobody_listens(run: Run) -> None:
    async def main() -> None:
        async with AsyncAshClient("http://127.0.0.1:9", max_retries=0) as client:
            await client.health()

    with pytest.raises(ConnectionFailed) as caught:
        run(main)
    assert not caught.value.sent


def test_an_answer_that_does_not_come_in_time(run: Run, ash: AshServer) -> None:
    async def main() -> None:
        async with AsyncAshClient(ash.url, timeout=0.05, max_retries=0) as client:
            await client.health()

    ash.fail_next(Fault.slow_headers(0.5, on="* /health"))
    with pytest.raises(RequestTimeout):
        run(main)


def test_many_streams_at_once(run: Run, ash: AshServer) -> None:
    import anyio

    answers: list[str] = []

    async def main() -> None:
        async with AsyncAshClient(ash.url) as client, anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(one, client, f"text {number}")

    async def one(client: AsyncAshClient, text: str) -> None:
        session = await client.create_session("a")
        answers.append(await ask(client, session.id, text))

    run(main)
    assert len(answers) == 20
    assert len(set(answers)) == 20


# A second loop.


@pytest.mark.parametrize("second", LOOPS, ids=lambda run: run.__name__.removeprefix("on_"))
def test_one_client_on_two_loops(run: Run, second: Run, ash: AshServer) -> None:
    """The first loop's connections are dropped by the second; nothing hangs and nothing is lost."""
    client = AsyncAshClient(ash.url, timeout=5)

    async def main() -> str:
        session = await client.create_session("a")
        return await ask(client, session.id)

    ash.reply("1", "2", "3")
    with warnings.catch_warnings():
        # A loop that ends with open connections says so, whoever opened them.
        warnings.simplefilter("ignore", ResourceWarning)
        assert [run(main), second(main), second(main)] == ["1", "2", "3"]
        second(client.close)
        gc.collect()


def test_two_loops_at_once(ash: AshServer) -> None:
    """In two threads; neither takes the other's connections."""
    client = AsyncAshClient(ash.url, timeout=5)
    failures: list[BaseException] = []

    async def main() -> None:
        for _ in range(20):
            assert (await client.health()).status == "ok"

    def work() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 -- told by the assertion below
            failures.append(error)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        asyncio.run(client.close())
        gc.collect()
    assert failures == []


# A forked process.


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_uses_connections_of_its_own(ash: AshServer) -> None:
    """Parent and child ask at once, again and again; each gets its own answers."""
    with AshClient(ash.url, timeout=5) as client:
        ids = [client.create_session("a").id for _ in range(2)]
        for _ in range(10):
            client.health()
            child = fork(
                lambda: [client.get_session(ids[0]).id for _ in range(10)] == [ids[0]] * 10
            )
            mine = [client.get_session(ids[1]).id for _ in range(10)]
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            assert mine == [ids[1]] * 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_stream_survives_the_fork_in_the_parent_only(serve: Serve) -> None:
    """The child reads nothing of it, and its going away does not end it."""
    forked = threading.Event()

    def answer(request: Request) -> None:
        request.stream([START], end=False)
        assert forked.wait(10)
        for event in (ANSWER, DONE):
            request.chunk(event)
        request.send(b"0\r\n\r\n")

    with AshClient(serve(answer).url, stall_check=None) as client:
        stream = client.send_message(SESSION_ID, "x")
        assert next(stream).event == "session_start"

        def read() -> bool:
            with pytest.raises(StreamInterrupted):
                next(stream)
            stream.close()
            return True

        child = fork(read)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        forked.set()
        assert stream.get_final_text() == "Hi!"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_an_asynchronous_client_in_a_forked_process(ash: AshServer) -> None:
    client = AsyncAshClient(ash.url, timeout=5)

    async def main() -> bool:
        return (await client.health()).status == "ok"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        assert asyncio.run(main())
        child = fork(lambda: asyncio.run(main()))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert asyncio.run(main())
        asyncio.run(client.close())
        gc.collect()


def fork(work: Callable[[], bool]) -> int:
    """Do the work in a child, which ends with 0 if it went well; the child's number."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the stand-in has threads, and 3.12 says so
        child = os.fork()
    if child:
        return child
    try:
        os._exit(0 if work() else 1)
    except BaseException:  # noqa: BLE001 -- whatever it is, the child must not go on as a second test run
        os._exit(2)


def test_a_connection_comes_from_the_address_that_it_was_told(ash: AshServer) -> None:
    """All of 127.0.0.0/8 is this machine (RFC 1122, 3.2.1.3)."""

    async def main() -> list[str]:
        found = []
        for local in (None, "127.0.0.3"):
            stream = await AutoBackend().connect_tcp(
                host="127.0.0.1", port=int(ash.url.rpartition(":")[2]), local_address=local
            )
            found.append(stream.get_extra_info("socket").getsockname()[0])
            await stream.aclose()
        return found

    assert asyncio.run(main()) == ["127.0.0.1", "127.0.0.3"]
