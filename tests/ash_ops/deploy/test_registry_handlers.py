"""What the registry's handlers say they call is what the printed policies allow.

cfn-lint ships the schemas of the CloudFormation registry, the handlers' permissions included, so the
comparison is with the version that is installed: a new list of AWS's shows here as a failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from ash_ops.iam.calls import actions_of
from ash_ops.iam.handlers import ACTIONS
from ash_ops.iam.policy import CHANGING
from ash_ops.iam.resources import TYPES, base_needs, option_needs

# What a handler may call and never does for our templates, by the reason.
NOT_CALLED: dict[str, tuple[str, ...]] = {
    "the key is AWS's own, whose policy lets the account use it": ("kms:*",),
    "no account setting is changed": ("ecs:PutAccountSetting*",),
    "the balancer has no reserved capacity, no address pool and IPv4 alone": (
        "ec2:DescribeIpamPools",
        "elasticloadbalancing:ModifyCapacityReservation",
        "elasticloadbalancing:ModifyIpPools",
        "elasticloadbalancing:SetIpAddressType",
    ),
    "ECS registers the targets": (
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:RegisterTargets",
    ),
    "a TCP listener authenticates nobody": ("cognito-idp:*",),
    "a log group has a retention, and no key, index, delivery or protection": (
        "firehose:*",
        "logs:AssociateKmsKey",
        "logs:CreateLogDelivery",
        "logs:DeleteIndexPolicy",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutBearerTokenAuthentication",
        "logs:PutDataProtectionPolicy",
        "logs:PutIndexPolicy",
        "logs:PutLogGroupDeletionProtection",
        "s3:REST.PUT.OBJECT",
    ),
    "the disk is new, kept when it goes, and has no attribute of its own": (
        "ec2:CopyVolumes",
        "ec2:CreateSnapshot",
        "ec2:DescribeSnapshots",
        "ec2:ModifyVolumeAttribute",
    ),
    "the boundary stays: nothing in the policy takes it off": (
        "iam:DeleteRolePermissionsBoundary",
    ),
    "the file system has no policy and no copy; its tags are set by TagResource": (
        "elasticfilesystem:*ReplicationConfiguration",
        "elasticfilesystem:DeleteFileSystemPolicy",
        "elasticfilesystem:DeleteTags",
        "elasticfilesystem:PutFileSystemPolicy",
    ),
    "the group has no balancer, hook, refresh, metric, alarm or fleet": (
        "autoscaling:Attach*",
        "autoscaling:CancelInstanceRefresh",
        "autoscaling:DeleteLifecycleHook",
        "autoscaling:DeleteNotificationConfiguration",
        "autoscaling:Detach*",
        "autoscaling:DisableMetricsCollection",
        "autoscaling:EnableMetricsCollection",
        "autoscaling:PutLifecycleHook",
        "autoscaling:PutNotificationConfiguration",
        "autoscaling:StartInstanceRefresh",
        "cloudwatch:PutMetricAlarm",
        "managed-fleets:*",
        "vpc-lattice:*",
    ),
    "one instance type is named; the rest of ec2:Get* reads passwords and consoles": ("ec2:Get*",),
    "the database is no copy, has no role, and takes its password from our secret": (
        "iam:ListRoles",
        "rds:AddRoleToDBInstance",
        "rds:CreateDBInstanceReadReplica",
        "rds:DescribeDBClusterSnapshots",
        "rds:PromoteReadReplica",
        "rds:RemoveRoleFromDBInstance",
        "rds:Restore*",
        "rds:StartDBInstanceAutomatedBackupsReplication",
        "rds:StopDBInstanceAutomatedBackupsReplication",
        "secretsmanager:*",
    ),
    "the service in Cloud Map has no attributes": ("servicediscovery:DeleteServiceAttributes",),
    "the certificate is of no authority of the account's own": ("acm-pca:*",),
    "the topic carries no data that is to be protected": ("sns:PutDataProtectionPolicy",),
}
# A reason that is about one type only: another's handler is to be allowed the same action.
ONLY_OF = {"cloudwatch:PutMetricAlarm": "AWS::AutoScaling::AutoScalingGroup"}


def allowed_for(options: Iterable[str], *, deleting: bool = False) -> set[str]:
    """What the printed policies let CloudFormation call for these options."""
    options = tuple(options)
    needs = base_needs(options, deleting=deleting) + option_needs(options, deleting=deleting)
    return set(actions_of(needs))


def handlers_of(type_: str) -> set[str]:
    """Every action in the permissions of a type's handlers and of its tags."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    lists = [
        h.get("permissions", []) for name, h in schema.get("handlers", {}).items() if name != "list"
    ]
    lists.append(schema.get("tagging", {}).get("permissions", []))
    return {action for actions in lists for action in actions}


def is_allowed(action: str, allowed: set[str]) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in allowed)


def fnmatches(actions: set[str], pattern: str) -> bool:
    return any(fnmatchcase(action, pattern) for action in actions)


def reasons(type_: str) -> set[str]:
    every = {pattern for patterns in NOT_CALLED.values() for pattern in patterns}
    return {pattern for pattern in every if ONLY_OF.get(pattern, type_) == type_}


@pytest.mark.parametrize("type_", sorted(ACTIONS))
def test_what_the_handlers_of_a_type_call_is_allowed_or_has_a_reason(type_: str) -> None:
    option = next(name for name, types in TYPES.items() if type_ in types)
    allowed = allowed_for([option])
    called = handlers_of(type_)
    assert called, "the schema lists no permissions any more"
    assert {a for a in called if not is_allowed(a, allowed | reasons(type_))} == set()


def test_every_reason_is_about_something_that_a_handler_lists_and_no_policy_allows() -> None:
    """Or it would excuse what it was not written for."""
    listed = {p for t in ACTIONS for p in reasons(t) if fnmatches(handlers_of(t), p)}
    assert {p for t in ACTIONS for p in reasons(t)} == listed
    allowed = allowed_for(TYPES)
    assert {a for a in allowed if is_allowed(a, reasons("") - ONLY_OF.keys())} == set()
    for pattern, type_ in ONLY_OF.items():
        option = next(name for name, types in TYPES.items() if type_ in types)
        assert not fnmatches(allowed_for([option]), pattern)


def test_deleting_is_allowed_what_the_handlers_of_deletion_call() -> None:
    """Teardown has a policy of its own."""
    assert "teardown" in CHANGING
    allowed = allowed_for(TYPES, deleting=True)
    for type_ in ACTIONS:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
        deletes = set(schema["handlers"]["delete"]["permissions"])
        assert {a for a in deletes if not is_allowed(a, allowed | reasons(type_))} == set(), type_
