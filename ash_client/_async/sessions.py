"""Sessions: their life, their stored messages, events and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._async.base import AsyncBase
from ash_client._lazy import models
from ash_client._options import operation
from ash_client._wire.arguments import given, id_part, id_text, query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from typing import Unpack

    from ash_client._options import Id, PermissionMode, RequestOptions, SessionId


class AsyncSessions(AsyncBase):
    """Everything under ``/api/sessions`` but files."""

    @operation("sessions", "create")
    async def create_session(
        self,
        agent_name: str,
        *,
        credential_id: Id | None = None,
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
        **request: Unpack[RequestOptions],
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
        return await self._ask_for(
            models.Session, "POST", "/api/sessions", "session", body=body, **request
        )

    @operation("sessions", "list")
    async def list_sessions(
        self, *, agent_name: str | None = None, **request: Unpack[RequestOptions]
    ) -> list[models.Session]:
        """List the sessions, of one agent if named. Those of a deleted agent are not among them."""
        params = query(agent=agent_name)
        return await self._ask_for(
            list[models.Session], "GET", "/api/sessions", "sessions", params=params, **request
        )

    @operation("sessions", "get")
    async def get_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """Get a session.

        Raises:
            NotFound: There is no such session.
        """
        path = f"/api/sessions/{id_part(session_id)}"
        return await self._ask_for(models.Session, "GET", path, "session", **request)

    @operation("sessions", "update_config")
    async def update_session_config(
        self,
        session_id: SessionId,
        *,
        model: str | None = None,
        allowed_tools: Sequence[str] | None = None,
        disallowed_tools: Sequence[str] | None = None,
        betas: Sequence[str] | None = None,
        subagents: Mapping[str, Any] | None = None,
        initial_agent: str | None = None,
        **request: Unpack[RequestOptions],
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
        return await self._ask_for(models.Session, "PATCH", path, "session", body=body, **request)

    @operation("sessions", "pause")
    async def pause_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """Pause a session: its workspace is kept, its sandbox freed.

        Raises:
            BadRequest: It is not active.
        """
        return await self._act(session_id, "pause", **request)

    @operation("sessions", "resume")
    async def resume_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """Resume a paused session; an active one is left as it is.

        Raises:
            SessionEnded: It has ended.
        """
        known = self._turns.is_unfinished(id_text(session_id))
        before = await self._last_resumption(session_id) if known else None
        session = await self._act(session_id, "resume", **request)
        after = await self._last_resumption(session_id) if known else None
        if after is not None and after != before and '"path":"cold"' in (after.data or ""):
            self._turns.forget(id_text(session_id))  # a new sandbox: nothing is left of a turn
        return session

    async def _last_resumption(self, session_id: SessionId) -> models.SessionEvent | None:
        last = None
        async for event in self.iter_session_events(session_id, type="lifecycle"):
            if '"resumed"' in (event.data or ""):
                last = event
        return last

    @operation("sessions", "stop")
    async def stop_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """Stop a session. A stream being read from it falls silent."""
        stopped = await self._act(session_id, "stop", **request)
        self._turns.forget(id_text(session_id))
        return stopped

    @operation("sessions", "fork")
    async def fork_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """Make a new session with this one's messages; it starts paused.

        The server of today (0.2.0) gives it a workspace with the agent's files only, not those of this session.
        """
        return await self._act(session_id, "fork", **request)

    @operation("sessions", "end")
    async def end_session(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> models.Session:
        """End a session for good. Ending it again is no error."""
        path = f"/api/sessions/{id_part(session_id)}"
        ended = await self._ask_for(models.Session, "DELETE", path, "session", **request)
        self._turns.forget(id_text(session_id))
        return ended

    async def _act(
        self, session_id: SessionId, action: str, **request: Unpack[RequestOptions]
    ) -> models.Session:
        # No body and no content type: the server refuses an empty body that claims to be JSON.
        path = f"/api/sessions/{id_part(session_id)}/{action}"
        return await self._ask_for(models.Session, "POST", path, "session", **request)

    @operation("sessions", "list_messages")
    async def list_messages(
        self,
        session_id: SessionId,
        *,
        limit: int | None = None,
        after: int | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.Message]:
        """List stored messages, oldest first: at most ``limit`` (1 to 1000, default 100) after a sequence number."""
        path = f"/api/sessions/{id_part(session_id)}/messages"
        params = query(limit=limit, after=after)
        return await self._ask_for(
            list[models.Message], "GET", path, "messages", params=params, **request
        )

    @operation("sessions", "iter_messages", raw=False)
    async def iter_messages(
        self,
        session_id: SessionId,
        *,
        after: int = 0,
        page_size: int = 100,
        **request: Unpack[RequestOptions],
    ) -> AsyncIterator[models.Message]:
        """Go through all stored messages, a page at a time."""
        while True:
            page = await self.list_messages(session_id, limit=page_size, after=after, **request)
            for item in page:
                yield item
            if len(page) < page_size or page[-1].sequence <= after:
                return
            after = page[-1].sequence

    @operation("sessions", "list_events")
    async def list_session_events(
        self,
        session_id: SessionId,
        *,
        limit: int | None = None,
        after: int | None = None,
        type: str | None = None,  # noqa: A002 -- the server's name for it
        **request: Unpack[RequestOptions],
    ) -> list[models.SessionEvent]:
        """List the session's timeline: at most ``limit`` (1 to 1000, default 200) after a sequence number."""
        path = f"/api/sessions/{id_part(session_id)}/events"
        params = query(limit=limit, after=after, type=type)
        return await self._ask_for(
            list[models.SessionEvent], "GET", path, "events", params=params, **request
        )

    @operation("sessions", "iter_events", raw=False)
    async def iter_session_events(
        self,
        session_id: SessionId,
        *,
        after: int = 0,
        type: str | None = None,  # noqa: A002 -- the server's name for it
        page_size: int = 200,
        **request: Unpack[RequestOptions],
    ) -> AsyncIterator[models.SessionEvent]:
        """Go through the whole timeline, a page at a time."""
        while True:
            page = await self.list_session_events(
                session_id, limit=page_size, after=after, type=type, **request
            )
            for item in page:
                yield item
            if len(page) < page_size or page[-1].sequence <= after:
                return
            after = page[-1].sequence

    @operation("sessions", "list_logs")
    async def list_session_logs(
        self, session_id: SessionId, *, after: int | None = None, **request: Unpack[RequestOptions]
    ) -> list[models.LogEntry]:
        """List what the sandbox wrote, after a log index. A coordinator always answers an empty list."""
        path = f"/api/sessions/{id_part(session_id)}/logs"
        return await self._ask_for(
            list[models.LogEntry], "GET", path, "logs", params=query(after=after), **request
        )
