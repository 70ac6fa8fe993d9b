"""One small function an item of the bill: how much of it a plan uses in a month.

A month has 730 hours. Every function gives the lines of its item, none where there is nothing of
it. An amount of ``None`` says that the item is there and how much of it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ash_ops.cost import capacity
from ash_ops.cost.plan import ARM, INCLUDED_STORAGE_GB, LOAD_BALANCER_ZONES, Plan, Tasks

HOURS = Decimal(730)
DAYS = Decimal(30)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of one priced thing a month needs.

    Attributes:
        item: what it is, for a reader.
        key: the name of its price, for instance ``nlb_hour``.
        amount: the quantity a month; ``None`` if unknown.
        unit: what is counted, for instance ``vCPU-hours``.
        subject: what it is for, whatever its size or kind: the same in two plans to compare.
    """

    item: str
    key: str
    amount: Decimal | None
    unit: str
    subject: str


Quantities = Iterator[Quantity]


def fargate_cpu(plan: Plan) -> Quantities:
    """Processors of Fargate tasks, x86 or ARM, on demand or Spot."""
    for tasks in plan.tasks:
        vcpu = Decimal(tasks.cpu) / 1024
        item = f"{_named(plan, tasks, 'vCPU')}: {_plain(tasks.count)} x {_plain(vcpu)}"
        amount = vcpu * tasks.count * HOURS
        subject = f"fargate-cpu-{tasks.role}"
        yield Quantity(item, f"{_family(tasks)}_vcpu_hour", amount, "vCPU-hours", subject)


def fargate_memory(plan: Plan) -> Quantities:
    """Memory of Fargate tasks; 1024 MB are one GB."""
    for tasks in plan.tasks:
        memory = Decimal(tasks.memory) / 1024
        item = f"{_named(plan, tasks, 'memory')}: {_plain(tasks.count)} x {_plain(memory)} GB"
        amount = memory * tasks.count * HOURS
        subject = f"fargate-memory-{tasks.role}"
        yield Quantity(item, f"{_family(tasks)}_gb_hour", amount, "GB-hours", subject)


def fargate_storage(plan: Plan) -> Quantities:
    """Ephemeral storage of Fargate tasks above the 20 GB that come with each."""
    for tasks in plan.tasks:
        extra = tasks.storage_gb - INCLUDED_STORAGE_GB
        if extra > 0:
            item = f"{_named(plan, tasks, 'storage')}: {_plain(tasks.count)} x {extra} GB more"
            amount = extra * tasks.count * HOURS
            subject = f"fargate-storage-{tasks.role}"
            yield Quantity(item, "fargate_ephemeral_gb_hour", amount, "GB-hours", subject)


def machines(plan: Plan) -> Quantities:
    """EC2 instances."""
    for group in plan.machines:
        market = "ec2_spot_hour" if group.spot else "ec2_linux_hour"
        kind = f"{group.instance_type} Spot" if group.spot else group.instance_type
        item = f"EC2 {group.role}: {_plain(group.count)} x {kind}"
        key, amount = f"{market}.{group.instance_type}", group.count * HOURS
        yield Quantity(item, key, amount, "instance-hours", f"ec2-{group.role}")


def volumes(plan: Plan) -> Quantities:
    """The gp3 volumes of EC2 instances."""
    for group in plan.machines:
        item = f"EBS gp3, {group.role}: {_plain(group.count)} x {group.volume_gb} GB"
        amount = group.count * group.volume_gb
        if not amount:
            continue
        yield Quantity(item, "ebs_gp3_gb_month", amount, "GB-months", f"ebs-{group.role}")


def load_balancer(plan: Plan) -> Quantities:
    """Network Load Balancers: by the hour each, however many zones."""
    if plan.load_balancers:
        amount = plan.load_balancers * HOURS
        yield Quantity("Network Load Balancer", "nlb_hour", amount, "LB-hours", "load-balancer")


def capacity_units(plan: Plan) -> Quantities:
    """Capacity units of the load balancer: the largest of its dimensions, hour by hour."""
    if not plan.load_balancers:
        return
    amount = None if plan.traffic is None else capacity.units(plan.traffic) * HOURS
    yield Quantity("Load balancer capacity", "nlcu_hour", amount, "NLCU-hours", "capacity-units")


def addresses(plan: Plan) -> Quantities:
    """Public IPv4 addresses, by who holds them."""
    for owner, count in owners_of_addresses(plan):
        if count:
            item = f"Public IPv4, {owner}: {count}"
            subject = f"public-ipv4-{owner}"
            yield Quantity(item, "public_ipv4_hour", count * HOURS, "address-hours", subject)


def owners_of_addresses(plan: Plan) -> tuple[tuple[str, int], ...]:
    """How many public addresses each owner has: counted where they were, else derived."""
    if plan.addresses is not None:
        return plan.addresses
    tasks = 0 if plan.private else int(sum(tasks.count for tasks in plan.tasks))
    public = () if plan.private else (group for group in plan.machines if group.public)
    return (
        ("load balancer", plan.load_balancers * plan.load_balancer_addresses),
        ("tasks", tasks),
        ("instances", int(sum(group.count for group in public))),
        ("NAT gateways", plan.nat_gateways),
    )


def nat_gateways(plan: Plan) -> Quantities:
    """NAT gateways, and what passes them: as much as answers leave through the load balancer."""
    if plan.nat_gateways:
        amount = plan.nat_gateways * HOURS
        item = f"NAT gateway: {plan.nat_gateways}"
        yield Quantity(item, "nat_gateway_hour", amount, "NAT-hours", "nat-gateway")
        yield Quantity("NAT gateway data", "nat_gateway_gb", _outside(plan), "GB", "nat-data")


def endpoints(plan: Plan) -> Quantities:
    """Interface endpoints, by endpoint and zone. The gateway endpoint of S3 is free."""
    if plan.endpoint_zones:
        item = f"Interface endpoints: {plan.endpoint_zones}"
        amount = plan.endpoint_zones * HOURS
        yield Quantity(item, "vpc_endpoint_hour", amount, "endpoint-hours", "endpoints")
        yield Quantity(
            "Interface endpoint data", "vpc_endpoint_gb", plan.log_gb, "GB", "endpoint-data"
        )


def log_ingestion(plan: Plan) -> Quantities:
    """Log data written to CloudWatch."""
    if plan.log_gb != 0:
        yield Quantity("Logs written", "logs_ingest_gb", plan.log_gb, "GB", "log-ingestion")


def log_storage(plan: Plan) -> Quantities:
    """Log data kept for the retention time."""
    amount = plan.log_stored_gb
    if amount is None and plan.log_gb is not None and plan.log_retention_days:
        amount = plan.log_gb * plan.log_retention_days / DAYS
    if amount != 0:
        kept = f"{plan.log_retention_days} days" if plan.log_retention_days else "for ever"
        item = f"Logs kept {kept}"
        yield Quantity(item, "logs_storage_gb_month", amount, "GB-months", "log-storage")


def container_insights(plan: Plan) -> Quantities:
    """The metrics Container Insights writes: custom metrics, or enhanced ones at their own price."""
    if plan.insights == "disabled":
        return
    enhanced = plan.insights == "enhanced"
    key = "container_insights_enhanced_metric_month" if enhanced else "metric_month"
    item = f"Container Insights ({plan.insights})"
    yield Quantity(item, key, Decimal(series(plan)), "metric-months", "container-insights")


def series(plan: Plan) -> int:
    """How many metrics Container Insights keeps for a plan.

    Standard: 10 resource metrics for the cluster and for each service and task family, 2 more for
    the cluster and 5 for each service (the documented ECS metric set): 37 with one service.
    Enhanced: 212 a task, counted on one public deployment of one task (2026).
    """
    if plan.insights_series is not None:
        return plan.insights_series
    if plan.insights == "enhanced":
        return 212 * max(int(sum(part.count for part in plan.parts)), 1)
    return 12 + 25 * plan.services


def secrets(plan: Plan) -> Quantities:
    """Secrets Manager secrets; the AWS managed key that encrypts them is free."""
    if plan.secrets != 0:
        amount = None if plan.secrets is None else Decimal(plan.secrets)
        yield Quantity("Secrets", "secret_month", amount, "secret-months", "secrets")


def images(plan: Plan) -> Quantities:
    """Images kept in ECR; the public image of ghcr.io costs nothing."""
    if plan.image_gb:
        yield Quantity("ECR images", "ecr_gb_month", plan.image_gb, "GB-months", "ecr")


def file_system(plan: Plan) -> Quantities:
    """EFS, Standard storage."""
    if plan.efs_gb != 0:
        yield Quantity("EFS Standard", "efs_standard_gb_month", plan.efs_gb, "GB-months", "efs")


def database(plan: Plan) -> Quantities:
    """An RDS PostgreSQL instance and its gp3 storage."""
    if plan.database is None:
        return
    kind = "multi_az" if plan.database.multi_az else "single_az"
    name = plan.database.instance_class
    yield Quantity(
        f"RDS PostgreSQL {name}{', Multi-AZ' if plan.database.multi_az else ''}",
        f"rds_postgres_{kind}_hour.{name}",
        HOURS,
        "instance-hours",
        "rds",
    )
    key = "rds_gp3_multi_az_gb_month" if plan.database.multi_az else "rds_gp3_gb_month"
    yield Quantity("RDS storage gp3", key, plan.database.storage_gb, "GB-months", "rds-storage")


def bucket(plan: Plan) -> Quantities:
    """S3 snapshots, Standard storage."""
    if plan.s3_gb != 0:
        yield Quantity("S3 Standard", "s3_standard_gb_month", plan.s3_gb, "GB-months", "s3")


def alarms(plan: Plan) -> Quantities:
    """CloudWatch alarms of standard resolution, one metric each."""
    if plan.alarms != 0:
        amount = None if plan.alarms is None else Decimal(plan.alarms)
        yield Quantity("CloudWatch alarms", "alarm_month", amount, "alarm-months", "alarms")


def private_zones(plan: Plan) -> Quantities:
    """The Route 53 zone by which runners find their coordinator."""
    if plan.private_zones:
        amount = Decimal(plan.private_zones)
        item = "Route 53 private zone"
        yield Quantity(item, "route53_hosted_zone_month", amount, "zone-months", "private-zone")


def data_out(plan: Plan) -> Quantities:
    """Answers that leave for the internet: half of what passes a public load balancer."""
    amount = _outside(plan)
    if amount != 0 and plan.load_balancers and plan.load_balancer_addresses:
        yield Quantity("Data out to the internet", "data_out_gb", amount, "GB", "data-out")


def data_between_zones(plan: Plan) -> Quantities:
    """With cross-zone on, a node in each zone and one task, the share of the other zones crosses.

    Each GB that crosses is billed on leaving one zone and again on entering the other.
    """
    zones = plan.load_balancer_addresses or LOAD_BALANCER_ZONES
    if not plan.cross_zone or not plan.load_balancers or zones < 2:
        return
    if plan.traffic is None:
        amount = None
    else:
        amount = 2 * plan.traffic.gb_per_hour * HOURS * (zones - 1) / zones
    if amount != 0:
        yield Quantity("Data between zones", "data_cross_az_gb", amount, "GB", "data-between-zones")


def own_reads(plan: Plan) -> Quantities:
    """What looking costs: metrics that ash-ops reads, and requests to Cost Explorer."""
    if plan.metrics_read:
        amount, item = plan.metrics_read, "ash-ops: metric reads"
        yield Quantity(item, "get_metric_data_metric", amount, "metrics", "metric-reads")
    if plan.cost_explorer_requests:
        amount, item = Decimal(plan.cost_explorer_requests), "ash-ops: Cost Explorer"
        yield Quantity(item, "cost_explorer_request", amount, "requests", "cost-explorer")


def unread(plan: Plan) -> Quantities:
    """What may be there and could not be read: unknown, which is not nothing."""
    for item in plan.unread:
        subject = item.lower().replace(" ", "-")
        yield Quantity(item, "", None, "", subject)


LINES: tuple[Callable[[Plan], Quantities], ...] = (
    fargate_cpu,
    fargate_memory,
    fargate_storage,
    machines,
    volumes,
    load_balancer,
    capacity_units,
    addresses,
    nat_gateways,
    endpoints,
    log_ingestion,
    log_storage,
    container_insights,
    secrets,
    images,
    file_system,
    database,
    bucket,
    alarms,
    private_zones,
    data_out,
    data_between_zones,
    own_reads,
    unread,
)


def quantities(plan: Plan) -> tuple[Quantity, ...]:
    """Everything a plan is billed for, in the order of the bill."""
    return tuple(quantity for line in LINES for quantity in line(plan))


def _outside(plan: Plan) -> Decimal | None:
    """GB a month that leave through the load balancer; the same again is taken to arrive."""
    return None if plan.traffic is None else plan.traffic.gb_per_hour * HOURS * HALF


def _family(tasks: Tasks) -> str:
    return f"fargate{'_spot' if tasks.spot else ''}{'_arm' if tasks.arch == ARM else ''}"


def _named(plan: Plan, tasks: Tasks, part: str) -> str:
    """The item of a task's part; whose task it is only matters where there are several kinds."""
    kind = f"{' Spot' if tasks.spot else ''}{' ARM' if tasks.arch == ARM else ''}"
    role = f", {tasks.role}" if plan.services > 1 else ""
    return f"Fargate{kind} {part}{role}"


def _plain(value: Decimal) -> str:
    """A number without a tail of zeros: 2, 0.5, 0.25."""
    return f"{value.normalize():f}"
