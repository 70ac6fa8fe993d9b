"""The calls that each command makes itself; on which resources, the operations say.

Tests record the calls of every command in the emulator and compare both ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Condition, Operation
from ash_ops.snapshot.plan import READS

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
    condition: Condition | None = None


_ADDRESS = (op.DESCRIBE_LISTENERS, op.DESCRIBE_LOAD_BALANCERS, op.DESCRIBE_TARGET_GROUPS)
_LOOK = (
    op.DESCRIBE_SERVICES,
    op.DESCRIBE_TASK_DEFINITION,
    *_ADDRESS,
    op.DESCRIBE_TARGET_HEALTH,
    op.LIST_TASKS,
    op.DESCRIBE_TASKS,
)
_KEY = (op.DESCRIBE_SECRET, op.GET_SECRET_VALUE)
_CHANGE_STACK = (
    op.GET_CALLER_IDENTITY,
    op.CANCEL_UPDATE_STACK,
    op.CONTINUE_UPDATE_ROLLBACK,
    op.CREATE_CHANGE_SET,
    op.DELETE_CHANGE_SET,
    op.DELETE_STACK,
    op.DESCRIBE_CHANGE_SET,
    op.DESCRIBE_EVENTS,
    op.DESCRIBE_STACK_EVENTS,
    op.DESCRIBE_STACKS,
    op.EXECUTE_CHANGE_SET,
    op.LIST_CHANGE_SETS,
    op.LIST_STACK_RESOURCES,
)
_PREFLIGHT = (
    op.GET_TEMPLATE_SUMMARY,
    op.DESCRIBE_NAT_GATEWAYS,
    op.DESCRIBE_ROUTE_TABLES,
    op.DESCRIBE_SUBNETS,
    op.DESCRIBE_VPCS,
    op.BATCH_GET_IMAGE,
    op.DESCRIBE_LOG_GROUPS,
    op.GET_SERVICE_QUOTA,
    op.SIMULATE_PRINCIPAL_POLICY,
    op.CREATE_SERVICE_LINKED_ROLE,
    op.DESCRIBE_RESOURCE_POLICIES,
    op.DESCRIBE_CERTIFICATE,
)
# Whose is what has one of our names? Asked before anything is changed.
_WHOSE = (op.DESCRIBE_CLUSTERS, op.DESCRIBE_TAGS, op.LOGS_LIST_TAGS)
_WRITE_SECRET = (
    op.CREATE_SECRET,
    op.DELETE_SECRET,
    op.PUT_SECRET_VALUE,
    op.RESTORE_SECRET,
    op.UPDATE_SECRET_VERSION_STAGE,
)
_READ_COST = (
    op.DESCRIBE_ALARMS,
    op.GET_METRIC_STATISTICS,
    op.LIST_METRICS,
    op.DESCRIBE_INSTANCES,
    op.DESCRIBE_NAT_GATEWAYS,
    op.DESCRIBE_NETWORK_INTERFACES,
    op.DESCRIBE_VOLUMES,
    op.DESCRIBE_VPC_ENDPOINTS,
    op.DESCRIBE_IMAGES,
    op.DESCRIBE_CLUSTERS,
    op.DESCRIBE_CONTAINER_INSTANCES,
    op.LIST_CONTAINER_INSTANCES,
    op.DESCRIBE_FILE_SYSTEMS,
    op.DESCRIBE_LISTENERS,
    op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
    op.DESCRIBE_LOAD_BALANCERS,
    op.DESCRIBE_LOG_GROUPS,
    op.DESCRIBE_DB_INSTANCES,
)
# One verdict: whoever says how a deployment is has read what the doctor reads.
_EXAMINE = tuple(operation for reading in READS.values() for operation in reading)
# A deployment by the bundled templates keeps no secret in Systems Manager: its proof reads none. Of
# instances and what starts them, and of a database, it reads with the `--with` of such a thing alone, whose policy
# allows it.
_UNREAD = {
    op.GET_PARAMETERS,
    op.DESCRIBE_AUTO_SCALING_GROUPS,
    op.DESCRIBE_SCALING_ACTIVITIES,
    op.DESCRIBE_DB_INSTANCES,
}
_PROVE = tuple(operation for operation in _EXAMINE if operation not in _UNREAD)
_CONNECT = (op.DESCRIBE_SERVICES, op.DESCRIBE_TASK_DEFINITION, *_KEY, op.GET_PARAMETERS)
_ROLLOUT = (
    *_CHANGE_STACK,
    *_LOOK,
    *_KEY,
    *_PROVE,
    op.UPDATE_SERVICE,
    op.BATCH_GET_IMAGE,
    op.LIST_SERVICE_DEPLOYMENTS,
    op.DESCRIBE_SERVICE_REVISIONS,
)
# What runs otherwise than the stack wants it is put back. What that changes of a role, CloudFormation's part of the
# policy allows, for the stack's roles alone, and what it reads of mount targets; a managed policy has no room for
# it twice.
_PUT_BACK = (
    op.AUTHORIZE_SECURITY_GROUP_EGRESS,
    op.AUTHORIZE_SECURITY_GROUP_INGRESS,
    op.REVOKE_SECURITY_GROUP_EGRESS,
    op.REVOKE_SECURITY_GROUP_INGRESS,
    op.MODIFY_LISTENER,
    op.MODIFY_LISTENER_ATTRIBUTES,
    op.MODIFY_LOAD_BALANCER_ATTRIBUTES,
    op.MODIFY_TARGET_GROUP,
    op.MODIFY_TARGET_GROUP_ATTRIBUTES,
    op.SET_SECURITY_GROUPS,
    op.SET_SUBNETS,
    op.UPDATE_SERVICE,
    op.GET_POLICY,
    op.GET_POLICY_VERSION,
    op.GET_ROLE_POLICY,
    op.LIST_ATTACHED_ROLE_POLICIES,
    op.LIST_ROLE_POLICIES,
)

# `--drain` keeps newcomers out of the load balancer, and lets them in again.
_DRAIN = (
    op.AUTHORIZE_SECURITY_GROUP_INGRESS,
    op.REVOKE_SECURITY_GROUP_INGRESS,
    op.DESCRIBE_SECURITY_GROUPS,
    op.LIST_STACK_RESOURCES,
)
# A rollout closes old runners to new sessions as new ones come.
_RELAY = (op.GET_TASK_PROTECTION, op.ECS_TAG_RESOURCE, op.ECS_UNTAG_RESOURCE)
_PARTS = (
    op.GET_CALLER_IDENTITY,
    op.DESCRIBE_STACKS,
    op.DESCRIBE_CHANGE_SET,
    op.LIST_CHANGE_SETS,
    op.GET_TEMPLATE,
    op.LIST_STACK_RESOURCES,
    op.DESCRIBE_AUTO_SCALING_GROUPS,
    op.DESCRIBE_DB_INSTANCES,
    *_LOOK,
    op.UPDATE_SERVICE,
    op.UPDATE_AUTO_SCALING_GROUP,
)

_COPIES = (
    op.LIST_BACKUP_VAULTS,
    op.LIST_RECOVERY_POINTS,
    op.BACKUP_LIST_TAGS,
    op.DESCRIBE_SNAPSHOTS,
    op.DESCRIBE_DB_SNAPSHOTS,
)
_BACKUP = (
    op.GET_CALLER_IDENTITY,
    op.DESCRIBE_STACKS,
    op.DESCRIBE_CHANGE_SET,
    op.LIST_CHANGE_SETS,
    op.LIST_STACK_RESOURCES,
    op.DESCRIBE_SERVICES,
    op.DESCRIBE_FILE_SYSTEMS,
    op.GET_ROLE,
    *_COPIES,
    op.CREATE_BACKUP_VAULT,
    op.LIST_BACKUP_JOBS,
    op.START_BACKUP_JOB,
    op.DESCRIBE_BACKUP_JOB,
    op.CREATE_SNAPSHOT,
    op.CREATE_DB_SNAPSHOT,
)
# What restoring needs beside `deploy`, which makes the new deployment.
_RESTORE = (
    op.GET_CALLER_IDENTITY,
    op.DESCRIBE_STACKS,
    op.DESCRIBE_CLUSTERS,
    op.DESCRIBE_SERVICES,
    op.DESCRIBE_LOAD_BALANCERS,
    op.DESCRIBE_TARGET_GROUPS,
    op.DESCRIBE_TAGS,
    op.DESCRIBE_LOG_GROUPS,
    op.DESCRIBE_SUBNETS,
    op.GET_ROLE,
    *_COPIES,
    *_KEY,
    op.LIST_STACKS,
    op.DESCRIBE_FILE_SYSTEMS,
    op.LIST_RESTORE_JOBS,
    op.START_RESTORE_JOB,
    op.DESCRIBE_RESTORE_JOB,
    op.EFS_TAG_RESOURCE,
    op.DESCRIBE_VOLUMES,
    op.CREATE_VOLUME,
)

CALLS: dict[str, tuple[Operation, ...]] = {
    "deploy": (
        *_CHANGE_STACK,
        *_PREFLIGHT,
        *_LOOK,
        *_KEY,
        *_WRITE_SECRET,
        *_WHOSE,
        *_PROVE,
        *_PUT_BACK,
        *_RELAY,
    ),
    "runners": (
        *_ROLLOUT,
        op.GET_TASK_PROTECTION,
        op.UPDATE_TASK_PROTECTION,
        op.ECS_TAG_RESOURCE,
        op.ECS_UNTAG_RESOURCE,
        op.STOP_TASK,
    ),
    "rollout": (*_ROLLOUT, *_DRAIN, *_RELAY),
    "rollback": (*_ROLLOUT, *_DRAIN, *_RELAY),
    "stop": (
        *_PARTS,
        *_KEY,
        *_DRAIN,
        *_READ_COST,
        op.ECS_TAG_RESOURCE,
        op.STOP_DB_INSTANCE,
    ),
    "start": (*_PARTS, *_KEY, *_PROVE, op.ECS_UNTAG_RESOURCE, op.START_DB_INSTANCE),
    "backup": _BACKUP,
    "restore": _RESTORE,
    "teardown": (
        *_COPIES,
        op.DELETE_BACKUP_VAULT,
        op.DELETE_RECOVERY_POINT,
        op.DELETE_SNAPSHOT,
        op.GET_CALLER_IDENTITY,
        op.DELETE_STACK,
        op.DESCRIBE_CHANGE_SET,
        op.DESCRIBE_STACK_EVENTS,
        op.DESCRIBE_STACKS,
        op.LIST_CHANGE_SETS,
        op.GET_TEMPLATE,
        op.LIST_STACK_RESOURCES,
        op.UPDATE_TERMINATION_PROTECTION,
        *_LOOK,
        *_READ_COST,
        op.DESCRIBE_ADDRESSES,
        op.LIST_SERVICES,
        op.LIST_TASK_DEFINITIONS,
        op.LIST_RULES,
        op.LIST_ROLES,
        op.DESCRIBE_DB_SNAPSHOTS,
        op.LIST_NAMESPACES,
        op.SERVICEDISCOVERY_LIST_TAGS,
        *_WHOSE,
        *_KEY,
        *_DRAIN,
        op.DELETE_SERVICE,
        op.UPDATE_SERVICE,
        op.STOP_TASK,
        op.DELETE_DB_SNAPSHOT,
        op.DELETE_FILE_SYSTEM,
        op.DELETE_VOLUME,
        op.DELETE_LOG_GROUP,
        op.LOGS_TAG_RESOURCE,
        op.MODIFY_LOAD_BALANCER_ATTRIBUTES,
        op.DELETE_SECRET,
        op.DESCRIBE_SECRET,
        op.SECRETS_TAG_RESOURCE,
    ),
    "status": _EXAMINE,
    "key": _CONNECT,
    "connect": (*_CONNECT, *_ADDRESS, op.DESCRIBE_STACKS),
    "agent": (*_CONNECT, *_ADDRESS, op.DESCRIBE_STACKS),
    "ask": (*_CONNECT, *_ADDRESS, op.DESCRIBE_STACKS),
    "health": _EXAMINE,
    "doctor": _EXAMINE,
    "logs": (
        op.DESCRIBE_LOG_STREAMS,
        op.FILTER_LOG_EVENTS,
        op.DESCRIBE_SERVICES,
        op.DESCRIBE_TASK_DEFINITION,
        op.LIST_TASKS,
        op.DESCRIBE_TASKS,
    ),
    "cost": (
        op.DESCRIBE_SERVICES,
        op.DESCRIBE_TASK_DEFINITION,
        *_READ_COST,
        op.DESCRIBE_AUTO_SCALING_GROUPS,
        op.DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
        op.GET_COST_AND_USAGE,
        op.LIST_COST_ALLOCATION_TAGS,
        op.GET_PRODUCTS,
        op.GET_CALLER_IDENTITY,
    ),
}

_REPAIRS = (
    op.CONTINUE_UPDATE_ROLLBACK,
    op.ATTACH_INTERNET_GATEWAY,
    op.ATTACH_ROLE_POLICY,
    op.AUTHORIZE_SECURITY_GROUP_EGRESS,
    op.AUTHORIZE_SECURITY_GROUP_INGRESS,
    op.CREATE_LISTENER,
    op.CREATE_ROUTE,
    op.MODIFY_VPC_ATTRIBUTE,
    op.REPLACE_ROUTE,
    op.UPDATE_SERVICE,
    op.MODIFY_LISTENER,
    op.MODIFY_LISTENER_ATTRIBUTES,
    op.MODIFY_TARGET_GROUP,
    op.MODIFY_TARGET_GROUP_ATTRIBUTES,
    op.CREATE_LOG_GROUP,
    op.PUT_RETENTION_POLICY,
    op.PUT_ROLE_POLICY,
    op.REGISTER_TARGETS,
    op.RESTORE_SECRET,
    op.SET_SUBNETS,
    op.UPDATE_AUTO_SCALING_GROUP,
    op.UPDATE_SECRET_VERSION_STAGE,
)


def of_scopes(operations: Iterable[Operation], sid: str = "") -> tuple[Need, ...]:
    """A statement for each scope of the operations."""
    made = dict.fromkeys(operations)
    return tuple(
        Need(
            sid=f"{sid}{scope.sid}",
            actions=_actions(o for o in made if o.scope is scope),
            resources=scope.resources,
            condition=scope.condition,
        )
        for scope in {operation.scope.sid: operation.scope for operation in made}.values()
    )


def _actions(operations: Iterable[Operation]) -> tuple[str, ...]:
    return tuple(sorted({action for o in operations for action in (o.action, *o.also)}))


REPAIRS = of_scopes(_REPAIRS, "Repair")
"""What ``doctor --fix`` may call, on what is ours: without ``--fix`` the doctor changes nothing."""


def needs_of(command: str) -> tuple[Need, ...]:
    """What a command's own calls need: a statement for each scope of their operations."""
    return of_scopes(CALLS[command])


def actions_of(needs: Iterable[Need]) -> tuple[str, ...]:
    """Every action that is named, once, in order."""
    return tuple(sorted({action for need in needs for action in need.actions}))
