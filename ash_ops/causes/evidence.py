"""The texts of a message, in the order in which they count, from fields of any shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from ash_ops.causes.matching import lowered, plain

MOST: Final = 2_000
"""Items of a list that are looked at."""

LONGEST: Final = 4_000
"""Characters of a text that are compared together; a longer one is compared piece by piece."""
_OVERLAP: Final = 400

_NESTED: Final = 3
"""How deep texts are collected from nested values."""


class Piece(Struct, frozen=True):
    """One text of a message.

    Attributes:
        source: the field it comes from, as evidence names it.
        shown: the text on one line.
        folded: the text as terms are compared with it.
        raw: the text as it was given.
        parts: the fields it was put together from, each with its source; empty if it is one.
    """

    source: str
    shown: str
    folded: str
    raw: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def pieces(source: str, text: str) -> Iterator[Piece]:
    """A text with its source, in pieces that may be compared; each begins before the last ends."""
    for start in range(0, max(len(text), 1), LONGEST - _OVERLAP):
        part = text[start : start + LONGEST]
        if start == 0 or len(part) > _OVERLAP:
            shown = plain(part)
            yield Piece(source, shown, lowered(shown), part)


def lenient(value: object) -> Mapping[str, Any]:
    """The value as fields, with the first letter of each name in lower case."""
    if isinstance(value, str):
        return {"message": value}
    if not isinstance(value, Mapping):
        return {}
    return {_lower_first(str(name)): item for name, item in value.items()}


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def items(value: object) -> list[Mapping[str, Any]]:
    """The entries of a list of objects, whatever else is in it."""
    if isinstance(value, Mapping):
        return [lenient(value)]
    if not isinstance(value, list | tuple):
        return [lenient(value)] if isinstance(value, str) else []
    return [lenient(entry) for entry in value]


def text_of(value: object) -> str:
    """A value as text: as it is, or as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(type(value).__name__)


def log_lines(value: object) -> list[str]:
    """The lines of a log given as a list of lines or events, or as one text."""
    if isinstance(value, str | bytes):
        lines = text_of(value).splitlines()
    elif isinstance(value, list | tuple):
        lines = [_one_line(entry) for entry in value]
    else:
        lines = [] if value is None else [text_of(value)]
    return [line for line in lines if line.strip()]


def _one_line(entry: object) -> str:
    if isinstance(entry, Mapping):
        message = entry.get("message", entry.get("Message", entry.get("msg")))
        return text_of(entry if message is None else message)
    return text_of(entry)


def texts(value: object, source: str, depth: int = _NESTED) -> Iterator[tuple[str, str]]:
    """Every text within a value, with the path that leads to it."""
    if isinstance(value, str):
        yield source, value
    elif isinstance(value, Mapping) and depth:
        for name, entry in value.items():
            yield from texts(entry, f"{source}.{name}" if source else str(name), depth - 1)
    elif isinstance(value, list | tuple) and depth:
        for index, entry in enumerate(value[:MOST]):
            yield from texts(entry, f"{source}[{index}]", depth - 1)
