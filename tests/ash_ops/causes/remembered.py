"""Answers to texts that are read alike, found once: which causes are told follows from the reading alone."""

from __future__ import annotations

from typing import Any

from ash_ops.causes.base import Severity
from ash_ops.causes.explain import explain
from ash_ops.causes.reading import Entry, Reading, decoded, read
from ash_ops.redact import redact

Answers = tuple[tuple[str, Severity | None], ...]
_KNOWN: dict[str, Answers] = {}


def reading_of(pasted: str | bytes) -> Reading:
    """A pasted text as ``explain`` takes it apart."""
    return read(redact(decoded(pasted)))


def answers(pasted: str | bytes) -> Answers:
    """The causes that are told of a text, the root first, each with its severity."""
    reading = _key(reading_of(pasted))
    if reading not in _KNOWN:
        _KNOWN[reading] = told(pasted)
    return _KNOWN[reading]


def told(pasted: str | bytes) -> Answers:
    """The same, asked for anew."""
    return tuple((entry.answer.cause, entry.answer.severity) for entry in explain(pasted))


def _key(reading: Reading) -> str:
    """All that a reading holds but the lines on which it stands."""
    blocks: dict[int, int] = {}
    entries = [_of_entry(entry, blocks) for entry in reading.entries]
    messages = [(message.kind, message.fields, message.labelled) for message in reading.messages]
    return repr((entries, messages, reading.unread))


def _of_entry(entry: Entry, blocks: dict[int, int]) -> tuple[Any, ...]:
    lines = [line.text for line in entry.lines]
    block = blocks.setdefault(entry.block, len(blocks))
    return entry.text, entry.tight, lines, block, entry.command, entry.normal, entry.about
