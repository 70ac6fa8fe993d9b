"""Do the network ACLs let a connection through: from the caller to the balancer, and on to the task?

An ACL guards the edge of a subnet, both ways and without memory: the answers pass it on their own. What
stays inside one subnet passes none.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.checks._attempts import is_owed_a_start
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import is_serving
from ash_ops.checks._findings import finding, quote, redeploy, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, Severity, items
from ash_ops.checks.connection._chain import (
    caller_address,
    container_port,
    entrance,
    hides_callers,
    listener_port,
    seen_address,
    subnets_of_balancer,
    subnets_of_tasks,
)
from ash_ops.checks.connection._reached import (
    is_reached,
    severity_of_a_block,
    through,
    unreached,
)
from ash_ops.checks.network.acl import (
    CLIENT_PORTS,
    EPHEMERAL,
    HTTPS,
    acl_of,
    allow_entry,
    allows,
    described,
)
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import NetworkAcl, Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_BALANCER, _TASK, _YOU = "the load balancer", "the task", "you"


class _Crossing(Struct, frozen=True):
    """Packets that cross the edge of a subnet.

    Attributes:
        subnet: whose ACL they pass.
        whose: what stands in it.
        subject: the same as a finding's subject.
        egress: whether they leave it.
        ports: where they go to.
        peers: the ranges at the other end.
        what: the same in words.
        of_callers: whether they are this machine's: where it got no answer, they are what was dropped.
    """

    subnet: Subnet
    whose: str
    subject: str
    egress: bool
    ports: tuple[int, int]
    peers: tuple[str, ...]
    what: str
    of_callers: bool = False


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each ACL on the way lets the connections in, and their answers out."""
    balancer = entrance(snapshot)
    if balancer is None:
        raise NotApplicable("there is no load balancer")
    cannot_tell: CannotTell | None = None
    told: set[str] = set()
    for facts, crossing in _all_crossings(snapshot, balancer):
        try:
            for found in _tried(facts, crossing):
                if found.id not in told:
                    told.add(found.id)
                    yield found
        except CannotTell as unclear:
            cannot_tell = cannot_tell or unclear
    if cannot_tell:
        raise cannot_tell


def _all_crossings(
    snapshot: Snapshot, balancer: LoadBalancer
) -> Iterator[tuple[Snapshot, _Crossing]]:
    """Those on the way through every balancer of the service, with the facts as that one has them."""
    for crossing in (*_to_tasks(snapshot, balancer), *_from_caller(snapshot, balancer)):
        yield snapshot, crossing
    for other in items(snapshot.load_balancers):
        alone = through(snapshot, other) if other is not balancer else None
        if alone is not None and not is_reached(alone):
            yield from ((alone, crossing) for crossing in _to_tasks(alone, other))


def _to_tasks(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[_Crossing]:
    nodes, port = subnets_of_balancer(snapshot, balancer), container_port(snapshot)
    tasks = unreached(snapshot)
    for subnet in tasks:
        yield from _entering(subnet, "", port, _peers(nodes, subnet), _BALANCER)
    for subnet in nodes:
        yield from _leaving(subnet, balancer, port, _peers(tasks, subnet))


def _from_caller(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[_Crossing]:
    caller, port = _unheard_caller(snapshot), container_port(snapshot)
    if caller is None:
        return
    for subnet in subnets_of_balancer(snapshot, balancer):
        name = balancer.load_balancer_name
        yield from _entering(subnet, name, listener_port(snapshot), (caller,), _YOU)
    # Where the balancer keeps the callers' addresses, the ACL of the task sees these.
    if not hides_callers(snapshot) and ":" not in caller:
        for subnet in subnets_of_tasks(snapshot):
            yield from _entering(subnet, "", port, (caller,), _YOU)


def _unheard_caller(snapshot: Snapshot) -> str | None:
    """The range of this machine's address, if nothing came back to it: a refusal has come back."""
    if snapshot.probe.gap is not None:
        return None
    probe = snapshot.probe.get()
    silent = probe is not None and "TimeoutError" in probe.addresses.values()
    # Where one address of the balancer answers and another does not, the caller is let in by the first's subnet alone.
    address = seen_address(snapshot) if silent else caller_address(snapshot)
    tcp = probe.rung("tcp") if probe else None
    if address is None or tcp is None or not (silent or tcp.error == "TimeoutError"):
        return None
    return f"{address}/{128 if ':' in address else 32}"


def _peers(others: list[Subnet], subnet: Subnet) -> tuple[str, ...]:
    return tuple(o.cidr_block for o in others if o.subnet_id != subnet.subnet_id and o.cidr_block)


def _entering(
    subnet: Subnet, balancer: str, port: int, peers: tuple[str, ...], who: str
) -> Iterator[_Crossing]:
    """Into a subnet of a balancer, or of the task where none is named; and the answers out of it."""
    whose = (
        (_BALANCER, f"balancer/{balancer}") if balancer else (_TASK, f"subnet/{subnet.subnet_id}")
    )
    own = who == _YOU
    for egress, ports, what in (
        (False, (port, port), f"TCP {port} in from {who}"),
        (True, CLIENT_PORTS, f"the answers to {who} out (TCP 1024-65535)"),
    ):
        yield _Crossing(subnet, *whose, egress, ports, peers, what, of_callers=own)


def _leaving(
    subnet: Subnet, balancer: LoadBalancer, port: int, peers: tuple[str, ...]
) -> Iterator[_Crossing]:
    whose = (_BALANCER, f"balancer/{balancer.load_balancer_name}")
    what = f"TCP {port} out to the task"
    yield _Crossing(subnet, *whose, egress=True, ports=(port, port), peers=peers, what=what)
    what = "the task's answers in (TCP 1024-65535)"
    yield _Crossing(subnet, *whose, egress=False, ports=CLIENT_PORTS, peers=peers, what=what)


def _tried(snapshot: Snapshot, crossing: _Crossing) -> Iterator[Finding]:
    acl = acl_of(snapshot, crossing.subnet)
    if acl is None:
        return
    ports, egress = crossing.ports, crossing.egress
    shut = [p for p in crossing.peers if not allows(acl, ports, egress=egress, cidr=p)]
    if shut:
        yield _blocked(snapshot, acl, crossing, shut[0])


def _blocked(snapshot: Snapshot, acl: NetworkAcl, crossing: _Crossing, peer: str) -> Finding:
    egress = crossing.egress
    side = "egress" if egress else "ingress"
    return finding(
        "nacl-blocks",
        "connection",
        f"Network ACL {acl.network_acl_id} of {crossing.whose}'s subnet {crossing.subnet.subnet_id} does not "
        f"let {crossing.what}.",
        [
            quote(
                snapshot.network_acls,
                f"NetworkAcls[{acl.network_acl_id}].Entries[{side}]",
                described(acl, egress=egress),
            )
        ],
        [
            *_allow(snapshot, acl, crossing, peer),
            *([redeploy(snapshot)] if is_owed_a_start(snapshot) else []),
            verify(snapshot, "connection"),
        ],
        severity=_severity(snapshot, crossing),
        subject=crossing.subject,
        apart=f"{acl.network_acl_id}-{side}",
    )


def _severity(snapshot: Snapshot, crossing: _Crossing) -> Severity:
    """What keeps this machine out of the balancer is told by its silence, whatever the targets say."""
    if not is_serving(snapshot):
        return "warning"
    if crossing.of_callers and crossing.whose == _BALANCER:
        return "error"
    return severity_of_a_block(snapshot)


def _allow(snapshot: Snapshot, acl: NetworkAcl, crossing: _Crossing, peer: str) -> list[Fix]:
    """Let it through, and in one go what the same ACL denies of the task's own requests."""
    egress, ports = crossing.egress, crossing.ports
    if not egress and _is_shut(acl, EPHEMERAL, egress=False):
        ports = (
            CLIENT_PORTS  # with the answers to the task's requests; the server's port is among them
        )
    fixes = allow_entry(snapshot, acl, ports, egress=egress, cidr=peer)
    if egress and ":" not in peer and _is_shut(acl, HTTPS, egress=True):
        more = allow_entry(snapshot, acl, HTTPS, egress=True, beside=len(fixes))
        fixes += [replace(fix, why="Let the tasks' requests out, too.") for fix in more]
    return fixes


def _is_shut(acl: NetworkAcl, ports: tuple[int, int], *, egress: bool) -> bool:
    try:
        return not allows(acl, ports, egress=egress)
    except CannotTell:
        return False


CHECK = Check(
    id="network-acls",
    title="The network ACLs let the load balancer reach the task",
    playbook="connection",
    run=run,
    causes=("nacl-blocks",),
    explains=(
        *NOTHING_ANSWERS,
        "balancer-address-silent",
        "target-timeout",
        "elb-healthcheck-failed",
        "crash-loop",
    ),
)
