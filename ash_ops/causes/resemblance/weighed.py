"""What the words of a whole text weigh: asked where no signature knows it, and where one may have misread it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from ash_ops.causes import kinds
from ash_ops.causes.base import Cause, Rank
from ash_ops.causes.calm import asserted, describes_nothing, says_again, says_over
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.classify import Classification, answer
from ash_ops.causes.evidence import text_of
from ash_ops.causes.foreign import Service, speaker
from ash_ops.causes.logs import ALARM, alarmed
from ash_ops.causes.matching import find, fits, folded
from ash_ops.causes.reading import Entry, Reading
from ash_ops.causes.resemblance import NONE, Likeness, likeness, marks, speaking_most
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
# Measured with 650 incidents and 151 sound or foreign texts of which nothing had been learned
# (docs/explain.md, "How well it does").
_ALONE: Final = -0.2
_OF_ANOTHER: Final = -0.05
_OF_ANYBODY: Final = 0.3
"""What the score must be where signatures are silent, where another program names itself, and where nothing shows whose it is."""
_AHEAD: Final = 0.1
"""How far above the next cause it must be then."""
_OTHERWISE: Final = -0.15
"""What it must be to overrule a signature."""
_FAR_AHEAD: Final = 0.45
_FARTHER: Final = 0.9
"""How far above that signature's cause: of one that names a few words, and of one that names act and object."""


def words_of(reading: Reading) -> str:
    """What is weighed of a text: what its utterances and its messages say, in whatever it was wrapped."""
    fields = (text_of(dict(message.fields)) for message in reading.messages)
    return "\n".join((*(entry.text for entry in reading.entries), *fields))


def told_by_likeness(reading: Reading, *, refused: bool) -> Said | None:
    """What a text tells of which no signature claims anything, if its words leave little doubt.

    Args:
        reading: the text, taken apart.
        refused: whether signatures know its words, and nothing shows that they are of Ash or AWS.
    """
    others = any(_speakers(reading.entries))
    least = _OF_ANOTHER if others else _OF_ANYBODY if refused else _ALONE
    return _told(reading, least, lambda like: like.lead >= _AHEAD)


def explained(reading: Reading, text: str, suspected: Sequence[str]) -> Said | None:
    """What a passage explains, as a page of errors does: nothing says that it happened, and who pastes it wants to know.

    Args:
        reading: the text, taken apart.
        text: the text.
        suspected: the causes whose signatures know its words. The words must speak for one of them.
    """
    entries = reading.entries
    weighed = words_of(reading)
    if not entries or not suspected or not _is_passage(text, weighed, len(entries)):
        return None
    if any(describes_nothing(folded(entry.text)) for entry in entries):
        return None
    of_a_platform = any(service.platform for service in _speakers(entries))
    least, ahead = (_AGREED_OF_A_PLATFORM, _FAR_AHEAD) if of_a_platform else (_AGREED, _AHEAD)
    like = likeness(weighed)
    if like.best not in suspected or like.scores[like.best] < least or like.lead < ahead:
        return None
    return None if CAUSES[like.best].severity == "info" else _said(like.best, entries, SPOKEN_OF)


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


def _is_passage(text: str, weighed: str, entries: int) -> bool:
    """Whether a text of several lines says more than what it quotes: a sentence around a message mentions it."""
    own = len(_QUOTED.sub("", weighed).encode())
    return own >= (_FEW_WORDS if entries > 1 else _A_PASSAGE) and len(text.split("\n")) > 1


_QUOTED: Final = regex(r"\"[^\"]{8,600}\"|“[^”]{8,600}”|「[^」]{8,600}」|`[^`]{8,600}`")
_A_PASSAGE: Final = 90
_FEW_WORDS: Final = 60
"""Bytes that stand beside what is quoted, in what cannot be taken apart and in what can."""
_AGREED: Final = 0.0
_AGREED_OF_A_PLATFORM: Final = 0.2
"""What the score must be there, and where a platform of another kind names itself too."""


def told_otherwise(reading: Reading, first: Classification) -> Said | None:
    """What a text tells rather than the cause that a signature knows in it, if its words say so clearly.

    Words weigh what a text is about. Of causes that are about the same, signatures know better which one it is.
    """
    ahead = _FARTHER if first.why[0].rank >= Rank.CLEAR else _FAR_AHEAD
    said = _told(reading, _OTHERWISE, lambda like: like.ahead_of(first.cause) >= ahead)
    return None if said is None or _are_told_apart(said.answer.cause, first.cause) else said


def _are_told_apart(one: str, other: str) -> bool:
    """Whether the catalogue itself tells two causes apart: they are about the same, or mistaken for each other."""
    first, second = CAUSES[one], CAUSES[other]
    mistaken = other in dict(first.confused_with) or one in dict(second.confused_with)
    return mistaken or first.category == second.category


def _told(reading: Reading, least: float, is_clear: Callable[[Likeness], bool]) -> Said | None:
    if any(service.platform for service in _speakers(reading.entries)):
        return None
    telling = failing(reading.entries)
    if not telling:
        return None
    weighed = words_of(reading)
    if len(weighed) > LONGEST:
        weighed = "\n".join(entry.text for entry in telling)
    if len(marks(weighed)) < _FEWEST:
        return None
    like = likeness(weighed)
    if like.best == NONE or like.scores[like.best] < least or not is_clear(like):
        return None
    cause = CAUSES[like.best]
    if cause.severity == "info" or _is_ruled_out(cause, folded(weighed)):
        return None
    return _said(like.best, telling)


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


def _said(slug: str, telling: Sequence[Entry], source: str = BY_LIKENESS) -> Said:
    entry = telling[speaking_most([entry.text for entry in telling], slug)]
    # A likeness is never sure enough for a command that changes something.
    hint = Hint(slug, Rank.GENERIC, f"{source}, line {entry.number}", entry.text[:200])
    kind = kinds.likely(folded(entry.text))[0]
    return Said(entry, kind, answer([hint], retried=False))
