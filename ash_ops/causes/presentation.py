"""An explanation as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.causes.base import Step
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.masking import masked


def lines(found: list[Explanation]) -> Iterator[str]:
    """The explanations, the root cause in full and first, normal activity in one line each."""
    for index, entry in enumerate(found):
        if index:
            yield ""
        short = index > 0 and entry.answer.severity == "info"
        yield from _headline(entry) if short else _whole(entry)


def _headline(entry: Explanation) -> Iterator[str]:
    severity = (entry.answer.severity or "unknown").upper()
    times = f" ({entry.times} times)" if entry.times > 1 else ""
    yield f"{severity}  {entry.answer.title}  [{entry.answer.cause}]"
    if entry.subject not in ("message", entry.answer.cause):
        yield f"  in: {entry.subject}{times}"


def _whole(entry: Explanation) -> Iterator[str]:
    yield from _headline(entry)
    cause = entry.cause
    if cause is None:
        yield from _unknown(entry)
        return
    yield f"  {cause.meaning}"
    yield from _why(entry)
    yield from _steps("How to prove it", entry.proof())
    yield from _steps("How to repair it", entry.repair())
    if cause.confused_with:
        yield "  What it is not"
        yield from (f"    {slug}: {because}" for slug, because in cause.confused_with)
    if cause.docs_url:
        yield f"  More: {cause.docs_url}"


def _unknown(entry: Explanation) -> Iterator[str]:
    yield "  Nothing in the catalogue fits, and a guess would be worse than none."
    if entry.answer.alternatives:
        yield f"  Faint likeness: {', '.join(entry.answer.alternatives)}"
    yield "  Let the doctor look at the deployment itself: ash-ops doctor"


def _why(entry: Explanation) -> Iterator[str]:
    if not entry.answer.why:
        return
    yield "  Why we think so"
    for hint in dict.fromkeys((hint.source, masked(hint.quote)) for hint in entry.answer.why):
        yield f'    {hint[0]}: "{hint[1]}"'


def _steps(title: str, steps: list[Step]) -> Iterator[str]:
    if not steps:
        return
    yield f"  {title}"
    for step in steps:
        if step.why:
            yield f"    {step.why}{':' if step.command else ''}"
        if step.command:
            yield f"      {step.command}"
