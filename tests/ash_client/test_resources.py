"""The same operations by what they are about, and with the HTTP answer beside them: one declaration each."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import AshClient, AsyncAshClient, RawResponse
from ash_client._sync.resources import Resources
from ash_client.testing import AshServer
from tests.ash_client.test_operations import OPERATIONS

if TYPE_CHECKING:
    from tests.ash_client.test_operations import Serve

IN_SEVERAL_REQUESTS = ("write_agent_files", "write_session_files")  # they have no one answer

RESOURCES = sorted(name for name in vars(Resources) if not name.startswith("_"))


@pytest.mark.parametrize("kind", [AshClient, AsyncAshClient])
def test_every_operation_stands_in_exactly_one_group(kind: type[AshClient]) -> None:
    client = kind("http://host")
    groups = [getattr(client, name) for name in RESOURCES if name != "with_raw_response"]
    grouped = [method.__name__ for group in groups for method in vars(group).values()]
    operations = {
        name
        for name in dir(kind)
        if inspect.isroutine(getattr(kind, name)) and not name.startswith("_") and name.isascii()
    } - {"close", "with_options", "session"}
    assert sorted(grouped) == sorted(operations)


def test_a_group_is_the_client_itself() -> None:
    with AshServer(agents=["bot"]) as server, AshClient(server.url) as client:
        session = client.sessions.create(agent_name="bot")
        assert client.sessions.get(session) == client.get_session(session.id)
        assert [agent.name for agent in client.agents.list()] == ["bot"]
        client.files.write(session, {"a": "b"})
        assert client.files.get(session.id, "a") == b"b"
        assert client.server.health().status == "ok"
        slow = client.with_options(timeout=1)
        assert slow.sessions.get.__self__ is slow  # type: ignore[attr-defined]  # a bound method


def test_a_raw_response_holds_answer_and_value() -> None:
    with AshServer(agents=["bot"]) as server, AshClient(server.url) as client:
        session = client.create_session("bot")
        raw = client.with_raw_response.get_session(session.id)
        assert isinstance(raw, RawResponse)
        assert raw.parse() == session
        assert (raw.status_code, raw.json()["session"]["id"]) == (200, session.id)
        assert raw.headers["x-ratelimit-limit"] == "1500"
        assert raw.content.decode() == raw.text
        assert raw.request_id is None
        assert client.with_raw_response.delete_agent("bot").parse() is None


def test_every_operation_answers_with_its_response_too(serve: Serve) -> None:
    """The value is what the operation alone gives, of the very answer that stands beside it."""
    answers: list[Any] = []
    server = serve(lambda r: r.reply(answers[-1], 204 if answers[-1] is None else 200))
    with AshClient(server.url) as client:
        for _, method, args, kwargs, _, answer in OPERATIONS:
            if method in IN_SEVERAL_REQUESTS:
                continue
            answers.append(answer)
            alone = getattr(client, method)(*args, **kwargs)
            raw = getattr(client.with_raw_response, method)(*args, **kwargs)
            last, again = server.requests[-2:]
            assert (last.method, last.target) == (again.method, again.target), method
            assert str(raw.http_response.request.url) == server.url + again.target
            same = raw.parse()
            assert same == alone or type(same) is type(alone), method


def test_a_raw_response_is_awaited_from_the_other_client() -> None:
    with AshServer() as server:

        async def main() -> RawResponse[object]:
            async with AsyncAshClient(server.url) as client:
                answers = await asyncio.gather(
                    *(client.with_raw_response.health(headers={"X-N": str(n)}) for n in range(20))
                )
                sent = [answer.http_response.request.headers["x-n"] for answer in answers]
                assert sent == [str(n) for n in range(20)]  # each has its own
                return answers[0]

        raw = asyncio.run(main())
    assert (raw.status_code, raw.json()["status"]) == (200, "ok")
