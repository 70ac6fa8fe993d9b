"""Comparing text with the terms of a signature, in linear time whatever the text is."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ash_ops.causes.base import Signature

HEAD: Final = 3_000
"""Characters looked at from the start of a text that is longer than both windows."""
TAIL: Final = 3_000
"""Characters looked at from its end: the last words of a crash are there."""

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
    ("unauthorised", "unauthorized"),
    ("authorised", "authorized"),
    ("stabilise", "stabilize"),
    ("initialisation", "initialization"),
    ("initialise", "initialize"),
    ("cancelled", "canceled"),
)


def window(text: str) -> str:
    """The part of a text that is looked at: its start and its end."""
    if len(text) <= HEAD + TAIL:
        return text
    return f"{text[:HEAD]} ... {text[-TAIL:]}"


def plain(text: str) -> str:
    """The text on one line, with the characters that vary between tools made equal."""
    shown = window(text)
    if "\\" in shown:
        shown = shown.replace("\\n", " ").replace("\\t", " ").replace('\\"', '"')
    return " ".join(shown.translate(_SAME).split())


def folded(text: str) -> str:
    """What terms are compared with: plain, in lower case, contractions written out."""
    lower = plain(text).lower()
    if (
        "'" in lower
        or "cancelled" in lower
        or "ise" in lower
        or "isation" in lower
        or "can not" in lower
    ):
        for short, long in _CONTRACTIONS:
            lower = lower.replace(short, long)
    return lower


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

_FIRST_WORD: Final = re.compile(r"[a-z_]{1,40}")


@cache
def _alternatives(term: str) -> tuple[tuple[str, bool], ...]:
    """The alternatives of a term, each with whether it must begin where a word begins."""
    return tuple((words, _begins_a_word(words)) for words in term.split("|"))


def _begins_a_word(words: str) -> bool:
    first = _FIRST_WORD.match(words)
    if first is None or words == "not":
        return False
    return len(first.group()) <= _SHORT or first.group() in _WHOLE


def _occurs(words: str, text: str, *, begins: bool) -> bool:
    """Whether words occur in a text, at the beginning of a word if they must."""
    at = text.find(words)
    while begins and at > 0 and text[at - 1].isalpha():
        at = text.find(words, at + 1)
    return at >= 0


@cache
def _compiled(term: str) -> re.Pattern[str]:
    return re.compile(term[1:])


def find(term: str, text: str) -> str | None:
    """The part of ``text`` (folded) that a term names, or None."""
    if term.startswith("~"):
        found = _compiled(term).search(text)
        return found.group() if found else None
    for words, begins in _alternatives(term):
        if _occurs(words, text, begins=begins):
            return words
    return None


class Text:
    """One folded text that many signatures are compared with: each term is looked for once."""

    __slots__ = ("_found", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, str | None] = {}

    def find(self, term: str) -> str | None:
        """The part of the text that a term names, or None."""
        if term not in self._found:
            self._found[term] = find(term, self._text)
        return self._found[term]

    def match(self, signature: Signature) -> str | None:
        """The words that decided, when a signature fits; else None."""
        decided = ""
        for term in signature.all_of:
            words = self.find(term)
            if words is None:
                return None
            decided = decided if len(decided) >= len(words) else words
        if any(self.find(term) is not None for term in signature.none_of):
            return None
        return decided
