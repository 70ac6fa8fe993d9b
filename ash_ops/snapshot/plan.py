"""Which readings make a snapshot, and which of them need which.

The longest path is three calls (service, task definition, its roles and secrets) beside who asks:
see docs/snapshot.md for the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ash_ops.aws import vpc
from ash_ops.snapshot.desk import Desk
from ash_ops.snapshot.fan_out import Step
from ash_ops.snapshot.http_get import Fetch
from ash_ops.snapshot.probe import Ladder
from ash_ops.snapshot.readings import (
    account,
    balancers,
    image,
    logs,
    network,
    permissions,
    secrets,
    server,
    service,
    stack,
)

# The clients in the order in which the longest path needs them; one thread makes them.
CLIENTS = (
    "ecs",
    "elbv2",
    "sts",
    "logs",
    "cloudformation",
    "ec2",
    "iam",
    "secretsmanager",
    "cloudwatch",
    "service-quotas",
)

PROBE_PATIENCE = 12.0  # seconds for the whole ladder
CANARY_PATIENCE = 75.0
_TASKS = ("tasks", "stopped_tasks")
_GROUPS = ("load_balancers", "target_groups")


def first_steps(desk: Desk) -> dict[str, list[Step]]:
    """The readings that need nothing, by the client they use."""
    step = _maker(desk)
    return {
        "ecs": [
            step("service", "ecs:DescribeServices", service.service),
            step("tasks", "ecs:DescribeTasks", service.tasks),
            step("stopped_tasks", "ecs:DescribeTasks", service.stopped_tasks),
            step("cluster", "ecs:DescribeClusters", service.cluster),
        ],
        "elbv2": [
            step("_load_balancers", _elb("LoadBalancers"), balancers.all_balancers),
            step("_target_groups", _elb("TargetGroups"), balancers.all_target_groups),
        ],
        "sts": [step("identity", "sts:GetCallerIdentity", account.identity)],
        "logs": [step("_log_groups", "logs:DescribeLogGroups", logs.log_groups)],
        "cloudformation": [
            step("stack", "cloudformation:DescribeStacks", stack.stack),
            step("_stack_events", "cloudformation:DescribeStackEvents", stack.own_events),
        ],
        "ec2": [step("_aws_prefix_lists", "ec2:DescribePrefixLists", network.aws_prefix_lists)],
        "cloudwatch": [step("_peaks", "cloudwatch:GetMetricData", account.peaks)],
    }


def later_steps(desk: Desk, ladder: Ladder | None, fetch: Fetch | None) -> list[Step]:
    """The readings that need the outcome of others."""
    step = _maker(desk)
    return [
        step("task_definition", "ecs:DescribeTaskDefinition", service.task_definition, "service"),
        step(
            "other_task_definitions",
            "ecs:DescribeTaskDefinition",
            service.other_task_definitions,
            "service",
        ),
        step(
            "archived_tasks",
            "logs:FilterLogEvents",
            service.archived_tasks,
            "_log_groups",
            "stopped_tasks",
        ),
        *_balancing_steps(step),
        *_network_steps(step),
        *_task_definition_steps(step, fetch),
        step("quota", "servicequotas:GetServiceQuota", account.quota, "_peaks"),
        step(
            "memory_utilization", "cloudwatch:GetMetricData", account.memory_utilization, "_peaks"
        ),
        step(
            "stack_events",
            "cloudformation:DescribeStackEvents",
            stack.stack_events,
            *("_stack_events", "stack", "cluster", "service"),
        ),
        step(
            "probe",
            server.CALL,
            lambda desk: server.probe(desk, ladder),
            *_before_the_probe(desk, ladder),
            patience=PROBE_PATIENCE if not (ladder and ladder.canary) else CANARY_PATIENCE,
        ),
        step(
            "local_key",
            "local:ASH_API_KEY",
            server.local_key,
            *("secrets", "task_definition"),
        ),
    ]


def _before_the_probe(desk: Desk, ladder: Ladder | None) -> tuple[str, ...]:
    """Where the server is, and the deployed key where there is no local one."""
    needed = ("load_balancers", "listeners")
    has_key = ladder is None or server.local_secret(desk.aws.settings)[0] is not None
    return needed if has_key else (*needed, "secrets", "task_definition")


Maker = Callable[..., Step]


def _maker(desk: Desk) -> Maker:
    def step(
        name: str, call: str, read: Callable[[Desk], Any], *after: str, patience: float = 8.0
    ) -> Step:
        return Step(name=name, call=call, read=lambda: read(desk), after=after, patience=patience)

    return step


def _elb(what: str) -> str:
    return f"elasticloadbalancing:Describe{what}"


def _balancing_steps(step: Maker) -> list[Step]:
    groups, balancer = "target_groups", "load_balancers"
    return [
        step(
            groups,
            _elb("TargetGroups"),
            balancers.target_groups,
            *("_target_groups", "service"),
        ),
        step(balancer, _elb("LoadBalancers"), balancers.load_balancers, "_load_balancers", groups),
        step("target_health", _elb("TargetHealth"), balancers.target_health, groups),
        step(
            "target_group_attributes",
            _elb("TargetGroupAttributes"),
            balancers.target_group_attributes,
            groups,
        ),
        step("listeners", _elb("Listeners"), balancers.listeners, balancer),
        step(
            "load_balancer_attributes",
            _elb("LoadBalancerAttributes"),
            balancers.load_balancer_attributes,
            balancer,
        ),
        step(
            "listener_attributes",
            _elb("ListenerAttributes"),
            balancers.listener_attributes,
            "listeners",
        ),
    ]


def _network_steps(step: Maker) -> list[Step]:
    by_vpc = {
        "route_tables": ("RouteTables", vpc.route_tables),
        "nat_gateways": ("NatGateways", vpc.nat_gateways),
        "internet_gateways": ("InternetGateways", vpc.internet_gateways),
        "network_acls": ("NetworkAcls", vpc.network_acls),
        "security_groups": ("SecurityGroups", vpc.security_groups),
        "vpc_endpoints": ("VpcEndpoints", vpc.vpc_endpoints),
    }
    return [
        step("_vpc_ids", "ec2:DescribeSubnets", network.vpc_ids, "service", *_GROUPS),
        step("subnets", "ec2:DescribeSubnets", network.subnets, "_vpc_ids", "service"),
        step("vpcs", "ec2:DescribeVpcAttribute", network.vpcs, "_vpc_ids"),
        *(
            step(name, f"ec2:Describe{what}", network.by_vpc(read), "_vpc_ids")
            for name, (what, read) in by_vpc.items()
        ),
        step(
            "prefix_lists",
            "ec2:DescribePrefixLists",
            network.prefix_lists,
            *("_aws_prefix_lists", "security_groups"),
        ),
    ]


def _task_definition_steps(step: Maker, fetch: Fetch | None) -> list[Step]:
    definition = "task_definition"
    simulation = "iam:SimulatePrincipalPolicy"
    return [
        step("execution_role", simulation, permissions.execution_role, definition),
        step("task_role", "iam:GetRole", permissions.task_role, definition),
        step("secrets", "secretsmanager:DescribeSecret", secrets.secrets, definition),
        step(
            "image",
            image.CALL,
            lambda desk: image.image(desk, fetch),
            definition,
            patience=3.0,
        ),
        step("log_group", "logs:DescribeLogGroups", logs.log_group, definition, "_log_groups"),
        step("log_lines", "logs:GetLogEvents", logs.log_lines, definition, *_TASKS),
    ]
