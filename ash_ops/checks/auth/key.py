"""Does the server accept the key that this machine would send?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import NOT_ASKED, running
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, redeploy, verify
from ash_ops.checks.base import (
    Check,
    Finding,
    Fix,
    NotApplicable,
    Severity,
    items,
    present,
)
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.server import LocalKey
from ash_ops.facts.snapshot import Snapshot

VARIABLE = "ASH_API_KEY"
_REFUSED = 401
FLAWS = {
    "quotes": "it is wrapped in quotation marks",
    "spaces": "it has spaces around it",
    "line-end": "it ends with a line break",
    "bearer-prefix": "it begins with the word Bearer",
}


def rejected(snapshot: Snapshot) -> Iterator[Finding]:
    """An authenticated call is not answered with 401; if it is, which of the three it was."""
    probe = present(snapshot.probe)
    auth = probe.rung("auth")
    if probe.key_rejected and (auth is None or auth.status is None):
        raise CannotTell(
            f"the server refused a key ({probe.key_rejected}), and the call that it refused was not told"
        )
    if auth is None or auth.outcome == "skipped":
        raise NotApplicable("no authenticated call was made")
    text = probe.key_rejected or ""
    if not text and auth.status != _REFUSED:
        return  # nobody said that the key was refused: an answer without words is no refusal
    local = snapshot.local_key.get() or LocalKey()
    if local.origin == "none":
        _require_a_look(snapshot)
    cause = "ash-auth-missing" if "Missing" in text else "ash-auth-invalid"
    yield finding(
        cause,
        "auth",
        _sentence(cause, text, local),
        [
            quote(snapshot.probe, "rungs[auth].body.error", text or _words(text)),
            quote(snapshot.local_key, "fingerprint", _fingerprints(local)),
        ],
        [*_repair(snapshot, local), verify(snapshot, "auth")],
        severity="error",
        confidence="confirmed",
    )


def _require_a_look(snapshot: Snapshot) -> None:
    """Without a key of its own this machine asks with the deployed one, if it can be found.

    Raises:
        CannotTell: it could not be looked for, so that a refusal says nothing of the server.
    """
    snapshot.service.get()
    snapshot.task_definition.get()
    for state in snapshot.secrets.get() or ():
        if VARIABLE in state.variables and not state.is_usable:
            raise CannotTell(
                "no API key is set here, and the secret with the deployed one is not there"
            )
        if state.value_gap and VARIABLE in state.variables:
            raise CannotTell(
                "no API key is set here, and the deployed one may not be read: "
                + state.value_gap.reason("secretsmanager:GetSecretValue"),
                (state.value_gap.action,) if state.value_gap.action else (),
            )


def _sentence(cause: str, text: str, local: LocalKey) -> str:
    if cause == "ash-auth-missing":
        return f"The server wants an API key and none is configured here: {_words(text)}."
    if local.flaws:
        return f"The server refuses the key of {local.origin}: {FLAWS.get(local.flaws[0], local.flaws[0])}."
    if local.deployed_fingerprint and local.deployed_fingerprint != local.fingerprint:
        return f"The key of {local.origin} is not the deployed one: {_words(text)}."
    return f"The server refuses the key of {local.origin}: {_words(text)}."


def _words(text: str) -> str:
    return f"{_REFUSED} {text}" if text else f"{_REFUSED}, without a word of why"


def _fingerprints(local: LocalKey) -> str:
    deployed = local.deployed_fingerprint or "not readable"
    return f"here {local.fingerprint or 'none'} ({local.origin}), deployed {deployed}"


def _repair(snapshot: Snapshot, local: LocalKey) -> list[Fix]:
    return [
        Fix(
            why=f"Use the deployed key instead of the one of {local.origin}.",
            command=f'eval "$({ash_command(snapshot, "connect")})"',
        )
    ]


def flawed(snapshot: Snapshot) -> Iterator[Finding]:
    """The local key has no quotes, spaces or line ends around it."""
    local = present(snapshot.local_key)
    probe = snapshot.probe.get() if snapshot.probe.gap is None else None
    if local.flaws and not (probe and probe.key_rejected):
        yield finding(
            "api-key-malformed",
            "auth",
            f"The key of {local.origin} looks damaged: "
            + "; ".join(FLAWS.get(f, f) for f in local.flaws)
            + ".",
            [quote(snapshot.local_key, "flaws", ", ".join(local.flaws))],
            [*_repair(snapshot, local), verify(snapshot, "auth")],
            severity="warning",
            confidence="likely",
        )


def stale(snapshot: Snapshot) -> Iterator[Finding]:
    """No secret was changed after the running task started: ECS injects secrets only at the start."""
    tasks = running(snapshot)
    if not tasks:
        raise NotApplicable("no task runs")
    if _is_another_key(snapshot):
        return  # the deployed key was compared with the one used here, and is not the same
    started = min((t.started_at or t.created_at or snapshot.taken_at) for t in tasks)
    states = list(items(snapshot.secrets))
    if not all(state.is_usable for state in states):
        return  # no task would start with them: that comes first
    for state in states:
        changed = state.last_changed_at
        if changed and changed > started:
            name = state.arn or state.reference
            yield finding(
                "api-key-stale",
                "auth",
                f"{name} was changed after the running task started: the task still uses the old value.",
                [
                    quote(
                        snapshot.secrets, f"secrets[{name}].LastChangedDate", str(changed), changed
                    ),
                    quote(
                        snapshot.tasks, f"tasks[{tasks[0].id[:8]}].startedAt", str(started), started
                    ),
                ],
                [redeploy(snapshot), verify(snapshot, "auth")],
                severity=_severity(snapshot),
            )
            return


def _is_another_key(snapshot: Snapshot) -> bool:
    try:
        local = snapshot.local_key.get()
    except CannotTell:
        return False
    return bool(
        local
        and local.fingerprint
        and local.deployed_fingerprint
        and local.fingerprint != local.deployed_fingerprint
    )


def _severity(snapshot: Snapshot) -> Severity:
    """An error once the server refuses the very key that is stored for it."""
    probe = snapshot.probe.value
    return "error" if probe and probe.key_rejected else "warning"


def open_server(snapshot: Snapshot) -> Iterator[Finding]:
    """An authenticated path does not answer without a key."""
    probe = present(snapshot.probe)
    if probe.answers_without_key is None:
        raise CannotTell(NOT_ASKED)
    if probe.answers_without_key:
        yield finding(
            "server-open",
            "auth",
            f"{probe.url}/api/sessions answers without any key: whoever reaches it runs agents at your cost.",
            [quote(snapshot.probe, "answersWithoutKey", "true")],
            [
                deploy_fix(
                    snapshot, "Deploy again: a key is generated and kept in the stack's secret."
                ),
                verify(snapshot, "auth"),
            ],
            severity="error",
        )


REJECTED = Check(
    id="api-key",
    title="The server accepts the key of this machine",
    playbook="auth",
    run=rejected,
    causes=("ash-auth-missing", "ash-auth-invalid"),
    vital=True,
)
FLAWED = Check(
    id="api-key-form",
    title="The key of this machine is well formed",
    playbook="auth",
    run=flawed,
    causes=("api-key-malformed",),
    explains=("ash-auth-invalid",),
)
STALE = Check(
    id="secret-freshness",
    title="No secret was changed after the task started",
    playbook="auth",
    run=stale,
    causes=("api-key-stale",),
    explains=("ash-auth-invalid",),
)
OPEN = Check(
    id="server-open",
    title="The server asks for a key",
    playbook="auth",
    run=open_server,
    causes=("server-open",),
)
