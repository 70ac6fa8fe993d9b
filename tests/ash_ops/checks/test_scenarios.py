"""Every scenario folder: the facts in, the expected diagnosis out."""

from __future__ import annotations

import functools
import re

import pytest
from botocore.model import ServiceModel
from botocore.session import Session

from ash_ops.checks.base import Evidence
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
    report = diagnose(snapshot)
    for item in report.findings:
        assert item.evidence, item.id
        assert item.fix, item.id
        for step in item.fix:
            assert step.why.endswith((".", ":")), step.why
            assert step.why[:1].isupper() or step.why.startswith("/data "), step.why
        assert not item.title.endswith((".", ":"))
        assert len(item.summary.split()) > 2, item.summary
        assert item.subject == "" or all(item.subject.partition("/")), item.subject
        for proof in item.evidence:
            assert unknown_to_aws(proof) == set(), f"{item.id}: {proof.source} {proof.field}"
    for unknown in report.unknown:
        assert len(unknown.reason.split()) > 1, unknown


# What a field is called by us, where AWS's answer has no word for it.
OURS = {
    *(
        "keys",
        "valueFrom",
        "simulation",
        "Quota",
        "secrets",
        "privateIpv4Address",
    ),  # a reading as it is kept
    *("awslogs", "region", "max", "buffer", "size", "mode"),  # the options of a log driver
    *("errorMessage",),  # of the event that CloudTrail tells as a text
}


@functools.cache
def model_of(service: str) -> ServiceModel:
    """AWS's own model of a service."""
    return Session().get_service_model(SERVICES.get(service, service))


@functools.cache
def words_of(service: str) -> set[str]:
    """Every name that the model of a service has, in one writing."""
    model = model_of(service)
    shapes = (model.shape_for(name) for name in model.shape_names)
    return {m.lower() for s in shapes if s.type_name == "structure" for m in s.members}


SERVICES = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}
_WITHIN = re.compile(r"\[[^]]*\]|: .*$| \(.*\)$")


def unknown_to_aws(each: Evidence) -> set[str]:
    """The names in a field that the model of the service does not have; brackets hold who it is about."""
    service, _, operation = each.source.partition(":")
    assert each.source
    assert each.field
    if service in ("probe", "local", "registry"):
        return set()
    assert operation in model_of(service).operation_names, each.source
    if service == "cloudwatch" or ": " in each.field:
        return set()  # a metric by its name; a rule or a setting that the stack wants
    names = re.findall(r"[A-Za-z0-9]+", _WITHIN.sub("", each.field))
    return {name for name in names if name not in OURS and name.lower() not in words_of(service)}
