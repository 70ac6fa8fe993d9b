"""Lines that a terminal or an editor broke because they were too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NARROWEST: Final = 40
"""No one wraps shorter than this; shorter lines are lines."""
_WIDEST: Final = 300
"""No terminal is wider than this."""


def cut_at_width(text: str) -> bool:
    """Whether lines were cut at one width, in the middle of words."""
    lengths = [len(line) for line in text.split("\n")]
    widest = max(lengths)
    full = sum(length == widest for length in lengths)
    return widest >= _NARROWEST and (full > 1 or lengths[0] == widest)


@dataclass(frozen=True, slots=True)
class Width:
    """The width that a text was broken at.

    Attributes:
        cut: where words were cut, because more lines than one end there; 0 where none do.
        wrapped: the longest line of several words, beyond which a next word had no room.
    """

    cut: int
    wrapped: int


def width_of(lines: Sequence[str]) -> Width:
    """The width that some lines were broken at."""
    lengths = [len(line) for line in lines]
    widest = max(lengths, default=0)
    cut = widest if _NARROWEST <= widest <= _WIDEST and lengths.count(widest) > 1 else 0
    several = [n for line, n in zip(lines, lengths, strict=True) if " " in line.strip()]
    return Width(cut, max(several, default=0))


def goes_on(line: str, following: str, width: Width) -> str | None:
    """How a line goes on in the next one: ``""`` cut in a word, ``" "`` between words; else None.

    A wrapped line is one whose next word had no room left in the width of the text.
    """
    if not following.strip():
        return None
    if width.cut and len(line) == width.cut:
        return ""
    if not _NARROWEST <= width.wrapped <= _WIDEST:
        return None
    widest = width.wrapped
    first_word = following.split(None, 1)[0]
    indent = len(following) - len(following.lstrip())
    own_indent = len(line) - len(line.lstrip())
    short = 5 * len(line) < 2 * widest or len(line.rstrip()) + 1 + len(first_word) <= widest
    return None if short or indent != own_indent else " "
