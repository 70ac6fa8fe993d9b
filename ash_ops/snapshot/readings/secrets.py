"""The secrets and parameters of the task definition: there, in which region, with which keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from ash_ops import redact
from ash_ops.aws import secrets as stored
from ash_ops.aws.secrets import Reference, chosen, parse_reference
from ash_ops.errors import ReadFailed
from ash_ops.redact.settings import value_facts
from ash_ops.secret import Secret
from ash_ops.snapshot.context import ReadingContext, Row, failure_of, gap_of
from ash_ops.snapshot.fan_out import Several


@dataclass(frozen=True, slots=True)
class Value:
    """What was learnt from reading a value: facts, and the value itself while the run lasts."""

    facts: Row
    secret: Secret | None = None


def references(definition: Row) -> dict[str, list[str]]:
    """The ``valueFrom`` of all containers, each with the variables that it fills."""
    found: dict[str, list[str]] = {}
    for container in definition.get("containerDefinitions") or []:
        for secret in container.get("secrets") or []:
            if secret.get("valueFrom"):
                found.setdefault(secret["valueFrom"], []).append(secret.get("name") or "")
        private = (container.get("repositoryCredentials") or {}).get("credentialsParameter")
        if private:
            found.setdefault(private, [])
    return found


def secrets(context: ReadingContext) -> Several:
    """The state of each, and for the variables of a container what its value looks like."""
    named = references(context.need("task_definition"))
    parsed = [parse_reference(text) for text in named]
    jobs = [job for reference in parsed for job in _jobs(context, reference)]

    def join(parts: Sequence[Future[Any]]) -> tuple[Row, ...]:
        rows = [
            _state(reference, named[reference.text], described, value)
            for reference, described, value in zip(parsed, parts[::2], parts[1::2], strict=True)
            if not failure_of(described)
        ]
        return _unless_hidden(context, rows, [f for part in parts[::2] if (f := failure_of(part))])

    return context.several(jobs, join)


def _unless_hidden(
    context: ReadingContext, rows: list[Row], failures: list[ReadFailed]
) -> tuple[Row, ...]:
    """The rows; but if some are missing for want of an answer, only when one of them is telling."""
    if failures and all(row["exists"] and not row["deleted_at"] for row in rows):
        raise failures[0]
    if failures:
        context.limits.append(f"{len(failures)} of the secrets could not be read: {failures[0]}.")
    return tuple(rows)


def _jobs(context: ReadingContext, reference: Reference) -> Iterator[Any]:
    if reference.kind == "parameter":
        yield lambda: stored.parameter(context.aws, reference)
        yield lambda: None
    else:
        yield lambda: stored.secret_answer(context.aws, reference)
        yield lambda: _value(context, reference)


def _value(context: ReadingContext, reference: Reference) -> Value | None:
    found = stored.secret_value(context.aws, reference)
    if found is None:
        return None
    text = found.reveal()
    keys = _json_keys(text)
    given = chosen(text, reference.json_key)
    facts: Row = {
        "is_json": keys is not None,
        "json_keys": tuple(keys or ()),
        "empty_keys": tuple(_empty_keys(text, keys)),
    }
    if given is None:
        return Value(facts)
    redact.learn(given, name="secret")
    return Value({**facts, **value_facts(given)}, Secret(given))


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


def _state(
    reference: Reference, variables: list[str], described: Future[Any], value: Future[Any]
) -> Row:
    found = None if described.exception() else described.result()
    reader = _parameter_row if reference.kind == "parameter" else _secret_row
    failure = failure_of(value)
    read = None if failure or value.exception() else value.result()
    return {
        "reference": reference.text,
        "kind": reference.kind,
        "region": reference.region,
        "json_key": reference.json_key,
        "variables": tuple(variables),
        "exists": found is not None,
        "deleted_at": None,
        **(reader(found) if found else {}),
        **(read.facts if read else {}),
        "_value": read.secret if read else None,
        "value_gap": gap_of(failure) if failure else None,
    }


def _secret_row(found: Row) -> Row:
    stages = [s for row in (found.get("VersionIdsToStages") or {}).values() for s in row]
    changed = found.get("LastChangedDate") or found.get("CreatedDate")
    return {
        "arn": found.get("ARN"),
        "deleted_at": found.get("DeletedDate"),
        "last_changed_at": changed,
        "has_current_version": "AWSCURRENT" in stages if stages else None,
        "kms_key_id": found.get("KmsKeyId"),
    }


def _parameter_row(found: Row) -> Row:
    return {"arn": found.get("ARN"), "last_changed_at": found.get("LastModifiedDate")}
