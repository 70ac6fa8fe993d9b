"""A report that is not healthy closes with what changed since it last worked."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.checks.changed import Change, changed
from ash_ops.diagnosis import diagnose
from ash_ops.report import FORMATS, render
from tests.support import scenarios

HEALTHY = scenarios.healthy()


def pair(**after: Any) -> dict[str, Any]:
    """Two definitions that are alike but for what is given of the newer one's Ash container."""
    before = HEALTHY["task_definition"]["value"]
    newer = copy.deepcopy(before)
    newer["taskDefinitionArn"] = newer["taskDefinitionArn"].replace(":7", ":8")
    newer["containerDefinitions"][0] |= after
    return {"before": before, "after": newer, "changed_environment": []}


def told(change: dict[str, Any]) -> list[Change]:
    found = changed(scenarios.snapshot(change))
    assert found is not None
    return list(found.changes)


ENVIRONMENT = HEALTHY["task_definition"]["value"]["containerDefinitions"][0]["environment"]
SECRETS = HEALTHY["task_definition"]["value"]["containerDefinitions"][0]["secrets"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, []),
        (
            {"image": "ghcr.io/ash-ai-org/ash:0.3.0"},
            [
                Change(
                    "image", "ash", "ghcr.io/ash-ai-org/ash:0.2.0", "ghcr.io/ash-ai-org/ash:0.3.0"
                )
            ],
        ),
        (
            {"environment": [*ENVIRONMENT[1:], {"name": "ASH_NEW", "value": "hunter2"}]},
            [
                Change("environment", f"{ENVIRONMENT[0]['name']} removed"),
                Change("environment", "ASH_NEW added"),
            ],
        ),
        (
            {"secrets": [{**SECRETS[0], "valueFrom": "another"}, *SECRETS[1:]]},
            [Change("secrets", f"{SECRETS[0]['name']} comes from elsewhere")],
        ),
        ({"command": ["--api-key", "hunter2"]}, [Change("command", "of ash")]),
    ],
)
def test_a_container_is_compared_field_by_field(
    after: dict[str, Any], expected: list[Change]
) -> None:
    assert told({"revision_pair": {"value": pair(**after)}}) == expected


def test_no_value_of_a_variable_is_told() -> None:
    change = {"revision_pair": {"value": {**pair(), "changed_environment": ["ASH_DATABASE_URL"]}}}
    assert told(change) == [Change("environment", "ASH_DATABASE_URL has another value")]


def test_a_tag_that_moved_is_seen_by_its_digest() -> None:
    revisions = copy.deepcopy(HEALTHY["service_revisions"]["value"])
    revisions[0]["containerImages"][0]["imageDigest"] = "sha256:moved"
    change = {"service_revisions": {"value": revisions}, "revision_pair": {"value": pair()}}
    assert [c.what for c in told(change)] == ["image"]
    assert told(change)[0].after == "sha256:moved"


def test_another_network_is_told() -> None:
    revisions = copy.deepcopy(HEALTHY["service_revisions"]["value"])
    network = copy.deepcopy(revisions[0]["networkConfiguration"])
    network["awsvpcConfiguration"] |= {"subnets": ["subnet-new"], "assignPublicIp": "DISABLED"}
    revisions[0]["networkConfiguration"] = network
    change = {"service_revisions": {"value": revisions}, "revision_pair": {"value": pair()}}
    assert [c.name for c in told(change)] == ["subnets", "assignPublicIp"]


def test_a_secret_written_after_it_worked_is_a_change() -> None:
    secrets = copy.deepcopy(HEALTHY["secrets"]["value"])
    for secret in secrets:
        secret["last_changed_at"] = "2026-11-22T11:30:00Z"
    change = {"secrets": {"value": secrets[:1]}, "revision_pair": {"value": pair()}}
    assert ["11:30 UTC" in c.name for c in told(change)] == [True]


def test_a_healthy_report_tells_no_change() -> None:
    assert diagnose(scenarios.snapshot()).changed is None


@pytest.mark.parametrize("reading", ["service_deployments", "revision_pair"])
@pytest.mark.parametrize("kind", ["denied", "skipped"])
def test_what_was_not_read_is_not_compared(reading: str, kind: str) -> None:
    assert changed(scenarios.snapshot({reading: scenarios.gap(kind)})) is None


def test_a_service_that_never_worked_before_has_nothing_to_be_compared_with() -> None:
    only = HEALTHY["service_deployments"]["value"][:1]
    assert changed(scenarios.snapshot({"service_deployments": {"value": only}})) is None


@pytest.mark.parametrize(
    "name", [name for name in FORMATS if name not in {"junit", "sarif", "prometheus"}]
)
def test_every_report_for_people_closes_with_it(name: str) -> None:
    snapshot, _ = scenarios.load("rollout-stuck-for-three-hours")
    assert "2048" in render(diagnose(snapshot), name)


def test_the_text_says_against_what_it_was_compared() -> None:
    snapshot, _ = scenarios.load("rollout-stuck-for-three-hours")
    text = render(diagnose(snapshot), "text")
    assert "Changed since it last worked (ash-cloud-runtime:" in text
