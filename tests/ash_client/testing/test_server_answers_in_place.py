"""Faults that answer in place of the server, and which requests they hit."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from ash_client.testing import Fault


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        pytest.param(Fault.unavailable(), 503, "application/json; charset=utf-8", id="503"),
        pytest.param(Fault.rate_limited(), 429, "application/json; charset=utf-8", id="429"),
        pytest.param(Fault.proxy_page(), 200, "text/html", id="a page with status 200"),
        pytest.param(Fault.proxy_page(502, "<h1>Bad Gateway"), 502, "text/html", id="502 page"),
    ],
)
def test_a_message_may_meet_them_before_its_stream(api, fault, status, kind):
    session = api.session()
    api.server.fail_next(fault)
    reply = api.message(session)
    assert (reply.status, reply.headers["content-type"]) == (status, kind)
    stored = api.call("GET", f"/api/sessions/{session}/messages").json()
    assert stored == {"messages": []}, "nothing was carried out"


def test_by_default_they_leave_health_alone(api):
    api.server.fail_next(Fault.unavailable())
    assert api.call("GET", "/health").status == 200
    assert api.call("GET", "/api/agents").status == 503


def test_a_pattern_says_which_requests(api):
    api.server.fail_next(Fault.status(500, "boom", on="* /health"), times=None)
    api.server.fail_next(Fault.unavailable(), on="POST /api/sessions")
    assert api.call("GET", "/health").json() == {"error": "boom", "statusCode": 500}
    assert api.call("GET", "/api/sessions").status == 200
    assert api.call("POST", "/api/sessions", {"agent": "my-agent"}).status == 503
    assert api.call("GET", "/health").status == 500


def test_a_late_answer(serve):
    waits: list[float] = []
    api = serve(sleep=waits.append)
    api.server.fail_next(Fault.slow_headers(3.0, on="GET /health"))
    assert api.call("GET", "/health").status == 200
    assert waits == [3.0]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(Fault.drop_request(), http.client.RemoteDisconnected, id="closed"),
        pytest.param(Fault.drop_request(reset=True), ConnectionResetError, id="reset"),
    ],
)
def test_a_request_may_arrive_and_never_be_answered(api, fault, error):
    session = api.session()
    api.server.fail_next(fault)
    with pytest.raises(error):
        api.message(session)
    assert api.server.requests[-1].path.endswith("/messages")
    stored = api.call("GET", f"/api/sessions/{session}/messages").json()
    assert stored == {"messages": []}, "nothing was carried out"


def test_the_page_users_read_names_every_fault():
    page = (Path(__file__).parents[3] / "docs" / "testing.md").read_text()
    made = [n for n, v in vars(Fault).items() if isinstance(v, classmethod)]
    assert len(made) > 15
    assert [name for name in made if f"`{name}(" not in page] == []
