"""HTTP/1.1 itself: connections kept and closed, odd and broken requests."""

from __future__ import annotations

import json

import pytest


def get(path: str, *headers: str, version: str = "HTTP/1.1") -> bytes:
    return "\r\n".join([f"GET {path} {version}", "Host: x", *headers, "", ""]).encode()


def test_a_connection_serves_many_requests(api):
    connection = api.connect()
    for path in ("/health", "/api/sessions", "/nope", "/health"):
        api.send(connection, "GET", path)
        response = connection.getresponse()
        response.read()
        assert response.headers["Connection"] == "keep-alive"
        assert response.headers["Keep-Alive"] == "timeout=72"
    connection.close()
    ports = {
        json.loads(line)["req"]["remotePort"]
        for line in api.server.logs
        if "req-" in line and "incoming" in line
    }
    assert len(ports) == 1


def test_a_stream_keeps_its_connection_too(api):
    session = api.session()
    connection, response = api.open_stream(session)
    response.read()
    api.send(connection, "GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize(
    ("request_head", "kept"),
    [
        pytest.param(get("/health", "Connection: close"), False, id="close"),
        pytest.param(get("/health", version="HTTP/1.0"), False, id="HTTP/1.0"),
        pytest.param(
            get("/health", "Connection: keep-alive", version="HTTP/1.0")
            + get("/health", "Connection: close"),
            True,
            id="HTTP/1.0 keeping alive",
        ),
        pytest.param(get("/health") + get("/health", "Connection: close"), True, id="pipelined"),
    ],
)
def test_when_the_connection_is_closed(api, request_head, kept):
    answer = api.wire(request_head)
    assert answer.count(b"HTTP/1.1 200 OK") == 1 + kept
    assert answer.count(b"Connection: close") == 1


def test_common_headers(api):
    reply = api.call("GET", "/health")
    assert reply.headers["vary"] == "Origin"
    assert reply.headers["access-control-allow-credentials"] == "true"
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.headers["content-length"] == str(len(reply.body))


def test_an_unknown_route_names_itself(api):
    reply = api.call("PUT", "/api/nothing/here?x=1")
    assert reply.status == 404
    assert reply.body == (
        b'{"message":"Route PUT:/api/nothing/here?x=1 not found","error":"Not Found",'
        b'"statusCode":404}'
    )


def test_a_known_path_with_another_method_is_unknown(api):
    assert api.call("PUT", "/api/sessions").json()["message"] == (
        "Route PUT:/api/sessions not found"
    )


def test_head_is_get_without_the_body(api):
    connection = api.connect()
    api.send(connection, "HEAD", "/health")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    assert int(response.headers["content-length"]) > 100
    api.send(connection, "GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nx\r\n\r\n",
    ],
)
def test_what_is_not_http_is_400_and_the_end(api, nonsense):
    assert api.wire(nonsense).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert api.call("GET", "/health").status == 200


def test_a_client_that_leaves_in_mid_request_harms_nobody(api):
    connection = api.connect()
    connection.putrequest("POST", "/api/queue")
    connection.putheader("Content-Length", "1000")
    connection.endheaders()
    connection.send(b"{")
    connection.close()
    assert api.call("GET", "/health").status == 200


def test_no_content_has_no_length(api):
    key = {"type": "anthropic", "key": "sk-ant-x", "label": "L"}
    created = api.call("POST", "/api/credentials", key).json()["credential"]
    reply = api.call("DELETE", f"/api/credentials/{created['id']}")
    assert (reply.status, reply.body) == (204, b"")
    assert "content-length" not in reply.headers
