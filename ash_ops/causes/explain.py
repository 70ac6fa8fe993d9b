"""What a pasted text means: the cause, the evidence, how to prove and repair it, what it is not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Rank
from ash_ops.causes.belonging import is_anybodys
from ash_ops.causes.calm import asserted
from ash_ops.causes.catalogue import CAUSES, closest
from ash_ops.causes.classify import (
    UNKNOWN,
    Classification,
    answer,
    classify,
    likeness,
    message_texts,
)
from ash_ops.causes.evidence import text_of
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.foreign import may_say, speaker
from ash_ops.causes.logs import ALARM
from ash_ops.causes.matching import find, folded
from ash_ops.causes.names import REFUSAL, names_in
from ash_ops.causes.ranking import ranked
from ash_ops.causes.reading import Entry, Message, Reading, decoded, read
from ash_ops.causes.reading.whole import Pasted
from ash_ops.causes.resemblance.weighed import (
    Doubt,
    explained_by_a_row,
    is_like_none,
    told_by_likeness,
    told_otherwise,
)
from ash_ops.causes.speech.anybodys import heard_of_anybody
from ash_ops.causes.speech.outcomes import started_anew
from ash_ops.causes.speech.surroundings import Surroundings
from ash_ops.causes.speech.telling import telling
from ash_ops.causes.structure import Hint
from ash_ops.causes.utterances import Said, alarming, heard
from ash_ops.patterns import regex
from ash_ops.redact import redact

_SLUG: Final = regex(r"[a-z0-9]{2,30}(?:[-_][a-z0-9]{1,30}){1,6}")


def explain(pasted: str | bytes) -> list[Explanation]:
    """Explain a cause's name, a message, log lines, or whole answers of AWS APIs.

    Args:
        pasted: what a person has: text of any wrapping, JSON or YAML anywhere in it, compressed
            or of any Unicode encoding.

    Returns:
        One explanation a cause, the root first. Never empty: what is not known is explained
        as ``unknown``.
    """
    # Behind the mask, which reads what is escaped as its writer did: JavaScript and Python show a text so.
    text = redact(decoded(pasted))
    text = text.replace("\\'", "'") if "\\" in text else text
    asked = text.strip()
    if asked in CAUSES:
        return [by_name(asked)]
    reading = read(text, telling)
    names = _Names(text, reading)
    around = Surroundings(reading.entries)
    found = ranked([*_of_messages(reading, names), *_of_entries(reading, names, around)])
    if not found and around.asked:
        if reading.passed:  # of nobody knows whose every line tells something
            reading = read(text)
            names = _Names(text, reading)
        found = ranked(_of_anybody(reading, names))
    return _weighed(_told(found, reading, asked), reading, names)


class _Names:
    """The names of a whole text, looked for when a command needs them."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.text, self._reading = text, reading
        self._all: dict[str, str] | None = None
        self._pasted: Pasted | None = None

    @cached_property
    def blank(self) -> list[int]:
        """The numbers of the lines on which nothing stands, whatever frame is drawn around them."""
        lines = self.text.split("\n")
        return [number for number, line in enumerate(lines, 1) if not line.strip(_FRAME)]

    def with_those_of(self, own: str) -> dict[str, str]:
        """All names; where a message has its own, those."""
        if self._all is None or self._pasted is None:
            self._pasted = Pasted(self.text, *_unescaped(self._reading.messages))
            # Wrapped names are whole in the entries; those of fields and command lines in the text.
            joined = "\n".join(entry.text for entry in self._reading.entries[:_FIRST])
            self._all = _merged(names_in(self.text, self._pasted), names_in(joined, self._pasted))
        return _merged(self._all, names_in(own, self._pasted))


def _unescaped(messages: tuple[Message, ...]) -> list[str]:
    """The fields of the first messages, as text without the escapes of the JSON they came in."""
    return [text_of(dict(message.fields)) for message in messages[:_FIRST]]


def _merged(all_: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    """Names with a message's own over them; who was refused what is of one message.

    A registry names an image without the tag that stands on the command line.
    """
    if "image" in own and all_.get("image", "").startswith(f"{own['image']}:"):
        own = own | {"image": all_["image"]}
    if "action" in own:
        all_ = {name: value for name, value in all_.items() if name not in REFUSAL}
    return all_ | own


_FRAME: Final = " \t\r>|│║#*"
_FIRST: Final = 200
"""Entries of a text in which names are looked for, beside the one that decided."""


def by_name(slug: str) -> Explanation:
    """A cause explained without a message."""
    entry = CAUSES[slug]
    others = tuple(other for other, _ in entry.confused_with)
    return Explanation(slug, "", Classification(entry.slug, entry.severity, entry.title, others))


def _told(found: list[Explanation], reading: Reading, asked: str) -> list[Explanation]:
    """What was found, unless it is calm and something in the text is not."""
    calm = all(entry.answer.severity == "info" for entry in found)
    if found and not (calm and (reading.unread or _is_contradicted(found, reading))):
        return found
    unknown = Classification(UNKNOWN, None, *_why_unknown(reading))
    close = tuple(closest(asked)) if _SLUG.fullmatch(asked) else ()
    first = Explanation("message", "", unknown, unread=reading.unread, close=close)
    return [first, *found]


def _weighed(told: list[Explanation], reading: Reading, names: _Names) -> list[Explanation]:
    """What was told, with what the words of the whole text speak for where it is not known, or was misread."""
    first = told[0]
    if first.close:
        return told
    refused = bool(first.answer.alternatives) and first.cause is None
    if first.cause is None:
        said = told_by_likeness(reading, names.text, _doubt(first.answer.title))
        said = said or explained_by_a_row(reading, names.text)
        rest = told[1:]
    elif _may_be_misread(first):
        said = told_otherwise(reading, first.answer)
        rest = told if first.strength >= Rank.GENERIC else told[1:]
    else:
        return told
    if said is None and all(map(_may_be_misread, told)) and is_like_none(reading, first.answer):
        return [_unknown(_OF_ANOTHER, told, first.unread)]
    if said is None or any(one.answer.cause == said.answer.cause for one in told):
        return told  # of two that the text tells of, the root is known
    own = names.with_those_of(said.entry.text)
    weighed = Explanation(
        "message",
        said.kind,
        said.answer,
        own,
        text=folded(said.entry.text),
        unread=first.unread,
        anybodys=refused,
        around=names.text,
    )
    return [weighed, *rest]


def _doubt(title: str) -> Doubt:
    """Why nothing was claimed, by the title that says it."""
    if title.endswith(ANOTHERS.partition("{}")[2]):
        return Doubt.ANOTHERS
    return {_NOT_SAID: Doubt.NOT_SAID, _NOBODYS: Doubt.NOBODYS}.get(title, Doubt.NOT_KNOWN)


def _unknown(why: str, told: Sequence[Explanation], unread: int) -> Explanation:
    """Nothing is claimed: why, and what would have been told."""
    resembled = tuple(one.answer.cause for one in told)
    return Explanation("message", "", Classification(UNKNOWN, None, why, resembled), unread=unread)


_OF_ANOTHER: Final = "A failure of something else, by most of its words"


def _may_be_misread(first: Explanation) -> bool:
    """Whether what leads rests on words that may stand in another message too."""
    return (
        first.cause is not None
        and not first.structured
        and first.answer.severity != "info"
        and bool(first.answer.why)
    )


def _is_contradicted(found: list[Explanation], reading: Reading) -> bool:
    """Whether beside fields that say all is well a line sounds otherwise, and nothing explains it."""
    fields_only = all(entry.structured and not _is_symptom(entry) for entry in found)
    return fields_only and alarming(reading.entries, ()) is not None


def _is_symptom(entry: Explanation) -> bool:
    return entry.cause is not None and entry.cause.symptom


def _why_unknown(reading: Reading) -> tuple[str, tuple[str, ...]]:
    """Why nothing is claimed, and what the words would have been taken for."""
    for entry in reading.entries[:_FEW]:
        text = folded(entry.text)
        service = entry.about or speaker(text)
        if service is not None and find(ALARM, text):
            return ANOTHERS.format(service.name), tuple(likeness(text))
        unsaid, alarmed = asserted(text) != text, find(ALARM, text) is not None
        like = likeness(text) if unsaid or alarmed else []
        if like and unsaid:
            return _NOT_SAID, tuple(like)
        if alarmed and any(is_anybodys(CAUSES[slug]) for slug in like):
            return _NOBODYS, tuple(like)
    return "Not a message this catalogue knows", ()


_FEW: Final = 40
ANOTHERS: Final = "A message of {}, which is no part of an Ash deployment"
_NOBODYS: Final = (
    "A failure that any program may have, and nothing says that this one is of Ash or AWS"
)
_NOT_SAID: Final = "The words of a failure, and nothing says that it happened"


def _of_messages(reading: Reading, names: _Names) -> Iterator[Explanation]:
    """Messages with fields, the earliest first: services and stacks list their newest event first."""
    for message in reversed(reading.messages):
        kind, answer = classified(message)
        if message.labelled and answer.cause == UNKNOWN:
            continue
        text = text_of(dict(message.fields))
        own = names.with_those_of(text) if answer.severity != "info" else {}
        known = folded(text[:20_000])
        yield Explanation(
            message.subject, kind, answer, own, text=known, structured=True, around=names.text
        )


def classified(message: Message) -> tuple[str, Classification]:
    """The kind and the cause of a message with fields; unknown when it is another service's."""
    kind, answer = _classified(message)
    cause = CAUSES.get(answer.cause)
    if (message.kind not in _OF_ANYONE and not message.labelled) or cause is None:
        return kind, answer
    told = folded(text_of(dict(message.fields)))
    service = speaker(told)
    if service is None or may_say(service, cause, message.kind, told):
        return kind, answer
    return kind, Classification(UNKNOWN, None, ANOTHERS.format(service.name), (answer.cause,))


_OF_ANYONE: Final = frozenset({"http", "api_error", "log_line"})
"""Kinds of message that any service writes."""


def _classified(message: Message) -> tuple[str, Classification]:
    """Its texts are asked for every kind they may be when its own kind knows no cause."""
    own = classify(message.kind, message.fields)
    within = _holds_json(message)
    if _is_clear(own) and not within:
        return message.kind, own
    said = max(_texts(message), key=_worth, default=None)
    if said is None or (_worth(said) <= _value(own) and not within) or _is_weak(said, own):
        return message.kind, own
    return said.kind, said.answer


def _holds_json(message: Message) -> bool:
    """Whether one of the texts is JSON, of which the words alone tell too much."""
    return any(
        text.lstrip()[:2] in _JSON for _, text in message_texts(message.kind, message.fields)
    )


_JSON: Final = frozenset(('{"', "{\n", "[{", "[\n"))


def _is_weak(said: Said, own: Classification) -> bool:
    """Whether words say less than what the structure calls normal."""
    return bool(own.why) and own.severity == "info" and said.rank <= own.why[0].rank


def _texts(message: Message) -> Iterator[Said]:
    for source, text in message_texts(message.kind, message.fields):
        if len(text) > _A_CODE:
            for said in _within(text):
                yield replace(said, answer=_from(said.answer, source))


def _within(text: str) -> Iterator[Said]:
    """What a text within a field says; it may be JSON, too, which its writer made a text of."""
    if text.lstrip()[:1] not in ("{", "[") and "\n" not in text:
        yield from heard((Entry(text, 1),), ours=True)
        return
    reading = read(text)
    yield from heard(reading.entries, ours=True)
    for message in reading.messages:
        if text_of(dict(message.fields)) != text:
            kind, answer = classified(message)
            yield Said(Entry(text, 1), kind, answer)


_A_CODE: Final = 12
"""Characters up to which a text is a code or a state, not something said."""


def _from(answer: Classification, source: str) -> Classification:
    return replace(answer, why=tuple(replace(hint, source=source) for hint in answer.why))


def _is_clear(answer: Classification) -> bool:
    cause = CAUSES.get(answer.cause)
    known = cause is not None and not cause.symptom and answer.severity != "info"
    return known and answer.why[0].rank >= Rank.CLEAR


def _worth(said: Said) -> tuple[int, int]:
    return _value(said.answer)


def _value(answer: Classification) -> tuple[int, int]:
    """How much an answer is worth: a cause more than a symptom, that more than calm, that than none."""
    cause = CAUSES.get(answer.cause)
    if cause is None:
        return 0, 0
    rank = answer.why[0].rank if answer.why else 0
    if answer.severity == "info":
        return 1, rank
    return (2 if cause.symptom else 3), rank


def _of_entries(reading: Reading, names: _Names, around: Surroundings) -> Iterator[Explanation]:
    """Utterances of plain text, in order; calm ones are told only if nothing sounds otherwise."""
    said = heard(reading.entries, around)
    if said and all(map(_is_calm, said)) and alarming(reading.entries, said):
        return
    said = _anew(said, reading.entries)
    for one in said:
        own = {} if _is_calm(one) else names.with_those_of(one.entry.text)
        yield _explained(one, own, names)


def _explained(one: Said, own: dict[str, str], names: _Names) -> Explanation:
    entry = one.entry
    return Explanation(
        "message",
        one.kind,
        one.answer,
        own,
        text=folded(entry.text),
        around=names.text,
        stretch=bisect_right(names.blank, entry.number),
        dated=entry.number if entry.dated else -1,
    )


def _anew(said: list[Said], entries: Sequence[Entry]) -> list[Said]:
    """Events that each are normal; of a service that starts anew all the time, that it does."""
    if not said or any(one.answer.cause != "healthy-deploy-progress" for one in said):
        return said
    told = started_anew([entry.text for entry in entries])
    if told is None:
        return said
    hint = Hint("crash-loop", Rank.SYMPTOM, "the text", told)
    return [Said(said[-1].entry, "service_event", answer([hint], retried=False))]


def _is_calm(said: Said) -> bool:
    """Whether an utterance tells of no failure; one that names the failure it comes from does."""
    return said.answer.severity == "info" and not CAUSES[said.answer.cause].symptom


def _of_anybody(reading: Reading, names: _Names) -> Iterator[Explanation]:
    """Failures of nobody knows whose program: told, since who asks may well know, and with no change to make."""
    for one in heard_of_anybody(reading.entries):
        own, text = names.with_those_of(one.entry.text), folded(one.entry.text)
        yield Explanation(
            "message", one.kind, one.answer, own, text=text, anybodys=True, around=names.text
        )
