"""What plain text says: each utterance is asked for every kind of message it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.causes import kinds, logs
from ash_ops.causes.base import Rank
from ash_ops.causes.belonging import (
    belonging,
    is_anybodys,
    speaks_for_itself,
)
from ash_ops.causes.calm import says_again, says_over
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.classify import Classification, Match, answer, matches
from ash_ops.causes.evidence import Piece
from ash_ops.causes.foreign import Service, is_plainly_ours, may_say, speaker
from ash_ops.causes.matching import find, folded, lowered_all, plain_all
from ash_ops.causes.quoting import quote
from ash_ops.causes.ranking import CHECKS
from ash_ops.causes.reading import Entry
from ash_ops.causes.reading.commands import is_command
from ash_ops.causes.speech.changes import is_title
from ash_ops.causes.speech.general import is_general
from ash_ops.causes.speech.joints import strange
from ash_ops.causes.speech.levels import says_nothing_failed
from ash_ops.causes.speech.outcomes import outcome
from ash_ops.causes.speech.settings import LISTED, without_settings
from ash_ops.causes.speech.surroundings import Surroundings
from ash_ops.causes.structure import Hint
from ash_ops.patterns import regex

_Source = Callable[[Entry], str]
_REMARKS: Final = 3
"""Lines of prose around a log."""


class Said(Struct, frozen=True):
    """What one utterance says: its kind, its answer, and where it stands."""

    entry: Entry
    kind: str
    answer: Classification

    @property
    def rank(self) -> int:
        """How much the deciding words prove."""
        return self.answer.why[0].rank if self.answer.why else 0


def heard(
    entries: Sequence[Entry], around: Surroundings | None = None, *, ours: bool = False
) -> list[Said]:
    """What the utterances say that say something; each by itself, or put together with its block.

    Args:
        entries: the utterances of one text, in order.
        around: whose they are, if somebody wants to know afterwards whether anything was said.
        ours: whether it is known to be of AWS or Ash; else it must show it where any program says the same.
    """
    found = list(not_over(all_heard(entries, around or Surroundings(entries)), entries))
    if not ours:
        found = [one for one in found if not _is_of_another(one, entries)]
    doubtful = [one.entry for one in found if is_anybodys(CAUSES[one.answer.cause])]
    if not ours and doubtful:
        belongs = belonging(entries, doubtful)
        found = [one for one in found if belongs(CAUSES[one.answer.cause]) or _is_plain(one)]
    return list(_without_ends(found))


def _is_plain(said: Said) -> bool:
    """Whether an utterance is ours by its own words, whatever stands around it."""
    text = folded(said.entry.text)
    return said.entry.about is None and speaker(text) is None and is_plainly_ours(text)


def _is_of_another(said: Said, entries: Sequence[Entry]) -> bool:
    """Whether another program names itself in front of what it says."""
    return CAUSES[said.answer.cause].severity != "info" and speaks_for_itself(said.entry, entries)


def not_over(found: Sequence[Said], entries: Sequence[Entry]) -> Iterator[Said]:
    """What was said, without failures that were tried again and that a later line says are over."""
    late = [entry.number for entry in entries[-LISTED:] if says_over(folded(entry.text))]
    for one in found:
        text = folded(one.entry.text)
        over = says_over(text) or (late and late[-1] > one.entry.number)
        if not (over and says_again(text)):
            yield one


def all_heard(entries: Sequence[Entry], around: Surroundings) -> list[Said]:
    """What the utterances say, whosever they are."""
    spoken = spoken_of(entries)
    numbered = _numbered if len(entries) > 1 else _unnumbered
    alone = _said(spoken, numbered, around)
    alone = list(_without_properties(alone, spoken))
    clear = {said.entry.block for said in alone if _names_a_cause(said)}
    together = _together([entry for entry in spoken if entry.block not in clear], around)
    known = {said.entry.block: said.rank for said in alone}
    better = [said for said in together if said.rank > known.get(said.entry.block, 0)]
    replaced = {said.entry.block for said in better if _names_a_cause(said)}
    found = [s for s in alone if s.entry.block not in replaced] + better
    return found or _said(_whole(spoken), _unnumbered, around) or _calm(spoken)


def spoken_of(entries: Sequence[Entry]) -> list[Entry]:
    """What is said: without command lines, settings, and what is only described."""
    spoken = [entry for entry in entries if not entry.command]
    if not spoken:  # what looks like a prompt may be a mark of another kind
        spoken = [entry for entry in entries if not is_command(entry.text)]
    return list(without_settings(spoken))


def _without_ends(found: Sequence[Said]) -> Iterator[Said]:
    """What was said, without the end of a program where what it ended of stands beside it or below."""
    named = [one for one in found if _names_a_cause(one) and not _is_an_end(one)]
    known = {one.entry.block for one in named}
    reasons = {one.entry.block for one in named if one.answer.cause not in CHECKS}
    for one in found:
        block = one.entry.block
        beside = known if one.rank <= Rank.NORMAL else not reasons.isdisjoint((block, block + 1))
        if not (_is_an_end(one) and (beside or _is_headed(one, found))):
            yield one


def _is_headed(said: Said, found: Sequence[Said]) -> bool:
    """Whether an utterance is the head of a trace whose last line, below it, tells of what AWS answered."""
    if not said.entry.text.startswith("Traceback"):
        return False
    own = (one for one in found if one.entry.block == said.entry.block and not _is_an_end(one))
    return any(one.rank >= Rank.CLEAR and _RAISED.match(one.entry.text) for one in own)


_RAISED: Final = regex(r"[\w.]{0,100}(?:Error|Exception|Exit|Failure)\b(?::|\()")


def _is_an_end(said: Said) -> bool:
    """Whether an utterance tells no more than that a program ended with an error."""
    return said.answer.cause == _END


_PROPERTY: Final = regex(
    r"[^A-Za-z]{0,20}(?:code|errno|syscall|address|port|hostname)['\"]? ?: ?['\"]?[\w.:-]{1,80}['\"]?\W{0,3}$"
)
"""A line of an error as Node prints it: it repeats the error above."""


def _without_properties(found: Sequence[Said], spoken: Sequence[Entry]) -> Iterator[Said]:
    """What was said, without properties of an error that another line of the block tells of."""
    told = [one for one in found if not _PROPERTY.match(one.entry.text)]
    if len(told) == len(found):
        yield from found
        return
    whole = {e.block for e in spoken if "rror" in e.text and not _PROPERTY.match(e.text)}
    whole |= {one.entry.block for one in told}
    for one in found:
        if one.entry.block not in whole or not _PROPERTY.match(one.entry.text):
            yield one


def _is_ours(entry: Entry, match: Match) -> bool:
    """Whether the level of an entry, and what stands around it, leave a cause possible."""
    about, text = entry.about, folded(entry.text)
    claims = match.cause.severity != "info" and match.cause.slug not in _TOLD_CALMLY
    if (claims and says_nothing_failed(entry)) or (entry.warns and match.cause.slug == _END):
        return False
    return about is None or about.is_ours(text) or may_say(about, match.cause, "", text)


_TOLD_CALMLY: Final = frozenset({"bad-listen-config"})
"""What a server says of itself when all is well with it: on which address it listens."""


def _names_a_cause(said: Said) -> bool:
    cause = CAUSES[said.answer.cause]
    return said.rank >= Rank.LIKELY and not cause.symptom and cause.severity != "info"


def _said(entries: Sequence[Entry], source: _Source, around: Surroundings) -> list[Said]:
    numbered = [
        (n, text) for n, entry in enumerate(entries) for text in (entry.text, entry.tight) if text
    ]
    shown = plain_all([text for _, text in numbered])
    lower = lowered_all(shown)
    found = matches(tuple(lower))
    best: dict[int, tuple[Said, str]] = {}
    for number, matched in groupby(found, key=lambda match: match.number):
        place, text = numbered[number]
        entry = replace(entries[place], about=around.about(entries[place]))
        own = [m for m in matched if _is_ours(entry, m)]
        part = Piece(source(entries[place]), shown[number], lower[number], text)
        said = _answered(entry, part, own)
        if said and (place not in best or _is_likelier(said, lower[number], *best[place])):
            best[place] = said, lower[number]
    silent = (e for n, e in enumerate(entries) if n not in best and not e.normal)
    within = [line for entry in silent for line in entry.by_line()]
    told = [one for said, _ in best.values() for one in _split(said, around)]
    alone = _said(within, _numbered, around) if within else []  # a calm line calms no other
    return told + [one for one in alone if one.answer.severity != "info"]


def _is_likelier(said: Said, text: str, best: Said, before: str) -> bool:
    """Whether the second reading of a broken line says more than the first, or makes fewer words that none uses."""
    if said.answer.cause == best.answer.cause:
        return said.rank > best.rank
    return (-strange(text, before), said.rank) > (-strange(before, text), best.rank)


def _split(said: Said, around: Surroundings) -> list[Said]:
    """What the lines of an utterance say, if one of them says as much as all together."""
    lines = said.entry.by_line()
    alone = _said(lines, _numbered, around) if lines else []
    several = len({one.answer.cause for one in alone}) > 1
    if several and all(_worth(one)[0] or CAUSES[one.answer.cause].symptom for one in alone):
        return alone
    if not alone or (max(map(_worth, alone)), several) < (_worth(said), True):
        return [said]
    return alone


def _worth(said: Said) -> tuple[bool, int]:
    cause = CAUSES[said.answer.cause]
    return not cause.symptom and said.answer.severity != "info", said.rank


def _answered(entry: Entry, part: Piece, own: list[Match]) -> Said | None:
    likely = kinds.likely(part.folded)
    if entry.dated and likely[0] == "api_error":  # what stands in a log is a line of it, too
        likely = (*likely, "log_line")
    if likely is kinds.ORDER:
        own = [match for match in own if not _needs_a_mark(match)]
    fitting = [m for m in own if not m.signature.kinds or m.signature.kinds & set(likely)] or own
    if not fitting:
        return None
    fitting.sort(key=lambda m: (-_proof(m), m.cause.symptom, _place(m.signature.kinds, likely)))
    if fitting[0].cause.slug in _NO_REASON:  # what it comes of may be of any kind
        reasons = [m for m in own if m.signature.rank >= Rank.PRECISE and _is_a_reason(m)]
        fitting = sorted(reasons, key=lambda m: -m.signature.rank) + fitting
    if fitting[0].cause.slug != _END:
        fitting = [m for m in fitting if m.cause.slug != _END]
    hints = [Hint(m.cause.slug, m.signature.rank, *quote(part, m.signature)) for m in fitting]
    told = answer(hints, retried="log_line" in likely)
    deciding = fitting[0].signature.kinds
    kind = next((k for k in (*likely, *kinds.ORDER) if not deciding or k in deciding), likely[0])
    return Said(entry, kind, told)


def _proof(match: Match) -> int:
    """How much a match proves beside others: that a program ended is said by all that it ends of."""
    rank = match.signature.rank
    return min(rank, Rank.SYMPTOM - 1) if match.cause.slug == _END else rank


_END: Final = "app-crash"
"""What is told where a program says no more than that it ended."""
_NO_REASON: Final = frozenset({"cfn-resource-failed", _END})
"""The same, and where a stack gives a reason that nobody knows."""


def _is_a_reason(match: Match) -> bool:
    """Whether a match names what something failed of; words of connections stand in names of resources, too."""
    cause = match.cause
    named = not cause.symptom and cause.severity != "info" and cause.slug not in _NO_REASON
    return named and cause.category != "connection"


def _needs_a_mark(match: Match) -> bool:
    """Whether words mean something in a kind of message only, of which nothing is seen."""
    own = match.signature.kinds
    weak = match.signature.rank <= Rank.NORMAL and bool(own) and "log_line" not in own
    return weak or own == _OF_STACKS


_OF_STACKS: Final = frozenset({"cfn_event"})
"""What only CloudFormation means by its words: without a mark of it, a call was refused, not a stack."""


def _place(own: frozenset[str], likely: tuple[str, ...]) -> int:
    """The place of the likeliest kind that a signature is about."""
    return min((n for n, kind in enumerate(likely) if not own or kind in own), default=len(likely))


def _numbered(entry: Entry) -> str:
    return f"line {entry.number}"


def _unnumbered(_: Entry) -> str:
    return "the text"


def _together(entries: Sequence[Entry], around: Surroundings) -> list[Said]:
    """What stretches say as a whole, without their titles and what they say in general."""
    found = {said.entry.block for said in _said(list(_blocks(entries)), _unnumbered, around)}
    telling = [e for e in entries if e.block in found and not _is_silent(e)]
    return _said(list(_blocks(telling)), _unnumbered, around) if telling else []


def _blocks(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each stretch of a few lines as one text: a message may be broken where nobody can tell."""
    for block, own in groupby(entries, key=lambda entry: entry.block):
        lines = [entry for entry in own if entry.normal is None]
        broken = logs.may_be_broken([e.text for e in lines])
        lines = [entry for entry in lines if not says_nothing_failed(entry)] if broken else []
        if len(lines) > 1:
            about = _about(lines)
            joined = " ".join(entry.text.strip() for entry in lines)
            yield Entry(joined, lines[0].number, block=block, about=about)
            if len({len(entry.text) for entry in lines[:-1]}) == 1 and len(lines[0].text) >= 60:
                joined = "".join(entry.text for entry in lines)
                yield Entry(joined, lines[0].number, block=block, about=about)


def _is_silent(entry: Entry) -> bool:
    """Whether a line is a title or speaks in general: it is no part of a message."""
    text = folded(entry.text)
    return is_title(text) or is_general(text)


def _whole(entries: Sequence[Entry]) -> list[Entry]:
    """All of a short text as one utterance."""
    if not logs.may_be_broken([e.text for e in entries]) or any(
        e.normal is not None for e in entries
    ):
        return []
    telling = (e for e in entries if not (_is_silent(e) or says_nothing_failed(e)))
    joined = " ".join(entry.text.strip() for entry in telling)
    return [Entry(joined, entries[0].number, about=_about(entries))]


def _about(entries: Sequence[Entry]) -> Service | None:
    """The other service that entries are known to be about which are put together."""
    return next((entry.about for entry in entries if entry.about), None)


def _calm(entries: Sequence[Entry]) -> list[Said]:
    """The answer that all is normal, when every line is one that a sound server writes.

    A word or two of the one who pasted it do not count, as long as they sound calm.
    """
    told = outcome([entry.text for entry in entries])
    if told is not None and alarming(entries, ()) is None:
        hint = Hint(told[0], Rank.NORMAL, "the text", told[1])
        return [Said(entries[-1], "log_line", answer([hint], retried=False))]
    last, others = None, 0
    for entry in entries:
        if _is_normal(entry):
            last = entry
        else:
            others += 1
        if others > _REMARKS:
            return []
    tries = logs.still_tries(entry.text for entry in entries)
    if last is None or tries or (others and alarming(entries, ())):
        return []
    hint = Hint("healthy-log", Rank.GENERIC, _numbered(last), last.text[:200])
    return [Said(last, "log_line", answer([hint], retried=False))]


def _is_normal(entry: Entry) -> bool:
    if entry.normal is not None:
        return entry.normal
    return logs.is_normal(entry.text.split("\t")[-1].strip(" \t`'\"*-"))


_ANNOUNCES: Final = regex(
    r"[:?]\s*$|\b(?:the |this )?following (?:error|message|exception|output)s?\b|\b(?:error|message|output|log)s? below\b|\bfetching stack events\b|\berror ?[-=]{4,}\s*$",
    re.I,
)
"""A line that asks, or says that the failure comes next."""


def alarming(entries: Sequence[Entry], said: Sequence[Said]) -> Entry | None:
    """The first utterance that nothing explains and that sounds like a failure."""
    known = {one.entry.number for one in said}
    texts = [entry.text.lower() for entry in entries]
    for place in logs.alarmed(texts):
        entry = entries[place]
        numbers = {entry.number, *(line.number for line in entry.lines)}
        if entry.command or entry.normal or numbers & known:
            continue
        spoken = not entry.text.startswith("#") and not _ANNOUNCES.search(entry.text)
        calm = _is_normal(entry) or says_nothing_failed(entry)
        if spoken and find(logs.ALARM, texts[place]) and not calm:
            return entry
    return None
