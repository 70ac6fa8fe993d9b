"""What the doctor says of every scenario, word for word: ``python -m tests.support.recorded`` writes it anew.

``expected.json`` of a scenario is written by a person, before the program ran. ``said.json`` beside it is
what the program then said, and somebody has read: a sentence, a quotation or a command that changes shows
in a review as a changed line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import plain
from tests.support import scenarios

# What a run adds by itself: how long it took, and whose deployment it was asked about.
_LEFT_OUT = ("elapsed_ms", "deployment", "schema")


def said(name: str) -> dict[str, Any]:
    """What the doctor says of a scenario, as JSON holds it."""
    snapshot, _ = scenarios.load(name)
    report = plain(diagnose(snapshot))
    for step in (step for item in report["findings"] for step in item.get("fix", ())):
        # The command holds the parameters; whether --fix may make the call is all that is left.
        step["action"] = "action" in step
    kept = {key: value for key, value in report.items() if key not in _LEFT_OUT}
    told: dict[str, Any] = json.loads(json.dumps(kept, default=str))
    return told


def path_of(name: str) -> Path:
    """Where what was said of a scenario is kept."""
    return scenarios.FOLDER / name / "said.json"


def recorded(name: str) -> dict[str, Any]:
    """What was said of a scenario when it was last recorded."""
    kept: dict[str, Any] = json.loads(path_of(name).read_text("utf-8"))
    return kept


def main() -> int:
    """Record every scenario."""
    for name in scenarios.names():
        text = json.dumps(said(name), indent=1, ensure_ascii=False) + "\n"
        path_of(name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
