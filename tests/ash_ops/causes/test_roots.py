"""The cause is told before the symptom, wherever both stand."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ash_ops.causes.explain import explain

SYMPTOMS = {
    "inconsistent starts": "(service ash) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.",
    "deployment failed": "(service ash) (deployment ecs-svc/123) deployment failed: tasks failed to start.",
    "breaker in a stack": 'Resource handler returned message: "Error occurred during operation \'ECS Deployment Circuit Breaker was triggered\'." (RequestToken: x, HandlerErrorCode: GeneralServiceException)',
    "not stabilised": 'Resource handler returned message: "Exceeded attempts to wait" (RequestToken: x, HandlerErrorCode: NotStabilized)',
    "service not stabilised": "Service arn:aws:ecs:us-west-2:123456789012:service/c/svc did not stabilize.",
    "cancelled": "Resource creation cancelled",
    "following failed": "The following resource(s) failed to create: [Service]. Rollback requested by user.",
    "essential exited": "Essential container in task exited",
    "failed to start": "Task failed to start",
    "pull failed": "CannotPullContainerError",
    "not placed": "(service ash) was unable to place a task.",
    "rolled back": "Stack:arn:aws:cloudformation:eu-west-1:123456789012:stack/ash/1 is in ROLLBACK_COMPLETE state and can not be updated.",
    "claude exited": "Claude Code process exited with code 1",
    "exit code": "Exited with code 1",
    "internal error": '{"statusCode":500,"error":"Internal Server Error","message":"Internal Server Error"}',
}  # fmt: skip

ROOTS = {
    "anthropic-auth": 'API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
    "db-auth-failed": 'error: no pg_hba.conf entry for host "10.0.0.1", user "ash", database "ash", no encryption',
    "data-dir-unwritable": "Error: EACCES: permission denied, mkdir '/data/sessions'",
    "anthropic-model-unknown": '404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}}',
    "aws-credentials-expired": "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
    "db-unreachable": "Error: Failed to connect to database after 6 attempts: connect ECONNREFUSED 10.0.2.15:5432",
    "sandbox-userns-unavailable": "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.",
    "init-network": 'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
    "image-arch-mismatch": "exec /usr/local/bin/docker-entrypoint.sh: exec format error",
    "image-not-found": "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/ash-ai-org/ash:0.0.99: ghcr.io/ash-ai-org/ash:0.0.99: not found",
    "container-oom": "OutOfMemoryError: Container killed due to memory usage",
    "port-in-use": "Error: listen EADDRINUSE: address already in use :::4100",
    "log-group-missing": "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1",
    "cfn-quota": "The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400)",
    "sqlite-locked": "SqliteError: database is locked",
    "disk-full": "Error: ENOSPC: no space left on device, write",
    "node-heap-oom": "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    "efs-mount-failed": "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out",
    "role-assume-failed": "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/x' that was provided for this task.",
    "image-pull-denied": "CannotPullContainerError: Error response from daemon: pull access denied for private/ash, repository does not exist or may require 'docker login'",
}  # fmt: skip


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_cause_comes_before_a_symptom_in_either_order(symptom: str) -> None:
    text = SYMPTOMS[symptom]
    missed = [
        (cause, found)
        for cause, root in ROOTS.items()
        for both in (f"{text}\n{root}", f"{root}\n{text}", f"{text}\n\n{root}", f"{root}\n\n{text}")
        if (found := explain(both)[0].answer.cause) != cause
    ]
    assert not missed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("port-in-use", "cfn-quota"),
        ("image-not-found", "db-auth-failed"),
        ("anthropic-auth", "sqlite-locked"),
        ("log-group-missing", "node-heap-oom"),
    ],
)
def test_two_independent_causes_are_both_told(one: str, other: str) -> None:
    for both in (f"{ROOTS[one]}\n{ROOTS[other]}", f"{ROOTS[other]}\n\n{ROOTS[one]}"):
        assert {one, other} <= {entry.answer.cause for entry in explain(both)}


def _quiet(style: str, count: int) -> Iterator[str]:
    for n in range(count):
        if style == "pino":
            yield json.dumps(
                {
                    "level": 30,
                    "time": 1795384300000 + n,
                    "reqId": f"req-{n}",
                    "req": {"method": "GET", "url": "/health"},
                    "res": {"statusCode": 200},
                    "msg": "request completed",
                }
            )
        elif style == "requests":
            yield f"2026-11-26T10:{n // 60 % 60:02}:{n % 60:02}.000Z GET /health 200 {n % 7}ms"
        else:
            yield f"[pool] Claimed pre-warmed sandbox {n * 7919:08x} for session {n}"


STYLES = ("pino", "requests", "ash")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("size", "places"), [(300, (0, 150, 299)), (5_000, (2_500,))])
def test_a_crash_is_found_anywhere_in_a_log(style: str, size: int, places: tuple[int, ...]) -> None:
    """Each crash at another place in each style of log; a few of them in the long one."""
    log = list(_quiet(style, size))
    missed = []
    for number, (cause, root) in enumerate(ROOTS.items()):
        if size > 1_000 and number % 5:
            continue
        line = json.dumps({"level": 60, "time": 1, "msg": root}) if style == "pino" else root
        place = places[(number + STYLES.index(style)) % len(places)]
        found = explain("\n".join([*log[:place], line, *log[place + 1 :]]))[0].answer.cause
        if found != cause:
            missed.append((cause, place, found))
    assert not missed
