"""What the server counts: `/api/usage/stats` and `/api/analytics`, over some days and by agent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ash_ops.cost.tokens.bill import Counted, Tokens
from ash_ops.redact import redact

if TYPE_CHECKING:
    from ash_client import AshClient
    from ash_client.models import UsageStats
    from ash_ops.secret import Secret

MAX_AGENTS = 20
TIMEOUT = 5.0


def ask(url: str, key: Secret | None, now: datetime, days: int) -> Counted:
    """Ask the server at an address; see `counted`.

    Raises:
        AshError: the server was not reached, or did not answer with counts.
    """
    from ash_client import AshClient

    given = key.reveal() if key else None
    with AshClient(url, api_key=given, timeout=TIMEOUT, max_retries=0) as client:
        return counted(client, now, days)


def counted(client: AshClient, now: datetime, days: int) -> Counted:
    """Ask a server what was used in the last days.

    Args:
        client: of the server.
        now: the end of the days.
        days: how many.

    Raises:
        AshError: the server was not reached, or did not answer with counts.
    """
    after = (now - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    stats = client.get_usage_stats(after=after)
    total = client.get_analytics(after=after).sessions.get("total")
    agents = sorted({agent.name for agent in client.list_agents()})[:MAX_AGENTS]
    return Counted(
        days=Decimal(days),
        tokens=_tokens(stats),
        messages=Decimal(str(stats.total_messages)),
        sessions=Decimal(str(total)) if isinstance(total, int | float) else None,
        agents=tuple(
            (redact(name), _tokens(client.get_usage_stats(agent_name=name, after=after)))
            for name in agents
        ),
    )


def _tokens(stats: UsageStats) -> Tokens:
    return Tokens(
        input=Decimal(str(stats.total_input_tokens)),
        output=Decimal(str(stats.total_output_tokens)),
        cache_write=Decimal(str(stats.total_cache_creation_tokens)),
        cache_read=Decimal(str(stats.total_cache_read_tokens)),
    )
