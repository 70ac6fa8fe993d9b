"""The table of all operations: method, path, who answers, and the statuses with terse errors."""

from __future__ import annotations

from typing import Final

from ash_client.testing._http.router import MEGABYTE, Route, route
from ash_client.testing._operations import (
    agents,
    attachments,
    evals,
    health,
    keys,
    messages,
    queue,
    runners,
    schemas,
    sessions,
    usage,
    workspace,
)
from ash_client.testing._operations.docs import documentation

_SESSION: Final = "/api/sessions/{id}"
_AGENT: Final = "/api/agents/{name}"
_VERSION: Final = _AGENT + "/versions/{versionNumber}"
_CASES: Final = _AGENT + "/eval-cases"
_RUNS: Final = _AGENT + "/eval-runs"
_INTERNAL: Final = "/api/internal"

_SESSIONS: Final = (
    route(
        *("POST", "/api/sessions", sessions.create_session, 400, 404, 422, 500, 503),
        body=schemas.NEW_SESSION,
        bucket="sessions",
    ),
    route(
        *("GET", "/api/sessions", sessions.list_sessions),
        query=schemas.body(agent=schemas.TEXT),
    ),
    route("GET", _SESSION, sessions.get_session, 404),
    route("DELETE", _SESSION, sessions.end_session, 404),
    route(
        *("PATCH", f"{_SESSION}/config", sessions.update_config, 404),
        body=schemas.SESSION_CONFIG,
    ),
    route("GET", f"{_SESSION}/messages", sessions.list_messages, 404, query=schemas.page(100)),
    route("GET", f"{_SESSION}/events", sessions.list_events, 404, query=schemas.page(200)),
    route(
        *("POST", f"{_SESSION}/messages", messages.send_message, 400, 404, 500),
        body=schemas.NEW_MESSAGE,
        body_limit=50 * MEGABYTE,
    ),
    route("GET", f"{_SESSION}/logs", sessions.list_logs, 404, query=schemas.LOGS_QUERY),
    route("POST", f"{_SESSION}/pause", sessions.pause_session, 400, 404),
    route("POST", f"{_SESSION}/stop", sessions.stop_session, 400, 404),
    route("POST", f"{_SESSION}/fork", sessions.fork_session, 404, 422, 500, 503),
    route("POST", f"{_SESSION}/resume", sessions.resume_session, 404, 410, 422, 500, 503),
)

_WORKSPACES: Final = (
    route(
        *("POST", f"{_SESSION}/exec", workspace.execute, 400, 404, 500),
        body=schemas.COMMAND,
    ),
    route("GET", f"{_SESSION}/files", workspace.list_files, 404, query=schemas.FILES_QUERY),
    route(
        *("POST", f"{_SESSION}/files", workspace.write_files),
        body=schemas.WRITTEN_FILES,
        body_limit=200 * MEGABYTE,
    ),
    route("GET", f"{_SESSION}/files/{{*}}", workspace.get_file, query=schemas.FILE_QUERY),
    route("DELETE", f"{_SESSION}/files/{{*}}", workspace.delete_file),
    route("GET", f"{_SESSION}/workspace", attachments.download_workspace, 404),
    route(
        *("POST", f"{_SESSION}/workspace", attachments.restore_workspace, 400, 404),
        body=schemas.BUNDLE,
        body_limit=200 * MEGABYTE,
    ),
    route(
        *("POST", f"{_SESSION}/attachments", attachments.add_attachment, 400, 404, 413),
        body=schemas.ATTACHMENT,
    ),
    route("GET", f"{_SESSION}/attachments", attachments.list_attachments, 404),
    route("GET", "/api/attachments/{id}", attachments.get_attachment, 404),
    route("DELETE", "/api/attachments/{id}", attachments.delete_attachment, 404),
)

_AGENTS: Final = (
    route(
        *("POST", "/api/agents", agents.deploy_agent, 400),
        body=schemas.NEW_AGENT,
        bucket="agents",
    ),
    route("GET", "/api/agents", agents.list_agents),
    route("GET", _AGENT, agents.get_agent, 404),
    route("DELETE", _AGENT, agents.delete_agent, 404),
    route("PATCH", _AGENT, agents.update_agent, 404, body=schemas.AGENT_CHANGES),
    route("GET", f"{_AGENT}/config", agents.get_config, 404),
    route("PATCH", f"{_AGENT}/config", agents.update_config, 404, body=schemas.OBJECT),
    route("GET", f"{_AGENT}/files", agents.list_files, 404),
    route("POST", f"{_AGENT}/files", agents.write_files, body=schemas.NAMED_FILES),
    route("GET", f"{_AGENT}/files/{{*}}", agents.get_file, query=schemas.FILE_QUERY),
    route("DELETE", f"{_AGENT}/files/{{*}}", agents.delete_file),
    route("GET", f"{_AGENT}/versions", agents.list_versions, 404),
    route("POST", f"{_AGENT}/versions", agents.create_version, 400, 404, body=schemas.VERSION),
    route("GET", _VERSION, agents.get_version, 404),
    route("PATCH", _VERSION, agents.update_version, 404, body=schemas.VERSION),
    route("DELETE", _VERSION, agents.delete_version, 404),
    route("POST", f"{_VERSION}/activate", agents.activate_version, 404),
)

_EVALS: Final = (
    route("POST", f"{_CASES}/import", evals.import_cases, 404, body=schemas.CASES),
    route("GET", f"{_CASES}/export", evals.export_cases, 404),
    route("GET", _CASES, evals.list_cases, 404, query=schemas.CASES_QUERY),
    route("POST", _CASES, evals.create_case, 404, body=schemas.NEW_CASE),
    route("GET", f"{_CASES}/{{id}}", evals.get_case, 404),
    route("PATCH", f"{_CASES}/{{id}}", evals.update_case, 404, body=schemas.CASE_CHANGES),
    route("DELETE", f"{_CASES}/{{id}}", evals.delete_case, 404),
    route("GET", f"{_RUNS}/compare", evals.compare_runs, 404, query=schemas.RUNS_QUERY),
    route("POST", _RUNS, evals.create_run, 404, body=schemas.RUN),
    route("GET", _RUNS, evals.list_runs, 404),
    route("GET", f"{_RUNS}/{{id}}", evals.get_run, 404),
    route("GET", f"{_RUNS}/{{id}}/results", evals.list_results, 404),
    route(
        *("POST", f"{_RUNS}/{{id}}/score", evals.score_run, 400, 404),
        body=schemas.RUN_SCORE,
    ),
    route(
        *("PATCH", f"{_AGENT}/eval-results/{{id}}", evals.score_result, 404),
        body=schemas.SCORE,
    ),
)

_OTHERS: Final = (
    route("POST", "/api/credentials", keys.store_credential, 400, 500, body=schemas.CREDENTIAL),
    route("GET", "/api/credentials", keys.list_credentials),
    route("DELETE", "/api/credentials/{id}", keys.delete_credential, 404),
    route("GET", "/api/api-keys", keys.list_api_keys),
    route("POST", "/api/api-keys", keys.create_api_key),
    route("DELETE", "/api/api-keys/{id}", keys.revoke_api_key),
    route("POST", "/api/queue", queue.add_item, 400, body=schemas.QUEUE_ITEM),
    route("GET", "/api/queue", queue.list_items, query=schemas.QUEUE_QUERY),
    route("GET", "/api/queue/stats", queue.get_stats),
    route("GET", "/api/queue/{id}", queue.get_item, 404),
    route("DELETE", "/api/queue/{id}", queue.cancel_item, 400, 404),
    route("GET", "/api/usage", usage.list_usage, query=schemas.USAGE_QUERY),
    route("GET", "/api/usage/stats", usage.get_stats, query=schemas.STATS_QUERY),
    route("GET", "/api/analytics", usage.get_analytics, query=schemas.STATS_QUERY),
    route("POST", f"{_INTERNAL}/api-keys", keys.provision_api_key),
    route("POST", f"{_INTERNAL}/runners/register", runners.register),
    route("POST", f"{_INTERNAL}/runners/heartbeat", runners.heartbeat),
    route("POST", f"{_INTERNAL}/runners/deregister", runners.deregister),
    route("GET", f"{_INTERNAL}/runners", runners.list_runners),
    route("GET", "/health", health.get_health),
    route("GET", "/dashboard/config.js", health.get_dashboard_config),
)

_OPERATIONS: Final = (*_SESSIONS, *_WORKSPACES, *_AGENTS, *_EVALS, *_OTHERS)

ROUTES: Final[tuple[Route, ...]] = (
    *_OPERATIONS,
    # The real server leaves these two out of its document.
    route("GET", "/metrics", health.get_metrics),
    documentation(_OPERATIONS),
)
