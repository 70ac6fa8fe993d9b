"""Do the network ACLs let a connection through, from the balancer's subnets to the task's?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import has_healthy_target, is_serving
from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks.base import Check, Finding, NotApplicable
from ash_ops.checks.connection._chain import (
    container_port,
    entrance,
    subnets_of_balancer,
    subnets_of_tasks,
)
from ash_ops.checks.network.acl import CLIENT_PORTS, acl_of, allow_entry, allows, described
from ash_ops.facts.network import NetworkAcl, Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The task's subnet lets the balancer's connections in and their answers out."""
    balancer = entrance(snapshot)
    if balancer is None:
        raise NotApplicable("there is no load balancer")
    nodes = subnets_of_balancer(snapshot, balancer)
    port = container_port(snapshot)
    if _gets_through(snapshot):
        return
    for subnet in subnets_of_tasks(snapshot):
        acl = acl_of(snapshot, subnet)
        if acl is not None:
            yield from _crossing(snapshot, acl, subnet, nodes, port)


def _gets_through(snapshot: Snapshot) -> bool:
    try:
        return has_healthy_target(snapshot)
    except CannotTell:
        return False


def _crossing(
    snapshot: Snapshot, acl: NetworkAcl, subnet: Subnet, nodes: list[Subnet], port: int
) -> Iterator[Finding]:
    """ACLs guard the edges of subnets only: what stays inside one passes none."""
    others = [n.cidr_block or "" for n in nodes if n.subnet_id != subnet.subnet_id]
    if any(not allows(acl, (port, port), egress=False, cidr=c) for c in others):
        words = f"TCP {port} in from the load balancer"
        yield _blocked(snapshot, acl, subnet, words, (port, port), egress=False)
    if any(not allows(acl, CLIENT_PORTS, egress=True, cidr=c) for c in others):
        words = "the answers to the load balancer out (TCP 1024-65535)"
        yield _blocked(snapshot, acl, subnet, words, CLIENT_PORTS, egress=True)


def _blocked(
    snapshot: Snapshot,
    acl: NetworkAcl,
    subnet: Subnet,
    what: str,
    ports: tuple[int, int],
    *,
    egress: bool,
) -> Finding:
    side = "egress" if egress else "ingress"
    return finding(
        "nacl-blocks",
        "connection",
        f"Network ACL {acl.network_acl_id} of the task's subnet {subnet.subnet_id} does not let {what}.",
        [
            quote(
                snapshot.network_acls,
                f"NetworkAcls[{acl.network_acl_id}].Entries[{side}]",
                described(acl, egress=egress),
            )
        ],
        [*allow_entry(snapshot, acl, ports, egress=egress), verify(snapshot, "connection")],
        severity="error" if is_serving(snapshot) else "warning",
        subject=f"subnet/{subnet.subnet_id}",
        apart=f"{acl.network_acl_id}-{side}",
    )


CHECK = Check(
    id="network-acls",
    title="The network ACLs let the load balancer reach the task",
    playbook="connection",
    run=run,
    causes=("nacl-blocks",),
    explains=(*NOTHING_ANSWERS, "target-timeout", "elb-healthcheck-failed", "crash-loop"),
)
