"""Explanations as text for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from ash_ops.causes.advice.blanks import MEANING
from ash_ops.causes.base import Step
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.repairs import placeholders
from ash_ops.causes.resemblance.weighed import BY_LIKENESS, SPOKEN_OF

_SHAPES: Final = frozenset(
    ("message", "error", "event", "answer", "container", "log", "service", "task", "call")
)
"""Subjects that say no more than what kind of message it is."""
_NARROWEST: Final = 40


def lines(found: list[Explanation], width: int = 0) -> Iterator[str]:
    """The explanations: causes in full, the root first; symptoms and normal activity in one line.

    Args:
        found: what ``explain`` found.
        width: the columns of the terminal, to which sentences are wrapped; 0 wraps nothing.
            Commands are never wrapped: they are copied.
    """
    for index, entry in enumerate(found):
        if index:
            yield ""
        for line in _headline(entry) if index and _is_beside(entry) else _whole(entry):
            yield from _wrapped(line, width)


def _is_beside(entry: Explanation) -> bool:
    symptom = entry.cause is not None and entry.cause.symptom
    return entry.answer.severity in (None, "info") or symptom


def _wrapped(line: str, width: int) -> Iterator[str]:
    indent = line[: len(line) - len(line.lstrip())]
    if width < _NARROWEST or len(line) <= width or line.startswith(_COMMAND):
        yield line
        return
    hanging = indent if not indent else f"{indent}  "
    yield from textwrap.wrap(
        line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


_COMMAND: Final = " " * 6


def _headline(entry: Explanation) -> Iterator[str]:
    severity = (entry.answer.severity or "unknown").upper()
    yield f"{severity}  {entry.answer.title}  [{entry.answer.cause}]"
    if entry.subject not in _SHAPES and entry.subject != entry.answer.cause:
        times = f" ({entry.times} times)" if entry.times > 1 else ""
        yield f"  in: {entry.subject}{times}"
    if entry.unread:
        yield f"  Not read: {entry.unread:,} characters in the middle; the text is too long."


def _whole(entry: Explanation) -> Iterator[str]:
    yield from _headline(entry)
    cause = entry.cause
    if cause is None:
        yield from _unknown(entry)
        return
    yield f"  {cause.meaning}"
    yield from (f"  {said}" for by, said in _GROUNDS.items() if _rests_on(entry, by))
    yield from _candidates(entry)
    yield from _why(entry)
    yield from _steps("How to prove it", entry.proof())
    yield from _steps("How to repair it", entry.repair())
    yield from _fill_in([*entry.proof(), *entry.repair()])
    if cause.confused_with and not cause.symptom:
        yield "  What it is not"
        yield from (f"    {slug}: {because}" for slug, because in cause.confused_with)
    if cause.docs_url:
        yield f"  More: {cause.docs_url}"


_GROUNDS: Final = {
    BY_LIKENESS: "No message known by heart stands in the text: its words are most like those of this cause.",
    SPOKEN_OF: "The text speaks of this failure; it does not say that it happened here.",
}


def _rests_on(entry: Explanation, source: str) -> bool:
    return any(hint.source.startswith(source) for hint in entry.answer.why)


def _candidates(entry: Explanation) -> Iterator[str]:
    """What may be behind a message that does not say why."""
    cause = entry.cause
    if cause is None or not cause.symptom or not cause.confused_with:
        return
    yield "  What may be behind it"
    yield from (
        f"    {CAUSES[slug].title} [{slug}]: {because}" for slug, because in cause.confused_with
    )


def _unknown(entry: Explanation) -> Iterator[str]:
    yield "  Nothing in the catalogue fits, and a guess would be worse than none."
    if entry.close:
        yield f"  Did you mean {' or '.join(entry.close)}?"
    if entry.answer.alternatives:
        yield f"  Faint likeness: {', '.join(entry.answer.alternatives)}"
    for hint in entry.answer.why:
        yield f'  This sounds like a failure: {hint.source}: "{hint.quote}"'
    yield "  Let the doctor look at the deployment itself: ash-ops doctor"


def _why(entry: Explanation) -> Iterator[str]:
    if not entry.answer.why:
        return
    yield "  Why we think so"
    for source, quote in dict.fromkeys((h.source, h.quote) for h in entry.answer.why):
        yield f'    {source}: "{quote}"' if source else f'    "{quote}"'


def _steps(title: str, steps: list[Step]) -> Iterator[str]:
    if not steps:
        return
    yield f"  {title}"
    for step in steps:
        if step.why:
            yield f"    {step.why.removesuffix('.')}:" if step.command else f"    {step.why}"
        if step.command:
            yield f"{_COMMAND}{step.command}"


def _fill_in(steps: list[Step]) -> Iterator[str]:
    """What the names mean that the text did not hold."""
    missing = dict.fromkeys(name for step in steps for name in placeholders(step.command))
    if missing:
        yield "  What to fill in: the text does not name it"
        yield from (f"    <{name}>  {MEANING[name]}" for name in missing if name in MEANING)
