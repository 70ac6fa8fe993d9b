"""Comparing texts with the terms of signatures, in linear time whatever the texts are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from string import ascii_lowercase
from typing import Final

from ash_ops.causes.base import Signature
from ash_ops.causes.speech.given_names import without_given
from ash_ops.causes.speech.other_words import alike, readings, widened, widened_all
from ash_ops.patterns import regex
from ash_ops.patterns.needed import may_be_in

_SAME: Final = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u2013": "-",
        "\u2014": "-",
        "\\": " ",
        "\u2026": "...",
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "\u00ad": None,
        "`": "'",
    }
)
_CONTRACTIONS: Final = (
    ("can't", "cannot"),
    ("can not", "cannot"),
    ("couldn't", "could not"),
    ("didn't", "did not"),
    ("doesn't", "does not"),
    ("don't", "do not"),
    ("isn't", "is not"),
    ("wasn't", "was not"),
    ("won't", "will not"),
    ("haven't", "have not"),
    ("hasn't", "has not"),
    ("aren't", "are not"),
    ("weren't", "were not"),
    ("you've", "you have"),
    ("authoris", "authoriz"),
    ("stabilis", "stabiliz"),
    ("initialis", "initializ"),
    ("recognis", "recogniz"),
    ("serialis", "serializ"),
    ("cancelled", "canceled"),
)


def plain_all(texts: Sequence[str]) -> list[str]:
    """Many texts as ``plain`` makes one, in a few passes over all of them."""
    whole = "\n".join(text.replace("\n", " ") if "\n" in text else text for text in texts)
    if "\\" in whole:
        whole = whole.replace("\\n", " ").replace("\\t", " ").replace('\\"', '"')
    if whole.isascii():
        whole = whole.replace("\\", " ").replace("`", "'")
    else:
        whole = whole.translate(_SAME)
    if not whole.isascii() or any(blank in whole for blank in _ODD):
        whole = _BLANKS.sub(" ", whole)
    return [text.strip() for text in whole.split("\n")]


_BLANKS: Final = regex(r"[^\S\n]{2,}|[^\S\n ]")
_ODD: Final = ("  ", "\t", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f")
"""What the pattern finds in ASCII, looked for without it."""


def plain(text: str) -> str:
    """The text on one line, with the characters that vary between tools made equal."""
    shown = text
    if "\\" in shown:
        shown = shown.replace("\\n", " ").replace("\\t", " ").replace('\\"', '"')
    return " ".join(shown.translate(_SAME).split())


def folded(text: str) -> str:
    """What terms are compared with: plain, in lower case, contractions written out."""
    return lowered(plain(text))


def lowered(shown: str) -> str:
    """A plain text in lower case, its contractions written out, without what given names hold of a failure."""
    lower = shown.lower()
    if "out" in lower:
        for tense in ("times out", "timing out", "time out"):
            lower = lower.replace(tense, "timed out")
    if (
        "'" in lower
        or "cancelled" in lower
        or "ise" in lower
        or "isa" in lower
        or "isi" in lower
        or "can not" in lower
    ):
        for short, long in _CONTRACTIONS:
            lower = lower.replace(short, long)
    return without_given(lower)


def lowered_all(shown: Sequence[str]) -> list[str]:
    """Many plain texts, each as ``lowered`` makes it: none holds the end of a line."""
    return lowered("\n".join(shown)).split("\n")


_SHORT: Final = 3
"""Words up to this length occur within others by chance: "sso" in "association"."""

_WHOLE: Final = frozenset(
    re.findall(
        r"\w+",
        """eacces eperm enoent epipe enotfound enomem eexist erofs enospc enotdir eproto edquot
        eai_again eaddrinuse eaddrnotavail econnrefused econnreset econnaborted etimedout
        ehostunreach enetunreach redis ready never ended patching mount place port file eval""",
    )
)
"""Longer ones that do: "enotfound" in "ModuleNotFoundError", "eacces" in "CreateAccessKey"."""

_FIRST_WORD: Final = regex(r"[a-z_]{1,40}")


_NUMBER_FIRST: Final = regex(r"\d")
_NUMBER_LAST: Final = regex(r"(?:\d{3}|[a-z]\d{2})$")
"""Words that end as a number or a code of letters and figures does; "fs-0" is the beginning of one."""


@cache
def in_other_words(term: str) -> tuple[str, ...]:
    """The alternatives of a term, in other words too."""
    # No word of those that have others stands on both sides of a bar.
    return tuple(dict.fromkeys([*term.split("|"), *alike(term).split("|")]))


@cache
def _is_bounded(words: str) -> bool:
    """Whether words must stand by themselves."""
    number = _NUMBER_FIRST.match(words) or _NUMBER_LAST.search(words)
    return number is not None or _begins_a_word(words)


@cache
def _begins_a_word(words: str) -> bool:
    first = _FIRST_WORD.match(words)
    if first is None or words == "not":
        return False
    return len(first.group()) <= _SHORT or first.group() in _WHOLE


def _occurs(words: str, text: str, start: int) -> int:
    """Where words occur in a text from a place on, by themselves if they must; or -1."""
    at = text.find(words, start)
    while at >= 0 and _is_bounded(words) and not _stands_alone(words, text, at):
        at = text.find(words, at + 1)
    return at


def _stands_alone(words: str, text: str, at: int) -> bool:
    """Whether words begin and end at a place where no longer word and no longer number goes on."""
    before, after = text[at - 1 : at] if at else "", text[at + len(words) : at + len(words) + 1]
    if _NUMBER_FIRST.match(words):
        return not before.isalnum() and not _goes_on(words, after)
    return not (_begins_a_word(words) and before.isalpha()) and not _goes_on(words, after)


def _goes_on(words: str, after: str) -> bool:
    return after.isalnum() and _NUMBER_LAST.search(words) is not None


@cache
def _compiled(term: str) -> re.Pattern[str]:
    return regex(pattern_of(term))


def pattern_of(term: str) -> str:
    """The expression of a term that is one, in other words too."""
    pattern, other = readings(term[1:])
    return pattern if other == pattern else f"{pattern}|{other}"


def find(term: str, text: str) -> str | None:
    """The part of ``text`` (folded) that a term names, or None."""
    place = span(term, text)
    return text[place[0] : place[1]] if place else None


def span(term: str, text: str) -> tuple[int, int] | None:
    """Where in ``text`` (folded) a term is found first; None when it is not."""
    if term.startswith("~"):
        found = _compiled(term).search(text)
        return found.span() if found else None
    for words in in_other_words(term):
        at = _occurs(words, text, 0)
        if at >= 0:
            return at, at + len(words)
    return None


def fits(signature: Signature, text: str) -> bool:
    """Whether a signature fits one text (folded), in its words or in others that say the same."""
    text = widened(text)
    return all(span(term, text) for term in signature.all_of) and not any(
        span(term, text) for term in signature.none_of
    )


WORDS: Final = regex(r"[a-z_]{2,}")
_APART: Final = bytes(byte if chr(byte) in f"{ascii_lowercase}_\n" else 32 for byte in range(256))
"""Each byte that is of no word made a blank: lines of a log are alike then."""
_MANY: Final = 30_000
"""Characters from which on the words of a text are listed first, to pass over absent terms."""


def _vocabulary(text: str) -> str:
    """The words of a text as ``WORDS`` finds them, each once, on lines of their own."""
    lines = set(text.encode("ascii", "replace").translate(_APART).split(b"\n"))
    words = set(b"\n".join(lines).split())
    return b"\n".join((b"", *(word for word in words if len(word) > 1), b"")).decode()


@cache
def _words_of(alternative: str) -> tuple[str, ...]:
    """The words of an alternative, each beside the end of a line where it surely ends in a text, too."""
    found = [
        "\n" * (word.start() > 0) + word.group() + "\n" * (word.end() < len(alternative))
        for word in WORDS.finditer(alternative)
    ]
    return tuple(sorted(found, key=len, reverse=True))


GRAM: Final = 4
"""Letters of a word that are looked for first, in all such that a long text holds."""


def _grams(text: str) -> set[int]:
    """All stretches of so many letters, as numbers."""
    letters = memoryview(text.encode("ascii", "replace"))
    found: set[int] = set()
    for start in range(GRAM):
        end = start + (len(letters) - start) // GRAM * GRAM
        found.update(letters[start:end].cast("I") if end > start else ())
    return found


@cache
def _grams_of(alternative: str) -> frozenset[int]:
    """The grams of its words."""
    return frozenset(gram for word in _words_of(alternative) for gram in _grams(word))


ANY: Final = -1
"""What stands for letters of which every text is taken to hold some."""

Beginnings = Mapping[int, Sequence[int]]
"""The numbers of signatures by grams of which a text holds some if such a signature fits it."""


_FEW: Final = 64
"""Texts that are looked into one by one rather than all together."""


class Haystack:
    """Many short texts (folded), compared with many signatures at once, in other words too.

    Each alternative of a term is looked for once in all the texts together; where the texts are
    long, an alternative whose longest word none of them holds is not looked for at all. As they are,
    they are one text in which the end of a line is a blank.
    """

    def __init__(self, entries: Sequence[str], *, as_it_is: bool = False) -> None:
        self._text = "\n".join(entries)
        self._words = _vocabulary(self._text) if len(self._text) > _MANY else ""
        self._text = self._text.replace("\n", " ") if as_it_is else self._text
        self._entries = list(entries) if as_it_is else widened_all(entries, self._holds)
        said = [new for new, old in zip(self._entries, entries, strict=True) if new is not old]
        if said:
            self._text = "\n".join(self._entries)
            self._words += _vocabulary("\n".join(said)) if self._words else ""
        self._starts = list(accumulate((len(entry) + 1 for entry in self._entries), initial=0))
        self._grams = _grams(self._words or self._text)
        self._found: dict[str, frozenset[int]] = {}
        self._absent: dict[str, bool] = {}

    def _holds(self, words: str) -> bool:
        """Whether some text holds what is written so."""
        listed = _words_of(words) if self._words else ()
        return all(word in self._words for word in listed) and words in self._text

    def may_fit(self, listed: Beginnings) -> list[int]:
        """The numbers of the listed signatures that may fit a text, ascending; no other does."""
        begun = {ANY, *(self._grams & listed.keys())}
        return sorted({number for gram in begun for number in listed.get(gram, ())})

    def may_match(self, signature: Signature) -> bool:
        """Whether texts may hold all that a signature asks for, each somewhere."""
        return not any(map(self._is_absent, signature.all_of))

    def match(self, signature: Signature) -> frozenset[int]:
        """The numbers of the texts that a signature fits."""
        if any(self._is_absent(term) for term in signature.all_of):
            return frozenset()
        fits: frozenset[int] | None = None
        for term in signature.all_of:
            fits = self._holding(term, fits)
            if not fits:
                return frozenset()
        for term in signature.none_of:
            if fits and not self._is_absent(term):
                fits = fits - self._holding(term, fits)
        return fits or frozenset()

    def _is_absent(self, term: str) -> bool:
        """Whether no text holds a term, as far as that is quickly seen."""
        if term not in self._absent:
            self._absent[term] = (
                bool(self._words) and not may_be_in(_compiled(term).pattern, self._holds)
                if term.startswith("~")
                else not any(map(self._may_hold, in_other_words(term)))
            )
        return self._absent[term]

    def _may_hold(self, words: str) -> bool:
        if not self._words:
            return words in self._text
        listed = self._grams.issuperset(_grams_of(words))
        return listed and all(word in self._words for word in _words_of(words))

    def _holding(self, term: str, among: frozenset[int] | None) -> frozenset[int]:
        """The texts that hold a term, of all or of those that are left."""
        if term.startswith("~"):
            return self._holding_pattern(term, among)
        if among is not None and len(among) <= _FEW:
            return frozenset(n for n in among if span(term, self._entries[n]))
        if term not in self._found:
            self._found[term] = frozenset(self._places(term))
        return self._found[term] if among is None else self._found[term] & among

    def _holding_pattern(self, term: str, among: frozenset[int] | None) -> frozenset[int]:
        search = _compiled(term).search
        numbers = range(len(self._entries)) if among is None else among
        return frozenset(n for n in numbers if search(self._entries[n]))

    def how_often(self, term: str) -> int:
        """How often a term occurs, be it within other words."""
        return sum(map(self._text.count, filter(self._may_hold, in_other_words(term))))

    def places(self, term: str) -> Iterator[int]:
        """Where a term occurs."""
        for words in filter(self._may_hold, in_other_words(term)):
            at = _occurs(words, self._text, 0)
            while at >= 0:
                yield at
                at = _occurs(words, self._text, at + 1)

    def _places(self, term: str) -> Iterator[int]:
        for words in filter(self._may_hold, in_other_words(term)):
            yield from self._lines_of(words)

    def _lines_of(self, words: str) -> Iterator[int]:
        """Each text in which words occur, once."""
        at = _occurs(words, self._text, 0)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            at = _occurs(words, self._text, self._starts[number + 1] - 1)
