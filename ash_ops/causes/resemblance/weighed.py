"""What the words of a whole text weigh: asked where no signature knows it, and where one may have misread it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import islice
from typing import Final, NamedTuple

from msgspec.structs import replace

from ash_ops.causes import kinds
from ash_ops.causes.base import Cause, Rank
from ash_ops.causes.belonging import is_signed
from ash_ops.causes.calm import asserted, describes_nothing, says_again, says_over
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.classify import Classification, answer
from ash_ops.causes.evidence import text_of
from ash_ops.causes.foreign import Service, speaker
from ash_ops.causes.logs import ALARM, alarmed
from ash_ops.causes.matching import find, fits, folded
from ash_ops.causes.reading import Entry, Reading
from ash_ops.causes.resemblance import Likeness, likeness, marks, speaking_most
from ash_ops.causes.resemblance.marks import LONGEST
from ash_ops.causes.resemblance.rows import message_of_a_row
from ash_ops.causes.speech.changes import is_title
from ash_ops.causes.speech.general import is_general
from ash_ops.causes.structure import Hint
from ash_ops.causes.utterances import Said, spoken_of
from ash_ops.patterns import regex

BY_LIKENESS: Final = "likeness to known messages"
SPOKEN_OF: Final = "what the text speaks of"
"""Where the evidence comes from, in place of a signature."""
_FEWEST: Final = 12
"""Marks of a text that is weighed: fewer words may stand anywhere."""


class Doubt(Enum):
    """Why signatures claim nothing of a text."""

    NOT_KNOWN = "none of them knows its words"
    NOT_SAID = "they know its words, and nothing says that it happened"
    NOBODYS = "any program may fail so"
    ANOTHERS = "another program says it"


class _Least(NamedTuple):
    """What speaks clearly enough.

    Attributes:
        score: how like the likest cause it must be.
        lead: how far above the next cause that must be.
        none: how much less must speak for none of them.
    """

    score: float
    lead: float
    none: float

    def is_met_by(self, like: Likeness) -> bool:
        """Whether a text is clearly like one cause, and not like none."""
        score = like.scores[like.best]
        return score >= self.score and like.lead >= self.lead and like.none < self.none


# Chosen with 2,056 texts of threads of which nothing had been learned (docs/explain.md, "How well it does").
_LEAST: Final = {
    Doubt.NOT_KNOWN: _Least(-0.5, 0.0, -0.26),
    Doubt.NOT_SAID: _Least(-0.5, 0.1, 0.0),
    Doubt.NOBODYS: _Least(-0.6, 0.3, -0.15),
    Doubt.ANOTHERS: _Least(-0.8, 0.15, -0.35),
}
_OF_A_PLATFORM: Final = _Least(0.2, 0.45, 0.0)
"""The same where a page names a platform of another kind."""
_FAR_AHEAD: Final = 0.6
_OTHERWISE: Final = -0.2
"""How far above a signature's cause the likest must be to overrule it, and how like."""


def words_of(reading: Reading) -> str:
    """What is weighed of a text: what its utterances and its messages say, in whatever it was wrapped."""
    fields = (text_of(dict(message.fields)) for message in reading.messages)
    return "\n".join((*(entry.text for entry in reading.entries), *fields))


def told_by_likeness(reading: Reading, text: str, doubt: Doubt) -> Said | None:
    """What a text tells of which signatures claim nothing, if its words are clearly like those of one cause.

    Where nothing in it says that it happened, a passage that explains a message is told as what the text speaks of:
    who pastes what a page explains wants to know.

    Args:
        reading: the text, taken apart.
        text: the text.
        doubt: why signatures claim nothing.
    """
    telling = failing(reading.entries)
    if not telling and (doubt is Doubt.NOT_KNOWN or not _is_passage(reading, text)):
        return None
    least = _LEAST[doubt]
    if any(service.platform for service in _speakers(reading.entries)):
        if telling or doubt is not Doubt.NOT_SAID:
            return None
        least = _OF_A_PLATFORM
    return _told(reading, telling, least.is_met_by)


def _is_passage(reading: Reading, text: str) -> bool:
    """Whether a text of several lines says more than what it quotes: a sentence around a message mentions it."""
    if any(_says_nothing_of_failures(entry) for entry in reading.entries):
        return False
    own = len(_QUOTED.sub("", words_of(reading)).encode())
    few = _FEW_WORDS if len(reading.entries) > 1 else _A_PASSAGE
    return own >= few and len(text.split("\n")) > 1


_QUOTED: Final = regex(r"\"[^\"]{8,600}\"|“[^”]{8,600}”|「[^」]{8,600}」|`[^`]{8,600}`")
_A_PASSAGE: Final = 90
_FEW_WORDS: Final = 60
"""Bytes that stand beside what is quoted, in what cannot be taken apart and in what can."""


def _says_nothing_of_failures(entry: Entry) -> bool:
    """Whether it is a question, code or settings, or says that what failed is over."""
    text = folded(entry.text)
    return text.endswith("?") or describes_nothing(text) or says_over(text)


def explained_by_a_row(reading: Reading, text: str) -> Said | None:
    """What a row of a table of errors explains: its message decides, for its words are too few to weigh."""
    found = message_of_a_row(text) if "|" in text else None
    if found is None or not reading.entries:
        return None
    slug, cell = found
    holding = [entry for entry in reading.entries if cell[:_SHOWN] in entry.text]
    return _said(slug, holding[:1] or reading.entries, SPOKEN_OF)


_SHOWN: Final = 40
"""Characters of a cell by which the utterance is found that holds it."""


def told_otherwise(reading: Reading, first: Classification) -> Said | None:
    """What a text tells rather than the cause that a signature knows in it, if its words say so clearly.

    Words weigh what a text is about. Of causes that are about the same, signatures know better which one it is, and
    one that names act and object knows it anyway.
    """
    if first.why[0].rank >= Rank.CLEAR:
        return None
    if any(service.platform for service in _speakers(reading.entries)):
        return None
    telling = failing(reading.entries)
    said = _told(reading, telling, lambda like: _is_far_ahead(like, first.cause))
    return None if said is None or _are_told_apart(said.answer.cause, first.cause) else said


def _is_far_ahead(like: Likeness, slug: str) -> bool:
    return like.scores[like.best] >= _OTHERWISE and like.ahead_of(slug) >= _FAR_AHEAD


def _are_told_apart(one: str, other: str) -> bool:
    """Whether the catalogue itself tells two causes apart: they are about the same, or mistaken for each other."""
    first, second = CAUSES[one], CAUSES[other]
    mistaken = other in dict(first.confused_with) or one in dict(second.confused_with)
    return mistaken or first.category == second.category


def is_like_none(reading: Reading, first: Classification) -> bool:
    """Whether the words of a text speak for none of our causes, rather than for the one that a signature knows in it.

    Other products fail in the same few words. What speaks of AWS, Ash, what they run on, or of containers at all is
    left to the signatures, and so are precise ones.
    """
    if first.why[0].rank >= Rank.PRECISE:
        return False
    if any(is_signed(text) or _OF_CONTAINERS.search(text) for text in _folded(reading.entries)):
        return False
    weighed = words_of(reading)
    if len(reading.entries) > _A_LOG:  # its sound lines are like none
        weighed = "\n".join(entry.text for entry in failing(reading.entries))
    if len(marks(weighed)) < _FEWEST_OF_NONE:
        return False
    like = likeness(weighed)
    return like.none > 0 and like.none - like.of(first.cause) >= _FAR_AHEAD_OF_NONE


def _folded(entries: Sequence[Entry]) -> Iterator[str]:
    """The first utterances, as they stand and as one of them was put together again."""
    for entry in entries[:_NAMING]:
        yield from (folded(text) for text in (entry.text, entry.tight) if text)


_OF_CONTAINERS: Final = regex(
    r"\bcontainers?\b|\btasks?\b|\bbalancers?\b|\btargets?\b|\bdocker|\bdeploy"
)
_A_LOG: Final = 20
_FEWEST_OF_NONE: Final = 20
_FAR_AHEAD_OF_NONE: Final = 1.0
"""What a text must hold, and how much more its words must speak for none of our causes, to be taken from a signature."""


def _told(
    reading: Reading, telling: Sequence[Entry], is_clear: Callable[[Likeness], bool]
) -> Said | None:
    """What the words of a text are like; of a long one those alone weigh that tell of a failure."""
    weighed = words_of(reading)
    if len(weighed) > LONGEST:
        weighed = "\n".join(entry.text for entry in telling)
    if len(marks(weighed)) < _FEWEST:
        return None
    like = likeness(weighed)
    cause = CAUSES[like.best]
    if cause.severity == "info" or not is_clear(like) or _is_ruled_out(cause, folded(weighed)):
        return None
    if telling:
        return _said(like.best, telling, BY_LIKENESS)
    return _said(like.best, reading.entries, SPOKEN_OF) if reading.entries else None


def _is_ruled_out(cause: Cause, text: str) -> bool:
    """Whether a text (folded) holds what one of the cause's signatures asks for, and what it says it must not."""
    return any(
        fits(replace(signature, none_of=()), text) and not fits(signature, text)
        for signature in cause.signatures
        if signature.none_of
    )


def failing(entries: Sequence[Entry]) -> list[Entry]:
    """The first entries that say that something failed, rather than what would, or might, or is over."""
    spoken = spoken_of(entries[:_READ])
    texts = [entry.text.lower() for entry in spoken]
    alarming = (spoken[number] for number in alarmed(texts))
    found = list(islice(filter(_says_a_failure, alarming), _FIRST))
    over = [e.number for e in spoken if says_over(folded(e.text))] if found else []
    return [entry for entry in found if not _is_over(entry, over)]


_READ: Final = 2_000
_FIRST: Final = 100
"""Utterances of a long log that are looked at, and those of them that are weighed: a log of more says nothing else."""


def _is_over(entry: Entry, over: Sequence[int]) -> bool:
    """Whether it, or a later line, says that what it tells of was tried again and did not fail."""
    later = bool(over) and over[-1] > entry.number
    return entry.number in over or (later and says_again(folded(entry.text)))


def _says_a_failure(entry: Entry) -> bool:
    if entry.normal:
        return False
    text = folded(entry.text)
    return not is_title(text) and not is_general(text) and find(ALARM, asserted(text)) is not None


def _speakers(entries: Sequence[Entry]) -> Iterator[Service]:
    """The programs and platforms that name themselves in a text."""
    said = (entry.about or speaker(folded(entry.text)) for entry in entries[:_NAMING])
    return (service for service in said if service is not None)


_NAMING: Final = 40
"""Utterances among which a program names itself: its own log begins with it."""


def _said(slug: str, telling: Sequence[Entry], source: str) -> Said:
    entry = telling[speaking_most([entry.text for entry in telling], slug)]
    # A likeness is never sure enough for a command that changes something.
    hint = Hint(slug, Rank.GENERIC, f"{source}, line {entry.number}", entry.text[:200])
    kind = kinds.likely(folded(entry.text))[0]
    return Said(entry, kind, answer([hint], retried=False))
