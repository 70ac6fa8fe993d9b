"""How the words of the catalogue begin, as ``make generate`` has listed them.

To find it out of a thousand signatures takes 30 ms of CPU, a fourth of what one message is explained in; to
read the list takes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from sys import byteorder
from typing import Final
from zlib import crc32

from msgspec import Struct, json

from ash_ops.causes.base import Signature
from ash_ops.causes.matching import ANY, Beginnings, beginnings

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
    return {_number(begun): numbers for begun, numbers in listed.begun.items()}


def _number(begun: str) -> int:
    return int.from_bytes(begun.encode(), byteorder) if begun else ANY
