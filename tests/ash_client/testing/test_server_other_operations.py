"""Health, metrics, queue, credentials, keys, usage, evaluations, runners, and the whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ash_client.testing import AshServer, Tool
from tests.ash_client.testing.conftest import KEY, Api

OPERATIONS = """
GET POST /api/agents
GET DELETE PATCH /api/agents/{name}
GET PATCH /api/agents/{name}/config
GET POST /api/agents/{name}/files
GET DELETE /api/agents/{name}/files/{*}
GET POST /api/agents/{name}/versions
GET PATCH DELETE /api/agents/{name}/versions/{versionNumber}
POST /api/agents/{name}/versions/{versionNumber}/activate
GET POST /api/agents/{name}/eval-cases
POST /api/agents/{name}/eval-cases/import
GET /api/agents/{name}/eval-cases/export
GET PATCH DELETE /api/agents/{name}/eval-cases/{id}
GET POST /api/agents/{name}/eval-runs
GET /api/agents/{name}/eval-runs/compare
GET /api/agents/{name}/eval-runs/{id}
GET /api/agents/{name}/eval-runs/{id}/results
POST /api/agents/{name}/eval-runs/{id}/score
PATCH /api/agents/{name}/eval-results/{id}
GET POST /api/sessions
GET DELETE /api/sessions/{id}
PATCH /api/sessions/{id}/config
GET POST /api/sessions/{id}/messages
GET /api/sessions/{id}/events
GET /api/sessions/{id}/logs
POST /api/sessions/{id}/exec
POST /api/sessions/{id}/pause
POST /api/sessions/{id}/stop
POST /api/sessions/{id}/fork
POST /api/sessions/{id}/resume
GET POST /api/sessions/{id}/files
GET DELETE /api/sessions/{id}/files/{*}
GET POST /api/sessions/{id}/attachments
GET POST /api/sessions/{id}/workspace
GET DELETE /api/attachments/{id}
GET POST /api/credentials
DELETE /api/credentials/{id}
GET POST /api/queue
GET /api/queue/stats
GET DELETE /api/queue/{id}
GET /api/usage
GET /api/usage/stats
GET /api/analytics
GET POST /api/api-keys
DELETE /api/api-keys/{id}
POST /api/internal/api-keys
GET /api/internal/runners
POST /api/internal/runners/register
POST /api/internal/runners/heartbeat
POST /api/internal/runners/deregister
GET /dashboard/config.js
GET /health
"""


def test_every_operation_of_the_real_server_is_there(api):
    """The 76 operations on 51 paths that server 0.2.0 lists at /docs/json."""
    wanted = {line.split()[-1]: set(line.split()[:-1]) for line in OPERATIONS.strip().split("\n")}
    paths = api.call("GET", "/docs/json").json()["paths"]
    found = {path: {method.upper() for method in methods} for path, methods in paths.items()}
    assert found == wanted
    assert (len(found), sum(map(len, found.values()))) == (51, 76)


def test_health_has_the_fields_of_the_real_one(serve):
    now = [5000.0]
    api = serve(clock=lambda: now[0])
    api.session()
    now[0] += 61.9
    health = api.call("GET", "/health").json()
    assert list(health) == [
        *("status", "activeSessions", "activeSandboxes", "uptime", "pool", "version"),
        *("coordinatorId", "remoteRunners"),
    ]
    assert (health["status"], health["version"], health["uptime"]) == ("ok", "0.2.0", 61)
    assert (health["activeSessions"], health["activeSandboxes"]) == (1, 2)
    assert health["pool"] == {
        "total": 2,
        "cold": 0,
        "warming": 0,
        "warm": 1,
        "waiting": 1,
        "running": 0,
        "maxCapacity": 50,
        "resumeWarmHits": 0,
        "resumeColdHits": 0,
        "preWarmHits": 1,
    }


def test_metrics_are_prometheus_text(api):
    reply = api.call("GET", "/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = reply.body.decode().split("\n")
    assert 'ash_pool_sandboxes{state="warm"} 1' in lines
    assert "ash_pool_max_capacity 50" in lines
    assert 'ash_resume_total{path="prewarm"} 0' in lines


@pytest.fixture
def hour() -> Iterator[tuple[Api, Callable[[float], None]]]:
    """A server whose time passes only when a test says so."""
    now = [1_800_000_000.0]

    def go_on(seconds: float) -> None:
        now[0] += seconds

    with AshServer(api_key=KEY, agents=["my-agent"], clock=lambda: now[0]) as server:
        yield Api(server), go_on


def test_a_queue_item_moves_on_by_itself(hour):
    """The processor looks every second, whether or not anybody asks."""
    api, go_on = hour
    body = {"agentName": "my-agent", "prompt": "do it", "priority": 2}
    item = api.call("POST", "/api/queue", body).json()["item"]
    assert list(item) == [
        *("id", "agentName", "prompt", "status", "priority", "retryCount", "maxRetries"),
        *("createdAt", "tenantId", "sessionId", "error", "startedAt", "completedAt"),
    ]
    seen = [item["status"]]
    for seconds in (0, 0, 1, 1):
        go_on(seconds)
        seen.append(api.call("GET", f"/api/queue/{item['id']}").json()["item"]["status"])
    assert seen == ["pending", "pending", "pending", "processing", "completed"]
    stats = api.call("GET", "/api/queue/stats").json()["stats"]
    assert stats == {"pending": 0, "processing": 0, "completed": 1, "failed": 0, "cancelled": 0}
    cancelled = api.call("DELETE", f"/api/queue/{item['id']}")
    assert cancelled.status == 400
    assert cancelled.json()["error"] == 'Cannot cancel item with status "completed"'


def test_looking_does_not_move_a_queue_item_on(hour):
    """List, list, cancel: it is still pending."""
    api, _ = hour
    item = api.call("POST", "/api/queue", {"agentName": "my-agent", "prompt": "b"}).json()["item"]
    for _ in range(2):
        assert api.call("GET", "/api/queue").json()["items"][0]["status"] == "pending"
    assert api.call("DELETE", f"/api/queue/{item['id']}").status == 200


def test_a_queue_item_for_an_unknown_agent_fails_when_its_turn_comes(hour):
    """At once, and it is tried again after 5 s, then after 10 s, as often as it may be."""
    api, go_on = hour
    body = {"agentName": "nosuch", "prompt": "do it", "maxRetries": 2}
    item = api.call("POST", "/api/queue", body).json()["item"]
    seen = []
    for seconds in (0, 1, 4, 1):
        go_on(seconds)
        seen.append(api.call("GET", "/api/queue").json()["items"][0])
    assert [i["status"] for i in seen] == ["pending", "pending", "pending", "failed"]
    assert [i["retryCount"] for i in seen] == [0, 1, 1, 2]
    assert seen[-1]["error"] == 'Agent "nosuch" not found'
    assert seen[-1]["retryCount"] == 2
    assert any(f"[queue] Item {item['id']} permanently failed" in line for line in api.server.logs)


def test_what_is_pending_can_be_cancelled(api):
    item = api.call("POST", "/api/queue", {"agentName": "a", "prompt": "b"}).json()["item"]
    path = f"/api/queue/{item['id']}"
    assert api.call("DELETE", path).json()["item"]["status"] == "cancelled"
    assert api.call("GET", path).json()["item"]["status"] == "cancelled"
    assert api.call("GET", "/api/queue?status=pending").json() == {"items": []}


def test_credentials_never_show_their_key(api):
    body = {"type": "anthropic", "key": "sk-ant-planted", "label": "L"}
    created = api.call("POST", "/api/credentials", body)
    credential = created.json()["credential"]
    assert (created.status, list(credential)) == (
        *(201, ["id", "type", "label", "active", "createdAt"]),
    )
    listed = api.call("GET", "/api/credentials")
    assert listed.json()["credentials"] == [credential | {"lastUsedAt": None}]
    assert b"planted" not in created.body + listed.body
    path = f"/api/credentials/{credential['id']}"
    assert [api.call("DELETE", path).status for _ in range(2)] == [204, 404]
    unusable = api.call(
        "POST", "/api/sessions", {"agent": "my-agent", "credentialId": credential["id"]}
    )
    assert unusable.json()["error"] == "Invalid or inaccessible credential"


def test_credentials_need_a_key_to_be_stored_with(serve):
    body = {"type": "anthropic", "key": "x"}
    reply = serve(credential_key=False).call("POST", "/api/credentials", body)
    assert (reply.status, reply.json()["error"]) == (
        *(500, "Credential storage not configured (ASH_CREDENTIAL_KEY not set)"),
    )


def test_the_list_of_keys_begins_with_the_configured_one(api):
    created = api.call("POST", "/api/api-keys", {}).json()
    assert created["key"].startswith("ash_")
    first, second = api.call("GET", "/api/api-keys").json()["keys"]
    assert (first["id"], first["keyPrefix"]) == ("env", "test-key••••")
    assert (second["id"], second["label"]) == (created["id"], "dashboard-key")
    assert "key" not in second


def test_usage_counts_tokens_and_messages_but_never_tools(api):
    session = api.session()
    api.server.reply(["look", Tool("Bash", {}, "x"), "done"])
    api.message(session)
    events = api.call("GET", "/api/usage?limit=5").json()["events"]
    assert list(events[0]) == [
        *("id", "sessionId", "agentName", "eventType", "value", "createdAt", "tenantId"),
    ]
    assert [e["eventType"] for e in events] == [
        *("message", "cache_read_tokens", "cache_creation_tokens", "output_tokens"),
        "input_tokens",
    ]
    stats = api.call("GET", f"/api/usage/stats?sessionId={session}").json()["stats"]
    assert (stats["totalMessages"], stats["totalToolCalls"]) == (1, 0)
    assert stats["totalInputTokens"] == 50
    other = "00000000-0000-4000-8000-000000000000"
    assert api.call("GET", f"/api/usage?sessionId={other}").json() == {"events": []}


def test_analytics(api):
    api.session()
    report = api.call("GET", "/api/analytics").json()
    assert report["agents"] == {"total": 1}
    assert report["sessions"] == {"total": 1, "byStatus": {"active": 1}}
    assert report["evals"] == {"totalRuns": 0, "byStatus": {}}


def test_evaluations(api):
    path = "/api/agents/my-agent"
    cases = [{"question": "2+2?", "category": "maths"}, {"question": "Who?", "isActive": False}]
    assert api.call("POST", f"{path}/eval-cases/import", {"cases": cases}).json() == {"imported": 2}
    listed = api.call("GET", f"{path}/eval-cases?isActive=true").json()["cases"]
    assert [case["question"] for case in listed] == ["2+2?"]
    api.server.reply("4")
    created = api.call("POST", f"{path}/eval-runs", {"categories": ["maths"]})
    run = created.json()["run"]
    assert (created.status, run["status"], run["totalCases"]) == (201, "pending", 1)
    done = api.call("GET", f"{path}/eval-runs/{run['id']}").json()["run"]
    assert (done["status"], done["completedCases"]) == ("completed", 1)
    (result,) = api.call("GET", f"{path}/eval-runs/{run['id']}/results").json()["results"]
    assert result["agentResponse"] == "4"
    score = f"{path}/eval-runs/{run['id']}/score"
    assert api.call("POST", score, {}).json()["error"] == "Provide humanScore and/or humanNotes"
    scored = api.call("POST", score, {"humanScore": 5}).json()
    assert (scored["scored"], scored["results"][0]["humanScore"]) == (1, 5)
    compare = f"{path}/eval-runs/compare?runA={run['id']}&runB={run['id']}"
    (pair,) = api.call("GET", compare).json()["comparison"]["results"]
    assert pair["question"] == "2+2?"
    assert pair["resultA"] == pair["resultB"] == scored["results"][0]


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        ("/eval-cases/00000000-0000-4000-8000-000000000000", "Eval case not found"),
        ("/eval-runs/00000000-0000-4000-8000-000000000000", "Eval run not found"),
    ],
)
def test_unknown_evaluations_are_404(api, tail, error):
    reply = api.call("GET", f"/api/agents/my-agent{tail}")
    assert (reply.status, reply.json()) == (404, {"error": error, "statusCode": 404})


def test_anyone_may_register_a_runner_as_without_an_internal_secret(api):
    stranger = type(api)(api.server, None)
    body = {"runnerId": "r1", "host": "10.0.0.9", "port": 4200}
    assert stranger.call("POST", "/api/internal/runners/register", body).json() == {"ok": True}
    listed = stranger.call("GET", "/api/internal/runners").json()
    assert (listed["count"], listed["hasLocal"]) == (1, True)
    assert listed["runners"][0] | body == listed["runners"][0]
    assert stranger.call("GET", "/health").json()["remoteRunners"] == 1
    stranger.call("POST", "/api/internal/runners/deregister", {"runnerId": "r1"})
    assert stranger.call("GET", "/api/internal/runners").json()["count"] == 0
    assert stranger.call("POST", "/api/internal/runners/register", {}).json() == {
        "error": "Missing required fields: runnerId, host, port"
    }


def test_a_heartbeat_tells_how_much_is_in_use(api):
    api.call(
        "POST",
        "/api/internal/runners/register",
        {"runnerId": "r1", "host": "h", "port": 1, "maxSandboxes": 2},
    )
    beat = {"runnerId": "r1", "stats": {"running": 1}}
    assert api.call("POST", "/api/internal/runners/heartbeat", beat).json() == {"ok": True}
    (runner,) = api.call("GET", "/api/internal/runners").json()["runners"]
    assert (runner["active"], runner["max"]) == (1, 2)


@pytest.mark.parametrize(("stats", "nothing"), [({}, "undefined"), ({"stats": None}, "null")])
def test_a_heartbeat_without_numbers_is_an_error_of_the_server(api, stats, nothing):
    reply = api.call("POST", "/api/internal/runners/heartbeat", {"runnerId": "r", **stats})
    text = f"Cannot read properties of {nothing} (reading 'running')"
    assert (reply.status, reply.json()["message"]) == (500, text)


@pytest.mark.parametrize("path", ["/api/usage", "/api/usage/stats", "/api/analytics"])
@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-01-01T00:00:00Z", 200),
        ("2026-01-01T00:00:00.123%2B02:00", 200),
        ("2026-01-01", 400),  # no time
        ("2026-01-01T00:00:00", 400),  # no zone
    ],
)
def test_a_moment_is_a_date_with_time_and_zone(api, path, moment, status):
    reply = api.call("GET", f"{path}?after={moment}")
    assert reply.status == status
    if status == 400:
        assert reply.json()["message"] == 'querystring/after must match format "date-time"'


def test_a_server_needs_no_arguments():
    with AshServer() as server:
        assert server.requests == []
