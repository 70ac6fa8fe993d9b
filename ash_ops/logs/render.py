"""How events look: text for people, one JSON object a line for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ash_ops.logs import pino
from ash_ops.logs.times import Stamps

if TYPE_CHECKING:
    from ash_ops.aws.logs import Event

# 256-colour numbers that are told apart on dark and on light ground.
_TASK_COLOURS = (33, 37, 64, 71, 97, 132, 136, 166, 173, 67, 101, 139)
_LEVEL_COLOURS = {10: "2", 20: "2", 40: "33", 50: "31", 60: "1;31"}
_SHORT_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the options say about the look.

    Attributes:
        json: one JSON object a line instead of text.
        local: times in this machine's zone; JSON stays in UTC.
        raw: messages as they are: not parsed.
        colour: whether to colour.
    """

    json: bool = False
    local: bool = False
    raw: bool = False
    colour: bool = False


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

    def page(self, events: list[Event]) -> str:
        """The lines of some events, each with its line end."""
        shown = self._shown([event.get("message") or "" for event in events])
        if self._look.json:
            return "".join(map(self._json_line, events, shown))
        # Not a function a line: in a long dump each one is felt.
        stamp, task = self._stamps.text, self._task
        return "".join(
            [
                f"{stamp(e['timestamp'])} {task(e)} {text}\n"
                for e, text in zip(events, shown, strict=True)
            ]
        )

    def _shown(self, messages: list[str]) -> list[str]:
        """What is shown of each message."""
        if self._look.json:
            return messages
        if self._look.raw:
            return [message.rstrip("\n") for message in messages]
        return [self._text_body(message) for message in messages]

    def _json_line(self, event: Event, message: str) -> str:
        at = event.get("ingestionTime")
        ingested = "null" if at is None else f'"{self._ingested.text(at)}"'
        # Put together by hand: a JSON encoder takes five times as long for the same text.
        return (
            f'{{"timestamp":"{self._stamps.text(event["timestamp"])}","ingested":{ingested},'
            f"{self._source(event.get('logStreamName') or '')},"
            f'"event_id":{_json(event.get("eventId"))},"message":{_quoted(message)}}}\n'
        )

    def _source(self, stream: str) -> str:
        known = self._sources.get(stream)
        if known is None:
            known = f'"task":{_quoted(task_id(stream))},"stream":{_quoted(stream)}'
            self._sources[stream] = known
        return known

    def _text_body(self, message: str) -> str:
        line = pino.parse(message)
        if line is not None:
            return self._pino_body(line)
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
                known = f"\x1b[{_LEVEL_COLOURS[number]}m{known}\x1b[0m"
            self._levels[number] = known
        return known

    def _task(self, event: Event) -> str:
        stream = event.get("logStreamName") or ""
        known = self._tasks.get(stream)
        if known is None:
            known = self._tasks[stream] = self._paint(short_id(task_id(stream)))
        return known

    def _paint(self, task: str) -> str:
        return paint_task(task) if self._look.colour else task


# What JSONEncoder.encode calls for a string, after looking whether it is one.
_quoted = json.encoder.encode_basestring


def _json(value: object) -> str:
    return "null" if value is None else _quoted(str(value))


def task_id(stream: str) -> str:
    """The task of a stream: ECS's log driver names streams ``prefix/container/task``."""
    return stream.rpartition("/")[2]


def short_id(task: str) -> str:
    """As many characters of a task's id as tell tasks apart."""
    return task[:_SHORT_ID]


def paint_task(task: str) -> str:
    """A task's short id in its colour: the same colour in every run."""
    # Not hash(): that differs from run to run.
    number = _TASK_COLOURS[sum(map(ord, task)) % len(_TASK_COLOURS)]
    return f"\x1b[38;5;{number}m{task}\x1b[0m"


def _indented(text: str) -> str:
    return text.strip("\n").replace("\n", "\n    ")
