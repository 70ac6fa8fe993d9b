"""What was read of a deployment becomes a plan that can be priced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ash_ops.cost import capacity
from ash_ops.cost.plan import (
    ARM,
    INCLUDED_STORAGE_GB,
    MOUNTED_GB,
    X86,
    Database,
    Machines,
    Plan,
    Tasks,
    Traffic,
    default_plan,
)
from ash_ops.facts.usage import Flows, Instance, ServiceUse, Usage
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE

_PLACES = Decimal("1e-6")
_REPRESENTATIVE_HOURS = 24

# Readings that, when they fail, leave nothing to price by: each becomes a line of its own.
_WITHOUT_SUBSTITUTE = (
    "load balancers",
    "Container Insights",
    "EC2 instances",
    "EBS volumes",
    "NAT gateways",
    "interface endpoints",
    "ECR images",
    "RDS",
)


def plan_of(reading: Usage) -> Plan:
    """The plan of a deployment as it is; what could not be read is unknown, never nothing."""
    balancers = reading.balancers or ()
    fargate = tuple(
        _tasks(service, reading) for service in reading.services if _on_fargate(service)
    )
    machines = tuple(_machines(reading))
    return Plan(
        region=reading.region,
        mode=MULTI_MACHINE if len(reading.services) > 1 else STANDALONE,
        deployed=True,
        tasks=tuple(tasks for tasks in fargate if tasks.count),
        machines=machines,
        other_disks_gb=reading.other_disks_gb or 0,
        load_balancers=len(balancers),
        load_balancer_addresses=_balancer_addresses(reading),
        traffic=_traffic(reading),
        private=all(service.private for service in reading.services),
        nat_gateways=reading.own_nat_gateways or 0,
        endpoint_zones=reading.own_endpoint_zones or 0,
        addresses=_addresses(reading),
        cross_zone=any(balancer.cross_zone for balancer in balancers),
        insights=reading.insights or "disabled",
        insights_series=reading.series or None,
        log_gb=_log_gb(reading),
        log_stored_gb=_rounded(reading.logs.stored_gb)
        if reading.logs and not _young(reading)
        else None,
        log_retention_days=reading.logs.retention_days
        if reading.logs
        else default_plan().log_retention_days,
        secrets=len(set(_secrets(reading))),
        image_gb=(reading.image_gb or Decimal(0)).quantize(_PLACES),
        efs_gb=_efs_gb(reading),
        file_systems=reading.file_systems,
        efs_read_gb=_moved(reading, 0),
        efs_written_gb=_moved(reading, 1),
        private_zones=int(len(reading.services) > 1),
        database=_database(reading),
        s3_gb=_rounded(reading.s3_gb),
        alarms=reading.alarms,
        unread=tuple(sorted({gap.item for gap in reading.gaps if gap.item in _WITHOUT_SUBSTITUTE})),
        unknown=tuple((gap.item, gap.reason) for gap in reading.gaps),
        remarks=tuple(_remarks(reading)),
    )


def _young(reading: Usage) -> bool:
    """Whether the deployment has run for too short a time to tell what a month brings."""
    return reading.window.hours < _REPRESENTATIVE_HOURS


def _log_gb(reading: Usage) -> Decimal | None:
    if reading.logs is None:
        return None
    return Plan().log_gb if _young(reading) else reading.logs.written_gb.quantize(_PLACES)


def _on_fargate(service: ServiceUse) -> bool:
    return service.launch_type == "fargate"


def _role(service: ServiceUse, reading: Usage) -> str:
    if service.name.endswith("-runners"):
        return "runner"
    return "coordinator" if len(reading.services) > 1 else "server"


def _tasks(service: ServiceUse, reading: Usage) -> Tasks:
    definition = service.definition
    platform, disk = definition.runtime_platform, definition.ephemeral_storage
    return Tasks(
        role=_role(service, reading),
        count=Decimal(service.desired),
        cpu=int(definition.cpu or 0),
        memory=int(definition.memory or 0),
        arch=ARM if platform and platform.cpu_architecture == "ARM64" else X86,
        spot=service.spot,
        storage_gb=(disk.size_in_gi_b if disk else None) or INCLUDED_STORAGE_GB,
    )


def _machines(reading: Usage) -> Iterator[Machines]:
    """Instances of one kind become one group."""
    role = "runner" if len(reading.services) > 1 else "server"
    kinds: Counter[tuple[str, bool, bool, int]] = Counter(
        (found.instance_type, found.spot, found.managed, found.volume_gb or 0)
        for found in reading.instances or ()
    )
    for number, ((name, spot, managed, volume_gb), count) in enumerate(sorted(kinds.items())):
        yield Machines(
            role=role if number == 0 else f"{role} {number + 1}",
            count=Decimal(count),
            instance_type=name,
            volume_gb=volume_gb,
            spot=spot,
            managed=managed,
            public=any(found.public for found in reading.instances or ()),
        )


def _balancer_addresses(reading: Usage) -> int:
    """Public addresses a load balancer: counted, or one a zone where counting found none."""
    balancers = reading.balancers or ()
    public = [balancer for balancer in balancers if not balancer.internal]
    if not public:
        return 0
    return (reading.balancer_addresses or 0) // len(public) or public[0].zones


def _addresses(reading: Usage) -> tuple[tuple[str, int], ...]:
    public: list[Instance] = [found for found in reading.instances or () if found.public]
    tasks = sum(
        service.desired
        for service in reading.services
        if _on_fargate(service) and service.public_ip
    )
    return (
        ("load balancer", len(reading.balancers or ()) * _balancer_addresses(reading)),
        ("tasks", tasks),
        ("instances", len(public)),
        ("NAT gateways", reading.own_nat_gateways or 0),
    )


def _traffic(reading: Usage) -> Traffic | None:
    if reading.flows is None:
        return None
    tls = any(balancer.tls for balancer in reading.balancers or ())
    if _young(reading):
        return Traffic(tls=tls)
    hours = max(reading.window.hours, Decimal(1))
    return Traffic(
        gb_per_hour=_mean(reading.flows.gigabytes, hours),
        new_per_second=_mean(reading.flows.opened, hours * 3600),
        active=_mean(reading.flows.active, hours),
        tls=tls,
        measured_units=_units(reading.flows, hours, tls=tls),
    )


def _mean(values: dict[Any, Decimal], parts: Decimal) -> Decimal:
    return (sum(values.values(), Decimal(0)) / parts).quantize(_PLACES)


def _units(flows: Flows, hours: Decimal, *, tls: bool) -> Decimal:
    """Capacity units: every hour has its own largest dimension; an hour without data has none."""
    total = Decimal(0)
    for hour in flows.gigabytes.keys() | flows.opened.keys() | flows.active.keys():
        one = Traffic(
            gb_per_hour=flows.gigabytes.get(hour, Decimal(0)),
            new_per_second=flows.opened.get(hour, Decimal(0)) / 3600,
            active=flows.active.get(hour, Decimal(0)),
            tls=tls,
        )
        total += capacity.units(one)
    return (total / hours).quantize(_PLACES)


def _secrets(reading: Usage) -> Iterator[str]:
    """The secrets that containers are given; an ARN may go on with a JSON key and a version."""
    for service in reading.services:
        for container in service.definition.container_definitions:
            for secret in container.secrets:
                if ":secretsmanager:" in secret.value_from:
                    yield ":".join(secret.value_from.split(":")[:7])


def _database(reading: Usage) -> Database | None:
    if not reading.databases:
        return None
    first = reading.databases[0]
    return Database(
        instance_class=first.instance_class,
        multi_az=first.multi_az,
        storage_gb=Decimal(first.storage_gb),
    )


def _efs_gb(reading: Usage) -> Decimal | None:
    """GB kept on EFS. A file system of today is as empty as its logs: what it comes to hold is assumed."""
    if reading.efs_gb is not None and reading.file_systems and _young(reading):
        return max(reading.efs_gb, Decimal(MOUNTED_GB * reading.file_systems))
    return _rounded(reading.efs_gb)


def _moved(reading: Usage, which: int) -> Decimal | None:
    """GB a month read from EFS or written to it; ``None``, which is then assumed, where unmeasured."""
    if reading.efs_flows is None or _young(reading):
        return None
    return reading.efs_flows[which].quantize(_PLACES)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PLACES)


def _remarks(reading: Usage) -> Iterator[str]:
    if _young(reading):
        on_efs = f", and {MOUNTED_GB} GB on EFS at least" if reading.file_systems else ""
        yield f"Deployed less than a day ago: its logs and traffic are assumed, not measured{on_efs}."
    else:
        days = reading.window.hours / 24
        yield f"Logs and traffic go on as in the last {days:.1f} days."
    yield "Tasks are counted as desired, whether they run or not."
    if reading.insights is not None and reading.insights != "disabled" and reading.series:
        yield f"Container Insights: {reading.series} metrics were active in the last 3 hours."
    if reading.shared_nat_gateways:
        yield (
            f"{reading.shared_nat_gateways} NAT gateway(s) of the VPC serve others too: not counted, "
            "because they do not carry this deployment's tag."
        )
    stopped = [service.name for service in reading.services if not service.desired]
    if stopped:
        yield f"Scaled to 0, so without tasks: {', '.join(stopped)}."
