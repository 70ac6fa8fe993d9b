"""Lines that a terminal or an editor broke because they were too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_NARROWEST: Final = 40
"""No one wraps shorter than this; shorter lines are lines."""


def cut_at_width(text: str) -> bool:
    """Whether lines were cut at one width, in the middle of words."""
    lengths = [len(line) for line in text.split("\n")]
    widest = max(lengths)
    full = sum(length == widest for length in lengths)
    return widest >= _NARROWEST and (full > 1 or lengths[0] == widest)


def goes_on(lines: Sequence[str], index: int, widest: int) -> str | None:
    """How a line goes on in the next one: ``""`` cut in a word, ``" "`` between words; else None.

    A wrapped line is one whose next word had no room left in the width of the text.
    """
    line, following = lines[index], lines[index + 1]
    if widest < _NARROWEST or not following.strip():
        return None
    if len(line) == widest and not following[:1].isspace() and not line[-1:].isspace():
        return ""
    first_word = following.split(None, 1)[0]
    indent = len(following) - len(following.lstrip())
    own_indent = len(line) - len(line.lstrip())
    short = 5 * len(line) < 2 * widest or len(line.rstrip()) + 1 + len(first_word) <= widest
    return None if short or indent != own_indent else " "
