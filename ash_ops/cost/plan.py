"""What is to be priced: the parts of one deployment, as planned or as found in AWS."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from ash_ops.settings import DEFAULT_REGION
from ash_ops.sizes.instance_types import for_processor
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE, default, default_number

FARGATE = "fargate"
EC2 = "ec2"
MANAGED = "managed"
X86 = "x86_64"
ARM = "arm64"

INCLUDED_STORAGE_GB = 20
"""Ephemeral storage that comes with every Fargate task at no charge."""

ROOT_DISK_GB = {STANDALONE: 30, MULTI_MACHINE: 50}
"""The instance's own disk; it is no parameter of the templates, and a test compares them."""
MANAGED_DISK_GB = 30
"""The disk of an instance that ECS keeps; likewise."""
DATABASE_GB = 20
"""Storage of the database; likewise."""
MOUNTED_GB = 5
"""What ``/data`` on EFS holds, where nobody said: a guess."""
LOAD_BALANCER_ZONES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """Fargate tasks of one kind that run all month.

    Attributes:
        cpu: CPU units a task; 1024 are one vCPU.
        memory: MB a task.
        storage_gb: ephemeral storage a task.
    """

    role: str = "server"
    count: Decimal = Decimal(1)
    cpu: int = default_number("Cpu")
    memory: int = default_number("Memory")
    arch: str = X86
    spot: bool = False
    storage_gb: int = INCLUDED_STORAGE_GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """EC2 instances of one kind that run all month, each with one gp3 volume.

    Attributes:
        public: whether each has a public address.
        managed: whether ECS starts, patches and replaces them, for a fee (ECS Managed Instances).
    """

    role: str = "runner"
    count: Decimal = Decimal(1)
    instance_type: str = default("InstanceType")
    volume_gb: int = ROOT_DISK_GB[MULTI_MACHINE]
    spot: bool = False
    public: bool = True
    managed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What passes the load balancer, averaged over an hour.

    Attributes:
        gb_per_hour: bytes in both directions.
        new_per_second: connections (with TLS: handshakes) opened a second.
        active: connections open at one time.
        tls: whether the load balancer ends TLS.
        measured_units: the capacity units CloudWatch reports; ``None`` where it was not asked.
    """

    gb_per_hour: Decimal = Decimal("0.01")
    new_per_second: Decimal = Decimal("0.01")
    active: Decimal = Decimal(10)
    tls: bool = False
    measured_units: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A PostgreSQL instance of RDS with gp3 storage."""

    instance_class: str = default("DatabaseClass", MULTI_MACHINE)
    multi_az: bool = False
    storage_gb: Decimal = Decimal(DATABASE_GB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is billed for one deployment. ``None`` is a quantity that is not known.

    Attributes:
        deployed: whether this was read from AWS; else it is planned.
        other_disks_gb: gp3 volumes beside those that are counted with the machines.
        load_balancers: Network Load Balancers.
        load_balancer_addresses: their public addresses, one a zone; 0 if internal.
        private: whether tasks run without public addresses of their own.
        nat_gateways: NAT gateways that exist for this deployment alone.
        endpoint_zones: interface endpoints times the zones each is in.
        addresses: public addresses by owner, where they were counted; ``None`` derives them.
        cross_zone: whether a load balancer's node may send to a target in another zone.
        insights_series: Container Insights metrics; ``None`` derives them from what runs.
        log_gb: log data a month, the event archive included.
        file_systems: EFS file systems that were found; each has its lines, however little it holds.
        efs_read_gb: data read from EFS a month; ``None`` takes it as once what is kept.
        efs_written_gb: data written to it; likewise.
        model_gb: what is sent to the model a month.
        log_stored_gb: log data kept; ``None`` derives it from ``log_gb`` and the retention.
        image_gb: images kept in ECR.
        metrics_read: metrics that ash-ops asks GetMetricData for in a month.
        cost_explorer_requests: pages that ``cost --actual`` reads in a month.
        unread: things that may be there and could not be read at all; each is an unknown line.
        unknown: what could not be read, each with the reason.
        remarks: what the reader should know about how the quantities were found.
    """

    region: str = DEFAULT_REGION
    mode: str = STANDALONE
    deployed: bool = False
    tasks: tuple[Tasks, ...] = ()
    machines: tuple[Machines, ...] = ()
    other_disks_gb: int = 0
    load_balancers: int = 1
    load_balancer_addresses: int = LOAD_BALANCER_ZONES
    traffic: Traffic | None = field(default_factory=Traffic)
    private: bool = False
    nat_gateways: int = 0
    endpoint_zones: int = 0
    addresses: tuple[tuple[str, int], ...] | None = None
    cross_zone: bool = True
    insights: str = default("ContainerInsights")
    insights_series: int | None = None
    log_gb: Decimal | None = Decimal("0.5")
    log_stored_gb: Decimal | None = None
    log_retention_days: int | None = default_number("LogRetentionDays")
    secrets: int | None = 1
    image_gb: Decimal = Decimal(0)
    file_systems: int = 0
    efs_gb: Decimal | None = Decimal(0)
    efs_read_gb: Decimal | None = None
    efs_written_gb: Decimal | None = None
    database: Database | None = None
    s3_gb: Decimal | None = Decimal(0)
    alarms: int | None = 0
    private_zones: int = 0
    model_gb: Decimal = Decimal(0)
    metrics_read: Decimal = Decimal(900)
    cost_explorer_requests: int = 2
    unread: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Tasks | Machines, ...]:
        """Everything that computes."""
        return (*self.tasks, *self.machines)

    @property
    def services(self) -> int:
        """The ECS services, which is also the task definition families.

        Machines of several kinds, ``runner`` and ``runner 2``, run one service.
        """
        return max(len({part.role.partition(" ")[0] for part in self.parts}), 1)


def default_plan(mode: str = STANDALONE, launch_type: str = "") -> Plan:
    """What the bundled template of a mode creates when nothing else is asked for.

    Args:
        mode: ``standalone``, or ``multi-machine``: a coordinator and runners beside it.
        launch_type: where the one server runs; empty for the template's default. Runners are always
            on EC2.
    """
    private = default("AssignPublicIp", mode) == "DISABLED"
    is_public = default("Scheme", mode) == "internet-facing"
    plan = Plan(
        mode=mode,
        private=private,
        nat_gateways=int(private),
        load_balancer_addresses=LOAD_BALANCER_ZONES if is_public else 0,
        insights=default("ContainerInsights", mode),
        log_retention_days=default_number("LogRetentionDays", mode),
    )
    return _several(plan) if mode == MULTI_MACHINE else _one(plan, launch_type)


def _one(plan: Plan, launch_type: str) -> Plan:
    """The server: one Fargate task, or one instance with a disk beside its own."""
    launch_type = launch_type or default("LaunchType").lower()
    if launch_type == MANAGED:
        return _managed(plan)
    efs = Decimal(MOUNTED_GB if default("UseEfs") == "true" else 0)
    plan = replace(plan, efs_gb=efs)
    if launch_type != EC2:
        return replace(plan, tasks=(_server_tasks("server", STANDALONE),))
    disks = ROOT_DISK_GB[STANDALONE] + default_number("DataVolumeSize")
    return replace(plan, machines=(replace(_instances("server", STANDALONE), volume_gb=disks),))


def _managed(plan: Plan) -> Plan:
    """The server on an instance that ECS keeps: in private subnets, with ``/data`` on EFS."""
    machines = replace(
        _instances("server", STANDALONE), volume_gb=MANAGED_DISK_GB, public=False, managed=True
    )
    return replace(
        plan, machines=(machines,), efs_gb=Decimal(MOUNTED_GB), private=True, nat_gateways=1
    )


def _several(plan: Plan) -> Plan:
    """Coordinator, runners, and what they share: a database, ``/data`` and a private DNS zone."""
    mode = MULTI_MACHINE
    count = Decimal(default_number("RunnerCount", mode))
    plan = replace(
        plan,
        tasks=(_server_tasks("coordinator", mode),),
        efs_gb=Decimal(MOUNTED_GB),
        database=Database(multi_az=default("DatabaseMultiAz", mode) == "true"),
        private_zones=1,
    )
    # A task with a network interface of its own gets no public address on EC2 (ECS developer
    # guide, "awsvpc network mode"), so runners are in private subnets, behind a NAT gateway.
    machines = replace(_instances("runner", mode), count=count, public=False)
    return replace(plan, machines=(machines,), nat_gateways=1)


def _server_tasks(role: str, mode: str) -> Tasks:
    arch = default("Architecture", mode).lower()
    return Tasks(
        role=role, cpu=default_number("Cpu", mode), memory=default_number("Memory", mode), arch=arch
    )


def _instances(role: str, mode: str) -> Machines:
    instance = for_processor(default("InstanceType", mode), default("Architecture", mode))
    return Machines(role=role, instance_type=instance, volume_gb=ROOT_DISK_GB[mode])
