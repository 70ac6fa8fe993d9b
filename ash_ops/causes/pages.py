"""One page of documentation a cause, generated: ``python -m ash_ops.causes.pages docs/causes``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from ash_ops.causes.base import Cause, Step
from ash_ops.causes.catalogue import ORDER

_NOTE: Final = (
    "<!-- Generated from ash_ops/causes by `python -m ash_ops.causes.pages docs/causes`. -->"
)


def pages() -> dict[str, str]:
    """Every page by its file name, the index among them."""
    return {"index.md": _index()} | {f"{entry.slug}.md": page(entry) for entry in ORDER}


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


def write(folder: Path) -> None:
    """Write every page into a folder, and remove pages of causes that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/causes"))
