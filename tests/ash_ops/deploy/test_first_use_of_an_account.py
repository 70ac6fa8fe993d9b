"""A fresh account: AWS's own roles are made and waited for, and what is full is told before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.plan.account import check_log_policies, check_mount_targets
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import read_request
from ash_ops.deploy.run.first_use import SETTLES_SECONDS, make_service_roles, services_of
from ash_ops.facts.deploying.deployments import Verdict
from ash_ops.iam import policy as iam_policy
from ash_ops.names import Deployment
from tests.ash_ops.deploy.test_checking_before import placement, request, subnet
from tests.support import policy_engine
from tests.support.deploying import FakeTime, User, settings_of

Script = Callable[[str], Stubber]
TAKEN = "Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix."


def make(aws: Aws, time_: FakeTime, user: User) -> None:
    environment = Environment(aws=aws, settings=settings_of(), dialogue=user, clock=time_.clock)
    make_service_roles(environment, request())


def test_roles_that_are_there_cost_no_time(aws: Aws, stub: Script, time_: FakeTime) -> None:
    iam, user = stub("iam"), User()
    for _ in range(2):
        iam.add_client_error("create_service_linked_role", "InvalidInput", TAKEN)
    make(aws, time_, user)
    assert (time_.naps, user.text) == ([], "")


def test_a_role_that_was_made_is_waited_for(aws: Aws, stub: Script, time_: FakeTime) -> None:
    iam, user = stub("iam"), User()
    role = {"Role": {"Path": "/", "RoleName": "x" * 16, "RoleId": "A" * 16, "CreateDate": 0,
                     "Arn": "arn:aws:iam::123456789012:role/x"}}  # fmt: skip
    iam.add_response("create_service_linked_role", role, {"AWSServiceName": "ecs.amazonaws.com"})
    iam.add_client_error("create_service_linked_role", "InvalidInput", TAKEN)
    make(aws, time_, user)
    assert time_.naps == [SETTLES_SECONDS]
    assert "ecs.amazonaws.com" in user.text


def test_a_role_that_may_not_be_made_stops_nobody(aws: Aws, stub: Script, time_: FakeTime) -> None:
    iam, user = stub("iam"), User()
    for _ in range(2):
        iam.add_client_error("create_service_linked_role", "AccessDenied", "not authorized")
    make(aws, time_, user)
    assert "run the deployment once more" in user.text
    assert time_.naps == []


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ({}, set()),
        ({"launch_type": "ec2"}, {"autoscaling"}),
        ({"launch_type": "managed"}, {"ecs-compute", "elasticfilesystem"}),
        ({"efs": True}, {"elasticfilesystem"}),
        (
            {"mode": "multi-machine", "runner_subnets": ("r1", "r2")},
            {"autoscaling", "elasticfilesystem", "rds"},
        ),
    ],
)
def test_every_role_that_a_deployment_makes_is_allowed_by_its_policy(
    options: dict[str, object], more: set[str]
) -> None:
    import json

    found = set(services_of(request(**options)))
    assert found == {f"{s}.amazonaws.com" for s in {"ecs", "elasticloadbalancing"} | more}
    document = json.loads(
        iam_policy.policy_document(
            "deploy",
            Deployment(),
            partition="aws",
            region="us-east-1",
            account="123456789012",
            part="own",
        )
    )
    for service in found:
        role = f"arn:aws:iam::123456789012:role/aws-service-role/{service}/AWSServiceRoleForX"
        context = {"iam:AWSServiceName": service}
        assert policy_engine.allows([document], "iam:CreateServiceLinkedRole", role, context)


@pytest.mark.parametrize(("count", "verdict"), [(9, Verdict.PASSED), (10, Verdict.REFUSED)])
def test_the_eleventh_log_resource_policy_is_refused_before(
    aws: Aws, stub: Script, count: int, verdict: Verdict
) -> None:
    there = [{"policyName": f"p{n}"} for n in range(count)]
    stub("logs").add_response("describe_resource_policies", {"resourcePolicies": there})
    assert check_log_policies(aws).verdict is verdict


A, B, OTHER_A, C = subnet("sa", "a"), subnet("sb", "b"), subnet("sa2", "a"), subnet("sc", "c")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((A, B), (A, B), Verdict.PASSED),
        ((A, B), (OTHER_A, B), Verdict.REFUSED),  # one zone, another subnet
        ((A, B), (B, A), Verdict.REFUSED),  # each target would move to where the other is
        ((A, B), (A, C), Verdict.PASSED),  # a zone without one
    ],
)
def test_a_mount_target_cannot_move_within_its_zone(
    aws: Aws, stub: Script, before: tuple[object, ...], after: tuple[object, ...], verdict: Verdict
) -> None:
    told = [
        {"SubnetId": s.subnet_id, "VpcId": "vpc-1", "AvailabilityZone": s.zone}  # type: ignore[attr-defined]  # subnets
        for s in before
    ]
    stub("ec2").add_response("describe_subnets", {"Subnets": told})
    previous = {"UseEfs": "true", "TaskSubnetIds": ",".join(s.subnet_id for s in before)}  # type: ignore[attr-defined]  # subnets
    wanted = read_request(settings_of(), DeployOptions(), previous)
    found = check_mount_targets(aws, wanted, placement(tasks=after))  # type: ignore[arg-type]  # subnets
    assert found.verdict is verdict
