"""What deploying tools print before, beside and after a failure: near misses of their words."""

from __future__ import annotations

import pytest

from tests.ash_ops.causes.remembered import answers

ALARMS = ("error", "warning")

QUIET = [
    "[INFO] failed to assume role to taskExecutionRole. Continue to verify with current session.",
    "✔ Proposing infrastructure changes for stack ash-prod-api",
    "The old service is draining while the new one takes its requests.",
    "Error: Task definition file does not exist: task-def.json",
    "if rollout == '1': print('Unable to locate credentials')",
    "image is defined in line 3, and the port in line 4",
    "Waiting for the stack operation to complete",
    "exec: true  # in the manifest: ECS Exec is enabled",
    "environment prod was initialized and deployed",
    "account id of the provided credentials: 111122223333",
]


@pytest.mark.parametrize("text", QUIET)
def test_what_is_no_failure_raises_no_alarm(text: str) -> None:
    assert not [cause for cause, severity in answers(text) if severity in ALARMS]


NEVER = [
    ("✘ deploy job migrate: stack ash did not complete, status ROLLBACK_COMPLETE", "healthy-log"),
    ("✘ run task migrate: get subnets for default VPC: no subnets found", "healthy-log"),
    (
        "verify TaskDefinition failed: ghcr.io/ash-ai-org/ash:9 is not found in Registry",
        "service-task-definition-inactive",
    ),
    ("failed to describe task definition: task definition is not found", "image-not-found"),
    ("Error: Web identity token file does not exist: /var/run/token", "ash-bad-request"),
    ("Could not assume role: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:TagSession", "role-assume-failed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), NEVER)
def test_a_tools_word_is_not_taken_for_another_thing(text: str, cause: str) -> None:
    assert answers(text)[0][0] != cause
