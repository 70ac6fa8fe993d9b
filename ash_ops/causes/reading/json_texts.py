"""JSON anywhere in a text: whole, several, behind a prompt, cut at its end, wrapped by a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from ash_ops.causes.reading.widths import rejoined
from ash_ops.patterns import regex

_MARK: Final = regex(r'["{}\[\]]')
_STRING_END: Final = regex(r'(?:[^"\\\n]|\\.){0,1000000}"')
_CLOSING: Final = {"{": "}", "[": "]"}
_MARKS: Final = 20_000
"""Brackets and quote marks of a broken text that are looked at; whole JSON is read without them."""
_SPANS: Final = 2_000
_DEEPEST: Final = 64
"""How deep brackets may be open; what is deeper is not JSON that anyone pastes."""
_LOOKS_LIKE: Final = regex(r'[{\[]\s{0,1000}["{\[\]}]')


class Part(Struct, frozen=True):
    """A stretch of a text: a JSON value, or what stands between two."""

    start: int
    end: int
    value: Any = None
    is_json: bool = False


_DECODE: Final = Decoder().decode


def value_of(text: str) -> Any:
    """What a text is as JSON; None if it is none."""
    try:
        return _DECODE(text)  # six times as fast; it refuses some of what Python reads
    except (MsgspecError, ValueError, RecursionError):
        pass
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def may_be_in(text: str) -> bool:
    """Whether a text may hold an object or a list; if not, it surely holds none."""
    return ("{" in text or "[" in text) and _LOOKS_LIKE.search(text) is not None


def parts(text: str) -> Iterator[Part]:
    """The text in order: its JSON objects and lists, and the stretches between them."""
    at = 0
    for whole in _whole(text):
        yield from _within(text, at, whole.start)
        yield whole
        at = whole.end
    yield from _within(text, at, len(text))


_TRIES: Final = 50
"""Brackets at which nothing could be read, after which no more is expected."""
_DECODER: Final = json.JSONDecoder()


def _whole(text: str) -> Iterator[Part]:
    """The JSON values that begin a line and are complete; not those within one that is not."""
    at = failures = 0
    broken = _DEEPEST
    while failures < _TRIES and (found := _BEGINNING.search(text, at)):
        start, indent = found.start(2), len(found.group(1))
        at = found.end()
        if indent > broken:
            continue
        try:
            value, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            failures += 1
            broken = indent
        else:
            broken = _DEEPEST
            yield Part(start, at, value, is_json=True)


_BEGINNING: Final = regex(
    r"""(?m)^([ \t]{0,200})(?:["']|[^\n{\["]{1,120})?([{\[])(?=\s{0,200}["{\[\]}])"""
)


def _within(text: str, first: int, last: int) -> Iterator[Part]:
    """The same of a stretch in which JSON stands behind other words, or is not whole."""
    if first >= last:
        return
    for part in _broken(text[first:last]):
        yield replace(part, start=part.start + first, end=part.end + first)


def _broken(text: str) -> Iterator[Part]:
    at, budget = 0, 4 * len(text) + 10_000
    for start, end in sorted(_spans(text), key=lambda span: (span[0], -span[1]))[:_SPANS]:
        if start < at or budget < 0 or not _LOOKS_LIKE.match(text, start, end):
            continue
        budget -= end - start
        value = _value(text[start:end])
        if value is None:
            continue
        if start > at:
            yield Part(at, start)
        yield Part(start, end, value, is_json=True)
        at = end
    if at < len(text):
        yield Part(at, len(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Each stretch from an opening bracket to the one that closes it, or to the end."""
    opened: list[int] = []
    for at, mark in _marks(text):
        if mark in _CLOSING:
            if len(opened) < _DEEPEST:
                opened.append(at)
        elif opened and _CLOSING[text[opened[-1]]] == mark:
            yield opened.pop(), at + 1
    yield from ((start, len(text)) for start in opened)


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """The brackets of a text that stand outside of strings."""
    position = seen = 0
    while seen < _MARKS and (found := _MARK.search(text, position)):
        mark, position = found.group(), found.end()
        seen += 1
        if mark != '"':
            yield found.start(), mark
        elif closing := _STRING_END.match(text, position):
            position = closing.end()


def _value(text: str) -> Any:
    """The object or list that a text is, or was before its end was cut; else None."""
    for candidate in _candidates(text):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict | list) else None
    return None


def _candidates(text: str) -> Iterator[str]:
    yield text
    joined = text
    if "\n" in text:  # within a string only a terminal puts a line's end
        joined = rejoined(text)
        yield joined
    closed = _closed(joined)
    if closed != joined:
        yield closed
        for mark in (",", "{", "["):
            at = joined.rfind(mark)
            if at > len(joined) // 2:
                yield _closed(joined[: at if mark == "," else at + 1])


def _closed(text: str) -> str:
    """A text with the string and the brackets closed that are open at its end."""
    opened: list[str] = []
    last = 0
    for at, mark in _marks(text):
        last = at
        if mark in _CLOSING:
            opened.append(_CLOSING[mark])
        elif opened and mark == opened[-1]:
            opened.pop()
    if not opened:
        return text
    tail = text[last:]
    in_string = len(re.findall(r'(?<!\\)"', tail)) % 2 == 1
    body = text.rstrip("\\") + '"' if in_string else text.rstrip(", \n\t")
    return body + "".join(reversed(opened))
