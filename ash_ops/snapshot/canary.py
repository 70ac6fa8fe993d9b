"""One session created, used and ended: the only proof that agents can run.

A green ``/health`` proves nothing about them: on Fargate the published image answers it and yet
cannot start a sandbox.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ash_ops.redact import redact
from ash_ops.secret import Secret

if TYPE_CHECKING:
    from ash_client import AshClient

NAME = "canary"
PATIENCE = 60.0  # seconds; a first sandbox takes several to start
_QUESTION = "Answer with the single word: ok"


def send_canary(
    url: str, key: Secret | None, *, own_agent: bool = False, patience: float = PATIENCE
) -> dict[str, Any]:
    """Create a session, say one sentence, end the session.

    Args:
        url: where the server is.
        key: what it is asked with.
        own_agent: create an agent for it and delete it afterwards, instead of using the first one deployed.
        patience: seconds that an answer may take.

    Returns:
        The rung ``canary``: ``skipped`` where no agent is deployed and none may be created.
    """
    from ash_client import AshClient
    from ash_client.errors import AshError

    began = time.monotonic()
    rung: dict[str, Any] = {"name": NAME, "outcome": "failed"}
    try:
        sent = key.reveal() if key else ""
        with AshClient(url, api_key=sent, timeout=patience, max_retries=0) as client:
            if own_agent:
                with _temporary_agent(client) as agent:
                    rung |= _use_session(client, agent)
            else:
                rung |= _use_first_agent(client)
    except AshError as error:
        status = getattr(error, "status", None)
        text = redact(str(error))[:300]
        rung |= {"error": type(error).__name__, "status": status, "detail": text}
    return rung | {"elapsed_ms": round((time.monotonic() - began) * 1000, 1)}


def _use_first_agent(client: AshClient) -> dict[str, Any]:
    agents = client.list_agents()
    if not agents:
        return {"outcome": "skipped", "detail": "no agent is deployed, so no session can be made"}
    return _use_session(client, agents[0].name)


@contextmanager
def _temporary_agent(client: AshClient) -> Iterator[str]:
    from ash_client.errors import AshError

    name = f"ash-ops-canary-{uuid4().hex[:8]}"
    client.create_agent(name, system_prompt="You answer in one word.")
    try:
        yield name
    finally:
        with suppress(AshError):  # how it went is said by what was raised before
            client.delete_agent(name)


def _use_session(client: AshClient, agent: str) -> dict[str, Any]:
    from ash_client.errors import AshError

    session = client.create_session(agent_name=agent)
    try:
        with client.send_message(session.id, message=_QUESTION) as stream:
            answer = " ".join(stream.get_final_text().split())[:60]
        where = f" on {redact(session.runner_id)}" if session.runner_id else ""
        detail = f"a session of {redact(agent)}{where} answered: {redact(answer)!r}"
        return {"outcome": "ok", "detail": detail}
    finally:
        with suppress(AshError):
            client.end_session(session.id)
