"""Every scenario folder: the facts in, the expected diagnosis out."""

from __future__ import annotations

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.each import each


@each("name", scenarios.names())
def test_the_doctor_says_what_the_scenario_expects(name: str) -> None:
    snapshot, expected = scenarios.load(name)
    report = diagnose(snapshot)
    errors = [f.cause for f in report.findings if f.severity == "error" and not f.explained_by]
    assert report.status == expected["status"]
    assert errors == expected["roots"]
    folded = {f.cause for f in report.findings if f.explained_by}
    assert folded == set(expected.get("folded", []))
    assert set(expected.get("also", [])) <= {f.cause for f in report.findings}
    assert {u.check for u in report.unknown} == set(expected.get("unknown", []))


@pytest.mark.parametrize("name", [n for n in scenarios.names() if "lead" in scenarios.parts(n)[1]])
def test_the_report_leads_with_the_cause_that_an_expert_would_name_first(name: str) -> None:
    snapshot, expected = scenarios.load(name)
    assert diagnose(snapshot).findings[0].cause == expected["lead"]


@each("name", scenarios.names())
def test_no_cause_is_blamed_that_the_facts_refute(name: str) -> None:
    snapshot, expected = scenarios.load(name)
    blamed = {f.cause for f in diagnose(snapshot).findings if f.severity == "error"}
    assert not blamed & set(expected.get("forbidden", []))


@pytest.mark.parametrize(
    "name", [n for n in scenarios.names() if "commands" in scenarios.parts(n)[1]]
)
def test_the_repairs_hold_the_command_that_helps_and_none_that_harms(name: str) -> None:
    snapshot, expected = scenarios.load(name)
    steps = (step for finding in diagnose(snapshot).findings for step in finding.fix)
    commands = [step.command for step in steps if step.command]
    for part in expected["commands"]["contain"]:
        assert any(part in command for command in commands), part
    for part in expected["commands"]["lack"]:
        assert not any(part in command for command in commands), part


@pytest.mark.parametrize(
    "name", [n for n in scenarios.names() if "warnings" in scenarios.parts(n)[1]]
)
def test_there_is_no_other_warning_than_those_an_expert_would_give(name: str) -> None:
    snapshot, expected = scenarios.load(name)
    warnings = {f.cause for f in diagnose(snapshot).findings if f.severity == "warning"}
    assert sorted(warnings) == expected["warnings"]


def test_there_are_enough_scenarios_to_trust_the_checks() -> None:
    assert len(scenarios.names()) >= 140


@each("name", scenarios.names())
def test_every_finding_quotes_evidence_and_ends_in_a_repair(name: str) -> None:
    """A finding nobody can check, or do anything about, helps nobody at night."""
    snapshot, _ = scenarios.load(name)
    for item in diagnose(snapshot).findings:
        assert item.evidence, item.id
        assert all(e.source and e.field for e in item.evidence), item.id
        assert item.fix, item.id
