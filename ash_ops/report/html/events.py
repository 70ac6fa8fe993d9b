"""What happened, by time: deployments, starts, deaths, health and errors in the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ash_ops.checks._facts import short, stopped
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.rollouts import ServiceDeployment
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.report.path.state import State
from ash_ops.report.path.stops import reason_of

_ERROR = 50  # pino's number for ``error``; above it is only ``fatal``
_ERROR_WORDS = re.compile(r"\b(?:error|fatal|exception|panic)\b", re.IGNORECASE)


class EventKind(StrEnum):
    """A kind of event; the value is its style."""

    DEPLOYMENT = "deployment"
    START = "start"
    DEATH = "death"
    HEALTH = "health"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        at: when.
        kind: what happened.
        state: whether it is good or bad.
        words: what, in a sentence.
    """

    at: datetime
    kind: EventKind
    state: State
    words: str


def events(snapshot: Snapshot) -> list[Event]:
    """All that is known, oldest first."""
    found = [
        *_deployments(snapshot),
        *_tasks(snapshot),
        *_health(snapshot),
        *_errors(snapshot),
    ]
    return sorted(found, key=lambda event: event.at)


def unread(snapshot: Snapshot) -> dict[EventKind, str]:
    """The kinds of which something was not read: of each, which call."""
    sources: dict[EventKind, tuple[Reading[Any], ...]] = {
        EventKind.DEPLOYMENT: (snapshot.service_deployments, snapshot.service),
        EventKind.START: (snapshot.tasks, snapshot.stopped_tasks),
        EventKind.DEATH: (snapshot.stopped_tasks,),
        EventKind.HEALTH: (snapshot.service, snapshot.probe),
        EventKind.LOG: (snapshot.log_lines,),
    }
    found: dict[EventKind, str] = {}
    for kind, readings in sources.items():
        calls = [each.call for each in readings if each.gap is not None]
        if calls:
            found[kind] = ", ".join(dict.fromkeys(calls))
    return found


def _deployments(snapshot: Snapshot) -> Iterator[Event]:
    """From the service's deployments; where those were not read, from its rollouts."""
    deployments = snapshot.service_deployments.value
    if deployments:
        for deployment in deployments:
            yield from _deployment(deployment)
        return
    service = snapshot.service.value
    for rollout in service.deployments if service else ():
        yield from _rollout(rollout)


def _deployment(found: ServiceDeployment) -> Iterator[Event]:
    if found.began:
        yield Event(found.began, EventKind.DEPLOYMENT, State.NONE, f"deployment {found.id} began")
    ended = found.finished_at or found.stopped_at
    if ended:
        state = State.OK if found.is_steady else State.BROKEN
        why = f": {found.status_reason}" if found.status_reason else ""
        ending = (found.status or "ended").lower().replace("_", " ")
        yield Event(ended, EventKind.DEPLOYMENT, state, f"deployment {found.id} {ending}{why}")


def _rollout(found: ServiceRollout) -> Iterator[Event]:
    if found.created_at:
        yield Event(found.created_at, EventKind.DEPLOYMENT, State.NONE, f"rollout of {found.line}")


def _tasks(snapshot: Snapshot) -> Iterator[Event]:
    dead = dead_tasks(snapshot)
    for task in (*(snapshot.tasks.value or ()), *dead):
        if task.started_at:
            yield Event(task.started_at, EventKind.START, State.OK, f"task {short(task)} started")
        elif task.created_at:
            words = f"task {short(task)} was asked for"
            yield Event(task.created_at, EventKind.START, State.NONE, words)
    for task in dead:
        at = task.stopped_at or task.stopping_at
        if at:
            state = State.NONE if task.was_asked_to_stop else State.BROKEN
            yield Event(at, EventKind.DEATH, state, f"task {short(task)} ended: {reason_of(task)}")


def dead_tasks(snapshot: Snapshot) -> list[Task]:
    """The tasks that ended, newest first; none where that was not read."""
    try:
        return stopped(snapshot)
    except CannotTell:
        return []


def _health(snapshot: Snapshot) -> Iterator[Event]:
    """What the service's own list says of it, and what this machine heard."""
    service = snapshot.service.value
    for event in service.events if service else ():
        if event.created_at:
            yield Event(event.created_at, EventKind.HEALTH, State.NONE, event.message)
    probe = snapshot.probe.value
    if probe and probe.rungs:
        state = State.OK if probe.healthy else State.BROKEN
        yield Event(snapshot.probe.at, EventKind.HEALTH, state, f"asked from here: {probe.answer}")


def _errors(snapshot: Snapshot) -> Iterator[Event]:
    for row in snapshot.log_lines.value or ():
        words = _error(row.message)
        if words is not None:
            yield Event(row.at, EventKind.LOG, State.BROKEN, words)


def _error(message: str) -> str | None:
    """The words of a log line that tells an error; ``None`` for another."""
    if not message.startswith("{"):
        return message if _ERROR_WORDS.search(message) else None
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return message if _ERROR_WORDS.search(message) else None
    level = found.get("level")
    is_error = level >= _ERROR if isinstance(level, int) else level in ("error", "fatal")
    return str(found.get("msg") or message) if is_error else None
