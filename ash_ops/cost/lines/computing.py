"""What computes: Fargate tasks, EC2 instances and their disks."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost.lines.base import HOURS, Billed, Quantities, Quantity, plain
from ash_ops.cost.plan import ARM, INCLUDED_STORAGE_GB, Plan, Tasks


def fargate_cpu(plan: Plan) -> Quantities:
    """Processors of Fargate tasks, x86 or ARM, on demand or Spot."""
    for tasks in plan.tasks:
        vcpu = Decimal(tasks.cpu) / 1024
        item = f"{_named(plan, tasks, 'vCPU')}: {plain(tasks.count)} x {plain(vcpu)}"
        amount = vcpu * tasks.count * HOURS
        subject = f"fargate-cpu-{tasks.role}"
        yield Quantity(item, f"{_family(tasks)}_vcpu_hour", amount, "vCPU-hours", subject)


def fargate_memory(plan: Plan) -> Quantities:
    """Memory of Fargate tasks; 1024 MB are one GB."""
    for tasks in plan.tasks:
        memory = Decimal(tasks.memory) / 1024
        item = f"{_named(plan, tasks, 'memory')}: {plain(tasks.count)} x {plain(memory)} GB"
        amount = memory * tasks.count * HOURS
        subject = f"fargate-memory-{tasks.role}"
        yield Quantity(item, f"{_family(tasks)}_gb_hour", amount, "GB-hours", subject)


def fargate_storage(plan: Plan) -> Quantities:
    """Ephemeral storage of Fargate tasks above the 20 GB that come with each."""
    for tasks in plan.tasks:
        extra = tasks.storage_gb - INCLUDED_STORAGE_GB
        if extra > 0:
            item = f"{_named(plan, tasks, 'storage')}: {plain(tasks.count)} x {extra} GB more"
            amount = extra * tasks.count * HOURS
            subject = f"fargate-storage-{tasks.role}"
            yield Quantity(item, "fargate_ephemeral_gb_hour", amount, "GB-hours", subject)


def machines(plan: Plan) -> Quantities:
    """EC2 instances."""
    for group in plan.machines:
        market = "ec2_spot_hour" if group.spot else "ec2_linux_hour"
        kind = f"{group.instance_type} Spot" if group.spot else group.instance_type
        item = f"EC2 {group.role}: {plain(group.count)} x {kind}"
        key, amount = f"{market}.{group.instance_type}", group.count * HOURS
        yield Quantity(item, key, amount, "instance-hours", f"ec2-{group.role}")


def managed_instances(plan: Plan) -> Quantities:
    """What ECS asks for keeping an instance, estimated as 12 % of EC2's price of it."""
    for group in plan.machines:
        if group.managed:
            item = (
                f"ECS Managed Instances, {group.role}: {plain(group.count)} x {group.instance_type}"
            )
            key, amount = f"ecs_managed_hour.{group.instance_type}", group.count * HOURS
            yield Quantity(item, key, amount, "instance-hours", f"ecs-managed-{group.role}")


def volumes(plan: Plan) -> Quantities:
    """The gp3 volumes of EC2 instances, and others that carry the deployment's tag."""
    for group in plan.machines:
        item = f"EBS gp3, {group.role}: {plain(group.count)} x {group.volume_gb} GB"
        amount = group.count * group.volume_gb
        if not amount:
            continue
        yield Quantity(item, "ebs_gp3_gb_month", amount, "GB-months", f"ebs-{group.role}")
    if plan.other_disks_gb:
        other = Decimal(plan.other_disks_gb)
        item = f"EBS gp3, other disks: {plan.other_disks_gb} GB"
        yield Quantity(item, "ebs_gp3_gb_month", other, "GB-months", "ebs-other")


def _family(tasks: Tasks) -> str:
    return f"fargate{'_spot' if tasks.spot else ''}{'_arm' if tasks.arch == ARM else ''}"


def _named(plan: Plan, tasks: Tasks, part: str) -> str:
    """The item of a task's part; whose task it is only matters where there are several kinds."""
    kind = f"{' Spot' if tasks.spot else ''}{' ARM' if tasks.arch == ARM else ''}"
    role = f", {tasks.role}" if plan.services > 1 else ""
    return f"Fargate{kind} {part}{role}"


_SIZES = "ecs:DescribeServices, ecs:DescribeTaskDefinition"
_FARGATE = ("architecture", "spot", "mode", "launch-type")
LINES = (
    Billed(
        fargate_cpu,
        (
            "fargate_vcpu_hour",
            "fargate_arm_vcpu_hour",
            "fargate_spot_vcpu_hour",
            "fargate_spot_arm_vcpu_hour",
        ),
        _SIZES,
        ("cpu", *_FARGATE),
    ),
    Billed(
        fargate_memory,
        (
            "fargate_gb_hour",
            "fargate_arm_gb_hour",
            "fargate_spot_gb_hour",
            "fargate_spot_arm_gb_hour",
        ),
        _SIZES,
        ("memory", *_FARGATE),
    ),
    Billed(
        fargate_storage,
        ("fargate_ephemeral_gb_hour",),
        _SIZES,
        ("ephemeral-storage",),
    ),
    Billed(
        machines,
        ("ec2_linux_hour.", "ec2_spot_hour."),
        (
            "ecs:ListContainerInstances, ec2:DescribeInstances, "
            "autoscaling:DescribeAutoScalingGroups, ec2:DescribeLaunchTemplateVersions"
        ),
        ("instance-type", "runners", "launch-type", "architecture", "spot"),
    ),
    Billed(
        managed_instances,
        ("ecs_managed_hour.",),
        "ec2:DescribeInstances",
        ("instance-type", "launch-type", "architecture"),
    ),
    Billed(volumes, ("ebs_gp3_gb_month",), "ec2:DescribeVolumes", ("volume", "runners")),
)
