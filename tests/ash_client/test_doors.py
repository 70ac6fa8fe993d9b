"""Options of a client and of a call, what goes out with a request, and what an error brings back."""

from __future__ import annotations

import asyncio
import inspect
import logging
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from ash_client import (
    NOT_GIVEN,
    AshClient,
    AshError,
    AsyncAshClient,
    BadRequest,
    ConnectionFailed,
    DecodeError,
    InvalidArgument,
    NotFound,
    RequestTimeout,
    ServerError,
    Unavailable,
)
from ash_client._options import MessageOptions, RequestOptions, SessionOptions
from ash_client.models import Session
from ash_client.testing import AshServer

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


# Errors.


def test_an_error_brings_the_answer(driver: Driver, serve: Serve) -> None:
    headers = {"X-Request-Id": "req-1", "Set-Cookie": "a=b"}
    server = serve(lambda r: r.reply({"error": f"no, {KEY}", "statusCode": 418}, 418, headers))
    with pytest.raises(BadRequest) as caught:
        driver.call(server.url, "health", options={"api_key": KEY})
    error = caught.value
    assert error.response is not None
    assert error.response.status_code == 418
    assert error.response.json() == {"error": "no, ***", "statusCode": 418}
    assert error.request_id == "req-1"
    assert error.response.request.url.path == "/health"
    held = f"{error.response.headers} {error.response.request.headers} {error.response.text}"
    assert KEY not in held
    assert "a=b" not in held


def test_an_error_with_an_answer_survives_pickling(serve: Serve) -> None:
    server = serve(lambda r: r.reply({"error": "gone"}, 500, {"X-Request-Id": "7"}))
    with AshClient(server.url) as client, pytest.raises(ServerError) as caught:
        client.health()
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.request_id, copy.response.status_code) == ("7", 500)


def test_an_answer_that_cannot_be_read_comes_with_its_error(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.reply({"status": 7}, 200, {"X-Amzn-Trace-Id": "Root=1"}))
    with pytest.raises(DecodeError) as caught:
        driver.call(server.url, "health")
    assert caught.value.response is not None
    assert (caught.value.response.status_code, caught.value.request_id) == (200, "Root=1")


def test_without_an_answer_there_is_no_request_id() -> None:
    nobody = AshClient("http://127.0.0.1:9", max_retries=0)
    with nobody as client, pytest.raises(ConnectionFailed) as caught:
        client.health()
    assert (caught.value.response, caught.value.request_id) == (None, None)


def test_https_to_a_plain_port_says_so(driver: Driver) -> None:
    with AshServer() as server, pytest.raises(ConnectionFailed, match="use an http:// address"):
        driver.call(server.url.replace("http:", "https:"), "health")


def test_https_to_a_plain_port_that_says_nothing_says_so(driver: Driver, serve: Serve) -> None:
    server = serve(healthy)  # waits for the rest of a request that is none
    with pytest.raises(AshError, match="use an http:// address") as caught:
        driver.call(server.url.replace("http:", "https:"), "health", timeout=0.2)
    assert isinstance(caught.value, RequestTimeout | ConnectionFailed)
    assert not caught.value.sent


def test_http_to_a_port_of_tls_says_so(driver: Driver, serve: Serve) -> None:
    """A TLS server answers with an alert (RFC 8446, 6): type 21, version 3.x."""
    server = serve(lambda r: r.send(b"\x15\x03\x03\x00\x02\x02\x0a") or r.hang_up())
    with pytest.raises(ConnectionFailed, match="use an https:// address"):
        driver.call(server.url, "health", max_retries=0)


def test_a_session_id_that_is_no_uuid_is_explained(driver: Driver, serve: Serve) -> None:
    """The real server answers a bare "Bad Request"."""
    server = serve(lambda r: r.reply({"error": "Bad Request", "statusCode": 400}, 400))
    with pytest.raises(BadRequest, match="Session ids are UUIDs"):
        driver.call(server.url, "get_session", "my-session")
    with pytest.raises(BadRequest) as caught:
        driver.call(server.url, "get_session", S)
    assert "UUID" not in str(caught.value)


def test_an_agent_that_is_not_there_is_told_with_what_to_do() -> None:
    hint = r"client\.deploy_agent\(folder\) deploys one"
    with (
        AshServer() as server,
        AshClient(server.url) as client,
        pytest.raises(NotFound, match=hint),
    ):
        client.create_session("none")


# The logger.


def test_nothing_is_printed_unasked(serve: Serve) -> None:
    """Not even a warning: the logger has a handler that does nothing."""
    code = "import logging; from ash_client import AshClient; AshClient('http://host'); logging.getLogger('ash_client').warning('hm')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize(("level", "told"), [("debug", True), ("INFO", False), ("", False)])
def test_ash_log_prints_what_is_asked_for(
    level: str, told: bool, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(healthy)
    monkeypatch.setenv("ASH_LOG", level)
    code = (
        f"from ash_client import AshClient; c = AshClient('{server.url}', api_key='{KEY}');"
        "AshClient('http://host'); c.health(headers={'X-Secret': 'hunter2'})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.count("GET /health: 200") == told  # once, however many clients there are
    assert KEY not in run.stderr
    assert "hunter2" not in run.stderr


def test_a_retry_is_told_with_its_cause(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(lambda r: r.reply({"error": "starting"}, 503, {"Retry-After": "0"}))
    caplog.set_level(logging.INFO, "ash_client")
    with AshClient(server.url, max_retries=1) as client, pytest.raises(AshError):
        client.health()
    told = [r.getMessage() for r in caplog.records if r.levelno == logging.INFO]
    assert told == ["GET /health was answered 503: starting; again in 0.0 s (1)"]


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
