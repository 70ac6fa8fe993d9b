"""What was pasted, taken apart: messages with fields, and utterances of plain text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ash_ops import redact
from ash_ops.causes.calm import asserted
from ash_ops.causes.evidence import text_of
from ash_ops.causes.foreign import speaker
from ash_ops.causes.matching import folded
from ash_ops.causes.reading import json_texts, labelled, loggers, shapes
from ash_ops.causes.reading.decoding import decoded
from ash_ops.causes.reading.entries import LONGEST, Entry, entries, pieces
from ash_ops.causes.reading.links import unlinked
from ash_ops.causes.reading.passing import Passing, Telling
from ash_ops.causes.reading.sdk_errors import as_others_say
from ash_ops.causes.reading.shapes import Message
from ash_ops.causes.reading.wrappings import Line, unwrapped
from ash_ops.causes.reading.xml_errors import on_one_line
from ash_ops.causes.speech.frames import lists_messages
from ash_ops.patterns import regex

__all__ = ["LIMIT", "Entry", "Message", "Reading", "decoded", "read"]

LIMIT: Final = 32_000_000
"""Characters that are read; of a longer text the start and the end. What was not read is told."""


class Reading(Struct, frozen=True):
    """A pasted text as it is understood.

    Attributes:
        messages: what has fields: JSON documents and the like.
        entries: utterances of plain text, in order.
        unread: how many characters were not read, because the text is too long.
        passed: whether lines that tell nothing were passed over.
    """

    messages: tuple[Message, ...]
    entries: tuple[Entry, ...]
    unread: int = 0
    passed: bool = False


def read(text: str, telling: Telling | None = None) -> Reading:
    """Take a text apart. Everything in it ends up in a message or in an entry.

    Args:
        text: the text.
        telling: what says which lines may tell of something; of many that tell nothing some are passed over then.
    """
    seen, unread = _limited(text)
    seen = as_others_say(on_one_line(unlinked(_of_yaml(seen))))
    passing = Passing(telling) if telling else None
    collected = _Collected()
    lines = list(unwrapped(seen, passing.chosen if passing else None))
    for part in _parts(lines):
        collected.take(part)
    if passing and not passing.is_right(collected.entries):
        return read(text)
    passed = passing is not None and passing.passed
    return Reading(tuple(collected.messages), tuple(collected.entries), unread, passed)


def _of_yaml(text: str) -> str:
    """A text in which a quote mark is one again that YAML, and SQL, wrote twice within quotes."""
    return _DOUBLED.sub("'", text) if "''" in text else text


_DOUBLED: Final = regex(r"(?<=\w)''(?=\w)|(?<= )''(?=\w[^'\n]{0,80}'')|(?<=\w)''(?=[ ,.;:)])")


class _Collected:
    """What the parts of a text hold, in order."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.entries: list[Entry] = []

    def take(self, part: list[Line] | JsonValue) -> None:
        if isinstance(part, JsonValue):
            before, known = len(self.entries), len(self.messages)
            self._value(part.value, part.number, _DEEPEST)
            self._tell_whose(part.value, before, known)
        else:
            found = list(entries(part))
            self.entries.extend(found)
            told = [replace(m, labelled=True) for m in labelled.messages(found)]
            self.messages.extend(() if told and _of_another_platform(found) else told)

    def _tell_whose(self, value: Any, before: int, known: int) -> None:
        """Mark what a JSON document holds as another service's, when any of it says so."""
        if not isinstance(value, dict) or loggers.is_entry(value) or before == len(self.entries):
            return
        about = speaker(folded(text_of(value)[:LONGEST]))
        if about is not None:
            found = self.entries[before:]
            self.entries[before:] = [replace(entry, about=about) for entry in found]
            if about.platform:  # what looks like a task of ECS is that platform's own
                del self.messages[known:]

    def _value(self, value: Any, number: int, depth: int) -> None:
        """A JSON value: the shapes that are known, a log's entries, else the texts in it."""
        if isinstance(value, dict):
            self._object(value, number, depth)
        elif isinstance(value, list):
            for entry in value if depth else ():
                self._value(entry, number, depth - 1)
        elif isinstance(value, str):
            self._text(value, number, depth)

    def _object(self, value: dict[str, Any], number: int, depth: int) -> None:
        if isinstance(value.get("detail-type"), list):
            return  # a pattern of EventBridge: what a rule waits for
        if loggers.is_entry(value):
            page = loggers.page(value)
            if page and depth:
                self._text(page, number, depth - 1)
            else:
                self.entries.extend(loggers.entries(value, number))
        elif shapes.recognised(value):
            # Hidden in the text already; what is a secret by the name beside it is hidden here.
            self.messages.extend(shapes.messages(redact.document(value)))
        else:
            self._text(_told(value), number, depth)
            for name, inner in value.items() if depth else ():
                if name not in _SAMPLES and (isinstance(inner, dict | list) or _is_json(inner)):
                    self._value(inner, number, depth - 1)

    def _text(self, text: str, number: int, depth: int) -> None:
        """A text within JSON; it may be JSON, or lines, itself."""
        if depth and (text.lstrip()[:1] in ("{", "[") or "\n" in text):
            for part in _parts(list(unwrapped(text))):
                self.take(part)
        elif text.strip():
            self.entries.extend(Entry(piece, number) for piece in pieces(text))


def _told(value: dict[str, Any]) -> str:
    """What an object of no known shape says by itself: its message if a log was shipped in it, else all values."""
    if loggers.is_shipped(value):
        return loggers.shipped(value)
    if value.get("type") in _TYPES and "description" in value:
        return ""  # a schema
    named = (v for name, v in value.items() if name not in _SAMPLES)
    told = (v for v in named if isinstance(v, str | int) and v != "" and not _is_json(v))
    states = ((name, _state(value.get(name))) for name in _CHECKED)
    checked = (f"{name}: {state}" for name, state in states if state)
    return " | ".join((*map(str, told), *checked))


def _state(checked: object) -> str:
    """What a health answer says of one thing that it looked at: by itself, or as the status of an object."""
    told = checked.get("status") if isinstance(checked, dict) else checked
    return told if isinstance(told, str) else ""


_CHECKED: Final = ("database", "db", "postgres", "postgresql")
"""What a health answer looks at, whose state alone would not tell what is in it."""
_SAMPLES: Final = frozenset({"example", "examples", "sample"})
"""Names under which a description of an interface shows what an answer may be."""
_TYPES: Final = ("string", "object", "integer", "number", "boolean", "array")


def _of_another_platform(lines: list[Entry]) -> bool:
    """Whether fields stand among lines of a platform that is not ECS."""
    joined = " ".join(entry.text for entry in lines[:_FEW])
    service = speaker(folded(joined[:LONGEST]))
    return service is not None and service.platform


_FEW: Final = 40


class JsonValue(Struct, frozen=True, gc=False):
    """A JSON value that stood in a text, and the line where it began."""

    value: Any
    number: int


_DEEPEST: Final = 8
"""How deep values are looked for within values."""


def _limited(text: str) -> tuple[str, int]:
    if len(text) <= LIMIT:
        return text, 0
    half = LIMIT // 2
    return f"{text[:half]}\n\n{text[-half:]}", len(text) - LIMIT


def _parts(lines: list[Line]) -> Iterator[list[Line] | JsonValue]:
    """Stretches of lines, and the JSON values between them."""
    stretch: list[Line] = []
    for line in lines:
        value = _whole(line.text) if line.text[:1] == "{" else None
        if value is None:
            stretch.append(line)
            continue
        if stretch:
            yield from _within(stretch)
            stretch = []
        yield JsonValue(value, line.number)
    if stretch:
        yield from _within(stretch)


def _is_json(value: Any) -> bool:
    """Whether a value is a text that holds a JSON object, as SNS carries an alarm."""
    return isinstance(value, str) and _whole(value) is not None


def _whole(text: str) -> Any:
    """The object that a line is, as loggers write it; else None."""
    if text[:1] != "{" or not text.rstrip().endswith("}"):
        return None
    value = json_texts.value_of(text)
    return value if isinstance(value, dict) else None


def _within(lines: list[Line]) -> Iterator[list[Line] | JsonValue]:
    """The JSON values of a stretch of lines and what stands between them."""
    joined = "\n".join(line.text for line in lines)
    if not json_texts.may_be_in(joined):
        yield lines
        return
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    for part in json_texts.parts(joined):
        first = bisect_right(starts, part.start) - 1
        if part.is_json and _is_quoted(joined, part.start):
            continue
        if part.is_json:
            yield JsonValue(part.value, lines[first].number)
        else:
            yield list(_cut(joined[part.start : part.end], lines[first:]))


def _is_quoted(text: str, start: int) -> bool:
    """Whether a value stands on a line that only speaks of it: a test's name, a line of code."""
    before = folded(text[max(text.rfind("\n", 0, start) + 1, start - _FEW_CHARACTERS) : start])
    return bool(before) and (not asserted(before).strip() or lists_messages(before))


_FEW_CHARACTERS: Final = 200


def _cut(text: str, lines: list[Line]) -> Iterator[Line]:
    """The lines again, of which only a part is left."""
    for left, line in zip(text.split("\n"), lines, strict=False):
        yield replace(line, text=left)
