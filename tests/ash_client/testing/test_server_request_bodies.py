"""What the server makes of bodies: captures mock-*-400*, mock-queue-413, mock-message-*."""

from __future__ import annotations

import pytest

TERSE = {"error": "Bad Request", "statusCode": 400}


def message_head(api, session, length, *extra):
    lines = [
        f"POST /api/sessions/{session}/messages HTTP/1.1",
        *("Host: x", f"Authorization: Bearer {api.key}", "Content-Type: application/json"),
        *(f"Content-Length: {length}", *extra),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        ({}, "content is missing"),
        ({"content": "x", "maxTurns": 0}, "below the minimum"),
        ({"content": "x", "maxTurns": 1.5}, "not a whole number"),
        ({"content": "x", "maxBudgetUsd": -1}, "below the minimum"),
        ({"content": "x", "effort": "huge"}, "not one of the values"),
        ({"content": "x" * 500_001}, "too long"),
        ({"content": [{"type": "text", "text": "one"}]}, "a list of exactly one block"),
        ({"content": [{"type": "audio"}, {"type": "text"}]}, "an unknown kind of block"),
        ({"content": [{"type": "text"}] * 21}, "too many blocks"),
        ({"content": None}, "null"),
        ([], "no object"),
    ],
)
def test_a_refused_message_is_told_no_reason(api, body, remark):
    session = api.session()
    reply = api.call("POST", f"/api/sessions/{session}/messages", body)
    assert (reply.status, reply.json()) == (400, TERSE), remark
    assert api.call("GET", f"/api/sessions/{session}/messages").json() == {"messages": []}


@pytest.mark.parametrize(
    "content",
    [
        "text",
        "",
        5,
        [{"type": "text", "text": "two"}, {"type": "text", "text": "blocks"}],
        [],
    ],
)
def test_what_a_message_may_be(api, content):
    assert api.message(api.session(), content).events()[-1][0] == "done"


def test_scalars_are_converted_before_they_are_judged(api):
    body = {"content": "hi", "maxTurns": "2", "includePartialMessages": "true"}
    reply = api.call("POST", f"/api/sessions/{api.session()}/messages", body)
    assert "text_delta" in [name for name, _ in reply.events()]


@pytest.mark.parametrize("body", [{}, {"agent": ""}, {"agent": "x" * 256}, {"agent": ["a", "b"]}])
def test_a_refused_session_is_told_no_reason(api, body):
    reply = api.call("POST", "/api/sessions", body)
    assert (reply.status, reply.json()) == (400, TERSE)


@pytest.mark.parametrize("action", ["pause", "stop"])
def test_a_json_type_with_an_empty_body_is_400_and_ends_the_connection(api, action):
    session = api.session()
    reply = api.call("POST", f"/api/sessions/{session}/{action}", raw=b"")
    assert (reply.status, reply.json()) == (400, TERSE)
    assert reply.headers["connection"] == "close"
    assert api.call("POST", f"/api/sessions/{session}/{action}").status == 200


def test_where_400_is_not_declared_the_reason_is_told(api):
    reply = api.call("POST", f"/api/sessions/{api.session()}/resume", raw=b"")
    assert reply.json() == {
        "statusCode": 400,
        "code": "FST_ERR_CTP_EMPTY_JSON_BODY",
        "error": "Bad Request",
        "message": "Body cannot be empty when content-type is set to 'application/json'",
    }


@pytest.mark.parametrize("raw", [b"{bad", b"\xff\xfe", b"{'a': 1}"])
def test_what_is_not_json(api, raw):
    reply = api.call("POST", f"/api/sessions/{api.session()}/messages", raw=raw)
    assert (reply.status, reply.json()) == (400, TERSE)
    assert reply.headers["connection"] == "close"


def test_another_type_is_415(api):
    kind = {"Content-Type": "application/xml"}
    reply = api.call("POST", "/api/queue", raw=b"<a/>", headers=kind)
    assert reply.json() == {
        "statusCode": 415,
        "code": "FST_ERR_CTP_INVALID_MEDIA_TYPE",
        "error": "Unsupported Media Type",
        "message": "Unsupported Media Type: application/xml",
    }


def test_too_large_is_413_before_a_byte_is_read(api):
    """Only the head is sent: the answer comes all the same."""
    session = api.session()
    answer = api.wire(message_head(api, session, 50 * 1024 * 1024 + 1))
    head, body = answer.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in head
    assert body == (
        b'{"statusCode":413,"code":"FST_ERR_CTP_BODY_TOO_LARGE","error":"Payload Too Large",'
        b'"message":"Request body is too large"}'
    )


def test_most_bodies_may_have_one_megabyte(api):
    reply = api.call("POST", "/api/queue", {"agentName": "a", "prompt": "x" * 1_048_000})
    assert reply.status == 201
    head = (
        f"POST /api/queue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"
    )
    assert api.wire(head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_chunked_body_is_judged_as_it_comes(api):
    session = api.session()
    head = message_head(api, session, 0, "Transfer-Encoding: chunked")
    head = head.replace(b"Content-Length: 0\r\n", b"")
    answer = api.wire(head + b'10\r\n{"content":"hi"}\r\n0\r\n\r\n\x00\r\n\r\n')
    assert b"event: session_start" in answer


def test_a_client_that_asks_first_is_told_to_go_on(api):
    body = b'{"content":"hi"}'
    head = message_head(api, api.session(), len(body), "Expect: 100-continue")
    # The stream keeps its connection open, so the bad request after it ends it.
    answer = api.wire(head + body + b"\x00\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
