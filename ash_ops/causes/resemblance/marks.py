"""What a text is recognised by: its words, and its pairs of words that follow each other, as numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from zlib import crc32

from ash_ops.patterns import regex

LONGEST: Final = 6_000
"""Characters of a text that are weighed: of more, many words would speak for chance."""
_HUMP: Final = regex(r"(?<=[a-z0-9])(?=[A-Z])")
_ID: Final = regex(r"\b(?=[a-f-]{0,64}\d)[0-9a-f-]{8,64}\b")
_NUMBER: Final = regex(r"\d{4,}")
_WORD: Final = regex(r"[a-z0-9]+")


def marks(text: str) -> frozenset[int]:
    """The numbers of a text's words and pairs: names of classes taken apart, ids and long numbers made equal."""
    shown = _HUMP.sub(" ", text[:LONGEST]).lower()
    words = _WORD.findall(_NUMBER.sub("0000", _ID.sub("hex", shown)))
    pairs = (f"{one} {next_}" for one, next_ in pairwise(words))
    return frozenset(crc32(mark.encode()) for mark in (*words, *pairs))
