"""From what the calls answered to a ``Snapshot``: masked, validated, and lenient where it may be.

This is where the models are imported, late: pydantic takes as long to load as the first round of
calls takes to come back, so ``collect`` does both at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from ash_client._version import __version__
from ash_ops import redact
from ash_ops.redact.settings import shown_value, value_facts
from ash_ops.secret import MASK
from ash_ops.snapshot.desk import Desk, Row, gap_of
from ash_ops.snapshot.fan_out import Outcome
from ash_ops.snapshot.models import Snapshot
from ash_ops.snapshot.readings.server import url

_UNREADABLE = {"kind": "failed", "code": "UnreadableAnswer"}
_NOT_READINGS = {"schema_", "tool_version", "taken_at", "deployment", "limits", "masked"}
# Names under which AWS and the server hand out free text.
_FREE_TEXT = frozenset(
    {
        "message",
        "reason",
        "stoppedReason",
        "statusReason",
        "rolloutStateReason",
        "Description",
        "Reason",
        "value",
        "ResourceStatusReason",
        "StackStatusReason",
        "FailureMessage",
        "detail",
        "command",
        "entryPoint",
        "OutputValue",
    }
)


def assemble(desk: Desk, taken_at: datetime) -> Snapshot:
    """Make the snapshot of what the desk's run found out."""
    readings = {
        name: _reading(desk, name, desk.run.outcomes[name])
        for name in Snapshot.model_fields
        if name not in _NOT_READINGS
    }
    rest = {
        "tool_version": __version__,
        "taken_at": taken_at,
        "deployment": _facts(desk),
        "limits": tuple(map(redact.known, desk.limits)),
        "masked": tuple(dict.fromkeys(desk.hidden)),
    }
    return _validated(readings, rest)


def _facts(desk: Desk) -> Row:
    names, outcomes = desk.deployment, desk.run.outcomes
    return {
        "name": names.prefix,
        "region": desk.aws.region,
        "account": (outcomes["identity"].value or {}).get("Account"),
        "cluster": names.cluster,
        "service": names.service,
        "log_group": (outcomes["log_group"].value or {}).get("logGroupName") or names.log_group,
        "stack": (outcomes["stack"].value or {}).get("StackName"),
        "url": url(desk),
    }


def _reading(desk: Desk, name: str, outcome: Outcome) -> Row:
    row: Row = {"call": outcome.call, "at": outcome.at}
    if outcome.failure is not None:
        gap = gap_of(outcome.failure)
        return row | {"gap": gap | {"message": redact.known(gap["message"])}}
    value = outcome.value
    if name in ("task_definition", "other_task_definitions"):
        value = _shaded(desk, value)
    return row | {"value": _cleaned(desk, name, value)}


def _shaded(desk: Desk, value: Any) -> Any:
    """Task definitions with the environment's values masked, and what may be told of them."""
    if isinstance(value, (tuple, list)):
        return tuple(_shaded(desk, row) for row in value)
    if not value:
        return value
    return {
        **value,
        "containerDefinitions": [
            {
                **row,
                "environment": [_variable(desk, v) for v in row.get("environment") or []],
                "logConfiguration": _log_configuration(row.get("logConfiguration")),
            }
            for row in value.get("containerDefinitions") or []
        ],
    }


def _variable(desk: Desk, variable: Row) -> Row:
    name, value = str(variable.get("name") or ""), variable.get("value")
    if value is None:
        return {"name": name}
    shown = shown_value(name, str(value))
    if shown == value:
        return {"name": name, "value": shown, "isEmpty": not shown.strip()}
    desk.hidden.append(f"environment[{name}]")
    facts = value_facts(str(value))
    return {
        "name": name,
        "value": shown,
        "masked": True,
        "isEmpty": facts["is_empty"],
        "isPlaceholder": facts["is_placeholder"],
        "flaws": facts["flaws"],
    }


def _log_configuration(found: Row | None) -> Row | None:
    """A log driver's options; those of other drivers than CloudWatch's may hold tokens."""
    if not found:
        return None
    options = found.get("options") or {}
    return {**found, "options": {k: v for k, v in options.items() if k.startswith("awslogs-")}}


def _cleaned(desk: Desk, where: str, value: Any, *, free: bool = False) -> Any:
    """The value without what AWS left empty, and without secrets that were learnt after it came."""
    if isinstance(value, str):
        return _clean_text(desk, where, value) if free else value
    if isinstance(value, Mapping):
        return {
            key: _cleaned(desk, f"{where}.{key}", item, free=key in _FREE_TEXT)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, (tuple, list)):
        return tuple(_cleaned(desk, where, item, free=free) for item in value if item is not None)
    return value


def _clean_text(desk: Desk, where: str, text: str) -> str:
    shown = redact.known(text)
    if MASK in shown and not where.endswith(".environment.value"):  # those are listed by name
        desk.hidden.append(where)
    return shown


def _validated(readings: dict[str, Row], rest: Row) -> Snapshot:
    """The snapshot, without the fields whose values are not what AWS documents.

    A field with a value of another type is dropped, as if it had been left out; a reading that
    cannot be mended so becomes a gap.
    """
    for _ in range(20):
        try:
            return Snapshot.model_validate({**rest, **readings})
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                _mend(readings, problem["loc"])
    raise AssertionError("a reading stayed invalid after it was made a gap")


def _mend(readings: dict[str, Row], place: tuple[int | str, ...]) -> None:
    name, *path = place
    row = readings[str(name)]
    steps = list(_steps(row, path))
    if len(steps) > 1 and isinstance(steps[-1][0], dict):
        holder, key = steps[-1]
        holder.pop(key, None)
    else:
        readings[str(name)] = {"call": row["call"], "at": row["at"], "gap": _UNREADABLE}


def _steps(value: Any, path: list[int | str]) -> Iterator[tuple[Any, Any]]:
    """Where a path leads, as far as it goes: each holder and the key in it."""
    for key in path:
        present = key in value if isinstance(value, dict) else isinstance(value, (tuple, list))
        if not present:
            return
        yield value, key
        value = value[key]
