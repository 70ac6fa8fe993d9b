"""Fields that are written as ``name: value``: YAML, tables, consoles, JSON that is cut at both ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ash_ops.causes.reading import shapes
from ash_ops.causes.reading.entries import Entry
from ash_ops.causes.reading.shapes import Message
from ash_ops.patterns import begun, regex

_NAMES: Final = {
    re.sub(r"\W", "", name).lower(): field
    for field, names in {
        "stoppedReason": "stoppedReason, stopped reason",
        "stopCode": "stopCode, stop code",
        "reason": "reason, status reason",
        "exitCode": "exitCode, exit code",
        "lastStatus": "lastStatus, last status",
        "status": "status",
        "healthStatus": "healthStatus, health status",
        "taskArn": "taskArn",
        "clusterArn": "clusterArn",
        "group": "group",
        "resourceStatus": "resourceStatus",
        "resourceStatusReason": "resourceStatusReason",
        "resourceType": "resourceType",
        "logicalResourceId": "logicalResourceId, logical id",
        "stackName": "stackName",
        "stackStatus": "stackStatus",
        "stackStatusReason": "stackStatusReason",
        "rolloutState": "rolloutState",
        "rolloutStateReason": "rolloutStateReason",
        "failedTasks": "failedTasks",
        "desiredCount": "desiredCount, desired",
        "runningCount": "runningCount, running",
        "pendingCount": "pendingCount, pending",
        "serviceName": "serviceName",
        "state": "state",
        "description": "description",
        "oomKilled": "oomKilled",
        "message": "message",
        "logGroupName": "logGroupName",
    }.items()
    for name in names.split(",")
}
"""The fields that are known, by their name without blanks and capitals."""

_PAIR: Final = regex(
    r"""(?x)[ \t]{0,200} (?:-[ ])? ["'*]{0,3} ([A-Za-z][A-Za-z ]{1,30}) ["'*]{0,3}
    [ ]{0,40} (?: : (?=[ \t"'\d]|$) | = | \t+ | [ ]\|[ ] | [ ]{2,} ) [ \t]{0,40} (.*)$"""
)
_BLANKS: Final = regex(r"\W")
_INITIALS: Final = begun(
    rf"[ \t\"'*-]|(?i:[{''.join(sorted({name[0] for name in _NAMES}))}])",
    rf"[ \t]{{0,200}}(?:- )?[\"'*]{{0,3}}(?i:{'|'.join(sorted({name[:3] for name in _NAMES}))})",
)
"""How a line begins that may give a field: most lines of a log do not."""
_BARE: Final = "\"', |"
_TOKENS: Final = frozenset({"state", "status", "reason", "description", "message", "group"})
"""Names that prose uses too: alone they make no record."""


def messages(found: Sequence[Entry]) -> Iterator[Message]:
    """What the fields of some entries say together, in the shapes that are known."""
    for record in _records(found):
        if any(name not in _TOKENS for name in record):
            yield from shapes.messages(record)


def _records(found: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Each run of fields whose names do not repeat."""
    record: dict[str, Any] = {}
    for entry in found:
        pair = field_of(entry.text)
        if pair is None:
            continue
        name, value = pair
        if name in record:
            yield record
            record = {}
        record[name] = value
    if record:
        yield record


def may_give_field(text: str) -> bool:
    """Whether a line begins as one that gives a field."""
    return _INITIALS.match(text) is not None


def field_of(text: str) -> tuple[str, Any] | None:
    """The field that a line gives, by the API's name; None when it gives none."""
    if not may_give_field(text):
        return None
    found = _PAIR.match(text) if len(text) < 4_000 else None
    name = _NAMES.get(_BLANKS.sub("", found.group(1)).lower()) if found else None
    if found is None or name is None:
        return None
    value = found.group(2).strip().rstrip(",")
    return name, _literal(value) if value[:1] == '"' else _scalar(value.strip(_BARE))


def _literal(value: str) -> Any:
    """A string as JSON writes it; what is left of it, when it is cut."""
    try:
        return json.loads(value)
    except ValueError:
        return _scalar(value.strip(_BARE))


def _scalar(value: str) -> Any:
    if value.lower() in ("null", "none", "~", "-", ""):
        return None
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else value
