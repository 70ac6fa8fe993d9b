"""What a command interrupts on a deployment that serves, and on one where there is nothing to interrupt."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import Interruption as I
from ash_ops.checks.commands import of_text
from ash_ops.repairs.interruptions import interruption, looks
from tests.support import scenarios

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
        (f"{SERVICE} --force-new-deployment", {}, I.SESSIONS), (f"{SERVICE} --no-force-new-deployment", {}, I.NOTHING),
        (f"{SERVICE} --task-definition x", {}, I.SESSIONS), (f"{SERVICE} --network-configuration a=b", {}, I.SESSIONS),
        (f"{SERVICE} --capacity-provider-strategy capacityProvider=FARGATE", {}, I.SESSIONS), (f"{SERVICE} --platform-version LATEST", {}, I.SESSIONS),
        (f"{SERVICE} --load-balancers a=b", {}, I.SESSIONS), (f"{SERVICE} --service-registries a=b", {}, I.SESSIONS), (f"{SERVICE} --enable-execute-command", {}, I.SESSIONS),
        (f"{SERVICE} --desired-count 0", {}, I.SESSIONS), (f"{SERVICE} --desired-count 1", {}, I.NOTHING), (f"{SERVICE} --desired-count 2", {}, I.NOTHING),
        (f"{SERVICE} --desired-count 0", NO_TASK, I.NOTHING), (f"{SERVICE} --desired-count '<COUNT>'", {}, I.UNKNOWN),
        (f"{SERVICE} --force-new-deployment", NO_TASK, I.NOTHING),
        (f"{SERVICE} {BOUNDS}", {}, I.NOTHING), (f"{SERVICE} {BOUNDS}", TWO_ROLLOUTS, I.MAYBE), (f"{SERVICE} --health-check-grace-period-seconds 9", TWO_ROLLOUTS, I.NOTHING),
        ("aws ecs update-container-instances-state --status DRAINING", {}, I.SESSIONS), ("aws ecs update-container-instances-state --status ACTIVE", {}, I.NOTHING),
        ("ash-ops deploy --cpu 512", {}, I.MAYBE), ("ash-ops deploy --allow-cidr 10.0.0.0/8", {}, I.CALLERS), ("ash-ops deploy --cpu 512", NO_TASK, I.NOTHING),
        ("ash-ops deploy --allow-cidr 10.0.0.0/8", NO_TASK, I.CALLERS), ("ash-ops deploy --name ash-cloud --cpu 512", {}, I.MAYBE), ("ash-ops deploy --name beside --allow-cidr 10.0.0.0/8", {}, I.NOTHING),
        ("ash-ops rollout 0.3.0", {}, I.SESSIONS), ("ash-ops rollback", {}, I.SESSIONS), ("ash-ops start", {}, I.NOTHING),
        ("ash-ops stop", {}, I.SERVICE), ("ash-ops teardown", {}, I.SERVICE), ("ash-ops teardown", NO_SERVICE, I.NOTHING), ("ash-ops teardown", UNREAD, I.SERVICE), ("ash-ops teardown", REVIEW, I.NOTHING),
        ("aws cloudformation delete-stack --stack-name x", {}, I.SERVICE), ("aws cloudformation delete-stack --stack-name x", REVIEW, I.NOTHING), ("aws ecs delete-service --service x", NO_SERVICE, I.NOTHING),
        ("aws ecs delete-service --service x", {}, I.SERVICE), ("aws ecs stop-task --task x", {}, I.SESSIONS), ("aws ecs stop-service-deployment --x y", {}, I.MAYBE), ("aws ecs continue-service-deployment --x y", {}, I.MAYBE),
        ("aws autoscaling terminate-instance-in-auto-scaling-group --instance-id i", {}, I.SESSIONS), ("aws cloudformation cancel-update-stack --stack-name x", {}, I.MAYBE),
        ("aws cloudformation continue-update-rollback --stack-name x", {}, I.MAYBE), ("aws cloudformation deploy --stack-name x", {}, I.MAYBE),
        ("aws ec2 modify-vpc-endpoint --x y", {}, I.ROUTE), ("aws ec2 replace-route --x y", {}, I.ROUTE), ("aws ec2 create-route --x y", {}, I.NOTHING), ("aws ec2 revoke-security-group-ingress --x y", {}, I.CALLERS),
        ("aws elbv2 deregister-targets --x y", {}, I.CONNECTIONS), ("aws elbv2 modify-listener --x y", {}, I.CONNECTIONS), ("aws elbv2 create-listener --x y", {}, I.NOTHING),
        ("aws logs put-retention-policy --x y", {}, I.LOGS), ("aws secretsmanager delete-secret --secret-id x", {}, I.DATA), ("aws secretsmanager restore-secret --secret-id x", {}, I.NOTHING),
        ("aws secretsmanager delete-secret --secret-id x", NO_SERVICE, I.DATA),
        ("aws s3 rm x", {}, I.UNKNOWN), ("terraform apply", {}, I.UNKNOWN), ("ash-ops unheard-of", {}, I.UNKNOWN),
        ("aws ecs describe-services --cluster x", {}, None), ("aws ec2 get-console-output --x y", {}, None), ("aws ecs wait services-stable --x y", {}, None), ("aws s3api list-buckets", {}, None),
        ("aws cloudtrail lookup-events", {}, None), ("aws logs filter-log-events", {}, None), ("aws cloudformation wait stack-x", {}, None), ("aws sso login", {}, None),
        ("ash-ops deploy --plan", {}, None), ("ash-ops doctor", {}, None), ("ash-ops key", {}, None), ("ash-ops runners", {}, None), ("curl http://x", {}, None), ("docker build .", {}, None), ("sysctl x", {}, None),
    ],
)  # fmt: skip
def test_a_command_interrupts_this(
    command: str, change: dict[str, Any], expected: I | None
) -> None:
    read = of_text(command)
    assert read is not None
    assert interruption(scenarios.snapshot(change), read) is expected
    assert looks(read) is (expected is None)
