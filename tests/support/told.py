"""What the doctor tells of the healthy facts with some readings changed."""

from __future__ import annotations

from typing import Any

from ash_ops.diagnosis import diagnose
from tests.support import scenarios

HEALTHY = {
    name: row.get("value") for name, row in scenarios.healthy().items() if isinstance(row, dict)
}


def told(change: dict[str, Any]) -> dict[str, str]:
    """What the doctor finds besides what Fargate lacks, by cause: how bad it is."""
    report = diagnose(scenarios.snapshot(change))
    mine = (f for f in report.findings if f.cause != "sandbox-cgroups-unavailable")
    return {f.cause: f.severity for f in mine if not f.explained_by}


def values(**readings: Any) -> dict[str, Any]:
    return {name: {"value": value} for name, value in readings.items()}
