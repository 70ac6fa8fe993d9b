"""Words for which others have other words: "unable to", "failed to" and "could not" say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from ash_ops.patterns import regex


class _Way(NamedTuple):
    """One way to say what programs say in several.

    Attributes:
        held: what a text holds some of that says it in another way.
        others: those other ways.
        said: what all are taken to say.
    """

    held: tuple[str, ...]
    others: re.Pattern[str]
    said: str


_WAYS: Final = (
    _Way(
        (
            "unable to",
            "able to",
            "failed to",
            "fails to",
            "failing to",
            "failure to",
            "could not",
            "cannot",
        ),
        # What containerd and BuildKit "failed to resolve" is an image's tag, and no name of a host.
        regex(
            r"(?:(?:was|were|is|are) )?(?:un|not )able to\b"
            r"|(?:(?:is|are|was|were|has|have|had) )?(?:failed|fails|failing|failure) to\b(?! resolve (?:ref|image|source metadata))|could not\b|cannot\b"
        ),
        "cannot",
    ),
    _Way(
        ("no longer exists", "not found", "not be found", "not exist"),
        regex(
            r"(?:cannot be|was not|were not|is not|are not) found"
            r"|(?:does|do|did) not exist\b|no longer exists"
        ),
        "not found",
    ),
    _Way(("not valid", "not a valid"), regex(r"(?:(?:is|was|are) )?not (?:a )?valid\b"), "invalid"),
    _Way(("exists already",), regex(r"exists already\b"), "already exists"),
    _Way(("unauthorized to",), regex(r"unauthorized to\b"), "not authorized to"),
    _Way(("accessdenied",), regex(r"\baccessdenied"), "access denied"),
    _Way(
        ("ermission is denied", "ermission was denied"),
        regex(r"\bpermission (?:is|was) denied\b"),
        "permission denied",
    ),
    _Way(("is expired",), regex(r"\bis expired\b"), "has expired"),
    _Way(("failure",), regex(r"\bfailure\b"), "failed"),
)
_OTHERS: Final = tuple(words for way in _WAYS for words in way.held)
"""What a text holds some of if it says anything in words for which others have other words."""
OTHERS: Final = "|".join(_OTHERS)
"""The same as a term."""


def widened(text: str) -> str:
    """A text (folded), and behind it the same in the words that all programs are taken to use."""
    other = alike(text)
    return text if other == text else f"{text}\n{other}"


def widened_all(texts: Sequence[str], holds: Callable[[str], bool]) -> list[str]:
    """Many texts, each as ``widened`` makes it.

    Args:
        texts: the texts.
        holds: whether any of them holds some words.
    """
    held = [words for words in _OTHERS if holds(words)]
    if not held:
        return list(texts)
    return [widened(text) if any(words in text for words in held) else text for text in texts]


def alike(text: str) -> str:
    """A text (folded) in the words that all programs are taken to use."""
    for way in _WAYS:
        for words in way.held:
            if words in text:
                text = way.others.sub(way.said, text)
                break
    return text


def readings(pattern: str) -> tuple[str, str]:
    """A pattern as it stands, and in the other words; what its negative look-aheads refuse, both refuse in both."""
    begun = pattern.find("(?!")
    if begun < 0:
        return pattern, alike(pattern)
    end = _closed(pattern, begun)
    refused = "|".join(dict.fromkeys(readings(pattern[begun + 3 : end])))
    own, other = readings(pattern[end + 1 :])
    before = pattern[:begun]
    return f"{before}(?!{refused}){own}", f"{alike(before)}(?!{refused}){other}"


def _closed(pattern: str, begun: int) -> int:
    """Where the bracket of a pattern that begins at a place is closed."""
    depth, at, listed = 0, begun, False
    while at < len(pattern):
        mark = pattern[at]
        if mark == "\\":
            at += 2
            continue
        if listed or mark == "[":
            listed = mark != "]"
        elif mark in "()":
            depth += 1 if mark == "(" else -1
            if depth == 0:
                break
        at += 1
    return at
