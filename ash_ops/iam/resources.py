"""The calls that CloudFormation makes with the caller's permissions, by option of a deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ash_ops.aws import operations as op
from ash_ops.aws.operations import ROLES
from ash_ops.iam.alarms import ALARMS
from ash_ops.iam.calls import ANY, Need
from ash_ops.iam.handlers import ACTIONS
from ash_ops.iam.scopes import NAMED, NARROWED, Scope

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
    "managed": ("AWS::ECS::CapacityProvider", "AWS::IAM::InstanceProfile"),
    "multi-machine": (
        "AWS::ECS::CapacityProvider",
        "AWS::ECS::ClusterCapacityProviderAssociations",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::Service",
    ),
    "alarms": tuple(ALARMS),
    "domain": ("AWS::CertificateManager::Certificate", "AWS::Route53::RecordSet"),
}
# Runners are instances, and all of them share /data; so does a server whose instance ECS replaces.
_INCLUDES = {"multi-machine": ("efs", "ec2"), "managed": ("efs",)}
_RECEIVERS = {
    BASE: ("ecs-tasks.amazonaws.com",),
    "ec2": ("ec2.amazonaws.com",),
    "managed": ("ec2.amazonaws.com", "ecs.amazonaws.com"),
}


# Deleting reads, deletes, and calls these to make something deletable.
_DELETING_VERBS = (
    "Delete", "Deregister", "Describe", "Detach", "Get", "List", "Remove", "Revoke", "Terminate",
)  # fmt: skip
_TO_DELETE = frozenset(
    {
        "autoscaling:UpdateAutoScalingGroup",  # to no instances
        "budgets:ModifyBudget",  # also what deletes one
        "ecs:PutClusterCapacityProviders",
        "ecs:UpdateService",  # to no tasks
        "iam:TagRole",  # the handler of a role's deletion lists both
        "iam:UntagRole",
        "rds:AddTagsToResource",  # those of the final snapshot
        "rds:CreateDBSnapshot",  # the final one
        "route53:ChangeResourceRecordSets",
        "sns:SetTopicAttributes",  # a topic's policy goes by being set to AWS's own
    }
)


def base_needs(options: Iterable[str], *, deleting: bool = False) -> tuple[Need, ...]:
    """What CloudFormation needs for every deployment; its roles are passed to what the options use.

    Args:
        options: of ``TYPES``: ``efs``, ``ec2`` ...
        deleting: whether resources are deleted only.
    """
    given = _given_roles(_wanted(options))
    if deleting:
        return (*_merged("Stack", TYPES[BASE], _serves_deletion), given)
    return (*_merged("Stack", TYPES[BASE], lambda _action: True), given, FIRST_USE)


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


FIRST_USE = Need(
    sid=op.FIRST_USE.sid,
    actions=(op.CREATE_SERVICE_LINKED_ROLE.action,),
    resources=op.FIRST_USE.resources,
    condition=op.FIRST_USE.condition,
)
"""AWS's own roles: ``deploy`` makes them itself, and CloudFormation's handlers ask for it too."""


def _given_roles(options: Iterable[str]) -> Need:
    """Its own roles, to the services that use them; a task definition asks for it when it goes, too."""
    given = (receiver for option in options for receiver in _RECEIVERS.get(option, ()))
    return Need(
        sid="GiveRoles",
        actions=("iam:PassRole",),
        resources=ROLES,
        condition={"StringEquals": {"iam:PassedToService": tuple(dict.fromkeys(given))}},
    )
