"""Words for which others have other words: "unable to", "failed to" and "could not" say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ash_ops.patterns import regex

_OTHERS: Final = (
    "unable to",
    "able to",
    "failed to",
    "fails to",
    "failing to",
    "failure to",
    "could not",
    "cannot",
    "no longer exists",
    "not found",
    "not exist",
    "not valid",
    "not a valid",
    "exists already",
    "unauthorized to",
    "accessdenied",
    "failure",
    "ermission is denied",
    "ermission was denied",
    "is expired",
)
"""What a text holds some of if it says anything in words for which others have other words."""
OTHERS: Final = "|".join(_OTHERS)
"""The same as a term."""
_ALIKE: Final = (
    # What containerd and BuildKit "failed to resolve" is an image's tag, and no name of a host.
    (
        regex(
            r"(?:(?:was|were|is|are) )?(?:un|not )able to\b"
            r"|(?:(?:is|are|was|were|has|have|had) )?(?:failed|fails|failing|failure) to\b(?! resolve (?:ref|image|source metadata))|could not\b|cannot\b"
        ),
        "cannot",
    ),
    (
        regex(
            r"(?:cannot be|was not|were not|is not|are not) found"
            r"|(?:does|do|did) not exist\b|no longer exists"
        ),
        "not found",
    ),
    (regex(r"(?:(?:is|was|are) )?not (?:a )?valid\b"), "invalid"),
    (regex(r"exists already\b"), "already exists"),
    (regex(r"unauthorized to\b"), "not authorized to"),
    (regex(r"\baccessdenied"), "access denied"),
    (regex(r"\bpermission (?:is|was) denied\b"), "permission denied"),
    (regex(r"\bis expired\b"), "has expired"),
    (regex(r"\bfailure\b"), "failed"),
)
"""One way to say what programs say in several: "unable to", "failed to" and "could not"."""


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
    if any(words in text for words in _OTHERS):
        for pattern, words in _ALIKE:
            text = pattern.sub(words, text)
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
