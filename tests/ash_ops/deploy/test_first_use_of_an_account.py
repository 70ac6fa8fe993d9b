"""A fresh account: AWS's own roles are made and waited for, and what is full is told before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.preflight import _asks, check_plan
from ash_ops.deploy.plan.request import read_request
from ash_ops.deploy.run.first_use import SETTLES_SECONDS, make_service_roles, services_of
from ash_ops.facts.network import Subnet
from ash_ops.iam import policy as iam_policy
from ash_ops.names import Deployment
from tests.ash_ops.deploy.test_checking_before import (
    ME,
    NOTHING,
    PASSED,
    REFUSED,
    placement,
    planned,
    request,
    says,
    subnet,
)
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


@pytest.mark.parametrize(("count", "answer"), [(9, PASSED), (10, REFUSED)])
def test_the_eleventh_log_resource_policy_is_refused_before(count: int, answer: str) -> None:
    facts = planned(log_policies=tuple(f"p{n}" for n in range(count)))
    assert says("log-policies", facts) == answer
    assert says("log-policies", planned()) == NOTHING  # a deployment that is there has its own


A, B, OTHER_A, C = subnet("sa", "a"), subnet("sb", "b"), subnet("sa2", "a"), subnet("sc", "c")


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ((A, B), (A, B), PASSED),
        ((A, B), (OTHER_A, B), REFUSED),  # one zone, another subnet
        ((A, B), (B, A), REFUSED),  # each target would move to where the other is
        ((A, B), (A, C), PASSED),  # a zone without one
    ],
)
def test_a_mount_target_cannot_move_within_its_zone(
    before: tuple[Subnet, ...], after: tuple[Subnet, ...], answer: str
) -> None:
    facts = planned(placement(tasks=after), mounted_subnets=before)
    assert says("mount-targets", facts) == answer
    if answer is REFUSED:
        (found,) = check_plan(facts)["mount-targets"].findings
        assert "Keep --task-subnets sa,sb, in this order" in found.fix[0].why


FLEET = {"mode": "multi-machine", "runner_subnets": ("r1", "r2")}
ALWAYS = {"internet_gateways", "nat_gateways", "denied_actions", "image"}
OF_A_NEW_ONE = {"log_policies", "log_groups", "load_balancer"}
OF_INSTANCES = {"instance_type", "instance_zones", "vcpu_quota"}


@pytest.mark.parametrize(
    ("options", "previous", "more"),
    [
        ({}, {}, {"quota"} | OF_A_NEW_ONE),
        ({"launch_type": "ec2"}, {}, OF_INSTANCES | OF_A_NEW_ONE),
        ({"launch_type": "managed"}, {}, OF_INSTANCES | OF_A_NEW_ONE),
        ({"efs": True}, {"TaskSubnetIds": "sa,sb"}, {"quota", "mounted_subnets"}),
        ({}, {"TaskSubnetIds": "sa,sb"}, {"quota"}),
        (FLEET, {}, {"quota", "runner_subnets"} | OF_INSTANCES | OF_A_NEW_ONE),
    ],
)
def test_a_plan_reads_what_its_checks_look_at(
    aws: Aws, options: dict[str, Any], previous: dict[str, str], more: set[str]
) -> None:
    wanted = read_request(settings_of(), DeployOptions(**options), previous)
    steps = _asks(aws, ME, wanted, placement(), is_new=not previous)
    assert {step.name for step in steps} == ALWAYS | more
