"""What the server tells about itself: health, metrics, documentation, the dashboard's secret."""

from __future__ import annotations

from ash_client.testing._http.call import Call, ok
from ash_client.testing._http.exchange import Response, to_json

_METRICS = """\
# HELP ash_up Whether the Ash server is up (always 1 if reachable).
# TYPE ash_up gauge
ash_up{{coordinator="{coordinator}"}} 1

# HELP ash_uptime_seconds Seconds since server start.
# TYPE ash_uptime_seconds gauge
ash_uptime_seconds {uptime}

# HELP ash_active_sessions Number of active sessions.
# TYPE ash_active_sessions gauge
ash_active_sessions {sessions}

# HELP ash_active_sandboxes Number of live sandbox processes.
# TYPE ash_active_sandboxes gauge
ash_active_sandboxes {total}

# HELP ash_pool_sandboxes Sandbox count by state.
# TYPE ash_pool_sandboxes gauge
ash_pool_sandboxes{{state="cold"}} {cold}
ash_pool_sandboxes{{state="warming"}} {warming}
ash_pool_sandboxes{{state="warm"}} {warm}
ash_pool_sandboxes{{state="waiting"}} {waiting}
ash_pool_sandboxes{{state="running"}} {running}

# HELP ash_pool_max_capacity Maximum sandbox capacity.
# TYPE ash_pool_max_capacity gauge
ash_pool_max_capacity {maxCapacity}

# HELP ash_resume_total Total session resumes by path (warm=sandbox alive, cold=new sandbox).
# TYPE ash_resume_total counter
ash_resume_total{{path="warm"}} {resumeWarmHits}
ash_resume_total{{path="cold"}} {resumeColdHits}
ash_resume_total{{path="prewarm"}} {preWarmHits}

# HELP ash_resume_cold_total Cold resume breakdown by workspace source.
# TYPE ash_resume_cold_total counter
ash_resume_cold_total{{source="local"}} {resumeColdHits}
ash_resume_cold_total{{source="cloud"}} 0
ash_resume_cold_total{{source="fresh"}} 0
"""


def get_health(call: Call) -> Response:
    """``GET /health``."""
    pool = call.pool.stats()
    return ok(
        {
            "status": "ok",
            "activeSessions": _active_sessions(call),
            "activeSandboxes": pool["total"],
            "uptime": _uptime(call),
            "pool": pool,
            "version": call.settings.version,
            "coordinatorId": coordinator_id(call.settings.hostname),
            "remoteRunners": len(call.state.runners),
        }
    )


def get_metrics(call: Call) -> Response:
    """``GET /metrics``: Prometheus' text format. Unlike ``/health`` it needs the key."""
    text = _METRICS.format(
        coordinator=coordinator_id(call.settings.hostname),
        uptime=_uptime(call),
        sessions=_active_sessions(call),
        **call.pool.stats(),
    )
    headers = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response(200, text.encode(), headers)


def get_dashboard_config(call: Call) -> Response:
    """``GET /dashboard/config.js``: the API key, in clear, to whoever asks.

    That is what the real server does, so the check for it needs something to find.
    """
    headers = call.head.headers
    scheme = headers.get("x-forwarded-proto", "http")
    host = headers.get("x-forwarded-host") or headers.get("host", "")
    config = {
        "apiKey": call.settings.api_key,
        "serverVersion": call.settings.version,
        "serverUrl": f"{scheme}://{host}",
    }
    script = f"window.__ASH_CONFIG__ = {to_json(config)};"
    return Response(200, script.encode(), {"content-type": "application/javascript"})


def coordinator_id(hostname: str) -> str:
    """The name a server gives itself: its host and process."""
    return f"{hostname}-1"


def _uptime(call: Call) -> int:
    return int(call.state.clock() - call.settings.started_at)


def _active_sessions(call: Call) -> int:
    return sum(session.status == "active" for session in call.state.sessions.values())
