"""The reason that a message gives decides its repair: incidents whose first advice was beside the point."""

from __future__ import annotations

import pytest

from ash_ops.causes.base import Step
from ash_ops.causes.repairs import chosen
from tests.ash_ops.causes.test_repairs_fit import advised

# Each row: the message, what is advised, and what is not (words; empty for nothing).
DECIDED = [
    ("service web (instance i-0a7017b5ad85edd68) (port 1026) is unhealthy in target-group web due to (reason Health checks failed)", "whole range", "--port 1026"),
    ("service web (port 8081) is unhealthy in target-group web due to (reason Request timed out)", "--port 8081", "whole range"),
    ("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/GLOBAL_TARGET/0123456789abcdef)", "HealthCheckPath", "4100"),
    ("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/ash/0123456789abcdef)", "4100", "whole range"),
    ("t=2020-03-09T19:03:42+0000 lvl=info msg=\"Database locked, sleeping then retrying\" logger=sqlstore error=\"database is locked\" retry=0", "busy_timeout", "ASH_DATABASE_URL"),
    ("CannotPullContainerError: Error response from daemon: pull access denied for 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/my-app, repository does not exist or may require 'docker login'", "attach-role-policy", "Log in to the registry anew"),
    ("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: InvalidParameterException: Log groups starting with AWS/ are reserved for AWS.", "choose another in awslogs-group", "Set awslogs-group, awslogs-region"),
    ("CannotPullContainerError: containerd: pull command failed: level=info msg=\"apply failure, attempting cleanup\" error=\"failed to extract layer sha256:e246: write /var...", "larger volume", "attestations"),
    ('CannotPullContainerError: failed to resolve ref "docker.io/library/web_braid:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed', "whole name in the task definition", "Make the package public"),
    ("CannotPullContainerError: pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "repositoryCredentials", "official images"),
    ('botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response (400) from ECS metadata: {"code": "InvalidIdInRequest", "message": "CredentialsV2Request: Credentials not found"}', "start the task again", "sso login"),
    ("Error: ClientException: Tasks using the Fargate launch type do not support ipcMode.\n\tstatus code: 400", "out of the task definition", "capacityProvider=FARGATE"),
    ("AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0a1b is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-central-1:123456789012:log-group:shop:log-stream: because no identity-based policy allows the logs:CreateLogGroup action", 'log-group:shop:log-stream:"', 'log-stream"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), DECIDED, ids=[r[0][:50] for r in DECIDED])
def test_the_reason_decides(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


def test_a_step_that_decides_stands_without_the_others() -> None:
    likely = Step("likely")
    asked = Step("asked", when="no space")
    sure = Step("sure", when="write /", decides=True)
    assert chosen((likely, asked, sure), "x") == [likely]
    assert chosen((likely, asked, sure), "no space left") == [asked]
    assert chosen((likely, asked, sure), "write /var: no space left") == [sure]
    assert chosen((likely, asked, sure), "") == [likely, asked, sure]
