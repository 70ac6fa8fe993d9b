"""The report as SARIF 2.1.0, which code-scanning services show (OASIS sarif-v2.1.0)."""

from __future__ import annotations

import json
from typing import Any

from ash_client._version import __version__
from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.report._tree import command_lines, evidence_line

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """One SARIF log with one run."""
    causes = list(dict.fromkeys(f.cause for f in report.findings))
    run: dict[str, Any] = {
        "tool": {"driver": _driver(report, causes)},
        "invocations": [_invocation(report)],
        "results": [_result(report, item, causes.index(item.cause)) for item in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _invocation(report: Report) -> dict[str, Any]:
    """What could not be told is a notification of the tool, not a result."""
    notifications = [
        {"level": "warning", "descriptor": {"id": gap.check}, "message": {"text": gap.reason}}
        for gap in report.unknown
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}


def _driver(report: Report, causes: list[str]) -> dict[str, Any]:
    titles = {f.cause: f.title for f in report.findings}
    return {
        "name": "ash-ops doctor",
        "semanticVersion": __version__,
        "rules": [{"id": cause, "shortDescription": {"text": titles[cause]}} for cause in causes],
    }


def _result(report: Report, item: Finding, rule: int) -> dict[str, Any]:
    lines = [item.summary, *(evidence_line(e) for e in item.evidence)]
    lines += command_lines(item)
    facts = report.deployment
    place = f"{facts.region}/{facts.cluster}/{facts.service}"
    return {
        "ruleId": item.cause,
        "ruleIndex": rule,
        "level": _LEVELS[item.severity],
        "message": {"text": "\n".join(lines)},
        "partialFingerprints": {"findingId/v1": f"{facts.name}/{facts.region}/{item.id}"},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": place, "kind": "resource"}]}],
        "properties": {"confidence": item.confidence, "explainedBy": item.explained_by},
    }
