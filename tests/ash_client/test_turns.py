"""An answer belongs to its message, or it is an error: what other turns and commands leave behind is never mixed in."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import (
    AgentError,
    AshClient,
    AsyncAshClient,
    InvalidArgument,
    NotFound,
    RequestTimeout,
    ServerError,
    SessionBusy,
    StreamInterrupted,
)
from ash_client.testing import AshServer, Fault
from tests.ash_client.loopback import ANSWER, DONE, SESSION_ID, START, TURN, sse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]


@pytest.fixture
def ash() -> Iterator[AshServer]:
    with AshServer(agents=["a"]) as server:
        yield server


@pytest.fixture
def client(ash: AshServer) -> Iterator[AshClient]:
    with AshClient(ash.url, max_retries=0) as client:
        yield client


def message(payload: str) -> bytes:
    """A message as the server writes it, without spaces."""
    return f"event: message\ndata: {payload}\n\n".encode()


INIT = message('{"type":"system","subtype":"init","uuid":"u"}')
SIGNED = message('{"type":"assistant","uuid":"u","message":{"content":"Hi!"}}')


# An end that is not the turn's own.


@pytest.mark.parametrize("fault", [Fault.command_beside(), Fault.command_beside(1)])
def test_done_of_a_command_is_no_end(ash: AshServer, client: AshClient, fault: Fault) -> None:
    """It names no session; what came before it may be all of the answer, or a part."""
    session = client.create_session("a")
    ash.reply("Hello!")
    ash.fail_next(fault)
    with pytest.raises(StreamInterrupted, match="command") as caught:
        client.send_message(session.id, "x").get_final_text()
    assert caught.value.text in ("", "Hello!")


def test_text_that_began_before_this_turn(ash: AshServer, client: AshClient) -> None:
    """It is the rest of a turn that somebody else left, and no part of this answer."""
    session = client.create_session("a")
    ash.fail_next(Fault.rest_of_earlier_turn("rest"))
    with pytest.raises(StreamInterrupted, match="began before this turn") as caught:
        client.send_message(session.id, "x", include_partial_messages=True).until_done()
    assert caught.value.text.startswith("rest")
    with pytest.raises(SessionBusy):
        client.send_message(session.id, "y")


def test_a_turn_without_a_beginning_where_turns_have_one(serve: Serve) -> None:
    """The agent SDK begins each turn with ``init``. Once that was seen, a signed answer without it is another turn's."""
    answers = [[START, INIT, SIGNED, DONE], [START, SIGNED, DONE]]
    with AshClient(serve(lambda r: r.stream(answers.pop(0))).url) as client:
        assert client.send_message(SESSION_ID, "x").get_final_text() == "Hi!"
        with pytest.raises(StreamInterrupted, match="began before this turn"):
            client.send_message("another", "x").get_final_text()


def test_turns_that_never_had_a_beginning_are_taken_as_they_are(serve: Serve) -> None:
    """The server's own mock agent sends none."""
    with AshClient(serve(lambda r: r.stream([START, SIGNED, DONE])).url) as client:
        for _ in range(2):
            assert client.send_message(SESSION_ID, "x").get_final_text() == "Hi!"


def test_a_second_beginning_in_one_turn_is_its_own(serve: Serve) -> None:
    """The agent SDK may begin again within a turn; only text before the first beginning is foreign."""
    with AshClient(serve(lambda r: r.stream([START, INIT, SIGNED, INIT, DONE])).url) as client:
        assert client.send_message(SESSION_ID, "x").get_final_text() == "Hi!"


def test_an_empty_answer_after_an_agents_error(serve: Serve) -> None:
    """The agent's process says ``done`` after its error; who reads next may get that, and nothing else."""
    answers = [[START, sse("error", {"error": "boom"})], [START, DONE]]
    with AshClient(serve(lambda r: r.stream(answers.pop(0))).url) as client:
        with pytest.raises(AgentError):
            client.send_message(SESSION_ID, "x").until_done()
        with pytest.raises(StreamInterrupted, match="before its answer began"):
            client.send_message(SESSION_ID, "y").until_done()


def test_an_empty_answer_is_an_answer_where_nothing_was_left(serve: Serve) -> None:
    with AshClient(serve(lambda r: r.stream([START, DONE])).url) as client:
        assert client.send_message(SESSION_ID, "x").get_final_text() == ""


# A turn after one that was not read to its end.


def leave_early(client: AshClient, session: str) -> None:
    """Leave behind ``session_start`` and one more event: by then the turn has taken its own answer.

    Behind ``session_start`` alone it might take the one that a test scripts next.
    """
    with client.send_message(session, "left") as stream:
        next(stream)
        next(stream)


def test_the_next_message_after_an_early_exit_is_refused(ash: AshServer, client: AshClient) -> None:
    """Again and again, until the session is restarted; nothing is sent."""
    session = client.create_session("a")
    leave_early(client, session.id)
    sent = len(ash.requests)
    for _ in range(2):
        with pytest.raises(SessionBusy, match=r"not read to its end.*after_unfinished='restart'"):
            client.send_message(session.id, "x")
        with pytest.raises(SessionBusy, match="not read to its end"):
            client.exec_command(session.id, "pwd")
    assert len(ash.requests) == sent


def test_restart_stops_and_resumes_first(ash: AshServer, client: AshClient) -> None:
    session = client.create_session("a")
    leave_early(client, session.id)
    ash.reply("fresh")
    stream = client.send_message(session.id, "x", after_unfinished="restart")
    assert stream.get_final_text() == "fresh"
    asked = [request.path.rpartition("/")[2] for request in ash.requests[-4:]]
    assert asked == [session.id, "stop", "resume", "messages"]
    client.send_message(session.id, "y").until_done()


def test_restart_of_a_session_that_is_paused_ends_its_old_sandbox(client: AshClient) -> None:
    """Pausing keeps the sandbox, and with it the turn."""
    session = client.create_session("a")
    leave_early(client, session.id)
    client.pause_session(session.id)
    client.send_message(session.id, "x", after_unfinished="restart").until_done()


def test_restart_where_nothing_is_unfinished_does_nothing(
    ash: AshServer, client: AshClient
) -> None:
    session = client.create_session("a")
    client.send_message(session.id, "x", after_unfinished="restart").until_done()
    assert not any(request.path.endswith("/stop") for request in ash.requests)


def test_accept_takes_the_risk(client: AshClient) -> None:
    session = client.create_session("a")
    leave_early(client, session.id)
    client.send_message(session.id, "x", after_unfinished="accept").until_done()
    assert client.exec_command(session.id, "echo hi", after_unfinished="accept").stdout == "hi\n"


def test_another_choice_is_refused_before_anything_is_sent(client: AshClient) -> None:
    for call in (client.send_message, client.exec_command):
        with pytest.raises(InvalidArgument, match="raise, restart, accept"):
            call("s", "x", after_unfinished="wait")  # type: ignore[operator]  # either method


@pytest.mark.parametrize("cure", ["stop_session", "end_session"])
def test_nothing_is_left_of_a_turn_whose_agent_was_stopped(serve: Serve, cure: str) -> None:
    def answer(request: Request) -> None:
        if request.wants_stream:
            request.stream(TURN)
        else:
            request.reply({"session": {"id": SESSION_ID, "status": "stopped"}})

    with AshClient(serve(answer).url) as client:
        leave_early(client, SESSION_ID)
        getattr(client, cure)(SESSION_ID)
        client.send_message(SESSION_ID, "x").until_done()


def test_a_new_sandbox_after_the_servers_death_is_no_false_alarm(
    ash: AshServer, client: AshClient
) -> None:
    """Killed and started again, the server paused the session; resuming it made a new sandbox."""
    session = client.create_session("a")
    ash.fail_next(Fault.die_mid_stream(2))
    with pytest.raises(StreamInterrupted):
        client.send_message(session.id, "x").until_done()
    client.resume_session(session.id)
    client.send_message(session.id, "y").until_done()


def test_a_resumed_session_that_kept_its_sandbox_is_still_unfinished(client: AshClient) -> None:
    session = client.create_session("a")
    leave_early(client, session.id)
    client.pause_session(session.id)
    client.resume_session(session.id)
    with pytest.raises(SessionBusy):
        client.send_message(session.id, "x")


def test_a_stream_that_broke_off_is_unfinished(serve: Serve) -> None:
    with AshClient(serve(lambda r: r.stream([START, ANSWER])).url) as client:
        with pytest.raises(StreamInterrupted):
            client.send_message(SESSION_ID, "x").until_done()
        with pytest.raises(SessionBusy):
            client.send_message(SESSION_ID, "y")


def test_a_forgotten_stream_is_unfinished(client: AshClient) -> None:
    session = client.create_session("a")
    client.send_message(session.id, "x")
    gc.collect()
    with pytest.raises(SessionBusy, match="not read to its end"):
        client.send_message(session.id, "y")


def test_leaving_at_done_is_no_early_exit(client: AshClient) -> None:
    session = client.create_session("a")
    with client.send_message(session.id, "x") as stream:
        for event in stream:
            if event.event == "done":
                break
    client.send_message(session.id, "y").until_done()


def test_clients_of_one_process_know_of_each_other(ash: AshServer, client: AshClient) -> None:
    """Also an asynchronous one of a synchronous one; only other processes cannot be seen."""
    session = client.create_session("a")
    leave_early(client, session.id)
    with AshClient(ash.url) as other, pytest.raises(SessionBusy):
        other.send_message(session.id, "x")

    async def run() -> None:
        async with AsyncAshClient(ash.url) as other:
            with pytest.raises(SessionBusy):
                await other.send_message(session.id, "x")
            await (
                await other.send_message(session.id, "x", after_unfinished="restart")
            ).until_done()

    asyncio.run(run())
    client.send_message(session.id, "y").until_done()


# A message that may be with the server.


def test_a_cancelled_open_is_unfinished(serve: Serve) -> None:
    """The message had set out when its task was cancelled."""
    arrived = threading.Event()

    def answer(request: Request) -> None:
        arrived.set()
        request.wait_for_client_to_leave()

    server = serve(answer)

    async def run() -> None:
        async with AsyncAshClient(server.url) as client:
            opening = asyncio.ensure_future(open_it(client, SESSION_ID))
            assert await asyncio.to_thread(arrived.wait, 10)
            opening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await opening
            with pytest.raises(SessionBusy, match="may be with the server"):
                await client.send_message(SESSION_ID, "y")

    asyncio.run(run())


async def open_it(client: AsyncAshClient, session: str) -> Any:
    return await client.send_message(session, "x")


def test_an_open_cancelled_before_the_message_set_out_is_none(ash: AshServer) -> None:
    async def run() -> None:
        async with AsyncAshClient(ash.url) as client:
            session = await client.create_session("a")
            opening = asyncio.ensure_future(open_it(client, session.id))
            await asyncio.sleep(0)
            opening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await opening
            await (await client.send_message(session.id, "y")).until_done()

    asyncio.run(run())


def test_a_message_that_was_not_answered_in_time_is_unfinished(ash: AshServer) -> None:
    with AshClient(ash.url, max_retries=0) as client:
        session = client.create_session("a")
        ash.fail_next(Fault.slow_headers(0.5))
        with pytest.raises(RequestTimeout):
            client.send_message(session.id, "x", timeout=0.05)
        with pytest.raises(SessionBusy, match="may be with the server"):
            client.send_message(session.id, "y")


def test_a_refused_message_is_none(client: AshClient) -> None:
    for _ in range(2):
        with pytest.raises(NotFound):
            client.send_message("8d9dceaa-5492-4181-a003-c5b8b32d0000", "x")


def test_a_gateways_error_says_nothing_of_the_server(ash: AshServer, client: AshClient) -> None:
    """The gateway may have passed the message on."""
    session = client.create_session("a")
    ash.fail_next(Fault.status(504, "gateway"), on="POST /api/sessions/*/messages")
    with pytest.raises(ServerError):
        client.send_message(session.id, "x")
    with pytest.raises(SessionBusy):
        client.send_message(session.id, "y")


# What is no early exit, and no message left behind.


def test_leaving_at_the_result_is_no_early_exit(client: AshClient) -> None:
    """The whole answer is there; only ``done`` is still on its way."""
    session = client.create_session("a")
    with client.send_message(session.id, "x") as stream:
        for event in stream:
            if event.type == "result":
                break
    assert "complete" in repr(stream)
    client.send_message(session.id, "y").until_done()


def test_leaving_at_the_result_waits_a_moment_for_done(ash: AshServer, client: AshClient) -> None:
    session = client.create_session("a")
    ash.fail_next(Fault.slow(0.2))
    with client.send_message(session.id, "x") as stream:
        for event in stream:
            if event.type == "result":
                break
    client.send_message(session.id, "y").until_done()


def test_leaving_at_a_result_without_its_done_is_early(ash: AshServer, client: AshClient) -> None:
    session = client.create_session("a")
    ash.fail_next(Fault.no_done())
    with client.send_message(session.id, "x") as stream:
        for event in stream:
            if event.type == "result":
                break
    with pytest.raises(SessionBusy, match="not read to its end"):
        client.send_message(session.id, "y")


def test_the_text_is_there_after_leaving_at_done(client: AshClient) -> None:
    session = client.create_session("a")
    with client.send_message(session.id, "x") as stream:
        for event in stream:
            if event.event == "done":
                break
    assert stream.get_final_text() == "You said: x"


def test_a_dropped_stream_gives_way_without_waiting_for_the_collector(client: AshClient) -> None:
    session = client.create_session("a")
    gc.disable()
    try:
        for event in client.send_message(session.id, "x"):
            assert event
            break
        again = client.send_message(session.id, "y", after_unfinished="restart")
        assert again.get_final_text() == "You said: y"
    finally:
        gc.enable()


def test_a_message_cancelled_while_it_waits_to_be_sent_again_is_none(ash: AshServer) -> None:
    """It was refused, so nobody has it."""

    async def run() -> None:
        async with AsyncAshClient(ash.url) as client:
            session = await client.create_session("a")
            ash.fail_next(Fault.rate_limited(5), on="POST /api/sessions/*/messages")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await client.send_message(session.id, "x")
            await (await client.send_message(session.id, "y")).until_done()

    asyncio.run(run())
