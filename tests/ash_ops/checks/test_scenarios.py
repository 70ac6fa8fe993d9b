"""Every scenario folder: the facts in, the expected diagnosis out."""

from __future__ import annotations

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios


@pytest.mark.parametrize("name", scenarios.names())
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


def test_there_are_enough_scenarios_to_trust_the_checks() -> None:
    assert len(scenarios.names()) >= 40


@pytest.mark.parametrize("name", scenarios.names())
def test_every_finding_quotes_evidence_and_ends_in_a_repair(name: str) -> None:
    """A finding nobody can check, or do anything about, helps nobody at night."""
    snapshot, _ = scenarios.load(name)
    for item in diagnose(snapshot).findings:
        assert item.evidence, item.id
        assert all(e.source and e.field for e in item.evidence), item.id
        assert item.fix, item.id
