"""The table of all operations: method, path, who answers, and the statuses with terse errors."""

from __future__ import annotations

from typing import Final

from ash_client.testing import (
    _agents,
    _attachments,
    _evals,
    _health,
    _keys,
    _messages,
    _queue,
    _runners,
    _sessions,
    _usage,
    _workspace,
)
from ash_client.testing import _schemas as schemas
from ash_client.testing._docs import documentation
from ash_client.testing._router import MEGABYTE, Route, route

_SESSION: Final = "/api/sessions/{id}"
_AGENT: Final = "/api/agents/{name}"
_VERSION: Final = _AGENT + "/versions/{versionNumber}"
_CASES: Final = _AGENT + "/eval-cases"
_RUNS: Final = _AGENT + "/eval-runs"
_INTERNAL: Final = "/api/internal"

_SESSIONS: Final = (
    route(
        *("POST", "/api/sessions", _sessions.create_session, 400, 404, 422, 500, 503),
        body=schemas.NEW_SESSION,
        bucket="sessions",
    ),
    route(
        *("GET", "/api/sessions", _sessions.list_sessions),
        query=schemas.body(agent=schemas.TEXT),
    ),
    route("GET", _SESSION, _sessions.get_session, 404),
    route("DELETE", _SESSION, _sessions.end_session, 404),
    route(
        *("PATCH", f"{_SESSION}/config", _sessions.update_config, 404),
        body=schemas.SESSION_CONFIG,
    ),
    route("GET", f"{_SESSION}/messages", _sessions.list_messages, 404, query=schemas.page(100)),
    route("GET", f"{_SESSION}/events", _sessions.list_events, 404, query=schemas.page(200)),
    route(
        *("POST", f"{_SESSION}/messages", _messages.send_message, 400, 404, 500),
        body=schemas.NEW_MESSAGE,
        body_limit=50 * MEGABYTE,
    ),
    route("GET", f"{_SESSION}/logs", _sessions.list_logs, 404, query=schemas.LOGS_QUERY),
    route("POST", f"{_SESSION}/pause", _sessions.pause_session, 400, 404),
    route("POST", f"{_SESSION}/stop", _sessions.stop_session, 400, 404),
    route("POST", f"{_SESSION}/fork", _sessions.fork_session, 404, 422, 500, 503),
    route("POST", f"{_SESSION}/resume", _sessions.resume_session, 404, 410, 422, 500, 503),
)

_WORKSPACES: Final = (
    route(
        *("POST", f"{_SESSION}/exec", _workspace.execute, 400, 404, 500),
        body=schemas.COMMAND,
    ),
    route("GET", f"{_SESSION}/files", _workspace.list_files, 404, query=schemas.FILES_QUERY),
    route(
        *("POST", f"{_SESSION}/files", _workspace.write_files),
        body=schemas.WRITTEN_FILES,
        body_limit=200 * MEGABYTE,
    ),
    route("GET", f"{_SESSION}/files/{{*}}", _workspace.get_file, query=schemas.FILE_QUERY),
    route("DELETE", f"{_SESSION}/files/{{*}}", _workspace.delete_file),
    route("GET", f"{_SESSION}/workspace", _attachments.download_workspace, 404),
    route(
        *("POST", f"{_SESSION}/workspace", _attachments.restore_workspace, 400, 404),
        body=schemas.BUNDLE,
        body_limit=200 * MEGABYTE,
    ),
    route(
        *("POST", f"{_SESSION}/attachments", _attachments.add_attachment, 400, 404, 413),
        body=schemas.ATTACHMENT,
    ),
    route("GET", f"{_SESSION}/attachments", _attachments.list_attachments, 404),
    route("GET", "/api/attachments/{id}", _attachments.get_attachment, 404),
    route("DELETE", "/api/attachments/{id}", _attachments.delete_attachment, 404),
)

_AGENTS: Final = (
    route(
        *("POST", "/api/agents", _agents.deploy_agent, 400),
        body=schemas.NEW_AGENT,
        bucket="agents",
    ),
    route("GET", "/api/agents", _agents.list_agents),
    route("GET", _AGENT, _agents.get_agent, 404),
    route("DELETE", _AGENT, _agents.delete_agent, 404),
    route("PATCH", _AGENT, _agents.update_agent, 404, body=schemas.AGENT_CHANGES),
    route("GET", f"{_AGENT}/config", _agents.get_config, 404),
    route("PATCH", f"{_AGENT}/config", _agents.update_config, 404, body=schemas.OBJECT),
    route("GET", f"{_AGENT}/files", _agents.list_files, 404),
    route("POST", f"{_AGENT}/files", _agents.write_files, body=schemas.NAMED_FILES),
    route("GET", f"{_AGENT}/files/{{*}}", _agents.get_file, query=schemas.FILE_QUERY),
    route("DELETE", f"{_AGENT}/files/{{*}}", _agents.delete_file),
    route("GET", f"{_AGENT}/versions", _agents.list_versions, 404),
    route("POST", f"{_AGENT}/versions", _agents.create_version, 400, 404, body=schemas.VERSION),
    route("GET", _VERSION, _agents.get_version, 404),
    route("PATCH", _VERSION, _agents.update_version, 404, body=schemas.VERSION),
    route("DELETE", _VERSION, _agents.delete_version, 404),
    route("POST", f"{_VERSION}/activate", _agents.activate_version, 404),
)

_EVALS: Final = (
    route("POST", f"{_CASES}/import", _evals.import_cases, 404, body=schemas.CASES),
    route("GET", f"{_CASES}/export", _evals.export_cases, 404),
    route("GET", _CASES, _evals.list_cases, 404, query=schemas.CASES_QUERY),
    route("POST", _CASES, _evals.create_case, 404, body=schemas.NEW_CASE),
    route("GET", f"{_CASES}/{{id}}", _evals.get_case, 404),
    route("PATCH", f"{_CASES}/{{id}}", _evals.update_case, 404, body=schemas.CASE_CHANGES),
    route("DELETE", f"{_CASES}/{{id}}", _evals.delete_case, 404),
    route("GET", f"{_RUNS}/compare", _evals.compare_runs, 404, query=schemas.RUNS_QUERY),
    route("POST", _RUNS, _evals.create_run, 404, body=schemas.RUN),
    route("GET", _RUNS, _evals.list_runs, 404),
    route("GET", f"{_RUNS}/{{id}}", _evals.get_run, 404),
    route("GET", f"{_RUNS}/{{id}}/results", _evals.list_results, 404),
    route(
        *("POST", f"{_RUNS}/{{id}}/score", _evals.score_run, 400, 404),
        body=schemas.RUN_SCORE,
    ),
    route(
        *("PATCH", f"{_AGENT}/eval-results/{{id}}", _evals.score_result, 404),
        body=schemas.SCORE,
    ),
)

_OTHERS: Final = (
    route("POST", "/api/credentials", _keys.store_credential, 400, 500, body=schemas.CREDENTIAL),
    route("GET", "/api/credentials", _keys.list_credentials),
    route("DELETE", "/api/credentials/{id}", _keys.delete_credential, 404),
    route("GET", "/api/api-keys", _keys.list_api_keys),
    route("POST", "/api/api-keys", _keys.create_api_key),
    route("DELETE", "/api/api-keys/{id}", _keys.revoke_api_key),
    route("POST", "/api/queue", _queue.add_item, 400, body=schemas.QUEUE_ITEM),
    route("GET", "/api/queue", _queue.list_items, query=schemas.QUEUE_QUERY),
    route("GET", "/api/queue/stats", _queue.get_stats),
    route("GET", "/api/queue/{id}", _queue.get_item, 404),
    route("DELETE", "/api/queue/{id}", _queue.cancel_item, 400, 404),
    route("GET", "/api/usage", _usage.list_usage, query=schemas.USAGE_QUERY),
    route("GET", "/api/usage/stats", _usage.get_stats, query=schemas.STATS_QUERY),
    route("GET", "/api/analytics", _usage.get_analytics, query=schemas.STATS_QUERY),
    route("POST", f"{_INTERNAL}/api-keys", _keys.provision_api_key),
    route("POST", f"{_INTERNAL}/runners/register", _runners.register),
    route("POST", f"{_INTERNAL}/runners/heartbeat", _runners.heartbeat),
    route("POST", f"{_INTERNAL}/runners/deregister", _runners.deregister),
    route("GET", f"{_INTERNAL}/runners", _runners.list_runners),
    route("GET", "/health", _health.get_health),
    route("GET", "/dashboard/config.js", _health.get_dashboard_config),
)

_OPERATIONS: Final = (*_SESSIONS, *_WORKSPACES, *_AGENTS, *_EVALS, *_OTHERS)

ROUTES: Final[tuple[Route, ...]] = (
    *_OPERATIONS,
    # The real server leaves these two out of its document.
    route("GET", "/metrics", _health.get_metrics),
    documentation(_OPERATIONS),
)
