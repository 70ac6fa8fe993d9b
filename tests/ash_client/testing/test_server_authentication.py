"""The three refusals, and what needs no key (captures mock-401-*, mock-health-query-noauth)."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("header", "text"),
    [
        pytest.param(None, "Missing Authorization header", id="no header"),
        pytest.param("", "Missing Authorization header", id="an empty header counts as none"),
        pytest.param("bearer test-key", "Invalid Authorization header format", id="lower case"),
        pytest.param("BEARER test-key", "Invalid Authorization header format", id="upper case"),
        pytest.param("test-key", "Invalid Authorization header format", id="no scheme"),
        pytest.param("Basic dGVzdA==", "Invalid Authorization header format", id="other scheme"),
        pytest.param("Bearer a b", "Invalid Authorization header format", id="two words"),
        pytest.param("Bearer  test-key", "Invalid Authorization header format", id="two spaces"),
        pytest.param("Bearer wrong", "Invalid API key", id="wrong key"),
    ],
)
def test_each_fault_has_its_text(api, header, text):
    api.key = None
    headers = {} if header is None else {"Authorization": header}
    reply = api.call("GET", "/api/sessions", headers=headers)
    assert reply.status == 401
    assert reply.body.decode() == f'{{"error":"{text}","statusCode":401}}'


def test_a_refusal_is_counted_against_no_limit(api):
    api.key = "wrong"
    reply = api.call("GET", "/api/sessions")
    assert reply.status == 401
    assert not [name for name in reply.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/health", 200, id="health"),
        pytest.param("/health?x=1", 401, id="the whole target is compared"),
        pytest.param("/health/", 401, id="with a slash it is another path"),
        pytest.param("/metrics", 401, id="metrics need it, whatever the docs say"),
        pytest.param("/docs/json", 200, id="documentation"),
        pytest.param("/dashboard/config.js", 200, id="dashboard"),
        pytest.param("/api/internal/runners", 200, id="the runners' registry"),
        pytest.param("/api/sessions", 401, id="the API"),
        pytest.param("/nope", 401, id="an unknown path is refused before it is missed"),
    ],
)
def test_what_needs_a_key(api, path, status):
    api.key = None
    assert api.call("GET", path).status == status


def test_without_a_configured_key_everybody_may_come_in(serve):
    api = serve(api_key=None)
    assert api.call("GET", "/api/sessions").status == 200


def test_without_a_configured_key_a_sent_one_is_still_refused(serve):
    api = serve(api_key=None)
    reply = api.call("GET", "/api/sessions", headers={"Authorization": "Bearer whatever"})
    assert reply.json()["error"] == "Invalid API key"


def test_a_created_key_works_until_it_is_revoked(api):
    created = api.call("POST", "/api/api-keys", {"label": "ci"})
    assert created.status == 201
    other = type(api)(api.server, created.json()["key"])
    assert other.call("GET", "/api/sessions").status == 200
    assert api.call("DELETE", f"/api/api-keys/{created.json()['id']}").status == 204
    assert other.call("GET", "/api/sessions").json()["error"] == "Invalid API key"


def test_the_dashboard_gives_the_key_away_as_the_real_server_does(api):
    api.key = None
    reply = api.call("GET", "/dashboard/config.js", headers={"Host": "ash.example:4100"})
    assert reply.headers["content-type"] == "application/javascript"
    assert reply.body == (
        b'window.__ASH_CONFIG__ = {"apiKey":"test-key","serverVersion":"0.2.0",'
        b'"serverUrl":"http://ash.example:4100"};'
    )
