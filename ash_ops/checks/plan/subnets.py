"""Do the subnets suit: two zones, one VPC, and addresses left?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, items
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.sizes.zones import lacks_fargate

_LEAST_ADDRESSES = 2  # the load balancer's and a task's
_FEW_ADDRESSES = 8


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """Two zones for each of them, one VPC, and addresses left in every subnet."""
    known = {subnet.subnet_id: subnet for subnet in items(planned.snapshot.subnets)}
    found: list[Finding] = []
    for role, ids in (
        ("load balancer", planned.balancer_subnets),
        ("task", planned.task_subnets),
    ):
        subnets = [known[id_] for id_ in ids if id_ in known]
        found += [*_zones(planned, role, subnets), *_vpcs(planned, subnets)]
    found += _without_fargate(planned, [known[i] for i in planned.task_subnets if i in known])
    yield from {item.id: item for item in reversed(found)}.values()  # what both have, once
    if not found:
        yield from _addresses(planned, list(known.values()))


def _zones(planned: PlannedDeployment, role: str, subnets: Sequence[Subnet]) -> Iterator[Finding]:
    if len({subnet.zone for subnet in subnets}) >= 2:
        return
    ids = ", ".join(subnet.subnet_id for subnet in subnets)
    yield finding(
        "cfn-subnets-same-az",
        "plan",
        f"The {role}'s subnets {ids} are in one zone; two zones are wanted.",
        [
            quote(planned.snapshot.subnets, f"Subnets[{s.subnet_id}].AvailabilityZone", s.zone)
            for s in subnets
        ],
        [Fix(why="Name subnets in two zones with --subnets.")],
    )


def _without_fargate(planned: PlannedDeployment, subnets: Sequence[Subnet]) -> Iterator[Finding]:
    """By the zone's id: its letter is another zone in every account."""
    shut = next((s for s in subnets if lacks_fargate(s.availability_zone_id)), None)
    if shut is None or not planned.is_on_fargate:
        return
    field = f"Subnets[{shut.subnet_id}].AvailabilityZoneId"
    yield finding(
        "az-unsupported",
        "plan",
        f"{shut.subnet_id} is in {shut.zone} ({shut.availability_zone_id}), which has no Fargate.",
        [quote(planned.snapshot.subnets, field, shut.availability_zone_id)],
        [Fix(why="Name subnets in other zones with --subnets or --task-subnets.")],
        severity="error",
    )


def _vpcs(planned: PlannedDeployment, subnets: Sequence[Subnet]) -> Iterator[Finding]:
    foreign = next((subnet for subnet in subnets if subnet.vpc_id != planned.vpc), None)
    if foreign is None:
        return
    field = f"Subnets[{foreign.subnet_id}].VpcId"
    yield finding(
        "cfn-sg-vpc-mismatch",
        "plan",
        f"{foreign.subnet_id} is in {foreign.vpc_id}, the others are in {planned.vpc}.",
        [quote(planned.snapshot.subnets, field, foreign.vpc_id)],
        [Fix(why="Name subnets of one VPC with --subnets.")],
    )


def _addresses(planned: PlannedDeployment, subnets: Sequence[Subnet]) -> Iterator[Finding]:
    """The subnet with fewest free addresses has enough: a rollout needs one more for each task."""
    counted = [s for s in subnets if s.available_ip_address_count is not None]
    if not counted:
        raise CannotTell("AWS did not say how many addresses are free")
    tightest = min(counted, key=lambda subnet: subnet.available_ip_address_count or 0)
    free = tightest.available_ip_address_count or 0
    if free >= _FEW_ADDRESSES:
        return
    enough = free >= _LEAST_ADDRESSES
    need = (
        "a rollout needs one more for each task"
        if enough
        else "the load balancer and a task need two"
    )
    field = f"Subnets[{tightest.subnet_id}].AvailableIpAddressCount"
    yield finding(
        "subnet-no-ips",
        "plan",
        f"{tightest.subnet_id} has {free} free addresses; {need}.",
        [quote(planned.snapshot.subnets, field, free)],
        [Fix(why="Name other subnets with --subnets, or free addresses in it.")],
        severity="warning" if enough else "error",
    )


CHECK = Check(
    id="subnets",
    title="The subnets are in two zones of one VPC and have free addresses",
    playbook="plan",
    run=run,
    causes=("cfn-subnets-same-az", "cfn-sg-vpc-mismatch", "az-unsupported", "subnet-no-ips"),
)
