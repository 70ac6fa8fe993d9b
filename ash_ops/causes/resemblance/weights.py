"""What each mark of a text speaks for, and how much."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Final

from msgspec import Struct, json

from ash_ops.causes.resemblance.marks import marks

FILE: Final = Path(__file__).with_name("weights.json")
NONE: Final = "none"
"""What texts are like of which none of our causes is to be told."""
SCALE: Final = 16
"""Weights are whole numbers: so many of them are 1."""


class Weights(Struct, frozen=True):
    """What the file holds: a table of marks, causes and weights, the marks ascending, one column each.

    Attributes:
        stamp: that of the texts it was learned from, and of how.
        causes: the slugs, in the order of their numbers.
        biases: what speaks for each of them before a word is read.
        marks: unsigned numbers of four bytes, the lowest byte first.
        speaks_for: the numbers of the causes, a byte each.
        weights: the weights, a signed byte each.
    """

    stamp: int
    causes: tuple[str, ...]
    biases: tuple[float, ...]
    marks: bytes
    speaks_for: bytes
    weights: bytes


class Likeness(Struct, frozen=True):
    """How much a text is like each cause.

    Attributes:
        scores: by slug; above nought where its words speak for it rather than against.
        best: the slug with the highest.
        lead: how much that is above the next one.
        none: how much its words speak for none of them.
    """

    scores: dict[str, float]
    best: str
    lead: float
    none: float

    def of(self, slug: str) -> float:
        """How much it is like a cause; one of which no text was learned from is least like any."""
        return self.scores.get(slug, min(self.scores.values()))

    def ahead_of(self, slug: str) -> float:
        """How much more it is like the best."""
        return self.scores[self.best] - self.of(slug)


def likeness(text: str) -> Likeness:
    """What the marks of a text speak for, each as much as the others."""
    own = marks(text)
    scores = dict(zip(_table().causes, _table().biases, strict=True))
    for slug, weight in _spoken(own):
        scores[slug] += weight / (SCALE * sqrt(len(own)))
    none = scores.pop(NONE)
    best, second = sorted(scores, key=lambda slug: -scores[slug])[:2]
    return Likeness(scores, best, scores[best] - scores[second], none)


def speaking_most(texts: list[str], slug: str) -> int:
    """The place of the text whose words speak most for a cause; the first of several."""
    return max(range(len(texts)), key=lambda n: (_for(slug, texts[n]), -n))


def _for(slug: str, text: str) -> float:
    own = marks(text)
    return sum(weight for each, weight in _spoken(own) if each == slug) / sqrt(len(own) or 1)


def _spoken(own: frozenset[int]) -> Iterator[tuple[str, int]]:
    """What marks speak for, and how much."""
    table = _table()
    for mark in own:
        at = bisect_left(table.marks, mark)
        while at < len(table.marks) and table.marks[at] == mark:
            yield table.causes[table.speaks_for[at]], table.weights[at]
            at += 1


class _Table(Struct, frozen=True):
    causes: tuple[str, ...]
    biases: tuple[float, ...]
    marks: array[int]
    speaks_for: bytes
    weights: array[int]


@cache
def _table() -> _Table:
    kept = json.decode(FILE.read_bytes(), type=Weights)
    numbers = array("I", kept.marks)
    if sys.byteorder == "big":
        numbers.byteswap()
    return _Table(
        kept.causes,
        kept.biases,
        numbers,
        kept.speaks_for,
        array("b", kept.weights),
    )
