"""What a text must have for an expression to match it, so that most texts are never compared with the whole.

An expression of some hundred alternatives is tried with each of them at every character. To look for the
words of each alternative takes a fiftieth of that, and nothing large has to be compiled for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

from msgspec import json

_HIDDEN: Final = "\0"
"""What stands for a character of which nothing is known, so that all others keep their places."""
_GROUP_OF_WORDS: Final = "\1"
"""The same where a group begins of which each match holds one of some words."""
_ATOM: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}", re.DOTALL)
"""Escaped characters, classes and counts: brackets and bars in them mean nothing."""
_GROUP: Final = re.compile(r"\((\?(?:P<\w+>|<?[=!]|[^()]*?[:)]|>)|)([^()]*)\)([?*{]?)")
"""A group without another one in it: how it begins, what is in it, and what may make it empty."""
_HOLDS: Final = ("", "?:", "?=", "?<=", "?>")
"""The beginnings of groups whose matches stand in the text, beside those of groups with a name."""
_RUN: Final = re.compile(f"([^{_HIDDEN}{_GROUP_OF_WORDS}.^$?*+{{}}|]+)([?*{{]?)|{_GROUP_OF_WORDS}")
_FEWEST: Final = 3
"""Letters of a word that is looked for; a shorter one stands in most texts."""
_MOST: Final = 64
"""frozenset[str] of which one is looked for."""

FILE: Final = Path(__file__).with_name("words.json")


class Alternative(NamedTuple):
    """One alternative of an expression.

    Attributes:
        source: the alternative itself.
        words: each text that it matches holds one of these; none when nothing is known of it.
    """

    source: str
    words: tuple[str, ...]

    def may_match(self, holds: Callable[[str], bool]) -> bool:
        """Whether it can match one of some texts; ``holds`` says whether these hold a word."""
        return not self.words or any(map(holds, self.words))


def may_match(source: str, text: str) -> bool:
    """Whether an expression can match a text; if not, it surely does not.

    Alternatives that have no word are few, and are searched for as they are.
    """
    known, others = _taken_apart(source)
    return any(one.may_match(text.__contains__) for one in known) or bool(
        others and others.search(text)
    )


def may_be_in(source: str, holds: Callable[[str], bool]) -> bool:
    """Whether an expression can match one of some texts: the same for its words alone.

    What has no word is not searched for, since it may ask for the beginning or the end of a text.

    Args:
        source: the expression.
        holds: whether one of the texts holds a word.
    """
    return any(one.may_match(holds) for one in alternatives(source))


@cache
def _taken_apart(source: str) -> tuple[tuple[Alternative, ...], re.Pattern[str] | None]:
    """The alternatives that have words, and those without one as an expression."""
    every = alternatives(source)
    known = tuple(one for one in every if one.words)
    others = "|".join(one.source for one in every if not one.words)
    return known, re.compile(others) if others else None


@cache
def alternatives(source: str) -> tuple[Alternative, ...]:
    """The alternatives of an expression. Flags are not understood."""
    listed = _listed().get(key(source))
    if listed is None:
        return read(source)
    found, at = list[Alternative](), 0
    for length, words in listed:
        found.append(Alternative(source[at : at + length], words))
        at += length + 1
    return tuple(found)


def key(source: str) -> str:
    """The name of an expression in the list."""
    return f"{crc32(source.encode()):08x}-{len(source)}"


@cache
def _listed() -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """What ``make generate`` has read of the expressions that are declared: to read a hundred takes 20 ms of CPU."""
    return json.decode(FILE.read_bytes(), type=dict[str, list[tuple[int, tuple[str, ...]]]])


def read(source: str) -> tuple[Alternative, ...]:
    """The same, read from the expression itself."""
    return tuple(_Reader().alternatives(source))


@cache
def numbers_groups(source: str) -> bool:
    """Whether an expression has groups that tell what they found: their numbers are those within the whole."""
    return _NUMBERED.search(_ATOM.sub(_masked, source)) is not None


_NUMBERED: Final = re.compile(r"\((?!\?)|\(\?(?:P|\()")


class _Reader:
    """Reads one expression from its innermost groups outwards."""

    def __init__(self) -> None:
        self._groups: dict[int, frozenset[str]] = {}

    def alternatives(self, source: str) -> Iterator[Alternative]:
        masked, left = _ATOM.sub(_masked, source), 1
        while left:
            masked, left = _GROUP.subn(self._group, masked)
        at = 0
        for part in masked.split("|"):
            yield Alternative(source[at : at + len(part)], tuple(sorted(self._words(part, at))))
            at += len(part) + 1

    def _group(self, found: re.Match[str]) -> str:
        """What stands for a group: as many characters as it has."""
        begins, within, optional = found.groups()
        if not optional and (begins in _HOLDS or begins.startswith("?P<")):
            words = self._of_any(within, found.start(2))
            if words:
                self._groups[found.start()] = words
                return _GROUP_OF_WORDS + _HIDDEN * (len(found[0]) - 1)
        return _HIDDEN * (len(found[0]) - len(optional)) + optional

    def _of_any(self, within: str, at: int) -> frozenset[str]:
        """One of these is in each match of a group; none when one of its alternatives has no word."""
        every: set[str] = set()
        for part in within.split("|"):
            words = self._words(part, at)
            if not words:
                return frozenset()
            every |= words
            at += len(part) + 1
        return frozenset(every) if len(every) <= _MOST else frozenset()

    def _words(self, part: str, at: int) -> frozenset[str]:
        """The longest of what each match of an alternative holds, and of several the fewest."""
        best: frozenset[str] = frozenset()
        size = (_FEWEST - 1, 0)
        for run in _RUN.finditer(part):
            # The one before any of these may be left out; before "+" it stands at least once.
            words = (
                self._groups[at + run.start()]
                if run[1] is None
                else frozenset({run[1][:-1] if run[2] else run[1]})
            )
            found = (min(map(len, words)), -len(words))
            if found > size:
                best, size = words, found
        return best


def _masked(atom: re.Match[str]) -> str:
    """What stands for an escaped character, a class or a count; that there is a count is still seen."""
    kept = "{" if atom[0].startswith("{") else _HIDDEN
    return kept + _HIDDEN * (len(atom[0]) - 1)
