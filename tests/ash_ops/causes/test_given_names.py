"""What people call their services, roles and stacks tells nothing of a failure; nor does what a server says at INFO."""

from __future__ import annotations

import pytest

from ash_ops.causes.matching import folded
from tests.ash_ops.causes.remembered import answers

NAMES = (
    "throttle-api",
    "quota-service",
    "secrets-rotator",
    "oom-watcher",
    "disk-janitor",
    "cert-manager",
    "timeout-worker",
    "health-monitor",
    "rate-limiter",
    "efs-backup",
)
"""Names that services have, made of words of failures."""
MESSAGES = (
    ("service-task-definition-inactive", "TaskDefinition is inactive: arn:aws:ecs:us-east-1:123456789012:task-definition/{}:7"),
    ("cfn-rollback-complete", "ValidationError: Stack:arn:aws:cloudformation:us-east-1:123456789012:stack/{}/05a8b690-0000 is in ROLLBACK_COMPLETE state and can not be updated."),
    ("aws-access-denied", "AccessDenied: User: arn:aws:sts::123456789012:assumed-role/{}/ci is not authorized to perform: ecs:StopTask on resource: * because no identity-based policy allows the ecs:StopTask action"),
    ("healthy-deploy-progress", "(service {}) has started 1 tasks: (task 0f1e2d3c4b5a69788796a5b4c3d2e1f0)."),
    ("healthy-steady", "(service {}) has reached a steady state."),
    ("image-not-found", "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/{}:v9: not found"),
    ("secret-not-found", "ResourceInitializationError: unable to pull secrets or registry auth: failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/{}-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."),
)  # fmt: skip
CALM = (
    "2026-11-28T10:15:00.120Z INFO  database pool size 10, idle timeout 10000ms",
    "2026-11-28T10:15:00.240Z INFO  circuit breaker threshold: 5 errors",
    "2026-11-28T10:15:00.360Z WARN  NODE_ENV is not set to production",
    "2026-11-28T10:15:00.480Z [INFO] rate limiter enabled: 100 requests per minute",
    "2026-11-28T10:15:00.600Z INFO  memory limit 512 MB, cpu 256",
)
"""What a sound server says as it starts: how it is set, in words of failures."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("cause", "message"), MESSAGES)
def test_a_given_name_decides_nothing(cause: str, message: str, name: str) -> None:
    assert answers(message.format(name))[0][0] == cause


@pytest.mark.parametrize(
    "message",
    [
        "service-linked role is missing",
        "container health-check failed",
        "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        "the secret prod/db was not found",
        "rate limit exceeded for arn:aws:ecs:eu-west-1:123456789012:service/web",
    ],
)
def test_words_of_the_message_itself_stay(message: str) -> None:
    assert "xxx" not in folded(message)


@pytest.mark.parametrize(("cause", "message"), MESSAGES)
def test_what_is_set_beside_it_decides_nothing(cause: str, message: str) -> None:
    text = "\n".join((*CALM[:3], message.format("web"), *CALM[3:]))
    assert answers(text)[0][0] == cause


@pytest.mark.parametrize("line", CALM[:2] + CALM[3:])
def test_what_is_set_is_no_failure(line: str) -> None:
    assert not [cause for cause, severity in answers(line) if severity in ("error", "warning")]


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        ("agent-disconnected", "[INFO] Agent exited with code 1"),
        ("container-oom", "[INFO] DockerGoClient: process within container db09 (name: \"ecs-web\") died due to OOM"),
        ("db-unreachable", "INFO  connect ECONNREFUSED 10.0.3.7:5432 (postgres), giving up"),
    ],
)  # fmt: skip
def test_a_failure_told_at_a_calm_level_is_one(cause: str, line: str) -> None:
    assert answers(line)[0][0] == cause
