"""What was asked for: times as people give them, and which events are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ash_ops.errors import UsageProblem
from ash_ops.logs import pino
from ash_ops.logs.render import Look, task_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event
    from ash_ops.logs.reading import Wanted


_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SPAN = re.compile(rf"(?:{_PART.pattern})+")


def duration(text: str, option: str) -> int:
    """A length of time such as ``90s``, ``5m``, ``2h``, ``1h30m`` or ``1d``, in milliseconds.

    Raises:
        UsageProblem: it is none.
    """
    plain = text.strip().lower().removesuffix(" ago").replace(" ", "")
    if plain.isdecimal():
        return int(plain) * 1000
    if not _SPAN.fullmatch(plain):
        raise _bad(option, text, "a length of time is a number and s, m, h or d, such as 90s or 2h")
    return round(sum(float(n) * _SECONDS[unit] * 1000 for n, unit in _PART.findall(plain)))


def moment(text: str, option: str, now: float, *, local: bool) -> int:
    """A point in time, in milliseconds since 1970.

    Args:
        text: a length of time before now (``5m``), or a date and time
            (``2026-11-22T10:00``, with or without an offset; a date alone; seconds since 1970).
        option: where it was given, for the complaint.
        now: seconds since 1970.
        local: a time without an offset is this machine's, not UTC.

    Raises:
        UsageProblem: it is neither.
    """
    plain = text.strip()
    if plain.lower() == "now":
        return int(now * 1000)
    if plain.isdecimal() and len(plain) >= 10:
        return int(plain) * (1000 if len(plain) < 13 else 1)
    if _SPAN.fullmatch(plain.lower().removesuffix(" ago").replace(" ", "")):
        return int(now * 1000) - duration(plain, option)
    try:
        at = datetime.fromisoformat(plain)
    except ValueError:
        why = "a time is 5m, 2h or 1d (ago), or a date such as 2026-11-22T10:00"
        raise _bad(option, text, why) from None
    if at.tzinfo is None:
        at = at.astimezone() if local else at.replace(tzinfo=UTC)
    return int(at.timestamp() * 1000)


def _bad(option: str, text: str, why: str) -> UsageProblem:
    return UsageProblem(f"{option} {text!r} cannot be used", why, f"Correct {option}.")


def wanted(*, task: str | None, level: str | None, grep: str | None) -> Wanted:
    """The conjunction of what the options ask for.

    Raises:
        UsageProblem: ``grep`` is not a regular expression.
    """
    tests: list[Wanted] = []
    if task:
        tests.append(_of_task(task))
    if grep is not None:
        tests.append(_matching(grep))
    if level:
        tests.append(_at_least(pino.LEVELS[level]))
    return tests[0] if len(tests) == 1 else lambda event: all(test(event) for test in tests)


def is_of_task(stream: str, task: str) -> bool:
    """Whether a stream belongs to a task, given by its id, the beginning of it, or its ARN."""
    return task_id(stream).lower().startswith(task_id(task).lower())


def _of_task(task: str) -> Wanted:
    return lambda event: is_of_task(event.get("logStreamName") or "", task)


def _matching(expression: str) -> Wanted:
    try:
        search: Callable[[str], object] = re.compile(expression).search
    except re.error as error:
        raise UsageProblem(
            f"--grep {expression!r} cannot be used",
            f"it is not a regular expression: {error}",
            "Correct it, or give --filter for CloudWatch's own syntax.",
        ) from None
    return lambda event: search(event.get("message") or "") is not None


def _at_least(lowest: int) -> Wanted:
    def test(event: Event) -> bool:
        line = pino.parse(event.get("message") or "")
        level = pino.level_of(line) if line is not None else None
        # A line that states no level may be the crash itself.
        return level is None or level >= lowest

    return test


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for; times in milliseconds since 1970, ``late_window`` in milliseconds."""

    follow: bool = False
    since: int | None = None
    until: int | None = None
    lines: int | None = None
    pattern: str | None = None
    grep: str | None = None
    task: str | None = None
    previous: bool = False
    level: str | None = None
    late_window: int = 120_000
    group: str | None = None
    look: Look = field(default_factory=Look)
    hints: bool = False
