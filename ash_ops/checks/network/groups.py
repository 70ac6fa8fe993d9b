"""What security groups let out and in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from contextlib import suppress

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change, quote
from ash_ops.checks.base import items
from ash_ops.checks.network.blocker import Blocker
from ash_ops.facts.network import IpPermission, SecurityGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.open_ranges import is_open

_PRIVATE = tuple(
    ipaddress.IPv4Network(cidr)
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def groups_of(snapshot: Snapshot, ids: Iterable[str]) -> list[SecurityGroup]:
    """The security groups of these ids.

    Raises:
        CannotTell: one of them was not read.
    """
    by_id = {g.group_id: g for g in items(snapshot.security_groups)}
    wanted = list(ids)
    lacking = [i for i in wanted if i not in by_id]
    if lacking:
        raise CannotTell(f"security group {lacking[0]} was not found")
    return [by_id[i] for i in wanted]


def matches_port(rule: IpPermission, port: int) -> bool:
    """Whether a rule is about this TCP port."""
    if rule.ip_protocol in {"-1", "all"}:
        return True
    if rule.ip_protocol not in {"tcp", "6"}:
        return False
    low = rule.from_port if rule.from_port is not None else 0
    high = rule.to_port if rule.to_port is not None else 65535
    return low <= port <= high


def lists_of(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """The address ranges of the prefix lists that were read; none where they could not be."""
    try:
        return {p.prefix_list_id: p.cidrs for p in items(snapshot.prefix_lists)}
    except CannotTell:
        return {}


def require_lists(
    rules: Iterable[IpPermission], port: int, lists: Mapping[str, tuple[str, ...]]
) -> None:
    """What a rule admits through a prefix list must have been read before it can be called shut.

    Raises:
        CannotTell: a list that a rule for ``port`` names was not read.
    """
    rules = list(rules)
    require_whole(rules)
    for rule in rules:
        named = (p.prefix_list_id or "" for p in rule.prefix_list_ids)
        unread = [name for name in named if name not in lists]
        if unread and matches_port(rule, port):
            raise CannotTell(f"prefix list {unread[0]}, which a rule admits, was not read")


def require_whole(rules: Iterable[IpPermission]) -> None:
    """EC2 tells of every rule its protocol and its other side: one without was not read.

    Raises:
        CannotTell: there is such a rule.
    """
    for rule in rules:
        sides = (
            *(r.cidr_ip for r in rule.ip_ranges),
            *(r.cidr_ipv6 for r in rule.ipv6_ranges),
            *(p.group_id for p in rule.user_id_group_pairs),
            *(p.prefix_list_id for p in rule.prefix_list_ids),
        )
        if not rule.ip_protocol or not any(sides):
            raise CannotTell("a rule of a security group was not read whole")


def admits(
    rules: Iterable[IpPermission],
    port: int,
    address: str | None,
    group: str | None,
    lists: Mapping[str, tuple[str, ...]] | None = None,
) -> bool:
    """Whether some rule lets TCP on ``port`` pass for an address or a member of a group.

    Args:
        rules: the rules of one direction.
        port: the TCP port.
        address: an IPv4 or IPv6 address.
        group: the id of a security group.
        lists: the address ranges of prefix lists, by their ids.
    """
    rules = list(rules)
    if group and any(
        matches_port(rule, port) and any(p.group_id == group for p in rule.user_id_group_pairs)
        for rule in rules
    ):
        return True
    return address is not None and admits_network(rules, port, address, lists or {})


def admits_network(
    rules: Iterable[IpPermission], port: int, cidr: str, lists: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether rules let TCP on ``port`` pass for every address of a network.

    Two ranges may cover it together: ``0.0.0.0/1`` and ``128.0.0.0/1`` are the whole internet.
    """
    ranges = [r for rule in rules if matches_port(rule, port) for r in ranges_of(rule, lists)]
    if any(_covers(r, cidr) for r in ranges):
        return True
    return len(ranges) > 1 and any(_covers(r, cidr) for r in _joined(ranges))


def _joined(ranges: Iterable[str]) -> list[str]:
    """IPv4 ranges with neighbours made one."""
    networks = []
    for text in ranges:
        with suppress(ValueError):
            networks.append(ipaddress.IPv4Network(text, strict=False))
    return [str(network) for network in ipaddress.collapse_addresses(networks)]


def ranges_of(rule: IpPermission, lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The address ranges a rule names, by itself or through prefix lists."""
    named = [r.cidr_ip for r in rule.ip_ranges] + [r.cidr_ipv6 for r in rule.ipv6_ranges]
    listed = [c for p in rule.prefix_list_ids for c in lists.get(p.prefix_list_id or "", ())]
    return [cidr for cidr in (*named, *listed) if cidr]


def _covers(outer: str, inner: str) -> bool:
    try:
        wide = ipaddress.ip_network(outer, strict=False)
        narrow = ipaddress.ip_network(inner, strict=False)
    except ValueError:
        return False
    return wide.version == narrow.version and (
        wide.network_address <= narrow.network_address  # type: ignore[operator] # same version
        and wide.broadcast_address >= narrow.broadcast_address  # type: ignore[operator] # same
    )


def lets_out(
    rules: Iterable[IpPermission],
    port: int,
    ranges: Iterable[str],
    lists: Mapping[str, tuple[str, ...]],
) -> bool:
    """Whether some outbound rule may let TCP on ``port`` out to an address of one of these ranges.

    Which addresses a security group or an unread prefix list stands for is not known: a rule that names
    one may be the very rule.
    """
    wanted = list(ranges)
    for rule in rules:
        if not matches_port(rule, port):
            continue
        unread = any(p.prefix_list_id not in lists for p in rule.prefix_list_ids)
        if rule.user_id_group_pairs or unread:
            return True
        if any(_overlap(one, other) for one in ranges_of(rule, lists) for other in wanted):
            return True
    return False


def _overlap(one: str, other: str) -> bool:
    try:
        first, second = (ipaddress.ip_network(each, strict=False) for each in (one, other))
    except ValueError:
        return True  # a range that cannot be read may be any
    return first.version == second.version and first.overlaps(second)


def open_to_world(rules: Iterable[IpPermission], port: int) -> bool:
    """Whether all or nearly all of the internet may connect to ``port``, by one rule or by several."""
    matching = [rule for rule in rules if matches_port(rule, port)]
    fours = [r.cidr_ip for rule in matching for r in rule.ip_ranges]
    sixes = [r.cidr_ipv6 for rule in matching for r in rule.ipv6_ranges]
    return is_open(cidr for cidr in (*fours, *sixes) if cidr)


def egress_blockers(snapshot: Snapshot, ids: Iterable[str]) -> list[Blocker]:
    """What stops HTTPS to the internet at the task's security groups.

    Raises:
        CannotTell: a group was not read, or only some addresses may be reached.
    """
    groups = groups_of(snapshot, ids)
    if not groups:
        raise CannotTell("the service names no security group for its tasks")
    rules = [
        rule for group in groups for rule in group.ip_permissions_egress if matches_port(rule, 443)
    ]
    if any(r.cidr_ip == "0.0.0.0/0" for rule in rules for r in rule.ip_ranges):
        return []
    if any(_leads_out(r.cidr_ip) for rule in rules for r in rule.ip_ranges):
        raise CannotTell(
            f"{', '.join(g.group_id for g in groups)} lets HTTPS out to some addresses only; "
            "whether the registry is among them cannot be told"
        )
    require_whole(rule for group in groups for rule in group.ip_permissions_egress)
    return [_closed(snapshot, groups, rules)]


def _closed(snapshot: Snapshot, groups: list[SecurityGroup], rules: list[IpPermission]) -> Blocker:
    first = groups[0].group_id
    lists = [p.prefix_list_id for rule in rules for p in rule.prefix_list_ids]
    only = f" (only to prefix list {lists[0]})" if lists else ""
    everywhere = [{"CidrIp": "0.0.0.0/0"}]
    field = f"SecurityGroups[{first}].IpPermissionsEgress"
    return Blocker(
        "egress-blocked",
        f"Security group {first} does not let HTTPS (TCP 443) out to the internet{only}.",
        (quote(snapshot.security_groups, field, outbound_rules(groups)),),
        (
            change(
                snapshot,
                "Allow HTTPS out.",
                op.AUTHORIZE_SECURITY_GROUP_EGRESS,
                GroupId=first,
                IpPermissions=[
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": everywhere}
                ],
            ),
        ),
    )


def _leads_out(cidr: str | None) -> bool:
    """Whether a range holds public addresses; the VPC's own are no way to the internet."""
    try:
        return not is_private(cidr or "")
    except ValueError:
        return True


def is_private(cidr: str) -> bool:
    """Whether an address or network is one that only private networks use (RFC 1918, RFC 6598).

    Raises:
        ValueError: it is neither.
    """
    network = ipaddress.ip_network(cidr, strict=False)
    return isinstance(network, ipaddress.IPv4Network) and any(
        network.subnet_of(own) for own in _PRIVATE
    )


def outbound_rules(groups: Iterable[SecurityGroup]) -> str:
    """The outbound rules of some groups, in their order."""
    rules = [
        f"{rule.ip_protocol}{_ports(rule)} to "
        + ",".join(
            [r.cidr_ip or "?" for r in rule.ip_ranges]
            + [p.prefix_list_id or "?" for p in rule.prefix_list_ids]
            + [g.group_id or "?" for g in rule.user_id_group_pairs]
        )
        for group in groups
        for rule in group.ip_permissions_egress
    ]
    return "; ".join(rules) or "no rule at all"


def _ports(rule: IpPermission) -> str:
    """The ports of a rule; nothing of one for every protocol, which has none."""
    return "" if rule.from_port is None else f" {rule.from_port}-{rule.to_port}"
