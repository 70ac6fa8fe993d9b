"""The hops of a connection: which listener, which port, which addresses knock where."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change
from ash_ops.checks.base import Fix, items, present
from ash_ops.checks.network import placement
from ash_ops.checks.network.groups import (
    admits,
    admits_network,
    groups_of,
    is_private,
    lists_of,
    matches_port,
    ranges_of,
)
from ash_ops.checks.relations import entrance_subject
from ash_ops.facts.load_balancing import Listener, LoadBalancer
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import ASH_PORT

_IPV6 = 6
_HTTPS = 443
_PRESERVE = "preserve_client_ip.enabled"


def entrance(snapshot: Snapshot) -> LoadBalancer | None:
    """The load balancer that callers use: of the deployment's address, else one that leads to it."""
    balancers = list(items(snapshot.load_balancers))
    name = entrance_subject(snapshot).partition("/")[2]
    leading = {x.load_balancer_arn for x in snapshot.listeners.value or () if _leads(snapshot, x)}
    chosen = [b for b in balancers if name and b.load_balancer_name == name]
    chosen += [b for b in balancers if b.load_balancer_arn in leading]
    return next(iter([*chosen, *balancers]), None)


def _leads(snapshot: Snapshot, listener: Listener) -> bool:
    service = snapshot.service.value
    named = service.load_balancers if service else ()
    arns = {arn for each in named for arn in each.target_groups}  # of blue and of green
    arns = arns or {g.target_group_arn for g in snapshot.target_groups.value or ()}
    return any(arns & set(action.groups) for action in listener.default_actions)


def container_port(snapshot: Snapshot) -> int:
    """The port on which the service registers its tasks."""
    service = present(snapshot.service)
    return next((b.container_port for b in service.load_balancers if b.container_port), ASH_PORT)


def forwarding(snapshot: Snapshot) -> list[Listener]:
    """The listeners that forward to the service's target groups, the one on Ash's port first."""
    snapshot.target_groups.get()
    mine = [listener for listener in items(snapshot.listeners) if _leads(snapshot, listener)]
    return sorted(mine, key=lambda listener: listener.port != ASH_PORT)


def listener_port(snapshot: Snapshot) -> int:
    """The port that callers use."""
    return next((x.port for x in forwarding(snapshot) if x.port), ASH_PORT)


def asked_port(snapshot: Snapshot) -> int | None:
    """The port at which this machine called; ``None`` if it did not, or the address names none."""
    probe = snapshot.probe.value
    try:
        address = urlsplit(probe.url if probe else "")
        return address.port or (_HTTPS if address.scheme == "https" else None)
    except ValueError:
        return None


def hides_callers(snapshot: Snapshot) -> bool:
    """Whether targets see the balancer's addresses instead of the callers'.

    That is the default for TCP and TLS with ``ip`` targets (AWS documentation, "Client IP
    preservation").
    """
    attributes = snapshot.target_group_attributes.get() or {}
    return attributes.get(_PRESERVE, "false") != "true"


def subnets_of_balancer(snapshot: Snapshot, balancer: LoadBalancer) -> list[Subnet]:
    """Where the balancer's nodes stand."""
    ids = {zone.subnet_id for zone in balancer.availability_zones}
    return [s for s in items(snapshot.subnets) if s.subnet_id in ids and s.cidr_block]


def subnets_of_tasks(snapshot: Snapshot) -> list[Subnet]:
    """Where the tasks stand: their own subnets, else all that the service may use.

    Tasks without network interfaces of their own stand where their instances do.
    """
    service = snapshot.service.value
    if service is not None and service.awsvpc is None and service.uses_hosts:
        own = {h.attribute("ecs.subnet-id") for h in items(snapshot.container_instances)}
        return [s for s in items(snapshot.subnets) if s.subnet_id in own]
    wanted = set(placement(snapshot).subnets)
    try:
        used = {t.subnet_id for t in items(snapshot.tasks) if t.subnet_id}
    except CannotTell:
        used = set()
    return [s for s in items(snapshot.subnets) if s.subnet_id in (used or wanted)]


def shut_out(snapshot: Snapshot) -> list[str]:
    """Whom the balancer lets in and the task's groups would not, if they saw the callers' addresses.

    A rule that names the balancer's own group admits all that comes through it. IPv6 callers reach
    ``ip`` targets with an address of the balancer (AWS documentation, "Client IP preservation").

    Raises:
        CannotTell: the groups were not read.
    """
    groups = groups_of(snapshot, placement(snapshot).security_groups)
    balancer = entrance(snapshot)
    if balancer is None or not groups:
        raise CannotTell("the load balancer or the security group of the tasks was not found")
    rules = [rule for group in groups for rule in group.ip_permissions]
    port, lists = container_port(snapshot), lists_of(snapshot)
    if any(admits(rules, port, None, group) for group in balancer.security_groups):
        return []
    callers = _callers(snapshot, balancer)
    return [c for c in callers if ":" not in c and not admits_network(rules, port, c, lists)]


def _callers(snapshot: Snapshot, balancer: LoadBalancer) -> list[str]:
    """The networks from which the balancer takes connections."""
    port, lists = listener_port(snapshot), lists_of(snapshot)
    groups = groups_of(snapshot, balancer.security_groups)
    if groups:
        rules = [r for g in groups for r in g.ip_permissions if matches_port(r, port)]
        return list(dict.fromkeys(c for rule in rules for c in ranges_of(rule, lists)))
    if balancer.scheme == "internal":
        return [v.cidr_block for v in items(snapshot.vpcs) if v.cidr_block] or ["0.0.0.0/0"]
    return ["0.0.0.0/0"]


def admit_balancer_group(snapshot: Snapshot) -> Fix | None:
    """Let the task's group admit whatever comes through the balancer's own; ``None`` without one.

    Raises:
        CannotTell: the service names no security group.
    """
    balancer = entrance(snapshot)
    mine = placement(snapshot).security_groups
    if balancer is None or not balancer.security_groups or not mine:
        return None
    port = container_port(snapshot)
    rule = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "UserIdGroupPairs": [{"GroupId": balancer.security_groups[0]}],
    }
    return change(
        snapshot,
        "Admit what comes through the load balancer, whoever's address it carries.",
        op.AUTHORIZE_SECURITY_GROUP_INGRESS,
        GroupId=mine[0],
        IpPermissions=[rule],
    )


def seen_address(snapshot: Snapshot) -> str | None:
    """The address that this machine has for the balancer; ``None`` if that is not known.

    A public one leads to no internal balancer: who gets there has another inside.
    """
    probe, balancer = snapshot.probe.get(), entrance(snapshot)
    address = probe.caller_ip if probe else None
    internal = balancer is not None and balancer.scheme == "internal"
    return None if internal and address and stands_in(snapshot, address) is False else address


def stands_in(snapshot: Snapshot, address: str) -> bool | None:
    """Whether an address is one inside the VPC; ``None`` where it may be of a network connected to it.

    Private addresses are used everywhere: at home, and behind a VPN or a peering that leads there.
    """
    known = [v.cidr_block for v in items(snapshot.vpcs)]
    known += [s.cidr_block for s in snapshot.subnets.value or ()]
    try:
        there, private = ipaddress.ip_network(address), is_private(address)
        ranges = [ipaddress.ip_network(each) for each in known if each]
    except ValueError:
        return None
    if any(there.version == own.version and there.overlaps(own) for own in ranges):
        return True
    return None if private or there.version == _IPV6 else False


def caller_address(snapshot: Snapshot) -> str | None:
    """The address from which this machine calls; ``None`` if it is not known, or got through."""
    probe = snapshot.probe.get()
    return None if probe and probe.came_through else seen_address(snapshot)


def got_through(snapshot: Snapshot) -> bool:
    """Whether this machine reached the balancer's port: proof against any reading of the rules."""
    probe = snapshot.probe.value if snapshot.probe.gap is None else None
    return probe is not None and probe.came_through


def is_cut_off(snapshot: Snapshot) -> bool:
    """Whether this machine asked just now, and no byte came back.

    A target's health is older: it changes after as many failed checks as its group wants.
    """
    probe = snapshot.probe.value if snapshot.probe.gap is None else None
    rungs = [probe.rung(name) for name in ("tcp", "http")] if probe else []
    failed = [rung for rung in rungs if rung is not None and rung.outcome == "failed"]
    return any(rung.status is None for rung in failed)
