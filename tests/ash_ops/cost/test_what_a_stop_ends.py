"""Which lines of the bill end with a stop: what runs by the hour and what moves; all that is kept stays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ash_ops.cost.at_rest import at_rest
from ash_ops.cost.estimate import monthly_estimate
from tests.ash_ops.cost.test_every_line import FULL

# Of the bill with every line there is: what AWS bills on while no task and no instance runs.
GOES_ON = {
    "alarms",
    "container-insights",
    "cost-explorer",
    "ebs-other",
    "ebs-runner",
    "ebs-volumes",
    "ecr",
    "efs",
    "efs-backups",
    "endpoints",
    "load-balancer",
    "log-storage",
    "metric-reads",
    "nat-gateway",
    "private-zone",
    "public-ipv4-NAT gateways",
    "public-ipv4-load balancer",
    "rds-storage",
    "s3",
    "secrets",
}
ENDS = {
    "capacity-units",
    "data-between-zones",
    "data-out",
    "ec2-runner",
    "ec2-runner 2",
    "ecs-managed-runner 2",
    "efs-read",
    "efs-written",
    "endpoint-data",
    "fargate-cpu-coordinator",
    "fargate-cpu-runner",
    "fargate-memory-coordinator",
    "fargate-memory-runner",
    "fargate-storage-coordinator",
    "log-ingestion",
    "model-requests",
    "nat-data",
    "public-ipv4-instances",
    "public-ipv4-tasks",
    "rds",
}


def test_a_stop_ends_what_computes_and_what_that_moves_and_nothing_that_is_kept() -> None:
    """ECS gives a managed instance back when its last task ends: its own fee ends with EC2's."""
    estimate = monthly_estimate(FULL)
    assert {line.quantity.subject for line in estimate.lines} == GOES_ON | ENDS
    assert {line.quantity.subject for line in at_rest(estimate)} == GOES_ON


def test_the_lines_that_go_on_are_those_of_the_bill() -> None:
    estimate = monthly_estimate(replace(FULL, unread=()))
    rest = at_rest(estimate)
    assert set(rest) <= set(estimate.lines)
    ended = [line for line in estimate.lines if line not in rest]
    parts = (
        sum((line.monthly or Decimal(0) for line in each), Decimal(0)) for each in (rest, ended)
    )
    assert sum(parts) == estimate.monthly
