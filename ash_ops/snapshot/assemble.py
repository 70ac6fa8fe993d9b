"""From what the calls answered to a ``Snapshot``, masked once more.

This is where the facts are imported, late: ``collect`` loads them while the first calls are under
way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import replace

from ash_client._version import __version__
from ash_ops import redact
from ash_ops.facts.model import Instant, NameValue
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot
from ash_ops.facts.stacks import Stack
from ash_ops.facts.start import Identity, LogGroup
from ash_ops.secret import MASK
from ash_ops.snapshot.context import ReadingContext, gap_of
from ash_ops.snapshot.fan_out import Outcome
from ash_ops.snapshot.readings.server import url

# What the names end in under which AWS and the server hand out free text: ``stopped_reason``, ``status_message``.
_FREE_TEXT = frozenset(
    {"cause", "command", "description", "detail", "message", "point", "reason", "value"}
)


def assemble(context: ReadingContext, taken_at: datetime, correction: timedelta) -> Snapshot:
    """Make the snapshot of what the readings found out.

    Args:
        context: the readings.
        taken_at: when they were begun, by this machine's clock.
        correction: what its clock is wrong by; it is added to every time that is not AWS's own.
    """
    readings: dict[str, Any] = {
        name: _reading(context, name, _corrected(context.run.outcomes[name], correction))
        for name in READINGS
    }
    return Snapshot(
        tool_version=__version__,
        taken_at=taken_at + correction,
        deployment=_facts(context),
        limits=tuple(map(redact.known, context.limits)),
        masked=tuple(dict.fromkeys(context.hidden)),
        **readings,
    )


def _corrected(outcome: Outcome, correction: timedelta) -> Outcome:
    return replace(outcome, at=outcome.at + correction) if correction else outcome


def _facts(context: ReadingContext) -> DeploymentFacts:
    names, outcomes = context.deployment, context.run.outcomes
    identity: Identity | None = outcomes["identity"].value
    group: LogGroup | None = outcomes["log_group"].value
    stack: Stack | None = outcomes["stack"].value
    return DeploymentFacts(
        name=names.prefix,
        region=context.aws.region,
        account=(identity.account or None) if identity else None,
        cluster=names.cluster,
        service=names.service,
        log_group=(group.log_group_name if group else "") or names.log_group,
        stack=stack.name if stack else None,
        url=url(context),
    )


def _reading(context: ReadingContext, name: str, outcome: Outcome) -> Reading[Any]:
    call, at, value = outcome.call, outcome.at, outcome.value
    if outcome.failure is not None:
        gap = gap_of(outcome.failure)
        return Reading(call=call, at=at, gap=replace(gap, message=redact.known(gap.message)))
    return Reading(call=call, at=at, value=_cleaned(context, name, value))


def _cleaned(context: ReadingContext, where: str, value: Any, *, free: bool = False) -> Any:
    """The value without secrets that were learnt after it came; the same one if it has none."""
    if isinstance(value, str):
        return _clean_text(context, where, value) if free else value
    if isinstance(value, NameValue) and value.masked:
        context.hidden.append(f"environment[{value.name}]")
        return value
    if isinstance(value, Struct):
        return _cleaned_struct(context, where, value)
    if isinstance(value, tuple):
        items = tuple(_cleaned(context, where, item, free=free) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def _cleaned_struct(context: ReadingContext, where: str, value: Struct) -> Struct:
    cleaned = {}
    for name, shown, free in _members(type(value)):
        old = getattr(value, name)
        if isinstance(old, (tuple, Struct)) or (free and old is not None):
            new = _cleaned(context, f"{where}.{shown}", old, free=free)
            if new is not old:
                cleaned[name] = new
    return replace(value, **cleaned) if cleaned else value


@cache
def _members(kind: type[Struct]) -> tuple[tuple[str, str, bool], ...]:
    """The members of a fact that may hold what is masked: name, name as it is shown, whether they hold free text."""
    hints: dict[str, Any] = {}
    for part in reversed(kind.__mro__):
        hints |= vars(part).get("__annotations__", {})
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return tuple(
        (name, shown, free)
        for name, shown in names
        if (free := name.rpartition("_")[2] in _FREE_TEXT)
        or not _SINGLE.issuperset(get_args(hints[name]) or (hints[name],))
    )


# What a member of one of these types holds is one value, with nothing in it; most members of a task are such.
_SINGLE = frozenset({str, int, float, bool, Instant, type(None)})


def _clean_text(context: ReadingContext, where: str, text: str) -> str:
    shown = redact.known(text)
    if MASK in shown and not where.endswith(".environment.value"):  # those are listed by name
        context.hidden.append(where)
    return text if shown == text else shown
