"""What a text must have for an expression to match it, so that most texts are never compared with the whole.

An expression of some hundred alternatives is tried with each of them at every character. To look for the
words of each alternative takes a fiftieth of that, and nothing large has to be compiled for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final
from zlib import crc32

from msgspec import Raw, Struct, json

_HIDDEN: Final = "\0"
"""What stands for a character of which nothing is known, so that all others keep their places."""
_GROUP_OF_WORDS: Final = "\1"
"""The same where a group begins of which each match holds one of some words."""
_ESCAPED: Final = "\2"
"""The same before a character that was escaped, and how far that one is moved, so that it means nothing either."""
_MOVED: Final = 0xE000
_ASCII: Final = "\x7f"
_ATOM: Final = re.compile(
    r"\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}", re.DOTALL
)
"""Escaped characters, classes and counts: brackets and bars in them mean nothing."""
_GROUP: Final = re.compile(r"\((\?(?:P<\w+>|<?[=!]|>|[a-zA-Z-]*:)|)([^()]*)\)([?*{]?)")
"""A group without another one in it: how it begins, what is in it, and what may make it empty."""
_HOLDS: Final = ("", "?:", "?=", "?<=", "?>")
"""The beginnings of groups whose matches stand in the text, beside those of groups with a name."""
_RUN: Final = re.compile(
    f"([^{_HIDDEN}{_GROUP_OF_WORDS}.^$?*+{{}}()|]+)([?*{{]?)|{_GROUP_OF_WORDS}"
)
_FEWEST: Final = 3
"""Letters of a word that is looked for; a shorter one stands in most texts."""
_SELDOM: Final = re.compile(r"[^\w\s.,:;'\"/-]")
"""A character that does not: what has one is looked for, however short."""
_MOST: Final = 100
"""Words of which one is looked for."""
_SEVERAL: Final = 3
"""What of that which an alternative needs is looked for: one word stands there by chance now and then."""

FILE: Final = Path(__file__).with_name("words.json")


class Alternative(Struct, frozen=True, array_like=True):
    """One alternative of an expression.

    Attributes:
        start: where it begins in the expression.
        end: where it ends.
        needs: each text that it matches holds a word of each of these; empty when nothing is known of it.
    """

    start: int
    end: int
    needs: tuple[tuple[str, ...], ...]

    def may_match(self, holds: Callable[[str], bool]) -> bool:
        """Whether it can match one of some texts; ``holds`` says whether these hold a word."""
        return all(any(map(holds, words)) for words in self.needs)


class Known(Struct, frozen=True, array_like=True):
    """What is known of an expression.

    Attributes:
        numbers_groups: whether it has groups that tell what they found: their numbers are those within the whole.
        alternatives: its alternatives, in order.
    """

    numbers_groups: bool
    alternatives: tuple[Alternative, ...]


def may_be_in(source: str, holds: Callable[[str], bool]) -> bool:
    """Whether an expression can match one of some texts; if not, it surely does not.

    Args:
        source: the expression.
        holds: whether one of the texts holds a word.
    """
    return any(one.may_match(holds) for one in known(source).alternatives)


@cache
def known(source: str) -> Known:
    """What is known of an expression. Flags are not understood."""
    listed = _listed().get(key(source))
    return read(source) if listed is None else _DECODER.decode(listed)


_DECODER: Final = json.Decoder(Known)


def key(source: str) -> str:
    """The name of an expression in the list."""
    return f"{crc32(source.encode()):08x}-{len(source)}"


@cache
def _listed() -> dict[str, Raw]:
    """What ``make generate`` has read of the expressions that are declared: to read a hundred takes 20 ms of CPU."""
    return json.decode(FILE.read_bytes(), type=dict[str, Raw])


def read(source: str) -> Known:
    """Whether an expression numbers groups, and its alternatives: read from the expression itself."""
    masked = _ATOM.sub(_masked, source)
    return Known(
        _NUMBERED.search(masked) is not None, tuple(_Reader().alternatives(source, masked))
    )


_NUMBERED: Final = re.compile(r"\((?!\?)|\(\?(?:P|\()")


class _Reader:
    """Reads one expression from its innermost groups outwards."""

    def __init__(self) -> None:
        self._groups: dict[int, frozenset[str]] = {}

    def alternatives(self, source: str, masked: str) -> Iterator[Alternative]:
        left = 1
        while left:
            masked, left = _GROUP.subn(self._group, masked)
        if "(" in masked or ")" in masked:  # a group that was not understood
            yield Alternative(0, len(source), ())
            return
        at = 0
        for part in masked.split("|"):
            needs = self._needs(part, at)[:_SEVERAL]
            end = at + len(part)
            yield Alternative(at, end, tuple(tuple(sorted(n)) for n in needs))
            at = end + 1

    def _group(self, found: re.Match[str]) -> str:
        """What stands for a group: as many characters as it has."""
        begins, within, optional = found.groups()
        holds = begins in _HOLDS or begins.startswith("?P<")
        # One that begins otherwise, as ``(?P=name)`` and ``(?i)`` do, holds no words of its own.
        if holds and not optional and not within.startswith("?"):
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
        return next(iter(self._needs(part, at)), frozenset())

    def _needs(self, part: str, at: int) -> list[frozenset[str]]:
        """What each match of an alternative holds some of, what tells most first."""
        found: list[frozenset[str]] = []
        for run in _RUN.finditer(part):
            # The one before any of these may be left out; before "+" it stands at least once.
            words = (
                self._groups[at + run.start()]
                if run[1] is None
                else frozenset({_written(run[1][:-1] if run[2] else run[1])})
            )
            if min(map(_length, words)):
                found.append(words)
        return sorted(found, key=lambda words: (-min(map(_length, words)), len(words)))


def _length(word: str) -> int:
    """How much it tells that a text has a word: its letters, if they are enough."""
    if len(word) >= _FEWEST:
        return len(word)
    return 1 if _SELDOM.search(word) else 0


def _written(run: str) -> str:
    """A run of characters as it stands in a text."""
    moved = map(ord, run.replace(_ESCAPED, ""))
    return "".join(
        chr(code - _MOVED if 0 <= code - _MOVED < ord(_ASCII) else code) for code in moved
    )


def _masked(atom: re.Match[str]) -> str:
    """What stands for an escaped character, a class or a count; that there is a count is still seen."""
    if atom[0][0] == "\\" and atom[0][1] < _ASCII and not atom[0][1].isalnum():
        return _ESCAPED + chr(_MOVED + ord(atom[0][1]))
    kept = "{" if atom[0].startswith("{") else _HIDDEN
    return kept + _HIDDEN * (len(atom[0]) - 1)
