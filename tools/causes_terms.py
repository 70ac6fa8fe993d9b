"""``docs/causes/terms``: every term a cause is recognised by, one a line, and where it comes from.

A term comes from the first message of the corpus that holds it where its cause was decided, from any
message of the cause, from the page the cause is documented on, or it was ``recalled``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ash_ops.causes.base import Cause
from ash_ops.causes.catalogue import ORDER
from ash_ops.causes.evidence import text_of
from ash_ops.causes.matching import find, folded

RECALLED: Final = "recalled"
CORPUS: Final = ("labelled", "collected", "incidents", "further", "newest_ours", "worded")
_DATA: Final = Path(__file__).resolve().parent.parent / "tests" / "data" / "causes"
_NOTE: Final = "# Generated from ash_ops/causes and tests/data/causes by `make generate`.\n"


def files() -> dict[str, str]:
    """A list a category, by its path below the project."""
    messages = _messages()
    by_category: dict[str, list[str]] = {}
    for entry in ORDER:
        by_category.setdefault(entry.category, []).extend(_lines(entry, messages))
    return {
        f"docs/terms/{category}.tsv": _NOTE + "cause\tterm\tfrom\n" + "".join(lines)
        for category, lines in by_category.items()
    }


def _lines(entry: Cause, messages: list[tuple[str, str, str]]) -> Iterator[str]:
    own = [(name, text) for name, cause, text in messages if cause == entry.slug]
    for term in terms(entry):
        source = next((name for name, text in own if find(term, text)), None)
        yield f"{entry.slug}\t{term}\t{source or _elsewhere(term, messages)}\n"


def _elsewhere(term: str, messages: list[tuple[str, str, str]]) -> str:
    """A message of another cause that holds the term: the words are the world's all the same."""
    return next((name for name, _, text in messages if find(term, text)), RECALLED)


def terms(entry: Cause) -> list[str]:
    """The terms of a cause, each alternative by itself."""
    found: dict[str, None] = {}
    for signature in entry.signatures:
        for term in signature.all_of:
            alternatives = [term] if term.startswith("~") else term.split("|")
            found |= dict.fromkeys(alternatives)
    return list(found)


def _messages() -> list[tuple[str, str, str]]:
    """Each message of the corpus: its id, its cause, its words as they are compared."""
    return [
        (row["id"], row["cause"], folded(_said(row)))
        for name in CORPUS
        for row in _rows(name)
        if row.get("ours", True)
    ]


def _said(row: dict[str, Any]) -> str:
    return str(row.get("paste") or row.get("text") or text_of(row["fields"]))


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (_DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)
