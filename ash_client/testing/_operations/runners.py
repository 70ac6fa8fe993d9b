"""The registry of runners: open to anyone while no internal secret is set, to read it always.

Source, at 7d26aee: ``packages/server/src/routes/runners.ts``.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from ash_client.testing._fleet.coordinator import Fleet
from ash_client.testing._http.call import Call, ok
from ash_client.testing._http.errors import RefusalError, framework_error

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response

_MOST: Final = 100


def register(call: Call) -> Response:
    """``POST /api/internal/runners/register``."""
    _check_secret(call)
    body = call.fields
    if not (body.get("runnerId") and body.get("host") and body.get("port")):
        raise RefusalError(400, {"error": "Missing required fields: runnerId, host, port"})
    runner_id, host, port = body["runnerId"], body["host"], body["port"]
    most = body.get("maxSandboxes")
    most = _MOST if most is None else most
    call.state.runners.register(runner_id, (host, port), most, call.state.clock())
    if isinstance(call.pool, Fleet):
        # A new connection to it is made, which knows nothing of the sandboxes of the one before.
        call.pool.forget(runner_id)
    call.log.console(f"[coordinator] Runner {runner_id} registered at {host}:{port} (max {most})")
    return ok({"ok": True})


def heartbeat(call: Call) -> Response:
    """``POST /api/internal/runners/heartbeat``."""
    _check_secret(call)
    runner_id, stats = _runner_id(call), call.fields.get("stats")
    if stats is None:
        nothing = "null" if "stats" in call.fields else "undefined"
        text = f"Cannot read properties of {nothing} (reading 'running')"
        raise framework_error(500, text)
    running, warming = stats.get("running", 0), stats.get("warming", 0)
    call.state.runners.heartbeat(runner_id, running, warming, call.state.clock())
    return ok({"ok": True})


def deregister(call: Call) -> Response:
    """``POST /api/internal/runners/deregister``: its sessions are paused at once."""
    _check_secret(call)
    runner_id = _runner_id(call)
    if isinstance(call.pool, Fleet):
        call.log.console(f"[coordinator] Runner {runner_id} deregistering gracefully")
        call.pool.give_up(runner_id)
    else:
        call.state.runners.remove(runner_id)
    return ok({"ok": True})


def list_runners(call: Call) -> Response:
    """``GET /api/internal/runners``: no secret is asked for."""
    state = call.state
    rows = [runner.view(state.time_of(runner.heard_at)) for runner in state.runners]
    local = not isinstance(call.pool, Fleet)
    return ok({"runners": rows, "count": len(rows), "hasLocal": local})


def _runner_id(call: Call) -> str:
    runner_id = call.fields.get("runnerId")
    if not runner_id:
        raise RefusalError(400, {"error": "Missing runnerId"})
    return str(runner_id)


def _check_secret(call: Call) -> None:
    secret = call.settings.internal_secret
    if secret is None:
        return
    scheme, _, given = call.head.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not hmac.compare_digest(given.encode(), secret.encode()):
        text = "Unauthorized — invalid or missing internal secret"
        raise RefusalError(401, {"error": text})
