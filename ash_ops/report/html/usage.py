"""Memory and CPU against what the task may use, with the kills for want of memory marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from ash_ops.checks._facts import short
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.report.html.events import dead_tasks
from ash_ops.report.html.svg import line, picture, text
from ash_ops.report.html.timeline import HOUR, LEFT, RIGHT, axis, x_of
from ash_ops.report.path.state import MARKS, State

_TOP, _BOTTOM = 30.0, 110.0
_NEAR = 85.0  # percent of the limit
# ECS's own word for a container that was killed for using more memory than it may.
_KILLED = "OutOfMemory"


def section(snapshot: Snapshot) -> Iterator[str]:
    """The picture of memory, and both limits in words."""
    definition = snapshot.task_definition.value
    if definition is None:
        return
    memory, kills = _whole(definition.memory), list(_kills(snapshot))
    yield "<section class='card'><h2>Memory and CPU against their limits</h2>"
    if memory is not None:
        yield f"<figure>{_picture(snapshot, memory, kills)}</figure>"
    yield f"<p>{escape(_memory(snapshot.memory_utilization, memory))}</p>"
    yield from _told(kills, snapshot.taken_at)
    cpu = _whole(definition.cpu)
    limit = f"{cpu / 1024:g} vCPU" if cpu is not None else "not set for the task"
    yield f"<p>CPU: limit {limit}. How much of it is used was not read.</p></section>"


def _whole(number: str | None) -> int | None:
    return int(number) if number and number.isascii() and number.isdigit() else None


def _kills(snapshot: Snapshot) -> Iterator[tuple[datetime, Task]]:
    """The deaths for want of memory, oldest first."""
    for task in reversed(dead_tasks(snapshot)):
        reasons = [task.stopped_reason, *(each.reason for each in task.containers)]
        at = task.stopped_at or task.stopping_at
        if at and any(_KILLED in (reason or "") for reason in reasons):
            yield at, task


def _memory(reading: Reading[float], limit: int | None) -> str:
    told = f"limit {limit:,} MiB" if limit is not None else "no limit of the task is known"
    if reading.gap is not None:
        return f"Memory: {told}. Its use could not be told: {reading.gap.reason(reading.call)}."
    if reading.value is None:
        return f"Memory: {told}. CloudWatch has no figure of its use."
    return f"Memory: {told}. The most in use in the last three hours: {reading.value:.1f} %."


def _told(kills: list[tuple[datetime, Task]], now: datetime) -> Iterator[str]:
    if kills:
        times = ", ".join(f"{at:%Y-%m-%d %H:%M:%S} ({short(task)})" for at, task in kills[-8:])
        late = sum(at >= now - HOUR for at, _ in kills)
        yield (
            f"<p><b>{MARKS[State.BROKEN]} Killed for want of memory: {len(kills)} times, {late} of "
            f"them in this hour.</b> {escape(times)}, times in UTC.</p>"
        )


def _picture(snapshot: Snapshot, limit: int, kills: list[tuple[datetime, Task]]) -> str:
    """The hour from left to right, memory from nothing to the limit."""
    now, peak = snapshot.taken_at, snapshot.memory_utilization.value
    parts = list(axis(now, _TOP, _BOTTOM))
    parts += [
        line((LEFT, _TOP), (RIGHT, _TOP), "limit"),
        line((LEFT, _BOTTOM), (RIGHT, _BOTTOM)),
    ]
    parts += [text(2, _TOP + 4, f"{limit:,} MiB"), text(2, _BOTTOM, "0", "soft")]
    if peak is not None:
        parts += _peak(peak)
    for at in {round(x_of(at, now)): at for at, _ in kills if at >= now - HOUR}.values():
        parts.append(text(x_of(at, now), _TOP + 4, MARKS[State.BROKEN], "broken head", "middle"))
    if kills:
        parts.append(text(LEFT, 14, f"{MARKS[State.BROKEN]} killed at the limit", "broken head"))
    used = "not known" if peak is None else f"{peak:.1f} % at most"
    label = f"Memory against its limit of {limit} MiB: use {used}, {len(kills)} kills."
    return picture(label, _BOTTOM + 20, parts)


def _peak(peak: float) -> Iterator[str]:
    """The most in use, as a line over the hour: CloudWatch was asked for no more than that."""
    state = State.OK if peak < _NEAR else State.AFFECTED
    y = _BOTTOM - (_BOTTOM - _TOP) * min(100.0, max(0.0, peak)) / 100
    yield line((LEFT, y), (RIGHT, y), state)
    below = y + 16 if y < _TOP + 30 else y - 5
    yield text(RIGHT, below, f"{MARKS[state]} at most {peak:.1f} %", f"{state} head", "end")
