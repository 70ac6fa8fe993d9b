"""How events look: text for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ash_ops.logs import pino
from ash_ops.logs.shapes import Shapes

if TYPE_CHECKING:
    from ash_ops.aws.logs import Event

# 256-colour numbers that are told apart on dark and on light ground.
_TASK_COLOURS = (33, 37, 64, 71, 97, 132, 136, 166, 173, 67, 101, 139)
_LEVEL_COLOURS = {10: "2", 20: "2", 40: "33", 50: "31", 60: "1;31"}
_PLAIN = "\x1b[0m"
_SHORT_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the options say about the look.

    Attributes:
        json: one JSON object a line instead of text.
        local: times in this machine's zone; JSON stays in UTC.
        raw: messages as they are: not parsed.
        colour: whether to colour.
        narrow: where a line has little room: the time of day without its day, which is told apart.
        found: what to highlight in the lines; only with ``colour``.
    """

    json: bool = False
    local: bool = False
    raw: bool = False
    colour: bool = False
    narrow: bool = False
    found: re.Pattern[str] | None = None


# The fractions of a second, as a time stamp ends with them.
_MILLIS = tuple(f".{number:03d}" for number in range(1000))


class Stamps:
    """Milliseconds since 1970 as RFC 3339 text; the second's part is computed once a second.

    Args:
        local: in this machine's time zone instead of UTC.
    """

    def __init__(self, *, local: bool) -> None:
        self._local = local
        self._second = -1
        self._parts = ("", "")

    def text(self, at: int) -> str:
        """For instance ``2026-11-22T10:00:00.123Z``."""
        second, millis = divmod(at, 1000)
        head, tail = self.around(second)
        return f"{head}{_MILLIS[millis]}{tail}"

    def around(self, second: int) -> tuple[str, str]:
        """What stands before and behind the fraction of a second."""
        if second != self._second:
            self._second, self._parts = second, self._render(second)
        return self._parts

    def _render(self, second: int) -> tuple[str, str]:
        try:
            when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
        except OverflowError:
            when = datetime.max.replace(tzinfo=UTC)
        if not self._local:
            return when.strftime("%Y-%m-%dT%H:%M:%S"), "Z"
        text = when.astimezone().isoformat(timespec="seconds")
        return text[:19], text[19:]


class Renderer:
    """Turns pages of events into text, a page at a time.

    Args:
        look: what the options say.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._stamps = Stamps(local=look.local and not look.json)
        self._ingested = Stamps(local=False)
        self._tasks: dict[str, str] = {}
        self._sources: dict[str, str] = {}
        self._levels: dict[int | None, str] = {}
        self._colours: dict[str, int] = {}
        self._shapes = Shapes(self._pino_body, self._level)

    def page(self, events: list[Event]) -> str:
        """The lines of some events, each with its line end."""
        return "".join(self.lines(events, [event.get("message") or "" for event in events]))

    def lines(self, events: list[Event], messages: list[str]) -> list[str]:
        """A line for each event, with its line end.

        Args:
            events: what to show.
            messages: the message of each.
        """
        if self._look.json:
            return list(map(self._json_line, events, messages))
        lines: list[str] = []
        second, stream, head, tail, task = -1, None, "", "", ""
        # All in one: in a long dump each call of a function is felt.
        for event, text in zip(events, self._shown(messages), strict=True):
            at, of = divmod(event["timestamp"], 1000), event.get("logStreamName") or ""
            if at[0] != second:
                second = at[0]
                head, tail = self._time_around(second)
            if of != stream:
                stream, task = of, self._task(of)
            lines.append(f"{head}{_MILLIS[at[1]]}{tail} {task} {text}\n")
        return lines

    def days(self, events: list[Event]) -> list[str] | None:
        """The day of each event, where its line does not say it."""
        if not self._look.narrow or self._look.json:
            return None
        zone = "" if self._look.local else " UTC"
        return [
            f"{self._stamps.around(event['timestamp'] // 1000)[0][:10]}{zone}" for event in events
        ]

    def _time_around(self, second: int) -> tuple[str, str]:
        head, tail = self._stamps.around(second)
        return (head[11:], "") if self._look.narrow else (head, tail)

    def _shown(self, messages: list[str]) -> list[str]:
        """What is shown of each message."""
        if self._look.raw:
            return [message.rstrip("\n") for message in messages]
        known = self._shapes.show
        shown = [known(message) or self._text_body(message) for message in messages]
        if self._look.found is not None and self._look.colour:
            shown = [_highlight(self._look.found, text) for text in shown]
        return shown

    def _json_line(self, event: Event, message: str) -> str:
        at = event.get("ingestionTime")
        ingested = "null" if at is None else f'"{self._ingested.text(at)}"'
        # Put together by hand: a JSON encoder takes five times as long for the same text.
        return (
            f'{{"timestamp":"{self._stamps.text(event["timestamp"])}","ingested":{ingested},'
            f"{self._source(event.get('logStreamName') or '')},"
            f'"event_id":{_json(event.get("eventId"))},"message":{_json(message)}}}\n'
        )

    def _source(self, stream: str) -> str:
        known = self._sources.get(stream)
        if known is None:
            known = f'"task":{_json(task_id(stream))},"stream":{_json(stream)}'
            self._sources[stream] = known
        return known

    def _text_body(self, message: str) -> str:
        return message if message.isprintable() else _indented(message)

    def _pino_body(self, line: dict[str, Any]) -> str:
        body, stack = pino.body(line)
        if not body.isprintable():
            body = _indented(body)
        if stack:
            body = f"{body}\n    {_indented(stack)}"
        return f"{self._level(pino.level_of(line))} {body}"

    def _level(self, number: int | None) -> str:
        known = self._levels.get(number)
        if known is None:
            known = pino.level_name(number).upper().ljust(5)
            if self._look.colour and number is not None and number in _LEVEL_COLOURS:
                known = f"\x1b[{_LEVEL_COLOURS[number]}m{known}{_PLAIN}"
            self._levels[number] = known
        return known

    def _task(self, stream: str) -> str:
        known = self._tasks.get(stream)
        if known is None:
            known = self._tasks[stream] = self._paint(short_id(task_id(stream)))
        return known

    def _paint(self, task: str) -> str:
        """A task's short id: in the same colour in every run, unless another task has that one."""
        if not self._look.colour:
            return task
        colour = self._colours.get(task)
        if colour is None:
            taken, first = set(self._colours.values()), task_colour(task)
            others = [(first + n) % len(_TASK_COLOURS) for n in range(len(_TASK_COLOURS))]
            colour = self._colours[task] = next((c for c in others if c not in taken), first)
        return f"\x1b[38;5;{_TASK_COLOURS[colour]}m{task}\x1b[0m"


def _highlight(found: re.Pattern[str], text: str) -> str:
    """A line with what was looked for set off; its level may be painted, and stays as it is."""
    painted = text.find(_PLAIN) + len(_PLAIN) if text.startswith("\x1b") else 0
    return text[:painted] + found.sub(_highlighted, text[painted:])


def _highlighted(match: re.Match[str]) -> str:
    return f"\x1b[1;7m{match[0]}\x1b[27;22m" if match[0] else ""


# What JSONEncoder.encode calls for a string, after looking whether it is one.
_quoted = json.encoder.encode_basestring
_quoted_in_ascii = json.encoder.encode_basestring_ascii


def _json(value: object) -> str:
    """A value as a JSON text; one with characters that nobody sees is written out, as JSON may."""
    if value is None:
        return "null"
    text = str(value)
    seen = text.isprintable() or text.replace("\n", "").isprintable()
    return _quoted(text) if seen else _quoted_in_ascii(text)


def task_id(stream: str) -> str:
    """The task of a stream: ECS's log driver names streams ``prefix/container/task``."""
    return stream.rpartition("/")[2]


def short_id(task: str) -> str:
    """As many characters of a task's id as tell tasks apart."""
    return task[:_SHORT_ID]


def task_colour(task: str) -> int:
    """The number of a task's colour."""
    # Not hash(): that differs from run to run.
    return sum(map(ord, task)) % len(_TASK_COLOURS)


def _indented(text: str) -> str:
    return text.strip("\n").replace("\n", "\n    ")
