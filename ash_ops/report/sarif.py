"""The report as SARIF 2.1.0 (OASIS sarif-v2.1.0), as GitHub's code scanning takes it.

GitHub refuses a whole file of which one result has no place in a file, and shows of a rule only what
its guide "SARIF support for code scanning" lists. So each finding points at the line of the template
that makes what it is about, and each rule carries what the catalogue knows of the cause.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from typing import Any, Final

from ash_client._version import __version__
from ash_ops.causes import CAUSES
from ash_ops.causes.base import Step, general
from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.report._tree import command_lines, evidence_line

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
# GitHub: "error", "warning" or "recommendation".
_PROBLEM: Final = {"error": "error", "warning": "warning", "info": "recommendation"}
# GitHub shows 1,024 characters of a rule's text and of a message about as much; the rest is folded.
_SHOWN: Final = 1_024
_HELP_URI: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html"
)

# The resource of the template that makes what a finding is about, by the kind of its subject ...
_MADE_BY: Final = {
    "task": "TaskDefinition",
    "revision": "TaskDefinition",
    "secret": "TaskDefinition",
    "service": "Service",
    "subnet": "Service",
    "role": "ExecutionRole",
    "target": "TargetGroup",
    "balancer": "LoadBalancer",
    "listener": "Listener",
    "host": "Instances",
}
# ... and where it has none, by the chapter.
_CHAPTERS: Final = {
    "pending": "Service",
    "connection": "LoadBalancer",
    "restarts": "TaskDefinition",
    "auth": "TaskDefinition",
    "agents": "TaskDefinition",
    "deploy": "Service",
    "security": "TaskSecurityGroup",
}


def render(report: Report) -> str:
    """One SARIF log with one run."""
    causes = list(dict.fromkeys(f.cause for f in report.findings))
    facts = report.deployment
    template = _Template()
    run: dict[str, Any] = {
        "tool": {"driver": _driver(report, causes)},
        # GitHub tells the results of one deployment from another's by it.
        "automationDetails": {"id": f"ash-ops-doctor/{facts.region}/{facts.name}/"},
        "invocations": [_invocation(report)],
        "results": [
            _result(report, item, causes.index(item.cause), template) for item in report.findings
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


class _Template:
    """Where the resources of the bundled template stand; both templates have those named here."""

    def __init__(self) -> None:
        self.path = "ash_ops/templates/standalone.yaml"
        text = files("ash_ops").joinpath("templates", "standalone.yaml").read_text("utf-8")
        lines = text.splitlines()
        first = lines.index("Resources:") + 1
        self._lines = {
            named[1]: number
            for number, line in enumerate(lines[first:], first + 1)
            if (named := re.fullmatch(r"  (\w+):", line))
        }

    def line_of(self, item: Finding) -> int:
        """The line of the resource that a finding is about; of the chapter's, if it has none here."""
        kind = item.subject.partition("/")[0]
        resource = _MADE_BY.get(kind, _CHAPTERS[item.playbook])
        return self._lines.get(resource) or self._lines["Service"]


def _invocation(report: Report) -> dict[str, Any]:
    """What could not be told is a notification of the tool, not a result."""
    notifications = [
        {"level": "warning", "descriptor": {"id": gap.check}, "message": {"text": gap.reason}}
        for gap in report.unknown
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}


def _driver(report: Report, causes: list[str]) -> dict[str, Any]:
    severities = {f.cause: f.severity for f in report.findings}
    titles = {f.cause: f.title for f in report.findings}
    return {
        "name": "ash-ops doctor",
        "semanticVersion": __version__,
        "rules": [_rule(cause, titles[cause], severities[cause]) for cause in causes],
    }


def _rule(slug: str, title: str, severity: str) -> dict[str, Any]:
    cause = CAUSES[slug]
    steps = [*_steps("Prove it", cause.proof), *_steps("Repair it", cause.repair)]
    return {
        "id": slug,
        "name": "".join(word.capitalize() for word in slug.split("-")),
        "shortDescription": {"text": title[:_SHOWN]},
        "fullDescription": {"text": cause.meaning[:_SHOWN]},
        "help": {
            "text": "\n".join([cause.meaning, *steps]),
            "markdown": "\n".join([cause.meaning, *steps]),
        },
        "helpUri": cause.docs_url or _HELP_URI,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": ["ash", "aws", cause.category],
            "precision": "high",
            "problem.severity": _PROBLEM[severity],
        },
    }


def _steps(heading: str, steps: tuple[Step, ...]) -> list[str]:
    told = [
        f"{number}. {step.why}" + (f" `{step.command}`" if step.command else "")
        for number, step in enumerate(general(steps), 1)
    ]
    return ["", f"**{heading}**", "", *told] if told else []


def _result(report: Report, item: Finding, rule: int, template: _Template) -> dict[str, Any]:
    lines = [item.summary, *(evidence_line(e) for e in item.evidence), *command_lines(item)]
    facts = report.deployment
    place = f"{facts.region}/{facts.cluster}/{facts.service}"
    identity = f"{facts.name}/{facts.region}/{item.id}"
    return {
        "ruleId": item.cause,
        "ruleIndex": rule,
        "level": _LEVELS[item.severity],
        "message": {"text": "\n".join(lines)},
        "partialFingerprints": {
            "findingId/v1": identity,
            # The only one that GitHub reads: the same finding is one alert, run after run.
            "primaryLocationLineHash": hashlib.sha256(identity.encode()).hexdigest()[:32],
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": template.path, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": template.line_of(item)},
                },
                "logicalLocations": [{"fullyQualifiedName": place, "kind": "resource"}],
            }
        ],
        "properties": {"confidence": item.confidence, "explainedBy": item.explained_by},
    }
