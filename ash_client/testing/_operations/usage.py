"""What was used, and how much there is of everything."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ash_client.testing._http.call import Call, ok

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response

_TOTALS: Final = {
    "totalInputTokens": "input_tokens",
    "totalOutputTokens": "output_tokens",
    "totalCacheCreationTokens": "cache_creation_tokens",
    "totalCacheReadTokens": "cache_read_tokens",
    "totalToolCalls": "tool_call",  # stays 0: the server counts them where none are
    "totalMessages": "message",
    "totalComputeSeconds": "compute_seconds",
}


def list_usage(call: Call) -> Response:
    """``GET /api/usage``, the newest first."""
    return ok({"events": list(reversed(_chosen(call)))[: call.query["limit"]]})


def get_stats(call: Call) -> Response:
    """``GET /api/usage/stats``."""
    return ok({"stats": _stats(_chosen(call))})


def get_analytics(call: Call) -> Response:
    """``GET /api/analytics``."""
    state = call.state
    sessions = state.sessions.values()
    runs = state.eval_runs.values()
    return ok(
        {
            "agents": {"total": len(state.agents)},
            "sessions": {"total": len(sessions), "byStatus": Counter(s.status for s in sessions)},
            "usage": _stats(_chosen(call)),
            "evals": {"totalRuns": len(runs), "byStatus": Counter(r["status"] for r in runs)},
        }
    )


def _chosen(call: Call) -> list[dict[str, Any]]:
    query = call.query
    return [
        event
        for event in call.state.usage
        if query.get("sessionId") in (None, event["sessionId"])
        and query.get("agentName") in (None, event["agentName"])
        and query.get("after", "") <= event["createdAt"] <= query.get("before", "9999")
    ]


def _stats(events: list[dict[str, Any]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for event in events:
        sums[event["eventType"]] += event["value"]
    return {total: sums[kind] for total, kind in _TOTALS.items()}
