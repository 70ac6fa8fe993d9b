"""Does each address of the load balancer answer, and can each be reached at all?

A name resolves to one address a zone, and a client takes any of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import suppress

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import CLOSED_SUBNET
from ash_ops.checks._findings import aws_command, change, finding, fresh_tasks, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.connection._members import own
from ash_ops.checks.network import placement
from ash_ops.checks.network.routes import route_blockers
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import Route, RouteTable, Subnet, table_of
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

WITH_THE_TASKS = "with-the-tasks"
"""Marks a finding about a route that the tasks need as well."""
_CROSS_ZONE = "load_balancing.cross_zone.enabled"
# What a machine without a way to the address, as one without IPv6, gets from itself.
_OF_THE_CALLER = frozenset({"OSError", "PermissionError", "ValueError"})


def addresses(snapshot: Snapshot) -> Iterator[Finding]:
    """Each address that the name resolves to takes connections."""
    probe = present(snapshot.probe)
    told = {a: said for a, said in probe.addresses.items() if said not in _OF_THE_CALLER}
    if not told:
        raise NotApplicable("the name was not resolved, or no address was tried")
    silent = [address for address, said in told.items() if said != "ok"]
    if silent and len(silent) < len(told):
        yield _silent(snapshot, silent, told)


def _silent(snapshot: Snapshot, silent: list[str], told: dict[str, str]) -> Finding:
    rung = "rungs[tcp].detail"
    return finding(
        "balancer-address-silent",
        "connection",
        f"Of the load balancer's {len(told)} addresses {', '.join(silent)} does not answer "
        f"({told[silent[0]]}): about {len(silent)} of {len(told)} connections fail or wait.",
        [quote(snapshot.probe, rung, f"{a} {said}") for a, said in told.items()],
        [*_cross_zone(snapshot), verify(snapshot, "connection")],
        severity="error",
        subject=f"address/{silent[0]}",
    )


def _cross_zone(snapshot: Snapshot) -> list[Fix]:
    """Without cross-zone balancing an address reaches the targets of its own zone only."""
    look = Fix(
        why="Look at the balancer's subnet in that zone: its route table, its network ACL, and whether a task "
        "runs there."
    )
    balancer = _facing(snapshot)
    try:
        attributes = snapshot.load_balancer_attributes.get() or {}
        zones = {row.target.availability_zone for row in own(snapshot) if row.state == "healthy"}
    except CannotTell:
        return [look]
    served = {zone.zone_name for zone in balancer.availability_zones} if balancer else set()
    if balancer is None or attributes.get(_CROSS_ZONE) != "false" or served <= zones:
        return [look]
    return [
        Fix(
            why="Let every address reach the targets of all zones, for in some zone no healthy task runs; what "
            "goes from zone to zone is billed.",
            command=aws_command(
                snapshot,
                "elbv2 modify-load-balancer-attributes "
                f"--load-balancer-arn {balancer.load_balancer_arn} "
                f"--attributes Key={_CROSS_ZONE},Value=true",
            ),
        ),
        look,
    ]


def _facing(snapshot: Snapshot) -> LoadBalancer | None:
    return next(iter(snapshot.load_balancers.value or ()), None)


def subnets(snapshot: Snapshot) -> Iterator[Finding]:
    """A balancer that faces the internet stands in subnets with a route to an internet gateway."""
    facing = [b for b in items(snapshot.load_balancers) if b.scheme == "internet-facing"]
    if not facing:
        raise NotApplicable("no load balancer faces the internet")
    tables = list(items(snapshot.route_tables))
    if not tables:
        raise NotApplicable("no route table was found")
    if not _may_be_silent(snapshot):
        return  # whatever the routes seem to say: each address answered, if only by a refusal
    for balancer in facing:
        yield from _private(snapshot, balancer, tables)
        yield from _astray(snapshot, balancer, tables)


def _may_be_silent(snapshot: Snapshot) -> bool:
    """Whether an address was asked and did not answer, or none was asked."""
    probe = snapshot.probe.value
    tcp = probe.rung("tcp") if probe else None
    if probe is None or tcp is None:
        return True
    told = probe.addresses or {"": "ok" if tcp.outcome == "ok" else tcp.error or ""}
    return "TimeoutError" in told.values()


def _private(
    snapshot: Snapshot, balancer: LoadBalancer, tables: list[RouteTable]
) -> Iterator[Finding]:
    ids = [zone.subnet_id for zone in balancer.availability_zones if zone.subnet_id]
    known = {s.subnet_id: s for s in items(snapshot.subnets)}
    routed = {i: table_of(tables, known[i]) for i in ids if i in known}
    for subnet, table in routed.items():
        if table is not None and not _leads_out(table, _loose_gateways(snapshot)):
            yield _no_way(snapshot, balancer, known[subnet], table)


def _astray(
    snapshot: Snapshot, balancer: LoadBalancer, tables: list[RouteTable]
) -> Iterator[Finding]:
    """A route that is narrower than the default one takes the answers to this machine elsewhere."""
    probe = snapshot.probe.value
    caller = probe.caller_ip if probe and balancer is _facing(snapshot) else None
    ids = {zone.subnet_id for zone in balancer.availability_zones}
    told: set[str] = set()
    for subnet in (s for s in items(snapshot.subnets) if caller and s.subnet_id in ids):
        table = table_of(tables, subnet)
        route = _taken_by(table, caller or "") if table else None
        if table is None or route is None or route.is_public or table.route_table_id in told:
            continue
        told.add(table.route_table_id)
        yield _answers_astray(snapshot, balancer, table, route, caller or "")


def _taken_by(table: RouteTable, address: str) -> Route | None:
    """The route that packets to an address take, if it is not the default one: the narrowest (VPC, "Route priority")."""
    found: list[tuple[int, Route]] = []
    for route in table.routes:
        with suppress(ValueError):
            network = ipaddress.ip_network(route.destination_cidr_block or "")
            if network.prefixlen and ipaddress.ip_address(address) in network:
                found.append((network.prefixlen, route))
    return max(found, key=lambda each: each[0])[1] if found else None


def _answers_astray(
    snapshot: Snapshot, balancer: LoadBalancer, table: RouteTable, route: Route, caller: str
) -> Finding:
    dead = route.state == "blackhole"
    cidr, name = route.destination_cidr_block or "", table.route_table_id
    where = f"{route.target}, which is gone" if dead else f"{route.target} and not to the internet"
    default = table.default_route
    steps = [
        Fix(why=f"Take the route of {cidr} out of {name}, or narrow it, if {caller} is to come in by the internet: "
                f"what else goes to {route.target} by it, its owner knows.")
    ]  # fmt: skip
    if dead and default is not None and default.is_public and default.gateway_id:
        steps = [
            change(
                snapshot,
                f"Send the answers where the others go, to {default.gateway_id}: nothing gets through by it now.",
                op.REPLACE_ROUTE,
                RouteTableId=name,
                DestinationCidrBlock=cidr,
                GatewayId=default.gateway_id,
            )
        ]
    return finding(
        "route-blackhole" if dead else "balancer-subnet-private",
        "connection",
        f"Answers of load balancer {balancer.load_balancer_name} to your address {caller} take the route of {cidr} in "
        f"{name}: it leads to {where}.",
        [
            quote(
                snapshot.route_tables,
                f"RouteTables[{name}].Routes[{cidr}]",
                f"{route.target} ({route.state or 'no state'})",
            )
        ],
        [*steps, verify(snapshot, "connection")],
        severity="error",
        confidence="confirmed" if dead else "likely",
        subject=f"balancer/{balancer.load_balancer_name}",
        effect=Effect.ANSWERS,
        apart=f"{name}-{cidr}",
    )


def _loose_gateways(snapshot: Snapshot) -> set[str]:
    """The internet gateways that are attached to no VPC."""
    gateways = snapshot.internet_gateways.value or ()
    return {g.internet_gateway_id for g in gateways if not g.attachments}


def _leads_out(table: RouteTable, loose: set[str]) -> bool:
    """Whether callers' addresses lead to an internet gateway; a narrow range of them counts too."""
    return any(
        r.is_public and r.gateway_id not in loose and not _is_own(r.destination_cidr_block)
        for r in table.routes
    )


def _is_own(cidr: str | None) -> bool:
    try:
        return cidr is not None and ipaddress.ip_network(cidr).is_private and cidr != "0.0.0.0/0"
    except ValueError:
        return False


def _no_way(snapshot: Snapshot, balancer: LoadBalancer, zone: Subnet, table: RouteTable) -> Finding:
    route, subnet = table.default_route, zone.subnet_id
    leads = f"leads to {route.target}" if route else "has no default route"
    if route and route.gateway_id in _loose_gateways(snapshot):
        leads += ", which is attached to no VPC"
    return finding(
        "balancer-subnet-private",
        "connection",
        f"Load balancer {balancer.load_balancer_name} faces the internet, but its subnet {subnet} does not: route "
        f"table {table.route_table_id} {leads}. Its address in that zone never answers.",
        [
            quote(
                snapshot.route_tables,
                f"RouteTables[{table.route_table_id}].Routes",
                ", ".join(f"{r.destination_cidr_block} -> {r.target}" for r in table.routes)
                or "none",
            )
        ],
        [*_led_out(snapshot, zone, table), verify(snapshot, "connection")],
        severity="error" if snapshot.probe.value else "warning",
        confidence="confirmed" if snapshot.probe.value else "likely",
        subject=f"subnet/{subnet}",
        apart=WITH_THE_TASKS if _is_the_tasks(snapshot, zone) else subnet,
    )


def _is_the_tasks(snapshot: Snapshot, subnet: Subnet) -> bool:
    """Whether tasks with public addresses stand there too: their way out is its way in."""
    try:
        place = placement(snapshot)
    except CannotTell:
        return False
    return bool(place.public_ip) and subnet.subnet_id in place.subnets


def _led_out(snapshot: Snapshot, subnet: Subnet, table: RouteTable) -> list[Fix]:
    """The missing link, where tasks with public addresses show that the subnet is to be public."""
    if _is_the_tasks(snapshot, subnet):
        with suppress(CannotTell):
            found = route_blockers(snapshot, subnet, public_ip=True)
            return [*(fix for blocker in found for fix in blocker.fix), *fresh_tasks(snapshot)]
    why = (
        f"Give the balancer a public subnet of that zone (`aws elbv2 set-subnets`), or {table.route_table_id} a "
        "default route to an internet gateway: then everything in its subnets is public. Which, is your decision."
    )
    return [Fix(why=why)]


ADDRESSES = Check(
    id="balancer-addresses",
    title="Each address of the load balancer answers",
    playbook="connection",
    run=addresses,
    causes=("balancer-address-silent",),
)
SUBNETS = Check(
    id="balancer-subnets",
    title="The load balancer's subnets can be reached from the internet",
    playbook="connection",
    run=subnets,
    causes=("balancer-subnet-private", "route-blackhole"),
    explains=(
        "conn-timeout",
        "balancer-address-silent",
        f"anthropic-unreachable:{CLOSED_SUBNET}",
    ),
)
