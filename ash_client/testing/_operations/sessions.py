"""Sessions: created, listed, paused, stopped, resumed, forked, ended."""

from __future__ import annotations

from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ash_client.testing._http.call import Call, bad_request, ok
from ash_client.testing._http.errors import ash_error
from ash_client.testing._http.exchange import Response, to_json
from ash_client.testing._model.pool import SandboxUnavailableError
from ash_client.testing._model.state import Agent, Session

if TYPE_CHECKING:
    from ash_client.testing._model.sandbox import Sandbox

_CONFIG = ("allowedTools", "disallowedTools", "betas", "subagents", "initialAgent", "mcpServers")
_CREDENTIAL_VARIABLES = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}


def create_session(call: Call) -> Response:
    """``POST /api/sessions``."""
    name = call.body["agent"]
    agent = call.state.agents.get(name)
    if agent is None:
        raise ash_error(404, f'Agent "{name}" not found')
    env = {**(agent.env or {}), **_credential_env(call), **call.body.get("extraEnv", {})}
    session_id = str(uuid4())
    sandbox = _sandbox_or_error(call, "create", agent, session_id)
    session = _insert(call, agent, session_id, sandbox)
    session.env = env
    session.model = call.body.get("model") or agent.config.get("model")
    session.permission_mode = call.body.get("permissionMode") or "bypassPermissions"
    session.config = {key: call.body[key] for key in _CONFIG if key in call.body}
    created = {"action": "created", "agentName": agent.name}
    model = {"model": session.model} if session.model else {}
    call.state.record_event(session, "lifecycle", created | model)
    return ok({"session": session.view()}, 201)


def list_sessions(call: Call) -> Response:
    """``GET /api/sessions``, the newest first."""
    wanted = call.query.get("agent")
    sessions = reversed(call.state.sessions.values())
    views = [s.view() for s in sessions if not wanted or s.agent == wanted]
    return ok({"sessions": views})


def get_session(call: Call) -> Response:
    """``GET /api/sessions/{id}``."""
    return _answer(_session(call))


def end_session(call: Call) -> Response:
    """``DELETE /api/sessions/{id}``: it stays readable, as ``ended``."""
    session = _session(call)
    call.pool.destroy(session.sandbox_id)
    return _change(call, session, "ended")


def pause_session(call: Call) -> Response:
    """``POST /api/sessions/{id}/pause``: a turn that is running runs to its end."""
    session = _session(call)
    if session.status != "active":
        raise bad_request(f'Cannot pause session with status "{session.status}"')
    return _change(call, session, "paused")


def stop_session(call: Call) -> Response:
    """``POST /api/sessions/{id}/stop``: a turn that is running falls silent."""
    session = _session(call)
    if session.status not in ("active", "starting"):
        raise bad_request(f'Cannot stop session with status "{session.status}"')
    call.pool.destroy(session.sandbox_id)
    return _change(call, session, "stopped")


def resume_session(call: Call) -> Response:
    """``POST /api/sessions/{id}/resume``; resuming an active session does nothing."""
    session = _session(call)
    if session.status == "ended":
        raise ash_error(410, "Session has ended — create a new session")
    if session.status == "active":
        return _answer(session)
    path = "warm" if call.pool.get(session.sandbox_id) else "cold"
    if path == "cold":
        sandbox = _sandbox_or_error(call, "resume", call.state.agents[session.agent], session.id)
        session.sandbox_id, session.runner_id = sandbox.id, sandbox.runner_id
    call.pool.hits[path] += 1
    source = {"source": "local"} if path == "cold" else {}
    _log_resume(call, session, path, source)
    call.state.set_status(session, "active")
    resumed = {"action": "resumed", "path": path} | source
    call.state.record_event(session, "lifecycle", resumed)
    return _answer(session)


def fork_session(call: Call) -> Response:
    """``POST /api/sessions/{id}/fork``: a paused copy with the parent's messages, but the agent's files."""
    parent = _session(call)
    agent = call.state.agents[parent.agent]
    fork_id = str(uuid4())
    sandbox = _sandbox_or_error(call, "fork", agent, fork_id)
    fork = _insert(call, agent, fork_id, sandbox)
    fork.status, fork.parent_id, fork.model = "paused", parent.id, parent.model
    fork.config, fork.env = dict(parent.config), dict(parent.env)
    fork.messages = [
        message | {"id": str(uuid4()), "sessionId": fork.id} for message in parent.messages
    ]
    forked = {"action": "forked", "parentSessionId": parent.id}
    call.state.record_event(fork, "lifecycle", forked)
    return ok({"session": fork.view()}, 201)


def update_config(call: Call) -> Response:
    """``PATCH /api/sessions/{id}/config``."""
    session = _session(call)
    changes = deepcopy(call.body)
    session.model = changes.pop("model", session.model)
    session.config |= {key: changes[key] for key in _CONFIG if key in changes}
    return _answer(session)


def list_messages(call: Call) -> Response:
    """``GET /api/sessions/{id}/messages``."""
    return ok({"messages": _page(call, _session(call).messages)})


def list_events(call: Call) -> Response:
    """``GET /api/sessions/{id}/events``."""
    wanted = call.query.get("type")
    events = [e for e in _session(call).events if not wanted or e["type"] == wanted]
    return ok({"events": _page(call, events)})


def list_logs(call: Call) -> Response:
    """``GET /api/sessions/{id}/logs``; they are gone with the sandbox."""
    session = _session(call)
    alive = call.pool.get(session.sandbox_id) is not None
    logs = [e for e in session.logs if alive and e["index"] > call.query["after"]]
    return ok({"logs": logs, "source": "sandbox"})


def _session(call: Call) -> Session:
    return call.state.session(call.params["id"])


def _answer(session: Session) -> Response:
    return ok({"session": session.view()})


def _change(call: Call, session: Session, status: str) -> Response:
    call.state.set_status(session, status)
    call.state.record_event(session, "lifecycle", {"action": status})
    return _answer(session)


def _page(call: Call, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    later = (e for e in entries if e["sequence"] > call.query["after"])
    return list(islice(later, call.query["limit"]))


def _sandbox_or_error(call: Call, action: str, agent: Agent, session_id: str) -> Sandbox:
    pool = call.pool
    try:
        if action == "create":
            return pool.claim(agent, session_id)
        return pool.create(agent.name, session_id)
    except SandboxUnavailableError as error:
        if "capacity reached" in str(error) or "No runners available" in str(error):
            raise ash_error(503, str(error)) from None
        raise ash_error(500, f"Failed to {action} session: {error}") from None


def _insert(call: Call, agent: Agent, session_id: str, sandbox: Sandbox) -> Session:
    now = call.state.now()
    files = dict(agent.files if sandbox.files is None else sandbox.files)
    session = Session(session_id, agent.name, sandbox.id, now, now, files=files)
    session.runner_id = sandbox.runner_id
    timing = "copy: 1ms, install: 0ms, startup: 0ms, bridge: 130ms"
    call.state.log_line(session, f"Sandbox created in 131ms ({timing})")
    call.state.sessions[session_id] = session
    return session


def _credential_env(call: Call) -> dict[str, str]:
    credential_id = call.body.get("credentialId")
    if not credential_id:
        return {}
    if credential_id not in call.state.credentials:
        raise bad_request("Invalid or inaccessible credential")
    kind, key = call.state.credential_keys[credential_id]
    call.state.credentials[credential_id]["lastUsedAt"] = call.state.now()
    return {_CREDENTIAL_VARIABLES.get(kind, "ASH_CUSTOM_API_KEY"): key}


def _log_resume(call: Call, session: Session, path: str, source: dict[str, str]) -> None:
    line = {"type": "resume_hit", "path": path, **source, "sessionId": session.id}
    call.log.console(to_json(line | {"agentName": session.agent, "ts": call.state.now()}))
