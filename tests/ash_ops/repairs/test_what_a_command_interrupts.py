"""What a command interrupts on a deployment that serves, and on one where there is nothing to interrupt."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import Interruption
from ash_ops.checks.commands import of_text
from ash_ops.repairs.interruptions import interruption, looks
from tests.support import scenarios
from tests.support.each import each

SERVING = scenarios.snapshot()
SERVICE = "aws ecs update-service --cluster ash-cloud --service ash-cloud-runtime"
ROLLOUT = scenarios.healthy()["service"]["value"]["deployments"][0]
TWO_ROLLOUTS = {"service": {"value": {"deployments": [ROLLOUT, {**ROLLOUT, "id": "ecs-svc/2"}]}}}
NO_TASK: dict[str, Any] = {
    "tasks": {"value": []},
    "service": {"value": {"runningCount": 0}},
    "target_health": {"value": []},
}
NO_SERVICE = {**NO_TASK, "service": {"value": None}}
UNREAD = {**NO_TASK, "service": {"value": None, "gap": {"kind": "denied"}}}
REVIEW = {"stack": {"value": {"StackStatus": "REVIEW_IN_PROGRESS"}}}
BOUNDS = "--deployment-configuration maximumPercent=200"


@pytest.mark.parametrize(
    ("command", "change", "expected"),
    [
        (f"{SERVICE} --force-new-deployment", {}, Interruption.SESSIONS), (f"{SERVICE} --no-force-new-deployment", {}, Interruption.NOTHING),
        (f"{SERVICE} --task-definition x", {}, Interruption.SESSIONS), (f"{SERVICE} --network-configuration a=b", {}, Interruption.SESSIONS),
        (f"{SERVICE} --capacity-provider-strategy capacityProvider=FARGATE", {}, Interruption.SESSIONS), (f"{SERVICE} --platform-version LATEST", {}, Interruption.SESSIONS),
        (f"{SERVICE} --load-balancers a=b", {}, Interruption.SESSIONS), (f"{SERVICE} --service-registries a=b", {}, Interruption.SESSIONS), (f"{SERVICE} --enable-execute-command", {}, Interruption.SESSIONS),
        (f"{SERVICE} --desired-count 0", {}, Interruption.SESSIONS), (f"{SERVICE} --desired-count 1", {}, Interruption.NOTHING), (f"{SERVICE} --desired-count 2", {}, Interruption.NOTHING),
        (f"{SERVICE} --desired-count 0", NO_TASK, Interruption.NOTHING), (f"{SERVICE} --desired-count '<COUNT>'", {}, Interruption.UNKNOWN),
        (f"{SERVICE} --force-new-deployment", NO_TASK, Interruption.NOTHING),
        (f"{SERVICE} {BOUNDS}", {}, Interruption.NOTHING), (f"{SERVICE} {BOUNDS}", TWO_ROLLOUTS, Interruption.MAYBE), (f"{SERVICE} --health-check-grace-period-seconds 9", TWO_ROLLOUTS, Interruption.NOTHING),
        ("aws ecs update-container-instances-state --status DRAINING", {}, Interruption.SESSIONS), ("aws ecs update-container-instances-state --status ACTIVE", {}, Interruption.NOTHING),
        ("ash-ops deploy --cpu 512", {}, Interruption.MAYBE), ("ash-ops deploy --allow-cidr 10.0.0.0/8", {}, Interruption.CALLERS), ("ash-ops deploy --cpu 512", NO_TASK, Interruption.NOTHING),
        ("ash-ops deploy --allow-cidr 10.0.0.0/8", NO_TASK, Interruption.CALLERS), ("ash-ops deploy --name ash-cloud --cpu 512", {}, Interruption.MAYBE), ("ash-ops deploy --name beside --allow-cidr 10.0.0.0/8", {}, Interruption.NOTHING),
        ("ash-ops rollout 0.3.0", {}, Interruption.SESSIONS), ("ash-ops rollback", {}, Interruption.SESSIONS), ("ash-ops start", {}, Interruption.NOTHING),
        ("ash-ops stop", {}, Interruption.SERVICE), ("ash-ops teardown", {}, Interruption.SERVICE), ("ash-ops teardown", NO_SERVICE, Interruption.NOTHING), ("ash-ops teardown", UNREAD, Interruption.SERVICE), ("ash-ops teardown", REVIEW, Interruption.NOTHING),
        ("aws cloudformation delete-stack --stack-name x", {}, Interruption.SERVICE), ("aws cloudformation delete-stack --stack-name x", REVIEW, Interruption.NOTHING), ("aws ecs delete-service --service x", NO_SERVICE, Interruption.NOTHING),
        ("aws ecs delete-service --service x", {}, Interruption.SERVICE), ("aws ecs stop-task --task x", {}, Interruption.SESSIONS), ("aws ecs stop-service-deployment --x y", {}, Interruption.MAYBE), ("aws ecs continue-service-deployment --x y", {}, Interruption.MAYBE),
        ("aws autoscaling terminate-instance-in-auto-scaling-group --instance-id i", {}, Interruption.SESSIONS), ("aws cloudformation cancel-update-stack --stack-name x", {}, Interruption.MAYBE),
        ("aws cloudformation continue-update-rollback --stack-name x", {}, Interruption.MAYBE), ("aws cloudformation deploy --stack-name x", {}, Interruption.MAYBE),
        ("aws ec2 modify-vpc-endpoint --x y", {}, Interruption.ROUTE), ("aws ec2 replace-route --x y", {}, Interruption.ROUTE), ("aws ec2 create-route --x y", {}, Interruption.NOTHING), ("aws ec2 revoke-security-group-ingress --x y", {}, Interruption.CALLERS),
        ("aws elbv2 deregister-targets --x y", {}, Interruption.CONNECTIONS), ("aws elbv2 modify-listener --x y", {}, Interruption.CONNECTIONS), ("aws elbv2 create-listener --x y", {}, Interruption.NOTHING),
        ("aws logs put-retention-policy --x y", {}, Interruption.LOGS), ("aws secretsmanager delete-secret --secret-id x", {}, Interruption.DATA), ("aws secretsmanager restore-secret --secret-id x", {}, Interruption.NOTHING),
        ("aws secretsmanager delete-secret --secret-id x", NO_SERVICE, Interruption.DATA),
        ("aws s3 rm x", {}, Interruption.UNKNOWN), ("terraform apply", {}, Interruption.UNKNOWN), ("ash-ops unheard-of", {}, Interruption.UNKNOWN),
        ("aws ecs describe-services --cluster x", {}, None), ("aws ec2 get-console-output --x y", {}, None), ("aws ecs wait services-stable --x y", {}, None), ("aws s3api list-buckets", {}, None),
        ("aws cloudtrail lookup-events", {}, None), ("aws logs filter-log-events", {}, None), ("aws cloudformation wait stack-x", {}, None), ("aws sso login", {}, None),
        ("ash-ops deploy --plan", {}, None), ("ash-ops doctor", {}, None), ("ash-ops key", {}, None), ("ash-ops runners", {}, None), ("curl http://x", {}, None), ("docker build .", {}, None), ("sysctl x", {}, None),
    ],
)  # fmt: skip
def test_a_command_interrupts_this(
    command: str, change: dict[str, Any], expected: Interruption | None
) -> None:
    read = of_text(command)
    assert read is not None
    assert interruption(scenarios.snapshot(change), read) is expected
    assert looks(read) is (expected is None)


# What makes, allows or repairs, and takes nothing away from a task or a connection that is there.
HARMLESS = (
    "autoscaling resume-processes", "autoscaling update-auto-scaling-group", "cloudformation update-termination-protection",
    "ec2 attach-internet-gateway", "ec2 authorize-security-group-egress", "ec2 authorize-security-group-ingress",
    "ec2 create-network-acl-entry", "ec2 create-route", "ec2 modify-vpc-attribute", "ec2 replace-network-acl-entry",
    "ecs put-account-setting", "ecs put-account-setting-default", "ecs update-task-protection",
    "elbv2 create-listener", "elbv2 modify-listener-attributes", "elbv2 modify-load-balancer-attributes", "elbv2 modify-target-group",
    "elbv2 modify-target-group-attributes", "elbv2 register-targets", "elbv2 set-subnets",
    "iam attach-role-policy", "iam create-service-linked-role", "iam put-role-policy", "iam update-assume-role-policy",
    "kms cancel-key-deletion", "kms enable-key", "logs create-log-group", "rds start-db-instance",
    "secretsmanager put-secret-value", "secretsmanager restore-secret", "secretsmanager update-secret-version-stage",
    "service-quotas request-service-quota-increase",
)  # fmt: skip


@each("name", HARMLESS)
def test_a_command_that_only_makes_or_allows_something_interrupts_nothing(name: str) -> None:
    read = of_text(f"aws {name} --x y")
    assert read is not None
    assert interruption(SERVING, read) is Interruption.NOTHING


LOOKING = "connect cost demo doctor explain health iam-policy key logs runners status template"


@each("name", LOOKING.split())
def test_a_command_of_ash_ops_that_looks_interrupts_nothing_that_could_be_named(name: str) -> None:
    read = of_text(f"ash-ops {name}")
    assert read is not None
    assert interruption(SERVING, read) is None
