"""What went wrong is told in this package's words, and only what is safe is done again."""

from __future__ import annotations

import pickle
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import ash_client.errors as errors_module
from ash_client import (
    AgentError,
    AshClient,
    AshError,
    AuthenticationError,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    RequestTimeout,
    ServerError,
    SessionEnded,
    StatusError,
    StreamInterrupted,
    Unavailable,
)
from ash_client._retry import RetryPolicy
from ash_client._stream.transcript import Transcript
from ash_client._wire.headers import retry_after_seconds
from tests.ash_client.loopback import SESSION_ID, STREAM_HEAD, Loopback, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.conftest import Driver

    Serve = Callable[[Callable[[Request], None]], Loopback]

SESSION = {"session": {"id": SESSION_ID, "status": "active"}}
NOW = {"Retry-After": "0"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (400, {"error": "Bad Request", "statusCode": 400}, BadRequest, "Bad Request"),
        (
            401,
            {"error": "Invalid API key", "statusCode": 401},
            AuthenticationError,
            "Invalid API key",
        ),
        (403, {"error": "no"}, AuthenticationError, "no"),
        (404, {"error": "Session not found", "statusCode": 404}, NotFound, "Session not found"),
        (
            404,
            {"message": "Route GET:/x not found", "error": "Not Found", "statusCode": 404},
            NotFound,
            "Route GET:/x not found",
        ),
        (409, {"error": "conflict"}, BadRequest, "conflict"),
        (410, {"error": "Session has ended", "statusCode": 410}, SessionEnded, "Session has ended"),
        (
            413,
            {
                "statusCode": 413,
                "code": "FST_ERR_CTP_BODY_TOO_LARGE",
                "error": "Payload Too Large",
                "message": "Request body is too large",
            },
            PayloadTooLarge,
            "Request body is too large",
        ),
        (
            429,
            {"statusCode": 429, "error": "Too Many Requests", "message": "retry in 15 minutes"},
            RateLimited,
            "retry in 15 minutes",
        ),
        (
            500,
            {"error": "Failed to create session: fetch failed"},
            ServerError,
            "Failed to create session: fetch failed",
        ),
        (502, b"<html>Bad Gateway</html>", Unavailable, "<html>Bad Gateway</html>"),
        (503, {"error": {"message": "nested"}}, Unavailable, "nested"),
        (504, None, Unavailable, ""),
        (418, [1, 2], BadRequest, "[1, 2]"),
        (302, b"moved", BadRequest, "moved"),
    ],
)
def test_each_status_has_its_class(
    driver: Driver, serve: Serve, status: int, body: Any, kind: type[StatusError], message: str
) -> None:
    """Both of the server's error shapes, other people's pages, and no body at all."""
    with pytest.raises(StatusError) as caught:
        driver.call(serve(lambda r: r.reply(body, status)).url, "get_session", SESSION_ID)
    error = caught.value
    assert (type(error), error.status, error.message) == (kind, status, message)
    assert f"GET /api/sessions/{SESSION_ID} was answered {status}" in str(error)
    assert message in str(error)
    assert (error.method, error.path) == ("GET", f"/api/sessions/{SESSION_ID}")


def test_the_code_of_an_error_is_kept(driver: Driver, serve: Serve) -> None:
    body = {
        "statusCode": 415,
        "code": "FST_ERR_CTP_INVALID_MEDIA_TYPE",
        "error": "x",
        "message": "y",
    }
    with pytest.raises(BadRequest) as caught:
        driver.call(serve(lambda r: r.reply(body, 415)).url, "health")
    assert caught.value.code == "FST_ERR_CTP_INVALID_MEDIA_TYPE"


@pytest.mark.parametrize(
    ("text", "cause", "hint"),
    [
        ("Missing Authorization header", "missing", "ASH_API_KEY"),
        ("Invalid Authorization header format", "malformed", "Bearer KEY"),
        ("Invalid API key", "invalid", "does not know this key"),
        ("Unauthorized — invalid or missing internal secret", "unknown", "internal secret"),
    ],
)
def test_the_faults_behind_401(
    driver: Driver, serve: Serve, text: str, cause: str, hint: str
) -> None:
    with pytest.raises(AuthenticationError) as caught:
        driver.call(
            serve(lambda r: r.reply({"error": text, "statusCode": 401}, 401)).url, "list_sessions"
        )
    assert caught.value.cause == cause
    assert hint in str(caught.value)


def test_a_key_repeated_by_the_server_is_masked(driver: Driver, serve: Serve) -> None:
    def answer(request: Request) -> None:
        request.reply({"error": f"bad header {request.headers['authorization']}"}, 400)

    with pytest.raises(BadRequest) as caught:
        driver.call(serve(answer).url, "list_sessions")
    assert "secret-key" not in f"{caught.value!r}{caught.value}{caught.value.__dict__}"
    assert "***" in str(caught.value)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_there(driver: Driver) -> None:
    with pytest.raises(ConnectionFailed, match="cannot be reached") as caught:
        driver.call(f"http://127.0.0.1:{closed_port()}", "health")
    assert not caught.value.sent
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


def test_no_answer_in_time(driver: Driver, serve: Serve) -> None:
    server = serve(lambda r: r.wait_for_client_to_leave())  # type: ignore[arg-type,return-value]  # the result is not needed
    with pytest.raises(RequestTimeout, match="in time") as caught:
        driver.call(server.url, "health", options={"timeout": 0.05})
    assert caught.value.sent


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"session":', b"[]", b'{"sessions":1}', b'{"session":{"id":7}}']
)
def test_an_answer_that_cannot_be_read(driver: Driver, serve: Serve, body: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        driver.call(serve(lambda r: r.reply(body)).url, "get_session", SESSION_ID)
    assert caught.value.raw == body


def test_an_answer_before_the_body_is_read(driver: Driver, serve: Serve) -> None:
    """The server refuses a large body unread; its reason is shown although the writing breaks off."""

    def refuse(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.recv(1000)
        body = (
            b'{"statusCode":413,"error":"Payload Too Large","message":"Request body is too large"}'
        )
        head = b"HTTP/1.1 413 X\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 20):
            pass
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=refuse, args=(listener,))
        server.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(PayloadTooLarge, match="too large"):
            driver.call(url, "restore_workspace", SESSION_ID, b"x" * 5_000_000)
        server.join(10)


def test_garbage_instead_of_http(driver: Driver, serve: Serve) -> None:
    def answer(request: Request) -> None:
        request.send(b"SSH-2.0-OpenSSH_9.6\r\n")
        request.hang_up()

    with pytest.raises(ConnectionFailed):
        driver.call(serve(answer).url, "health")


def failing(times: int, fail: Callable[[Request], None]) -> Callable[[Request], None]:
    """Fail so many times, then answer."""
    left = [times]

    def answer(request: Request) -> None:
        left[0] -= 1
        if left[0] >= 0:
            fail(request)
        elif request.wants_stream:
            request.stream()
        else:
            request.reply(SESSION)

    return answer


FAILURES: dict[str, Callable[[Request], None]] = {
    "429": lambda r: r.reply({"error": "x"}, 429, NOW),
    "502": lambda r: r.reply({"error": "x"}, 502, NOW),
    "503": lambda r: r.reply({"error": "x"}, 503, NOW),
    "504": lambda r: r.reply({"error": "x"}, 504, NOW),
    "500": lambda r: r.reply({"error": "x"}, 500, NOW),
    "408": lambda r: r.reply({"error": "x"}, 408, NOW),
    "404": lambda r: r.reply({"error": "x"}, 404, NOW),
    "hang up": lambda r: r.hang_up(),
    "reset": lambda r: r.hang_up(reset=True),
    "stream cut": lambda r: (r.send(STREAM_HEAD), r.hang_up())[1],  # type: ignore[func-returns-value]  # two steps
}
FAST = RetryPolicy(max_retries=2, base=0.0)


def attempts(serve: Serve, failure: str, act: Callable[[AshClient], Any]) -> int:
    """How often the server was asked."""
    server = serve(failing(1, FAILURES[failure]))
    with AshClient(server.url) as client:
        client._retry = FAST  # no waiting in tests
        try:
            act(client)
        except AshError:
            return len(server.requests)
    return len(server.requests)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ("429", 2),
        ("502", 2),
        ("503", 2),
        ("504", 2),
        ("hang up", 2),
        ("reset", 2),
        ("500", 1),
        ("408", 1),
        ("404", 1),
    ],
)
def test_reads_are_made_again(serve: Serve, failure: str, expected: int) -> None:
    assert attempts(serve, failure, lambda client: client.get_session(SESSION_ID)) == expected
    assert attempts(serve, failure, lambda client: client.end_session(SESSION_ID)) == expected


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ("429", 2),
        ("503", 2),
        ("502", 1),
        ("504", 1),
        ("500", 1),
        ("hang up", 1),
        ("reset", 1),
        ("stream cut", 1),
    ],
)
def test_a_message_is_never_sent_twice(serve: Serve, failure: str, expected: int) -> None:
    """Only where the server has certainly not taken it."""
    read = attempts(
        serve, failure, lambda client: client.send_message(SESSION_ID, "x").until_done()
    )
    assert read == expected
    if failure != "stream cut":
        assert attempts(serve, failure, lambda client: client.create_session("bot")) == expected


def test_a_refused_connection_is_tried_again(driver: Driver) -> None:
    """Nothing was sent, so even a message may be; the policy says how long to wait."""
    refused = ConnectionFailed("x", sent=False)
    assert FAST.wait_before_retry(refused, 0, idempotent=False) == 0
    assert FAST.wait_before_retry(ConnectionFailed("x"), 0, idempotent=False) is None
    assert FAST.wait_before_retry(RequestTimeout("x"), 0, idempotent=False) is None
    assert FAST.wait_before_retry(refused, 2, idempotent=True) is None


def test_attempts_end(serve: Serve) -> None:
    server = serve(lambda r: r.reply({"error": "busy"}, 503, NOW))
    with AshClient(server.url, max_retries=3) as client, pytest.raises(Unavailable):
        client.health()
    assert len(server.requests) == 4


def test_waiting_grows_with_full_jitter() -> None:
    """Between nothing and a bound that doubles, up to the cap."""
    policy = RetryPolicy(max_retries=10, base=0.5, cap=4.0, jitter=lambda: 0.5)
    lost = ConnectionFailed("x")
    assert [policy.wait_before_retry(lost, n, idempotent=True) for n in range(6)] == [
        0.25,
        0.5,
        1.0,
        2.0,
        2.0,
        2.0,
    ]


def test_retry_after_is_honoured_up_to_a_cap(serve: Serve) -> None:
    """The server's 15 minutes are not slept through: the caller is told at once."""
    policy = RetryPolicy(cap=30.0)
    for seconds, wait in (("3", 3.0), ("30", 30.0), ("895", None)):
        error = RateLimited("x", status=429, headers={"retry-after": seconds})
        assert policy.wait_before_retry(error, 0, idempotent=True) == wait
    server = serve(lambda r: r.reply({"error": "x"}, 429, {"Retry-After": "895"}))
    with AshClient(server.url) as client, pytest.raises(RateLimited) as caught:
        client.health()
    assert (len(server.requests), caught.value.retry_after) == (1, 895.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("", None), ("soon", None), ("-1", None), ("1.2.3", None)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": value}) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    seconds = retry_after_seconds({"retry-after": later})
    assert seconds is not None
    assert 50 < seconds <= 60
    assert retry_after_seconds({"retry-after": "Sun, 22 Nov 2020 22:10:56 GMT"}) == 0.0


def test_a_closed_client_says_so(driver: Driver) -> None:
    client = AshClient("http://127.0.0.1:9")
    client.close()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.health()


def test_a_body_that_is_no_json(driver: Driver) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        driver.call("http://127.0.0.1:9", "update_agent_config", "bot", {"a": object()})


@pytest.mark.parametrize("name", errors_module.__all__)
def test_the_tree(name: str) -> None:
    """One root; the drawing at the top names every class; each survives pickling with what it holds."""
    kind = getattr(errors_module, name)
    assert issubclass(kind, AshError)
    assert name in (errors_module.__doc__ or "")
    error = kind("what happened")
    error.args = ("what happened",)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.__dict__) == (kind, "what happened", error.__dict__)


def test_a_cut_stream_survives_pickling() -> None:
    wire = b'event: text_delta\ndata: {"delta":"half"}\n\n'
    for kind in (AgentError, StreamInterrupted):
        copy = pickle.loads(pickle.dumps(kind("x", transcript=Transcript(wire), session_id="s")))
        assert (copy.text, copy.session_id, len(copy.events)) == ("half", "s", 1)
