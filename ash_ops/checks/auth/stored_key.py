"""Is the API key that the server is given one that only its clients know, and that they can send?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ash_ops.checks._facts import ash_container
from ash_ops.checks._findings import deploy_fix, finding, quote, redeploy, verify
from ash_ops.checks.auth.key import FLAWS, VARIABLE
from ash_ops.checks.base import Check, Effect, Evidence, Finding, Fix, NotApplicable, Severity
from ash_ops.checks.pending._versions import went_back
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import SecretState


class _Stored(Struct, frozen=True):
    """The key as the task is given it, and what may be told of its value."""

    where: str
    evidence: Evidence
    is_empty: bool
    is_placeholder: bool
    flaws: tuple[str, ...]
    state: SecretState | None = None


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """ASH_API_KEY is not empty, no example's, and well formed."""
    key = _stored(snapshot)
    if key is None:
        raise NotApplicable(f"the server is given no {VARIABLE}, or what it holds was not told")
    if key.is_empty:
        why = "is empty: the server makes a key of its own at each start, which no client knows"
        yield _unfit(snapshot, key, "api-key-malformed", why, _unless_accepted(snapshot))
    elif key.is_placeholder:
        why = "is an example's, as guides have it: whoever reaches the server can guess it and runs agents at your cost"
        yield _unfit(snapshot, key, "api-key-exposed", why, "error")
    elif key.flaws and _is_refused(snapshot):
        why = f"equals no client's: {FLAWS.get(key.flaws[0], key.flaws[0])}"
        yield _unfit(snapshot, key, "api-key-malformed", why, "error")


def _stored(snapshot: Snapshot) -> _Stored | None:
    container = ash_container(snapshot)
    plain = next((e for e in container.environment if e.name == VARIABLE), None)
    if plain is not None:
        return _Stored(
            where=f"{VARIABLE} in the task definition",
            evidence=quote(
                snapshot.task_definition, f"environment[{VARIABLE}]", _shape(plain.is_empty)
            ),
            is_empty=plain.value == "" or bool(plain.is_empty),
            is_placeholder=bool(plain.is_placeholder),
            flaws=plain.flaws,
        )
    reference = next((s.value_from for s in container.secrets if s.name == VARIABLE), None)
    states = snapshot.secrets.get() or () if reference else ()
    state = next((s for s in states if s.reference == reference), None)
    if state is None:
        return None
    empty = bool(state.is_empty) or bool(state.json_key and state.json_key in state.empty_keys)
    if not empty and state.is_told_in_part and not state.is_placeholder:
        raise CannotTell(f"what {VARIABLE} in its secret holds was not told whole", unread=True)
    return _Stored(
        where=f"{VARIABLE} in its secret",
        evidence=quote(snapshot.secrets, f"secrets[{VARIABLE}]", _shape(empty)),
        is_empty=empty,
        is_placeholder=bool(state.is_placeholder),
        flaws=state.flaws,
        state=state,
    )


def _shape(is_empty: bool | None) -> str:
    return "empty" if is_empty else "a value that is not shown"


def _is_refused(snapshot: Snapshot) -> bool:
    probe = snapshot.probe.value
    return bool(probe and probe.key_rejected)


def _unless_accepted(snapshot: Snapshot) -> Severity:
    """A key that the server takes from this machine is one that somebody knows."""
    probe = snapshot.probe.value
    auth = probe.rung("auth") if probe else None
    return "warning" if auth is not None and auth.outcome == "ok" else "error"


def _unfit(snapshot: Snapshot, key: _Stored, cause: str, why: str, severity: Severity) -> Finding:
    return finding(
        cause,
        "auth",
        f"{key.where} {why}.",
        [key.evidence],
        [*_given_again(snapshot, key), verify(snapshot, "auth")],
        severity=severity,
        # A key that no client can send keeps all of them out.
        effect=Effect.ANSWERS if cause == "api-key-malformed" else None,
        apart="stored",
    )


def _given_again(snapshot: Snapshot, key: _Stored) -> list[Fix]:
    before = went_back(snapshot, key.state) if key.state and key.is_empty else None
    if before is not None:
        return [before, redeploy(snapshot)]
    return [
        deploy_fix(
            snapshot,
            f"Put a long random key into .env as {VARIABLE} and deploy again: it goes into the stack's secret, "
            "and fresh tasks are given it.",
        )
    ]


CHECK = Check(
    id="stored-key",
    title="The server's API key is its own, and well formed",
    playbook="auth",
    run=run,
    causes=("api-key-malformed", "api-key-exposed"),
    explains=("ash-auth-invalid", "ash-auth-missing"),
)
