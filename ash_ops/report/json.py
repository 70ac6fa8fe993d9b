"""The report as the stable JSON contract ``ash-ops.doctor/1``."""

from __future__ import annotations

from ash_ops.diagnosis import Report


def render(report: Report) -> str:
    """One JSON object, indented, with a line break at its end."""
    return report.model_dump_json(by_alias=True, indent=2) + "\n"
