"""The path from where the service puts its tasks to the internet."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change, quote
from ash_ops.checks.base import items, present
from ash_ops.checks.network.acl import acl_blockers
from ash_ops.checks.network.blocker import Blocker
from ash_ops.checks.network.groups import egress_blockers
from ash_ops.checks.network.routes import route_blockers
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

__all__ = ["Blocker", "Placement", "internet_blockers", "placement"]

_Step = Callable[[], list[Blocker]]


class Placement(Struct, frozen=True):
    """Where the service puts its tasks.

    Attributes:
        subnets: their ids.
        security_groups: the ids of the groups the tasks get.
        public_ip: whether they get a public address; ``None`` if ECS did not say.
    """

    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]
    public_ip: bool | None


def placement(snapshot: Snapshot) -> Placement:
    """Where the service puts its tasks.

    Raises:
        CannotTell: the service has no awsvpc configuration.
    """
    service = present(snapshot.service)
    config = service.network_configuration and service.network_configuration.awsvpc_configuration
    if not config or not config.subnets:
        raise CannotTell("the service's network configuration names no subnets")
    public = {"ENABLED": True, "DISABLED": False}.get((config.assign_public_ip or "").upper())
    return Placement(config.subnets, config.security_groups, public)


def internet_blockers(snapshot: Snapshot) -> dict[str, list[Blocker]]:
    """What stops tasks from reaching the internet, by subnet.

    Raises:
        CannotTell: nothing is known to be in the way, but not everything could be looked at.
    """
    place = placement(snapshot)
    shared, unknown = _tried([lambda: egress_blockers(snapshot, place.security_groups)])
    known = {s.subnet_id: s for s in items(snapshot.subnets)}
    found: dict[str, list[Blocker]] = {}
    for subnet_id in place.subnets:
        subnet = known.get(subnet_id)
        if subnet is None:
            unknown.append(CannotTell(f"subnet {subnet_id} was not found"))
            continue
        own, unclear = _tried(_subnet_steps(snapshot, subnet, public_ip=place.public_ip))
        found[subnet_id] = [*own, *shared]
        unknown += unclear
    if unknown and not any(found.values()):
        raise unknown[0]
    return found


def _subnet_steps(snapshot: Snapshot, subnet: Subnet, *, public_ip: bool | None) -> list[_Step]:
    return [
        lambda: _dns_blockers(snapshot, subnet),
        lambda: route_blockers(snapshot, subnet, public_ip=public_ip),
        lambda: acl_blockers(snapshot, subnet, egress=True),
        lambda: acl_blockers(snapshot, subnet, egress=False),
    ]


def _tried(steps: list[_Step]) -> tuple[list[Blocker], list[CannotTell]]:
    """Every step's blockers; a step that cannot tell does not hide what another knows."""
    found: list[Blocker] = []
    unknown: list[CannotTell] = []
    for step in steps:
        try:
            found += step()
        except CannotTell as reason:
            unknown.append(reason)
    return found, unknown


def _dns_blockers(snapshot: Snapshot, subnet: Subnet) -> list[Blocker]:
    vpc = next((v for v in items(snapshot.vpcs) if v.vpc_id == subnet.vpc_id), None)
    if vpc is None or vpc.enable_dns_support is not False:
        return []
    return [
        Blocker(
            "dns-disabled",
            f"VPC {vpc.vpc_id} resolves no names: its DNS support is switched off.",
            (quote(snapshot.vpcs, f"Vpcs[{vpc.vpc_id}].EnableDnsSupport", "false"),),
            (
                change(
                    snapshot,
                    "Switch DNS support on.",
                    op.MODIFY_VPC_ATTRIBUTE,
                    VpcId=vpc.vpc_id,
                    EnableDnsSupport={"Value": True},
                ),
            ),
        )
    ]
