"""Limits per source address, with an injected clock (capture mock-429-session-create)."""

from __future__ import annotations

import pytest

from ash_client.testing import Fault, Limits


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_request_1501_is_refused_be_it_to_health(serve, clock):
    api = serve(limits=Limits(requests=3), clock=clock)
    left = [api.call("GET", "/health").headers["x-ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    reply = api.call("GET", "/health")
    assert reply.status == 429
    assert reply.body == (
        b'{"statusCode":429,"error":"Too Many Requests",'
        b'"message":"Rate limit exceeded, retry in 15 minutes"}'
    )
    assert reply.headers["retry-after"] == reply.headers["x-ratelimit-reset"] == "900"
    assert reply.headers["x-ratelimit-remaining"] == "0"


def test_the_defaults_are_the_real_ones():
    assert Limits() == Limits(sessions=20, agents=20, requests=1500, window_s=900)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/api/sessions", {"agent": "nobody"}, id="sessions, even failed ones"),
        pytest.param("/api/agents", {"name": "bad name!"}, id="deployments, even refused ones"),
    ],
)
def test_creations_are_counted_apart(serve, clock, path, body):
    api = serve(limits=Limits(sessions=2, agents=2), clock=clock)
    replies = [api.call("POST", path, body) for _ in range(3)]
    assert [r.status == 429 for r in replies] == [False, False, True]
    assert replies[0].headers["x-ratelimit-limit"] == "2"
    assert api.call("GET", "/api/sessions").headers["x-ratelimit-remaining"] == "1499"


@pytest.mark.parametrize(
    ("later", "status", "wait"),
    [
        (0, 429, "15 minutes"),
        (600, 429, "5 minutes"),
        (829, 429, "1 minute"),
        (845, 429, "55 seconds"),
        (899, 429, "1 second"),
        (900, 200, None),
    ],
)
def test_the_window_begins_with_the_first_request(serve, clock, later, status, wait):
    api = serve(limits=Limits(requests=1), clock=clock)
    api.call("GET", "/health")
    clock.now += later
    reply = api.call("GET", "/health")
    assert reply.status == status
    if wait is not None:
        assert reply.headers["retry-after"] == str(900 - later)
        assert reply.json()["message"] == f"Rate limit exceeded, retry in {wait}"


def test_a_refused_request_is_not_carried_out(serve):
    api = serve(limits=Limits(sessions=0))
    api.call("POST", "/api/sessions", {"agent": "my-agent"})
    assert api.call("GET", "/api/sessions").json() == {"sessions": []}


def test_a_429_on_demand(api):
    api.server.fail_next(Fault.rate_limited(7))
    reply = api.call("GET", "/api/sessions")
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")
    assert api.call("GET", "/api/sessions").status == 200
