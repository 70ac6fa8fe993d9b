"""The server's operations: which path, what it accepts, who answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ash_client.testing import _agents, _health, _messages, _sessions, _workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ash_client.testing._call import Handler
    from ash_client.testing._schema import Schema

MEGABYTE: Final = 1024 * 1024
DEFAULT_BODY_LIMIT: Final = MEGABYTE

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_ANY: Final[Schema] = {}
_ENV: Final = {"type": "object", "additionalProperties": _TEXT}
_UUID: Final = {"type": "string", "format": "uuid"}
_NAMED_FILE: Final = {
    "type": "object",
    "properties": {"path": _TEXT, "content": _TEXT},
    "required": ["path", "content"],
}


def body(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """A body that must be an object with these properties."""
    return {"type": "object", "properties": properties, "required": required}


def _page(default: int) -> Schema:
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": default}
    after = {"type": "integer", "minimum": 0, "default": 0}
    return body(limit=limit, after=after, type=_TEXT)


@dataclass(frozen=True)
class Route:
    """One operation.

    Attributes:
        method: The HTTP method.
        pattern: The path, with ``{name}`` for a segment and ``{*}`` for the rest.
        handler: Who answers.
        body: What its body must be; None takes anything.
        query: What its query must be.
        terse: Statuses whose error bodies keep only ``error`` and ``statusCode``, whatever
            the reason was: those the route declares a schema for.
        bucket: Which limit it counts against.
        body_limit: The largest body in bytes.
    """

    method: str
    pattern: str
    handler: Handler
    body: Schema | None = None
    query: Schema = field(default_factory=dict)
    terse: frozenset[int] = frozenset()
    bucket: str = "requests"
    body_limit: int = DEFAULT_BODY_LIMIT

    @property
    def params(self) -> Schema:
        """Ids of sessions and their like must be UUIDs."""
        is_session = "/sessions/{id}" in self.pattern
        return body(("id",), id=_UUID) if is_session else _ANY


def route(method: str, pattern: str, handler: Handler, *terse: int, **more: Any) -> Route:
    """A route, with the statuses it declares."""
    return Route(method, pattern, handler, terse=frozenset(terse), **more)


_CONFIG: Final[dict[str, Schema]] = {
    "model": {"type": "string", "maxLength": 100},
    "allowedTools": _TEXTS,
    "disallowedTools": _TEXTS,
    "betas": _TEXTS,
    "subagents": {"type": "object"},
    "initialAgent": _TEXT,
}
_NEW_SESSION: Final = body(
    ("agent",),
    agent={"type": "string", "minLength": 1, "maxLength": 255},
    credentialId={"type": "string", "maxLength": 255},
    extraEnv=_ENV,
    mcpServers={"type": "object", "additionalProperties": {"type": "object"}},
    systemPrompt={"type": "string", "maxLength": 1_000_000},
    permissionMode={
        "type": "string",
        "enum": ["bypassPermissions", "permissionsByAgent", "default"],
    },
    **_CONFIG,
)
_NEW_MESSAGE: Final = body(
    ("content",),
    includePartialMessages={"type": "boolean"},
    model={"type": "string", "maxLength": 100},
    maxTurns={"type": "integer", "minimum": 1},
    maxBudgetUsd={"type": "number", "minimum": 0},
    effort={"type": "string", "enum": ["low", "medium", "high", "max"]},
    thinking=body(("type",), type=_TEXT, budgetTokens={"type": "integer"}),
    outputFormat=body(("type", "schema"), type=_TEXT, schema={"type": "object"}),
)
_SESSION: Final = "/api/sessions/{id}"
_AGENT: Final = "/api/agents/{name}"
_VERSION: Final = _AGENT + "/versions/{versionNumber}"
_VERSION_BODY: Final = body(
    name={"type": "string", "maxLength": 255},
    systemPrompt={"type": "string", "maxLength": 1_000_000},
    releaseNotes={"type": "string", "maxLength": 10_000},
    knowledgeFiles=_TEXTS,
)

_SESSIONS: Final = (
    route(
        *("POST", "/api/sessions", _sessions.create_session, 400, 404, 422, 500, 503),
        body=_NEW_SESSION,
        bucket="sessions",
    ),
    route("GET", "/api/sessions", _sessions.list_sessions, query=body(agent=_TEXT)),
    route("GET", _SESSION, _sessions.get_session, 404),
    route("DELETE", _SESSION, _sessions.end_session, 404),
    route("PATCH", f"{_SESSION}/config", _sessions.update_config, 404, body=body((), **_CONFIG)),
    route("GET", f"{_SESSION}/messages", _sessions.list_messages, 404, query=_page(100)),
    route("GET", f"{_SESSION}/events", _sessions.list_events, 404, query=_page(200)),
    route(
        *("POST", f"{_SESSION}/messages", _messages.send_message, 400, 404, 500),
        body=_NEW_MESSAGE,
        body_limit=50 * MEGABYTE,
    ),
    route(
        *("GET", f"{_SESSION}/logs", _sessions.list_logs, 404),
        query=body(after={"type": "integer", "minimum": -1, "default": -1}),
    ),
    route("POST", f"{_SESSION}/pause", _sessions.pause_session, 400, 404),
    route("POST", f"{_SESSION}/stop", _sessions.stop_session, 400, 404),
    route("POST", f"{_SESSION}/fork", _sessions.fork_session, 404, 422, 500, 503),
    route("POST", f"{_SESSION}/resume", _sessions.resume_session, 404, 410, 422, 500, 503),
)
_WORKSPACES: Final = (
    route(
        *("POST", f"{_SESSION}/exec", _workspace.execute, 400, 404, 500),
        body=body(
            ("command",),
            command=_TEXT,
            timeout={"type": "integer", "minimum": 1, "maximum": 300_000},
        ),
    ),
    route(
        *("GET", f"{_SESSION}/files", _workspace.list_files, 404),
        query=body(includeHidden={"type": "string", "enum": ["true", "false"]}),
    ),
    route(
        *("POST", f"{_SESSION}/files", _workspace.write_files),
        body=body(
            ("files",),
            files={"type": "array", "items": _NAMED_FILE},
            targetPath={"type": "string", "default": "."},
        ),
        body_limit=200 * MEGABYTE,
    ),
    route(
        *("GET", f"{_SESSION}/files/{{*}}", _workspace.get_file),
        query=body(format={"type": "string", "enum": ["json", "raw"]}),
    ),
    route("DELETE", f"{_SESSION}/files/{{*}}", _workspace.delete_file),
)
_AGENTS: Final = (
    route(
        *("POST", "/api/agents", _agents.deploy_agent, 400),
        body=body(
            ("name",),
            name={
                "type": "string",
                "minLength": 1,
                "maxLength": 255,
                "pattern": "^[a-zA-Z0-9_-]+$",
            },
            path={"type": "string", "maxLength": 4096},
            systemPrompt={"type": "string", "maxLength": 1_000_000},
            files={"type": "array", "items": _NAMED_FILE},
            env=_ENV,
        ),
        bucket="agents",
    ),
    route("GET", "/api/agents", _agents.list_agents),
    route("GET", _AGENT, _agents.get_agent, 404),
    route("DELETE", _AGENT, _agents.delete_agent, 404),
    route(
        *("PATCH", _AGENT, _agents.update_agent, 404),
        body=body(env=_ENV, config={"type": "object"}),
    ),
    route("GET", f"{_AGENT}/config", _agents.get_config, 404),
    route("PATCH", f"{_AGENT}/config", _agents.update_config, 404, body=body()),
    route("GET", f"{_AGENT}/files", _agents.list_files, 404),
    route(
        *("POST", f"{_AGENT}/files", _agents.write_files),
        body=body(("files",), files={"type": "array", "items": _NAMED_FILE}),
    ),
    route(
        *("GET", f"{_AGENT}/files/{{*}}", _agents.get_file),
        query=body(format={"type": "string", "enum": ["json", "raw"]}),
    ),
    route("DELETE", f"{_AGENT}/files/{{*}}", _agents.delete_file),
    route("GET", f"{_AGENT}/versions", _agents.list_versions, 404),
    route("POST", f"{_AGENT}/versions", _agents.create_version, 400, 404, body=_VERSION_BODY),
    route("GET", _VERSION, _agents.get_version, 404),
    route("PATCH", _VERSION, _agents.update_version, 404, body=_VERSION_BODY),
    route("DELETE", _VERSION, _agents.delete_version, 404),
    route("POST", f"{_VERSION}/activate", _agents.activate_version, 404),
)
_SERVER: Final = (
    route("GET", "/health", _health.get_health),
    route("GET", "/metrics", _health.get_metrics),
    route("GET", "/dashboard/config.js", _health.get_dashboard_config),
)


class Router:
    """Finds the route of a request; fixed paths come before those with parameters."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes
        ordered = sorted(routes, key=lambda r: ("{*}" in r.pattern, r.pattern.count("{")))
        self._compiled = [(r, _compiled(r.pattern)) for r in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its parameters, percent-decoded; HEAD is answered like GET."""
        wanted = "GET" if method == "HEAD" else method
        for candidate, pattern in self._compiled:
            match = pattern.fullmatch(path) if candidate.method == wanted else None
            if match:
                values = match.groupdict()
                params = {k: unquote(v) for k, v in values.items()}
                return candidate, {"*" if k == "rest" else k: v for k, v in params.items()}
        return None


def _compiled(pattern: str) -> re.Pattern[str]:
    def parts() -> Iterator[str]:
        for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", pattern):
            yield re.escape(literal)
            if name:
                yield "(?P<rest>.*)" if name == "*" else f"(?P<{name}>[^/]+)"

    return re.compile("".join(parts()))


ROUTES: Final = (*_SESSIONS, *_WORKSPACES, *_AGENTS, *_SERVER)
