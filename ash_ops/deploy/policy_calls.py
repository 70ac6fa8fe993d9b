"""The calls that each command makes itself, as IAM actions on the resources they need.

Tests record the calls of every command in the emulator and compare both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    condition: Mapping[str, Mapping[str, str | tuple[str, ...]]] | None = None


def arn(service: str, rest: str) -> str:
    """The template of an ARN of this region and account, to be filled in."""
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


_STACK = (arn("cloudformation", "stack/{prefix}/*"),)
# A secret that is there has a suffix of six characters; asked for by its name while there is none,
# IAM sees the bare name.
_SECRET = (
    arn("secretsmanager", "secret:{prefix}/server-*"),
    arn("secretsmanager", "secret:{prefix}/server"),
)
LOGS = (
    arn("logs", "log-group:/{prefix}/*"),
    arn("logs", "log-group:/aws/ecs/containerinsights/{prefix}/*"),
)
_OURS = {"StringEquals": {"aws:ResourceTag/ash:deployment": "{prefix}"}}
_SERVICE = (arn("ecs", "service/{prefix}/*"),)
TASK_DEFINITIONS = arn("ecs", "task-definition/{prefix}-run*:*")
"""Those of the server and of the runners; with another's, a service runs with another's role."""
_TASKS = (arn("ecs", "task/{prefix}/*"), arn("ecs", "container-instance/{prefix}/*"))

_ADDRESS = (
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
)
_LOOK: tuple[Need, ...] = (
    Need(sid="Service", actions=("ecs:DescribeServices",), resources=_SERVICE),
    Need(sid="TaskDefinition", actions=("ecs:DescribeTaskDefinition",)),
    Need(
        sid="Address",
        actions=(*_ADDRESS, "elasticloadbalancing:DescribeTargetHealth"),
    ),
)
_LOOK_AT_TASKS: tuple[Need, ...] = (
    Need(
        sid="Tasks",
        actions=("ecs:ListTasks",),
        condition={
            "ArnEquals": {"ecs:cluster": arn("ecs", "cluster/{prefix}")},
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
            "cloudformation:ListChangeSets",
            "cloudformation:ListStackResources",
            "cloudformation:TagResource",
        ),
        resources=_STACK,
    ),
)
_PREFLIGHT: tuple[Need, ...] = (
    Need(sid="Template", actions=("cloudformation:GetTemplateSummary",)),
    Need(
        sid="Before",
        actions=(
            "ec2:DescribeRouteTables",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ecr:BatchGetImage",
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
# Whose is what has one of our names? Asked before anything is changed.
_WHOSE: tuple[Need, ...] = (
    Need(sid="Whose", actions=("ecs:DescribeClusters", "elasticloadbalancing:DescribeTags")),
    Need(sid="WhoseLogs", actions=("logs:ListTagsForResource",), resources=LOGS),
)
_WRITE_SECRET: tuple[Need, ...] = (
    Need(
        sid="Secret",
        actions=(
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteSecret",
            "secretsmanager:PutSecretValue",
            "secretsmanager:RestoreSecret",
            "secretsmanager:TagResource",
            "secretsmanager:UpdateSecretVersionStage",
        ),
        resources=_SECRET,
    ),
)

_READ_COST: tuple[Need, ...] = (
    Need(
        sid="Quantities",
        actions=(
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
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "logs:DescribeLogGroups",
            "rds:DescribeDBInstances",
        ),
    ),
)
_DOCTOR: tuple[Need, ...] = (
    Need(
        sid="Look",
        actions=(
            "cloudformation:DescribeEvents",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:ListStacks",
            "cloudwatch:GetMetricData",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeNatGateways",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribePrefixLists",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcs",
            "ec2:GetManagedPrefixListEntries",
            "ecr:BatchGetImage",
            "ecs:DescribeClusters",
            "ecs:DescribeServices",
            "ecs:DescribeTaskDefinition",
            "ecs:DescribeTasks",
            "ecs:ListTasks",
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "iam:GetRole",
            "iam:SimulatePrincipalPolicy",
            "logs:DescribeLogGroups",
            "servicequotas:GetServiceQuota",
            "sts:GetCallerIdentity",
        ),
    ),
    Need(
        sid="Logs",
        actions=("logs:FilterLogEvents", "logs:GetLogEvents"),
        resources=(arn("logs", "log-group:/{prefix}/*"),),
    ),
    *_KEY,
    Need(
        sid="Parameters",
        actions=("ssm:GetParameters",),
        resources=(arn("ssm", "parameter/*"),),
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
        *_WHOSE,
    ),
    "rollout": (
        *_CHANGE_STACK,
        *_LOOK,
        *_LOOK_AT_TASKS,
        *_KEY,
        Need(
            sid="Restart",
            actions=("ecs:UpdateService",),
            resources=_SERVICE,
            condition={"ArnLikeIfExists": {"ecs:task-definition": TASK_DEFINITIONS}},
        ),
        Need(sid="Image", actions=("ecr:BatchGetImage",)),
    ),
    "teardown": (
        Need(sid="Identity", actions=("sts:GetCallerIdentity",)),
        Need(
            sid="Stack",
            actions=(
                "cloudformation:DeleteStack",
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeChangeSet",
                "cloudformation:DescribeStacks",
                "cloudformation:ListChangeSets",
                "cloudformation:ListStackResources",
                "cloudformation:UpdateTerminationProtection",
            ),
            resources=_STACK,
        ),
        *_LOOK,
        *_LOOK_AT_TASKS,
        *_READ_COST,
        Need(
            sid="LookAgain",
            actions=(
                "ec2:DescribeAddresses",
                "ecs:ListServices",
                "ecs:ListTaskDefinitions",
                "events:ListRules",
                "iam:ListRoles",
                "rds:DescribeDBSnapshots",
                "servicediscovery:ListNamespaces",
                "servicediscovery:ListTagsForResource",
            ),
        ),
        Need(
            sid="EmptyTheCluster",
            actions=("ecs:DeleteService", "ecs:StopTask"),
            resources=(*_SERVICE, *_TASKS),
        ),
        Need(
            sid="RemoveWhatTheStackKeeps",
            actions=(
                "ec2:DeleteVolume",
                "elasticfilesystem:DeleteFileSystem",
                "rds:DeleteDBSnapshot",
            ),
            condition=_OURS,
        ),
        *_WHOSE,
        Need(
            sid="RemoveLogs",
            actions=("logs:DeleteLogGroup", "logs:TagResource"),
            resources=LOGS,
        ),
        Need(
            sid="Unprotect",
            actions=("elasticloadbalancing:ModifyLoadBalancerAttributes",),
            resources=(arn("elasticloadbalancing", "loadbalancer/net/{prefix}-nlb/*"),),
        ),
        Need(
            sid="Secret",
            actions=(
                "secretsmanager:DeleteSecret",
                "secretsmanager:DescribeSecret",
                "secretsmanager:TagResource",
            ),
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
            resources=(arn("ssm", "parameter/*"),),
        ),
    ),
    "doctor": _DOCTOR,
    "logs": (
        Need(
            sid="Events",
            actions=("logs:DescribeLogStreams", "logs:FilterLogEvents"),
            resources=(arn("logs", "log-group:/{prefix}/*"),),
        ),
        *_LOOK[:2],
        *_LOOK_AT_TASKS,
    ),
    "cost": (
        *_LOOK[:2],
        *_READ_COST,
        Need(
            sid="Bill",
            actions=(
                "ce:GetCostAndUsage",
                "ce:ListCostAllocationTags",
                "pricing:GetProducts",
                "sts:GetCallerIdentity",
            ),
        ),
    ),
}
DIRECT["rollback"] = DIRECT["rollout"]
_FIND_ADDRESS = Need(sid="Address", actions=_ADDRESS)
DIRECT["connect"] = (*DIRECT["key"], _FIND_ADDRESS)
DIRECT["health"] = (DIRECT["key"][0], _FIND_ADDRESS)

REPAIRS: tuple[Need, ...] = (
    Need(
        sid="Repair",
        actions=(
            "cloudformation:ContinueUpdateRollback",
            "ec2:AttachInternetGateway",
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateRoute",
            "ec2:ModifyVpcAttribute",
            "ec2:ReplaceRoute",
            "ecs:UpdateService",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyListenerAttributes",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "logs:CreateLogGroup",
            "logs:PutRetentionPolicy",
            "secretsmanager:RestoreSecret",
        ),
    ),
)
"""What ``doctor --fix`` may call; without ``--fix`` the doctor changes nothing."""


def actions_of(needs: Iterable[Need]) -> tuple[str, ...]:
    """Every action that is named, once, in order."""
    return tuple(sorted({action for need in needs for action in need.actions}))
