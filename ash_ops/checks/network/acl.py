"""What a subnet's network ACL lets through, rule by rule and both ways."""

from __future__ import annotations

import ipaddress
from itertools import chain, islice

from msgspec.structs import replace

from ash_ops.checks._findings import aws_command, quote
from ash_ops.checks.base import Fix, items
from ash_ops.checks.network.blocker import Blocker
from ash_ops.facts.network import NetworkAcl, NetworkAclEntry, PortRange, Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_ANYWHERE = "0.0.0.0/0"
_TCP = {"6", "tcp", "-1", "all"}
# Linux containers answer on 32768-60999; NAT gateways use 1024-65535 (AWS documentation,
# "Custom network ACLs": ephemeral ports).
EPHEMERAL = (32768, 60999)
CLIENT_PORTS = (1024, 65535)
HTTPS = (443, 443)
NFS = (2049, 2049)  # on which the mount targets of EFS listen
# The numbers that a rule may have (API reference, "CreateNetworkAclEntry"), and where ours go.
_LAST_NUMBER = 32766
_FIRST_CHOICE = 100


def acl_blockers(snapshot: Snapshot, subnet: Subnet, *, egress: bool) -> list[Blocker]:
    """What stops HTTPS from a subnet to the internet at the network ACL, or its answers.

    Args:
        snapshot: the facts.
        subnet: where the packets start.
        egress: the requests on their way out; else the answers on their way in.

    Raises:
        CannotTell: the ACL was not read, or lets only some addresses through.
    """
    acl = acl_of(snapshot, subnet)
    ports = HTTPS if egress else EPHEMERAL
    if acl is None or allows(acl, ports, egress=egress):
        return []
    what = "TCP 443 out" if egress else "the answers in (TCP 32768-60999)"
    return [_blocked(snapshot, acl, subnet, what, egress=egress, ports=ports)]


def acl_of(snapshot: Snapshot, subnet: Subnet) -> NetworkAcl | None:
    """The ACL of a subnet; ``None`` where none is known, as in emulators without any."""
    acls = list(items(snapshot.network_acls))
    own = [a for a in acls if any(x.subnet_id == subnet.subnet_id for x in a.associations)]
    default = [a for a in acls if a.is_default and a.vpc_id == subnet.vpc_id]
    return next(iter(own or default), None)


def allows(acl: NetworkAcl, ports: tuple[int, int], *, egress: bool, cidr: str = _ANYWHERE) -> bool:
    """Whether TCP on all ``ports`` to or from every address of ``cidr`` passes the ACL.

    Rules are tried in the order of their numbers; the first that matches decides, and what no
    rule matches is denied (AWS documentation, "Network ACL rules").

    Raises:
        CannotTell: only some addresses or ports pass, so that it depends on the other end; some of a
            network's are denied; or no rule of IPv6 is known, as in a snapshot of before they were read.
    """
    if ":" in cidr and not any(entry.ipv6_cidr_block for entry in acl.entries):
        raise CannotTell(f"no rule of {acl.network_acl_id} for IPv6 addresses is known")
    partial = denied = False
    for entry in _rules(acl, egress=egress):
        if (entry.protocol or "-1").lower() not in _TCP or not _overlaps(entry, ports):
            continue
        meets, contains = _compare(entry.cidr_block or entry.ipv6_cidr_block or "", cidr)
        if not meets:
            continue
        if not (contains and _covers(entry, ports)):
            # A rule for some addresses or ports settles nothing about the rest.
            partial = partial or entry.rule_action == "allow"
            denied = denied or (entry.rule_action == "deny" and _covers(entry, ports))
            continue
        if entry.rule_action != "allow":
            break
        # Of the whole world some are shut out in many places; of a network they may be the ones that matter.
        partial = denied and cidr != _ANYWHERE
        if not partial:
            return True
        break
    if partial:
        raise CannotTell(
            f"{acl.network_acl_id} lets only some addresses or ports through; "
            "whether the ones needed are among them cannot be told"
        )
    _require_whole(acl)
    return False


def _require_whole(acl: NetworkAcl) -> None:
    """EC2 tells of every rule what it matches and what it does, and the last rule of every ACL denies the rest.

    Raises:
        CannotTell: a rule was not read whole, or not even one was.
    """
    odd = not acl.entries or any(
        e.egress is None
        or e.rule_action not in {"allow", "deny"}
        or not e.protocol
        or not (e.cidr_block or e.ipv6_cidr_block)
        for e in acl.entries
    )
    if odd:
        raise CannotTell(f"the rules of {acl.network_acl_id} were not read whole")


def _compare(block: str, cidr: str) -> tuple[bool, bool]:
    """Whether a rule's range meets another range, and whether it contains all of it."""
    try:
        rule, asked = ipaddress.ip_network(block, strict=False), ipaddress.ip_network(cidr)
    except ValueError:
        return False, False
    if isinstance(rule, ipaddress.IPv4Network) and isinstance(asked, ipaddress.IPv4Network):
        return rule.overlaps(asked), asked.subnet_of(rule)
    if isinstance(rule, ipaddress.IPv6Network) and isinstance(asked, ipaddress.IPv6Network):
        return rule.overlaps(asked), asked.subnet_of(rule)
    return False, False


def _rules(acl: NetworkAcl, *, egress: bool) -> list[NetworkAclEntry]:
    sides = (e for e in acl.entries if bool(e.egress) is egress)
    chosen = [e for e in sides if e.cidr_block or e.ipv6_cidr_block]
    return sorted(chosen, key=lambda e: e.rule_number if e.rule_number is not None else 32767)


def _span(entry: NetworkAclEntry) -> tuple[int, int]:
    ports = entry.port_range
    if ports is None or ports.from_ is None or ports.to is None or entry.protocol in {"-1", "all"}:
        return (0, 65535)
    return (ports.from_, ports.to)


def _overlaps(entry: NetworkAclEntry, ports: tuple[int, int]) -> bool:
    low, high = _span(entry)
    return low <= ports[1] and ports[0] <= high


def _covers(entry: NetworkAclEntry, ports: tuple[int, int]) -> bool:
    low, high = _span(entry)
    return low <= ports[0] and ports[1] <= high


def described(acl: NetworkAcl, *, egress: bool) -> str:
    """The rules of one direction, in their order."""
    rules = (
        f"{e.rule_number} {e.rule_action} {e.protocol} {e.cidr_block or e.ipv6_cidr_block}"
        for e in _rules(acl, egress=egress)
    )
    return "; ".join(rules) or "none"


def allow_entry(
    snapshot: Snapshot,
    acl: NetworkAcl,
    ports: tuple[int, int],
    *,
    egress: bool,
    cidr: str = _ANYWHERE,
    beside: int = 0,
) -> list[Fix]:
    """Let ``ports`` through by a rule with a free number before the one that denies them.

    For all addresses of the version that ``cidr`` is of.

    Args:
        snapshot: the facts.
        acl: the ACL.
        ports: the first and the last.
        egress: for packets that leave the subnet.
        cidr: the other end.
        beside: how many rules the same repair adds before this one.
    """
    everywhere = "::/0" if ":" in cidr else _ANYWHERE
    rules = _rules(acl, egress=egress)
    taken = {e.rule_number for e in rules if e.rule_number}
    deny = next((e for e in rules if _denies(e, ports)), None)
    before = deny.rule_number if deny and deny.rule_number else _LAST_NUMBER + 1
    numbers = chain(range(min(before, _FIRST_CHOICE) - 1, 0, -1), range(before - 1, 0, -1))
    free = dict.fromkeys(n for n in numbers if n not in taken)
    number = next(islice(free, beside, None), None)
    why = "Allow it with a rule that comes before the one that denies it."
    if number is not None:
        opening = _opening(number, ports, egress=egress, cidr=everywhere)
        return [_put(snapshot, acl, why, opening, "create")]
    return _make_room(snapshot, acl, deny, ports, everywhere) if deny else [Fix(why=why)]


def _denies(entry: NetworkAclEntry, ports: tuple[int, int]) -> bool:
    protocol = (entry.protocol or "-1").lower()
    return entry.rule_action == "deny" and protocol in _TCP and _overlaps(entry, ports)


def _make_room(
    snapshot: Snapshot, acl: NetworkAcl, deny: NetworkAclEntry, ports: tuple[int, int], cidr: str
) -> list[Fix]:
    """Every number before the denial is taken: it moves one further, where that is free.

    A person decides: for a moment between the two calls the rules are in both places.
    """
    egress, number = bool(deny.egress), deny.rule_number or 1
    taken = {e.rule_number for e in _rules(acl, egress=egress)}
    if number + 1 in taken:
        return [
            Fix(
                why=f"No number before rule {number}, which denies it, is free: renumber the rules of "
                f"{acl.network_acl_id}, so that one that allows it comes first."
            )
        ]
    moved = replace(deny, rule_number=number + 1)
    why = f"Keep what rule {number} denies, one number further."
    opening = _opening(number, ports, egress=egress, cidr=cidr)
    return [
        _put(snapshot, acl, why, moved, "create"),
        _put(snapshot, acl, "Then allow it in that rule's place.", opening, "replace"),
    ]


def _opening(number: int, ports: tuple[int, int], *, egress: bool, cidr: str) -> NetworkAclEntry:
    six = ":" in cidr
    return NetworkAclEntry(
        rule_number=number,
        rule_action="allow",
        egress=egress,
        protocol="tcp",
        cidr_block=None if six else cidr,
        ipv6_cidr_block=cidr if six else None,
        port_range=PortRange(from_=ports[0], to=ports[1]),
    )


def _put(snapshot: Snapshot, acl: NetworkAcl, why: str, entry: NetworkAclEntry, verb: str) -> Fix:
    span = entry.port_range
    ports = f"--port-range From={span.from_},To={span.to} " if span else ""
    block = f"--cidr-block {entry.cidr_block}"
    if entry.ipv6_cidr_block:
        block = f"--ipv6-cidr-block {entry.ipv6_cidr_block}"
    return Fix(
        why=why,
        command=aws_command(
            snapshot,
            f"ec2 {verb}-network-acl-entry --network-acl-id {acl.network_acl_id} "
            f"--{'egress' if entry.egress else 'ingress'} --rule-number {entry.rule_number} "
            f"--protocol {entry.protocol} {ports}{block} "
            f"--rule-action {entry.rule_action}",
        ),
    )


def _blocked(
    snapshot: Snapshot,
    acl: NetworkAcl,
    subnet: Subnet,
    what: str,
    *,
    egress: bool,
    ports: tuple[int, int],
) -> Blocker:
    side = "egress" if egress else "ingress"
    field = f"NetworkAcls[{acl.network_acl_id}].Entries[{side}]"
    return Blocker(
        "nacl-blocks",
        f"Network ACL {acl.network_acl_id} of subnet {subnet.subnet_id} does not let {what}.",
        (quote(snapshot.network_acls, field, described(acl, egress=egress)),),
        tuple(allow_entry(snapshot, acl, ports, egress=egress)),
    )
