"""The registry of runners: open to anyone while no internal secret is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_client.testing._http.call import Call, ok
from ash_client.testing._http.errors import RefusalError, framework_error

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response


def register(call: Call) -> Response:
    """``POST /api/internal/runners/register``."""
    body = call.fields
    if not (body.get("runnerId") and body.get("host") and body.get("port")):
        raise RefusalError(400, {"error": "Missing required fields: runnerId, host, port"})
    call.state.runners[body["runnerId"]] = {
        "runnerId": body["runnerId"],
        "host": body["host"],
        "port": body["port"],
        "active": 0,
        "max": body.get("maxSandboxes") or 100,
        "lastHeartbeat": call.state.now(),
    }
    return ok({"ok": True})


def heartbeat(call: Call) -> Response:
    """``POST /api/internal/runners/heartbeat``."""
    runner = call.state.runners.get(_runner_id(call))
    stats = call.fields.get("stats")
    if stats is None:
        nothing = "null" if "stats" in call.fields else "undefined"
        text = f"Cannot read properties of {nothing} (reading 'running')"
        raise framework_error(500, text)
    if runner is not None:
        runner["active"] = stats.get("running", 0)
        runner["lastHeartbeat"] = call.state.now()
    return ok({"ok": True})


def deregister(call: Call) -> Response:
    """``POST /api/internal/runners/deregister``."""
    call.state.runners.pop(_runner_id(call), None)
    return ok({"ok": True})


def list_runners(call: Call) -> Response:
    """``GET /api/internal/runners``."""
    runners = list(call.state.runners.values())
    return ok({"runners": runners, "count": len(runners), "hasLocal": True})


def _runner_id(call: Call) -> str:
    runner_id = call.fields.get("runnerId")
    if not runner_id:
        raise RefusalError(400, {"error": "Missing runnerId"})
    return str(runner_id)
