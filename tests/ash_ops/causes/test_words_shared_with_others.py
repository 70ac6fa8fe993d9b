"""Words that a failure shares with others: the metadata of a task and a registry, a page and a message."""

from __future__ import annotations

import pytest

from ash_ops.causes import UNKNOWN
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_worded import ALARMS

TOLD = (
    (
        (
            "container 1ab encountered an error during hcsshim::System::CreateProcess: failure in a Windows system call:"
            " The system cannot find the file specified. (0x2)"
        ),
        "entrypoint-missing",
    ),
    ("hcs::System::Start web: hcsshim: timeout waiting for notification", "container-start-failed"),
    # The release of Windows is the more exact reason.
    (
        "hcsshim::CreateComputeSystem 3f2c: The container operating system does not match the host operating system.",
        "image-arch-mismatch",
    ),
    (
        'Get "http://169.254.170.2/v2/metadata": dial tcp 169.254.170.2:80: connect: connection refused',
        "conn-refused",
    ),
    # The same host is asked for the credentials of the task.
    (
        'Get "http://169.254.170.2/v2/credentials/1f0c": dial tcp 169.254.170.2:80: connect: connection refused',
        "aws-credentials-missing",
    ),
    (
        (
            'Get "https://ghcr.io/v2/acme/web/manifests/1.2": net/http: request canceled (Client.Timeout exceeded while'
            " awaiting headers)"
        ),
        "image-pull-network",
    ),
    (
        (
            'Invalid principal in policy: "SERVICE":"cloudformation" (Service: AmazonIdentityManagement; Status Code: 400;'
            " Error Code: MalformedPolicyDocument)"
        ),
        "cfn-template-invalid",
    ),
    (
        'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone" (Service: AmazonIdentityManagement)',
        "cfn-resource-missing",
    ),
    (
        (
            "operation error S3: CreateBucket, https response error StatusCode: 409, RequestID: F2S,"
            " BucketAlreadyOwnedByYou: your previous request succeeded"
        ),
        "cfn-already-exists",
    ),
    ('FATAL: database "web" does not exist', "db-auth-failed"),
    ("stoppedReason: Your Spot Task was interrupted.", "spot-interruption"),
    ("(service web) operations are being throttled on elb. Will try again later.", "ecs-throttled"),
)

CALM = (
    'RETRY_STRATEGY = {\n    "attempts": 2,\n    "evaluateOnExit": [\n        {\n            "onStatusReason": "Your Spot Task was interrupted.",\n            "action": "RETRY",\n        },\n    ],\n}',
    "**Detects**: EC2 Spot instance interruption notices. Fires on `aws.ec2.SpotInstanceInterruption` events.",
    "Spot instance interruptions can be handled through diversification across instance types and zones.",
    "docker-compose: error: No such service: web",
    "asyncpg.exceptions.InterfaceError: cannot perform operation: another operation is in progress, after concurrent requests",
    'Cloud Run service web: Container Healthcheck failed. Revision "web-0005" is not ready and cannot serve traffic.',
    "| 429 | Operations are being throttled by the service. See [IoT Hub Device Provisioning Service limits] |",
    "cap aborted!\nNoMethodError: undefined method `each' for nil:NilClass",
    "Docker `HEALTHCHECK` possible values: 0: success - the container is healthy, 1: unhealthy - the container fails",
    "- **Error Context:** Surface termination reason (OOM, crash, kill) before and after recovery.",
    "- Classify Claude `529 overloaded_error` failures as retryable overload errors instead of unknown ones.",
    "Limiting the memory of the container causes beam to get killed with an OOM error without this fix",
    "Previously the error was:\n\nRuntimeError: You must set secret_key_base\n\nWill now be:\n\nRuntimeError: Missing `secret_key_base` for 'production'",
    "`n` would be the number of seconds before forcing shutdown with `SIGKILL`, Docker's default of `10` else.",
)


@pytest.mark.parametrize(("text", "cause"), TOLD)
def test_what_is_told_keeps_its_cause(text: str, cause: str) -> None:
    assert answers(text)[0][0] == cause


@pytest.mark.parametrize("text", CALM)
def test_what_others_say_or_a_page_teaches_alarms_nobody(text: str) -> None:
    told = answers(text)
    assert not [cause for cause, severity in told if severity in ALARMS], told
    assert told[0][0] == UNKNOWN or told[0][1] == "info"
