"""Whether EC2 has an instance that holds the task: asked before anything is made.

An instance type that is not there, has another processor or is too small lets no task die: ECS says
"unable to place a task" for ever, and CloudFormation waits for hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import subnets_named
from ash_ops.aws.machines.instance_types import instance_type, vcpu_quota, zones_of_type
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request
from ash_ops.facts.deploying.deployments import Outcome, Verdict
from ash_ops.facts.instance_types import InstanceType
from ash_ops.sizes.instance_types import for_processor, quota_code
from ash_ops.template_parameters import MULTI_MACHINE

# The kernel and the agent of ECS keep a part of the memory (ECS developer guide, "Reserving Amazon ECS
# Linux container instance memory"). How much it is differs: a fiftieth at least and a sixteenth as a
# rule are assumptions, the second that of ``ash-ops cost --for``.
_NEVER_FREE = 50
_USUALLY_KEPT = 16


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be placed on one instance.

    Attributes:
        cpu: CPU units; 0 where the task asks for none.
        option: the option that sets the memory.
    """

    what: str
    cpu: int
    memory: int
    option: str


def check_instance(aws: Aws, request: Request, placement: Placement) -> Outcome:
    """Whether the instance type is there, fits the task, and is offered in the zones it is for."""
    name, region = request.effective("InstanceType"), aws.region
    found = instance_type(aws, name)
    if found is None:
        return _refused(
            f"EC2 has no instance type {name} in {region}.",
            "Correct --instance-type: `aws ec2 describe-instance-type-offerings` lists those there are.",
        )
    problem = next(_misfits(request, found), None)
    if problem is not None:
        return _refused(*problem)
    zones = _zones(aws, request, placement)
    elsewhere = sorted(zones - zones_of_type(aws, name)) if zones else []
    if elsewhere:
        return _in_zones(name, sorted(zones), elsewhere)
    return _fit(request, found)


def check_instance_quota(aws: Aws, request: Request) -> Outcome:
    """Whether the account may run so many virtual processors of the type's family."""
    name = request.effective("InstanceType")
    code, found = quota_code(name), instance_type(aws, name)
    quota = vcpu_quota(aws, code) if code else None
    if quota is None or code is None or found is None or found.vcpus is None:
        text = f"AWS did not say how many vCPU of the family of {name} the account may run"
        return Outcome(check="instance-quota", verdict=Verdict.UNKNOWN, text=text)
    wanted = found.vcpus * _count(request)
    if quota < wanted:
        return Outcome(
            check="instance-quota",
            verdict=Verdict.REFUSED,
            text=f"the account may run {quota:g} vCPU of the family of {name}, {wanted} are wanted.",
            fix="Ask for more: `aws service-quotas request-service-quota-increase --service-code ec2 "
            f"--quota-code {code} --desired-value {max(32, 2 * wanted)}`.",
        )
    text = f"{quota:g} vCPU of the family of {name} allowed, {wanted} wanted"
    return Outcome(check="instance-quota", verdict=Verdict.PASSED, text=text)


def _count(request: Request) -> int:
    return int(request.effective("RunnerCount")) if request.mode == MULTI_MACHINE else 1


def _wanted(request: Request) -> _Wanted:
    if request.mode == MULTI_MACHINE:
        return _Wanted("a runner", 0, int(request.effective("RunnerMemory")), "--runner-memory")
    cpu, memory = int(request.effective("Cpu")), int(request.effective("Memory"))
    return _Wanted("the task", cpu, memory, "--memory")


def _misfits(request: Request, found: InstanceType) -> Iterator[tuple[str, str]]:
    """Why no task can ever be placed on it, and what to do."""
    name, wanted = found.instance_type, _wanted(request)
    architecture = request.effective("Architecture")
    if found.architectures and architecture.lower() not in found.architectures:
        other = for_processor(name, architecture)
        yield (
            f"{name} has {' and '.join(found.architectures)} processors, {wanted.what} is for {architecture}.",
            f"Use --instance-type {other}, or another --architecture.",
        )
    if found.vcpus is not None and wanted.cpu > found.vcpus * 1024:
        yield (
            f"{name} has {found.vcpus} vCPU, {wanted.what} wants {wanted.cpu / 1024:g}.",
            f"Lower --cpu to {found.vcpus * 1024} or less, or use a larger --instance-type.",
        )
    if found.memory_mb is not None and wanted.memory > _most(found.memory_mb):
        yield (
            f"{name} has {found.memory_mb} MB, and the system keeps a part; {wanted.what} wants {wanted.memory}.",
            f"Lower {wanted.option} to {_usual(found.memory_mb)} or less, or use a larger --instance-type.",
        )
    if found.interfaces is not None and found.interfaces < 2 and not request.is_ec2:
        yield (
            f"{name} takes one network interface, and {wanted.what} needs one beside the instance's.",
            "Use a larger --instance-type.",
        )


def _most(memory_mb: int) -> int:
    return memory_mb - memory_mb // _NEVER_FREE


def _usual(memory_mb: int) -> int:
    """What is left as a rule, in whole hundreds."""
    return (memory_mb - memory_mb // _USUALLY_KEPT) // 100 * 100


def _zones(aws: Aws, request: Request, placement: Placement) -> frozenset[str]:
    """The zones in which an instance may be started."""
    if request.mode == MULTI_MACHINE:
        ids = request.effective("RunnerSubnetIds").split(",")
        return frozenset(subnet.zone for subnet in subnets_named(aws, ids))
    disk = request.effective("DataZone") if request.is_ec2 else ""
    return frozenset({disk} if disk else (subnet.zone for subnet in placement.task_subnets))


def _in_zones(name: str, zones: list[str], elsewhere: list[str]) -> Outcome:
    if elsewhere == zones:
        return _refused(
            f"there is no {name} in {' and '.join(zones)}.",
            "Use another --instance-type, or subnets in other zones.",
        )
    text = (
        f"there is no {name} in {' and '.join(elsewhere)}: instances start in the other zone alone"
    )
    return Outcome(check="instance", verdict=Verdict.WARNING, text=text)


def _fit(request: Request, found: InstanceType) -> Outcome:
    wanted, name = _wanted(request), found.instance_type
    if found.memory_mb is not None and wanted.memory > _usual(found.memory_mb):
        return Outcome(
            check="instance",
            verdict=Verdict.WARNING,
            text=f"{wanted.what} wants {wanted.memory} of the {found.memory_mb} MB of {name}, and the "
            "system usually keeps more than is left: ECS may never place it",
            fix=f"Lower {wanted.option} to {_usual(found.memory_mb)}, or use a larger --instance-type.",
        )
    return Outcome(check="instance", verdict=Verdict.PASSED, text=f"{wanted.what} fits {name}")


def _refused(text: str, fix: str) -> Outcome:
    return Outcome(check="instance", verdict=Verdict.REFUSED, text=text, fix=fix)
