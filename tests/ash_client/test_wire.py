"""What goes over the wire and comes back, without a wire: errors in words, arguments, headers, waits, turns in time."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel

from ash_client import (
    AshError,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    InvalidArgument,
    RequestTimeout,
    SessionBusy,
    StatusError,
)
from ash_client._retry import RetryPolicy
from ash_client._stream import turns as turns_module
from ash_client._stream.turns import Turns, left_behind, turns_of
from ash_client._wire import arguments
from ash_client._wire.decode import parse
from ash_client._wire.failures import (
    MAX_ERROR_BODY,
    describe,
    presentable,
    status_error,
    transport_error,
)
from ash_client._wire.headers import request_id, retry_after_seconds
from ash_client._wire.strict_json import decode
from ash_client._wire.upload import JsonBody, batches, decoded_size, size_in_json, upload, written

if TYPE_CHECKING:
    from pathlib import Path

ID = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


def answer(
    status: int, body: bytes | str = b"", path: str = "/health", **headers: str
) -> httpx.Response:
    sent = httpx.Request("POST", f"http://host:4100{path}", headers={"authorization": "Bearer k"})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    return httpx.Response(status, headers=named, content=content, request=sent)


# Answers of another shape.


class Inner(BaseModel):
    n: int


class Outer(BaseModel):
    rows: list[Inner]


@pytest.mark.parametrize(
    ("body", "keys", "said"),
    [
        ('{"rows":[{"n":1},{"n":"x"}]}', (), "shape: rows.1.n: Input should be a valid integer"),
        ("[]", (), "shape: Input should be a valid dictionary"),
        ('{"a":1}', ("a", "b"), "shape: there is no 'a.b' in it"),
        ("{}", ("a",), "shape: there is no 'a' in it"),
        ("nonsense", (), "The answer to POST /health is not JSON"),
        ('{"rows":[{"n":NaN}]}', (), "NaN is not JSON"),
    ],
)
def test_an_answer_of_another_shape_says_where_and_what(
    body: str, keys: tuple[str, ...], said: str
) -> None:
    with pytest.raises(DecodeError) as caught:
        parse(Outer, answer(200, body), *keys)
    assert said in str(caught.value)
    assert caught.value.raw == body.encode()
    assert caught.value.response is not None
    assert caught.value.response.text == body


def test_half_a_character_is_read_as_javascript_writes_it() -> None:
    assert decode(b'{"a":"\\ud83d"}', "it") == {"a": "\ud83d"}
    assert parse(Outer, answer(200, '{"a":{"rows":[{"n":1}]}}'), "a").rows[0].n == 1
    with pytest.raises(DecodeError, match="it is not JSON"):
        decode(b"[" * 100_000, "it")


# Answers with an error status.


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "BadRequest"), (401, "AuthenticationError"), (402, "BadRequest"), (403, "AuthenticationError"), (404, "NotFound"), (409, "BadRequest"),
        (410, "SessionEnded"), (413, "PayloadTooLarge"), (422, "BadRequest"), (429, "RateLimited"), (499, "BadRequest"), (500, "ServerError"), (501, "ServerError"),
        (502, "Unavailable"), (503, "Unavailable"), (504, "Unavailable"), (505, "ServerError"), (302, "BadRequest"),
    ],
)  # fmt: skip
def test_a_status_is_an_exception_of_its_class(status: int, kind: str) -> None:
    assert type(status_error(answer(status), b"", None)).__name__ == kind


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ('{"error":"Bad","statusCode":400}', "Bad", None), ('{"message":"why","error":"Bad"}', "why", None), ('{"error":{"message":"nested"},"code":"E1"}', "nested", "E1"),
        ('{"error":{"x":1}}', "", None), ('{"code":7}', "", None), ("[1, 2]", "[1, 2]", None), ("  plain  ", "plain", None), ("x" * 600, "x" * 500, None), ('"text"' + " " * 600, '"text"', None),
        ("[" * 100_000, "[" * 500, None), ('["' + "x" * 600 + '"]', '["' + "x" * 498, None),
    ],
    ids=range(11),
)  # fmt: skip
def test_the_server_s_words_are_found_in_either_of_its_shapes(
    body: str, message: str, code: str | None
) -> None:
    error = status_error(answer(418, body), body.encode(), None)
    assert (error.message, error.code, error.body) == (message, code, body)
    said = message or "I'm a teapot"
    assert str(error) == f"POST /health was answered 418: {said}"


def test_an_answer_without_any_word_says_so() -> None:
    assert str(status_error(answer(499), b"", None)).endswith("answered 499: no reason given")


LARGE = "The server takes "


@pytest.mark.parametrize(
    ("status", "path", "body", "hint"),
    [
        (401, "/health", '{"error":"Missing Authorization header"}', "Pass api_key, or set ASH_API_KEY."),
        (401, "/health", '{"error":"Invalid API key"}', "The server does not know this key."),
        (401, "/health", '{"error":"Invalid Authorization header format"}', "The header must be exactly 'Bearer KEY'; is something on the way rewriting it?"),
        (400, "/health", "Client sent an HTTP request to the HTTPS port", "The port speaks TLS: use an https:// address."),
        (404, "/health", "the HTTPS port", None),
        (400, "/api/sessions/abc/stop", "", "Session ids are UUIDs, which 'abc' is not; pass session.id."),
        (400, f"/api/sessions/{ID}/stop", "", None), (404, "/api/sessions/abc", "", None),
        (404, "/api/sessions", "", "client.list_agents() tells which there are, client.deploy_agent(folder) deploys one."), (404, "/api/agents", "", None), (400, "/api/sessions", "", None),
        (413, "/api/agents", "", LARGE + "at most 1 MiB in a request, which base64 makes about 780 KB of files."),
        (413, f"/api/sessions/{ID}/messages", "", LARGE + "messages of at most 50 MiB."), (413, f"/api/sessions/{ID}/files", "", LARGE + "at most 50 MiB a file and 100 MiB a request."),
        (413, f"/api/sessions/{ID}/attachments", "", LARGE + "attachments of about 780 KB: base64 within its limit of 1 MiB a request."),
        (413, f"/api/sessions/{ID}/workspace", "", LARGE + "workspaces of at most about 100 MB."), (413, f"/api/sessions/{ID}/other", "", LARGE + "at most 1 MiB in a request, which base64 makes about 780 KB of files."),
    ],
)  # fmt: skip
def test_an_error_says_what_to_do_where_that_can_be_told(
    status: int, path: str, body: str, hint: str | None
) -> None:
    said = str(status_error(answer(status, body, path), body.encode(), None))
    assert said.endswith(f". {hint}") if hint else not said.endswith(".")


def test_what_an_error_shows_of_an_answer_holds_no_key_and_no_more_than_was_read() -> None:
    given = answer(500, b"k" * 70_000, "/a?b=c", set_cookie="a=b", x_request_id="7", content_encoding="identity")  # fmt: skip
    shown = presentable(given, given.content)
    assert len(shown.content) == MAX_ERROR_BODY == 65_536
    assert dict(shown.headers) == {"x-request-id": "7", "content-length": "65536"}
    assert "authorization" not in shown.request.headers
    assert (describe(shown.request), shown.status_code) == ("POST /a", 500)
    error = status_error(given, b"the key is k3y, k3y", "k3y")
    assert error.body == "the key is ***, ***"
    assert "set-cookie" not in error.headers
    assert error.headers["x-request-id"] == "7"


# No answer.


@pytest.mark.parametrize(
    ("raised", "url", "kind", "sent", "said"),
    [
        (httpx.ConnectError("refused"), "http://h:1", ConnectionFailed, False, "r: h:1 cannot be reached (refused). Is the server up, and the address right?"),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER]"), "https://h:1", ConnectionFailed, False, "The port does not speak TLS: use an http:// address, or the port of the TLS listener."),
        (httpx.ConnectError("RECORD_LAYER_FAILURE"), "https://h:1", ConnectionFailed, False, "The port does not speak TLS: use an http:// address, or the port of the TLS listener."),
        (httpx.ConnectError("handshake failed"), "https://h:1", ConnectionFailed, False, "Nobody answered in TLS: if the port speaks plain HTTP, use an http:// address."),
        (httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), "https://h:1", ConnectionFailed, False, "or pass an http_client made with verify=ssl_context."),
        (httpx.ConnectError(""), "http://h:1", ConnectionFailed, False, "(ConnectError)"), (httpx.PoolTimeout("x"), "http://h:1", RequestTimeout, False, "r: no answer from h:1 in time (x)."),
        (httpx.ConnectTimeout("x"), "https://h:1", RequestTimeout, False, "if the port speaks plain HTTP, use an http:// address."), (httpx.ConnectTimeout("x"), "http://h:1", RequestTimeout, False, "in time (x)."),
        (httpx.ReadTimeout("x"), "https://h:1", RequestTimeout, True, "r: no answer from h:1 in time (x)."), (httpx.ReadTimeout("handshake"), "http://h:1", RequestTimeout, True, "use an http:// address."),
        (httpx.ReadError("gone"), "http://h:1", ConnectionFailed, True, "r: the connection to h:1 broke (gone)."),
        (httpx.RemoteProtocolError("illegal request line"), "http://h:1", ConnectionFailed, True, "The port does not answer in plain HTTP: if it speaks TLS, use an https:// address."),
        (httpx.RemoteProtocolError("illegal request line"), "https://h:1", ConnectionFailed, True, "broke (illegal request line)."),
        (httpx.DecodingError("gzip"), "http://h:1", DecodeError, None, "r: the answer cannot be decompressed (gzip)."), (httpx.InvalidURL("bad"), "http://h:1", ConfigurationError, None, "r: bad."),
        (httpx.LocalProtocolError("bad"), "http://h:1", ConfigurationError, None, "r: bad."), (httpx.UnsupportedProtocol("x"), "ftp://h:1", ConnectionFailed, False, "cannot be reached"),
    ],
)  # fmt: skip
def test_no_answer_says_whether_the_request_may_have_arrived_and_what_to_try(
    raised: Exception, url: str, kind: type[AshError], sent: bool | None, said: str
) -> None:
    error = transport_error(raised, "r", url)
    assert type(error) is kind
    assert getattr(error, "sent", None) is sent
    assert said in str(error)
    assert str(error).endswith(said) or len(said) < 30


# Headers.


def test_retry_after_is_read_in_each_form_of_rfc_9110() -> None:
    """Section 10.2.3: seconds or a date; section 5.6.7: three forms of a date, two of them obsolete."""
    for value, seconds in (("0", 0.0), (" 120 ", 120.0), ("1.", 1.0), ("\u00b2", None), (".", None), ("1e3", None), ("Infinity", None)):  # fmt: skip
        assert retry_after_seconds({"retry-after": value}) == seconds, value
    assert retry_after_seconds({}) is None
    then = datetime.now(UTC) + timedelta(seconds=600)
    for text in (
        format_datetime(then, usegmt=True),
        then.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
        then.strftime("%a %b %d %H:%M:%S %Y"),
        then.strftime("%a, %d %b %Y %H:%M:%S -0000"),
        (then + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S +0200"),
    ):
        found = retry_after_seconds({"retry-after": text})
        assert found is not None, text
        assert 590 < found <= 600, text


def test_the_name_of_a_request_is_the_one_of_who_stands_nearest_to_the_server() -> None:
    names = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id", "x-amz-cf-id", "cf-ray"]  # fmt: skip
    for number, name in enumerate(names):
        assert request_id({later: later for later in names[number:]}) == name
    assert request_id({"x-request-id": "", "cf-ray": "7"}) == "7"
    assert request_id({}) is None


# Waiting before another try.


def error_of(status: int, **headers: str) -> StatusError:
    return status_error(answer(status, **headers), b"", None)


@pytest.mark.parametrize(
    ("error", "reading", "message"),
    [
        (error_of(429), True, True), (error_of(503), True, True), (error_of(502), True, False), (error_of(504), True, False), (error_of(500), False, False), (error_of(408), False, False), (error_of(404), False, False),
        (ConnectionFailed("x", sent=False), True, True), (ConnectionFailed("x", sent=True), True, False), (RequestTimeout("x", sent=False), True, True), (RequestTimeout("x", sent=True), False, False), (DecodeError("x"), False, False),
    ],
)  # fmt: skip
def test_a_message_is_sent_again_only_if_nobody_can_have_taken_it(
    error: AshError, reading: bool, message: bool
) -> None:
    """A reading is made again after whatever may pass, but not after it was waited for in vain."""
    policy = RetryPolicy(jitter=lambda: 1.0)
    for idempotent, again in ((True, reading), (False, message)):
        wait = policy.wait_before_retry(error, 0, idempotent=idempotent)
        assert wait == (0.5 if again else None)


def test_the_first_wait_is_half_a_second_at_most_the_next_twice_that_and_then_it_is_over() -> None:
    policy = RetryPolicy(jitter=lambda: 1.0)
    waits = [policy.wait_before_retry(error_of(503), n, idempotent=True) for n in range(4)]
    assert waits == [0.5, 1.0, None, None]
    for asked, wait in (("0", 0.0), ("29.5", 29.5), ("30", 30.0), ("30.1", None)):
        assert (
            policy.wait_before_retry(error_of(503, retry_after=asked), 0, idempotent=False) == wait
        )


# Arguments.


@pytest.mark.parametrize("good", ["a", "a.b", "A_~@:-9", "~x", "x" * 255, UUID(ID)])
def test_an_id_is_taken_as_the_server_gave_it(good: object) -> None:
    assert arguments.id_text(good) == str(good)


@pytest.mark.parametrize(
    "bad", ["", ".a", "a/b", "a b", "a\n", "x" * 256, None, 7, b"a", "../x", "é"]
)
def test_what_is_no_id_is_refused_by_what_it_should_have_been(bad: object) -> None:
    with pytest.raises(InvalidArgument) as caught:
        arguments.id_part(bad, "queue id")
    shown = repr(bad) if len(repr(bad)) <= 60 else repr(bad)[:57] + "..."
    assert str(caught.value) == f"{shown} is not a queue id. Pass the id as the server gave it, for example session.id."  # fmt: skip


def test_names_and_paths_are_quoted_and_never_lead_elsewhere() -> None:
    assert arguments.name_part("a b/c?é") == "a%20b%2Fc%3F%C3%A9"
    assert arguments.file_part("a b/c%/d") == "a%20b/c%25/d"
    assert arguments.id_part("a:b@c") == "a%3Ab%40c"
    for bad in ("", ".", "..", "a\x00", "a\x7f", None, 7):
        with pytest.raises(InvalidArgument) as caught:
            arguments.name_part(bad)
        assert str(caught.value) == f"{bad!r} is not a agent name."
    for bad in ("", "/a", "a//b", "a/../b", "./a", "a/", "a\n", None, 7):
        with pytest.raises(InvalidArgument) as caught:
            arguments.file_part(bad)
        assert str(caught.value) == f"{bad!r} is not the path of a file inside the workspace."
    assert arguments.check_agent_name("a_B-9" * 51) == "a_B-9" * 51
    for bad in ("", "a b", "a.b", "x" * 256, None):
        with pytest.raises(InvalidArgument, match="cannot be an agent's name"):
            arguments.check_agent_name(bad)


def test_what_was_not_given_is_not_sent_and_none_clears_where_it_may() -> None:
    """None is nothing in one and a value in the other."""
    assert arguments.given(a=None, b=0, c="", d=UUID(ID)) == {"b": 0, "c": "", "d": ID}
    assert arguments.sent(a=None, b=arguments.NOT_GIVEN) == {"a": None}
    assert arguments.query(a=None, b=True, c=False, d=7, e=UUID(ID)) == {
        "b": "true",
        "c": "false",
        "d": "7",
        "e": ID,
    }


def test_a_message_has_one_content() -> None:
    block = {"type": "text", "text": "x"}
    assert arguments.message_content("hi", None) == arguments.message_content(None, "hi") == "hi"
    assert arguments.message_content(None, [block]) == [block]
    assert arguments.message_content(None, (block, block)) == [block, block]
    refused: list[tuple[Any, Any, str]] = [
        (None, None, "Pass either"), ("a", "b", "Pass either"), ("", None, "The message is empty."), (None, "", "The message is empty."),
        (7, None, "message must be text; not int."), (None, [], "content must be text, or a list of blocks such as {'type': 'text', 'text': '...'}; not list."),
        (None, ["x"], "not list."), (None, [block, "x"], "not list."), (None, b"x", "not bytes."), (None, 7, "content must be text, or a list"), ([block], None, "message must be text; not list."),
    ]  # fmt: skip
    for message, content, said in refused:
        with pytest.raises(InvalidArgument) as caught:
            arguments.message_content(message, content)
        assert said in str(caught.value), said


# Files on their way up.


@pytest.mark.parametrize("size", [0, 1, 2, 3, 49_151, 49_152, 49_153, 100_000])
def test_a_file_arrives_as_it_is_and_its_length_is_told_before(size: int, tmp_path: Path) -> None:
    data = bytes(n % 251 for n in range(size))
    path = tmp_path / "file"
    path.write_bytes(data)
    for content in (data, bytearray(data), memoryview(data), path):
        body = JsonBody({"a": upload(content, "x"), "é": [upload(b"y", "y")]})
        text = b"".join(body)
        assert len(text) == body.length
        found = json.loads(text)
        assert base64.b64decode(found["a"]) == data
        assert base64.b64decode(found["é"][0]) == b"y"
        assert b"".join(body) == text  # sent again after a failure


def test_a_file_that_changed_meanwhile_is_not_sent_as_if_it_were_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    body = upload(path, "x")
    for other in (b"x" * 9, b"x" * 11, b"x" * 60_000):
        path.write_bytes(other)
        with pytest.raises(InvalidArgument, match="changed while it was being sent"):
            list(body.pieces())
    path.unlink()
    with pytest.raises(InvalidArgument, match="cannot be read: No such file"):
        list(body.pieces())
    for bad, said in (
        (tmp_path, "is not a file."),
        (7, "x: the content must be bytes, text or a path, not int."),
        ("\ud800", "cannot be written as UTF-8"),
    ):
        with pytest.raises(InvalidArgument, match=said):
            upload(bad, "x")


def test_a_small_body_is_put_together_and_a_large_one_read_as_it_is_sent() -> None:
    for size, at_once in ((100, True), (786_000, True), (790_000, False)):
        made = written({"a": upload(b"x" * size, "x")})
        assert isinstance(made, bytes) is at_once, size


@pytest.mark.parametrize(
    ("sizes", "most_bytes", "most_files", "groups"),
    [
        ([], 10, None, []), ([4, 6], 10, None, [2]), ([4, 7], 10, None, [1, 1]), ([20], 10, None, [1]), ([20, 1], 10, None, [1, 1]), ([1, 20, 1], 10, None, [1, 1, 1]),
        ([1] * 5, 10, 2, [2, 2, 1]), ([5, 5, 5, 5], 10, 9, [2, 2]), ([10, 10], 20, 1, [1, 1]),
    ],
)  # fmt: skip
def test_files_go_in_as_few_requests_as_the_server_takes(
    sizes: list[int], most_bytes: int, most_files: int | None, groups: list[int]
) -> None:
    files = [{"path": str(n), "content": upload(b"x" * size, "x")} for n, size in enumerate(sizes)]
    made = list(batches(files, most_bytes, decoded_size, most_files))
    assert [len(group) for group in made] == groups
    assert [file for group in made for file in group] == files
    for file in files:
        assert size_in_json(file) == len(b"".join(JsonBody(file))) + 1


# Turns, in a time of their own.


class Time:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(turns_module, "time", made)
    monkeypatch.setattr(turns_module, "_quiet_at", {})
    return made


@pytest.mark.parametrize(("took", "settle"), [(0.0, 0.05), (0.01, 0.05), (0.2, 0.2), (3.0, 0.5)])
def test_after_a_command_the_next_turn_waits_as_long_as_that_took_within_bounds(
    time: Time, took: float, settle: float
) -> None:
    """Its ``done`` comes a moment after its answer: a slow server is slow in both."""
    turns = Turns("http://h")
    first = turns.begin("s", "why")
    assert (first.settle, first.done_due) == (0.0, False)
    time.now += took
    first.release(done_due=True)
    first.release(done_due=True)
    other = turns.begin("another", "why")
    assert (other.settle, other.done_due) == (0.0, False)
    again = turns.begin("s", "why")
    assert (again.settle, again.done_due) == (pytest.approx(settle), True)
    # What was waited before asking is no part of how long the command took.
    time.now += again.settle + took
    again.release(done_due=True)
    assert turns.begin("s", "why").settle == pytest.approx(settle)


def test_a_done_is_due_until_its_moment_has_passed_and_a_turn_has_ended_since(time: Time) -> None:
    turns = Turns("http://h")
    turns.begin("s", "why").release(done_due=True)
    time.now += 0.04
    soon = turns.begin("s", "why")
    assert (soon.done_due, soon.settle) == (True, pytest.approx(0.01))
    soon.release()
    assert turns.begin("s", "why").done_due is True
    turns = Turns("http://i")
    turns.begin("s", "why").release(done_due=True)
    time.now += 0.06
    late = turns.begin("s", "why")
    assert (late.done_due, late.settle) == (True, 0.0)
    late.release()
    assert turns.begin("s", "why").done_due is False


def test_a_done_that_is_due_is_remembered_though_its_client_is_gone(time: Time) -> None:
    Turns("http://h").begin("s", "why").release(done_due=True)
    assert Turns("http://h").begin("s", "why").settle == pytest.approx(0.05)
    assert Turns("http://other").begin("s", "why").settle == 0.0
    time.now += 1.0
    Turns("http://h").begin("t", "why").release(done_due=True)
    assert list(turns_module._quiet_at) == [("http://h", "t")]


def test_one_turn_at_a_time_and_what_is_left_of_one_is_told_until_it_is_forgotten() -> None:
    turns = Turns("http://h")
    first = turns.begin("s", "its events would mix")
    with pytest.raises(SessionBusy, match="session s through this process; its events would mix"):
        turns.begin("s", "its events would mix")
    first.release("The last answer was not read")
    assert turns.is_unfinished("s")
    assert not turns.is_unfinished("t")
    with pytest.raises(SessionBusy, match=r"^The last answer was not read on session s\."):
        turns.begin("s", "x", "restart")
    turns.begin("s", "x", "accept").release()
    assert turns.is_unfinished("s")
    turns.forget("s")
    assert not turns.is_unfinished("s")
    turns.begin("s", "x").release()


def test_a_turn_that_is_over_cannot_end_the_next() -> None:
    turns = Turns("http://h")
    first = turns.begin("s", "x")
    first.release()
    second = turns.begin("s", "x")
    first.release("late words")
    with pytest.raises(SessionBusy, match="already at work"):
        turns.begin("s", "x")
    assert not turns.is_unfinished("s")
    second.saw_init()
    assert turns.begin("t", "x").begins_with_init


def test_clients_of_one_server_share_their_turns_until_the_last_has_left() -> None:
    url = "http://only-here"
    first, second = turns_of(url, None), turns_of(url, None)
    assert first is second
    assert turns_of("http://elsewhere", None) is not first
    turns_module.leave(first)
    assert turns_of(url, None) is first
    turns_module.leave(first)
    turns_module.leave(first)
    assert turns_of(url, None) is not first
    with httpx.Client() as one, httpx.Client() as other:
        assert turns_of(url, one) is turns_of(url, one)
        assert turns_of(url, one) is not turns_of(url, other)
        assert turns_of("http://b", one) is not turns_of(url, one)


@pytest.mark.parametrize(
    ("error", "sent", "left"),
    [
        (error_of(404), True, False), (error_of(429), True, False), (error_of(503), True, False), (error_of(500), True, True), (error_of(502), True, True), (error_of(504), True, True), (error_of(499), True, False),
        (ConnectionFailed("x", sent=True), False, True), (ConnectionFailed("x", sent=False), True, False), (RequestTimeout("x", sent=True), False, True), (RequestTimeout("x", sent=False), True, False),
        (KeyboardInterrupt(), True, True), (KeyboardInterrupt(), False, False), (status_error(answer(500), b'{"error":"Sandbox not found"}', None), True, False), (status_error(answer(500), b'{"error":"Runner not available"}', None), True, False),
    ],
)  # fmt: skip
def test_a_request_that_failed_is_left_behind_if_the_server_may_go_on_with_it(
    error: BaseException, sent: bool, left: bool
) -> None:
    turn = Turns("http://h").begin("s", "x")
    turn.sent = sent
    assert left_behind(error, turn, "what") == ("what" if left else "")
