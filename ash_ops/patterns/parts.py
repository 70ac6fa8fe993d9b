"""The characters of which an expression consists, as far as they are known without comparing anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ash_ops.patterns import regex

_TOKEN: Final = regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
"""What an expression consists of: escaped characters, classes, counts, and single characters."""


def parts_of(source: str) -> list[str]:
    """What an expression consists of, in order."""
    return _TOKEN.findall(source)


def alternatives_of(source: str) -> Iterator[list[str]]:
    """The alternatives of an expression, each in its parts."""
    depth, found = 0, list[str]()
    for part in parts_of(source):
        depth += (part == "(") - (part == ")")
        if part == "|" and depth == 0:
            yield found
            found = []
        else:
            found.append(part)
    yield found


def longest_word(parts: Sequence[str]) -> str:
    """The longest run of characters that is in each match of an alternative; of groups nothing is known."""
    runs, run, depth = [""], "", 0
    for part in parts:
        depth += (part == "(") - (part == ")")
        letter = "" if depth or part == ")" else _letter(part)
        if letter:
            run += letter
            continue
        # The one before any of these may be left out; before "+" it stands at least once.
        runs.append(run[:-1] if part[0] in "?*{" else run)
        run = ""
    return max(*runs, run, key=len)


def beginning(parts: Sequence[str]) -> str:
    """The characters that each match of an alternative begins with."""
    begun = ""
    for part in parts:
        if part[0] in "?*{":
            return begun[:-1]  # the one before may be left out
        letter = "" if part in "()" else _letter(part)
        if not letter:
            return begun
        begun += letter
    return begun


def _letter(part: str) -> str:
    """The character that a part stands for; "" when it stands for several, or for none."""
    if len(part) == 1:
        return "" if part in ".^$?*+" else part
    return part[1] if part[0] == "\\" and not part[1].isalnum() else ""
