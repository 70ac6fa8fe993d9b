"""The server itself, asked through its public address, as a client would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from ash_ops.facts.model import fact_of
from ash_ops.facts.server import Probe, Rung
from ash_ops.redact import redact
from ash_ops.secret import Secret
from ash_ops.snapshot.probe import Ladder

if TYPE_CHECKING:
    from ash_client import AshClient

_CANARY_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server said to one question; its words are redacted as they are taken in.

    Attributes:
        ok: ``None`` when nothing was heard: the fault may lie between here and there.
        text: what was heard, or why nothing was.
        version: the server's version, where it told.
        final: whether asking again would bring the same.
    """

    ok: bool | None
    text: str
    version: str | None = None
    final: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", redact(self.text))
        object.__setattr__(self, "version", self.version and redact(str(self.version)))


def ask_health(url: str) -> Reply:
    """``GET /health``, which needs no key, asked by the doctor's own ladder."""
    probe = _climbed(url, None)
    return Reply(ok=probe.healthy, text=probe.answer, version=probe.version)


def ask_with_key(url: str, key: Secret) -> Reply:
    """A call that needs the key: the list of sessions."""
    probe = _climbed(url, key)
    rung = probe.rung("auth")
    if rung is None or rung.status is None:
        return Reply(
            ok=None, text=(probe.broken or rung or Rung(name="auth", outcome="failed")).said
        )
    accepted = rung.outcome == "ok"
    return Reply(ok=accepted, text="the key is accepted" if accepted else rung.said)


def _climbed(url: str, key: Secret | None) -> Probe:
    return fact_of(Probe, Ladder().climb(url, key))


def run_canary(url: str, key: Secret) -> Reply:
    """Create an agent and a session, exchange one message, and remove both again.

    Only this proves that agents work: the server is healthy without being able to start one.
    """
    from ash_client import AshError, ConnectionFailed, RequestTimeout

    try:
        with _client(url, key) as client, _canary_agent(client) as agent:
            return _exchange(client, agent)
    except (ConnectionFailed, RequestTimeout) as error:
        return Reply(ok=None, text=str(error))
    except AshError as error:
        return Reply(ok=False, text=str(error))


def _exchange(client: AshClient, agent: str) -> Reply:
    session = client.create_session(agent_name=agent)
    try:
        with client.send_message(session.id, message="Answer with the word ready.") as stream:
            text = stream.get_final_text()
    finally:
        _end_quietly(client, session.id)
    said = " ".join(text.split())[:60]
    where = f" on {session.runner_id}" if session.runner_id else ""
    return Reply(ok=True, text=f"a session{where} answered: {said!r}")


@contextmanager
def _canary_agent(client: AshClient) -> Iterator[str]:
    name = f"ash-ops-canary-{uuid4().hex[:8]}"
    client.create_agent(name, system_prompt="You answer in one word.")
    try:
        yield name
    finally:
        from ash_client import AshError

        with suppress(AshError):
            client.delete_agent(name)


def _end_quietly(client: AshClient, session: str) -> None:
    from ash_client import AshError

    with suppress(AshError):
        client.end_session(session)


def _client(url: str, key: Secret) -> AshClient:
    from ash_client import AshClient

    return AshClient(url, api_key=key.reveal(), timeout=_CANARY_SECONDS, max_retries=0)
