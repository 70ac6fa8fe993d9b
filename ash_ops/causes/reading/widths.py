"""Lines that a terminal or an editor broke because they were too long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from textwrap import dedent
from typing import Final

from msgspec import Struct

from ash_ops.causes.reading.wrappings import Line

_NARROWEST: Final = 40
"""No one wraps shorter than this; shorter lines are lines."""
_WIDEST: Final = 300
"""No terminal is wider than this."""


TERMINALS: Final = frozenset((80, 100, 120, 132, 140, 160, 180, 200))
"""Usual widths: one line that ends there was cut there."""


def rejoined(text: str) -> str:
    """A text on one line: lines that end where the text is cut go on in the word, others do not."""
    lines = text.split("\n")
    lengths = [len(line) for line in lines]
    widest = max(lengths)
    is_cut = widest >= _NARROWEST and (
        lengths.count(widest) > 1 or lengths[0] == widest or widest in TERMINALS
    )
    return "".join(line if is_cut and len(line) == widest else f"{line} " for line in lines)


_FULL: Final = 3
"""Lines of one length that no one wraps by words."""


def hard_joined(lines: Sequence[Line]) -> str:
    """The stretches that surely were cut at a width, put together again; the others are left out."""
    found: list[str] = []
    for filled, block in groupby(lines, key=lambda line: bool(line.text.strip())):
        texts = _without_indent([line.text for line in block]) if filled else [""]
        *full, last = texts
        alike = {len(text) for text in full}
        rows = len({text[:2] for text in texts}) < 2 or " | " in texts[0]
        cut = len(full) >= _FULL and len(alike) == 1 and min(alike) >= max(len(last), _NARROWEST)
        if cut and not rows:  # rows of a table begin with cells of their own
            found.append("".join(texts))
    return "\n".join(found)


def _without_indent(texts: list[str]) -> list[str]:
    """Lines without the indent that those after the first share."""
    first, *others = texts
    return [first.strip(), *dedent("\n".join(others)).split("\n")] if others else [first]


class Width(Struct, frozen=True):
    """The width that a text was broken at.

    Attributes:
        cut: where words were cut, because more lines than one end there; 0 where none do.
        wrapped: the longest line of several words, beyond which a next word had no room.
    """

    cut: int
    wrapped: int


def width_of(lines: Sequence[Line]) -> Width:
    """The width that some lines were broken at."""
    lengths = [len(line.text) + line.lost for line in lines]  # ``length``, of every log's lines
    widest = max(lengths, default=0)
    full = [line for line, length in zip(lines, lengths, strict=True) if length == widest]
    cut = widest if _NARROWEST <= widest <= _WIDEST and _are_cut(full, lines) else 0
    if any(map(_has_several, full)):
        return Width(cut, widest)
    several = [n for line, n in zip(lines, lengths, strict=True) if _has_several(line)]
    return Width(cut, max(several, default=0))


def _are_cut(full: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether the longest of some lines were cut at their width.

    A line that is repeated ends where it ends; different ones that end alike were cut. Entries of a
    log may happen to be as long as each other.
    """
    alike = {line.text for line in full}
    if len(alike) < 2:
        return False
    dated = sum(after.dated for line, after in pairwise(lines) if line.length == full[0].length)
    return dated * 2 <= len(alike)


def _has_several(line: Line) -> bool:
    """Whether a line has several words."""
    return " " in line.text and " " in line.text.strip()


def goes_on(before: Line, after: Line, width: Width) -> str | None:
    """How a line goes on in the next one: ``""`` cut in a word, ``" "`` between words; else None.

    A wrapped line is one whose next word had no room left in the width of the text.
    """
    line, following = before.text, after.text
    length, widest = len(line) + before.lost, width.wrapped
    if not following.strip():
        return None
    if width.cut and length == width.cut:
        return ""
    if not _NARROWEST <= widest <= _WIDEST or 5 * length < 2 * widest:
        return None
    if length + 1 + len(following.split(None, 1)[0]) <= widest:
        return None
    return " " if _indent(line) == _indent(following) else None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
