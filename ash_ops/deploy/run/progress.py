"""The picture of a deployment under way: fed with events, asked for lines. It reads no clock.

At most 24 lines, whatever the stack holds: failures first, then what is being worked on with
the service's rollout inside it, then what is done in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ash_ops.facts.stacks import StackEvent
from ash_ops.report.resources import describe

MAX_LINES = 24
_VERBS = {
    "CREATE": "creating",
    "UPDATE": "updating",
    "DELETE": "deleting",
    "ROLLBACK": "rolling back",
    "UPDATE_ROLLBACK": "rolling back",
}
_MAX_REASON = 160


@dataclass(slots=True)
class Row:
    """One resource: its last status and since when."""

    logical_id: str
    text: str
    status: str
    since: float
    ended: float | None = None
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it could not be done."""
        return self.status.endswith("_FAILED")

    @property
    def done(self) -> bool:
        """Whether it is finished, well or badly."""
        return self.ended is not None


@dataclass(slots=True)
class Progress:
    """The state of every resource that was heard of, and of the service's rollout.

    Attributes:
        title: what is going on, for instance ``Creating ash-cloud``.
        expected: how many resources will be worked on, if known.
        rollout: how far each of the service's deployments is, a line each.
    """

    title: str
    expected: int | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    rollout: tuple[str, ...] = ()
    deaths: tuple[str, ...] = ()
    note: str = ""
    started: float | None = None

    def feed(self, event: StackEvent, now: float) -> str | None:
        """Take one stack event in.

        Returns:
            The event as a plain line, or ``None`` when it says nothing new.
        """
        self.started = now if self.started is None else self.started
        if event.is_of_stack:
            return f"{event.logical_id}: {_spoken(event.status)}" + _because(event.reason)
        row = self.rows.get(event.logical_id)
        if row is not None and row.status == event.status:
            return None
        if row is None or row.done:
            row = Row(event.logical_id, describe(event.logical_id, event.type), event.status, now)
            self.rows[event.logical_id] = row
        row.status = event.status
        if event.status.endswith(("_COMPLETE", "_FAILED", "_SKIPPED")):
            row.ended = now
        row.reason = event.reason if row.failed else None
        return f"{row.logical_id} ({row.text}): {_spoken(event.status)}" + _because(row.reason)

    def render(self, now: float, width: int = 100) -> list[str]:
        """The picture at a moment, at most 24 lines of at most ``width`` characters."""
        failed = [row for row in self.rows.values() if row.failed]
        busy = [row for row in self.rows.values() if not row.done]
        done = [row for row in self.rows.values() if row.done and not row.failed]
        lines = [self._head(now, len(done))]
        lines += _capped([_failed_line(row) for row in failed], 6, "more failed")
        inside = self._rollout_lines()
        room = MAX_LINES - len(lines) - len(inside) - 2
        lines += _capped([_busy_line(row, now) for row in busy], max(1, room), "more under way")
        lines += inside
        if done:
            names = ", ".join(row.logical_id for row in done)
            lines.append(f"  done     {len(done)}: {names}")
        if self.note:
            lines.append(f"  {self.note}")
        return [_cut(line, width) for line in lines[:MAX_LINES]]

    def _head(self, now: float, done: int) -> str:
        elapsed = _seconds(now - (self.started if self.started is not None else now))
        of = f", {done} of {self.expected}" if self.expected else ""
        return f"{self.title}: {elapsed}{of}"

    def _rollout_lines(self) -> list[str]:
        lines = [f"           rollout {line}" for line in self.rollout[:3]]
        deaths = [f"           died: {text}" for text in self.deaths]
        return lines + _capped(deaths, 5, "more kinds of death")


def _capped(lines: Sequence[str], most: int, what: str) -> list[str]:
    if len(lines) <= most:
        return list(lines)
    return [*lines[: most - 1], f"  ...      {len(lines) - most + 1} {what}"]


def _busy_line(row: Row, now: float) -> str:
    verb = _spoken(row.status)
    return f"  {verb:<8} {row.logical_id:<26} {row.text}  {_seconds(now - row.since)}"


def _failed_line(row: Row) -> str:
    return f"  FAILED   {row.logical_id}{_because(row.reason)}"


def _because(reason: str | None) -> str:
    text = " ".join((reason or "").split())
    return f": {text[:_MAX_REASON]}" if text else ""


def _spoken(status: str) -> str:
    """``CREATE_IN_PROGRESS`` as a person says it."""
    stem, under_way, _ = status.partition("_IN_PROGRESS")
    if under_way:
        return _VERBS.get(stem, stem.lower().replace("_", " "))
    for suffix, word in (("_COMPLETE", "done"), ("_FAILED", "FAILED"), ("_SKIPPED", "kept")):
        if status.endswith(suffix):
            stem = status.removesuffix(suffix)
            return (
                word if stem in ("CREATE", "UPDATE") else f"{stem.lower().replace('_', ' ')} {word}"
            )
    return status.lower()


def _seconds(elapsed: float) -> str:
    whole = max(0, int(elapsed))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: max(0, width - 3)] + "..."
