"""One session created, used and ended: the only proof that agents can run.

A green ``/health`` proves nothing about them: on Fargate the published image answers it and yet
cannot start a sandbox.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from ash_ops.redact import redact
from ash_ops.secret import Secret

NAME = "canary"
_QUESTION = "Answer with the single word: ok"
PATIENCE = 60.0  # seconds; a first sandbox takes several to start


def send_canary(url: str, key: Secret | None) -> dict[str, Any]:
    """Create a session of the first agent deployed, say one sentence, end the session.

    Returns:
        The rung ``canary``: ``skipped`` where no agent is deployed.
    """
    from ash_client import AshClient
    from ash_client.errors import AshError

    began = time.monotonic()
    rung: dict[str, Any] = {"name": NAME, "outcome": "failed"}
    try:
        sent = key.reveal() if key else ""
        with AshClient(url, api_key=sent, timeout=PATIENCE, max_retries=0) as client:
            rung |= _visit(client)
    except AshError as error:
        status = getattr(error, "status", None)
        text = redact(str(error))[:300]
        rung |= {"error": type(error).__name__, "status": status, "detail": text}
    return rung | {"elapsed_ms": round((time.monotonic() - began) * 1000, 1)}


def _visit(client: Any) -> dict[str, Any]:
    from ash_client.errors import AshError

    agents = client.list_agents()
    if not agents:
        return {"outcome": "skipped", "detail": "no agent is deployed, so no session can be made"}
    session = client.create_session(agent_name=agents[0].name)
    try:
        with client.send_message(session.id, message=_QUESTION) as stream:
            events = sum(1 for _ in stream)
        detail = f"a session of {redact(agents[0].name)} answered with {events} events"
        return {"outcome": "ok", "detail": detail}
    finally:
        with suppress(AshError):  # how it went is said by what was raised before
            client.end_session(session.id)
