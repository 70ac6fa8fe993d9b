"""Redaction costs a diagnosis nothing: messages stay as they are, and mean what they meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ash_ops import redact
from ash_ops.causes import classify

FOLDER = Path(__file__).resolve().parents[2] / "data" / "causes"
LINES: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(FOLDER.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
# Some are kept as AWS's API gives them, in fields, others as somebody pasted them.
MESSAGES = [line for line in LINES if "fields" in line]
PASTED = [str(line["text"]) for line in LINES if "text" in line]


def test_at_most_one_message_in_a_hundred_changes() -> None:
    changed = [m["id"] for m in MESSAGES if redact.document(m["fields"]) != m["fields"]]
    assert len(MESSAGES) > 600
    assert len(changed) <= len(MESSAGES) // 100, changed


def test_as_text_too() -> None:
    texts = [*PASTED, *(json.dumps(m["fields"], ensure_ascii=False) for m in MESSAGES)]
    changed = [text for text in texts if redact.redact(text) != text]
    assert len(changed) <= len(texts) // 100, changed[:5]


def test_every_message_means_what_it_meant() -> None:
    assert [m["id"] for m in MESSAGES if _meaning(m, m["fields"]) != _meaning(m, redact.document(m["fields"]))] == []  # fmt: skip


def _meaning(message: dict[str, Any], fields: dict[str, Any]) -> tuple[object, ...]:
    found = classify(message["kind"], fields)
    return found.cause, found.severity, found.alternatives
