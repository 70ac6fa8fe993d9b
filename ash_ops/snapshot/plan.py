"""Which readings make a snapshot, and which of them need which.

The longest path is three calls (service, task definition, its roles and secrets) beside who asks:
see docs/snapshot.md for the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    NetworkAcl,
    RouteTable,
    SecurityGroup,
    VpcEndpoint,
)
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import CANARY_PATIENCE, PATIENCE, Step
from ash_ops.snapshot.http_get import Fetch
from ash_ops.snapshot.probe import Ladder
from ash_ops.snapshot.readings import (
    account,
    balancers,
    denials,
    fleet,
    hooks,
    hosts,
    image,
    logs,
    network,
    permissions,
    rollouts,
    secrets,
    server,
    service,
    stack,
    wanted,
)

PROBE_PATIENCE = 12.0  # seconds for the whole ladder
_TASKS = ("tasks", "stopped_tasks")
_BY_VPC = {
    "route_tables": RouteTable,
    "nat_gateways": NatGateway,
    "internet_gateways": InternetGateway,
    "network_acls": NetworkAcl,
    "security_groups": SecurityGroup,
    "vpc_endpoints": VpcEndpoint,
}
_GROUPS = ("load_balancers", "target_groups")


# The AWS operations whose answers each reading is made of; the first is what evidence quotes. What
# a check needs and what the policy of ``doctor`` allows follow from here.
READS: dict[str, tuple[Operation, ...]] = {
    "identity": (op.GET_CALLER_IDENTITY,),
    "cluster": (op.DESCRIBE_CLUSTERS,),
    "service": (op.DESCRIBE_SERVICES,),
    "_revision": (op.DESCRIBE_TASK_DEFINITION,),
    "task_definition": (op.DESCRIBE_TASK_DEFINITION,),
    "other_task_definitions": (op.DESCRIBE_TASK_DEFINITION,),
    "tasks": (op.DESCRIBE_TASKS, op.LIST_TASKS),
    "stopped_tasks": (op.DESCRIBE_TASKS, op.LIST_TASKS),
    "_archive": (op.FILTER_LOG_EVENTS, op.DESCRIBE_LOG_GROUPS),
    "archived_tasks": (op.FILTER_LOG_EVENTS, op.DESCRIBE_LOG_GROUPS),
    "host_events": (op.FILTER_LOG_EVENTS, op.DESCRIBE_LOG_GROUPS),
    "container_instances": (op.DESCRIBE_CONTAINER_INSTANCES, op.LIST_CONTAINER_INSTANCES),
    "capacity_providers": (op.DESCRIBE_CAPACITY_PROVIDERS,),
    "infrastructure_role": (op.GET_ROLE,),
    "_scaling_groups": (op.DESCRIBE_AUTO_SCALING_GROUPS,),
    "scaling_groups": (op.DESCRIBE_AUTO_SCALING_GROUPS,),
    "scaling_activities": (op.DESCRIBE_SCALING_ACTIVITIES,),
    "_target_groups": (op.DESCRIBE_TARGET_GROUPS,),
    "target_groups": (op.DESCRIBE_TARGET_GROUPS, op.DESCRIBE_TAGS),
    "target_health": (op.DESCRIBE_TARGET_HEALTH,),
    "target_group_attributes": (op.DESCRIBE_TARGET_GROUP_ATTRIBUTES,),
    "_load_balancers": (op.DESCRIBE_LOAD_BALANCERS,),
    "load_balancers": (op.DESCRIBE_LOAD_BALANCERS, op.DESCRIBE_TAGS),
    "load_balancer_attributes": (op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES,),
    "listeners": (op.DESCRIBE_LISTENERS,),
    "listener_attributes": (op.DESCRIBE_LISTENER_ATTRIBUTES,),
    "certificates": (op.DESCRIBE_CERTIFICATE,),
    "_vpc_ids": (op.DESCRIBE_SUBNETS,),
    "subnets": (op.DESCRIBE_SUBNETS,),
    "vpcs": (op.DESCRIBE_VPC_ATTRIBUTE, op.DESCRIBE_VPCS),
    "route_tables": (op.DESCRIBE_ROUTE_TABLES,),
    "nat_gateways": (op.DESCRIBE_NAT_GATEWAYS,),
    "internet_gateways": (op.DESCRIBE_INTERNET_GATEWAYS,),
    "network_acls": (op.DESCRIBE_NETWORK_ACLS,),
    "security_groups": (op.DESCRIBE_SECURITY_GROUPS,),
    "vpc_endpoints": (op.DESCRIBE_VPC_ENDPOINTS,),
    "_aws_prefix_lists": (op.DESCRIBE_PREFIX_LISTS,),
    "prefix_lists": (op.DESCRIBE_PREFIX_LISTS, op.GET_MANAGED_PREFIX_LIST_ENTRIES),
    "execution_role": (op.SIMULATE_PRINCIPAL_POLICY, op.GET_ROLE),
    "task_role": (op.GET_ROLE,),
    "_secrets": (op.DESCRIBE_SECRET, op.GET_SECRET_VALUE, op.GET_PARAMETERS),
    "secrets": (op.DESCRIBE_SECRET, op.GET_SECRET_VALUE, op.GET_PARAMETERS),
    "image": (op.BATCH_GET_IMAGE,),
    "quota": (op.GET_SERVICE_QUOTA,),
    "log_driver_mode": (op.LIST_ACCOUNT_SETTINGS,),
    "_log_groups": (op.DESCRIBE_LOG_GROUPS,),
    "log_group": (op.DESCRIBE_LOG_GROUPS,),
    "log_lines": (op.GET_LOG_EVENTS,),
    "_peaks": (op.GET_METRIC_DATA,),
    "memory_utilization": (op.GET_METRIC_DATA,),
    "_stack": (op.DESCRIBE_STACKS,),
    "stack": (op.DESCRIBE_STACKS,),
    "wanted": (op.GET_TEMPLATE, op.LIST_STACK_RESOURCES),
    "_stack_events": (op.DESCRIBE_STACK_EVENTS,),
    "stack_events": (op.DESCRIBE_STACK_EVENTS, op.DESCRIBE_EVENTS, op.LIST_STACKS),
    "_rollouts": (op.LIST_SERVICE_DEPLOYMENTS,),
    "service_deployments": (op.DESCRIBE_SERVICE_DEPLOYMENTS, op.LIST_SERVICE_DEPLOYMENTS),
    "service_revisions": (op.DESCRIBE_SERVICE_REVISIONS, op.LIST_SERVICE_DEPLOYMENTS),
    "revision_pair": (op.DESCRIBE_TASK_DEFINITION,),
    "hook_results": (op.GET_HOOK_RESULT,),
    "denied_calls": (op.LOOKUP_EVENTS,),
    "runner_service": (op.DESCRIBE_SERVICES,),
    "runner_definition": (op.DESCRIBE_TASK_DEFINITION,),
    "runner_tasks": (op.DESCRIBE_TASKS, op.LIST_TASKS),
    "stopped_runners": (op.DESCRIBE_TASKS, op.LIST_TASKS),
    "runner_lines": (op.GET_LOG_EVENTS,),
    "runner_hosts": (op.DESCRIBE_CONTAINER_INSTANCES, op.LIST_CONTAINER_INSTANCES),
    "runner_providers": (op.DESCRIBE_CAPACITY_PROVIDERS,),
    "runner_groups": (op.DESCRIBE_AUTO_SCALING_GROUPS,),
    "runner_scaling": (op.DESCRIBE_SCALING_ACTIVITIES,),
    "runner_database": (op.DESCRIBE_DB_INSTANCES,),
}
# What is read of others than AWS, as evidence quotes it.
_CALLS = {
    "image": image.CALL,
    "probe": server.CALL,
    "registered_runners": server.CALL,
    "local_key": "local:ASH_API_KEY",
}


def first_steps(context: ReadingContext) -> dict[str, list[Step]]:
    """The other readings that need nothing (see ``opening``), by the client they use.

    The clients stand in the order in which the longest path needs them, those too with which nothing begins.
    """
    step = _maker(context)
    return {
        "ecs": [
            step("cluster", service.cluster),
            step("_rollouts", rollouts.briefs),
            step("log_driver_mode", account.log_driver_mode),
        ],
        "sts": [step("identity", account.identity)],
        "logs": [step("_log_groups", logs.log_groups)],
        "cloudformation": [
            step("_stack", stack.own_stack),
            step("_stack_events", stack.own_events),
        ],
        "ec2": [step("_aws_prefix_lists", network.aws_prefix_lists)],
        "iam": [],
        "secretsmanager": [],
        "cloudwatch": [step("_peaks", account.peaks)],
        "service-quotas": [],
    }


def later_steps(context: ReadingContext, ladder: Ladder | None, fetch: Fetch | None) -> list[Step]:
    """The readings that need the outcome of others."""
    step = _maker(context)
    return [
        step("_revision", service.revision, "service"),
        step("task_definition", service.task_definition, "_revision"),
        step("other_task_definitions", service.other_task_definitions, "service"),
        *_rollout_steps(step),
        step("_archive", service.archive, "_log_groups", "stopped_tasks", "service"),
        step("archived_tasks", service.archived_tasks, "_archive", "_log_groups"),
        step("host_events", service.host_events, "_archive"),
        *_host_steps(step),
        *_balancing_steps(step),
        *_network_steps(step),
        *_task_definition_steps(step, fetch),
        step("stack", stack.stack, "_stack"),
        step("wanted", wanted.wanted, "_stack"),
        step("quota", account.quota, "_peaks"),
        step("memory_utilization", account.memory_utilization, "_peaks"),
        step("hook_results", hooks.hook_results, "_stack_events"),
        step("denied_calls", denials.denied_calls, *("identity", "stack"), *_TASKS),
        step("stack_events", stack.stack_events, *("_stack_events", "stack", "cluster", "service")),
        step(
            "probe",
            lambda context: server.probe(context, ladder),
            *_before_the_probe(context, ladder),
            patience=PROBE_PATIENCE if not (ladder and ladder.canary) else CANARY_PATIENCE,
        ),
        step("local_key", server.local_key, *("_secrets", "_revision")),
        *_fleet_steps(step),
    ]


def _before_the_probe(context: ReadingContext, ladder: Ladder | None) -> tuple[str, ...]:
    """Where the server is, and the deployed key where there is no local one."""
    needed = ("load_balancers", "listeners", "_stack")
    has_key = ladder is None or server.local_secret(context.aws.settings)[0] is not None
    return needed if has_key else (*needed, "_secrets", "_revision")


Maker = Callable[..., Step]


def _maker(context: ReadingContext) -> Maker:
    def step(
        name: str, read: Callable[[ReadingContext], Any], *after: str, patience: float = PATIENCE
    ) -> Step:
        call = _CALLS.get(name) or READS[name][0].action
        return Step(
            name=name, call=call, read=lambda: read(context), after=after, patience=patience
        )

    return step


def _balancing_steps(step: Maker) -> list[Step]:
    groups, balancer = "target_groups", "load_balancers"
    return [
        step(groups, balancers.target_groups, *("_target_groups", "service")),
        step(balancer, balancers.load_balancers, "_load_balancers", groups),
        step("target_health", balancers.target_health, groups),
        step("target_group_attributes", balancers.target_group_attributes, groups),
        step("listeners", balancers.listeners, balancer),
        step("load_balancer_attributes", balancers.load_balancer_attributes, balancer),
        step("listener_attributes", balancers.listener_attributes, "listeners"),
        step("certificates", balancers.certificates, "listeners"),
    ]


def _rollout_steps(step: Maker) -> list[Step]:
    deployments, revisions = "service_deployments", "service_revisions"
    return [
        step(deployments, rollouts.service_deployments, "_rollouts"),
        step(revisions, rollouts.service_revisions, "_rollouts"),
        step("revision_pair", rollouts.revision_pair, revisions, "_rollouts", "_revision"),
    ]


def _host_steps(step: Maker) -> list[Step]:
    """Those of a service on Fargate find nothing, and cost no call."""
    return [
        step("container_instances", hosts.container_instances, "service"),
        step("capacity_providers", hosts.capacity_providers, "service", "cluster"),
        step("infrastructure_role", permissions.infrastructure_role, "capacity_providers"),
        step("_scaling_groups", hosts.scaling_groups, "service"),
        step("scaling_groups", hosts.own_scaling_groups, "_scaling_groups", "capacity_providers"),
        step("scaling_activities", hosts.scaling_activities, "scaling_groups"),
    ]


def _fleet_steps(step: Maker) -> list[Step]:
    """Those of a deployment without runners find nothing, and cost no call."""
    service, tasks = "runner_service", "runner_tasks"
    return [
        step(service, fleet.service, "_revision"),
        step("runner_definition", fleet.definition, service),
        step(tasks, fleet.tasks, service),
        step("stopped_runners", fleet.stopped, service),
        step("runner_lines", fleet.lines, "runner_definition", tasks, "stopped_runners"),
        step("runner_hosts", fleet.machines, service),
        step("runner_providers", fleet.providers, service),
        step("runner_groups", fleet.groups, "runner_providers"),
        step("runner_scaling", fleet.scaling, "runner_groups"),
        step("runner_database", fleet.database, service),
        step("registered_runners", fleet.registered, service, "probe"),
    ]


def _network_steps(step: Maker) -> list[Step]:
    return [
        step("_vpc_ids", network.vpc_ids, "service", *_GROUPS),
        step("subnets", network.subnets, "_vpc_ids", "service"),
        step("vpcs", network.vpcs, "_vpc_ids"),
        *(step(name, network.by_vpc(kind), "_vpc_ids") for name, kind in _BY_VPC.items()),
        step("prefix_lists", network.prefix_lists, *("_aws_prefix_lists", "security_groups")),
    ]


def _task_definition_steps(step: Maker, fetch: Fetch | None) -> list[Step]:
    definition = "task_definition"
    return [
        step("execution_role", permissions.execution_role, definition),
        step("task_role", permissions.task_role, definition),
        step("_secrets", secrets.read, definition),
        step("secrets", secrets.secrets, "_secrets"),
        step("image", lambda context: image.image(context, fetch), definition, patience=3.0),
        step("log_group", logs.log_group, definition, "_log_groups"),
        step("log_lines", logs.log_lines, definition, *_TASKS),
    ]
