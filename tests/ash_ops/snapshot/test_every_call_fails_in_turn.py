"""Whatever a call does, ``collect`` returns a snapshot, in time, and with a gap for that call."""

from __future__ import annotations

import time

import pytest

from ash_ops.errors import ReadFailed
from ash_ops.facts.snapshot import Snapshot
from ash_ops.snapshot.collect import collect
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.fakes.world import world
from tests.ash_ops.snapshot.conftest import Collect, session_for
from tests.ash_ops.snapshot.test_collect import gaps

# What must be a gap when an operation fails, whatever else hangs on it.
FIELD_OF = {
    "sts:GetCallerIdentity": "identity",
    "ecs:DescribeClusters": "cluster",
    "ecs:DescribeServices": "service",
    "ecs:DescribeTaskDefinition": "task_definition",
    "ecs:ListTasks": "stopped_tasks",
    "ecs:DescribeTasks": "tasks",
    "elbv2:DescribeLoadBalancers": "load_balancers",
    "elbv2:DescribeTargetGroups": "target_groups",
    "elbv2:DescribeTargetHealth": "target_health",
    "elbv2:DescribeListeners": "listeners",
    "elbv2:DescribeListenerAttributes": "listener_attributes",
    "elbv2:DescribeLoadBalancerAttributes": "load_balancer_attributes",
    "elbv2:DescribeTargetGroupAttributes": "target_group_attributes",
    "ec2:DescribeSubnets": "subnets",
    "ec2:DescribeVpcs": "vpcs",
    "ec2:DescribeVpcAttribute": "vpcs",
    "ec2:DescribeRouteTables": "route_tables",
    "ec2:DescribeNatGateways": "nat_gateways",
    "ec2:DescribeInternetGateways": "internet_gateways",
    "ec2:DescribeNetworkAcls": "network_acls",
    "ec2:DescribeSecurityGroups": "security_groups",
    "ec2:DescribeVpcEndpoints": "vpc_endpoints",
    "ec2:DescribePrefixLists": "prefix_lists",
    "iam:GetRole": "task_role",
    "secretsmanager:DescribeSecret": "secrets",
    "logs:DescribeLogGroups": "log_group",
    "logs:GetLogEvents": "log_lines",
    "cloudwatch:GetMetricData": "memory_utilization",
    "service-quotas:GetServiceQuota": "quota",
    "cloudformation:DescribeStacks": "stack",
    "cloudformation:DescribeStackEvents": "stack_events",
}
KINDS = {
    "denied": {"denied"},
    "throttled": {"throttled"},
    "5xx": {"failed"},
    "html": {"failed"},
    "nonsense": {"failed"},
    "cut": {"failed", "unreachable"},
    "reset": {"unreachable"},
    "silent": {"timeout"},
}


@pytest.mark.parametrize("operation", FIELD_OF)
@pytest.mark.parametrize("fault", ["denied", "nonsense", "reset"])
def test_a_call_that_fails_is_a_gap(look: Collect, operation: str, fault: str) -> None:
    if operation not in world():  # what the test relies on
        pytest.fail(f"the fake does not know {operation}")
    snapshot = look(faults={operation: fault})
    found = gaps(snapshot)
    assert found.get(FIELD_OF[operation]) in KINDS[fault]


@pytest.mark.parametrize("operation", FIELD_OF)
def test_a_denial_names_the_iam_action(look: Collect, operation: str) -> None:
    """Whoever reads the report has to know what to allow."""
    gap = getattr(look(faults={operation: "denied"}), FIELD_OF[operation]).gap
    service, _, name = operation.partition(":")
    prefix = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
    assert gap.action == f"{prefix.get(service, service)}:{name}"


@pytest.mark.parametrize("fault", KINDS)
def test_when_every_call_fails_every_reading_is_a_gap(look: Collect, fault: str) -> None:
    snapshot = look(faults={"*": fault})
    local = {"local_key", "image", "probe"}
    readings = set(FIELD_OF.values()) - local
    found = gaps(snapshot)
    assert readings <= found.keys()
    assert {found[name] for name in readings} <= KINDS[fault]


@pytest.mark.parametrize("operation", ["ecs:DescribeServices", "elbv2:DescribeTargetHealth"])
@pytest.mark.parametrize("fault", sorted(KINDS.keys() - {"denied", "nonsense", "reset"}))
def test_the_other_ways_to_fail(look: Collect, operation: str, fault: str) -> None:
    snapshot = look(faults={operation: fault})
    assert gaps(snapshot)[FIELD_OF[operation]] in KINDS[fault]


def test_what_hangs_on_a_failed_reading_fails_for_its_reason(look: Collect) -> None:
    """Otherwise a report would ask for permissions that would not help."""
    snapshot = look(faults={"ecs:DescribeTaskDefinition": "denied"})
    for name in ("secrets", "execution_role", "task_role", "image"):
        gap = getattr(snapshot, name).gap
        assert gap.action == "ecs:DescribeTaskDefinition", name


def test_a_failed_call_takes_nothing_else_with_it(look: Collect) -> None:
    snapshot = look(faults={"ecs:DescribeServices": "denied"})
    for name in ("cluster", "tasks", "stopped_tasks", "load_balancers", "route_tables", "stack"):
        assert getattr(snapshot, name).gap is None, name


def test_a_service_that_never_answers_is_left_behind_at_the_deadline() -> None:
    """All calls hang; the snapshot comes in the time given all the same."""
    with FakeAws(world(port=1)) as fake:
        fake.faults = {"*": "silent"}
        aws = session_for(fake)
        aws._limits = (1, 3.0, 30.0)  # the fake's silence outlasts the deadline
        began = time.monotonic()
        snapshot = collect(aws, aws.settings.deployment, timeout=1.5)
        took = time.monotonic() - began
        assert isinstance(snapshot, Snapshot)
        assert set(gaps(snapshot).values()) == {"timeout"}
        assert took < 10  # not 30: no thread was waited for


def test_a_failure_is_worth_its_reason() -> None:
    gap = ReadFailed("ecs:DescribeServices", "denied", "AccessDenied", "no")
    assert gap.action == "ecs:DescribeServices"
