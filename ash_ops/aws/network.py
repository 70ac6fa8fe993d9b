"""The network a deployment is put into: VPCs, subnets, and where their routes lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetFacts:
    """A subnet.

    Attributes:
        free: how many addresses are left; ``None`` when AWS did not say.
    """

    id: str
    vpc: str
    zone: str
    free: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Where the default routes of one VPC lead.

    Attributes:
        main: the target of the main table's default route; ``None`` when it has none.
        by_subnet: the same for subnets with a table of their own.
    """

    main: str | None
    by_subnet: Mapping[str, str | None]

    def default_of(self, subnet: str) -> str | None:
        """The target of a subnet's default route, for instance ``igw-1``; ``None`` without one."""
        return self.by_subnet.get(subnet, self.main)


def default_vpc(aws: Aws) -> str | None:
    """The region's default VPC, if there is one.

    Raises:
        ReadFailed: the question could not be answered.
    """
    filters = [{"Name": "is-default", "Values": ["true"]}]
    found = call(aws, "ec2", "describe_vpcs", Filters=filters).get("Vpcs") or []
    return str(found[0]["VpcId"]) if found else None


def subnets_of(aws: Aws, vpc: str) -> tuple[SubnetFacts, ...]:
    """The subnets of a VPC.

    Raises:
        ReadFailed: they could not be read.
    """
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    return _subnets(pages(aws, "ec2", "describe_subnets", Filters=filters))


def subnets_named(aws: Aws, ids: Sequence[str]) -> tuple[SubnetFacts, ...]:
    """The subnets of these ids, in this order; those that do not exist are left out.

    Raises:
        ReadFailed: they could not be read.
    """
    # A filter, unlike SubnetIds, does not fail for all when one is not there.
    filters = [{"Name": "subnet-id", "Values": list(ids)}]
    found = {s.id: s for s in _subnets(pages(aws, "ec2", "describe_subnets", Filters=filters))}
    return tuple(found[id_] for id_ in ids if id_ in found)


def _subnets(answers: Iterable[Mapping[str, Any]]) -> tuple[SubnetFacts, ...]:
    return tuple(
        SubnetFacts(
            id=raw["SubnetId"],
            vpc=raw.get("VpcId", ""),
            zone=raw.get("AvailabilityZone", ""),
            free=raw.get("AvailableIpAddressCount"),
        )
        for page in answers
        for raw in page.get("Subnets") or ()
    )


def routes_of(aws: Aws, vpc: str) -> Routes:
    """The default routes of a VPC.

    Raises:
        ReadFailed: they could not be read.
    """
    main: str | None = None
    by_subnet: dict[str, str | None] = {}
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    for page in pages(aws, "ec2", "describe_route_tables", Filters=filters):
        for table in page.get("RouteTables") or ():
            target = _default_target(table.get("Routes") or ())
            for association in table.get("Associations") or ():
                if association.get("Main"):
                    main = target
                elif association.get("SubnetId"):
                    by_subnet[association["SubnetId"]] = target
    return Routes(main=main, by_subnet=by_subnet)


_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "VpcPeeringConnectionId",
)


def _default_target(routes: Iterable[Mapping[str, Any]]) -> str | None:
    for route in routes:
        if route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("State") != "blackhole":
            return next((str(route[key]) for key in _TARGETS if route.get(key)), None)
    return None
