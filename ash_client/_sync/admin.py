# Generated from ash_client/_async by `make generate`; edit there.
"""The server and what it keeps beside sessions: health, credentials, queue, usage, keys, runners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ash_client._lazy import models
from ash_client._sync.base import Base
from ash_client._wire import given, id_part, query

if TYPE_CHECKING:
    from collections.abc import Mapping

CredentialType = Literal["anthropic", "openai", "bedrock", "custom"]
QueueStatus = Literal["pending", "processing", "completed", "failed", "cancelled"]


class Admin(Base):
    """Everything that is neither an agent nor a session."""

    def health(self) -> models.Health:
        """Ask the server how it is; needs no key, but counts against the rate limit like any request."""
        return self._ask_for(models.Health, "GET", "/health")

    def create_credential(
        self,
        type: CredentialType,  # noqa: A002 -- the server's name for it
        key: str,
        *,
        label: str | None = None,
    ) -> models.Credential:
        """Store a credential for sessions to use."""
        body = given(type=type, key=key, label=label)
        return self._ask_for(models.Credential, "POST", "/api/credentials", "credential", body=body)

    def list_credentials(self) -> list[models.Credential]:
        """List the stored credentials, without their keys."""
        return self._ask_for(list[models.Credential], "GET", "/api/credentials", "credentials")

    def delete_credential(self, credential_id: str) -> None:
        """Delete a credential."""
        self._ask("DELETE", f"/api/credentials/{id_part(credential_id, 'credential id')}")

    def create_queue_item(
        self,
        agent_name: str,
        prompt: str,
        *,
        session_id: str | None = None,
        priority: int | None = None,
        max_retries: int | None = None,
    ) -> models.QueueItem:
        """Queue a prompt for an agent. The server does not check here that the agent exists."""
        body = given(
            agentName=agent_name,
            prompt=prompt,
            sessionId=session_id,
            priority=priority,
            maxRetries=max_retries,
        )
        return self._ask_for(models.QueueItem, "POST", "/api/queue", "item", body=body)

    def list_queue_items(
        self, *, status: QueueStatus | None = None, limit: int | None = None
    ) -> list[models.QueueItem]:
        """List queued prompts, at most ``limit`` (1 to 500, default 50)."""
        params = query(status=status, limit=limit)
        return self._ask_for(list[models.QueueItem], "GET", "/api/queue", "items", params=params)

    def get_queue_stats(self) -> models.QueueStats:
        """Count the queued prompts by status."""
        return self._ask_for(models.QueueStats, "GET", "/api/queue/stats", "stats")

    def get_queue_item(self, item_id: str) -> models.QueueItem:
        """Get a queued prompt."""
        return self._ask_for(models.QueueItem, "GET", _item(item_id), "item")

    def cancel_queue_item(self, item_id: str) -> models.QueueItem:
        """Cancel a queued prompt.

        Raises:
            BadRequest: It is not pending any more.
        """
        return self._ask_for(models.QueueItem, "DELETE", _item(item_id), "item")

    def list_usage_events(
        self,
        *,
        session_id: str | None = None,
        agent_name: str | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[models.UsageEvent]:
        """List counted use between two ISO 8601 times, at most ``limit`` (1 to 1000, default 100)."""
        params = query(
            sessionId=session_id, agentName=agent_name, after=after, before=before, limit=limit
        )
        return self._ask_for(list[models.UsageEvent], "GET", "/api/usage", "events", params=params)

    def get_usage_stats(
        self,
        *,
        session_id: str | None = None,
        agent_name: str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> models.UsageStats:
        """Sum counted use between two ISO 8601 times."""
        params = query(sessionId=session_id, agentName=agent_name, after=after, before=before)
        return self._ask_for(models.UsageStats, "GET", "/api/usage/stats", "stats", params=params)

    def get_analytics(
        self, *, after: str | None = None, before: str | None = None
    ) -> models.Analytics:
        """Count agents, sessions, use and evaluations between two ISO 8601 times."""
        params = query(after=after, before=before)
        return self._ask_for(models.Analytics, "GET", "/api/analytics", params=params)

    def get_dashboard_config(self) -> str:
        """Get the dashboard's ``config.js``.

        The server gives it to anybody, without a key, and it holds the API key in clear.
        """
        return (self._ask("GET", "/dashboard/config.js")).text

    def list_api_keys(self) -> list[models.ApiKey]:
        """List the API keys, without the keys themselves."""
        return self._ask_for(list[models.ApiKey], "GET", "/api/api-keys", "keys")

    def create_api_key(self, *, label: str | None = None) -> models.ApiKey:
        """Make an API key; its ``key`` is shown this once."""
        return self._ask_for(models.ApiKey, "POST", "/api/api-keys", body=given(label=label))

    def delete_api_key(self, key_id: str) -> None:
        """Revoke an API key."""
        self._ask("DELETE", f"/api/api-keys/{id_part(key_id, 'API key id')}")

    def create_tenant_api_key(self, tenant_id: str, *, label: str | None = None) -> models.ApiKey:
        """Make an API key for a tenant. The client's key must be the server's internal secret, if it has one."""
        body = given(tenantId=tenant_id, label=label)
        return self._ask_for(models.ApiKey, "POST", "/api/internal/api-keys", body=body)

    def register_runner(
        self, runner_id: str, host: str, port: int, *, max_sandboxes: int | None = None
    ) -> None:
        """Register a runner with a coordinator. The client's key must be the internal secret, if it has one."""
        body = given(runnerId=runner_id, host=host, port=port, maxSandboxes=max_sandboxes)
        self._ask("POST", "/api/internal/runners/register", body=body)

    def send_runner_heartbeat(
        self, runner_id: str, *, stats: Mapping[str, Any] | None = None
    ) -> None:
        """Tell a coordinator that a runner is alive, and how its sandboxes are."""
        # The server reads numbers out of it unasked: a heartbeat without any is answered 500.
        body = {"runnerId": runner_id, "stats": dict(stats or {})}
        self._ask("POST", "/api/internal/runners/heartbeat", body=body)

    def deregister_runner(self, runner_id: str) -> None:
        """Tell a coordinator that a runner goes away."""
        self._ask("POST", "/api/internal/runners/deregister", body={"runnerId": runner_id})

    def list_runners(self) -> models.RunnerList:
        """List a coordinator's runners. The server asks for no key here."""
        return self._ask_for(models.RunnerList, "GET", "/api/internal/runners")


def _item(item_id: str) -> str:
    return f"/api/queue/{id_part(item_id, 'queue item id')}"
