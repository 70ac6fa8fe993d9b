"""What a text must have for an expression to match it, so that most texts are never compared with the whole.

An expression of some hundred alternatives is tried with each of them at every character. To look for a
word of each alternative takes a fiftieth of that, and nothing large has to be compiled for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Final

from ash_ops.patterns import regex

_TOKEN: Final = regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
"""What an expression consists of: escaped characters, classes, counts, and single characters."""
_FEWEST: Final = 3
"""Letters of a word that is looked for; a shorter one stands in most texts."""


def may_match(source: str, text: str) -> bool:
    """Whether an expression can match a text; if not, it surely does not.

    A match is one of an alternative. One that has a word has it in each of its matches; those that
    have none are few, and are searched for as they are.
    """
    words, others = _taken_apart(source)
    return any(word in text for word in words) or bool(others and others.search(text))


def may_be_in(source: str, holds: Callable[[str], bool]) -> bool:
    """Whether an expression can match one of some texts: the same for its words alone.

    What has no word is not searched for, since it may ask for the beginning or the end of a text.

    Args:
        source: the expression.
        holds: whether one of the texts holds a word.
    """
    words, others = _taken_apart(source)
    return others is not None or any(map(holds, words))


@cache
def _taken_apart(source: str) -> tuple[tuple[str, ...], re.Pattern[str] | None]:
    """A word of each alternative, and those without one as an expression. Flags are not understood."""
    words: list[str] = []
    others: list[str] = []
    for parts in alternatives(source):
        found = _words_of(parts)
        words.extend(found)
        if not found:
            others.append("".join(parts))
    return tuple(dict.fromkeys(words)), re.compile("|".join(others)) if others else None


def _words_of(parts: Sequence[str]) -> tuple[str, ...]:
    """Words of which each match of an alternative has one, of its own or of a group; none, if none are known."""
    word = longest_word(parts)
    if len(word) >= _FEWEST:
        return (word,)
    for group in _groups(parts):
        found = [_words_of(each) for each in _parted(group)]
        if all(found):
            return tuple(chain(*found))
    return ()


def _groups(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """What stands in the brackets of an alternative, where a match surely has it."""
    depth = start = 0
    for at, part in enumerate(parts):
        if part == "(":
            depth += 1
            start = at if depth == 1 else start
        elif part == ")":
            depth -= 1
            after = parts[at + 1][0] if at + 1 < len(parts) else ""
            if depth == 0 and after not in tuple("?*{"):
                yield from _inner(parts[start + 1 : at])


def _inner(group: Sequence[str]) -> Iterator[Sequence[str]]:
    """A group's parts, unless it only looks ahead or behind."""
    if group[:2] == ["?", ":"]:
        yield group[2:]
    elif group[:1] != ["?"]:
        yield group


def alternatives(source: str) -> Iterator[list[str]]:
    """The alternatives of an expression, each in its parts."""
    return _parted(parts_of(source))


def _parted(parts: Iterable[str]) -> Iterator[list[str]]:
    depth, found = 0, list[str]()
    for part in parts:
        depth += (part == "(") - (part == ")")
        if part == "|" and depth == 0:
            yield found
            found = []
        else:
            found.append(part)
    yield found


def parts_of(source: str) -> list[str]:
    """What an expression consists of, in order."""
    return _TOKEN.findall(source)


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
