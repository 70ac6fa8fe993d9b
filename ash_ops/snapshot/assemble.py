"""From what the calls answered to a ``Snapshot``: masked, validated, and lenient where it may be.

This is where the facts are imported, late: ``collect`` loads them while the first calls are under
way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, to_builtins

from ash_client._version import __version__
from ash_ops import redact
from ash_ops.facts.model import fact_of
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot
from ash_ops.redact.settings import shown_value, value_facts
from ash_ops.secret import MASK
from ash_ops.snapshot.context import ReadingContext, Row, gap_of
from ash_ops.snapshot.fan_out import Outcome
from ash_ops.snapshot.readings.server import url

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


def assemble(context: ReadingContext, taken_at: datetime) -> Snapshot:
    """Make the snapshot of what the readings found out."""
    readings: dict[str, Any] = {
        name: _reading(context, name, context.run.outcomes[name]) for name in READINGS
    }
    return Snapshot(
        tool_version=__version__,
        taken_at=taken_at,
        deployment=fact_of(DeploymentFacts, _facts(context)),
        limits=tuple(map(redact.known, context.limits)),
        masked=tuple(dict.fromkeys(context.hidden)),
        **readings,
    )


def _facts(context: ReadingContext) -> Row:
    names, outcomes = context.deployment, context.run.outcomes
    identity = outcomes["identity"].value
    return {
        "name": names.prefix,
        "region": context.aws.region,
        "account": identity.account or None if identity else None,
        "cluster": names.cluster,
        "service": names.service,
        "log_group": (outcomes["log_group"].value or {}).get("logGroupName") or names.log_group,
        "stack": (outcomes["stack"].value or {}).get("StackName"),
        "url": url(context),
    }


def _reading(context: ReadingContext, name: str, outcome: Outcome) -> Reading[Any]:
    """The reading; an answer that is not what AWS documents, and cannot be mended, is a gap."""
    call, at, value = outcome.call, outcome.at, outcome.value
    if outcome.failure is not None:
        gap = gap_of(outcome.failure)
        message = redact.known(gap["message"])
        return Reading(call=call, at=at, gap=fact_of(Gap, gap | {"message": message}))
    if value is None:
        return Reading(call=call, at=at)
    if name in ("task_definition", "other_task_definitions"):
        value = _shaded(context, value)
    try:
        return Reading(
            call=call, at=at, value=fact_of(READINGS[name], _cleaned(context, name, value))
        )
    except ValueError:
        return Reading(call=call, at=at, gap=Gap(kind="failed", code="UnreadableAnswer"))


def _shaded(context: ReadingContext, value: Any) -> Any:
    """Task definitions with the environment's values masked, and what may be told of them."""
    if isinstance(value, (tuple, list)):
        return tuple(_shaded(context, row) for row in value)
    if not value:
        return value
    return {
        **value,
        "containerDefinitions": [
            {
                **row,
                "environment": [_variable(context, v) for v in row.get("environment") or []],
                "logConfiguration": _log_configuration(row.get("logConfiguration")),
            }
            for row in value.get("containerDefinitions") or []
        ],
    }


def _variable(context: ReadingContext, variable: Row) -> Row:
    name, value = str(variable.get("name") or ""), variable.get("value")
    if value is None:
        return {"name": name}
    shown = shown_value(name, str(value))
    if shown == value:
        return {"name": name, "value": shown, "isEmpty": not shown.strip()}
    context.hidden.append(f"environment[{name}]")
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


def _cleaned(context: ReadingContext, where: str, value: Any, *, free: bool = False) -> Any:
    """The value without what AWS left empty, and without secrets that were learnt after it came."""
    if isinstance(value, str):
        return _clean_text(context, where, value) if free else value
    if isinstance(value, Struct):
        value = to_builtins(value, builtin_types=(datetime,))
    if isinstance(value, Mapping):
        return {
            key: _cleaned(context, f"{where}.{key}", item, free=key in _FREE_TEXT)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, (tuple, list)):
        return tuple(
            _cleaned(context, where, item, free=free) for item in value if item is not None
        )
    return value


def _clean_text(context: ReadingContext, where: str, text: str) -> str:
    shown = redact.known(text)
    if MASK in shown and not where.endswith(".environment.value"):  # those are listed by name
        context.hidden.append(where)
    return shown
