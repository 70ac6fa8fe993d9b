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
    suite = ET.Element(
        "testsuite",
        name=f"ash-ops doctor {report.deployment.name}",
        tests=str(len(report.findings) + len(report.unknown) + len(report.passed)),
        failures=str(len(failures)),
        skipped=str(len(report.unknown)),
        time=f"{report.elapsed_ms / 1000:.3f}",
    )
    for item in report.findings:
        _finding(suite, item)
    for gap in report.unknown:
        case = ET.SubElement(suite, "testcase", classname="unknown", name=gap.check)
        ET.SubElement(case, "skipped", message=clean(gap.reason))
    for name in report.passed:
        ET.SubElement(suite, "testcase", classname="passed", name=name)
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def _finding(suite: ET.Element, item: Finding) -> None:
    case = ET.SubElement(suite, "testcase", classname=item.playbook, name=clean(item.id))
    facts = [evidence_line(e) for e in item.evidence]
    text = "\n".join([*facts, *command_lines(item)])
    if item.severity == "error":
        failure = ET.SubElement(case, "failure", type=item.cause, message=clean(item.summary))
        failure.text = clean(text)
    else:
        ET.SubElement(case, "system-out").text = clean(f"{item.severity}: {item.summary}\n{text}")
