"""Evidence as it is quoted: short, around the words that decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.causes.base import Signature
from ash_ops.causes.evidence import Piece
from ash_ops.causes.matching import folded, plain, span
from ash_ops.causes.speech.other_words import widened

LONGEST: Final = 240
"""Characters of a quote."""


def quote(part: Piece, signature: Signature) -> tuple[str, str]:
    """The field whose words decided, and the part of it around them."""
    if not part.parts:
        return part.source, _around(part, signature)
    deciding = [
        Piece(source, plain(text), folded(text))
        for source, text in part.parts
        if any(span(term, widened(folded(text))) for term in signature.all_of)
    ]
    chosen = deciding[-2:] or [part]
    sources = ", ".join(dict.fromkeys(piece.source for piece in chosen if piece.source))
    return sources, " | ".join(_around(piece, signature) for piece in chosen)


def _around(part: Piece, signature: Signature) -> str:
    """The part of a text around the words that decided."""
    shown = part.shown
    if len(shown) <= LONGEST:
        return shown
    places = list(_places(part.folded, signature))
    if not places:
        return f"{shown[:LONGEST]}..."
    first, last = min(p[0] for p in places), max(p[1] for p in places)
    # The reason stands last: where both do not fit, the quote ends a little behind it.
    behind = min(last + LONGEST // 4, len(shown))
    start = max(
        0, min(first - 20, len(shown) - LONGEST) if last - first < LONGEST else behind - LONGEST
    )
    end = start + LONGEST
    return f"{'...' if start else ''}{shown[start:end]}{'...' if end < len(shown) else ''}"


def _places(text: str, signature: Signature) -> Iterator[tuple[int, int]]:
    """Where the words stand that decided: those said in other words, within a few characters."""
    wide = widened(text)
    for term in signature.all_of:
        if place := span(term, wide):
            before = len(text) + 1 if place[0] > len(text) else 0
            yield place[0] - before, place[1] - before
