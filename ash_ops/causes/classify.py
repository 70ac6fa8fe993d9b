"""From a message to its cause: structure first, then what the words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

from msgspec import Struct, field

from ash_ops.causes import catalogue, logs, peers
from ash_ops.causes.base import Cause, Rank, Severity, Signature
from ash_ops.causes.calm import asserted
from ash_ops.causes.catalogue.listed import listed_beginnings
from ash_ops.causes.denials import without_call
from ash_ops.causes.evidence import (
    LONGEST,
    Piece,
    items,
    lenient,
    log_lines,
    pieces,
    text_of,
    texts,
)
from ash_ops.causes.foreign import may_say, speaker
from ash_ops.causes.matching import Beginnings, Haystack, fits, lowered, plain
from ash_ops.causes.quoting import quote
from ash_ops.causes.structure import READERS, Hint

UNKNOWN: Final = "unknown"
_ALTERNATIVES: Final = 4


class Classification(Struct, frozen=True):
    """The answer to "what does this message mean?".

    Attributes:
        cause: a slug of the catalogue, or ``unknown``.
        severity: that of the cause; None when it is unknown.
        title: one line.
        alternatives: other slugs that the evidence, or their likeness, does not rule out.
        why: what the answer rests on, the deciding evidence first.
    """

    cause: str
    severity: Severity | None
    title: str
    alternatives: tuple[str, ...] = ()
    why: tuple[Hint, ...] = field(default=())


def classify(kind: str, fields: Mapping[str, Any] | object) -> Classification:
    """Name the cause of one message.

    Args:
        kind: one of ``base.KINDS``; anything else is read as a log line.
        fields: the message as the API returns it. Missing, null, misspelt-case and wrongly typed
            fields are tolerated.

    Returns:
        The cause, or ``unknown``. Never an exception, whatever the fields are.
    """
    known = kind if kind in READERS else "log_line"
    message = lenient(fields)
    hints = [*READERS[known](message)] if known in READERS else []
    hints.extend(text_hints(list(message_pieces(known, message)), known))
    if known == "log_line" and not any(hint.rank > Rank.NORMAL for hint in hints):
        hints.extend(logs.normal(message))
    return answer(hints, retried=known == "log_line")


class Match(NamedTuple):
    """A signature that one of several texts fits: which text, and whose signature."""

    number: int
    cause: Cause
    signature: Signature


_EARLIEST: Final = 3
"""Texts that are kept of those which one signature fits: the first ones decide."""
_SHORT: Final = 20_000


def matches(folded: tuple[str, ...], kind: str = "") -> tuple[Match, ...]:
    """The signatures of a kind (all, when it is empty) that texts (folded) fit, text by text."""
    if sum(map(len, folded)) <= _SHORT:
        return _remembered(folded, kind)
    return _matches(folded, kind)


def _matches(folded: tuple[str, ...], kind: str) -> tuple[Match, ...]:
    haystack = Haystack(folded)
    found = [
        Match(number, entry, signature)
        for entry, signature in _likely(haystack, kind)
        for number in islice(_meant(haystack, entry, signature, folded, kind), _EARLIEST)
    ]
    return tuple(sorted(found, key=lambda match: match.number))


def _likely(haystack: Haystack, kind: str) -> Iterator[tuple[Cause, Signature]]:
    """The signatures of a kind that texts may fit, in catalogue order."""
    every = catalogue.signatures()
    for number in haystack.may_fit(_beginnings()):
        entry, signature = every[number]
        if not kind or not signature.kinds or kind in signature.kinds:
            yield entry, signature


def possible(haystack: Haystack) -> Iterator[Signature]:
    """The signatures of which texts may hold all that each asks for."""
    return (signature for _, signature in _likely(haystack, "") if haystack.may_match(signature))


@cache
def _beginnings() -> Beginnings:
    return listed_beginnings([signature for _, signature in catalogue.signatures()])


def _meant(
    haystack: Haystack, cause: Cause, signature: Signature, folded: tuple[str, ...], kind: str
) -> Iterator[int]:
    """The texts that a signature fits and that mean it, the first ones first."""
    for number in sorted(haystack.match(signature)):
        text = folded[number]
        if _is_only_named(text, cause, signature):
            continue
        if kind in _OF_AWS or is_meant(text, cause, signature, kind):
            yield number


def _is_only_named(text: str, cause: Cause, signature: Signature) -> bool:
    """Whether a failure of a deployment is heard in nothing but the name of a call that was refused."""
    if cause.category != "deploy" or cause.slug.endswith("-denied"):
        return False
    said = without_call(text)
    return said != text and not fits(signature, said)


_OF_AWS: Final = frozenset({"stopped_task", "service_event", "cfn_event", "target_health"})
"""Kinds whose fields AWS writes about what is asked for: nothing else is spoken of in them."""


def is_meant(text: str, cause: Cause, signature: Signature, kind: str = "") -> bool:
    """Whether a text (folded) that a signature fits asserts the cause, and of something of ours."""
    if cause.severity == "info":
        return True
    service = speaker(text)
    if service is not None and not may_say(service, cause, kind, text):
        return False
    told = peers.is_told_of_any_port(cause.slug, text)
    if cause.slug in peers.CALLING and not told and peers.is_another(text):
        return False
    if cause.category in peers.ABOUT_CALLS and peers.is_another_caller(text):
        return False
    said = asserted(text)
    return said == text or fits(signature, said)


# The tasks of a service die alike: a hundred deaths are one text or two.
_remembered = lru_cache(maxsize=1024)(_matches)


def text_hints(parts: Sequence[Piece], kind: str) -> Iterator[Hint]:
    """What the words of texts say, the texts in order."""
    for match in matches(tuple(part.folded for part in parts), kind):
        part = parts[match.number]
        source, quoted = quote(part, match.signature)
        yield Hint(match.cause.slug, match.signature.rank, source, quoted)


_RETRY: Final = "retrying"


def answer(hints: list[Hint], *, retried: bool) -> Classification:
    """The strongest hint; between equals the earlier evidence.

    A log that only says that something is tried again is no failure yet: the cause is named,
    its severity is info.
    """
    if not hints:
        return Classification(UNKNOWN, None, "Not a message this catalogue knows")
    ranked = sorted(hints, key=lambda hint: -hint.rank)
    best = catalogue.CAUSES[ranked[0].slug]
    others = dict.fromkeys(hint.slug for hint in ranked if hint.slug != best.slug)
    others.update(dict.fromkeys(slug for slug, _ in best.confused_with))
    why = _evidence([hint for hint in ranked if hint.slug == best.slug])
    only_retries = retried and all(_RETRY in hint.quote for hint in why)
    return Classification(
        best.slug,
        "info" if only_retries else best.severity,
        best.title,
        tuple(others)[:_ALTERNATIVES],
        why,
    )


def _evidence(hints: list[Hint]) -> tuple[Hint, ...]:
    """The strongest hint of each source, three at most."""
    by_source: dict[str, Hint] = {}
    for hint in hints:
        by_source.setdefault(hint.source, hint)
    return tuple(by_source.values())[:3]


def message_texts(kind: str, message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a message one by one, each with the field it comes from."""
    if kind in ("stopped_task", "log_line"):
        yield from ((part.source, part.raw) for part in message_pieces(kind, message))
    else:
        yield from (found for found in texts(dict(message), "", 5) if _tells(kind, found[0]))


def message_pieces(kind: str, message: Mapping[str, Any]) -> Iterator[Piece]:
    """The texts of a message, those that tell most first."""
    if kind == "stopped_task":
        yield from _task_pieces(message)
    elif kind == "log_line":
        yield from _log_pieces(message)
    else:
        yield from _other_pieces(kind, message)


def _task_pieces(message: Mapping[str, Any]) -> Iterator[Piece]:
    for container in items(message.get("containers")):
        if text_of(container.get("name")).startswith(_NOT_ESSENTIAL):
            continue
        reason = container.get("reason")
        if reason:
            name = text_of(container.get("name"))
            source = f"containers[{name}].reason" if name else "reason"
            yield from pieces(source, text_of(reason))
    for name in ("stoppedReason", "message", "reason"):
        if message.get(name):
            yield from pieces(name, text_of(message[name]))
    for attachment in items(message.get("attachments")):
        for source, text in texts(attachment.get("details"), "attachments"):
            yield from pieces(source, text)
    yield from _log_pieces(message)


def _log_pieces(message: Mapping[str, Any]) -> Iterator[Piece]:
    lines = log_lines(message.get("logs", message.get("log")))
    if not lines and "message" in message:
        lines = log_lines(text_of(message["message"]))
    for line in dict.fromkeys(logs.entries(lines)):
        if not line.lstrip().startswith(logs.BESIDE_THE_POINT):
            yield from pieces("log", logs.readable(line))


def _other_pieces(kind: str, message: Mapping[str, Any]) -> Iterator[Piece]:
    """The texts one by one, and together: a code beside a message belongs to it."""
    found = [(source, text) for source, text in texts(dict(message), "", 5) if _tells(kind, source)]
    if len(found) > 1:
        whole = " | ".join(text for _, text in found)
        if len(whole) <= LONGEST:
            shown = plain(whole)
            yield Piece("", shown, lowered(shown), whole, tuple(found))
            return
        yield from pieces(", ".join(dict.fromkeys(source for source, _ in found[:4])), whole)
    else:
        for source, text in found:
            yield from pieces(source, text)


_NOT_ESSENTIAL: Final = "aws-guardduty-agent"
"""The sidecar GuardDuty adds to tasks by itself; its failures never stop a task."""

_SILENT: Final = frozenset(
    {"path", "method", "url", "requestId", "logicalResourceId", "id", "operation"}
)


def _tells(kind: str, source: str) -> bool:
    """Whether a field says what went wrong, rather than what was asked."""
    name = source.rsplit(".", 1)[-1].split("[")[0]
    return name not in _SILENT or (kind == "http" and source == "path")


def likeness(text: str) -> list[str]:
    """The causes whose words a text (folded) holds, whatever it means by them; the likest first."""
    haystack = Haystack((text,))
    found = [
        (-signature.rank, entry.slug)
        for entry, signature in _likely(haystack, "")
        if entry.severity != "info" and haystack.match(signature)
    ]
    return list(dict.fromkeys(slug for _, slug in sorted(found)))[:_ALTERNATIVES]
