"""Where a subnet's packets to the internet go."""

from __future__ import annotations

import json
import shlex

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.checks._findings import aws_command, change, quote
from ash_ops.checks._past_the_stack import moved
from ash_ops.checks.base import Fix, items
from ash_ops.checks.network.blocker import Blocker
from ash_ops.checks.network.whole import require_destinations, require_names, require_silence
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    Route,
    RouteTable,
    Subnet,
    nat_trouble,
    table_of,
)
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import AwsVpcConfiguration
from ash_ops.facts.snapshot import Snapshot


def route_blockers(snapshot: Snapshot, subnet: Subnet, *, public_ip: bool | None) -> list[Blocker]:
    """What stops packets from a subnet to the internet on their route.

    Args:
        snapshot: the facts.
        subnet: where the packets start.
        public_ip: whether the sender has a public address; ``None`` if that is not known.

    Raises:
        CannotTell: the route leads somewhere that cannot be looked into.
    """
    table = route_table_of(snapshot, subnet)
    route = table.default_route
    if route is None:
        require_destinations(table)
        return [_no_route(snapshot, subnet, table)]
    if route.state == "blackhole":
        return [_blackhole(snapshot, subnet, table, route)]
    if route.gateway_id and route.gateway_id.startswith("igw-"):
        return _through_internet_gateway(snapshot, subnet, table, route, public_ip=public_ip)
    if route.nat_gateway_id:
        return _through_nat(snapshot, subnet, table, route.nat_gateway_id)
    raise CannotTell(
        f"the default route of {table.route_table_id} leads to {route.target}, "
        "whose far side cannot be read from here"
    )


def route_table_of(snapshot: Snapshot, subnet: Subnet) -> RouteTable:
    """The route table of a subnet.

    Raises:
        CannotTell: none was found.
    """
    table = table_of(items(snapshot.route_tables), subnet)
    if table is None:
        raise CannotTell(f"no route table was found for subnet {subnet.subnet_id}")
    return table


def _routes_evidence(table: RouteTable) -> str:
    return ", ".join(
        f"{r.destination_cidr_block or r.destination_prefix_list_id or r.destination_ipv6_cidr_block}"
        f" -> {r.target}"
        for r in table.routes
    )


def _no_route(snapshot: Snapshot, subnet: Subnet, table: RouteTable) -> Blocker:
    return Blocker(
        "route-missing",
        f"Subnet {subnet.subnet_id} has no route to the internet: route table {table.route_table_id} "
        "has no default route.",
        (
            quote(
                snapshot.route_tables,
                f"RouteTables[{table.route_table_id}].Routes",
                _routes_evidence(table),
            ),
        ),
        (_add_route(snapshot, subnet, table),),
        closed=subnet.subnet_id,
    )


def _add_route(snapshot: Snapshot, subnet: Subnet, table: RouteTable) -> Fix:
    """A route to the VPC's internet gateway where tasks have public addresses, else to a NAT."""
    gateway = _attached_gateway(snapshot, subnet.vpc_id)
    if gateway and _public(snapshot):
        return change(
            snapshot,
            f"Give the subnet a default route to the VPC's internet gateway {gateway}.",
            op.CREATE_ROUTE,
            RouteTableId=table.route_table_id,
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )
    return _through(snapshot, subnet.vpc_id, table, op.CREATE_ROUTE)


def _through(
    snapshot: Snapshot, vpc: str | None, table: RouteTable, operation: Operation, but: str = ""
) -> Fix:
    """The default route through the VPC's NAT gateway; a person chooses where there are several.

    Args:
        snapshot: the facts.
        vpc: whose gateways may be used.
        table: the route table to change.
        operation: ``CREATE_ROUTE`` or ``REPLACE_ROUTE``.
        but: the gateway that does not work.
    """
    usable = [n for n in _working_nats(snapshot, vpc) if n.nat_gateway_id != but]
    if len(usable) == 1:
        return change(
            snapshot,
            f"Point the default route at the VPC's NAT gateway {usable[0].nat_gateway_id}.",
            operation,
            RouteTableId=table.route_table_id,
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=usable[0].nat_gateway_id,
        )
    names = " or ".join(n.nat_gateway_id for n in usable)
    why = (
        f"Point the default route at one of the VPC's NAT gateways; which, is your decision: {names}."
        if usable
        else "Make a NAT gateway in a public subnet (the VPC has none that works), then point the "
        "default route at it."
    )
    return Fix(
        why=why,
        command=aws_command(
            snapshot,
            f"{operation.command} --route-table-id {table.route_table_id} "
            "--destination-cidr-block 0.0.0.0/0 --nat-gateway-id <NAT-GATEWAY-ID>",
        ),
    )


def _working_nats(snapshot: Snapshot, vpc: str | None) -> list[NatGateway]:
    """The public NAT gateways of a VPC that stand where an internet gateway can be reached."""
    homes = {s.subnet_id: s for s in snapshot.subnets.value or () if s.vpc_id == vpc}
    return [
        n
        for n in snapshot.nat_gateways.value or ()
        if n.state == "available"
        and n.connectivity_type != "private"
        and n.subnet_id in homes
        and _leads_out(snapshot, homes[n.subnet_id])
    ]


def _leads_out(snapshot: Snapshot, subnet: Subnet) -> bool:
    try:
        onward = route_table_of(snapshot, subnet).default_route
    except CannotTell:
        return False
    return onward is not None and (onward.gateway_id or "").startswith("igw-")


def _public(snapshot: Snapshot) -> bool:
    place = _placement(snapshot)
    return place is not None and (place.assign_public_ip or "").upper() == "ENABLED"


def _placement(snapshot: Snapshot) -> AwsVpcConfiguration | None:
    service = snapshot.service.get()
    config = service.network_configuration if service else None
    return config.awsvpc_configuration if config else None


def _attached_gateway(snapshot: Snapshot, vpc_id: str | None) -> str | None:
    try:
        gateways = list(items(snapshot.internet_gateways))
    except CannotTell:
        return None
    attached = [g for g in gateways if any(a.vpc_id == vpc_id for a in g.attachments)]
    return attached[0].internet_gateway_id if attached else None


def _blackhole(snapshot: Snapshot, subnet: Subnet, table: RouteTable, route: Route) -> Blocker:
    target = route.target
    return Blocker(
        "route-blackhole",
        f"The default route of {table.route_table_id} leads to {target}, which no longer exists (blackhole).",
        (
            quote(
                snapshot.route_tables,
                f"RouteTables[{table.route_table_id}].Routes[0.0.0.0/0].State",
                "blackhole",
            ),
        ),
        (_out_of_blackhole(snapshot, subnet, table, route, target),),
        closed=subnet.subnet_id,
    )


def _out_of_blackhole(
    snapshot: Snapshot, subnet: Subnet, table: RouteTable, route: Route, target: str
) -> Fix:
    """A gateway that was detached is attached again; what is gone needs another way."""
    gateways = snapshot.internet_gateways.value or ()
    gateway = next((g for g in gateways if g.internet_gateway_id == target), None)
    if gateway is not None and not gateway.attachments:
        return _attach(snapshot, subnet, table, route, gateway)
    return _another_way(snapshot, subnet, table, target)


def _through_internet_gateway(
    snapshot: Snapshot, subnet: Subnet, table: RouteTable, route: Route, *, public_ip: bool | None
) -> list[Blocker]:
    found: list[Blocker] = []
    gateways = list(items(snapshot.internet_gateways))
    gateway = next((g for g in gateways if g.internet_gateway_id == route.gateway_id), None)
    if gateway is None or not any(a.vpc_id == subnet.vpc_id for a in gateway.attachments):
        require_names(gateways)
        require_silence(snapshot, gateway)
        found.append(_detached(snapshot, subnet, table, route, gateway))
    if public_ip is None and not found:
        raise CannotTell("whether the tasks get public addresses was not told")
    if public_ip is False:
        found.append(_no_public_address(snapshot, subnet, table))
    return found


def _detached(
    snapshot: Snapshot,
    subnet: Subnet,
    table: RouteTable,
    route: Route,
    gateway: InternetGateway | None,
) -> Blocker:
    return Blocker(
        "route-blackhole",
        f"Internet gateway {route.gateway_id} is not attached to VPC {subnet.vpc_id}.",
        (
            quote(
                snapshot.internet_gateways,
                f"InternetGateways[{route.gateway_id}].Attachments",
                "none",
            ),
        ),
        (_attach(snapshot, subnet, table, route, gateway),),
        closed=subnet.subnet_id,
    )


def _attach(
    snapshot: Snapshot,
    subnet: Subnet,
    table: RouteTable,
    route: Route,
    gateway: InternetGateway | None,
) -> Fix:
    """A gateway that is free can be attached; else the route must lead to the VPC's own."""
    own = _attached_gateway(snapshot, subnet.vpc_id)
    if own is not None:
        return change(
            snapshot,
            f"Point the default route at the VPC's internet gateway {own}.",
            op.REPLACE_ROUTE,
            RouteTableId=table.route_table_id,
            DestinationCidrBlock=route.destination_cidr_block,
            GatewayId=own,
        )
    if gateway is None or gateway.attachments:
        return Fix(
            why="Make an internet gateway, attach it to the VPC and point the default route at it: "
            f"{route.gateway_id} {'serves another VPC' if gateway else 'does not exist'}."
        )
    return change(
        snapshot,
        "Attach it.",
        op.ATTACH_INTERNET_GATEWAY,
        InternetGatewayId=route.gateway_id,
        VpcId=subnet.vpc_id,
    )


def _addressed(snapshot: Snapshot, subnet: Subnet) -> Fix:
    """Public addresses for the tasks; EC2 gives none to those on instances (ECS, "awsvpc network mode")."""
    facts, place, service = snapshot.deployment, _placement(snapshot), snapshot.service.value
    if service is not None and service.uses_hosts:
        why = "Route the subnet through a NAT gateway: a task on an instance gets no public address of its own."
        return Fix(why=why)
    network = {
        "awsvpcConfiguration": {
            "subnets": list(place.subnets) if place else [subnet.subnet_id],
            "securityGroups": list(place.security_groups) if place else [],
            "assignPublicIp": "ENABLED",
        }
    }
    return Fix(
        why="Give the tasks public addresses (or route the subnet through a NAT gateway).",
        command=aws_command(
            snapshot,
            f"ecs update-service --cluster {facts.cluster} --service {facts.service} "
            f"--network-configuration {shlex.quote(json.dumps(network))}",
        ),
    )


def _no_public_address(snapshot: Snapshot, subnet: Subnet, table: RouteTable) -> Blocker:
    return Blocker(
        "public-ip-missing",
        f"Tasks in subnet {subnet.subnet_id} get no public address, but its only way out is the "
        "internet gateway, which forwards packets of public addresses alone.",
        (
            quote(
                snapshot.service,
                "networkConfiguration.awsvpcConfiguration.assignPublicIp",
                "DISABLED",
            ),
            quote(
                snapshot.route_tables,
                f"RouteTables[{table.route_table_id}].Routes",
                _routes_evidence(table),
            ),
        ),
        tuple(moved(snapshot) or [_addressed(snapshot, subnet)]),
    )


def _another_way(snapshot: Snapshot, subnet: Subnet, table: RouteTable, broken: str) -> Fix:
    """The internet gateway where tasks have public addresses, else another NAT gateway."""
    gateway = _attached_gateway(snapshot, subnet.vpc_id)
    if gateway and gateway != broken and _public(snapshot):
        return change(
            snapshot,
            f"Point the default route at the VPC's internet gateway {gateway}.",
            op.REPLACE_ROUTE,
            RouteTableId=table.route_table_id,
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )
    return _through(snapshot, subnet.vpc_id, table, op.REPLACE_ROUTE, but=broken)


def _through_nat(
    snapshot: Snapshot, subnet: Subnet, table: RouteTable, nat_id: str
) -> list[Blocker]:
    nat = next((n for n in items(snapshot.nat_gateways) if n.nat_gateway_id == nat_id), None)
    trouble = nat_trouble(nat)
    if nat is None or trouble:
        return [_broken_nat(snapshot, subnet, table, nat_id, trouble or "not found")]
    if nat.connectivity_type == "private":
        raise CannotTell(
            f"{nat_id} is a private NAT gateway: where it leads cannot be read from here"
        )
    home = next((s for s in items(snapshot.subnets) if s.subnet_id == nat.subnet_id), None)
    if home is None:
        # It is available and public; its own subnet lies outside what was read.
        return []
    onward = route_table_of(snapshot, home).default_route
    if onward is None or not onward.is_public:
        return [_nat_without_exit(snapshot, nat)]
    return []


def _broken_nat(
    snapshot: Snapshot, subnet: Subnet, table: RouteTable, nat_id: str, trouble: str
) -> Blocker:
    return Blocker(
        "route-blackhole",
        f"The default route of {table.route_table_id} leads to {nat_id}, which is {trouble}.",
        (quote(snapshot.nat_gateways, f"NatGateways[{nat_id}].State", trouble),),
        (_another_way(snapshot, subnet, table, nat_id),),
    )


def _nat_without_exit(snapshot: Snapshot, nat: NatGateway) -> Blocker:
    return Blocker(
        "route-missing",
        f"{nat.nat_gateway_id} stands in {nat.subnet_id}, which itself has no route to an internet gateway.",
        (
            quote(
                snapshot.nat_gateways, f"NatGateways[{nat.nat_gateway_id}].SubnetId", nat.subnet_id
            ),
        ),
        (Fix(why="Move the NAT gateway to a subnet whose default route is an internet gateway."),),
        closed=nat.subnet_id or "",
    )
