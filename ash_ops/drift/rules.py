"""The rules of a security group one by one, as EC2 has them and as a template asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from ash_ops.facts.network import IpPermission

# IANA's numbers; EC2 answers with the names of these and with numbers for all others.
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
# A template's property for the other side -> how EC2 writes it in an IpPermission.
_SOURCES = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
}


class Rule(Struct, frozen=True, order=True):
    """One protocol, one range of ports, one other side.

    Attributes:
        member: the member of an ``IpPermission`` that names the other side.
        key: the field in it.
        value: the address range, group or prefix list.
    """

    protocol: str
    first: int | None
    last: int | None
    member: str
    key: str
    value: str

    @property
    def permission(self) -> dict[str, Any]:
        """The rule as EC2's calls take it."""
        ports = {} if self.first is None else {"FromPort": self.first, "ToPort": self.last}
        return {"IpProtocol": self.protocol, **ports, self.member: [{self.key: self.value}]}

    def told(self, direction: str) -> str:
        """The rule in words, for instance ``tcp 4100 from 0.0.0.0/0``."""
        span = f" {self.first}" if self.first == self.last else f" {self.first}-{self.last}"
        ports = "" if self.first is None else span
        protocol = "everything" if self.protocol == "-1" else self.protocol
        return f"{protocol}{ports} {direction} {self.value}"


def rules_of(permissions: Iterable[IpPermission]) -> Iterator[Rule]:
    """The rules that a group has."""
    for each in permissions:
        sides = (
            *(("IpRanges", "CidrIp", r.cidr_ip) for r in each.ip_ranges),
            *(("Ipv6Ranges", "CidrIpv6", r.cidr_ipv6) for r in each.ipv6_ranges),
            *(("UserIdGroupPairs", "GroupId", p.group_id) for p in each.user_id_group_pairs),
            *(("PrefixListIds", "PrefixListId", p.prefix_list_id) for p in each.prefix_list_ids),
        )
        for member, key, value in sides:
            if value:
                yield _rule(each.ip_protocol, each.from_port, each.to_port, member, key, value)


def wanted_rules(raw: Iterable[Any]) -> Iterator[Rule]:
    """The rules that a template asks for.

    Raises:
        ValueError: a port is no number, or a rule names no other side that is known.
    """
    for each in raw:
        known = each if isinstance(each, Mapping) else {}
        side = next((name for name in _SOURCES if known.get(name)), None)
        if side is None:
            raise ValueError("a rule whose other side is not known")
        member, key = _SOURCES[side]
        ports = [
            int(str(p)) if (p := each.get(n)) is not None else None for n in ("FromPort", "ToPort")
        ]
        yield _rule(each.get("IpProtocol"), ports[0], ports[1], member, key, str(each[side]))


def _rule(
    protocol: str | None, first: int | None, last: int | None, member: str, key: str, value: str
) -> Rule:
    name = _PROTOCOLS.get(str(protocol), str(protocol))
    if name == "-1":  # all ports, whatever is written
        first = last = None
    return Rule(name, first, last, member, key, value.lower())
