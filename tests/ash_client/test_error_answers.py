"""What an error brings back, what it says to do, and what the log tells."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ash_client import (
    AshClient,
    AshError,
    BadRequest,
    ConnectionFailed,
    DecodeError,
    NotFound,
    RequestTimeout,
    ServerError,
)
from ash_client.testing import AshServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

S = "8d9dceaa-5492-4181-a003-c5b8b32d0637"
SESSION = {"id": S, "status": "active"}
KEY = "ash_0123456789abcdef"


def healthy(request: Request) -> None:
    request.reply({"status": "ok"})


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
