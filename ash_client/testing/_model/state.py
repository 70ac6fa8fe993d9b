"""Everything the server remembers: agents, sessions, and the lists that hang on them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ash_client.testing._fleet.registry import Registry
from ash_client.testing._http.errors import ash_error
from ash_client.testing._http.exchange import to_json
from ash_client.testing._model.events import Message, timeline

if TYPE_CHECKING:
    from collections.abc import Callable

TENANT: Final = "default"


@dataclass
class StoredFile:
    """A file of an agent or of a session's workspace."""

    content: bytes
    modified_at: str

    def entry(self, path: str) -> dict[str, Any]:
        """The file as lists show it."""
        return {"path": path, "size": len(self.content), "modifiedAt": self.modified_at}


@dataclass
class Agent:
    """A deployed agent."""

    name: str
    id: str
    version: int
    path: str
    created_at: str
    updated_at: str
    env: dict[str, str] | None = None
    config: dict[str, Any] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)

    def view(self) -> dict[str, Any]:
        """The agent as the API shows it: names of variables, never their values."""
        view: dict[str, Any] = {"id": self.id, "name": self.name, "version": self.version}
        view |= {"path": self.path, "createdAt": self.created_at, "updatedAt": self.updated_at}
        view["tenantId"] = TENANT
        return view | ({"env": dict.fromkeys(self.env, "***")} if self.env else {})


@dataclass
class Session:
    """A session, with its messages, its timeline and its workspace."""

    id: str
    agent: str
    sandbox_id: str
    created_at: str
    last_active_at: str
    status: str = "active"
    parent_id: str | None = None
    runner_id: str | None = None
    model: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    permission_mode: str = "bypassPermissions"
    sdk_session_id: str = field(default_factory=lambda: str(uuid4()))
    messages: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, StoredFile] = field(default_factory=dict)

    def view(self) -> dict[str, Any]:
        """The session as the API shows it; ``model`` and ``config`` never appear."""
        return {
            "id": self.id,
            "agentName": self.agent,
            "sandboxId": self.sandbox_id,
            "status": self.status,
            "createdAt": self.created_at,
            "lastActiveAt": self.last_active_at,
            "tenantId": TENANT,
            "runnerId": self.runner_id,
            "parentSessionId": self.parent_id,
        }


class State:
    """The server's memory. Whoever reads or changes it holds ``lock``."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.agents: dict[str, Agent] = {}
        self.sessions: dict[str, Session] = {}
        self.usage: list[dict[str, Any]] = []
        self.queue: dict[str, dict[str, Any]] = {}
        self.queue_seen_at = clock()
        self.queue_retry_at: dict[str, float] = {}
        self.credentials: dict[str, dict[str, Any]] = {}
        self.credential_keys: dict[str, tuple[str, str]] = {}
        self.api_keys: dict[str, dict[str, Any]] = {}
        self.attachments: dict[str, tuple[dict[str, Any], bytes]] = {}
        self.eval_cases: dict[str, dict[str, Any]] = {}
        self.eval_runs: dict[str, dict[str, Any]] = {}
        self.eval_results: dict[str, dict[str, Any]] = {}
        self.runners = Registry()

    def now(self) -> str:
        """The time as the server writes it: UTC, milliseconds, ``Z``."""
        return self.time_of(self.clock())

    def time_of(self, clock: float) -> str:
        """A moment as the server writes it."""
        moment = datetime.fromtimestamp(clock, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def agent(self, name: str) -> Agent:
        """The agent, or 404."""
        if name not in self.agents:
            raise ash_error(404, "Agent not found")
        return self.agents[name]

    def session(self, session_id: str) -> Session:
        """The session, or 404."""
        if session_id not in self.sessions:
            raise ash_error(404, "Session not found")
        return self.sessions[session_id]

    def deploy(self, name: str, files: dict[str, bytes], env: dict[str, str] | None) -> Agent:
        """Deploy an agent, or a new version of one that is there."""
        now, known = self.now(), self.agents.get(name)
        agent = Agent(
            name,
            id=known.id if known else str(uuid4()),
            version=known.version + 1 if known else 1,
            path=f"/data/agents/{name}",
            created_at=known.created_at if known else now,
            updated_at=now,
            env=env if env is not None else (known.env if known else None),
            config=known.config if known else {},
            files=dict(known.files) if known else {},
            versions=known.versions if known else [],
        )
        agent.files |= {path: StoredFile(content, now) for path, content in files.items()}
        self.agents[name] = agent
        return agent

    def set_status(self, session: Session, status: str) -> None:
        """Change a session's status, which counts as activity."""
        session.status = status
        session.last_active_at = self.now()

    def record_message(self, session: Session, role: str, content: Any) -> None:
        """Store a message as the server does: JSON in a string."""
        session.messages.append(
            self._entry(session)
            | {
                "role": role,
                "content": to_json(content),
                "sequence": len(session.messages) + 1,
                "createdAt": self.now(),
                "tenantId": TENANT,
            }
        )

    def record_event(self, session: Session, kind: str, data: dict[str, Any]) -> None:
        """Add to a session's timeline."""
        session.events.append(
            self._entry(session)
            | {
                "type": kind,
                "sequence": len(session.events) + 1,
                "createdAt": self.now(),
                "tenantId": TENANT,
                "data": to_json(data),
            }
        )

    def record_agent_message(self, session: Session, message: Message) -> None:
        """Store what a message of the agent leaves behind: text, timeline and usage."""
        if message.get("type") in ("assistant", "result"):
            self.record_message(session, "assistant", message)
        for kind, data in timeline(message):
            self.record_event(session, kind, data)
        if message.get("type") == "result":
            self._record_usage(session, message.get("usage", {}))

    def log_line(self, session: Session, text: str) -> None:
        """Add to the log of a session's sandbox."""
        entry = {"index": len(session.logs), "level": "system", "text": text, "ts": self.now()}
        session.logs.append(entry)

    def _record_usage(self, session: Session, usage: dict[str, Any]) -> None:
        values = {
            "input_tokens": usage.get("input_tokens", 0),
            "output_tokens": usage.get("output_tokens", 0),
            "cache_creation_tokens": usage.get("cache_creation_input_tokens", 0),
            "cache_read_tokens": usage.get("cache_read_input_tokens", 0),
            "message": 1,
        }
        now = self.now()
        for kind, value in values.items():
            if value:
                head = self._entry(session) | {"agentName": session.agent}
                tail = {"eventType": kind, "value": value, "createdAt": now, "tenantId": TENANT}
                self.usage.append(head | tail)

    def _entry(self, session: Session) -> dict[str, Any]:
        return {"id": str(uuid4()), "sessionId": session.id}
