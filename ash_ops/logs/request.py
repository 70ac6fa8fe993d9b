"""What was asked for: times as people give them, and which events are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ash_ops.errors import UsageProblem
from ash_ops.logs import pino
from ash_ops.logs.render import Look, task_id

if TYPE_CHECKING:
    from ash_ops.aws.logs import Event
    from ash_ops.logs.reading import Select

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# The longest spellings first, as "m" begins them all.
_UNIT = r"(?:(ms|milliseconds?)|(weeks?|w)|(days?|d)|(hours?|hrs?|h)|(minutes?|mins?|m)|(seconds?|secs?|s))"
_UNITS = ("ms", "w", "d", "h", "m", "s")
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*{_UNIT}(?![a-z])")
_SPAN = re.compile(rf"(?:{_PART.pattern}(?:\s*,?\s*(?:and\s+)?)?)+")
_ONE = re.compile(r"\b(?:an?|one)\b")
_CLOCK = re.compile(r"(?:(today|yesterday)(?:\s+at)?\s*)?(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")

Test = Callable[["Event"], bool]


def duration(text: str, option: str) -> int:
    """A length of time in milliseconds: ``90s``, ``5m``, ``1h30m``, ``2 hours``, ``1 day``.

    Raises:
        UsageProblem: it is none.
    """
    plain = text.strip().lower()
    if plain.isdecimal():
        return int(plain) * 1000
    found = _span(plain)
    if found is None:
        raise _bad(option, text, "a length of time is a number and s, m, h or d, such as 90s or 2h")
    return found


def _span(plain: str) -> int | None:
    """A length of time, perhaps with "ago" behind it, in milliseconds; ``None`` if it is none."""
    plain = _ONE.sub("1", plain.removesuffix("ago").strip())
    # Written in one word, as 1h30m, a number may follow a unit at once.
    plain = re.sub(r"(?<=[a-z])(?=\d)", " ", plain)
    if not _SPAN.fullmatch(plain):
        return None
    total = 0.0
    for number, *units in _PART.findall(plain):
        unit = next(name for name, found in zip(_UNITS, units, strict=True) if found)
        total += float(number) * _SECONDS[unit] * 1000
    return round(total)


def moment(text: str, option: str, now: float, *, local: bool) -> int:
    """A point in time, in milliseconds since 1970.

    Args:
        text: a length of time before now (``5m``, ``2 hours``, ``5 minutes ago``), a time of day
            (``10:00``: the last time it was that late; ``today``, ``yesterday``, ``yesterday
            10:00``), or a date and time (``2026-11-22T10:00``, with or without an offset; a date
            alone; seconds since 1970).
        option: where it was given, for the complaint.
        now: seconds since 1970.
        local: a time without an offset is this machine's, not UTC.

    Raises:
        UsageProblem: it is neither.
    """
    plain = text.strip().lower()
    if plain == "now":
        return int(now * 1000)
    if plain.isdecimal() and len(plain) >= 10:
        return int(plain) * (1000 if len(plain) < 13 else 1)
    span = _span(plain)
    if span is not None:
        return int(now * 1000) - span
    try:
        at = _time_of_day(plain, now, local=local) or datetime.fromisoformat(text.strip())
    except ValueError:
        why = "a time is 5m, 2 hours or 1d (ago), 10:00, yesterday, or a date such as 2026-11-22T10:00"
        raise _bad(option, text, why) from None
    if at.tzinfo is None:
        at = at.astimezone() if local else at.replace(tzinfo=UTC)
    return int(at.timestamp() * 1000)


def _time_of_day(plain: str, now: float, *, local: bool) -> datetime | None:
    """``10:00``, ``today``, ``yesterday 10:00``; ``None`` if it is none of these.

    Raises:
        ValueError: there is no such time.
    """
    match = _CLOCK.fullmatch(plain)
    if not plain or match is None:
        return None
    day, clock = match.groups()
    present = datetime.fromtimestamp(now, UTC)
    present = (present.astimezone() if local else present).replace(tzinfo=None)
    hours, _, rest = (clock or "0:00").partition(":")
    at = datetime.fromisoformat(f"{present:%Y-%m-%d}T{hours:0>2}:{rest}")
    if day == "yesterday" or (day is None and at > present):
        at -= timedelta(days=1)
    return at


def _bad(option: str, text: str, why: str) -> UsageProblem:
    return UsageProblem(f"{option} {text!r} cannot be used", why, f"Correct {option}.")


def selection(
    *,
    task: str | None,
    level: str | None,
    grep: str | None,
    hidden: Callable[[], None] | None = None,
) -> Select:
    """The conjunction of what the options ask for.

    Args:
        task: only this task's events.
        level: the lowest level wanted; events without a level stay.
        grep: a regular expression that the message matches.
        hidden: hide health checks that went well, and call this when the first is hidden.

    Raises:
        UsageProblem: ``grep`` is not a regular expression.
    """
    tests: list[Test] = []
    if task:
        tests.append(_of_task(task))
    if grep is not None:
        tests.append(_matching(grep))
    if level:
        tests.append(_at_least(pino.LEVELS[level]))
    health = HealthChecks(hidden) if hidden is not None else None

    def select(events: list[Event]) -> list[Event]:
        if health is not None:
            events = health.without(events)
        for test in tests:
            events = [event for event in events if test(event)]
        return events

    return select


def is_of_task(stream: str, task: str) -> bool:
    """Whether a stream belongs to a task, given by its id, the beginning of it, or its ARN."""
    return task_id(stream).lower().startswith(task_id(task).lower())


def _of_task(task: str) -> Test:
    return lambda event: is_of_task(event.get("logStreamName") or "", task)


def compiled(expression: str) -> re.Pattern[str]:
    """The expression of ``--grep``.

    Raises:
        UsageProblem: it is none.
    """
    try:
        return re.compile(expression)
    except re.error as error:
        raise UsageProblem(
            f"--grep {expression!r} cannot be used",
            f"it is not a regular expression: {error}",
            "Correct it, or give --filter for CloudWatch's own syntax.",
        ) from None


def _matching(expression: str) -> Test:
    search = compiled(expression).search
    return lambda event: search(event.get("message") or "") is not None


def _at_least(lowest: int) -> Test:
    def test(event: Event) -> bool:
        line = pino.parse(event.get("message") or "")
        level = pino.level_of(line) if line is not None else None
        # A line that states no level may be the crash itself.
        return level is None or level >= lowest

    return test


class HealthChecks:
    """Tells the lines of health checks that went well: two for each, several times a minute.

    Fastify writes one line when a request comes in, with its URL, and one when it is answered, with
    its status; they share a ``reqId``. What is not a success is kept.

    Args:
        hidden: called when the first line is hidden.
    """

    _COMES_IN = re.compile(r'"url":"/health(?:\?[^"]*)?"')
    _REQUEST = re.compile(r'"reqId":"([^"]{1,200})"')
    _FAILED = re.compile(r'"statusCode":[^23]|"level":(?:[456]0|"(?:warn|error|fatal))|"err"')
    # A proxy's or another server's access log.
    _ACCESS = re.compile(r'\bGET /health(?:\?\S*)?(?: HTTP/[\d.]+)?"? 2\d\d\b')
    _MOST = 5_000

    def __init__(self, hidden: Callable[[], None]) -> None:
        self._hidden = hidden
        self._said = False
        self._requests: dict[tuple[str, str], None] = {}

    def without(self, events: list[Event]) -> list[Event]:
        """The other events."""
        kept = [event for event in events if not self._is_one(event)]
        if len(kept) < len(events) and not self._said:
            self._said = True
            self._hidden()
        return kept

    def _is_one(self, event: Event) -> bool:
        message = event.get("message") or ""
        if "/health" not in message:
            return bool(self._requests) and self._is_answer(event, message)
        if not message.startswith("{"):
            return self._ACCESS.search(message) is not None
        if not self._COMES_IN.search(message) or self._FAILED.search(message):
            return False
        if request := self._REQUEST.search(message):
            self._remember(event, request[1])
        return True

    def _is_answer(self, event: Event, message: str) -> bool:
        if '"res"' not in message or self._FAILED.search(message):
            return False
        request = self._REQUEST.search(message)
        return request is not None and self._key(event, request[1]) in self._requests

    def _remember(self, event: Event, request: str) -> None:
        self._requests[self._key(event, request)] = None
        if len(self._requests) > self._MOST:
            del self._requests[next(iter(self._requests))]

    def _key(self, event: Event, request: str) -> tuple[str, str]:
        return event.get("logStreamName") or "", request


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
    health: bool = True
