"""Failures of which nothing tells whose they are: what of them is told, since who asks may well know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.belonging import belonging, is_named, is_of_itself, is_on_a_desk
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.foreign import PROXY, speaker
from ash_ops.causes.logs import ALARM
from ash_ops.causes.matching import find, folded
from ash_ops.causes.reading import Entry
from ash_ops.causes.speech.signs import is_prose
from ash_ops.causes.speech.surroundings import Surroundings
from ash_ops.causes.utterances import Said, all_heard, not_over
from ash_ops.patterns import regex


def heard_of_anybody(entries: Sequence[Entry]) -> list[Said]:
    """What messages of programs say, though nothing tells whose they are: their words leave no doubt of what failed.

    A sentence of a person says no such thing, nor does a message of a platform or with a place where no container
    keeps anything; and of a connection that failed or a disk that is full one must know which. A program that names
    itself is believed in what any program may say of itself: who pastes its log alone runs it.
    """
    alone = _without_a_log(entries)
    log = len(alone) < len(entries)
    belongs = belonging(alone, alone)
    if any(is_on_a_desk(folded(entry.text)) for entry in alone):
        return []
    found = not_over(all_heard(entries, Surroundings(entries, vague=False)), entries)
    told = (one for one in found if CAUSES[one.answer.cause].severity != "info")
    named = any(is_named(entry.text) for entry in entries)
    return [
        one
        for one in told
        if (log and belongs(CAUSES[one.answer.cause]))
        or (_is_a_programs(one) and (log or not named or _is_named_rightly(one)))
    ]


def _is_named_rightly(said: Said) -> bool:
    """Whether what a program that names itself says is of its own."""
    service = speaker(folded(said.entry.text))
    if service is not None:
        return service.name == PROXY
    anywhere = said.answer.cause in _OF_ALL and is_named(said.entry.text)
    return is_of_itself(CAUSES[said.answer.cause]) and not anywhere


_OF_ALL: Final = frozenset({"app-crash", "disk-full"})
"""What a program says of itself that runs anywhere: on a desk as in a container."""


def _is_a_programs(said: Said) -> bool:
    text = folded(said.entry.text)
    if " | " in text or (is_prose(text) and not _WRITTEN.search(said.entry.text)):
        return False  # a row of a table says what a code means
    service = said.entry.about or speaker(text)
    mine = service is None or service.vague or service.apart
    ended = service is None and said.answer.cause == "app-crash" and said.rank >= Rank.GENERIC
    between = said.answer.cause in _OF_WHAT and not (service and service.name == PROXY)
    return mine and (said.rank >= Rank.CLEAR or ended) and not between


_WRITTEN: Final = regex(
    r"^\*\d{1,10} |^[\W\d]{0,40}(?:\d{1,7}:[A-Z] |\[?(?:ERROR|FATAL|CRITICAL|PANIC|SEVERE|ERR|[Ee]rror|fatal|emerg|crit|alert|panic|E|F)\]?[: ])|^\(\d{1,3}\)[A-Z]|^.{0,40}(?:\b|\dT)\d\d:\d\d:\d\d(?!\d)|"
    r"\b[a-zA-Z_.:\\]{2,80}(?:Error|Exception)\b ?[:(\[]|\[Errno -?\d|SQLSTATE\[|\bpanicked at |\(\d{1,3}: [A-Z]|\.(?:go|rs|py|js|php|java|rb|cs|c):\d|->\w{1,40}\(|"
    r"^[\w.-]{1,80}:\d{2,5} |^(?:/?[\w.-]{1,40}/){0,8}[\w.-]{1,40}: [^:\n]{1,250}: [A-Z]?[a-z]|\"(?:level|lvl|severity)\":"
)
"""What a program writes before and within what it says, and a person does not."""


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


_OF_WHAT: Final = frozenset({"conn-refused", "conn-reset", "conn-timeout"})
"""What says nothing as long as nobody knows between which two, or on which disk."""
