"""How the words of the catalogue begin, as ``make generate`` has listed them.

To find it out of a thousand signatures takes 30 ms of CPU, a fourth of what one message is explained in; to
read the list takes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path
from sys import byteorder
from typing import Final
from zlib import crc32

from msgspec import Struct, json

from ash_ops.causes.base import Signature
from ash_ops.causes.matching import ANY, GRAM, WORDS, Beginnings, in_other_words

FILE: Final = Path(__file__).with_name("listed.json")


class Listed(Struct, frozen=True):
    """What the file holds.

    Attributes:
        stamp: that of the signatures it was made of.
        begun: the numbers of signatures by the letters with which a word of theirs begins; those
            of which no such word is known by the empty one.
    """

    stamp: int
    begun: dict[str, tuple[int, ...]]


def stamp(signatures: Sequence[Signature]) -> int:
    """A number that changes with the words of signatures."""
    return crc32("\n".join("\t".join(signature.all_of) for signature in signatures).encode())


def listed_beginnings(signatures: Sequence[Signature]) -> Beginnings:
    """As ``beginnings``, read where the list is of these signatures."""
    listed = json.decode(FILE.read_bytes(), type=Listed)
    if listed.stamp != stamp(signatures):  # somebody is at work on the catalogue
        return beginnings(signatures)
    return {_gram(begun): numbers for begun, numbers in listed.begun.items()}


def beginnings(signatures: Iterable[Signature]) -> Beginnings:
    """Signatures, by the first letters of a word that each text which they fit holds."""
    listed: dict[int, list[int]] = {}
    for number, signature in enumerate(signatures):
        for gram in _begun(signature):
            listed.setdefault(gram, []).append(number)
    return listed


def _begun(signature: Signature) -> set[int]:
    """The first letters of the longest words of that term which has the longest."""
    plain_terms = (term for term in signature.all_of if not term.startswith("~"))
    return set(max(map(_beginnings_of, plain_terms), key=itemgetter(0), default=(0, (ANY,)))[1])


@cache
def _beginnings_of(term: str) -> tuple[int, tuple[int, ...]]:
    """How long the longest word of each alternative of a term is at least, and how these words begin."""
    longest = [max(WORDS.findall(words), key=len, default="") for words in in_other_words(term)]
    begun = sorted({word[:GRAM] for word in longest})
    return min(map(len, longest)), tuple(map(_gram, begun))


def _gram(begun: str) -> int:
    return int.from_bytes(begun.encode(), byteorder) if len(begun) == GRAM else ANY
