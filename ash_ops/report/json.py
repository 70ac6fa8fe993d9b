"""The report as the stable JSON contract ``ash-ops.doctor/1``."""

from __future__ import annotations

import json

from msgspec import to_builtins

from ash_ops.diagnosis import Report


def render(report: Report) -> str:
    """One JSON object, indented, with a line break at its end."""
    document = to_builtins(report)
    for step in (step for finding in document["findings"] for step in finding["fix"]):
        del step["action"]  # for ``doctor --fix`` alone; the command says the same
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
