"""The report as the stable JSON contract ``ash-ops.doctor/1``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import to_builtins

from ash_ops.diagnosis import Report
from ash_ops.repairs.acts import Act


def render(report: Report, acts: Sequence[Act] | None = None) -> str:
    """One JSON object, indented, with a line break at its end; with ``acts`` if ``--fix`` was asked."""
    document = to_builtins(report)
    for step in (step for finding in document["findings"] for step in finding["fix"]):
        del step["action"]  # for ``doctor --fix`` alone; the command says the same
    if acts is not None:
        document["acts"] = to_builtins(acts)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
