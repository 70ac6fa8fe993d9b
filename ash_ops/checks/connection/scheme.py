"""Can the load balancer be reached from where this machine is?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import ash_command, finding, other_name, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.checks.connection._chain import entrance
from ash_ops.checks.network.groups import is_private
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """An internal load balancer is called from inside its network."""
    balancer = entrance(snapshot)
    if balancer is None or balancer.scheme != "internal":
        raise NotApplicable("the load balancer faces the internet")
    probe = snapshot.probe.get()
    tcp = probe.rung("tcp") if probe else None
    if probe is None or tcp is None or tcp.outcome != "failed" or _is_inside(probe.caller_ip):
        return
    yield finding(
        "balancer-internal",
        "connection",
        f"Load balancer {balancer.load_balancer_name} is internal: its addresses exist only inside "
        f"{balancer.vpc_id or 'its VPC'} and the networks connected to it, and this machine is outside.",
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].Scheme",
                "internal",
            ),
            quote(snapshot.probe, "rungs[tcp]", f"{tcp.error}: {tcp.detail}"),
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
        confidence="confirmed" if probe.caller_ip else "likely",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _is_inside(address: str | None) -> bool:
    try:
        return address is not None and is_private(address)
    except ValueError:
        return False


CHECK = Check(
    id="balancer-scheme",
    title="The load balancer can be reached from here",
    playbook="connection",
    run=run,
    causes=("balancer-internal",),
    explains=("conn-timeout", "conn-refused", "caller-address-blocked"),
)
