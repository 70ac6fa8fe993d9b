"""The hops of a connection: which listener, which port, which addresses knock where."""

from __future__ import annotations

from ash_ops.checks.base import items, present
from ash_ops.checks.network import placement
from ash_ops.deployment import ASH_PORT
from ash_ops.facts.load_balancing import Listener, LoadBalancer
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_PRESERVE = "preserve_client_ip.enabled"


def container_port(snapshot: Snapshot) -> int:
    """The port on which the service registers its tasks."""
    service = present(snapshot.service)
    return next((b.container_port for b in service.load_balancers if b.container_port), ASH_PORT)


def forwarding(snapshot: Snapshot) -> list[Listener]:
    """The listeners that forward to the service's target groups, the one on Ash's port first."""
    arns = {g.target_group_arn for g in items(snapshot.target_groups)}
    mine = [
        listener
        for listener in items(snapshot.listeners)
        if any(arns & set(action.groups) for action in listener.default_actions)
    ]
    return sorted(mine, key=lambda listener: listener.port != ASH_PORT)


def listener_port(snapshot: Snapshot) -> int:
    """The port that callers use."""
    return next((x.port for x in forwarding(snapshot) if x.port), ASH_PORT)


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
    """Where the tasks stand: their own subnets, else all that the service may use."""
    wanted = set(placement(snapshot).subnets)
    try:
        used = {t.subnet_id for t in items(snapshot.tasks) if t.subnet_id}
    except CannotTell:
        used = set()
    return [s for s in items(snapshot.subnets) if s.subnet_id in (used or wanted)]


def caller_address(snapshot: Snapshot) -> str | None:
    """The address from which this machine calls; ``None`` if it is not known, or got through."""
    probe = snapshot.probe.get()
    if probe is None:
        return None
    tcp = probe.rung("tcp")
    return None if tcp is not None and tcp.outcome == "ok" else probe.caller_ip


def got_through(snapshot: Snapshot) -> bool:
    """Whether this machine reached the balancer's port: proof against any reading of the rules."""
    if snapshot.probe.gap is not None:
        return False
    probe = snapshot.probe.get()
    tcp = probe.rung("tcp") if probe else None
    return tcp is not None and tcp.outcome == "ok"
