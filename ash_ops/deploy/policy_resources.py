"""The calls that CloudFormation makes with the caller's permissions, by type of resource.

After the handlers of each type in the CloudFormation registry (their ``create``, ``read``,
``update`` and ``delete`` permissions), without the calls for properties that the templates do not use.
A test compares the table with the types in the templates. Not simulated on AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ash_ops.aws.operations import arn
from ash_ops.deploy.policy_calls import ANY, Need

ACTIONS: dict[str, tuple[str, ...]] = {
    "AWS::ECS::Cluster": (
        "ecs:CreateCluster",
        "ecs:DeleteCluster",
        "ecs:DescribeClusters",
        "ecs:PutClusterCapacityProviders",
        "ecs:TagResource",
        "ecs:UntagResource",
        "ecs:UpdateCluster",
        "ecs:UpdateClusterSettings",
    ),
    "AWS::ECS::TaskDefinition": (
        "ecs:DeregisterTaskDefinition",
        "ecs:DescribeTaskDefinition",
        "ecs:ListTagsForResource",
        "ecs:RegisterTaskDefinition",
        "ecs:TagResource",
        "ecs:UntagResource",
    ),
    "AWS::ECS::Service": (
        "ecs:CreateService",
        "ecs:DeleteService",
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
        "ecs:DescribeServices",
        "ecs:ListServiceDeployments",
        "ecs:ListTagsForResource",
        "ecs:TagResource",
        "ecs:UntagResource",
        "ecs:UpdateService",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RemoveTags",
    ),
    "AWS::ElasticLoadBalancingV2::Listener": (
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:RemoveTags",
    ),
    "AWS::EC2::SecurityGroup": (
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateSecurityGroup",
        "ec2:CreateTags",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteTags",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
    ),
    "AWS::Logs::LogGroup": (
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
    ),
    "AWS::Logs::ResourcePolicy": (
        "logs:DeleteResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:PutResourcePolicy",
    ),
    "AWS::Events::Rule": (
        "events:DeleteRule",
        "events:DescribeRule",
        "events:ListTagsForResource",
        "events:ListTargetsByRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
    ),
    "AWS::IAM::Role": (
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
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
    ),
    "AWS::EFS::FileSystem": (
        "elasticfilesystem:CreateFileSystem",
        "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:DescribeBackupPolicy",
        "elasticfilesystem:DescribeFileSystemPolicy",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeLifecycleConfiguration",
        "elasticfilesystem:DescribeReplicationConfigurations",
        "elasticfilesystem:ListTagsForResource",
        "elasticfilesystem:PutBackupPolicy",
        "elasticfilesystem:TagResource",
        "elasticfilesystem:UntagResource",
        "elasticfilesystem:UpdateFileSystem",
    ),
    "AWS::EFS::MountTarget": (
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:DeleteMountTarget",
        "elasticfilesystem:DescribeMountTargetSecurityGroups",
        "elasticfilesystem:DescribeMountTargets",
        "elasticfilesystem:ModifyMountTargetSecurityGroups",
    ),
    "AWS::IAM::InstanceProfile": (
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
    ),
    "AWS::EC2::LaunchTemplate": (
        "ec2:CreateLaunchTemplate",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:CreateTags",
        "ec2:DeleteLaunchTemplate",
        "ec2:DeleteTags",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeLaunchTemplates",
        "ec2:RunInstances",
        "ssm:GetParameters",
    ),
    "AWS::AutoScaling::AutoScalingGroup": (
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:DeleteTags",
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    "AWS::RDS::DBInstance": (
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "rds:AddTagsToResource",
        "rds:CreateDBInstance",
        "rds:CreateDBSnapshot",
        "rds:DeleteDBInstance",
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
        "rds:ListTagsForResource",
        "rds:ModifyDBInstance",
        "rds:RebootDBInstance",
        "rds:RemoveTagsFromResource",
    ),
    "AWS::RDS::DBSubnetGroup": (
        "rds:AddTagsToResource",
        "rds:CreateDBSubnetGroup",
        "rds:DeleteDBSubnetGroup",
        "rds:DescribeDBSubnetGroups",
        "rds:ListTagsForResource",
        "rds:ModifyDBSubnetGroup",
        "rds:RemoveTagsFromResource",
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": (
        "ec2:DescribeRegions",
        "ec2:DescribeVpcs",
        "route53:AssociateVPCWithHostedZone",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
        "route53:GetHostedZone",
        "route53:ListHostedZonesByName",
        "servicediscovery:CreatePrivateDnsNamespace",
        "servicediscovery:DeleteNamespace",
        "servicediscovery:GetNamespace",
        "servicediscovery:GetOperation",
        "servicediscovery:ListTagsForResource",
        "servicediscovery:TagResource",
        "servicediscovery:UntagResource",
        "servicediscovery:UpdatePrivateDnsNamespace",
    ),
    "AWS::ServiceDiscovery::Service": (
        "route53:ChangeResourceRecordSets",
        "servicediscovery:CreateService",
        "servicediscovery:DeleteService",
        "servicediscovery:GetService",
        "servicediscovery:UpdateService",
    ),
}

_ROLES = ("arn:{partition}:iam::{account}:role/{prefix}-*",)
# Types whose resources have names that can be foretold; everything else is created without one.
_NAMED: dict[str, tuple[str, ...]] = {
    "AWS::Events::Rule": (arn("events", "rule/{prefix}-*"),),
    "AWS::IAM::InstanceProfile": (
        "arn:{partition}:iam::{account}:instance-profile/{prefix}-*",
        *_ROLES,
    ),
    "AWS::IAM::Role": _ROLES,
    "AWS::Logs::LogGroup": (arn("logs", "log-group:/{prefix}/*"),),
}

# What each option adds to a plain standalone deployment.
BASE = "base"
TYPES: dict[str, tuple[str, ...]] = {
    BASE: (
        "AWS::EC2::SecurityGroup",
        "AWS::ECS::Cluster",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Events::Rule",
        "AWS::IAM::Role",
        "AWS::Logs::LogGroup",
        "AWS::Logs::ResourcePolicy",
    ),
    "efs": ("AWS::EFS::FileSystem", "AWS::EFS::MountTarget"),
    "ec2": (
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::EC2::LaunchTemplate",
        "AWS::IAM::InstanceProfile",
    ),
    "multi-machine": (
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::Service",
    ),
}
# Runners are instances, and all of them share /data.
_INCLUDES = {"multi-machine": ("efs", "ec2")}
_RECEIVERS = {BASE: "ecs-tasks.amazonaws.com", "ec2": "ec2.amazonaws.com"}


# Deleting reads, deletes, and calls these to make something deletable.
_DELETING_VERBS = (
    "Delete", "Deregister", "Describe", "Detach", "Get", "List", "Remove", "Revoke", "Terminate",
)  # fmt: skip
_TO_DELETE = frozenset(
    {
        "autoscaling:UpdateAutoScalingGroup",  # to no instances
        "ecs:PutClusterCapacityProviders",
        "ecs:UpdateService",  # to no tasks
        "rds:CreateDBSnapshot",  # the final one
        "route53:ChangeResourceRecordSets",
    }
)


def resource_needs(options: Iterable[str], *, deleting: bool = False) -> tuple[Need, ...]:
    """What CloudFormation needs for a deployment with these options: ``efs``, ``ec2`` ...

    Args:
        options: of ``TYPES``.
        deleting: whether resources are deleted only.
    """
    wanted = dict.fromkeys((BASE, *options))
    for option in options:
        wanted |= dict.fromkeys(_INCLUDES.get(option, ()))
    types = [type_ for option in wanted for type_ in TYPES[option]]
    if deleting:
        return tuple(_merged(types, _serves_deletion))
    return (*_merged(types, lambda _action: True), *_roles(wanted))


def _serves_deletion(action: str) -> bool:
    return action in _TO_DELETE or action.split(":")[1].startswith(_DELETING_VERBS)


def _merged(types: Iterable[str], wanted: Callable[[str], bool]) -> Iterable[Need]:
    """One statement for each set of resources, so that the policy stays short."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for type_ in types:
        groups.setdefault(_NAMED.get(type_, ANY), set()).update(filter(wanted, ACTIONS[type_]))
    for number, (resources, actions) in enumerate(groups.items(), 1):
        yield Need(sid=f"Stack{number}", actions=tuple(sorted(actions)), resources=resources)


def _roles(options: Iterable[str]) -> Iterable[Need]:
    receivers = tuple(_RECEIVERS[option] for option in options if option in _RECEIVERS)
    yield Need(
        sid="GiveRoles",
        actions=("iam:PassRole",),
        resources=_ROLES,
        condition={"StringEquals": {"iam:PassedToService": receivers}},
    )
    yield Need(
        sid="FirstUseOfAService",
        actions=("iam:CreateServiceLinkedRole",),
        resources=("arn:{partition}:iam::{account}:role/aws-service-role/*",),
    )
