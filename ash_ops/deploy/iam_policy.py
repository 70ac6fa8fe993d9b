"""The least that each command needs to be allowed, as data.

``direct`` are the calls that ash-ops makes itself: a test records them and compares. ``through``
are the calls that CloudFormation makes with the caller's permissions while it works on the
templates' resources.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ash_ops.deployment import Deployment
from ash_ops.errors import UsageProblem

ANY = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Actions, and the resources on which they are needed.

    Attributes:
        resources: ARN templates with ``{partition} {region} {account} {prefix}``.
        condition: an IAM condition, where one narrows it.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ANY
    condition: Mapping[str, Mapping[str, str]] | None = None


def _arn(service: str, rest: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


_STACK = (_arn("cloudformation", "stack/{prefix}/*"),)
_SECRET = (_arn("secretsmanager", "secret:{prefix}/server-*"),)
_SERVICE = (_arn("ecs", "service/{prefix}/*"),)
_TASKS = (_arn("ecs", "task/{prefix}/*"), _arn("ecs", "container-instance/{prefix}/*"))

_LOOK: tuple[Need, ...] = (
    Need(sid="Service", actions=("ecs:DescribeServices",), resources=_SERVICE),
    Need(sid="TaskDefinition", actions=("ecs:DescribeTaskDefinition",)),
    Need(
        sid="Address",
        actions=(
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ),
    ),
)
_LOOK_AT_TASKS: tuple[Need, ...] = (
    Need(
        sid="Tasks",
        actions=("ecs:ListTasks",),
        condition={
            "ArnEquals": {"ecs:cluster": _arn("ecs", "cluster/{prefix}")},
        },
    ),
    Need(sid="TaskDetails", actions=("ecs:DescribeTasks",), resources=_TASKS),
)
_KEY: tuple[Need, ...] = (
    Need(
        sid="Key",
        actions=("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
        resources=_SECRET,
    ),
)
_CHANGE_STACK: tuple[Need, ...] = (
    Need(sid="Identity", actions=("sts:GetCallerIdentity",)),
    Need(
        sid="Stack",
        actions=(
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeEvents",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:TagResource",
        ),
        resources=_STACK,
    ),
    Need(sid="Template", actions=("cloudformation:GetTemplateSummary",)),
)
_PREFLIGHT: tuple[Need, ...] = (
    Need(
        sid="Before",
        actions=(
            "ec2:DescribeRouteTables",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ecr:DescribeImages",
            "logs:DescribeLogGroups",
            "servicequotas:GetServiceQuota",
        ),
    ),
    Need(
        sid="OwnPermissions",
        actions=("iam:SimulatePrincipalPolicy",),
        resources=("arn:{partition}:iam::{account}:*",),
    ),
)
_WRITE_SECRET: tuple[Need, ...] = (
    Need(
        sid="Secret",
        actions=(
            "secretsmanager:CreateSecret",
            "secretsmanager:PutSecretValue",
            "secretsmanager:RestoreSecret",
            "secretsmanager:TagResource",
        ),
        resources=_SECRET,
    ),
)

DIRECT: dict[str, tuple[Need, ...]] = {
    "deploy": (
        *_CHANGE_STACK,
        *_PREFLIGHT,
        *_LOOK,
        *_LOOK_AT_TASKS,
        *_KEY,
        *_WRITE_SECRET,
    ),
    "rollout": (
        *_CHANGE_STACK,
        *_LOOK,
        *_LOOK_AT_TASKS,
        *_KEY,
        Need(sid="Restart", actions=("ecs:UpdateService",), resources=_SERVICE),
        Need(sid="Image", actions=("ecr:DescribeImages",)),
    ),
    "teardown": (
        Need(sid="Identity", actions=("sts:GetCallerIdentity",)),
        Need(
            sid="Stack",
            actions=(
                "cloudformation:DeleteStack",
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudformation:ListStackResources",
                "cloudformation:UpdateTerminationProtection",
            ),
            resources=_STACK,
        ),
        *_LOOK,
        *_LOOK_AT_TASKS,
        Need(
            sid="LookAgain",
            actions=(
                "ec2:DescribeAddresses",
                "ec2:DescribeInstances",
                "ec2:DescribeNatGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVolumes",
                "elasticfilesystem:DescribeFileSystems",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "logs:DescribeLogGroups",
                "rds:DescribeDBInstances",
            ),
        ),
        Need(
            sid="RemoveWhatTheStackKeeps",
            actions=("elasticfilesystem:DeleteFileSystem",),
            condition={"StringEquals": {"aws:ResourceTag/ash:deployment": "{prefix}"}},
        ),
        Need(
            sid="RemoveLogs",
            actions=("logs:DeleteLogGroup",),
            resources=(
                _arn("logs", "log-group:/{prefix}/*"),
                _arn("logs", "log-group:/aws/ecs/containerinsights/{prefix}/*"),
            ),
        ),
        Need(
            sid="Unprotect",
            actions=("elasticloadbalancing:ModifyLoadBalancerAttributes",),
            resources=(_arn("elasticloadbalancing", "loadbalancer/net/{prefix}-nlb/*"),),
        ),
        Need(
            sid="Secret",
            actions=("secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret"),
            resources=_SECRET,
        ),
    ),
    "status": (*_LOOK, *_LOOK_AT_TASKS),
    "key": (
        Need(sid="Service", actions=("ecs:DescribeServices",), resources=_SERVICE),
        Need(sid="TaskDefinition", actions=("ecs:DescribeTaskDefinition",)),
        *_KEY,
        Need(
            sid="Parameter",
            actions=("ssm:GetParameter",),
            resources=(_arn("ssm", "parameter/*"),),
        ),
    ),
    "doctor": (
        Need(
            sid="Look",
            actions=(
                "cloudformation:DescribeEvents",
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudformation:ListStackResources",
                "cloudwatch:GetMetricData",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeNatGateways",
                "ec2:DescribeNetworkAcls",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
                "ecr:DescribeImages",
                "ecs:DescribeClusters",
                "ecs:DescribeServices",
                "ecs:DescribeTaskDefinition",
                "ecs:DescribeTasks",
                "ecs:ListTasks",
                "elasticloadbalancing:DescribeListenerAttributes",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
                "logs:DescribeLogGroups",
                "logs:FilterLogEvents",
                "secretsmanager:DescribeSecret",
                "servicequotas:GetServiceQuota",
                "sts:GetCallerIdentity",
            ),
        ),
    ),
    "logs": (
        Need(sid="Groups", actions=("logs:DescribeLogGroups",)),
        Need(
            sid="Events",
            actions=("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            resources=(_arn("logs", "log-group:/{prefix}/*"),),
        ),
        Need(sid="Service", actions=("ecs:DescribeServices",), resources=_SERVICE),
        *_LOOK_AT_TASKS,
    ),
    "cost": (
        *_LOOK,
        Need(
            sid="Prices",
            actions=(
                "ce:GetCostAndUsage",
                "ce:ListCostAllocationTags",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListMetrics",
                "ec2:DescribeInstances",
                "ec2:DescribeNatGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVolumes",
                "ec2:DescribeVpcEndpoints",
                "ecr:DescribeImages",
                "ecs:DescribeClusters",
                "ecs:DescribeContainerInstances",
                "ecs:ListContainerInstances",
                "elasticfilesystem:DescribeFileSystems",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "logs:DescribeLogGroups",
                "pricing:GetProducts",
                "rds:DescribeDBInstances",
                "sts:GetCallerIdentity",
            ),
        ),
    ),
}
DIRECT["rollback"] = DIRECT["rollout"]
DIRECT["health"] = DIRECT["connect"] = DIRECT["key"] + _LOOK[-1:]

_TASK_ROLES = ("arn:{partition}:iam::{account}:role/{prefix}-*",)
_RESOURCES: tuple[Need, ...] = (
    Need(
        sid="EcsResources",
        actions=(
            "ecs:CreateCluster",
            "ecs:CreateService",
            "ecs:DeleteCluster",
            "ecs:DeleteService",
            "ecs:DeregisterTaskDefinition",
            "ecs:DescribeClusters",
            "ecs:ListServiceDeployments",
            "ecs:DescribeServiceDeployments",
            "ecs:DescribeServiceRevisions",
            "ecs:ListTagsForResource",
            "ecs:PutClusterCapacityProviders",
            "ecs:RegisterTaskDefinition",
            "ecs:TagResource",
            "ecs:UntagResource",
            "ecs:UpdateCluster",
            "ecs:UpdateClusterSettings",
            "ecs:UpdateService",
        ),
    ),
    Need(
        sid="LoadBalancing",
        actions=(
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing:DeleteLoadBalancer",
            "elasticloadbalancing:DeleteTargetGroup",
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyListenerAttributes",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:SetSubnets",
        ),
    ),
    Need(
        sid="Firewalls",
        actions=(
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateSecurityGroup",
            "ec2:CreateTags",
            "ec2:DeleteSecurityGroup",
            "ec2:DescribeAccountAttributes",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeSecurityGroups",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        ),
    ),
    Need(
        sid="Logs",
        actions=(
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:ListTagsForResource",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
        ),
        resources=(_arn("logs", "log-group:/{prefix}/*"),),
    ),
    Need(
        sid="EventArchive",
        actions=(
            "logs:DeleteResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:PutResourcePolicy",
        ),
    ),
    Need(
        sid="EventRules",
        actions=(
            "events:DeleteRule",
            "events:DescribeRule",
            "events:ListTargetsByRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:TagResource",
        ),
        resources=(_arn("events", "rule/{prefix}-*"),),
    ),
    Need(
        sid="Roles",
        actions=(
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UpdateAssumeRolePolicy",
        ),
        resources=_TASK_ROLES,
    ),
    Need(
        sid="GiveRolesToTasks",
        actions=("iam:PassRole",),
        resources=_TASK_ROLES,
        condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    ),
    Need(
        sid="FirstUseOfEcsAndLoadBalancing",
        actions=("iam:CreateServiceLinkedRole",),
        resources=("arn:{partition}:iam::{account}:role/aws-service-role/*",),
    ),
)
THROUGH: dict[str, tuple[Need, ...]] = dict.fromkeys(
    ("deploy", "rollout", "rollback", "teardown"), _RESOURCES
)


def commands() -> tuple[str, ...]:
    """The commands that have a policy."""
    return tuple(DIRECT)


def deploy_actions() -> tuple[str, ...]:
    """Every action that ``deploy`` needs, its own and CloudFormation's."""
    return _actions((*DIRECT["deploy"], *THROUGH["deploy"]))


def _actions(needs: Iterable[Need]) -> tuple[str, ...]:
    return tuple(sorted({action for need in needs for action in need.actions}))


def direct_actions(command: str) -> frozenset[str]:
    """The actions that a command calls itself."""
    return frozenset(_actions(DIRECT[command]))


def policy_document(
    command: str, names: Deployment, *, partition: str, region: str, account: str
) -> str:
    """The least-privilege policy of a command, as the JSON that IAM takes.

    Args:
        command: its name, for instance ``deploy``.
        names: the deployment it is for.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        region: a region, or ``*``.
        account: an account id, or ``*``.

    Raises:
        UsageProblem: the command has no policy: it calls nothing, or there is none of the name.
    """
    if command not in DIRECT:
        raise UsageProblem(
            f"There is no policy for {command!r}",
            "it is no command that calls AWS",
            f"Name one of {', '.join(sorted(DIRECT))}.",
        )
    fill = {"partition": partition, "region": region, "account": account, "prefix": names.prefix}
    needs = (*DIRECT[command], *THROUGH.get(command, ()))
    statements = [_statement(need, fill) for need in _unique(needs)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _unique(needs: Iterable[Need]) -> list[Need]:
    """Without repeated statement ids: IAM refuses them."""
    return list({need.sid: need for need in needs}.values())


def _statement(need: Need, fill: Mapping[str, str]) -> dict[str, object]:
    resources = [text.format(**fill) for text in need.resources]
    statement: dict[str, object] = {
        "Sid": need.sid,
        "Effect": "Allow",
        "Action": sorted(need.actions),
        "Resource": resources,
    }
    if need.condition:
        statement["Condition"] = {
            test: {key: value.format(**fill) for key, value in pairs.items()}
            for test, pairs in need.condition.items()
        }
    return statement
