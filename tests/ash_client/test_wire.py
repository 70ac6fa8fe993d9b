"""What an answer, or none, says: exceptions in words, shapes, headers. Without a wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from pydantic import BaseModel

from ash_client import (
    AshError,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    RequestTimeout,
    StatusError,
)
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

ID = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


def answer(
    status: int, body: bytes | str = b"", path: str = "/health", **headers: str
) -> httpx.Response:
    sent = httpx.Request("POST", f"http://host:4100{path}", headers={"authorization": "Bearer k"})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    return httpx.Response(status, headers=named, content=content, request=sent)


def error_of(status: int, **headers: str) -> StatusError:
    return status_error(answer(status, **headers), b"", None)


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
