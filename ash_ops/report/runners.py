"""The fleet as a table, and as JSON (``ash-ops.runners/1``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ash_ops.facts.fleet import Fleet, Member
from ash_ops.settings import command_line

if TYPE_CHECKING:
    from ash_ops.documents import deployment as documents

_HEAD = ("runner", "status", "zone", "host", "version", "turns", "sessions", "heard")


def as_text(fleet: Fleet, name: str, region: str) -> str:
    """The fleet for people: a row a runner, then where ECS and the coordinator differ."""
    return "\n".join(_lines(fleet, name, region)) + "\n"


def _lines(fleet: Fleet, name: str, region: str) -> Iterator[str]:
    told = "unknown" if fleet.unasked else str(fleet.registered)
    yield f"{name}: {fleet.wanted} wanted, {fleet.running} running, {told} registered with the coordinator"
    if fleet.members:
        yield ""
        yield from _table([_HEAD, *(_row(member, fleet.read_at) for member in fleet.members)])
    if fleet.unasked:
        yield ""
        yield f"The coordinator's view is missing: {fleet.unasked}"
    differing = fleet.disagreements
    if differing:
        yield ""
        yield "Where ECS and the coordinator differ"
        yield from (f"  {id_}: {text}" for id_, text in differing)
        yield f"Next: `{command_line('doctor agents', name, region)}`."


def _row(member: Member, now: datetime) -> tuple[str, ...]:
    row, task, host = member.registered, member.task, member.host
    heard = "-" if row is None else f"{(now - row.last_heartbeat).total_seconds():.0f} s ago"
    turns = "-" if row is None else f"{member.at_work}/{row.most}"
    return (
        member.id,
        _status(member),
        (task.availability_zone if task else None) or "-",
        (host.id if host else None) or "-",
        _version(member) or "-",
        turns,
        "-" if member.sessions is None else str(member.sessions),
        heard,
    )


def _status(member: Member) -> str:
    if member.task is None:
        return "no task"
    status = (member.task.last_status or "unknown").lower()
    marks = [
        word
        for word, holds in (
            ("draining", member.is_draining),
            ("holds sessions", bool(member.protected)),
        )
        if holds
    ]
    return ", ".join([status, *marks])


def _version(member: Member) -> str | None:
    """The tag of the image that it runs."""
    containers = member.task.containers if member.task else ()
    image = next((c.image for c in containers if c.name == "ash"), None)
    return image.rsplit("/", 1)[-1].rpartition(":")[2] if image else None


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def as_json(fleet: Fleet, name: str) -> str:
    """The fleet as JSON; what could not be read is ``null``."""
    document: documents.Runners = {
        "schema": "ash-ops.runners/1",
        "deployment": name,
        "wanted": fleet.wanted,
        "registered": None if fleet.unasked else fleet.registered,
        "unasked": fleet.unasked or None,
        "read_at": fleet.read_at.isoformat(),
        "runners": [_entry(member) for member in fleet.members],
        "disagreements": [{"runner": id_, "text": text} for id_, text in fleet.disagreements],
    }
    return json.dumps(document, indent=2) + "\n"


def _entry(member: Member) -> documents.Runner:
    row, task, host = member.registered, member.task, member.host
    return {
        "id": member.id,
        "task": task.task_arn if task else None,
        "status": task.last_status if task else None,
        "zone": task.availability_zone if task else None,
        "host": host.id if host else None,
        "version": _version(member),
        "draining": member.is_draining,
        "protected": member.protected,
        "registered": row is not None,
        "turns": member.at_work,
        "max": row.most if row else None,
        "sessions": member.sessions,
        "last_heartbeat": row.last_heartbeat.isoformat() if row else None,
    }
