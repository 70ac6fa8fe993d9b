"""Every scenario folder: the facts in, the expected diagnosis out."""

from __future__ import annotations

from typing import Any

from ash_ops.diagnosis import Report, diagnose
from tests.support import scenarios
from tests.support.each import each

# Of every server on Fargate it is said that no sandbox was seen to start there.
STANDING = "sandbox-cgroups-unavailable"


@each("name", scenarios.names())
def test_the_doctor_says_what_the_scenario_expects_and_nothing_beside(name: str) -> None:
    """Causes by weight, what leads, what is blamed in vain, what could not be told, which commands help and harm."""
    snapshot, expected = scenarios.load(name)
    report = diagnose(snapshot)
    errors = [f.cause for f in report.findings if f.severity == "error" and not f.explained_by]
    assert report.status == expected["status"]
    assert errors == expected["roots"]
    folded = {f.cause for f in report.findings if f.explained_by}
    assert folded == set(expected.get("folded", []))
    assert {u.check for u in report.unknown} == set(expected.get("unknown", []))
    assert report.findings[:1] == () or report.findings[0].cause == lead(expected, report)
    blamed = {f.cause for f in report.findings if f.severity == "error"}
    assert not blamed & set(expected.get("forbidden", []))
    warnings = sorted({f.cause for f in report.findings if f.severity == "warning"})
    assert warnings == expected.get("warnings", warnings)
    kinds = ("roots", "folded", "also", "warnings")
    named = {cause for kind in kinds for cause in expected.get(kind, ())}
    assert {f.cause for f in report.findings} - {STANDING} == named - {STANDING}
    commands = [step.command for f in report.findings for step in f.fix if step.command]
    asked = expected.get("commands", {"contain": [], "lack": []})
    for part in asked["contain"]:
        assert any(part in command for command in commands), part
    for part in asked["lack"]:
        assert not any(part in command for command in commands), part


def lead(expected: dict[str, Any], report: Report) -> str:
    """What an expert would name first: as the scenario says, else the first of its roots."""
    first, *_ = [*expected["roots"], report.findings[0].cause]
    return str(expected.get("lead", first))


def test_there_are_enough_scenarios_to_trust_the_checks() -> None:
    assert len(scenarios.names()) >= 140
