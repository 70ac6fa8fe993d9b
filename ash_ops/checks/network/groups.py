"""What security groups let out and in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from ash_ops.checks._findings import change, quote
from ash_ops.checks.base import items
from ash_ops.checks.network.obstacle import Obstacle
from ash_ops.snapshot.models import IpPermission, SecurityGroup, Snapshot
from ash_ops.snapshot.reading import CannotTell


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


def admits(
    rules: Iterable[IpPermission], port: int, address: str | None, group: str | None
) -> bool:
    """Whether some rule lets TCP on ``port`` pass for an address or a member of a group."""
    for rule in rules:
        if not matches_port(rule, port):
            continue
        if group and any(pair.group_id == group for pair in rule.user_id_group_pairs):
            return True
        if address and any(_contains(r.cidr_ip, address) for r in rule.ip_ranges):
            return True
    return False


def _contains(cidr: str | None, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(cidr or "", strict=False)
    except ValueError:
        return False


def open_to_world(rules: Iterable[IpPermission], port: int) -> bool:
    """Whether any address at all may connect to ``port``."""
    return any(
        matches_port(rule, port)
        and (
            any(r.cidr_ip == "0.0.0.0/0" for r in rule.ip_ranges)
            or any(r.cidr_ipv6 == "::/0" for r in rule.ipv6_ranges)
        )
        for rule in rules
    )


def egress_obstacles(snapshot: Snapshot, ids: Iterable[str]) -> list[Obstacle]:
    """What stops HTTPS to the internet at the task's security groups.

    Raises:
        CannotTell: a group was not read, or only some addresses may be reached.
    """
    groups = groups_of(snapshot, ids)
    rules = [
        rule for group in groups for rule in group.ip_permissions_egress if matches_port(rule, 443)
    ]
    if any(r.cidr_ip == "0.0.0.0/0" for rule in rules for r in rule.ip_ranges):
        return []
    if any(rule.ip_ranges for rule in rules):
        raise CannotTell(
            f"{', '.join(g.group_id for g in groups)} lets HTTPS out to some addresses only; "
            "whether the registry is among them cannot be told"
        )
    first = groups[0].group_id if groups else "<security group>"
    lists = [p.prefix_list_id for rule in rules for p in rule.prefix_list_ids]
    only = f" (only to prefix list {lists[0]})" if lists else ""
    return [
        Obstacle(
            f"Security group {first} does not let HTTPS (TCP 443) out to the internet{only}.",
            (
                quote(
                    snapshot.security_groups,
                    f"SecurityGroups[{first}].IpPermissionsEgress",
                    _describe(groups),
                ),
            ),
            (
                change(
                    snapshot,
                    "Allow HTTPS out.",
                    "ec2",
                    "authorize_security_group_egress",
                    GroupId=first,
                    IpPermissions=[
                        {
                            "IpProtocol": "tcp",
                            "FromPort": 443,
                            "ToPort": 443,
                            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                        }
                    ],
                ),
            ),
        )
    ]


def _describe(groups: Iterable[SecurityGroup]) -> str:
    rules = [
        f"{rule.ip_protocol} {rule.from_port}-{rule.to_port} to "
        + ",".join(
            [r.cidr_ip or "?" for r in rule.ip_ranges]
            + [p.prefix_list_id or "?" for p in rule.prefix_list_ids]
            + [g.group_id or "?" for g in rule.user_id_group_pairs]
        )
        for group in groups
        for rule in group.ip_permissions_egress
    ]
    return "; ".join(rules) or "no rule at all"
