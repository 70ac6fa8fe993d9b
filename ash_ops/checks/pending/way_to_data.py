"""May the task go out to where its data is: its file system, and the database that it calls in vain?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product

from msgspec import Struct

from ash_ops.aws import operations as op
from ash_ops.causes import classify
from ash_ops.checks._attempts import at_next_start, attempts
from ash_ops.checks._consequences import NO_TASK, TASKS_OWN_GROUP
from ash_ops.checks._facts import HOUR, WARM_UP, definition, on_ec2, running
from ash_ops.checks._findings import change, finding, fresh_tasks, quote, verify
from ash_ops.checks.agents._lines import asserted, grade, is_of_a_sandbox
from ash_ops.checks.base import Check, Finding, NotApplicable, Severity, items, present
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
from ash_ops.facts.start import LogLine
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
        called_at: when it was called in vain last; ``None`` where nobody is known to have called.
    """

    name: str
    port: int
    ranges: tuple[str, ...]
    called_at: datetime | None = None

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
    for look in (_kept_in, _stopped_at_the_edge, _nameless):
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
    """The addresses at which tasks of the revision in place called a database of late, and were not answered."""
    lines = [line for line in snapshot.log_lines.value or () if _is_unanswered(snapshot, line)]
    if not lines:
        return
    service = present(snapshot.service)
    theirs = {t.id for t in attempts(snapshot) if t.task_definition_arn in {None, service.runs}}
    seen: dict[tuple[str, int], datetime] = {}
    for line in lines:
        found = _SILENT.search(line.message)
        if found is not None and line.stream.rpartition("/")[2] in theirs:
            seen[found["address"], int(found["port"])] = line.at
    for (address, port), at in sorted(seen.items()):
        yield _Peer(f"the database at {address}", port, (f"{address}/32",), at)


def _is_unanswered(snapshot: Snapshot, line: LogLine) -> bool:
    """Whether the server says of late that its database was silent; what tools and users say is not its own."""
    said = line.message
    if snapshot.taken_at - line.at > HOUR or not _SILENT.search(said):
        return False
    if grade(said) == "info" or is_of_a_sandbox(said):
        return False
    return classify("log_line", {"logs": [asserted(said)]}).cause == "db-unreachable"


def _severity(snapshot: Snapshot, peers: Iterable[_Peer]) -> Severity:
    """A server that called its database in vain did start; one that started after that seems to do without."""
    called = [peer.called_at for peer in peers if peer.called_at]
    up = [t.started_at for t in running(snapshot) if t.started_at]
    lasting = [moment for moment in up if snapshot.taken_at - moment > WARM_UP]
    if called and not any(moment > max(called) for moment in lasting):
        return "error"
    return at_next_start(snapshot)


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
        severity=_severity(snapshot, shut),
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
        severity=_severity(snapshot, [peer]),
        subject=f"subnet/{subnet.subnet_id}",
        apart=f"{acl.network_acl_id}-{side}-{peer.port}",
    )


def _nameless(snapshot: Snapshot, _peers: list[_Peer]) -> Iterator[Finding]:
    """A file system is mounted by its name, which needs both DNS switches (EFS, "Mounting with a DNS name")."""
    volumes = () if on_ec2(snapshot) else definition(snapshot).volumes
    systems = [v.efs_volume_configuration for v in volumes if v.efs_volume_configuration]
    wanted = set(placement(snapshot).subnets)
    networks = {s.vpc_id for s in items(snapshot.subnets) if s.subnet_id in wanted}
    for vpc in items(snapshot.vpcs):
        if systems and vpc.vpc_id in networks and vpc.enable_dns_hostnames is False:
            yield finding(
                "dns-disabled",
                "pending",
                f"VPC {vpc.vpc_id} has its DNS hostnames switched off: it does not resolve the name of file system "
                f"{systems[0].file_system_id}, by which a task mounts it.",
                [quote(snapshot.vpcs, f"Vpcs[{vpc.vpc_id}].EnableDnsHostnames", "false")],
                [
                    change(
                        snapshot,
                        "Switch DNS hostnames on.",
                        op.MODIFY_VPC_ATTRIBUTE,
                        VpcId=vpc.vpc_id,
                        EnableDnsHostnames={"Value": True},
                    ),
                    *fresh_tasks(snapshot),
                    verify(snapshot, "pending"),
                ],
                severity=at_next_start(snapshot),
                apart="hostnames",
            )


CHECK = Check(
    id="way-to-data",
    title="Security groups, network ACLs and names let the task reach its file system and its database",
    playbook="pending",
    run=run,
    causes=("egress-blocked", "nacl-blocks", "dns-disabled"),
    explains=(*NO_TASK, "efs-mount-failed", "db-unreachable"),
)
