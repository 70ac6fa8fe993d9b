"""The secrets and parameters of the task definition: there, in which region, with which keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from msgspec.structs import replace

from ash_ops import redact
from ash_ops.aws import operations as op
from ash_ops.aws import secrets as stored
from ash_ops.aws.secrets import Reference, chosen, parse_reference
from ash_ops.errors import ReadFailed
from ash_ops.facts.start import SecretState
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.redact.settings import value_facts
from ash_ops.secret import Secret
from ash_ops.snapshot.context import ReadingContext, failure_of, gap_of
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Several

# A secret's state, and its value while the run lasts: a snapshot never has it.
Read = tuple[SecretState, Secret | None]


@reading(op.DESCRIBE_SECRET, op.GET_SECRET_VALUE, op.GET_PARAMETERS, after=("_secrets",))
def secrets(context: ReadingContext) -> tuple[SecretState, ...]:
    """The state of each secret, without its value."""
    found: tuple[Read, ...] = context.need("_secrets")
    return tuple(state for state, _ in found)


@reading(
    op.DESCRIBE_SECRET,
    op.GET_SECRET_VALUE,
    op.GET_PARAMETERS,
    name="_secrets",
    after=("task_definition",),
)
def read(context: ReadingContext) -> Several:
    """The state of each, and for the variables of a container what its value looks like."""
    definition: TaskDefinition = context.need("task_definition")
    named = definition.references()
    parsed = [parse_reference(text) for text in named]
    jobs = [job for reference in parsed for job in _jobs(context, reference)]

    def join(parts: Sequence[Future[Any]]) -> tuple[Read, ...]:
        found = [
            _read(reference, named[reference.text], described, value)
            for reference, described, value in zip(parsed, parts[::2], parts[1::2], strict=True)
            if not failure_of(described)
        ]
        return _unless_hidden(context, found, [f for part in parts[::2] if (f := failure_of(part))])

    return context.several(jobs, join)


def _unless_hidden(
    context: ReadingContext, found: list[Read], failures: list[ReadFailed]
) -> tuple[Read, ...]:
    """What was found; but where an answer is wanting, only when one of the others is telling."""
    if failures and all(state.exists and not state.deleted_at for state, _ in found):
        raise failures[0]
    if failures:
        context.limits.append(f"{len(failures)} of the secrets could not be read: {failures[0]}.")
    return tuple(found)


def _jobs(context: ReadingContext, reference: Reference) -> Iterator[Any]:
    if reference.kind == "parameter":
        yield lambda: stored.parameter_state(context.aws, reference)
        yield lambda: None
    else:
        yield lambda: stored.secret_state(context.aws, reference)
        yield lambda: _versions(context, reference)


def _versions(context: ReadingContext, reference: Reference) -> tuple[Secret, str | None] | None:
    """The value; and the id of the version before it, if going back to that would make it whole."""
    current = stored.secret_value(context.aws, reference)
    if current is None:
        return None
    try:
        before = stored.version_before(context.aws, reference, current.text)
    except ReadFailed:
        before = None  # what cannot be read is not offered
    return current.text, before.id if before else None


def _read(
    reference: Reference, variables: list[str], described: Future[Any], value: Future[Any]
) -> Read:
    found: SecretState | None = None if described.exception() else described.result()
    failure = failure_of(value)
    state = replace(
        found or stored.state_of(reference, exists=False),
        variables=tuple(variables),
        value_gap=gap_of(failure) if failure else None,
    )
    found_value = None if failure or value.exception() else value.result()
    if found_value is None:
        return state, None
    text, before = found_value
    return _with_value(replace(state, whole_version=before), text.reveal())


def _with_value(state: SecretState, text: str) -> Read:
    """The state with what may be told of the value."""
    keys = _json_keys(text)
    state = replace(
        state,
        is_json=keys is not None,
        json_keys=tuple(keys or ()),
        empty_keys=tuple(_empty_keys(text, keys)),
    )
    given = chosen(text, state.json_key)
    if given is None:
        return state, None
    redact.learn(given, name="secret")
    return replace(state, **value_facts(given)), Secret(given)


def _json_keys(text: str) -> list[str] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return sorted(document) if isinstance(document, dict) else None


def _empty_keys(text: str, keys: list[str] | None) -> Iterator[str]:
    """The keys without a value; ``""`` for a text that is nothing as a whole."""
    if not text.strip():
        yield ""
    for key in keys or ():
        if not (chosen(text, key) or "").strip():
            yield key
