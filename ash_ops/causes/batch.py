"""Many messages at once: JSON lines in, JSON lines out, in order, as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ash_ops import redact
from ash_ops.causes.classify import classify

if TYPE_CHECKING:
    from ash_ops.documents.explanation import Answer, Unreadable


def answers(lines: Iterable[str | bytes]) -> Iterator[tuple[Answer | Unreadable, bool]]:
    """One answer a line, and whether the line could be read; blank lines are passed over."""
    for number, raw in enumerate(lines, start=1):
        line = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        if line.strip():
            yield _answer(line, number)


def _answer(line: str, number: int) -> tuple[Answer | Unreadable, bool]:
    row, problem = _row(line)
    if row is None:
        return {"id": None, "error": f"line {number}: {problem}"}, False
    answer = classify(str(row.get("kind")), row.get("fields"))
    return {
        "id": row.get("id"),
        "cause": answer.cause,
        "severity": answer.severity,
        "title": answer.title,
        "alternatives": list(answer.alternatives),
    }, True


def _row(line: str) -> tuple[dict[str, Any] | None, str]:
    """The object of a line, or what is wrong with the line."""
    try:
        row = redact.document(json.loads(line))
    except (ValueError, RecursionError):
        return None, "not JSON"
    if not isinstance(row, dict):
        return None, "not a JSON object"
    if not isinstance(row.get("kind"), str):
        return None, "no text under 'kind'"
    if "fields" not in row:
        return None, "nothing under 'fields'"
    return row, ""
