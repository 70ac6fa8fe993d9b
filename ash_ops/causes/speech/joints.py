"""Which reading of a line that was broken is likelier: the one that makes no words which nobody uses.

Where a line ends at the terminal's edge nobody can tell whether a word was cut there, so it is read both ways:
``failed to re solve`` and ``failed to resolve``.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from ash_ops.causes import catalogue
from ash_ops.patterns import regex

_WORD: Final = regex(r"[a-z]{2,40}")


@cache
def _used() -> frozenset[str]:
    """The words of all messages that are known."""
    terms = (term for _, signature in catalogue.signatures() for term in signature.all_of)
    return frozenset(word for term in terms for word in _WORD.findall(term))


def strange(text: str, other: str) -> int:
    """How many words one reading (folded) has that the other lacks and no known message uses."""
    own = set(_WORD.findall(text)) - set(_WORD.findall(other))
    return len(own - _used())
