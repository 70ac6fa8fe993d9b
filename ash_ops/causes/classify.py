"""From a message to its cause: structure first, then what the words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from ash_ops.causes import catalogue, logs
from ash_ops.causes.base import Rank, Severity
from ash_ops.causes.evidence import Piece, items, lenient, log_lines, piece, text_of, texts
from ash_ops.causes.matching import Text
from ash_ops.causes.structure import READERS, Hint

UNKNOWN: Final = "unknown"
_ALTERNATIVES: Final = 4
_QUOTE: Final = 240


@dataclass(frozen=True, slots=True)
class Classification:
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
    for part in pieces(known, message):
        hints.extend(_hints(known, part))
    if known == "log_line" and not any(hint.rank > Rank.NORMAL for hint in hints):
        hints.extend(logs.normal(message))
    return _answer(hints, retried=known == "log_line")


@lru_cache(maxsize=1024)  # the tasks of a service die alike: a hundred deaths are one text or two
def _hints(kind: str, part: Piece) -> tuple[Hint, ...]:
    text = Text(part.folded)
    found = (
        (entry, signature, text.match(signature)) for entry, signature in catalogue.signatures(kind)
    )
    return tuple(
        Hint(entry.slug, signature.rank, part.source, _quote(part, words))
        for entry, signature, words in found
        if words is not None
    )


def _quote(part: Piece, words: str) -> str:
    """The part of the text around the words that decided."""
    shown = part.shown
    if len(shown) <= _QUOTE:
        return shown
    at = max(part.folded.find(words), 0)
    start = max(0, min(at - _QUOTE // 3, len(shown) - _QUOTE))
    end = start + _QUOTE
    return f"{'...' if start else ''}{shown[start:end]}{'...' if end < len(shown) else ''}"


_RETRY: Final = "retrying"


def _answer(hints: list[Hint], *, retried: bool) -> Classification:
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


def pieces(kind: str, message: Mapping[str, Any]) -> Iterator[Piece]:
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
            yield piece(
                f"containers[{text_of(container.get('name')) or '?'}].reason", text_of(reason)
            )
    for name in ("stoppedReason", "message", "reason"):
        if message.get(name):
            yield piece(name, text_of(message[name]))
    for attachment in items(message.get("attachments")):
        for source, text in texts(attachment.get("details"), "attachments"):
            yield piece(source, text)
    yield from _log_pieces(message)


def _log_pieces(message: Mapping[str, Any]) -> Iterator[Piece]:
    lines = log_lines(message.get("logs", message.get("log")))
    if not lines and "message" in message:
        lines = log_lines(text_of(message["message"]))
    for line in dict.fromkeys(logs.entries(lines)):
        if not line.lstrip().startswith(logs.BESIDE_THE_POINT):
            yield piece("log", logs.readable(line))


def _other_pieces(kind: str, message: Mapping[str, Any]) -> Iterator[Piece]:
    """The texts one by one, and together: a code beside a message belongs to it."""
    found = [(source, text) for source, text in texts(dict(message), "", 5) if _tells(kind, source)]
    if len(found) > 1:
        whole = " | ".join(text for _, text in found)
        yield piece("; ".join(dict.fromkeys(source for source, _ in found[:4])), whole)
    else:
        for source, text in found:
            yield piece(source, text)


_NOT_ESSENTIAL: Final = "aws-guardduty-agent"
"""The sidecar GuardDuty adds to tasks by itself; its failures never stop a task."""

_SILENT: Final = frozenset(
    {"path", "method", "url", "requestId", "logicalResourceId", "id", "operation"}
)


def _tells(kind: str, source: str) -> bool:
    """Whether a field says what went wrong, rather than what was asked."""
    name = source.rsplit(".", 1)[-1].split("[")[0]
    return name not in _SILENT or (kind == "http" and source == "path")
