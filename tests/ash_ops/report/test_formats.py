"""Every format tells the same findings, and no text from outside can break any of them."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ash_ops.checks.base import Evidence, Finding, Fix
from ash_ops.diagnosis import Report, Unknown, diagnose
from ash_ops.report import FORMATS, render, text
from ash_ops.style import Style
from tests.support import scenarios

PROBLEM = diagnose(scenarios.load("out-of-memory")[0])


def hostile(words: str) -> Report:
    item = Finding(
        id="app-crash",
        cause="app-crash",
        title=words,
        severity="error",
        confidence="likely",
        playbook="restarts",
        summary=words,
        evidence=(Evidence(source="ecs:DescribeTasks", field="x", value=words),),
        fix=(Fix(why=words, command=words),),
    )
    gap = Unknown(check="image", reason=words, needs=("ecr:BatchGetImage",))
    return replace(PROBLEM, findings=(item,), unknown=(gap,))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "prometheus"])
def test_every_format_for_people_and_their_tools_names_the_cause_and_its_repair(name: str) -> None:
    out = render(PROBLEM, name)
    assert "container-oom" in out
    assert "ash-ops deploy --memory" in out
    assert out.endswith("\n")


@given(words=st.text(min_size=1, max_size=200))
def test_no_text_breaks_a_format(words: str) -> None:
    """Messages come from outside: control characters, markup and half a surrogate included."""
    report = hostile(words)
    ET.fromstring(render(report, "junit"))
    assert json.loads(render(report, "json"))["findings"][0]["summary"] == words
    json.loads(render(report, "sarif"))
    for name in ("text", "markdown", "html", "prometheus"):
        assert render(report, name)


def test_html_holds_no_markup_from_outside() -> None:
    assert "<script>" not in render(hostile("<script>alert(1)</script>"), "html")


def test_the_json_contract() -> None:
    """Names and shapes that scripts rely on (DESIGN: ash-ops.doctor/1)."""
    report = json.loads(render(PROBLEM, "json"))
    assert report["schema"] == "ash-ops.doctor/1"
    assert report["status"] == "problem"
    assert {"deployment", "findings", "unknown", "passed", "elapsed_ms"} <= set(report)
    first = report["findings"][0]
    assert set(first) == {
        "id", "cause", "title", "severity", "confidence", "playbook", "summary", "subject", "others", "since", "until", "effect",
        "evidence", "fix", "explains", "explained_by",
    }  # fmt: skip
    assert set(first["evidence"][0]) == {"source", "field", "value", "at"}
    assert set(first["fix"][0]) == {"why", "command", "interrupts", "breaks"}
    by_id = {f["id"]: f for f in report["findings"]}
    for item in report["findings"]:
        for child in item["explains"]:
            assert by_id[child]["explained_by"] == item["id"]


def test_sarif_results_point_at_declared_rules() -> None:
    run = json.loads(render(PROBLEM, "sarif"))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]


def test_colour_is_an_extra_and_never_the_only_sign() -> None:
    plain = text.render(PROBLEM)
    assert "\x1b" not in plain
    assert "✗ error" in plain
    assert "\x1b[" in text.render(PROBLEM, style=Style(enabled=True))


def test_commands_are_never_wrapped() -> None:
    narrow = text.render(PROBLEM, width=40)
    for item in PROBLEM.findings:
        for step in item.fix:
            if item.explained_by is None and item.severity == "error" and step.command:
                assert f"$ {step.command}\n" in narrow
