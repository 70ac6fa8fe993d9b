"""Can the load balancer be reached from where this machine is?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import ash_command, finding, other_name, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.checks.connection._chain import entrance, listener_port, seen_address, stands_in
from ash_ops.checks.network.groups import admits, groups_of, lists_of
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """An internal load balancer is called from inside its network."""
    balancer = entrance(snapshot)
    if balancer is None or balancer.scheme != "internal":
        raise NotApplicable("the load balancer faces the internet")
    probe = snapshot.probe.get()
    tcp = probe.rung("tcp") if probe else None
    if probe is None or tcp is None or tcp.outcome != "failed":
        return
    inside = stands_in(snapshot, probe.caller_ip) if probe.caller_ip else None
    if inside or (probe.caller_ip and inside is None and not _is_admitted(snapshot, balancer)):
        return
    yield finding(
        "balancer-internal",
        "connection",
        f"Load balancer {balancer.load_balancer_name} is internal: its addresses exist only inside "
        f"{balancer.vpc_id or 'its VPC'} and the networks connected to it, and this machine "
        + ("is outside." if inside is False else "seems to be outside."),
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].Scheme",
                "internal",
            ),
            quote(snapshot.probe, "rungs[tcp]", tcp.heard),
        ],
        [
            Fix(why="Call it from inside the VPC, or through a VPN or peering that leads there."),
            Fix(
                why="Or deploy one that faces the internet, under another name.",
                command=ash_command(
                    snapshot, f"deploy --internet-facing --name {other_name(snapshot)}"
                ),
            ),
            Fix(why="Ask again from there.", command=ash_command(snapshot, "health")),
            verify(snapshot, "connection"),
        ],
        severity="error",
        confidence="confirmed" if inside is False else "likely",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _is_admitted(snapshot: Snapshot, balancer: LoadBalancer) -> bool:
    """Whether the balancer's rules admit this machine: else those may be what keeps it out."""
    groups = groups_of(snapshot, balancer.security_groups)
    rules = [rule for group in groups for rule in group.ip_permissions]
    address = seen_address(snapshot)
    return not groups or admits(rules, listener_port(snapshot), address, None, lists_of(snapshot))


CHECK = Check(
    id="balancer-scheme",
    title="The load balancer can be reached from here",
    playbook="connection",
    run=run,
    causes=("balancer-internal",),
    explains=("conn-timeout", "conn-refused", "caller-address-blocked"),
)
