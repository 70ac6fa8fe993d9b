"""Conversations that end with their block, and waiting with a clock of one's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import trio

from ash_client import (
    AgentError,
    AshClient,
    AshError,
    AsyncAshClient,
    AuthenticationError,
    Clock,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    Reply,
    ServerError,
)
from ash_client.testing import AgentFailure, AshServer, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

ITEM = {"id": "8d9dceaa-5492-4181-a003-c5b8b32d0637", "agentName": "a"}


class FakeClock(Clock):
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(agents=["bot"]) as server:
        yield server


# Conversations.


def test_a_conversation_begins_and_ends_with_its_block(server: AshServer) -> None:
    server.reply("Hi!", "Fine.")
    with AshClient(server.url) as client:
        with client.session("bot", model="opus") as chat:
            first = chat.send("Hello!")
            assert isinstance(first, Reply)
            assert (str(first), first.text, first.session_id) == ("Hi!", "Hi!", chat.session.id)
            assert first.usage is not None
            assert first.usage.input_tokens > 0
            assert first.result is not None
            with chat.stream("How are you?") as stream:
                assert "".join(stream.text) == "Fine."
            assert client.get_session(chat.session).status == "active"
        assert client.get_session(chat.session).status == "ended"


def test_a_conversation_is_the_same_with_await(server: AshServer) -> None:
    server.reply("Hi!", "Fine.")

    async def main() -> tuple[str, str, str]:
        async with AsyncAshClient(server.url) as client:
            async with client.session("bot") as chat:
                text = str(await chat.send("Hello!"))
                async with chat.stream("How are you?") as stream:
                    second = await stream.get_final_text()
            return text, second, (await client.get_session(chat.session)).status

    assert asyncio.run(main()) == ("Hi!", "Fine.", "ended")


def test_a_failed_turn_is_an_error_and_the_session_ends_all_the_same(server: AshServer) -> None:
    server.reply(AgentFailure("API Error: 529 overloaded"))
    with AshClient(server.url) as client:
        with pytest.raises(AgentError), client.session("bot") as chat:
            chat.send("Hello!")
        assert client.get_session(chat.session).status == "ended"


def test_a_session_there_is_already_is_left_as_it_is(server: AshServer) -> None:
    with AshClient(server.url) as client:
        session = client.create_session("bot")
        with client.session(session) as chat:
            chat.send("Hello!")
        assert client.get_session(session).status == "active"
        with client.session(session, end=True):
            pass
        assert client.get_session(session).status == "ended"
        with client.session("bot", end=False) as chat:
            pass
        assert client.get_session(chat.session).status == "active"


def test_what_went_wrong_inside_is_what_is_raised(server: AshServer) -> None:
    """Not that the session could not be ended after it."""
    with AshClient(server.url, max_retries=0) as client:
        server.fail_next(Fault.status(500, "down"), on="DELETE *", times=2)
        with pytest.raises(KeyError), client.session("bot"):
            raise KeyError("inside")
        with pytest.raises(ServerError), client.session("bot"):
            pass


def test_a_session_that_is_gone_has_ended(server: AshServer) -> None:
    with AshClient(server.url) as client, client.session("bot"):
        client.delete_agent("bot")  # its sessions go with it


def test_before_the_block_there_is_no_session() -> None:
    with AshClient("http://host") as client:
        chat = client.session("bot")
        for use in (lambda: chat.session, lambda: chat.send("x"), lambda: chat.stream("x")):
            with pytest.raises(ConfigurationError, match="begins with the block"):
                use()


def test_a_session_that_cannot_begin_is_no_block(server: AshServer) -> None:
    with AshClient(server.url) as client, pytest.raises(NotFound), client.session("none"):
        pytest.fail("the block must not be entered")


def test_a_cancelled_conversation_still_ends_its_session(server: AshServer) -> None:
    server.reply("Hi!")

    async def main() -> str:
        async with AsyncAshClient(server.url) as client:
            begun = asyncio.Event()
            ids: list[str] = []

            async def talk() -> None:
                async with client.session("bot") as chat:
                    ids.append(chat.session.id)
                    begun.set()
                    await asyncio.sleep(60)

            task = asyncio.create_task(talk())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return (await client.get_session(ids[0])).status

    assert asyncio.run(main()) == "ended"


def test_a_cancelled_scope_of_trio_still_ends_the_session(server: AshServer) -> None:
    """There every await inside a cancelled scope is cancelled anew, unless it is shielded."""

    async def main() -> str:
        async with AsyncAshClient(server.url) as client:
            with trio.CancelScope() as scope:
                async with client.session("bot") as chat:
                    scope.cancel()
                    await trio.sleep(60)
            return (await client.get_session(chat.session)).status

    assert trio.run(main) == "ended"


# Waiting.


def item(status: str) -> dict[str, Any]:
    return {"item": {**ITEM, "status": status}}


def test_a_queue_item_is_waited_for(serve: Serve) -> None:
    states = ["pending", "processing", "processing", "failed"]
    server, clock = serve(lambda r: r.reply(item(states.pop(0)))), FakeClock()
    with AshClient(server.url, clock=clock) as client:
        assert client.wait_for_queue_item("i", interval=2).status == "failed"
    assert clock.slept == [2, 2, 2]


def test_a_deadline_tells_what_was_seen_last(serve: Serve) -> None:
    server, clock = serve(lambda r: r.reply(item("processing"))), FakeClock()
    with (
        AshClient(server.url, clock=clock) as client,
        pytest.raises(
            DeadlineExceeded, match=r"Waited 3 s for queue item i\. Seen last: processing"
        ) as caught,
    ):
        client.wait_for_queue_item("i", timeout=3, interval=2)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.last.status == "processing"  # type: ignore[attr-defined]  # a QueueItem
    assert clock.slept == [2, 1]  # the last pause ends at the deadline, and there is one more look
    assert len(server.requests) == 3


def test_a_server_that_comes_up_is_waited_for(serve: Serve) -> None:
    answers = [(503, {}), (429, {"Retry-After": "9"}), (200, {})]

    def answer(request: Request) -> None:
        status, headers = answers.pop(0)
        request.reply({"status": "ok"} if status == 200 else {"error": "no"}, status, headers)

    server, clock = serve(answer), FakeClock()
    with AshClient(server.url, clock=clock, max_retries=0) as client:
        assert client.server.wait().status == "ok"
    assert clock.slept == [1, 9]  # as long as the server asks for


def test_a_server_that_does_not_come_up_is_told_with_its_cause() -> None:
    clock = FakeClock()
    client = AshClient("http://127.0.0.1:9", clock=clock, max_retries=0)
    with client, pytest.raises(DeadlineExceeded, match="cannot be reached") as caught:
        client.wait_for_server(timeout=2)
    assert isinstance(caught.value.last, ConnectionFailed)
    assert caught.value.__cause__ is caught.value.last


def test_what_waiting_would_not_change_is_raised_at_once(serve: Serve) -> None:
    server = serve(lambda r: r.reply({"error": "Invalid API key"}, 401))
    with AshClient(server.url, clock=FakeClock()) as client, pytest.raises(AuthenticationError):
        client.wait_for_session("s")
    assert len(server.requests) == 1


def test_sessions_and_evaluations_are_waited_for(driver: Driver, server: AshServer) -> None:
    options = {"api_key": ""}
    with AshClient(server.url) as client:
        session = client.create_session("bot")
        client.pause_session(session)
        client.create_eval_case("bot", "1 + 1?")
        run = client.create_eval_run("bot")
    seen = driver.call(server.url, "wait_for_session", session, status="paused", options=options)
    assert seen.status == "paused"
    seen = driver.call(
        server.url, "wait_for_eval_run", "bot", run.id, interval=0.01, options=options
    )
    assert seen.status == "completed"


@pytest.mark.parametrize("options", [{"timeout": -1}, {"timeout": "x"}, {"interval": 0}], ids=str)
def test_what_is_no_time_is_refused(options: dict[str, Any]) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument):
        client.wait_for_server(**options)


def test_an_async_wait_can_be_cancelled(serve: Serve) -> None:
    server = serve(lambda r: r.reply(item("pending")))

    async def main() -> None:
        async with AsyncAshClient(server.url) as client:
            await asyncio.wait_for(client.wait_for_queue_item("i", interval=30), 0.3)

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(main())
    assert not isinstance(caught.value, AshError)
