"""Has the server a model key, so that agents can think?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container, was_proven
from ash_ops.checks._findings import deploy_fix, finding, quote, redeploy, verify
from ash_ops.checks.auth.key import FLAWS
from ash_ops.checks.base import Check, Finding, Fix, items
from ash_ops.checks.pending._versions import went_back
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import SecretState
from ash_ops.facts.task_definitions import ContainerDefinition

VARIABLE = "ANTHROPIC_API_KEY"
_NOT_TRIMMED = frozenset(
    {"quotes", "bearer-prefix"}
)  # HTTP strips blanks and line ends of a header's value
# Ash hands each of these to its sandboxes; any one lets agents reach a model.
_ALTERNATIVES = ("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """ANTHROPIC_API_KEY reaches the container, is not empty, and is no placeholder of a guide."""
    container = ash_container(snapshot)
    given = [name for name in _ALTERNATIVES if _given(container, name)]
    useless = [why for name in given if (why := _why_useless(snapshot, container, name))]
    if len(useless) < len(given):
        return
    why = _why_missing(snapshot, container) or _why_useless(snapshot, container, VARIABLE)
    why = useless[0] if why and useless else why
    if why:
        yield finding(
            "anthropic-key-missing",
            "agents",
            f"Agents cannot run: {why}. The server starts without it and /health is fine, "
            "but every agent's first answer fails.",
            [quote(snapshot.task_definition, f"containerDefinitions[{container.name}]", why)],
            [*_given_again(snapshot, container), verify(snapshot, "agents")],
            severity="error",
        )


def _given_again(snapshot: Snapshot, container: ContainerDefinition) -> list[Fix]:
    reference = next((s.value_from for s in container.secrets if s.name == VARIABLE), None)
    states = snapshot.secrets.value or ()
    state = next((s for s in states if s.reference == reference), None)
    before = went_back(snapshot, state) if state else None
    if before is not None:
        return [before, redeploy(snapshot)]
    why = f"Put {VARIABLE} in .env and deploy again: it goes into the stack's secret."
    return [deploy_fix(snapshot, why)]


def _given(container: ContainerDefinition, name: str) -> bool:
    return any(s.name == name for s in container.secrets) or any(
        e.name == name and e.value for e in container.environment
    )


def _why_missing(snapshot: Snapshot, container: ContainerDefinition) -> str | None:
    reference = next((s.value_from for s in container.secrets if s.name == VARIABLE), None)
    if reference:
        return _why_secret_is_empty(snapshot, reference)
    if any(s.name == VARIABLE for s in container.secrets):
        raise CannotTell(f"where {VARIABLE} comes from was not told")
    if any(not s.name for s in container.secrets):
        raise CannotTell("a secret of the task definition names no variable")
    plain = next((e for e in container.environment if e.name == VARIABLE), None)
    if plain is None:
        return f"the task definition sets no {VARIABLE}"
    return None if plain.value else f"{VARIABLE} is set to nothing"


def _why_useless(snapshot: Snapshot, container: ContainerDefinition, name: str) -> str | None:
    """Why a value that is given is none: a guide's placeholder, unless a session proved it."""
    if was_proven(snapshot):
        return None
    plain = any(e.name == name and e.is_placeholder for e in container.environment)
    references = {s.value_from for s in container.secrets if s.name == name}
    states = snapshot.secrets.value or ()
    mine = [s for s in states if s.reference in references]
    stored = any(s.is_placeholder for s in mine)
    flaws = [f for s in mine for f in s.flaws] + [
        f for e in container.environment if e.name == name for f in e.flaws
    ]
    flawed = next((FLAWS[f] for f in flaws if f in _NOT_TRIMMED), None)
    if flawed and not plain and not stored:
        return f"the value of {name} is refused by the model's API: {flawed}"
    if not plain and not stored:
        if any(s.is_told_in_part for s in mine):
            raise CannotTell(f"what {name} in its secret holds was not told whole", unread=True)
        return None
    return f"the value of {name}{' in its secret' if stored else ''} is a placeholder, as guides have it"


def _why_secret_is_empty(snapshot: Snapshot, reference: str) -> str | None:
    try:
        states = list(items(snapshot.secrets))
    except CannotTell:
        return None  # the check of the secrets says so
    state = next((s for s in states if s.reference == reference), None)
    return (
        f"the value of {VARIABLE} in its secret is empty"
        if state and _is_empty(state, reference)
        else None
    )


def _is_empty(state: SecretState, reference: str) -> bool:
    from ash_ops.checks.pending.secrets import json_key

    return bool(state.is_empty) or (json_key(reference) or "") in state.empty_keys


CHECK = Check(
    id="model-key",
    title="The server has a model key",
    playbook="agents",
    run=run,
    causes=("anthropic-key-missing",),
    explains=("anthropic-auth", "claude-exit"),
    vital=True,
)
