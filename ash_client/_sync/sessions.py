# Generated from ash_client/_async by `make generate`; edit there.
"""Sessions: their life, messages, events, logs and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import httpx

from ash_client._lazy import models
from ash_client._sync.base import Base
from ash_client._wire import given, id_part, message_content, query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ash_client._sync.stream import MessageStream

PermissionMode = Literal["bypassPermissions", "permissionsByAgent", "default"]
Effort = Literal["low", "medium", "high", "max"]


class Sessions(Base):
    """Everything under ``/api/sessions`` but files."""

    def create_session(
        self,
        agent_name: str,
        *,
        credential_id: str | None = None,
        extra_env: Mapping[str, str] | None = None,
        model: str | None = None,
        mcp_servers: Mapping[str, Any] | None = None,
        system_prompt: str | None = None,
        permission_mode: PermissionMode | None = None,
        allowed_tools: Sequence[str] | None = None,
        disallowed_tools: Sequence[str] | None = None,
        betas: Sequence[str] | None = None,
        subagents: Mapping[str, Any] | None = None,
        initial_agent: str | None = None,
    ) -> models.Session:
        """Start a session of an agent.

        A pre-warmed sandbox ignores ``extra_env``, ``permission_mode``, ``credential_id``, ``system_prompt`` and
        ``mcp_servers``. The server allows 20 creations in 15 minutes from one address.

        Raises:
            NotFound: There is no such agent.
            RateLimited: Too many creations.
            ServerError: The sandbox could not be made.
        """
        body = given(
            agent=agent_name,
            credentialId=credential_id,
            extraEnv=extra_env,
            model=model,
            mcpServers=mcp_servers,
            systemPrompt=system_prompt,
            permissionMode=permission_mode,
            allowedTools=allowed_tools,
            disallowedTools=disallowed_tools,
            betas=betas,
            subagents=subagents,
            initialAgent=initial_agent,
        )
        return self._ask_for(models.Session, "POST", "/api/sessions", "session", body=body)

    def list_sessions(self, *, agent_name: str | None = None) -> list[models.Session]:
        """List the sessions, of one agent if named. Those of a deleted agent are not among them."""
        params = query(agent=agent_name)
        return self._ask_for(
            list[models.Session], "GET", "/api/sessions", "sessions", params=params
        )

    def get_session(self, session_id: str) -> models.Session:
        """Get a session.

        Raises:
            NotFound: There is no such session.
        """
        path = f"/api/sessions/{id_part(session_id)}"
        return self._ask_for(models.Session, "GET", path, "session")

    def update_session_config(
        self,
        session_id: str,
        *,
        model: str | None = None,
        allowed_tools: Sequence[str] | None = None,
        disallowed_tools: Sequence[str] | None = None,
        betas: Sequence[str] | None = None,
        subagents: Mapping[str, Any] | None = None,
        initial_agent: str | None = None,
    ) -> models.Session:
        """Change a session's configuration; what is not given stays as it is."""
        body = given(
            model=model,
            allowedTools=allowed_tools,
            disallowedTools=disallowed_tools,
            betas=betas,
            subagents=subagents,
            initialAgent=initial_agent,
        )
        path = f"/api/sessions/{id_part(session_id)}/config"
        return self._ask_for(models.Session, "PATCH", path, "session", body=body)

    def pause_session(self, session_id: str) -> models.Session:
        """Pause a session: its workspace is kept, its sandbox freed.

        Raises:
            BadRequest: It is not active.
        """
        return self._act(session_id, "pause")

    def resume_session(self, session_id: str) -> models.Session:
        """Resume a paused session; an active one is left as it is.

        Raises:
            SessionEnded: It has ended.
        """
        return self._act(session_id, "resume")

    def stop_session(self, session_id: str) -> models.Session:
        """Stop a session. A stream being read from it falls silent."""
        stopped = self._act(session_id, "stop")
        self._turns.forget(session_id)
        return stopped

    def fork_session(self, session_id: str) -> models.Session:
        """Make a new session with this one's messages; it starts paused.

        The server of today (0.2.0) gives it a workspace with the agent's files only, not those of this session.
        """
        return self._act(session_id, "fork")

    def end_session(self, session_id: str) -> models.Session:
        """End a session for good. Ending it again is no error."""
        path = f"/api/sessions/{id_part(session_id)}"
        ended = self._ask_for(models.Session, "DELETE", path, "session")
        self._turns.forget(session_id)
        return ended

    def _act(self, session_id: str, action: str) -> models.Session:
        # No body and no content type: the server refuses an empty body that claims to be JSON.
        path = f"/api/sessions/{id_part(session_id)}/{action}"
        return self._ask_for(models.Session, "POST", path, "session")

    def send_message(
        self,
        session_id: str,
        message: str | None = None,
        *,
        content: str | Sequence[Mapping[str, Any]] | None = None,
        include_partial_messages: bool | None = None,
        model: str | None = None,
        max_turns: int | None = None,
        max_budget_usd: float | None = None,
        effort: Effort | None = None,
        thinking: Mapping[str, Any] | None = None,
        output_format: Mapping[str, Any] | None = None,
        stall_check: float | None = None,
    ) -> MessageStream:
        """Send a message and stream the answer.

        The message is sent at most once: again only after a refused connection, or a 429 or 503 answered before the
        stream. One turn at a time runs on a session.

        Args:
            session_id: The session.
            message: The message's text.
            content: Instead of ``message``: text, or a list of text, image and document blocks.
            include_partial_messages: Stream the text while it is written (``text_delta`` events).
            model: Model for this turn.
            max_turns: Most turns the agent may take.
            max_budget_usd: Most money the turn may cost.
            effort: How hard the model thinks.
            thinking: For example ``{"type": "enabled", "budgetTokens": 4000}``.
            output_format: For example ``{"type": "json_schema", "schema": {...}}``.
            stall_check: Seconds of silence after which to ask about the session (default: the client's).

        Raises:
            InvalidArgument: Neither or both of ``message`` and ``content`` were given, or the id is none.
            SessionBusy: This client is still reading an answer of this session.
            StreamInterrupted: The answer is no event stream.
            StatusError: The server refused the message.
        """
        body = given(
            content=message_content(message, content),
            includePartialMessages=include_partial_messages,
            model=model,
            maxTurns=max_turns,
            maxBudgetUsd=max_budget_usd,
            effort=effort,
            thinking=thinking,
            outputFormat=output_format,
        )
        id_part(session_id)
        return self._open_stream(session_id, body, stall_check)

    def list_messages(
        self, session_id: str, *, limit: int | None = None, after: int | None = None
    ) -> list[models.Message]:
        """List stored messages, oldest first: at most ``limit`` (1 to 1000, default 100) after a sequence number."""
        path = f"/api/sessions/{id_part(session_id)}/messages"
        params = query(limit=limit, after=after)
        return self._ask_for(list[models.Message], "GET", path, "messages", params=params)

    def iter_messages(
        self, session_id: str, *, after: int = 0, page_size: int = 100
    ) -> Iterator[models.Message]:
        """Go through all stored messages, a page at a time."""
        while True:
            page = self.list_messages(session_id, limit=page_size, after=after)
            yield from page
            if len(page) < page_size or page[-1].sequence <= after:
                return
            after = page[-1].sequence

    def list_session_events(
        self,
        session_id: str,
        *,
        limit: int | None = None,
        after: int | None = None,
        type: str | None = None,  # noqa: A002 -- the server's name for it
    ) -> list[models.SessionEvent]:
        """List the session's timeline: at most ``limit`` (1 to 1000, default 200) after a sequence number."""
        path = f"/api/sessions/{id_part(session_id)}/events"
        params = query(limit=limit, after=after, type=type)
        return self._ask_for(list[models.SessionEvent], "GET", path, "events", params=params)

    def iter_session_events(
        self,
        session_id: str,
        *,
        after: int = 0,
        type: str | None = None,  # noqa: A002 -- the server's name for it
        page_size: int = 200,
    ) -> Iterator[models.SessionEvent]:
        """Go through the whole timeline, a page at a time."""
        while True:
            page = self.list_session_events(session_id, limit=page_size, after=after, type=type)
            yield from page
            if len(page) < page_size or page[-1].sequence <= after:
                return
            after = page[-1].sequence

    def list_session_logs(
        self, session_id: str, *, after: int | None = None
    ) -> list[models.LogEntry]:
        """List what the sandbox wrote, after a log index. A coordinator always answers an empty list."""
        path = f"/api/sessions/{id_part(session_id)}/logs"
        return self._ask_for(list[models.LogEntry], "GET", path, "logs", params=query(after=after))

    def exec_command(
        self, session_id: str, command: str, *, timeout_ms: int | None = None
    ) -> models.ExecResult:
        """Run a shell command in the session's sandbox.

        Args:
            session_id: The session.
            command: The command.
            timeout_ms: Milliseconds it may take, 1 to 300000.

        Raises:
            SessionBusy: A stream of this session is being read through this client; the command would cut it off.
            BadRequest: The session is not active.
        """
        path = f"/api/sessions/{id_part(session_id)}/exec"
        self._turns.refuse_beside(session_id)
        body = given(command=command, timeout=timeout_ms)
        patience = (
            None if timeout_ms is None else httpx.Timeout(timeout_ms / 1000 + 30, connect=10.0)
        )
        return self._ask_for(models.ExecResult, "POST", path, body=body, timeout=patience)
