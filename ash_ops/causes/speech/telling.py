"""Which lines of a long log may tell of anything: looked for in all of them at once, before one is read.

A line tells nothing if it holds no words of a cause, of a failure, or of a server that starts. Looked for
is what each cause's words need: it may stand in more lines than in those that tell something, never in fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ash_ops.causes import logs
from ash_ops.causes.classify import possible
from ash_ops.causes.matching import Haystack, lowered, plain_all
from ash_ops.causes.speech.other_words import OTHERS

_ESCAPE: Final = "\\"
"""What stands before a character that is written in another way: what such a line says is not looked for."""


def telling(text: str) -> frozenset[int]:
    """The places of those lines of a long text that may tell of something, also together with the next ones."""
    lines = text.split("\n")
    shown = lowered("\n".join(plain_all(lines)))
    haystack = Haystack((shown,), as_it_is=True)
    places = {place for term in {*_looked_for(haystack)} for place in haystack.places(term)}
    escaped = (n for n, line in enumerate(lines) if _ESCAPE in line) if _ESCAPE in text else ()
    return frozenset((*_numbers(shown, sorted(places)), *escaped))


def _looked_for(haystack: Haystack) -> Iterator[str]:
    """Terms of which a line holds one if anything in it tells of something."""
    yield from (logs.ALARM, *logs.OF_A_SERVER, OTHERS)
    for signature in possible(haystack):
        said = [term for term in signature.all_of if not term.startswith("~")]
        yield said[0] if len(said) == 1 else min(said, key=haystack.how_often)


def _numbers(shown: str, places: Iterable[int]) -> Iterator[int]:
    """The numbers of the lines in which some places are, which ascend."""
    number = at = 0
    for place in places:
        number, at = number + shown.count("\n", at, place), place
        yield number
