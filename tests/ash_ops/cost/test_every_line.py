"""Every line that a bill can have, worked out by hand: what it is, how much of it, in what unit, for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost import capacity
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.lines import quantities
from ash_ops.cost.plan import ARM, Database, Machines, Plan, Tasks, Traffic
from ash_ops.cost.prices.table import Price, PriceTable, bundled

TODAY = date(2026, 11, 27)
SERVER = Tasks(role="server", cpu=512, memory=1024)
FULL = Plan(
    tasks=(
        replace(SERVER, role="coordinator", storage_gb=50),
        Tasks(role="runner", count=Decimal(3), cpu=2048, memory=4096, arch=ARM, spot=True),
    ),
    machines=(
        Machines(role="runner", count=Decimal(2), instance_type="m6i.xlarge", volume_gb=40),
        Machines(
            role="runner 2", instance_type="c7g.large", volume_gb=0, spot=True, managed=True
        ),
    ),
    other_disks_gb=7,
    load_balancer_addresses=3,
    traffic=Traffic(gb_per_hour=Decimal(2), new_per_second=Decimal(100), active=Decimal(9000), tls=True),
    nat_gateways=2,
    endpoint_zones=4,
    insights="enhanced",
    log_gb=Decimal(3),
    log_retention_days=90,
    secrets=2,
    image_gb=Decimal("1.5"),
    efs_gb=Decimal(10),
    efs_written_gb=Decimal(4),
    private_zones=1,
    database=Database(instance_class="db.t4g.small", multi_az=True, storage_gb=Decimal(30)),
    s3_gb=Decimal(6),
    alarms=5,
    model_gb=Decimal(8),
    metrics_read=Decimal(900),
    cost_explorer_requests=2,
    unread=("EBS volumes",),
)  # fmt: skip
# A month has 730 hours; 3 zones at the balancer, so two thirds of 2 x 730 GB cross, billed twice.
BILL = """
Fargate vCPU, coordinator: 1 x 0.5 | fargate_vcpu_hour | 365 | vCPU-hours | fargate-cpu-coordinator
Fargate Spot ARM vCPU, runner: 3 x 2 | fargate_spot_arm_vcpu_hour | 4380 | vCPU-hours | fargate-cpu-runner
Fargate memory, coordinator: 1 x 1 GB | fargate_gb_hour | 730 | GB-hours | fargate-memory-coordinator
Fargate Spot ARM memory, runner: 3 x 4 GB | fargate_spot_arm_gb_hour | 8760 | GB-hours | fargate-memory-runner
Fargate storage, coordinator: 1 x 30 GB more | fargate_ephemeral_gb_hour | 21900 | GB-hours | fargate-storage-coordinator
EC2 runner: 2 x m6i.xlarge | ec2_linux_hour.m6i.xlarge | 1460 | instance-hours | ec2-runner
EC2 runner 2: 1 x c7g.large Spot | ec2_spot_hour.c7g.large | 730 | instance-hours | ec2-runner 2
ECS Managed Instances, runner 2: 1 x c7g.large | ecs_managed_hour.c7g.large | 730 | instance-hours | ecs-managed-runner 2
EBS gp3, runner: 2 x 40 GB | ebs_gp3_gb_month | 80 | GB-months | ebs-runner
EBS gp3, other disks: 7 GB | ebs_gp3_gb_month | 7 | GB-months | ebs-other
Network Load Balancer | nlb_hour | 730 | LB-hours | load-balancer
Load balancer capacity | nlcu_hour | 2190 | NLCU-hours | capacity-units
Public IPv4, load balancer: 3 | public_ipv4_hour | 2190 | address-hours | public-ipv4-load balancer
Public IPv4, tasks: 4 | public_ipv4_hour | 2920 | address-hours | public-ipv4-tasks
Public IPv4, instances: 3 | public_ipv4_hour | 2190 | address-hours | public-ipv4-instances
Public IPv4, NAT gateways: 2 | public_ipv4_hour | 1460 | address-hours | public-ipv4-NAT gateways
NAT gateway: 2 | nat_gateway_hour | 1460 | NAT-hours | nat-gateway
NAT gateway data | nat_gateway_gb | 730 | GB | nat-data
Interface endpoints: 4 | vpc_endpoint_hour | 2920 | endpoint-hours | endpoints
Interface endpoint data | vpc_endpoint_gb | 3 | GB | endpoint-data
Data out to the internet | data_out_gb | 730 | GB | data-out
Data out to the model | data_out_gb | 8 | GB | model-requests
Data between zones | data_cross_az_gb | 5840/3 | GB | data-between-zones
Logs written | logs_ingest_gb | 3 | GB | log-ingestion
Logs kept 90 days | logs_storage_gb_month | 9 | GB-months | log-storage
Container Insights (enhanced) | container_insights_enhanced_metric_month | 1484 | metric-months | container-insights
Secrets | secret_month | 2 | secret-months | secrets
CloudWatch alarms | alarm_month | 5 | alarm-months | alarms
ash-ops: metric reads | get_metric_data_metric | 900 | metrics | metric-reads
ash-ops: Cost Explorer | cost_explorer_request | 2 | requests | cost-explorer
ECR images | ecr_gb_month | 1.5 | GB-months | ecr
EFS Standard | efs_standard_gb_month | 10 | GB-months | efs
EFS data read | efs_elastic_read_gb | 10 | GB | efs-read
EFS data written | efs_elastic_write_gb | 4 | GB | efs-written
EFS backups | efs_backup_gb_month | 10 | GB-months | efs-backups
RDS PostgreSQL db.t4g.small, Multi-AZ | rds_postgres_multi_az_hour.db.t4g.small | 730 | instance-hours | rds
RDS storage gp3 | rds_gp3_multi_az_gb_month | 30 | GB-months | rds-storage
S3 Standard | s3_standard_gb_month | 6 | GB-months | s3
Route 53 private zone | route53_hosted_zone_month | 1 | zone-months | private-zone
EBS volumes |  | ? |  | ebs-volumes
"""


def rows(text: str) -> set[tuple[str, ...]]:
    return {tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()}


def of(plan: Plan) -> set[tuple[str, ...]]:
    """The lines of a plan as a table; a third is written as one."""
    return {
        (line.item, line.key, amount_of(line.amount), line.unit, line.subject)
        for line in quantities(plan)
    }


def amount_of(amount: Decimal | None) -> str:
    if amount is None:
        return "?"
    if amount != round(amount, 6):
        return f"{round(amount * 3)}/3"
    return f"{amount.normalize():f}"


def test_a_plan_with_everything_has_every_line_that_there_is() -> None:
    assert of(FULL) ^ rows(BILL) == set()


def test_the_smallest_plan_has_no_line_of_what_it_has_not() -> None:
    """Not 0 of something: no line at all."""
    least = Plan(
        load_balancers=0,
        traffic=None,
        insights="disabled",
        log_gb=Decimal(0),
        secrets=0,
        metrics_read=Decimal(0),
        cost_explorer_requests=0,
        alarms=0,
    )
    assert of(least) == set()


def changed(**more: Any) -> set[tuple[str, ...]]:
    """The lines that a change of the full plan brings or alters."""
    return of(replace(FULL, **more)) - rows(BILL)


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        pytest.param(
            {"traffic": None},
            "Load balancer capacity | nlcu_hour | ? | NLCU-hours | capacity-units\n"
            "NAT gateway data | nat_gateway_gb | ? | GB | nat-data\n"
            "Data out to the internet | data_out_gb | ? | GB | data-out\n"
            "Data between zones | data_cross_az_gb | ? | GB | data-between-zones",
            id="traffic that nobody could read is unknown, not nothing",
        ),
        pytest.param(
            {"log_gb": None},
            "Interface endpoint data | vpc_endpoint_gb | ? | GB | endpoint-data\n"
            "Logs written | logs_ingest_gb | ? | GB | log-ingestion\n"
            "Logs kept 90 days | logs_storage_gb_month | ? | GB-months | log-storage",
            id="nor are logs",
        ),
        pytest.param(
            {"log_retention_days": None, "log_stored_gb": Decimal(5)},
            "Logs kept for ever | logs_storage_gb_month | 5 | GB-months | log-storage",
            id="logs that are kept for ever",
        ),
        pytest.param(
            {"log_retention_days": None},
            "Logs kept for ever | logs_storage_gb_month | ? | GB-months | log-storage",
            id="and grow without end",
        ),
        pytest.param({"alarms": None}, "CloudWatch alarms | alarm_month | ? | alarm-months | alarms", id="alarms"),
        pytest.param({"secrets": None}, "Secrets | secret_month | ? | secret-months | secrets", id="secrets"),
        pytest.param({"s3_gb": None}, "S3 Standard | s3_standard_gb_month | ? | GB-months | s3", id="S3"),
        pytest.param(
            {"insights": "enabled"},
            "Container Insights (enabled) | metric_month | 62 | metric-months | container-insights",
            id="two services have 12 + 2 x 25 metrics",
        ),
        pytest.param(
            {"insights_series": 99},
            "Container Insights (enhanced) | container_insights_enhanced_metric_month | 99 | "
            "metric-months | container-insights",
            id="metrics that were counted",
        ),
        pytest.param(
            {"load_balancer_addresses": 2},
            "Public IPv4, load balancer: 2 | public_ipv4_hour | 1460 | address-hours | "
            "public-ipv4-load balancer\n"
            "Data between zones | data_cross_az_gb | 1460 | GB | data-between-zones",
            id="two zones: half of it crosses",
        ),
        pytest.param(
            {"database": replace(FULL.database, multi_az=False)},  # type: ignore[type-var]  # it has one
            "RDS PostgreSQL db.t4g.small | rds_postgres_single_az_hour.db.t4g.small | 730 | "
            "instance-hours | rds\n"
            "RDS storage gp3 | rds_gp3_gb_month | 30 | GB-months | rds-storage",
            id="a database in one zone",
        ),
        pytest.param(
            {"addresses": (("tasks", 1), ("instances", 0))},
            "Public IPv4, tasks: 1 | public_ipv4_hour | 730 | address-hours | public-ipv4-tasks",
            id="addresses that were counted",
        ),
    ],
)  # fmt: skip
def test_one_thing_otherwise_is_that_line_otherwise(more: dict[str, Any], lines: str) -> None:
    assert changed(**more) == rows(lines)


@pytest.mark.parametrize(
    ("more", "gone"),
    [
        ({"cross_zone": False}, {"data-between-zones"}),
        ({"private": True}, {"public-ipv4-tasks", "public-ipv4-instances"}),
        ({"load_balancer_addresses": 1}, {"data-between-zones"}),
        ({"file_systems": 0, "efs_gb": Decimal(0)}, {"efs", "efs-read", "efs-written", "efs-backups"}),
        ({"load_balancers": 0}, {
            "load-balancer", "capacity-units", "data-out", "data-between-zones",
            "public-ipv4-load balancer",
        }),
        ({"insights": "disabled"}, {"container-insights"}),
    ],
)  # fmt: skip
def test_what_is_not_there_has_no_line(more: dict[str, Any], gone: set[str]) -> None:
    before = {row[-1] for row in rows(BILL)}
    assert before - {row[-1] for row in of(replace(FULL, **more))} == gone


def test_an_internal_balancer_sends_nothing_to_the_internet_but_still_across_zones() -> None:
    subjects = {row[-1]: row for row in of(replace(FULL, load_balancer_addresses=0))}
    assert "data-out" not in subjects
    # Nobody counts its zones: a default one is in two, and half of 2 x 1460 GB crosses.
    assert subjects["data-between-zones"][2] == "1460"


@pytest.mark.parametrize(
    ("traffic", "tls", "units", "decides"),
    [
        ((1, 0, 0), False, "1", "bytes"),
        ((0, 1600, 0), False, "2", "new connections"),
        ((0, 0, 300_000), False, "3", "open connections"),
        ((0, 100, 0), True, "2", "new connections"),
        ((0, 0, 9_000), True, "3", "open connections"),
        ((4, 100, 9_000), True, "4", "bytes"),
    ],
)
def test_the_largest_dimension_is_billed_and_named(
    traffic: tuple[int, int, int], tls: bool, units: str, decides: str
) -> None:
    """AWS: 800 new a second, 100,000 open or 1 GB for TCP; 50, 3,000 or 1 GB for TLS."""
    gb, new, active = map(Decimal, traffic)
    found = Traffic(gb_per_hour=gb, new_per_second=new, active=active, tls=tls)
    assert capacity.units(found) == Decimal(units)
    said = capacity.explained(found)
    assert said.startswith(f"Capacity units ({'TLS' if tls else 'TCP'}): the largest of new conn")
    assert said.endswith(f"is billed, here {decides}.")


def priced(plan: Plan, **prices: Decimal) -> Estimate:
    def price_of(key: str) -> Price | None:
        found = prices.get(key)
        return None if found is None else Price(((Decimal(0), found),), "x", "2026-11-01")

    return monthly_estimate(plan, price_of, today=TODAY)


LITTLE = Plan(
    traffic=Traffic(gb_per_hour=Decimal(0)),
    insights="disabled",
    log_gb=Decimal(0),
    load_balancer_addresses=0,
    metrics_read=Decimal(0),
    cost_explorer_requests=0,
)


def test_a_total_is_the_sum_of_what_is_known_and_at_least_that_where_something_is_not() -> None:
    whole = priced(LITTLE, nlb_hour=Decimal("0.5"), nlcu_hour=Decimal(1), secret_month=Decimal(2))
    units = capacity.units(LITTLE.traffic or Traffic()) * 730
    assert whole.monthly == 365 + units + 2
    assert whole.hourly == whole.monthly / 730
    assert (whole.at_least, whole.between) == (False, None)
    some = priced(LITTLE, nlb_hour=Decimal("0.5"), nlcu_hour=Decimal(1))
    assert some.monthly == 365 + units
    assert some.at_least


def test_what_is_unknown_here_lies_between_what_other_regions_pay() -> None:
    """A secret is 0.40 dollars wherever AWS lists one; nothing tells what an unread thing costs."""
    some = priced(LITTLE, nlb_hour=Decimal("0.5"), nlcu_hour=Decimal(1))
    table: PriceTable = bundled()
    span = table.range("secret_month")
    assert span is not None
    assert some.between == (some.monthly + span.low, some.monthly + span.high)
    unread = replace(LITTLE, unread=("RDS",))
    assert priced(unread, nlb_hour=Decimal("0.5"), nlcu_hour=Decimal(1)).between is None


def test_a_tier_is_paid_at_its_own_price() -> None:
    price = Price(((Decimal(0), Decimal(2)), (Decimal(10), Decimal(1))), "x", "2026-11-01")
    assert price.of(Decimal(10)) == 20
    assert price.of(Decimal(15)) == 25
    found = monthly_estimate(
        replace(LITTLE, secrets=15), lambda key: price if key == "secret_month" else None
    )
    (line,) = [each for each in found.lines if each.quantity.subject == "secrets"]
    assert line.monthly == 25
    assert line.unit_price == Decimal(25) / 15
    assert line.hourly == Decimal(25) / 730
