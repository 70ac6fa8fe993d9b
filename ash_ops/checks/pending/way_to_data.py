"""May the task go out to where its data is: its file system, and the database that it calls in vain?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from ash_ops.aws import operations as op
from ash_ops.causes import classify
from ash_ops.checks._attempts import at_next_start
from ash_ops.checks._consequences import NO_TASK, TASKS_OWN_GROUP
from ash_ops.checks._facts import HOUR, definition, on_ec2
from ash_ops.checks._findings import change, finding, fresh_tasks, quote, verify
from ash_ops.checks.base import Check, Finding, NotApplicable, items
from ash_ops.checks.connection._chain import subnets_of_tasks
from ash_ops.checks.network import placement
from ash_ops.checks.network.acl import EPHEMERAL, NFS, acl_of, allow_entry, allows, described
from ash_ops.checks.network.groups import (
    groups_of,
    lets_out,
    lists_of,
    outbound_rules,
    require_whole,
)
from ash_ops.facts.network import NetworkAcl, Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.patterns import regex

# What Node.js says of a connection to which nothing answered, not even a refusal.
_SILENT = regex(
    r"\b(?:ETIMEDOUT|EHOSTUNREACH) (?P<address>\d{1,3}(?:\.\d{1,3}){3}):(?P<port>\d{1,5})\b"
)


class _Peer(Struct, frozen=True):
    """Where a task connects to.

    Attributes:
        name: what it is, in words.
        port: on which TCP port it listens.
        ranges: among which addresses it is.
    """

    name: str
    port: int
    ranges: tuple[str, ...]

    @property
    def rule(self) -> dict[str, object]:
        """The rule that lets a group's members out to it."""
        ports = {"FromPort": self.port, "ToPort": self.port}
        return {"IpProtocol": "tcp", **ports, "IpRanges": [{"CidrIp": self.ranges[0]}]}

    @property
    def address(self) -> str | None:
        """The peer's own address with its width; ``None`` where only the network is known."""
        return self.ranges[0] if self.ranges and self.ranges[0].endswith("/32") else None


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The rules of the task's security groups and of its subnets let it out to each of them."""
    peers = [*_file_systems(snapshot), *_databases(snapshot)]
    if not peers:
        raise NotApplicable("the task keeps no data elsewhere, for all that is known")
    cannot_tell: CannotTell | None = None
    for look in (_kept_in, _stopped_at_the_edge):
        try:
            yield from look(snapshot, peers)
        except CannotTell as unclear:
            cannot_tell = cannot_tell or unclear
    if cannot_tell:
        raise cannot_tell


def _file_systems(snapshot: Snapshot) -> Iterator[_Peer]:
    """Those of EFS that Fargate mounts through the task's own interface (on EC2 the instance mounts them).

    Their mount targets have addresses of the VPC, for its names lead to no other.
    """
    if on_ec2(snapshot):
        return
    networks = tuple(vpc.cidr_block for vpc in items(snapshot.vpcs) if vpc.cidr_block)
    subnets = tuple(s.cidr_block for s in items(snapshot.subnets) if s.cidr_block)
    for volume in definition(snapshot).volumes:
        efs = volume.efs_volume_configuration
        if efs and efs.file_system_id and networks:
            yield _Peer(f"file system {efs.file_system_id}", NFS[0], (*networks, *subnets))


def _databases(snapshot: Snapshot) -> Iterator[_Peer]:
    """The addresses at which the server called a database of late, and was not answered."""
    told = [
        (line, found)
        for line in snapshot.log_lines.value or ()
        if (found := _SILENT.search(line.message)) and snapshot.taken_at - line.at < HOUR
    ]
    seen = {
        (found["address"], int(found["port"]))
        for line, found in told
        if classify("log_line", {"message": line.message}).cause == "db-unreachable"
    }
    for address, port in sorted(seen):
        yield _Peer(f"the database at {address}", port, (f"{address}/32",))


def _kept_in(snapshot: Snapshot, peers: list[_Peer]) -> Iterator[Finding]:
    """The task's groups let nothing out to some of the peers: told in one, for one command opens all."""
    groups = groups_of(snapshot, placement(snapshot).security_groups)
    rules = [rule for group in groups for rule in group.ip_permissions_egress]
    lists = lists_of(snapshot)
    shut = [p for p in peers if not lets_out(rules, p.port, p.ranges, lists)] if groups else []
    if not shut:
        return
    require_whole(rules)
    first = groups[0].group_id
    told = " and ".join(f"TCP {peer.port} out to {peer.name}" for peer in shut)
    yield finding(
        "egress-blocked",
        "pending",
        f"Security group {first} of the task does not let {told}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{first}].IpPermissionsEgress",
                outbound_rules(groups),
            )
        ],
        [
            change(
                snapshot,
                "Let it out.",
                op.AUTHORIZE_SECURITY_GROUP_EGRESS,
                GroupId=first,
                IpPermissions=[peer.rule for peer in shut],
            ),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot),
        apart=TASKS_OWN_GROUP,
    )


def _stopped_at_the_edge(snapshot: Snapshot, peers: list[_Peer]) -> Iterator[Finding]:
    """What stays inside one subnet passes no ACL: only where the peer stands is known can that be told."""
    told: set[str] = set()
    known = [(peer, peer.address) for peer in peers if peer.address]
    for subnet, (peer, address) in product(subnets_of_tasks(snapshot) if known else (), known):
        acl = None if _holds(subnet, address) else acl_of(snapshot, subnet)
        if acl is None:
            continue
        for egress, ports in ((True, (peer.port, peer.port)), (False, EPHEMERAL)):
            if not allows(acl, ports, egress=egress, cidr=address):
                found = _dropped(snapshot, acl, subnet, peer, egress=egress, ports=ports)
                if found.id not in told:
                    told.add(found.id)
                    yield found


def _holds(subnet: Subnet, address: str) -> bool:
    try:
        network = ipaddress.IPv4Network(subnet.cidr_block or "")
        return ipaddress.IPv4Network(address).subnet_of(network)
    except ValueError:
        return False


def _dropped(
    snapshot: Snapshot,
    acl: NetworkAcl,
    subnet: Subnet,
    peer: _Peer,
    *,
    egress: bool,
    ports: tuple[int, int],
) -> Finding:
    side = "egress" if egress else "ingress"
    what = f"TCP {peer.port} out to {peer.name}" if egress else f"the answers of {peer.name} in"
    return finding(
        "nacl-blocks",
        "pending",
        f"Network ACL {acl.network_acl_id} of the task's subnet {subnet.subnet_id} does not let {what}.",
        [
            quote(
                snapshot.network_acls,
                f"NetworkAcls[{acl.network_acl_id}].Entries[{side}]",
                described(acl, egress=egress),
            )
        ],
        [
            *allow_entry(snapshot, acl, ports, egress=egress, cidr=peer.address or ""),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot),
        subject=f"subnet/{subnet.subnet_id}",
        apart=f"{acl.network_acl_id}-{side}-{peer.port}",
    )


CHECK = Check(
    id="way-to-data",
    title="Security groups and network ACLs let the task out to its file system and its database",
    playbook="pending",
    run=run,
    causes=("egress-blocked", "nacl-blocks"),
    explains=(*NO_TASK, "efs-mount-failed", "db-unreachable"),
)
