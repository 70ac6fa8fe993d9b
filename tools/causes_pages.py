"""``docs/causes``: a page for each cause and their index, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ash_ops.causes.base import Cause, Step
from ash_ops.causes.catalogue import ORDER

_NOTE: Final = "<!-- Generated from ash_ops/causes by `make generate`. -->"


def files() -> dict[str, str]:
    """Every page by its path below the project, the index among them."""
    pages = {"index": _index()} | {entry.slug: page(entry) for entry in ORDER}
    return {f"docs/causes/{name}.md": text for name, text in pages.items()}


def page(entry: Cause) -> str:
    """The page of one cause."""
    return "\n".join(_lines(entry)) + "\n"


def _lines(entry: Cause) -> Iterator[str]:
    yield from (_NOTE, "", f"# `{entry.slug}`: {entry.title}", "")
    kind = "symptom: look for its cause" if entry.symptom else "cause"
    yield f"Severity {entry.severity} · category {entry.category} · {kind}"
    yield from ("", "## What it means", "", entry.meaning)
    yield from _steps("How to prove it", entry.proof)
    yield from _steps("How to repair it", entry.repair)
    if entry.confused_with:
        yield from ("", "## What it is not", "")
        yield from (f"* [`{slug}`]({slug}.md): {why}" for slug, why in entry.confused_with)
    if entry.docs_url:
        yield from ("", f"Source: <{entry.docs_url}>")


def _steps(title: str, steps: tuple[Step, ...]) -> Iterator[str]:
    if not steps:
        return
    yield from ("", f"## {title}")
    for step in steps:
        if step.why:
            yield from ("", f"{step.why}{':' if step.command else '.'}")
        if step.command:
            yield from ("", "```sh", step.command, "```")


def _index() -> str:
    parts = [_NOTE, "", "# Causes", ""]
    parts.append(
        "Every cause that the doctor reports and `ash-ops explain` names, by category. "
        "A symptom never is the root by itself."
    )
    for category, entries in groupby(ORDER, key=lambda entry: entry.category):
        parts.extend(
            ("", f"## {category}", "", "| cause | severity | title |", "| --- | --- | --- |")
        )
        parts.extend(_row(entry) for entry in entries)
    return "\n".join(parts) + "\n"


def _row(entry: Cause) -> str:
    severity = f"{entry.severity} (symptom)" if entry.symptom else entry.severity
    return f"| [`{entry.slug}`]({entry.slug}.md) | {severity} | {entry.title} |"
