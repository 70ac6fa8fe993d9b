"""What was read of a deployment becomes a plan: measured where it was, unknown where it was not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.usage import plan_of
from ash_ops.facts.model import fact_of
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.usage import (
    Balancer,
    DatabaseUse,
    Flows,
    Instance,
    LogUse,
    ServiceUse,
    Unread,
    Usage,
    Window,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
WEEK = Window(NOW - timedelta(days=7), NOW)
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud/env-AbCdEf"


def service(name: str = "ash-cloud-runtime", **changes: Any) -> ServiceUse:
    definition = {
        "cpu": "1024",
        "memory": "2048",
        "runtimePlatform": {"cpuArchitecture": "ARM64"},
        "ephemeralStorage": {"sizeInGiB": 40},
        "containerDefinitions": [
            {
                "image": "ghcr.io/ash-ai-org/ash:0.2.0",
                "secrets": [
                    {"name": "ASH_API_KEY", "valueFrom": f"{SECRET}:ASH_API_KEY::"},
                    {"name": "ANTHROPIC_API_KEY", "valueFrom": f"{SECRET}:ANTHROPIC_API_KEY::"},
                    {"name": "P", "valueFrom": "arn:aws:ssm:us-east-1:111122223333:parameter/p"},
                ],
            }
        ],
    }
    base = ServiceUse(
        name=name,
        desired=1,
        launch_type="fargate",
        spot=False,
        public_ip=True,
        created=NOW - timedelta(days=30),
        definition=fact_of(TaskDefinition, definition),
        subnets=("subnet-1", "subnet-2"),
    )
    return replace(base, **changes)


BALANCER = Balancer(
    arn="arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/ash-cloud-nlb/50dc6c",
    name="ash-cloud-nlb",
    vpc="vpc-1",
    internal=False,
    zones=3,
    tls=False,
    cross_zone=True,
)


def flows(gigabytes: str = "0", opened: str = "0", active: str = "0") -> Flows:
    """One hour of the week saw this, the others nothing."""
    hour = NOW - timedelta(hours=5)
    return Flows({hour: Decimal(gigabytes)}, {hour: Decimal(opened)}, {hour: Decimal(active)})


def reading(**changes: Any) -> Usage:
    base = Usage(
        region="us-east-1",
        prefix="ash-cloud",
        window=WEEK,
        services=(service(),),
        insights="enabled",
        series=41,
        instances=(),
        other_disks_gb=0,
        balancers=(BALANCER,),
        flows=flows("16.8"),
        balancer_addresses=3,
        own_nat_gateways=0,
        shared_nat_gateways=0,
        own_endpoint_zones=0,
        logs=LogUse(Decimal(2), Decimal("1.25"), 30),
        image_gb=Decimal(0),
        file_systems=0,
        efs_gb=Decimal(0),
        efs_flows=None,
        databases=(),
        s3_gb=Decimal(0),
        alarms=0,
        gaps=(),
    )
    return replace(base, **changes)


def priced(**changes: Any) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    found = estimated(**changes)
    return {line.quantity.subject: (line.quantity.amount, line.monthly) for line in found.lines}


def estimated(**changes: Any) -> Estimate:
    return monthly_estimate(plan_of(reading(**changes)), today=NOW.date())


def test_sizes_counts_zones_and_processor_are_those_found() -> None:
    lines = estimated().lines
    items = {line.quantity.item for line in lines}
    assert {
        "Fargate ARM vCPU: 1 x 1",
        "Fargate ARM memory: 1 x 2 GB",
        "Fargate ARM storage: 1 x 20 GB more",
        "Public IPv4, load balancer: 3",
        "Public IPv4, tasks: 1",
    } <= items


def test_logs_are_what_cloudwatch_measured() -> None:
    found = priced()
    assert found["log-ingestion"] == (Decimal(2), Decimal(1))
    assert found["log-storage"] == (Decimal("1.25"), Decimal("0.0375"))


def test_one_secret_with_many_keys_is_one_secret() -> None:
    assert priced()["secrets"] == (Decimal(1), Decimal("0.4"))


def test_the_count_of_metrics_replaces_the_assumed_one() -> None:
    assert priced()["container-insights"] == (Decimal(41), Decimal("12.3"))


def test_capacity_is_the_mean_over_hours_of_each_hours_largest_dimension() -> None:
    """16.8 GB in one hour of a week are 0.1 units on average; 2,880,000 connections are 1,000/168."""
    found = priced(flows=flows("16.8", opened="0", active="0"))
    assert found["capacity-units"][0] == Decimal("0.1") * 730
    tls = replace(BALANCER, tls=True)
    found = priced(balancers=(tls,), flows=flows("1", opened="0", active="504000"))
    assert found["capacity-units"][0] == Decimal(1) * 730


def test_the_traffic_of_a_week_becomes_a_months() -> None:
    assert priced()["data-out"][0] == Decimal("36.5")


def test_a_deployment_of_today_is_not_taken_for_a_quiet_one() -> None:
    young = Window(NOW - timedelta(hours=2), NOW)
    found = estimated(window=young, flows=flows("0"), logs=LogUse(Decimal(0), Decimal(0), 30))
    amounts = {line.quantity.subject: line.quantity.amount for line in found.lines}
    assert amounts["log-ingestion"] == Decimal("0.5")
    assert amounts["capacity-units"] == Decimal("7.3")
    assert any("less than a day ago" in sentence for sentence in found.assumptions)


def test_an_internal_load_balancer_has_no_public_address() -> None:
    found = priced(balancers=(replace(BALANCER, internal=True),), balancer_addresses=0)
    assert "public-ipv4-load balancer" not in found


def test_addresses_that_cannot_be_counted_are_one_a_zone() -> None:
    assert priced(balancer_addresses=None)["public-ipv4-load balancer"][0] == 3 * 730


def test_instances_are_grouped_and_their_disks_priced() -> None:
    machine = Instance("m6i.large", spot=False, volume_gb=50, public=True, arch="x86_64")
    spot = replace(machine, spot=True)
    found = estimated(
        services=(service(launch_type="ec2", public_ip=False),),
        instances=(machine, machine, spot),
    )
    items = {line.quantity.item: line.monthly for line in found.lines}
    assert items["EC2 server: 2 x m6i.large"] == Decimal("140.16")
    assert items["EC2 server 2: 1 x m6i.large Spot"] is None
    assert items["EBS gp3, server: 2 x 50 GB"] == Decimal(8)
    assert items["Public IPv4, instances: 3"] == Decimal("10.95")


def test_a_disk_that_no_machine_has_is_on_the_bill() -> None:
    assert priced(other_disks_gb=20)["ebs-other"] == (Decimal(20), Decimal("1.6"))


def test_a_service_on_machines_of_which_none_is_found_is_not_free() -> None:
    gap = Unread("EC2 instances", "ash-cloud-runtime runs on EC2, and none was found")
    found = estimated(services=(service(launch_type="ec2"),), gaps=(gap,))
    assert found.at_least
    assert any("none was found" in sentence for sentence in found.assumptions)


def test_two_services_are_coordinator_and_runners() -> None:
    runners = service("ash-cloud-runners", desired=4, spot=True)
    items = {line.quantity.item for line in estimated(services=(service(), runners)).lines}
    assert "Fargate ARM vCPU, coordinator: 1 x 1" in items
    assert "Fargate Spot ARM vCPU, runner: 4 x 1" in items


def test_a_service_scaled_to_nothing_costs_no_task_and_is_named() -> None:
    found = estimated(services=(service(desired=0),))
    assert not any("Fargate" in line.quantity.item for line in found.lines)
    assert any("Scaled to 0" in sentence for sentence in found.assumptions)


def test_a_shared_gateway_is_not_counted_and_is_named() -> None:
    found = estimated(services=(service(public_ip=False),), shared_nat_gateways=2)
    assert not any("NAT" in line.quantity.item for line in found.lines)
    assert any("2 NAT gateway(s)" in sentence for sentence in found.assumptions)


def test_a_server_on_an_instance_with_an_address_is_not_taken_for_private() -> None:
    machine = Instance("m6i.large", spot=False, volume_gb=50, public=True, arch="x86_64")
    server = service(launch_type="ec2", public_ip=False, subnets=())
    found = estimated(services=(server,), instances=(machine,))
    assert not any("NAT gateway" in sentence for sentence in found.assumptions)
    assert any("instances: 1" in line.quantity.item for line in found.lines)


def test_the_deployments_own_gateway_and_database_are_priced() -> None:
    database = DatabaseUse("db.t4g.micro", multi_az=False, storage_gb=20, engine="postgres")
    found = priced(own_nat_gateways=1, databases=(database,))
    assert found["nat-gateway"] == (Decimal(730), Decimal("32.85"))
    assert found["rds"] == (Decimal(730), Decimal("11.68"))


@pytest.mark.parametrize(
    ("part", "item"),
    [
        ("balancers", "load balancers"),
        ("insights", "Container Insights"),
        ("instances", "EC2 instances"),
        ("flows", "load balancer traffic"),
        ("own_nat_gateways", "NAT gateways"),
        ("own_endpoint_zones", "interface endpoints"),
        ("logs", "log volume"),
        ("image_gb", "ECR images"),
        ("efs_gb", "EFS"),
        ("databases", "RDS"),
        ("s3_gb", "S3"),
        ("alarms", "CloudWatch alarms"),
    ],
)
def test_what_could_not_be_read_is_unknown_and_says_what_to_allow(part: str, item: str) -> None:
    """Denied is not the same as not there: the line has no figure and the total is a lower bound."""
    gap = Unread(item, "x:Describe: AccessDenied (allow x:Describe)")
    found = estimated(**{part: None}, gaps=(gap,))
    assert found.at_least
    assert any(f"Not known: {item}: {gap.reason}" in text for text in found.assumptions)
    assert any(line.monthly is None and line.quantity.amount is None for line in found.lines)


def test_what_efs_moved_is_what_cloudwatch_measured_and_else_assumed() -> None:
    """0.03 dollars a GB read, 0.06 written; unmeasured, as much of each as is kept."""
    measured = priced(efs_gb=Decimal(10), efs_flows=(Decimal(100), Decimal(50)))
    assert measured["efs-read"] == (Decimal(100), Decimal(3))
    assert measured["efs-written"] == (Decimal(50), Decimal(3))
    assumed = priced(efs_gb=Decimal(10))
    assert (assumed["efs-read"][0], assumed["efs-written"][0]) == (Decimal(10), Decimal(10))
    assert assumed["efs-backups"] == (Decimal(10), Decimal("0.5"))


def test_an_empty_file_system_keeps_its_lines() -> None:
    found = priced(file_systems=1, efs_gb=Decimal(0), efs_flows=(Decimal(7), Decimal(2)))
    assert found["efs"] == (Decimal(0), Decimal(0))
    assert (found["efs-read"][0], found["efs-written"][0]) == (Decimal(7), Decimal(2))


def test_a_file_system_of_today_is_assumed_to_fill_as_a_planned_one() -> None:
    """5 GB, as planned: kept 1.50, read 0.15, written 0.30, backed up 0.25."""
    young = Window(NOW - timedelta(hours=2), NOW)
    found = estimated(window=young, file_systems=1, efs_gb=Decimal(0), efs_flows=(Decimal(0),) * 2)
    lines = {line.quantity.subject: line.monthly for line in found.lines}
    assert lines["efs"] == Decimal("1.5")
    assert lines["efs-read"] == Decimal("0.15")
    assert lines["efs-written"] == Decimal("0.3")
    assert lines["efs-backups"] == Decimal("0.25")
    assert any("5 GB on EFS" in sentence for sentence in found.assumptions)


def test_what_little_a_file_system_holds_is_not_rounded_to_nothing() -> None:
    found = priced(
        file_systems=1, efs_gb=Decimal(6144) / 1024**3, efs_flows=(Decimal(9), Decimal(1))
    )
    assert found["efs-read"][0] == 9
    assert (found["efs"][0] or 0) > 0


def test_the_zone_of_the_runners_is_on_the_bill_of_what_is_deployed_too() -> None:
    services = (service(), service("ash-cloud-runners"))
    assert priced(services=services)["private-zone"] == (Decimal(1), Decimal("0.5"))
    assert "private-zone" not in priced()


def test_logs_that_are_kept_for_ever_are_named() -> None:
    found = estimated(logs=LogUse(Decimal(1), Decimal(9), None))
    assert any("never deleted" in sentence for sentence in found.assumptions)
