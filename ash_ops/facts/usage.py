"""What is read of a deployment for its price: plain facts, ``None`` where one could not be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from ash_ops.facts.task_definitions import TaskDefinition


class Window(Struct, frozen=True):
    """The time that is looked at."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> Decimal:
        """How long it is."""
        return Decimal((self.end - self.start) / timedelta(hours=1))


class Unread(Struct, frozen=True):
    """A reading that failed.

    Attributes:
        item: what could not be read.
        reason: why, with the IAM action where it was denied.
    """

    item: str
    reason: str


class ServiceUse(Struct, frozen=True):
    """One ECS service and the task definition it runs."""

    name: str
    desired: int
    launch_type: str
    spot: bool
    public_ip: bool
    created: datetime
    definition: TaskDefinition
    subnets: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether its tasks have network interfaces of their own and no public address."""
        return bool(self.subnets) and not self.public_ip


class Instance(Struct, frozen=True):
    """One EC2 instance of the cluster.

    Attributes:
        managed: whether ECS operates it (EC2's ``Operator.Managed``), for a fee.
    """

    instance_type: str
    spot: bool
    volume_gb: int | None
    public: bool
    arch: str
    managed: bool = False


class Balancer(Struct, frozen=True):
    """One Network Load Balancer."""

    arn: str
    name: str
    vpc: str
    internal: bool
    zones: int
    tls: bool
    cross_zone: bool


class Flows(Struct, frozen=True):
    """What passed a load balancer, by hour: GB, new connections, mean of open connections."""

    gigabytes: dict[datetime, Decimal]
    opened: dict[datetime, Decimal]
    active: dict[datetime, Decimal]


class LogUse(Struct, frozen=True):
    """The deployment's log groups taken together.

    Attributes:
        retention_days: the longest retention; ``None`` if one group keeps its logs for ever.
    """

    written_gb: Decimal
    stored_gb: Decimal
    retention_days: int | None


class DatabaseUse(Struct, frozen=True):
    """One RDS instance."""

    instance_class: str
    multi_az: bool
    storage_gb: int
    engine: str


class Usage(Struct, frozen=True, kw_only=True):
    """Everything that was read; ``None`` where a part could not be.

    Attributes:
        file_systems: how many EFS file systems are mounted.
        efs_flows: GB a month read from the file systems, and written to them.
    """

    region: str
    prefix: str
    window: Window
    services: tuple[ServiceUse, ...]
    insights: str | None
    series: int | None
    instances: tuple[Instance, ...] | None
    other_disks_gb: int | None
    balancers: tuple[Balancer, ...] | None
    flows: Flows | None
    balancer_addresses: int | None
    own_nat_gateways: int | None
    shared_nat_gateways: int | None
    own_endpoint_zones: int | None
    logs: LogUse | None
    image_gb: Decimal | None
    file_systems: int
    efs_gb: Decimal | None
    efs_flows: tuple[Decimal, Decimal] | None
    databases: tuple[DatabaseUse, ...] | None
    s3_gb: Decimal | None
    alarms: int | None
    gaps: tuple[Unread, ...]
