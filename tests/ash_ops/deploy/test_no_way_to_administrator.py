"""Whoever holds the printed deploy policy deploys, and gets no further.

The policies are evaluated as IAM does (tests/support/policy_engine.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pytest

from ash_ops.iam import policy as iam_policy
from ash_ops.names import Deployment
from tests.support import policy_engine

ACCOUNT, REGION = "123456789012", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
BOUNDARY = f"{IAM}:policy/web-boundary"
ROLE = f"{IAM}:role/web-TaskRole-1A2B3C"
ADMIN = f"{IAM}:role/web-admin"
OURS = {"aws:ResourceTag/ash:deployment": "web"}
THEIRS = {"aws:ResourceTag/ash:deployment": "shop"}
Context = Mapping[str, str]


def ec2(rest: str) -> str:
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{rest}"


def ecs(rest: str) -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:{rest}"


@lru_cache
def statements(command: str) -> list[dict[str, Any]]:
    document = iam_policy.policy_document(
        command,
        Deployment("web"),
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        options=("multi-machine", "managed"),
    )
    return list(json.loads(document)["Statement"])


def allows(command: str, action: str, resource: str, context: Context) -> bool:
    return policy_engine.allows([{"Statement": statements(command)}], action, resource, context)


WAYS: list[tuple[str, str, Context]] = [
    ("iam:CreateRole", ROLE, {}),
    ("iam:CreateRole", ROLE, {"iam:PermissionsBoundary": f"{IAM}:policy/my-own"}),
    (
        "iam:CreateRole",
        ROLE,
        {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    ("iam:CreateRole", ADMIN, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PutRolePolicy", ROLE, {}),  # one that was made without a boundary
    ("iam:PutRolePolicy", ADMIN, {"iam:PermissionsBoundary": BOUNDARY}),
    (
        "iam:AttachRolePolicy",
        ROLE,
        {
            "iam:PermissionsBoundary": BOUNDARY,
            "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess",
        },
    ),
    ("iam:PutRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": f"{IAM}:policy/my-own"}),
    ("iam:DeleteRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:UpdateAssumeRolePolicy", ADMIN, {}),
    ("iam:UpdateAssumeRolePolicy", f"{IAM}:role/OrganizationAccountAccessRole", {}),
    ("iam:PassRole", ADMIN, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    ("iam:PassRole", ADMIN, {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "cloudformation.amazonaws.com"}),
    ("iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/admin", {}),
    ("iam:CreatePolicyVersion", BOUNDARY, {}),
    ("iam:SetDefaultPolicyVersion", BOUNDARY, {}),
    ("iam:DeletePolicy", BOUNDARY, {}),
    ("iam:CreateUser", f"{IAM}:user/me", {}),
    ("iam:AttachUserPolicy", f"{IAM}:user/me", {}),
    ("iam:PutUserPolicy", f"{IAM}:user/me", {}),
    ("iam:CreateAccessKey", f"{IAM}:user/admin", {}),
    ("iam:CreateLoginProfile", f"{IAM}:user/admin", {}),
    (
        "iam:CreateServiceLinkedRole",
        f"{IAM}:role/aws-service-role/x",
        {"iam:AWSServiceName": "x.amazonaws.com"},
    ),
    ("sts:AssumeRole", ADMIN, {}),
    (
        "autoscaling:CreateOrUpdateTags",
        "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/shop",
        {},
    ),
    ("rds:ModifyDBInstance", "arn:aws:rds:eu-west-1:123456789012:db:shop", THEIRS),
    ("rds:DeleteDBInstance", "arn:aws:rds:eu-west-1:123456789012:db:shop", {}),
    ("elasticfilesystem:DeleteFileSystem", "arn:aws:elasticfilesystem:r:1:file-system/fs-1", {}),
    ("ecs:RunTask", ecs("task-definition/shop:1"), {}),
    ("ecs:ExecuteCommand", ecs("task/web/1"), {}),
    (
        "ecs:UpdateService",
        ecs("service/shop/api"),
        {"ecs:task-definition": ecs("task-definition/web-runtime:1")},
    ),
    (
        "ecs:CreateService",
        ecs("service/web/evil"),
        {"ecs:task-definition": ecs("task-definition/admin:1")},
    ),
    (
        "ecs:UpdateService",
        ecs("service/web/web-runtime"),
        {"ecs:task-definition": ecs("task-definition/admin:1")},
    ),
    ("ec2:CreateLaunchTemplateVersion", ec2("launch-template/lt-1"), {}),
    ("ec2:CreateLaunchTemplateVersion", ec2("launch-template/lt-1"), THEIRS),
    ("ec2:ModifyLaunchTemplate", ec2("launch-template/lt-1"), OURS),
    ("ec2:CreateTags", ec2("launch-template/lt-1"), THEIRS),
    ("ec2:CreateTags", ec2("launch-template/lt-1"), {}),
    ("ec2:AssociateIamInstanceProfile", ec2("instance/i-1"), OURS),
    ("ec2:ModifyInstanceAttribute", ec2("instance/i-1"), OURS),
    ("autoscaling:UpdateAutoScalingGroup", "arn:aws:autoscaling:x", THEIRS),
    ("ssm:SendCommand", ec2("instance/i-1"), {}),
    ("ssm:StartSession", ec2("instance/i-1"), {}),
    (
        "iam:AttachRolePolicy",
        f"{IAM}:role/web-InfrastructureRole-1",
        {
            "iam:PermissionsBoundary": BOUNDARY,
            "iam:PolicyARN": f"{IAM}:policy/AmazonECSInstanceRolePolicyForManagedInstances",
        },
    ),
    ("ssm:GetParameters", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/prod/db", {}),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/db-1",
        {},
    ),
    (
        "cloudformation:CreateChangeSet",
        f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/shop/1",
        {},
    ),
    ("cloudformation:SetStackPolicy", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/web/1", {}),
    ("cloudformation:UpdateStack", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/web/1", {}),
    ("lambda:CreateFunction", "*", {}),
    ("lambda:UpdateFunctionCode", "*", {}),
]


@pytest.mark.parametrize(("action", "resource", "context"), WAYS)
@pytest.mark.parametrize("command", ["deploy", "rollout", "rollback"])
def test_no_way_leads_further(command: str, action: str, resource: str, context: Context) -> None:
    assert not allows(command, action, resource, context)


WORK: list[tuple[str, str, Context]] = [
    ("iam:CreateRole", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PutRolePolicy", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PutRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    (
        "iam:AttachRolePolicy",
        f"{IAM}:role/web-ExecutionRole-1",
        {
            "iam:PermissionsBoundary": BOUNDARY,
            "iam:PolicyARN": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
        },
    ),
    (
        "iam:AttachRolePolicy",
        f"{IAM}:role/web-InfrastructureRole-1",
        {
            "iam:PermissionsBoundary": BOUNDARY,
            "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances",
        },
    ),
    (
        "iam:PassRole",
        f"{IAM}:role/web-InfrastructureRole-1",
        {"iam:PassedToService": "ecs.amazonaws.com"},
    ),
    (
        "iam:AddRoleToInstanceProfile",
        f"{IAM}:instance-profile/web-ManagedInstanceProfile-1",
        {},
    ),
    ("iam:DeleteRolePolicy", ROLE, {}),
    ("iam:DeleteRole", ROLE, {}),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    (
        "iam:PassRole",
        f"{IAM}:role/web-InstanceRole-1",
        {"iam:PassedToService": "ec2.amazonaws.com"},
    ),
    (
        "ecs:CreateService",
        ecs("service/web/web-runtime"),
        {"ecs:task-definition": ecs("task-definition/web-runtime:3")},
    ),
    (
        "ecs:UpdateService",
        ecs("service/web/web-runners"),
        {"ecs:task-definition": ecs("task-definition/web-runners:3")},
    ),
    ("ecs:UpdateService", ecs("service/web/web-runtime"), {}),
    ("ec2:CreateTags", ec2("security-group/sg-1"), {"ec2:CreateAction": "CreateSecurityGroup"}),
    ("ec2:CreateTags", ec2("security-group/sg-1"), OURS),
    ("ec2:CreateLaunchTemplateVersion", ec2("launch-template/lt-1"), OURS),
    ("ssm:GetParameters", f"arn:aws:ssm:{REGION}::parameter/aws/service/ecs/optimized-ami/x", {}),
    # For a secret that is not there yet IAM sees its name without the suffix.
    (
        "secretsmanager:DescribeSecret",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:web/server",
        {},
    ),
]


@pytest.mark.parametrize(("action", "resource", "context"), WORK)
def test_what_a_deployment_needs_is_allowed(action: str, resource: str, context: Context) -> None:
    assert allows("deploy", action, resource, context)


def here(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


# What CloudFormation makes under a name that begins with the deployment's; and the same of another.
NAMED = [
    ("sns:CreateTopic", here("sns", "web-Alarms-1A2B"), here("sns", "shop-Alarms-1A2B")),
    ("sns:SetTopicAttributes", here("sns", "web-Alarms-1A2B"), here("sns", "shop-Alarms-1A2B")),
    ("sns:DeleteTopic", here("sns", "web-Alarms-1A2B"), here("sns", "shop-Alarms-1A2B")),
    ("events:PutRule", here("events", "rule/web-TaskState-1A2B"), here("events", "rule/shop-x")),
    ("events:PutTargets", here("events", "rule/web-TaskState-1A2B"), here("events", "rule/shop-x")),
    ("events:DeleteRule", here("events", "rule/web-TaskState-1A2B"), here("events", "rule/shop-x")),
    ("cloudwatch:PutMetricAlarm", here("cloudwatch", "alarm:web-Unhealthy-1"), here("cloudwatch", "alarm:shop-1")),
    ("cloudwatch:DeleteAlarms", here("cloudwatch", "alarm:web-Unhealthy-1"), here("cloudwatch", "alarm:shop-1")),
    ("budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/web-monthly", f"arn:aws:budgets::{ACCOUNT}:budget/shop"),
    ("logs:CreateLogGroup", here("logs", "log-group:/web/runtime"), here("logs", "log-group:/shop/runtime")),
    ("logs:DeleteLogGroup", here("logs", "log-group:/web/events"), here("logs", "log-group:/web-2/events")),
    ("iam:CreateInstanceProfile", f"{IAM}:instance-profile/web-InstanceProfile-1", f"{IAM}:instance-profile/shop-InstanceProfile-1"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "ours", "others"), NAMED)
def test_what_has_a_name_of_ours_may_be_made_and_changed_and_nothing_of_another_name(
    action: str, ours: str, others: str
) -> None:
    policy = [{"Statement": everything()}]
    assert policy_engine.allows(policy, action, ours, {})
    assert not policy_engine.allows(policy, action, others, {})


@pytest.mark.parametrize("action", ["acm:RequestCertificate", "route53:ListHostedZones"])
def test_what_iam_knows_no_resource_of_is_allowed_on_all(action: str) -> None:
    """Service authorization reference: neither action has a resource type."""
    assert policy_engine.allows([{"Statement": everything()}], action, "*", {})


@lru_cache
def everything() -> list[dict[str, Any]]:
    """The policy of a deployment with every option."""
    document = iam_policy.policy_document(
        "deploy",
        Deployment("web"),
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        options=("efs", "ec2", "managed", "multi-machine", "alarms", "domain"),
    )
    return list(json.loads(document)["Statement"])


BEYOND = [
    ("iam:CreateUser", "*"),
    ("iam:PassRole", ADMIN),
    ("sts:AssumeRole", ADMIN),
    ("ecs:RegisterContainerInstance", ecs("cluster/shop")),
    ("ecs:RunTask", ecs("task-definition/shop:1")),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/db-1",
    ),
    ("s3:GetObject", "arn:aws:s3:::backups/db.dump"),
    ("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/prod/db"),
    ("ec2:AttachVolume", ec2("volume/vol-1")),
    ("ec2:RunInstances", ec2("instance/*")),
    ("ec2:CreateFleet", ec2("fleet/*")),
    ("ec2:TerminateInstances", ec2("instance/i-1")),
]


@pytest.mark.parametrize(("action", "resource"), BEYOND)
def test_what_a_role_is_given_ends_at_the_boundary(action: str, resource: str) -> None:
    assert not allows("boundary", action, resource, THEIRS)


def test_the_boundary_leaves_the_roles_what_the_templates_give_them() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:web/server-AbCdEf"
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/web/runtime:log-stream:ash/1"
    for action, resource, context in (
        ("secretsmanager:GetSecretValue", secret, {}),
        ("logs:PutLogEvents", logs, {}),
        ("s3:PutObject", "arn:aws:s3:::bucket/web/session-1.tar", {}),
        ("elasticfilesystem:ClientMount", "arn:aws:elasticfilesystem:x:1:file-system/fs-1", OURS),
        ("ecs:RegisterContainerInstance", ecs("cluster/web"), {}),
        ("ecs:Poll", ecs("container-instance/web/1"), {}),
        ("ec2:AttachVolume", ec2("volume/vol-1"), OURS),
        ("ecs:PutSystemLogEvents", ecs("container-instance/web/1"), {}),
        ("ec2:RunInstances", ec2("instance/*"), {"aws:RequestTag/AmazonECSManaged": "true"}),
        ("ec2:RunInstances", ec2("subnet/subnet-1"), {}),
        (
            "iam:PassRole",
            f"{IAM}:role/web-ManagedInstanceRole-1",
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
    ):
        assert allows("boundary", action, resource, context), action


REPAIRS_OF_OTHERS: list[tuple[str, str, Context]] = [
    ("ecs:UpdateService", ecs("service/shop/api"), {}),
    (
        "ecs:UpdateService",
        ecs("service/web/web-runtime"),
        {"ecs:task-definition": ecs("task-definition/admin:1")},
    ),
    ("cloudformation:ContinueUpdateRollback", "arn:aws:cloudformation:r:1:stack/shop/1", {}),
    ("secretsmanager:RestoreSecret", "arn:aws:secretsmanager:r:1:secret:shop/server-A1b2C3", {}),
    ("logs:PutRetentionPolicy", "arn:aws:logs:r:1:log-group:/shop/server", {}),
    ("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1"), THEIRS),
    ("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1"), {}),
    ("ec2:CreateRoute", ec2("route-table/rtb-1"), THEIRS),
    ("ec2:ModifyVpcAttribute", ec2("vpc/vpc-1"), {}),
    ("elasticloadbalancing:ModifyListener", "arn:aws:elasticloadbalancing:r:1:listener/x", THEIRS),
]


def allowed_with_fix(action: str, resource: str, context: Context) -> bool:
    document = iam_policy.policy_document(
        *("doctor", Deployment("web")),
        partition="aws",
        region="*",
        account="*",
        options=("fix",),
    )
    return policy_engine.allows([json.loads(document)], action, resource, context)


@pytest.mark.parametrize(("action", "resource", "context"), REPAIRS_OF_OTHERS)
def test_the_repairs_of_the_doctor_are_allowed_on_nothing_of_others(
    action: str, resource: str, context: Context
) -> None:
    assert not allowed_with_fix(action, resource, context)


def test_the_repairs_of_the_doctor_are_allowed_on_what_is_ours() -> None:
    assert allowed_with_fix("ecs:UpdateService", ecs("service/web/web-runtime"), {})
    assert allowed_with_fix("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1"), OURS)
