"""Options of a client and of a call, what goes out with a request, and what an error brings back."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from ash_client import (
    NOT_GIVEN,
    AshClient,
    AsyncAshClient,
    InvalidArgument,
    RequestTimeout,
    Unavailable,
)
from ash_client._options import MessageOptions, RequestOptions, SessionOptions
from ash_client.models import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

S = "8d9dceaa-5492-4181-a003-c5b8b32d0637"
SESSION = {"id": S, "status": "active"}
KEY = "ash_0123456789abcdef"


def healthy(request: Request) -> None:
    request.reply({"status": "ok"})


# For one call.


def test_a_call_may_have_its_own_timeout(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.wait_for_client_to_leave() and None)
    with pytest.raises(RequestTimeout):
        driver.call(server.url, "health", timeout=0.05)


def test_a_call_may_have_its_own_headers(driver: Driver, serve: Serve) -> None:
    server = serve(healthy)
    options = {"default_headers": {"X-Team": "a", "X-Trace": "client"}}
    driver.call(server.url, "health", headers={"x-trace": "call"}, options=options)
    sent = server.requests[0].headers
    assert (sent["x-team"], sent["x-trace"]) == ("a", "call")
    assert sent["authorization"] == "Bearer secret-key"


def test_a_call_may_have_its_own_retries(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.reply({"error": "starting"}, 503, {"Retry-After": "0"}))
    with pytest.raises(Unavailable):
        driver.call(server.url, "health", max_retries=3)
    assert len(server.requests) == 4
    with pytest.raises(Unavailable):
        driver.call(server.url, "health", options={"max_retries": 5}, max_retries=0)
    assert len(server.requests) == 5


@pytest.mark.parametrize("name", sorted(n for n in dir(AshClient) if not n.startswith("_")))
def test_every_operation_takes_them(name: str) -> None:
    method = getattr(AshClient, name)
    declared = getattr(method, "operation", None)
    own = ("send_message", "exec_command")  # their streams and sandboxes keep a time of their own
    if declared and not name.startswith("wait_for_") and name not in own:
        assert "request" in inspect.signature(method).parameters, name


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("health", ()),
        ("get_session", (S,)),
        ("create_session", ("bot",)),
        ("send_message", (S, "Hello!")),
        ("exec_command", (S, "ls")),
        ("write_session_files", (S, {"a": "b"})),
        ("download_workspace", (S, "/tmp")),
    ],
)
def test_a_misspelt_option_is_no_option(
    method: str, arguments: tuple[Any, ...], driver: Driver, serve: Serve
) -> None:
    """Python's own error, as for any function."""
    server = serve(healthy)
    with pytest.raises(TypeError, match="unexpected keyword argument 'timout'"):
        driver.call(server.url, method, *arguments, timout=3)
    assert server.requests == []


def test_headers_are_never_repeated_in_an_error() -> None:
    with pytest.raises(InvalidArgument) as caught:
        AshClient("http://host", default_headers={"X-Secret": "hunter2\n"})
    assert "hunter2" not in str(caught.value)


# For a client.


@pytest.mark.parametrize("kind", [AshClient, AsyncAshClient])
@pytest.mark.parametrize(
    "options",
    [
        {"timeout": "5"},
        {"timeout": -1},
        {"timeout": True},
        {"timeout": float("nan")},
        {"max_retries": "x"},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"max_retries": None},
        {"stall_check": -5},
        {"stall_check": 0},
        {"stall_check": "x"},
        {"default_headers": ["X: y"]},
        {"default_headers": {"X Y": "z"}},
        {"default_headers": {"X": 7}},
        {"http_client": "httpx"},
    ],
    ids=str,
)
def test_an_option_is_checked_at_once(kind: type[AshClient], options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=next(iter(options))):
        kind("http://host", **options)
    name = next(iter(options))
    if name != "http_client":
        with pytest.raises(InvalidArgument, match=name):
            kind("http://host").with_options(**options)


@pytest.mark.parametrize("options", [{"timeout": "5"}, {"max_retries": -1}, {"headers": {"X": 7}}])
def test_an_option_of_a_call_is_checked_before_the_request(
    options: dict[str, Any], driver: Driver, serve: Serve
) -> None:
    server = serve(healthy)
    with pytest.raises(InvalidArgument):
        driver.call(server.url, "health", **options)
    assert server.requests == []


def test_none_is_an_option_like_any_other() -> None:
    with AshClient("http://host", timeout=5, stall_check=7) as client:
        copy = client.with_options(timeout=None, stall_check=None)
        assert copy._timeout == httpx.Timeout(None)
        assert copy._stall_check is None
        same = client.with_options(timeout=NOT_GIVEN, stall_check=NOT_GIVEN)
        assert (same._timeout, same._stall_check) == (httpx.Timeout(5), 7.0)


def test_a_client_of_the_other_kind_is_refused_with_the_reason() -> None:
    """And nothing is left un-awaited: warnings are errors here."""
    wrong_for_sync = httpx.AsyncClient()
    with pytest.raises(InvalidArgument, match=r"httpx\.Client here.*AsyncAshClient"):
        AshClient("http://host", http_client=wrong_for_sync)  # type: ignore[arg-type]  # the mistake
    asyncio.run(wrong_for_sync.aclose())
    with httpx.Client() as wrong, pytest.raises(InvalidArgument, match=r"httpx\.AsyncClient here"):
        AsyncAshClient("http://host", http_client=wrong)  # type: ignore[arg-type]  # the mistake


def test_default_headers_add_up(serve: Serve) -> None:
    server = serve(healthy)
    with AshClient(server.url, default_headers={"X-A": "1", "X-B": "1"}) as client:
        client.with_options(default_headers={"x-b": "2"}).health()
        client.health()
    first, second = (request.headers for request in server.requests)
    assert (first["x-a"], first["x-b"]) == ("1", "2")
    assert (second["x-a"], second["x-b"]) == ("1", "1")


def test_hooks_see_every_request_and_answer(serve: Serve) -> None:
    server, seen = serve(healthy), list[str]()

    def request_hook(request: httpx.Request) -> None:
        seen.append(request.url.path)

    def response_hook(response: httpx.Response) -> None:
        seen.append(str(response.status_code))

    hooks = {"request": [request_hook], "response": [response_hook]}
    with AshClient(server.url, event_hooks=hooks) as client:
        client.health()
    assert seen == ["/health", "200"]
    with httpx.Client() as own, pytest.raises(InvalidArgument, match="event_hooks"):
        AshClient(server.url, http_client=own, event_hooks=hooks)


# Ids.


@pytest.mark.parametrize("given", [S, UUID(S), Session(id=S, status="active")], ids=type)
def test_an_id_may_be_text_a_uuid_or_the_session_itself(
    given: Any, driver: Driver, serve: Serve
) -> None:
    server = serve(lambda r: r.reply({"session": SESSION}))
    driver.call(server.url, "get_session", given)
    driver.call(server.url, "stop_session", given)
    assert [r.path for r in server.requests] == [
        f"/api/sessions/{S}",
        f"/api/sessions/{S}/stop",
    ]


def test_an_id_inside_a_body_may_be_a_uuid(serve: Serve) -> None:
    server = serve(
        lambda r: r.reply({"item": {"id": "i", "status": "pending"}, "session": SESSION})
    )
    with AshClient(server.url) as client:
        client.create_queue_item("a", "p", session_id=UUID(S))
        client.create_session("a", credential_id=UUID(S))
        client.create_queue_item("a", "p", session_id=Session(id=S, status="active"))
    bodies = [r.json for r in server.requests]
    assert [b.get("sessionId") or b.get("credentialId") for b in bodies] == [S, S, S]


def test_what_is_no_id_is_shown_shortened() -> None:
    with AshClient("http://host") as client, pytest.raises(InvalidArgument) as caught:
        client.get_session({"id": "x" * 1000})  # type: ignore[arg-type]  # the mistake
    assert len(str(caught.value)) < 200


# None on the wire.


def test_none_clears_what_may_be_empty(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.reply({"case": {"question": "q"}}))
    driver.call(server.url, "update_eval_case", "a", "c", category=None, tags=["x"])
    driver.call(server.url, "update_eval_case", "a", "c", question="new")
    assert [r.json for r in server.requests] == [
        {"category": None, "tags": ["x"]},
        {"question": "new"},
    ]


# Contents of a message.


@pytest.mark.parametrize(
    "kwargs",
    [
        {"message": b"hi"},
        {"message": 7},
        {"message": ["hi"]},
        {"content": b"hi"},
        {"content": {"type": "text", "text": "hi"}},
        {"content": ["hi"]},
        {"content": 7},
    ],
    ids=str,
)
def test_what_is_no_message_is_refused(kwargs: dict[str, Any]) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument, match="must be"):
        client.send_message(S, **kwargs)


# One list of options.


@pytest.mark.parametrize(
    ("method", "options"),
    [("create_session", SessionOptions), ("send_message", MessageOptions)],
)
def test_a_conversation_takes_the_options_of_the_operation(method: str, options: Any) -> None:
    signature = inspect.signature(getattr(AshClient, method))
    by_name = {
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    own = set(options.__annotations__) - set(RequestOptions.__annotations__)
    assert own == by_name - {"content"}


def test_a_download_cannot_be_written_into_nowhere(tmp_path: Path, serve: Serve) -> None:
    server = serve(lambda r: r.reply(b"content"))
    with AshClient(server.url) as client, pytest.raises(InvalidArgument, match="cannot be written"):
        client.download_session_file(S, "a.txt", tmp_path / "no" / "folder" / "a.txt")
