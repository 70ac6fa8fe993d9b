# Generated from ash_client/_async by `make generate`; edit there.
"""The server and what it keeps beside sessions: health, credentials, queue, usage, keys, runners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ash_client._lazy import models
from ash_client._options import operation
from ash_client._sync.base import Base
from ash_client._wire.arguments import given, id_part, query

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from ash_client._options import CallOptions, Id, RequestOptions, SessionId

CredentialType = Literal["anthropic", "openai", "bedrock", "custom"]
QueueStatus = Literal["pending", "processing", "completed", "failed", "cancelled"]


class Admin(Base):
    """Everything that is neither an agent nor a session."""

    @operation("server", "health")
    def health(self, **request: Unpack[RequestOptions]) -> models.Health:
        """Ask the server how it is; needs no key, but counts against the rate limit like any request."""
        return self._ask_for(models.Health, "GET", "/health", **request)

    @operation("credentials", "create")
    def create_credential(
        self,
        type: CredentialType,  # noqa: A002 -- the server's name for it
        key: str,
        *,
        label: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.Credential:
        """Store a credential for sessions to use."""
        body = given(type=type, key=key, label=label)
        return self._ask_for(
            models.Credential, "POST", "/api/credentials", "credential", body=body, **request
        )

    @operation("credentials", "list")
    def list_credentials(self, **request: Unpack[RequestOptions]) -> list[models.Credential]:
        """List the stored credentials, without their keys."""
        return self._ask_for(
            list[models.Credential], "GET", "/api/credentials", "credentials", **request
        )

    @operation("credentials", "delete")
    def delete_credential(self, credential_id: Id, **request: Unpack[RequestOptions]) -> None:
        """Delete a credential."""
        self._ask(
            "DELETE", f"/api/credentials/{id_part(credential_id, 'credential id')}", **request
        )

    @operation("queue", "create")
    def create_queue_item(
        self,
        agent_name: str,
        prompt: str,
        *,
        session_id: SessionId | None = None,
        priority: int | None = None,
        max_retries: int | None = None,
        **request: Unpack[CallOptions],
    ) -> models.QueueItem:
        """Queue a prompt for an agent. The server does not check here that the agent exists."""
        body = given(
            agentName=agent_name,
            prompt=prompt,
            sessionId=session_id,
            priority=priority,
            maxRetries=max_retries,
        )
        return self._ask_for(models.QueueItem, "POST", "/api/queue", "item", body=body, **request)

    @operation("queue", "list")
    def list_queue_items(
        self,
        *,
        status: QueueStatus | None = None,
        limit: int | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.QueueItem]:
        """List queued prompts, at most ``limit`` (1 to 500, default 50)."""
        params = query(status=status, limit=limit)
        return self._ask_for(
            list[models.QueueItem], "GET", "/api/queue", "items", params=params, **request
        )

    @operation("queue", "get_stats")
    def get_queue_stats(self, **request: Unpack[RequestOptions]) -> models.QueueStats:
        """Count the queued prompts by status."""
        return self._ask_for(models.QueueStats, "GET", "/api/queue/stats", "stats", **request)

    @operation("queue", "get")
    def get_queue_item(self, item_id: Id, **request: Unpack[RequestOptions]) -> models.QueueItem:
        """Get a queued prompt."""
        return self._ask_for(models.QueueItem, "GET", _item(item_id), "item", **request)

    @operation("queue", "cancel")
    def cancel_queue_item(self, item_id: Id, **request: Unpack[RequestOptions]) -> models.QueueItem:
        """Cancel a queued prompt.

        Raises:
            BadRequest: It is not pending any more.
        """
        return self._ask_for(models.QueueItem, "DELETE", _item(item_id), "item", **request)

    @operation("usage", "list_events")
    def list_usage_events(
        self,
        *,
        session_id: SessionId | None = None,
        agent_name: str | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.UsageEvent]:
        """List counted use between two ISO 8601 times, at most ``limit`` (1 to 1000, default 100)."""
        params = query(
            sessionId=session_id, agentName=agent_name, after=after, before=before, limit=limit
        )
        return self._ask_for(
            list[models.UsageEvent], "GET", "/api/usage", "events", params=params, **request
        )

    @operation("usage", "get_stats")
    def get_usage_stats(
        self,
        *,
        session_id: SessionId | None = None,
        agent_name: str | None = None,
        after: str | None = None,
        before: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.UsageStats:
        """Sum counted use between two ISO 8601 times."""
        params = query(sessionId=session_id, agentName=agent_name, after=after, before=before)
        return self._ask_for(
            models.UsageStats, "GET", "/api/usage/stats", "stats", params=params, **request
        )

    @operation("usage", "get_analytics")
    def get_analytics(
        self,
        *,
        after: str | None = None,
        before: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.Analytics:
        """Count agents, sessions, use and evaluations between two ISO 8601 times."""
        params = query(after=after, before=before)
        return self._ask_for(models.Analytics, "GET", "/api/analytics", params=params, **request)

    @operation("server", "get_dashboard_config")
    def get_dashboard_config(self, **request: Unpack[RequestOptions]) -> str:
        """Get the dashboard's ``config.js``.

        The server gives it to anybody, without a key, and it holds the API key in clear.
        """
        return (self._ask("GET", "/dashboard/config.js", **request)).text

    @operation("api_keys", "list")
    def list_api_keys(self, **request: Unpack[RequestOptions]) -> list[models.ApiKey]:
        """List the API keys, without the keys themselves."""
        return self._ask_for(list[models.ApiKey], "GET", "/api/api-keys", "keys", **request)

    @operation("api_keys", "create")
    def create_api_key(
        self, *, label: str | None = None, **request: Unpack[RequestOptions]
    ) -> models.ApiKey:
        """Make an API key; its ``key`` is shown this once."""
        return self._ask_for(
            models.ApiKey, "POST", "/api/api-keys", body=given(label=label), **request
        )

    @operation("api_keys", "delete")
    def delete_api_key(self, key_id: Id, **request: Unpack[RequestOptions]) -> None:
        """Revoke an API key."""
        self._ask("DELETE", f"/api/api-keys/{id_part(key_id, 'API key id')}", **request)

    @operation("api_keys", "create_for_tenant")
    def create_tenant_api_key(
        self, tenant_id: str, *, label: str | None = None, **request: Unpack[RequestOptions]
    ) -> models.ApiKey:
        """Make an API key for a tenant. The client's key must be the server's internal secret, if it has one."""
        body = given(tenantId=tenant_id, label=label)
        return self._ask_for(models.ApiKey, "POST", "/api/internal/api-keys", body=body, **request)

    @operation("runners", "register")
    def register_runner(
        self,
        runner_id: str,
        host: str,
        port: int,
        *,
        max_sandboxes: int | None = None,
        **request: Unpack[RequestOptions],
    ) -> None:
        """Register a runner with a coordinator. The client's key must be the internal secret, if it has one."""
        body = given(runnerId=runner_id, host=host, port=port, maxSandboxes=max_sandboxes)
        self._ask("POST", "/api/internal/runners/register", body=body, **request)

    @operation("runners", "send_heartbeat")
    def send_runner_heartbeat(
        self,
        runner_id: str,
        *,
        stats: Mapping[str, Any] | None = None,
        **request: Unpack[RequestOptions],
    ) -> None:
        """Tell a coordinator that a runner is alive, and how its sandboxes are."""
        # The server reads numbers out of it unasked: a heartbeat without any is answered 500.
        body = {"runnerId": runner_id, "stats": dict(stats or {})}
        self._ask("POST", "/api/internal/runners/heartbeat", body=body, **request)

    @operation("runners", "deregister")
    def deregister_runner(self, runner_id: str, **request: Unpack[RequestOptions]) -> None:
        """Tell a coordinator that a runner goes away."""
        self._ask(
            "POST", "/api/internal/runners/deregister", body={"runnerId": runner_id}, **request
        )

    @operation("runners", "list")
    def list_runners(self, **request: Unpack[RequestOptions]) -> models.RunnerList:
        """List a coordinator's runners. The server asks for no key here."""
        return self._ask_for(models.RunnerList, "GET", "/api/internal/runners", **request)


def _item(item_id: Id) -> str:
    return f"/api/queue/{id_part(item_id, 'queue item id')}"
