"""Failures of which nothing tells whose they are: what of them is told, since who asks may well know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.belonging import belonging, is_elsewhere, is_named, is_of_itself
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.foreign import speaker
from ash_ops.causes.logs import ALARM
from ash_ops.causes.matching import find, folded
from ash_ops.causes.reading import Entry
from ash_ops.causes.speech.signs import is_prose
from ash_ops.causes.utterances import Said, Surroundings, all_heard, not_over


def heard_of_anybody(entries: Sequence[Entry]) -> list[Said]:
    """What messages of programs say, though nothing tells whose they are: their words leave no doubt of what failed.

    A sentence of a person says no such thing, nor does a message of a platform or with a place where no container
    keeps anything; and of a connection that failed or a disk that is full one must know which. A program that names
    itself is believed in what any program may say of itself: who pastes its log alone runs it.
    """
    alone = _without_a_log(entries)
    log = len(alone) < len(entries)
    belongs = belonging(alone, alone)
    if any(is_elsewhere(folded(entry.text)) for entry in alone):
        return []
    found = not_over(all_heard(entries, Surroundings(entries, vague=False)), entries)
    told = (one for one in found if CAUSES[one.answer.cause].severity != "info")
    named = any(is_named(entry.text) for entry in entries)
    return [
        one
        for one in told
        if (log and belongs(CAUSES[one.answer.cause]))
        or (_is_a_programs(one) and (log or not named or is_of_itself(CAUSES[one.answer.cause])))
    ]


def _is_a_programs(said: Said) -> bool:
    text = folded(said.entry.text)
    service = said.entry.about or speaker(text)
    tells = " | " not in text  # a row of a table says what a code means
    mine = tells and (service is None or service.vague) and not is_prose(text)
    return mine and said.rank >= Rank.CLEAR and said.answer.cause not in _OF_WHAT


def _without_a_log(entries: Sequence[Entry]) -> Sequence[Entry]:
    """What stands among the calm entries of a log, which tell nothing of whose it is; all, if it is none."""
    calm = [entry for entry in entries if entry.dated or entry.normal is not None]
    calm = [entry for entry in calm if find(ALARM, folded(entry.text)) is None]
    if len(calm) < _A_LOG or len(calm) * 2 < len(entries):
        return entries
    numbers = {entry.number for entry in calm}
    return [entry for entry in entries if entry.number not in numbers]


_A_LOG: Final = 4
"""Calm entries of which a log has at least so many; a traceback has three before it tells its error."""


_OF_WHAT: Final = frozenset({"conn-refused", "conn-reset", "conn-timeout", "disk-full"})
"""What says nothing as long as nobody knows between which two, or on which disk."""
