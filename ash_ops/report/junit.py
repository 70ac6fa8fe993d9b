"""The report for a CI system: one test case a check or finding."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.redact import clean
from ash_ops.report._tree import command_lines, evidence_line


def render(report: Report) -> str:
    """JUnit XML: errors fail, what could not be told is skipped with the reason."""
    failures = [f for f in report.findings if f.severity == "error"]
    counts = {
        "name": f"ash-ops doctor {report.deployment.name}",
        "tests": str(len(report.findings) + len(report.unknown) + len(report.passed)),
        "failures": str(len(failures)),
        "errors": "0",
        "skipped": str(len(report.unknown)),
        "time": f"{report.elapsed_ms / 1000:.3f}",
    }
    whole = ET.Element("testsuites", counts)  # GitLab and GitHub's reporters want the outer one
    suite = ET.SubElement(whole, "testsuite", counts)
    for item in report.findings:
        _finding(suite, item)
    for gap in report.unknown:
        case = _case(suite, "unknown", gap.check)
        ET.SubElement(case, "skipped", message=clean(gap.reason))
    for name in report.passed:
        _case(suite, "passed", name)
    ET.indent(whole)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(whole, encoding="unicode")}\n'


def _case(suite: ET.Element, classname: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=classname, name=clean(name), time="0")


def _finding(suite: ET.Element, item: Finding) -> None:
    case = _case(suite, item.playbook, item.id)
    facts = [evidence_line(e) for e in item.evidence]
    text = "\n".join([*facts, *command_lines(item)])
    if item.severity == "error":
        failure = ET.SubElement(case, "failure", type=item.cause, message=clean(item.summary))
        failure.text = clean(text)
    else:
        ET.SubElement(case, "system-out").text = clean(f"{item.severity}: {item.summary}\n{text}")
