"""What ECS says of placing a task on instances: the fault that the instances show, and what a denial needs."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import diagnose
from tests.support import scenarios

BEGINNING = "(service ash-cloud-runtime) was unable to place a task because no container instance met all of its requirements. "
DENIED = (
    "(service ash-cloud-runtime) was unable to place a task. Reason: You are not authorized to perform this operation. "
    "User: arn:aws-cn:sts::111122223333:assumed-role/starter/ECS is not authorized to perform: ec2:RunInstances"
)


def found(scenario: str, message: str, change: dict[str, Any] | None = None) -> dict[str, Finding]:
    """The findings on a scenario's facts, where ECS said this three minutes ago."""
    patch, _ = scenarios.parts(scenario)
    event = {"id": "e-9", "createdAt": "2026-11-22T11:57:00Z", "message": message}
    said = {"service": {"value": {"events": [event]}}}
    facts = scenarios.merged(scenarios.merged(scenarios.healthy(), patch), said)
    report = diagnose(scenarios.snapshot(scenarios.merged(facts, change or {})))
    return {f.cause: f for f in report.findings}


@pytest.mark.parametrize(
    ("scenario", "words", "cause"),
    [
        ("ec2-both-instances-are-drained", "Reason: No Container Instances were found in your cluster.", "no-instances"),
        ("ec2-no-room-left-for-the-second-task", "The closest matching (container-instance h1) has insufficient memory available.", "instances-full"),
        ("ec2-agent-is-gone-and-so-is-the-task", "The closest matching (container-instance h1) doesn't have the agent connected.", "agent-disconnected"),
    ],
)  # fmt: skip
def test_the_words_name_the_fault_that_the_instances_show(
    scenario: str, words: str, cause: str
) -> None:
    causes = found(scenario, BEGINNING + words)
    assert cause in causes
    assert "wrong-launch-type" not in causes


def test_the_same_words_of_a_service_that_was_meant_for_fargate_mean_its_launch_type() -> None:
    fargate = {"task_definition": {"value": {"requiresCompatibilities": ["FARGATE"]}}}
    words = f"{BEGINNING}Reason: No Container Instances were found in your cluster."
    assert "wrong-launch-type" in found("ec2-both-instances-are-drained", words, fargate)


SCENARIO = "managed-infrastructure-role-is-denied-a-call"


def test_the_action_that_was_denied_is_in_the_leading_repair() -> None:
    role = found(SCENARIO, DENIED)["infrastructure-role"]
    assert role.explained_by is None
    assert "ec2:RunInstances" in role.fix[0].why
    assert "--role-name starter --policy-arn arn:aws-cn:iam::aws:policy/" in str(
        role.fix[0].command
    )


def test_a_grant_is_no_repair_where_the_organisation_denies_it() -> None:
    denied = f"{DENIED} with an explicit deny in a service control policy."
    role = found(SCENARIO, denied)["infrastructure-role"]
    assert "organisation" in role.fix[0].why
    assert not any(step.command and "policy" in step.command for step in role.fix)


def test_a_denial_is_over_once_an_instance_has_joined() -> None:
    assert "infrastructure-role" not in found("managed-as-it-should-be", DENIED, {
        "container_instances": {"value": [{"containerInstanceArn": "arn:aws:ecs:us-east-1:111122223333:container-instance/ash-cloud/h9",
        "status": "ACTIVE", "agentConnected": True, "registeredAt": "2026-11-22T11:58:00Z"}]},
    })  # fmt: skip
