"""Whether packets arrive: routes, gateways, endpoints, security groups and network ACLs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ash_ops.demo.overlay import state

Record = dict[str, Any]

HTTPS = 443
# From here ports are taken for the answers (Linux; a NAT gateway begins at 1024).
_FIRST_EPHEMERAL = 32768
_ANYWHERE = "0.0.0.0/0"
_SOMEWHERE = "198.51.100.10"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the network.

    Attributes:
        subnet: its subnet.
        groups: its security groups.
        address: its private address; empty while it has none.
        public: whether it has a public address besides.
    """

    subnet: str
    groups: tuple[str, ...]
    address: str = ""
    public: bool = False

    @property
    def vpc(self) -> str:
        """The VPC it stands in."""
        return str(state.subnets().get(self.subnet, {}).get("VpcId", ""))


def to_internet(place: Place, port: int = HTTPS) -> bool:
    """Whether a connection to a host on the internet comes about."""
    return (
        _names_are_resolved(place)
        and _groups_allow(place.groups, "IpPermissionsEgress", port, _SOMEWHERE, ())
        and _acl_lets_out(place.subnet, port, _SOMEWHERE)
        and _leads_out(place.subnet, public=place.public)
    )


def to_aws(place: Place, service: str) -> bool:
    """Whether a connection to an AWS service comes about, by its endpoint if there is one.

    Args:
        place: who connects.
        service: the last part of the endpoint's name, for instance ``secretsmanager``.
    """
    endpoint = _endpoint(place.vpc, service)
    if endpoint is None:
        return to_internet(place)
    if endpoint.get("VpcEndpointType") == "Gateway":
        return _route_table(place.subnet).get("RouteTableId") in endpoint["RouteTableIds"] or (
            to_internet(place)
        )
    if endpoint["State"].lower() != "available" or not _names_are_resolved(place):
        return False
    subnets = endpoint.get("SubnetIds") or [place.subnet]
    there = Place(subnets[0], tuple(_groups_of_endpoint(endpoint)), _address_in(subnets[0]))
    return between(place, there, HTTPS)


def between(source: Place, target: Place, port: int) -> bool:
    """Whether a connection inside the VPC comes about."""
    return (
        _groups_allow(source.groups, "IpPermissionsEgress", port, target.address, target.groups)
        and _groups_allow(target.groups, "IpPermissions", port, source.address, source.groups)
        and (
            source.subnet == target.subnet
            or (
                _acl_lets_out(source.subnet, port, target.address)
                and acl_lets_in(target.subnet, port, source.address)
            )
        )
    )


def from_client(balancer: Record, subnet: str, port: int, address: str) -> bool:
    """Whether a client outside gets through to a load balancer's port in one of its subnets."""
    return (
        _groups_allow(balancer["SecurityGroups"], "IpPermissions", port, address, ())
        and acl_lets_in(subnet, port, address)
        and (balancer["Scheme"] == "internal" or _leads_out(subnet, public=True))
    )


def acl_lets_in(subnet: str, port: int, source: str) -> bool:
    """Whether a subnet's ACL lets a connection in, and its answers out."""
    acl = _acl(subnet)
    return _acl_allows(acl, port, source, egress=False) and _acl_allows(
        acl, _FIRST_EPHEMERAL, source, egress=True
    )


def _acl_lets_out(subnet: str, port: int, target: str) -> bool:
    acl = _acl(subnet)
    return _acl_allows(acl, port, target, egress=True) and _acl_allows(
        acl, _FIRST_EPHEMERAL, target, egress=False
    )


def _acl(subnet: str) -> Record:
    for acl in state.network_acls().values():
        if any(a.get("SubnetId") == subnet for a in acl["Associations"]):
            return acl
    vpc = state.subnets().get(subnet, {}).get("VpcId")
    found = [a for a in state.network_acls().values() if a["VpcId"] == vpc and a["IsDefault"]]
    return found[0] if found else {"Entries": []}


def _acl_allows(acl: Record, port: int, address: str, *, egress: bool) -> bool:
    entries = [e for e in acl["Entries"] if e["Egress"] is egress and "CidrBlock" in e]
    for entry in sorted(entries, key=lambda e: int(e["RuleNumber"])):
        if _entry_is_about(entry, port, address):
            return str(entry["RuleAction"]) == "allow"
    return False


def _entry_is_about(entry: Record, port: int, address: str) -> bool:
    if str(entry["Protocol"]) not in ("-1", "6", "tcp"):
        return False
    ports = entry.get("PortRange") or {}
    first, last = int(ports.get("From", 0)), int(ports.get("To", 65535))
    inside = not address or ipaddress.ip_address(address) in ipaddress.ip_network(
        entry["CidrBlock"], strict=False
    )
    return inside and (str(entry["Protocol"]) == "-1" or first <= port <= last)


def _groups_allow(
    groups: Iterable[str], side: str, port: int, address: str, others: Sequence[str]
) -> bool:
    known = state.security_groups()
    return any(
        _rule_allows(rule, port, address, others)
        for group in groups
        for rule in known.get(group, {}).get(side, [])
    )


def _rule_allows(rule: Record, port: int, address: str, others: Sequence[str]) -> bool:
    protocol = str(rule["IpProtocol"])
    if protocol not in ("-1", "tcp", "6"):
        return False
    first, last = int(rule.get("FromPort", 0)), int(rule.get("ToPort", 65535))
    if protocol != "-1" and not first <= port <= last:
        return False
    if any(pair.get("GroupId") in others for pair in rule.get("UserIdGroupPairs", [])):
        return True
    ranges = [r["CidrIp"] for r in rule.get("IpRanges", [])]
    return any(_within(address, cidr) for cidr in ranges)


def _within(address: str, cidr: str) -> bool:
    if cidr == _ANYWHERE:
        return True
    return bool(address) and ipaddress.ip_address(address) in ipaddress.ip_network(
        cidr, strict=False
    )


def _names_are_resolved(place: Place) -> bool:
    return state.vpc_resolves_names(place.vpc)


def _route_table(subnet: str) -> Record:
    main: Record = {"Routes": []}
    vpc = state.subnets().get(subnet, {}).get("VpcId")
    for table in state.route_tables().values():
        associations = table.get("Associations", [])
        if any(a.get("SubnetId") == subnet for a in associations):
            return table
        if table["VpcId"] == vpc and any(a.get("Main") for a in associations):
            main = table
    return main


def _leads_out(subnet: str, *, public: bool) -> bool:
    routes = _route_table(subnet)["Routes"]
    route = next((r for r in routes if r.get("DestinationCidrBlock") == _ANYWHERE), None)
    if route is None or route.get("State", "active") != "active":
        return False
    if str(route.get("GatewayId", "")).startswith("igw-"):
        return public and state.internet_gateway_is_attached(route["GatewayId"])
    nat = state.nat_gateways().get(route.get("NatGatewayId", ""))
    if nat is not None:
        return nat["State"] == "available" and _leads_out(nat["SubnetId"], public=True)
    return bool(route.get("TransitGatewayId") or route.get("NetworkInterfaceId"))


def _endpoint(vpc: str, service: str) -> Record | None:
    name = f"com.amazonaws.{state.region()}.{service}"
    for endpoint in state.vpc_endpoints().values():
        # Without a private name of its own, callers go on to the service's public address.
        is_used = endpoint["VpcEndpointType"] == "Gateway" or endpoint.get(
            "PrivateDnsEnabled", True
        )
        if endpoint["VpcId"] == vpc and endpoint["ServiceName"] == name and is_used:
            return endpoint
    return None


def _groups_of_endpoint(endpoint: Record) -> list[str]:
    return [g["GroupId"] if isinstance(g, dict) else g for g in endpoint.get("Groups", [])]


def _address_in(subnet: str) -> str:
    block = state.subnets().get(subnet, {}).get("CidrBlock", "10.0.0.0/24")
    return str(ipaddress.ip_network(block)[10])
