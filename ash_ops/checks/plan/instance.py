"""Has EC2 an instance that holds the task, in the zones where one is to start?

An instance type that is not there, has another processor or is too small lets no task die: ECS says
"unable to place a task" for ever, and CloudFormation waits for hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, Severity, asked, items
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.instance_types import InstanceType
from ash_ops.sizes.instance_types import for_processor
from ash_ops.template_parameters import MULTI_MACHINE

# The kernel and the agent of ECS keep a part of the memory (ECS developer guide, "Reserving Amazon ECS
# Linux container instance memory"). How much it is differs: a fiftieth at least and a sixteenth as a
# rule are assumptions, the second that of ``ash-ops cost --for``.
_NEVER_FREE = 50
_USUALLY_KEPT = 16


@dataclass(frozen=True, slots=True)
class _Load:
    """What is to be placed on one instance.

    Attributes:
        cpu: CPU units; 0 where the task asks for none.
        memory: MiB.
        option: the option that sets the memory.
    """

    what: str
    cpu: int
    memory: int
    option: str


class _Misfit(NamedTuple):
    """Why a type does not suit: the sentence, the field that shows it with its value, and what to do."""

    why: str
    field: str
    value: object
    advice: str


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """The type is there, fits the task, and is offered in the zones it is for."""
    found = asked(planned.instance_type)
    if found is None:
        yield _unknown(planned)
        return
    misfit = next(_misfits(planned, found), None)
    if misfit is not None:
        yield _finding(planned, misfit)
        return
    zones = _zones(planned)
    offered = (asked(planned.instance_zones) or frozenset[str]()) if zones else zones
    if not zones <= offered:
        yield _in_zones(planned, sorted(zones), sorted(zones - offered))
    else:
        yield from _tight(planned, found)


def _finding(planned: PlannedDeployment, misfit: _Misfit, severity: Severity = "error") -> Finding:
    return finding(
        "instance-too-small",
        "plan",
        misfit.why,
        [quote(planned.instance_type, f"InstanceTypes[].{misfit.field}", misfit.value)],
        [Fix(why=misfit.advice)],
        severity=severity,
    )


def _unknown(planned: PlannedDeployment) -> Finding:
    name, region = planned.parameters["InstanceType"], planned.snapshot.deployment.region
    listed = aws_command(planned.snapshot, "ec2 describe-instance-type-offerings")
    return finding(
        "instance-too-small",
        "plan",
        f"EC2 has no instance type {name} in {region}.",
        [quote(planned.instance_type, f"InstanceTypes[{name}]", "none")],
        [Fix(why="Correct --instance-type; this lists those there are.", command=listed)],
        severity="error",
    )


def _load(planned: PlannedDeployment) -> _Load:
    wanted = planned.parameters
    if planned.mode == MULTI_MACHINE:
        return _Load("a runner", 0, int(wanted["RunnerMemory"]), "--runner-memory")
    return _Load("the task", int(wanted["Cpu"]), int(wanted["Memory"]), "--memory")


def _misfits(planned: PlannedDeployment, found: InstanceType) -> Iterator[_Misfit]:
    """Why no task can ever be placed on it."""
    name, load, architecture = (
        found.instance_type,
        _load(planned),
        planned.parameters["Architecture"],
    )
    if found.architectures and architecture.lower() not in found.architectures:
        has = " and ".join(found.architectures)
        yield _Misfit(
            f"{name} has {has} processors, {load.what} is for {architecture}.",
            "ProcessorInfo.SupportedArchitectures",
            has,
            f"Use --instance-type {for_processor(name, architecture)}, or another --architecture.",
        )
    if found.vcpus is not None and load.cpu > found.vcpus * 1024:
        yield _Misfit(
            f"{name} has {found.vcpus} vCPU, {load.what} wants {load.cpu / 1024:g}.",
            "VCpuInfo.DefaultVCpus",
            found.vcpus,
            f"Lower --cpu to {found.vcpus * 1024} or less, or use a larger --instance-type.",
        )
    if found.memory_mb is not None and load.memory > _most(found.memory_mb):
        yield _Misfit(
            f"{name} has {found.memory_mb} MB, and the system keeps a part; {load.what} wants {load.memory}.",
            "MemoryInfo.SizeInMiB",
            found.memory_mb,
            f"Lower {load.option} to {_usual(found.memory_mb)} or less, or use a larger --instance-type.",
        )
    if found.interfaces is not None and found.interfaces < 2 and not planned.is_on_ec2:
        yield _Misfit(
            f"{name} takes one network interface, and {load.what} needs one beside the instance's.",
            "NetworkInfo.MaximumNetworkInterfaces",
            found.interfaces,
            "Use a larger --instance-type.",
        )


def _most(memory_mb: int) -> int:
    return memory_mb - memory_mb // _NEVER_FREE


def _usual(memory_mb: int) -> int:
    """What is left as a rule, in whole hundreds."""
    return (memory_mb - memory_mb // _USUALLY_KEPT) // 100 * 100


def _zones(planned: PlannedDeployment) -> frozenset[str]:
    """The zones in which an instance may be started: that of the disk, if there is one already."""
    if planned.mode == MULTI_MACHINE:
        return frozenset(subnet.zone for subnet in asked(planned.runner_subnets) or ())
    disk = planned.parameters.get("DataZone") if planned.is_on_ec2 else ""
    tasks = (s for s in items(planned.snapshot.subnets) if s.subnet_id in planned.task_subnets)
    return frozenset({disk} if disk else (subnet.zone for subnet in tasks))


def _in_zones(planned: PlannedDeployment, zones: list[str], elsewhere: list[str]) -> Finding:
    name, lacking = planned.parameters["InstanceType"], " and ".join(elsewhere)
    nowhere = elsewhere == zones
    offered = ", ".join(sorted(asked(planned.instance_zones) or ())) or "none"
    return finding(
        "instance-too-small",
        "plan",
        f"There is no {name} in {lacking}{'' if nowhere else ': instances start in the other zone alone'}.",
        [quote(planned.instance_zones, "InstanceTypeOfferings[].Location", offered)],
        [Fix(why="Use another --instance-type, or subnets in other zones.")] if nowhere else [],
        severity="error" if nowhere else "warning",
    )


def _tight(planned: PlannedDeployment, found: InstanceType) -> Iterator[Finding]:
    """It fits, and the system usually takes so much that it does not."""
    load, name, whole = _load(planned), found.instance_type, found.memory_mb
    if whole is not None and load.memory > _usual(whole):
        tight = _Misfit(
            f"{load.what.capitalize()} wants {load.memory} of the {whole} MB of {name}, and the system usually keeps "
            "more than is left: ECS may never place it.",
            "MemoryInfo.SizeInMiB",
            whole,
            f"Lower {load.option} to {_usual(whole)}, or use a larger --instance-type.",
        )
        yield _finding(planned, tight, severity="warning")


CHECK = Check(
    id="instance",
    title="EC2 has an instance that holds the task",
    playbook="plan",
    run=run,
    causes=("instance-too-small",),
)
