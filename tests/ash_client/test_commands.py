"""A command's answer is its own, whatever the server's channel brings."""

from __future__ import annotations

import gc
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ash_client import AgentError, AshClient, ServerError, SessionBusy, StreamInterrupted
from ash_client._stream.turns import LONGEST_SETTLE, SHORTEST_SETTLE, turns_of
from ash_client.testing import AgentFailure, AshServer, Fault
from tests.ash_client.loopback import SESSION_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ash_client.conftest import Driver
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


def test_a_command_waits_for_the_one_before_it(client: AshClient) -> None:
    """Its answer comes before its ``done``: what follows at once would be taken for the wrong one."""
    session = client.create_session("a")
    began = time.monotonic()
    for number in range(3):
        assert client.exec_command(session.id, f"echo {number}").stdout == f"{number}\n"
    assert time.monotonic() - began >= 2 * SHORTEST_SETTLE
    client.send_message(session.id, "x").until_done()
    assert time.monotonic() - began >= 3 * SHORTEST_SETTLE


def test_a_command_waits_for_another_clients_too(ash: AshServer) -> None:
    """Even where that client is gone: it may have been made for this one call."""
    with AshClient(ash.url) as client:
        session = client.create_session("a")
    began = time.monotonic()
    for _ in range(3):
        with AshClient(ash.url) as client:
            client.exec_command(session.id, "pwd")
        del client
        gc.collect(0)
    assert time.monotonic() - began >= 2 * SHORTEST_SETTLE


def test_a_message_after_an_agents_error_waits_too(ash: AshServer, client: AshClient) -> None:
    session = client.create_session("a")
    ash.reply(AgentFailure("broken"))
    with pytest.raises(AgentError):
        client.send_message(session.id, "x").until_done()
    began = time.monotonic()
    client.send_message(session.id, "y").until_done()
    assert time.monotonic() - began >= SHORTEST_SETTLE / 2


def test_the_first_command_waits_for_nothing(client: AshClient) -> None:
    session = client.create_session("a")
    turn = turns_of(client.server_url, None).begin(session.id, "")
    assert turn.settle == 0.0


def test_a_long_commands_wait_is_bounded(client: AshClient) -> None:
    turns = turns_of(client.server_url, None)
    turn = turns.begin("s", "")
    turn._began -= 3600
    turn.release(done_due=True)
    assert turns.begin("s", "").settle <= LONGEST_SETTLE


def test_a_command_whose_answer_was_lost_spoils_no_other(ash: AshServer, client: AshClient) -> None:
    """On the real server each later command would get the output of the one before it."""
    session = client.create_session("a")
    ash.fail_next(Fault.done_comes_late())
    assert client.exec_command(session.id, "echo 1").stdout == "1\n"
    with pytest.raises(ServerError, match="No exec result received"):
        client.exec_command(session.id, "echo 2")
    with pytest.raises(SessionBusy, match="answer has not come"):
        client.exec_command(session.id, "echo 3")
    with pytest.raises(SessionBusy, match="another command's"):
        client.exec_command(session.id, "echo 4", after_unfinished="accept")
    assert client.exec_command(session.id, "echo 5", after_unfinished="restart").stdout == "5\n"


def test_a_message_that_gets_a_commands_done_is_interrupted(
    ash: AshServer, client: AshClient
) -> None:
    session = client.create_session("a")
    ash.fail_next(Fault.done_comes_late())
    client.exec_command(session.id, "pwd")
    with pytest.raises(StreamInterrupted, match="command"):
        client.send_message(session.id, "x").get_final_text()
    with pytest.raises(SessionBusy):
        client.send_message(session.id, "y")


def test_the_stand_in_shifts_outputs_as_the_real_server_does(ash: AshServer) -> None:
    """What a client without a guard sees: 500, then another command's output as success."""
    import httpx

    with httpx.Client(base_url=ash.url, trust_env=False) as http:
        made = http.post("/api/sessions", json={"agent": "a"}).json()
        path = f"/api/sessions/{made['session']['id']}/exec"
        ash.fail_next(Fault.done_comes_late())
        answers = [http.post(path, json={"command": f"echo {n}"}) for n in range(3)]
    assert [a.status_code for a in answers] == [200, 500, 200]
    assert answers[1].json()["error"] == "No exec result received"
    assert answers[2].json()["stdout"] == "1\n"


def test_a_command_beside_another_is_refused(serve: Serve) -> None:
    """The server answers both with whatever comes first."""
    arrived, go_on = threading.Event(), threading.Event()

    def answer(request: Request) -> None:
        arrived.set()
        assert go_on.wait(10)
        request.reply({"exitCode": 0, "stdout": "", "stderr": ""})

    with AshClient(serve(answer).url) as client:
        first = threading.Thread(target=client.exec_command, args=(SESSION_ID, "pwd"))
        first.start()
        assert arrived.wait(10)
        with pytest.raises(SessionBusy):
            client.exec_command(SESSION_ID, "pwd")
        go_on.set()
        first.join()


def test_a_command_is_sent_as_it_is(driver: Driver, serve: Serve) -> None:
    """Not a byte is added to it; only after a lost answer, where the risk was accepted, it is marked."""
    result = {"exitCode": 3, "stdout": "a", "stderr": "b"}
    server = serve(lambda r: r.reply(result))
    command = "echo 'a;b' \"$X\" \\\n | cat > /dev/null; exit 3"
    answer = driver.call(server.url, "exec_command", SESSION_ID, command)
    assert (answer.exit_code, answer.stdout, answer.stderr) == (3, "a", "b")
    assert server.requests[0].json == {"command": command}
