"""What a text holds, listed once: some hundred hints are then looked for in its few words, not in all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from string import ascii_letters, digits

from ash_ops.patterns import always_whole

_MANY = 3_000  # characters from which on listing the words is cheaper than looking for each hint
_LETTERS = always_whole(r"[A-Za-z]+")
_MARKS = always_whole(r"[^A-Za-z0-9]")


def _blanked_but(kept: str) -> bytes:
    """A table that makes each byte but some a blank, and each digit a nought."""
    return bytes(byte if chr(byte) in kept else 32 for byte in range(256)).translate(_NOUGHTS)


_NOUGHTS = bytes.maketrans(digits.encode(), b"0" * 10)
OF_NAMES = f"{ascii_letters}{digits}_.$-"
_OF_KEYS = _blanked_but(f"{ascii_letters}{digits}_+/=~.%-\n")
_OF_NAMES = _blanked_but(OF_NAMES + "".join(map(chr, range(0x80, 0x100))))
_OF_WORDS = _blanked_but(ascii_letters)
_OF_HEADS = _blanked_but(f"{ascii_letters}{digits}")
_SHORTEST = 11  # characters of a run in which a key may be


class Held:
    """A text, and what it holds.

    Attributes:
        text: the text.
        lower: the text in lower case.
        is_long: whether its words are listed.
        has: whether ``lower`` holds a hint.
        has_written: whether ``text`` holds a hint.
        may_have: whether ``lower`` may hold a hint; if not, it surely does not.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.is_long = len(text) > _MANY
        self._runs = self._taken_apart()
        if not self.is_long:
            self.has = self.may_have = self.lower.__contains__
            self.has_written = text.__contains__
            return
        words = self._words()
        lower = words.lower()
        self.has = partial(_holds, self.lower, lower)
        self.may_have = partial(_may_hold, self.lower, lower)
        self.has_written = partial(_holds, text, words)

    def _taken_apart(self) -> set[bytes]:
        """The runs of characters of which keys and names consist, each once, their digits made noughts."""
        text = _ascii(self.text).translate(_OF_KEYS)
        if self.is_long:  # most lines of a log differ in digits alone
            text = b"\n".join(set(text.split(b"\n")))
        return set(text.split())

    def _words(self) -> str:
        """What consists of letters alone, each once, a line each."""
        # Of what is no ASCII, the lower case may be.
        whole = () if self.text.isascii() else (_ascii(self.lower),)
        return _lines(set(b" ".join((*self._runs, *whole)).translate(_OF_WORDS).split()))

    def runs(self, least: int = _SHORTEST) -> str:
        """The runs of so many characters at least in which a key may be, each once, a line each; digits as noughts."""
        return _lines({run for run in self._runs if len(run) >= least})

    def has_runs(self) -> bool:
        """Whether it has any such run."""
        return any(len(run) >= _SHORTEST for run in self._runs)

    def names(self, parts: Iterable[str]) -> set[str]:
        """What consists of the characters of names and holds a part, digits as noughts; what is no ASCII may be of one."""
        if self.text.isascii() and "$" not in self.text:
            text = b" ".join(self._runs)
        else:
            text = self.text.encode("utf-8", "surrogatepass")
        text = b" %b " % text.translate(_OF_NAMES)
        found = {name for part in parts for name in _around(part.encode(), text)}
        return {name.decode("utf-8", "replace") for name in found}


def _around(part: bytes, text: bytes) -> Iterator[bytes]:
    """What stands between blanks and holds a part."""
    lower = text.lower()
    at = lower.find(part)
    while at >= 0:
        end = text.index(b" ", at)
        yield text[text.rindex(b" ", 0, at) + 1 : end]
        at = lower.find(part, end)


def _holds(text: str, words: str, hint: str) -> bool:
    return _may_hold(text, words, hint) and hint in text


def _may_hold(text: str, words: str, hint: str) -> bool:
    """Whether a text has the longest word of a hint, and all of its marks."""
    word, marks = _parts_of(hint)
    return word in words and all(mark in text for mark in marks)


@cache
def _parts_of(hint: str) -> tuple[str, frozenset[str]]:
    return max(_LETTERS.findall(hint), key=len, default=""), frozenset(_MARKS.findall(hint))


def heads(runs: str, first: int) -> set[bytes]:
    """How those of some runs begin that consist of letters and digits alone: so many characters, and one fewer."""
    found = {head[:first] for head in _ascii(runs).translate(_OF_HEADS).split()}
    return found | {head[: first - 1] for head in found}


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "replace")


def _lines(found: set[bytes]) -> str:
    return b"\n".join(found).decode("ascii")
