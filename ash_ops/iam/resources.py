"""The calls that CloudFormation makes with the caller's permissions, by type of resource.

After the handlers of each type in the CloudFormation registry (their ``create``, ``read``,
``update`` and ``delete`` permissions), without the calls for properties that the templates do not use.
A test compares the table with the types in the templates. Not simulated on AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ash_ops.aws.operations import ROLES
from ash_ops.iam.alarms import ALARMS
from ash_ops.iam.calls import ANY, Need
from ash_ops.iam.scopes import NAMED, NARROWED, Scope

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
    "AWS::EC2::Volume": (
        "ec2:CreateTags",
        "ec2:CreateVolume",
        "ec2:DeleteTags",
        "ec2:DeleteVolume",
        "ec2:DescribeVolumeAttribute",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
        "ec2:ModifyVolume",
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
        "iam:PutRolePermissionsBoundary",
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
    **ALARMS,
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
        "AWS::EC2::Volume",
        "AWS::IAM::InstanceProfile",
    ),
    "multi-machine": (
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::Service",
    ),
    "alarms": tuple(ALARMS),
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
    return base_needs(options, deleting=deleting) + option_needs(options, deleting=deleting)


def base_needs(options: Iterable[str], *, deleting: bool = False) -> tuple[Need, ...]:
    """What every deployment needs; its roles are passed to the services that the options use."""
    if deleting:
        return tuple(_merged("Stack", TYPES[BASE], _serves_deletion))
    return (*_merged("Stack", TYPES[BASE], lambda _action: True), *_roles(_wanted(options)))


def option_needs(options: Iterable[str], *, deleting: bool = False) -> tuple[Need, ...]:
    """What the options add."""
    wanted = [option for option in _wanted(options) if option != BASE]
    types = [type_ for option in wanted for type_ in TYPES[option]]
    return tuple(_merged("Option", types, _serves_deletion if deleting else lambda _action: True))


def _wanted(options: Iterable[str]) -> dict[str, None]:
    """The options, and those that they bring along."""
    wanted = dict.fromkeys((BASE, *options))
    for option in tuple(wanted):
        wanted |= dict.fromkeys(_INCLUDES.get(option, ()))
    return wanted


def _serves_deletion(action: str) -> bool:
    return action in _TO_DELETE or action.split(":")[1].startswith(_DELETING_VERBS)


def _merged(sid: str, types: Iterable[str], wanted: Callable[[str], bool]) -> Iterable[Need]:
    """One statement for each scope, so that the policy stays short."""
    groups: dict[Scope, set[str]] = {}
    for type_ in types:
        usual = (Scope(NAMED.get(type_, ANY)),)
        for action in filter(wanted, ACTIONS[type_]):
            for scope in NARROWED.get(action, usual):
                groups.setdefault(scope, set()).add(action)
    for number, (scope, actions) in enumerate(groups.items(), 1):
        yield Need(
            sid=f"{sid}{number}",
            actions=tuple(sorted(actions)),
            resources=scope.resources,
            condition=scope.as_condition,
        )


# AWS's own roles for the services that a deployment may be the first to use.
_FIRST_USE = (
    "autoscaling.amazonaws.com",
    "backup.amazonaws.com",
    "ecs.amazonaws.com",
    "elasticfilesystem.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "rds.amazonaws.com",
)


def _roles(options: Iterable[str]) -> Iterable[Need]:
    receivers = tuple(_RECEIVERS[option] for option in options if option in _RECEIVERS)
    yield Need(
        sid="GiveRoles",
        actions=("iam:PassRole",),
        resources=ROLES,
        condition={"StringEquals": {"iam:PassedToService": receivers}},
    )
    yield Need(
        sid="FirstUseOfAService",
        actions=("iam:CreateServiceLinkedRole",),
        resources=("arn:{partition}:iam::{account}:role/aws-service-role/*",),
        condition={"StringEquals": {"iam:AWSServiceName": _FIRST_USE}},
    )
