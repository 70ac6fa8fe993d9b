"""Evidence as it is quoted: short, around the words that decided, without secrets."""

from __future__ import annotations

from typing import Final

from ash_ops.causes.base import Signature
from ash_ops.causes.evidence import Piece
from ash_ops.causes.masking import masked
from ash_ops.causes.matching import span

LONGEST: Final = 240
"""Characters of a quote."""


def quote(part: Piece, signature: Signature) -> str:
    """The part of a text around the words that decided, its secrets masked before it is cut."""
    shown = masked(part.shown)
    if len(shown) <= LONGEST:
        return shown
    places = [place for term in signature.all_of if (place := span(term, part.folded))]
    first, last = min(p[0] for p in places), max(p[1] for p in places)
    # The reason stands last: where both do not fit, the quote ends a little behind it.
    behind = min(last + LONGEST // 4, len(shown))
    start = max(0, min(first - 20, len(shown) - LONGEST) if last - first < LONGEST else behind - LONGEST)
    end = start + LONGEST
    return f"{'...' if start else ''}{shown[start:end]}{'...' if end < len(shown) else ''}"
