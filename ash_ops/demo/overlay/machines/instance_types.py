"""EC2: what an instance type has, by its name, as ``ash-ops cost`` knows the usual ones.

Stock ministack gives every type four GB and x86, and knows nothing of where one is offered.
"""

from __future__ import annotations

from typing import Any

from ministack.services import ec2

from ash_ops.cost.plan import ARM
from ash_ops.cost.sizing import Machine, machine
from ash_ops.demo.overlay import state

Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Replace what EC2 answers about types of instances."""
    ec2._ACTION_MAP |= {
        "DescribeInstanceTypes": _describe,
        "DescribeInstanceTypeOfferings": _describe_offerings,
    }


def _describe(request: Any) -> Answer:
    names = ec2._parse_member_list(request, "InstanceType")
    found = {name: machine(name) for name in names}
    unknown = [name for name, known in found.items() if known is None]
    if unknown:
        text = f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
        refused: Answer = ec2._error("InvalidInstanceType", text, 400)
        return refused
    items = "".join(_item(known) for known in found.values() if known)
    return _answer("DescribeInstanceTypes", f"<instanceTypeSet>{items}</instanceTypeSet>")


def _item(known: Machine) -> str:
    arch = "arm64" if known.arch == ARM else "x86_64"
    return (
        f"<item><instanceType>{known.name}</instanceType>"
        f"<processorInfo><supportedArchitectures><item>{arch}</item></supportedArchitectures>"
        f"</processorInfo><vCpuInfo><defaultVCpus>{known.cpus}</defaultVCpus></vCpuInfo>"
        f"<memoryInfo><sizeInMiB>{known.memory_mb}</sizeInMiB></memoryInfo>"
        "<networkInfo><maximumNetworkInterfaces>3</maximumNetworkInterfaces></networkInfo></item>"
    )


def _describe_offerings(request: Any) -> Answer:
    """Every zone of the emulated account offers every type."""
    (name, *_) = ec2._parse_member_list(request, "Filter.1.Value") or [""]
    zones = sorted({subnet["AvailabilityZone"] for subnet in state.subnets().values()})
    items = "".join(
        f"<item><instanceType>{name}</instanceType><locationType>availability-zone</locationType>"
        f"<location>{zone}</location></item>"
        for zone in zones
    )
    return _answer(
        "DescribeInstanceTypeOfferings",
        f"<instanceTypeOfferingSet>{items}</instanceTypeOfferingSet>",
    )


def _answer(operation: str, body: str) -> Answer:
    answer: Answer = ec2._xml(200, f"{operation}Response", body)
    return answer
