"""Every operation of the server has a method, and the method makes that request."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import AshClient, InvalidArgument
from ash_client.models import Message, Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

S = "8d9dceaa-5492-4181-a003-c5b8b32d0637"
SESSION = {"session": {"id": S, "status": "active"}}
CASE = {"case": {"id": "c", "question": "q"}}
RUN = {"run": {"id": "r", "status": "new"}}
VERSION = {"version": {"versionNumber": 1}}
ITEM = {"item": {"id": "i", "status": "pending"}}
KEY = {"id": "k", "key": "ash_secret"}
CASE_OPTIONS = {
    "expected_topics": ["a"],
    "expected_not_topics": ["b"],
    "reference_answer": "c",
    "category": "d",
    "tags": ["e"],
    "chat_history": [{"role": "user", "content": "f"}],
    "is_active": False,
}
CASE_BODY = {
    "expectedTopics": ["a"],
    "expectedNotTopics": ["b"],
    "referenceAnswer": "c",
    "category": "d",
    "tags": ["e"],
    "chatHistory": [{"role": "user", "content": "f"}],
    "isActive": False,
}
SESSION_OPTIONS = {
    "model": "m",
    "allowed_tools": ["a"],
    "disallowed_tools": [],
    "betas": ["b"],
    "subagents": {"x": {}},
    "initial_agent": "x",
}
SESSION_BODY = {
    "model": "m",
    "allowedTools": ["a"],
    "disallowedTools": [],
    "betas": ["b"],
    "subagents": {"x": {}},
    "initialAgent": "x",
}
FILES = {"a.txt": b"a", "b/c.txt": "\u00e9"}
SENT_FILES = [
    {"path": "a.txt", "content": "YQ=="},
    {"path": "b/c.txt", "content": "w6k="},
]
TIMES = {"after": "2026-01-01T00:00:00Z", "before": "2026-02-01T00:00:00Z"}

# (operation of the document, method, arguments, keywords, query or body, answer)
OPERATIONS: list[tuple[str, str, tuple[Any, ...], dict[str, Any], Any, Any]] = [
    (
        "POST /api/agents",
        "create_agent",
        ("bot",),
        {"path": "/p", "system_prompt": "s", "files": FILES, "env": {"A": "b"}},
        {"name": "bot", "path": "/p", "systemPrompt": "s", "files": SENT_FILES, "env": {"A": "b"}},
        {"agent": {"name": "bot"}},
    ),
    ("GET /api/agents", "list_agents", (), {}, None, {"agents": [{"name": "bot"}]}),
    ("GET /api/agents/{name}", "get_agent", ("bot",), {}, None, {"agent": {"name": "bot"}}),
    ("DELETE /api/agents/{name}", "delete_agent", ("bot",), {}, None, {"ok": True}),
    (
        "PATCH /api/agents/{name}",
        "update_agent",
        ("bot",),
        {"env": {}, "config": {"a": 1}},
        {"env": {}, "config": {"a": 1}},
        {"agent": {"name": "bot"}},
    ),
    (
        "PATCH /api/agents/{name}/config",
        "update_agent_config",
        ("bot", {"a": 1}),
        {},
        {"a": 1},
        {"config": {}},
    ),
    ("GET /api/agents/{name}/config", "get_agent_config", ("bot",), {}, None, {"config": {}}),
    (
        "GET /api/agents/{name}/files",
        "list_agent_files",
        ("bot",),
        {},
        None,
        {"files": [{"path": "a"}]},
    ),
    (
        "POST /api/agents/{name}/files",
        "write_agent_files",
        ("bot", FILES),
        {},
        {"files": SENT_FILES},
        {"written": 2},
    ),
    (
        "GET /api/agents/{name}/files/{*}",
        "get_agent_file",
        ("bot", "a b/c.txt"),
        {},
        {"format": "raw"},
        b"x",
    ),
    (
        "GET /api/agents/{name}/files/{*}",
        "read_agent_file",
        ("bot", "a b/c.txt"),
        {},
        {"format": "json"},
        {"path": "a", "content": "x"},
    ),
    (
        "DELETE /api/agents/{name}/files/{*}",
        "delete_agent_file",
        ("bot", "a b/c.txt"),
        {},
        None,
        {"deleted": True},
    ),
    (
        "POST /api/sessions",
        "create_session",
        ("bot",),
        {
            **SESSION_OPTIONS,
            "credential_id": "c",
            "extra_env": {"A": "b"},
            "mcp_servers": {"m": {"url": "u"}},
            "system_prompt": "s",
            "permission_mode": "default",
        },
        {
            **SESSION_BODY,
            "agent": "bot",
            "credentialId": "c",
            "extraEnv": {"A": "b"},
            "mcpServers": {"m": {"url": "u"}},
            "systemPrompt": "s",
            "permissionMode": "default",
        },
        SESSION,
    ),
    (
        "GET /api/sessions",
        "list_sessions",
        (),
        {"agent_name": "a&status=ended"},
        {"agent": "a&status=ended"},
        {"sessions": [SESSION["session"]]},
    ),
    ("GET /api/sessions/{id}", "get_session", (S,), {}, None, SESSION),
    ("DELETE /api/sessions/{id}", "end_session", (S,), {}, None, SESSION),
    (
        "PATCH /api/sessions/{id}/config",
        "update_session_config",
        (S,),
        SESSION_OPTIONS,
        SESSION_BODY,
        SESSION,
    ),
    (
        "GET /api/sessions/{id}/messages",
        "list_messages",
        (S,),
        {"limit": 0, "after": 0},  # zero is a value
        {"limit": "0", "after": "0"},
        {"messages": [{"id": "m", "role": "user", "content": "{}", "sequence": 1}]},
    ),
    (
        "GET /api/sessions/{id}/events",
        "list_session_events",
        (S,),
        {"limit": 5, "after": 2, "type": "text"},
        {"limit": "5", "after": "2", "type": "text"},
        {"events": [{"id": "e", "type": "new", "sequence": 1, "data": None}]},
    ),
    (
        "GET /api/sessions/{id}/logs",
        "list_session_logs",
        (S,),
        {"after": -1},
        {"after": "-1"},
        {
            "logs": [
                {"index": 0, "level": "system", "text": "t", "ts": "2026-11-22T22:10:56.845Z"}
            ],
            "source": "x",
        },
    ),
    (
        "POST /api/sessions/{id}/exec",
        "exec_command",
        (S, "ls"),
        {"timeout_ms": 1000},
        {"command": "ls", "timeout": 1000},
        {"exitCode": 3, "stdout": "", "stderr": ""},
    ),
    ("POST /api/sessions/{id}/pause", "pause_session", (S,), {}, None, SESSION),
    ("POST /api/sessions/{id}/stop", "stop_session", (S,), {}, None, SESSION),
    ("POST /api/sessions/{id}/fork", "fork_session", (S,), {}, None, SESSION),
    ("POST /api/sessions/{id}/resume", "resume_session", (S,), {}, None, SESSION),
    (
        "GET /api/sessions/{id}/files",
        "list_session_files",
        (S,),
        {"include_hidden": False},
        {"includeHidden": "false"},
        {"files": [{"path": "a", "size": 1}], "source": "sandbox"},
    ),
    (
        "POST /api/sessions/{id}/files",
        "write_session_files",
        (S, FILES),
        {"target_path": "in"},
        {"files": SENT_FILES, "targetPath": "in"},
        {"files": [{"path": "a.txt", "written": True, "size": 1}]},
    ),
    (
        "GET /api/sessions/{id}/files/{*}",
        "get_session_file",
        (S, "a b/c.txt"),
        {},
        {"format": "raw"},
        b"\x00\xff",
    ),
    (
        "GET /api/sessions/{id}/files/{*}",
        "read_session_file",
        (S, "a b/c.txt"),
        {},
        {"format": "json"},
        {"path": "a", "content": "x", "size": 1},
    ),
    (
        "DELETE /api/sessions/{id}/files/{*}",
        "delete_session_file",
        (S, "a b/c.txt"),
        {},
        None,
        {"deleted": True},
    ),
    (
        "POST /api/credentials",
        "create_credential",
        ("anthropic", "k"),
        {"label": "l"},
        {"type": "anthropic", "key": "k", "label": "l"},
        {"credential": {"id": "c"}},
    ),
    ("GET /api/credentials", "list_credentials", (), {}, None, {"credentials": [{"id": "c"}]}),
    ("DELETE /api/credentials/{id}", "delete_credential", ("c",), {}, None, None),
    (
        "POST /api/queue",
        "create_queue_item",
        ("bot", "do it"),
        {"session_id": S, "priority": 0, "max_retries": 1},
        {"agentName": "bot", "prompt": "do it", "sessionId": S, "priority": 0, "maxRetries": 1},
        ITEM,
    ),
    (
        "GET /api/queue",
        "list_queue_items",
        (),
        {"status": "failed", "limit": 5},
        {"status": "failed", "limit": "5"},
        {"items": [ITEM["item"]]},
    ),
    ("GET /api/queue/stats", "get_queue_stats", (), {}, None, {"stats": {"pending": 1}}),
    ("GET /api/queue/{id}", "get_queue_item", ("i",), {}, None, ITEM),
    ("DELETE /api/queue/{id}", "cancel_queue_item", ("i",), {}, None, ITEM),
    (
        "POST /api/sessions/{id}/attachments",
        "create_attachment",
        (S, "a.png", b"png"),
        {"mime_type": "image/png", "message_id": "m"},
        {
            "filename": "a.png",
            "content": base64.b64encode(b"png").decode(),
            "mimeType": "image/png",
            "messageId": "m",
        },
        {"attachment": {"id": "a", "filename": "a.png"}},
    ),
    (
        "GET /api/sessions/{id}/attachments",
        "list_attachments",
        (S,),
        {},
        None,
        {"attachments": [{"id": "a", "filename": "a.png"}]},
    ),
    ("GET /api/attachments/{id}", "get_attachment", ("a",), {}, None, b"png"),
    ("DELETE /api/attachments/{id}", "delete_attachment", ("a",), {}, None, None),
    (
        "GET /api/usage",
        "list_usage_events",
        (),
        {"session_id": S, "agent_name": "b", "limit": 5, **TIMES},
        {"sessionId": S, "agentName": "b", "limit": "5", **TIMES},
        {"events": [{"id": "u", "eventType": "message", "value": 1}]},
    ),
    (
        "GET /api/usage/stats",
        "get_usage_stats",
        (),
        {"session_id": S, "agent_name": "b", **TIMES},
        {"sessionId": S, "agentName": "b", **TIMES},
        {"stats": {"totalMessages": 1}},
    ),
    ("GET /api/sessions/{id}/workspace", "get_workspace", (S,), {}, None, b"tar"),
    (
        "POST /api/sessions/{id}/workspace",
        "restore_workspace",
        (S, b"tar"),
        {},
        {"bundle": base64.b64encode(b"tar").decode()},
        {"message": "restored"},
    ),
    ("GET /health", "health", (), {}, None, {"status": "ok", "pool": {"maxCapacity": 5}}),
    (
        "POST /api/internal/runners/register",
        "register_runner",
        ("r", "h", 4200),
        {"max_sandboxes": 5},
        {"runnerId": "r", "host": "h", "port": 4200, "maxSandboxes": 5},
        {"ok": True},
    ),
    (
        "POST /api/internal/runners/heartbeat",
        "send_runner_heartbeat",
        ("r",),
        {"stats": {"running": 1}},
        {"runnerId": "r", "stats": {"running": 1}},
        {"ok": True},
    ),
    (
        "POST /api/internal/runners/deregister",
        "deregister_runner",
        ("r",),
        {},
        {"runnerId": "r"},
        {"ok": True},
    ),
    (
        "GET /api/internal/runners",
        "list_runners",
        (),
        {},
        None,
        {"runners": [{"runnerId": "r"}], "count": 1},
    ),
    (
        "POST /api/internal/runners/heartbeat",
        "send_runner_heartbeat",
        ("r",),
        {},
        {"runnerId": "r", "stats": {}},  # without it the server answers 500
        {"ok": True},
    ),
    (
        "POST /api/internal/api-keys",
        "create_tenant_api_key",
        ("t",),
        {"label": "l"},
        {"tenantId": "t", "label": "l"},
        KEY,
    ),
    ("GET /api/api-keys", "list_api_keys", (), {}, None, {"keys": [{"id": "k", "label": "l"}]}),
    ("POST /api/api-keys", "create_api_key", (), {"label": "l"}, {"label": "l"}, KEY),
    ("DELETE /api/api-keys/{id}", "delete_api_key", ("k",), {}, None, {"ok": True}),
    (
        "GET /api/agents/{name}/versions",
        "list_agent_versions",
        ("bot",),
        {},
        None,
        {"versions": [VERSION["version"]]},
    ),
    (
        "POST /api/agents/{name}/versions",
        "create_agent_version",
        ("bot",),
        {
            "name": "v",
            "system_prompt": "s",
            "release_notes": "r",
            "knowledge_files": ["k"],
            "clone_from": 1,
        },
        {
            "name": "v",
            "systemPrompt": "s",
            "releaseNotes": "r",
            "knowledgeFiles": ["k"],
            "cloneFrom": 1,
        },
        VERSION,
    ),
    (
        "GET /api/agents/{name}/versions/{versionNumber}",
        "get_agent_version",
        ("bot", 1),
        {},
        None,
        VERSION,
    ),
    (
        "PATCH /api/agents/{name}/versions/{versionNumber}",
        "update_agent_version",
        ("bot", 1),
        {"name": "v", "system_prompt": "s", "release_notes": "r", "knowledge_files": []},
        {"name": "v", "systemPrompt": "s", "releaseNotes": "r", "knowledgeFiles": []},
        VERSION,
    ),
    (
        "DELETE /api/agents/{name}/versions/{versionNumber}",
        "delete_agent_version",
        ("bot", 1),
        {},
        None,
        None,
    ),
    (
        "POST /api/agents/{name}/versions/{versionNumber}/activate",
        "activate_agent_version",
        ("bot", 1),
        {},
        None,
        {"activated": True, "versionNumber": 1},
    ),
    (
        "POST /api/agents/{name}/eval-cases/import",
        "import_eval_cases",
        ("bot", [{"question": "q"}]),
        {},
        {"cases": [{"question": "q"}]},
        {"imported": 1},
    ),
    (
        "GET /api/agents/{name}/eval-cases/export",
        "export_eval_cases",
        ("bot",),
        {},
        None,
        {"cases": [{"question": "q"}]},
    ),
    (
        "GET /api/agents/{name}/eval-cases",
        "list_eval_cases",
        ("bot",),
        {"category": "c", "is_active": True},
        {"category": "c", "isActive": "true"},
        {"cases": [CASE["case"]]},
    ),
    (
        "POST /api/agents/{name}/eval-cases",
        "create_eval_case",
        ("bot", "q"),
        CASE_OPTIONS,
        {"question": "q", **CASE_BODY},
        CASE,
    ),
    ("GET /api/agents/{name}/eval-cases/{id}", "get_eval_case", ("bot", "c"), {}, None, CASE),
    (
        "PATCH /api/agents/{name}/eval-cases/{id}",
        "update_eval_case",
        ("bot", "c"),
        {"question": "q", **CASE_OPTIONS},
        {"question": "q", **CASE_BODY},
        CASE,
    ),
    ("DELETE /api/agents/{name}/eval-cases/{id}", "delete_eval_case", ("bot", "c"), {}, None, None),
    (
        "GET /api/agents/{name}/eval-runs/compare",
        "compare_eval_runs",
        ("bot", "r1", "r2"),
        {},
        {"runA": "r1", "runB": "r2"},
        {"comparison": {"runA": {}, "runB": {}, "results": []}},
    ),
    (
        "POST /api/agents/{name}/eval-runs",
        "create_eval_run",
        ("bot",),
        {"version_number": 1, "categories": ["c"], "tags": ["t"]},
        {"versionNumber": 1, "categories": ["c"], "tags": ["t"]},
        RUN,
    ),
    (
        "GET /api/agents/{name}/eval-runs",
        "list_eval_runs",
        ("bot",),
        {},
        None,
        {"runs": [RUN["run"]]},
    ),
    ("GET /api/agents/{name}/eval-runs/{id}", "get_eval_run", ("bot", "r"), {}, None, RUN),
    (
        "GET /api/agents/{name}/eval-runs/{id}/results",
        "list_eval_results",
        ("bot", "r"),
        {},
        None,
        {"results": [{"id": "x"}]},
    ),
    (
        "POST /api/agents/{name}/eval-runs/{id}/score",
        "score_eval_run",
        ("bot", "r"),
        {"result_id": "x", "human_score": 4.5, "human_notes": "n"},
        {"resultId": "x", "humanScore": 4.5, "humanNotes": "n"},
        {"scored": 1},
    ),
    (
        "PATCH /api/agents/{name}/eval-results/{id}",
        "update_eval_result",
        ("bot", "x"),
        {"human_score": 4.5, "human_notes": "n"},
        {"humanScore": 4.5, "humanNotes": "n"},
        {"result": {"id": "x"}},
    ),
    (
        "GET /api/analytics",
        "get_analytics",
        (),
        TIMES,
        TIMES,
        {"agents": {"total": 1}, "sessions": {}, "usage": {}, "evals": {}},
    ),
    ("GET /dashboard/config.js", "get_dashboard_config", (), {}, None, b"window.ASH = {}"),
]
MESSAGE = "POST /api/sessions/{id}/messages"
PARAMETERS = {"id", "name", "versionNumber", "*"}


def operation_of(request: Request, wanted: str) -> str:
    """The request as an operation of the document, its parameters put back in place."""
    template = wanted.split(" ")[1].split("/")
    found = request.path.split("/", len(template) - 1)
    if len(found) != len(template):
        return f"{request.method} {request.path}"
    named = [
        t if t[1:-1] in PARAMETERS and t[:1] == "{" and f else f
        for t, f in zip(template, found, strict=True)
    ]
    return f"{request.method} {'/'.join(named)}"


def test_all_76_operations_are_here() -> None:
    """As the real server's document counts them: 51 paths, 76 operations."""
    operations = {operation for operation, *_ in OPERATIONS} | {MESSAGE}
    assert len(operations) == 76
    assert len({operation.split(" ")[1] for operation in operations}) == 51


@pytest.mark.parametrize(
    ("operation", "method", "args", "kwargs", "sent", "answer"),
    OPERATIONS,
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_the_method_makes_that_request(
    driver: Driver,
    serve: Serve,
    operation: str,
    method: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    sent: Any,
    answer: Any,
) -> None:
    """Path, query, body, key and content type are those of the document; the answer is read."""
    status = 204 if answer is None else 200
    server = serve(lambda r: r.reply(answer, status))
    result = driver.call(server.url, method, *args, **kwargs)
    (request,) = server.requests
    assert operation_of(request, operation) == operation
    assert (request.json or request.query or None) == sent
    assert request.headers["authorization"] == "Bearer secret-key"
    # A content type without a body is answered 400.
    assert ("content-type" in request.headers) == bool(request.body)
    assert result is not None or method.startswith(("delete_", "register", "send", "deregister"))
    assert "ash_secret" not in repr(result)


def test_send_message(driver: Driver, serve: Serve) -> None:
    """Every option of a message."""
    options = {
        "include_partial_messages": True,
        "model": "m",
        "max_turns": 3,
        "max_budget_usd": 0.5,
        "effort": "high",
        "thinking": {"type": "enabled", "budgetTokens": 1000},
        "output_format": {"type": "json_schema", "schema": {}},
    }
    blocks = [{"type": "text", "text": "a"}, {"type": "image", "source": {}}]
    server = serve(lambda r: r.stream())
    assert driver.read(server.url, **options).error is None
    assert driver.read(server.url, message=None, content=blocks).error is None
    assert driver.read(server.url, message=None, content="text").error is None
    bodies = [request.json for request in server.requests]
    assert bodies == [
        {
            "content": "Hello!",
            "includePartialMessages": True,
            "model": "m",
            "maxTurns": 3,
            "maxBudgetUsd": 0.5,
            "effort": "high",
            "thinking": {"type": "enabled", "budgetTokens": 1000},
            "outputFormat": {"type": "json_schema", "schema": {}},
        },
        {"content": blocks},
        {"content": "text"},
    ]
    assert server.requests[0].headers["accept"] == "text/event-stream"


@pytest.mark.parametrize(
    "kwargs",
    [{}, {"message": "a", "content": "b"}, {"message": ""}, {"content": []}],
    ids=["neither", "both", "empty", "no blocks"],
)
def test_one_content_a_message(kwargs: dict[str, Any]) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument):
        client.send_message(S, **kwargs)


@pytest.mark.parametrize(
    "bad", ["", ".", "..", "a/b", "../123", "a?b", "a#b", "a b", "a%2fb", "a\n", None, 7, "x" * 300]
)
@pytest.mark.parametrize(
    "method", ["get_session", "end_session", "get_queue_item", "get_attachment"]
)
def test_what_is_no_id_is_refused(method: str, bad: Any, serve: Serve) -> None:
    """No request is made, so none reaches another resource."""
    server = serve(lambda r: r.reply({}))
    with AshClient(server.url) as client:
        with pytest.raises(InvalidArgument):
            getattr(client, method)(bad)
        with pytest.raises(ValueError, match="is no"):
            client.send_message(bad, "x")
    assert server.requests == []


@pytest.mark.parametrize("bad", ["", ".", "..", "a\x00b", None])
def test_what_is_no_agent_name_is_refused(bad: Any) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument):
        client.get_agent(bad)


@pytest.mark.parametrize("bad", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/"])
def test_what_leaves_the_workspace_is_refused(bad: str) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument):
        client.get_session_file(S, bad)


def test_names_are_quoted(driver: Driver, serve: Serve) -> None:
    """A name with a slash or a question mark stays one part of the path."""
    server = serve(lambda r: r.reply({"agent": {"name": "x"}}))
    driver.call(server.url, "get_agent", "a/b?c=d#e é%20")
    assert server.requests[0].target == "/api/agents/a%2Fb%3Fc%3Dd%23e%20%C3%A9%2520"


def test_unknown_fields_values_and_ids_are_no_crash(driver: Driver, serve: Serve) -> None:
    session = {
        "id": "not-a-uuid",
        "status": "hibernating",
        "createdAt": "yesterday",
        "newField": [1],
    }
    found = driver.call(
        serve(lambda r: r.reply({"session": session})).url, "get_session", "not-a-uuid"
    )
    assert (found.id, found.status, found.created_at) == ("not-a-uuid", "hibernating", None)
    assert found.model_extra == {"newField": [1]}


def test_pages_are_gone_through(serve: Serve) -> None:
    def answer(request: Request) -> None:
        after, limit = int(request.query["after"]), int(request.query["limit"])
        numbers = range(after + 1, min(after + limit, 5) + 1)
        request.reply(
            {
                "messages": [
                    {"id": str(n), "role": "user", "content": "{}", "sequence": n} for n in numbers
                ]
            }
        )

    server = serve(answer)
    with AshClient(server.url) as client:
        assert [m.sequence for m in client.iter_messages(S, page_size=2)] == [1, 2, 3, 4, 5]
        assert [m.sequence for m in client.iter_messages(S, after=3)] == [4, 5]
    assert [request.query["after"] for request in server.requests] == ["0", "2", "4", "3"]


@pytest.mark.parametrize(
    ("stored", "kind", "text"),
    [
        ('{"type":"user","content":["are you there"]}', "user", "are you there"),
        ('{"type":"user","content":"plain"}', "user", "plain"),
        (
            '{"type":"assistant","message":{"content":[{"type":"text","text":"a"},{"type":"tool_use"},7]}}',
            "assistant",
            "a",
        ),
        ('{"type":"result","result":"the end"}', "result", "the end"),
        ('{"type":"result"}', "result", ""),
        ('{"type":"new","message":null}', "new", ""),
        ('"words"', "", "words"),
        ("[]", "", ""),
        ("7", "", ""),
    ],
)
def test_a_stored_message_has_a_type_and_a_text(stored: str, kind: str, text: str) -> None:
    message = Message(id="m", role="user", content=stored, sequence=1)
    assert (message.type, message.text) == (kind, text)


def test_models_are_values() -> None:
    """Nothing is changed behind the application's back."""
    assert Model.model_config["frozen"]
