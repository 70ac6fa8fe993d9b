"""A small reference of how AWS carries packets, made from its documentation and not from our checks.

It reads the answers of the EC2 API as they come, cuts the internet into the fewest pieces on which every
rule is constant, and sends a packet of each piece: HTTPS out of a subnet, and the answer back. It is slow,
it explains nothing, and it knows sets only; what the checks say of the same facts must agree with it.

Sources: AWS documentation, "Network ACL rules", "Route priority", "Security group rules", "NAT gateway
basics", "Internet gateways", "Gateway endpoints" and "Access an AWS service using an interface VPC endpoint".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any, Literal

Row = dict[str, Any]
World = dict[str, Any]
Verdict = Literal["open", "shut", "depends", "unknown"]
# Where answers come back to: Linux' own range of ephemeral ports.
EPHEMERAL = range(32768, 61000)
_TOP = 2**32
# What no route of the internet carries (RFC 1918, RFC 6598).
_NOT_THE_INTERNET = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


def span(cidr: str) -> range:
    """The addresses of a range, as numbers."""
    network = ipaddress.IPv4Network(cidr, strict=False)
    first = int(network.network_address)
    return range(first, first + network.num_addresses)


def pieces(cidrs: Iterable[str]) -> list[int]:
    """One address of each piece into which ranges cut all addresses."""
    edges = {0}
    for cidr in cidrs:
        edges |= {span(cidr).start, span(cidr).stop}
    return sorted(edge for edge in edges if edge < _TOP)


def internet(cidrs: Iterable[str]) -> list[int]:
    """One public address of each piece of the internet."""
    private = [span(cidr) for cidr in _NOT_THE_INTERNET]
    found = pieces([*cidrs, *_NOT_THE_INTERNET])
    return [address for address in found if not any(address in own for own in private)]


def cidrs_of(tree: Any) -> list[str]:
    """Every IPv4 range that stands anywhere in some facts."""
    if isinstance(tree, dict):
        return [c for value in tree.values() for c in cidrs_of(value)]
    if isinstance(tree, list | tuple):
        return [c for value in tree for c in cidrs_of(value)]
    try:
        return [tree] if isinstance(tree, str) and "/" in tree and span(tree) else []
    except ValueError:
        return []


def acl_passes(entries: Iterable[Row], address: int, port: int, *, egress: bool) -> bool:
    """Whether the first rule that matches a TCP packet allows it."""
    mine = [e for e in entries if bool(e.get("Egress")) is egress and e.get("CidrBlock")]
    for entry in sorted(mine, key=lambda e: int(e["RuleNumber"])):
        protocol, ports = str(entry["Protocol"]), entry.get("PortRange")
        if protocol not in {"-1", "6", "tcp"} or address not in span(entry["CidrBlock"]):
            continue
        if protocol == "-1" or not ports or ports["From"] <= port <= ports["To"]:
            return bool(entry["RuleAction"] == "allow")
    return False


def group_passes(rules: Iterable[Row], address: int, port: int) -> bool:
    """Whether some rule of a security group lets a TCP packet pass."""
    for rule in rules:
        protocol = rule["IpProtocol"]
        about = protocol == "-1" or (
            protocol in {"tcp", "6"}
            and rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535)
        )
        if about and any(address in span(r["CidrIp"]) for r in rule.get("IpRanges", ())):
            return True
    return False


def rows(world: World, name: str) -> list[Row]:
    """What a reading found."""
    return list(world[name].get("value") or ())


def find(found: Iterable[Row], key: str, wanted: Any) -> Row | None:
    """The row of an id."""
    return next((row for row in found if row.get(key) == wanted), None)


def table(world: World, subnet: Row) -> Row | None:
    """The route table that serves a subnet: its own, else the main one of its VPC."""
    mine = [t for t in rows(world, "route_tables") if t.get("VpcId") == subnet["VpcId"]]
    own = [t for t in mine if find(t.get("Associations", ()), "SubnetId", subnet["SubnetId"])]
    main = [t for t in mine if find(t.get("Associations", ()), "Main", True)]
    return next(iter([*own, *main]), None)


def route(world: World, subnet: Row, address: int) -> Row | None:
    """The most specific route to an address."""
    serving = table(world, subnet)
    known = [r for r in (serving or {}).get("Routes", ()) if r.get("DestinationCidrBlock")]
    fitting = [r for r in known if address in span(r["DestinationCidrBlock"])]
    return min(fitting, key=lambda r: len(span(r["DestinationCidrBlock"])), default=None)


def _gateway(world: World, subnet: Row, way: Row, *, public_ip: bool) -> bool:
    found = find(rows(world, "internet_gateways"), "InternetGatewayId", way["GatewayId"])
    attached = [a.get("VpcId") for a in (found or {}).get("Attachments", ())]
    return public_ip and subnet["VpcId"] in attached


def carried(world: World, subnet: Row, address: int, *, public_ip: bool) -> bool | None:
    """Whether the routes carry a packet to an address of the internet; ``None``: that cannot be seen."""
    way = route(world, subnet, address)
    if way is None or way.get("State") == "blackhole":
        return False
    if str(way.get("GatewayId", "")).startswith("igw-"):
        return _gateway(world, subnet, way, public_ip=public_ip)
    if not way.get("NatGatewayId"):
        return None
    nat = find(rows(world, "nat_gateways"), "NatGatewayId", way["NatGatewayId"])
    if nat is None or nat["State"] != "available":
        return False
    if nat.get("ConnectivityType") == "private":
        return None
    home = find(rows(world, "subnets"), "SubnetId", nat["SubnetId"])
    onward = route(world, home, address) if home else None
    if home is None or (onward and onward.get("NatGatewayId")):
        return False
    return carried(world, home, address, public_ip=True)


def entries_of(world: World, subnet: Row) -> list[Row]:
    """The rules of the ACL that guards a subnet: its own, else the default one."""
    known = rows(world, "network_acls")
    for acl in known:
        if find(acl.get("Associations", ()), "SubnetId", subnet["SubnetId"]):
            return list(acl["Entries"])
    default = [a for a in known if a.get("IsDefault") and a.get("VpcId") == subnet["VpcId"]]
    return list(default[0]["Entries"]) if default else []


def answers(entries: list[Row], address: int) -> set[bool]:
    """Whether answers from an address pass, to one ephemeral port of each piece of them."""
    edges = {EPHEMERAL.start}
    for entry in entries:
        ports = entry.get("PortRange") or {}
        edges |= {p for p in (ports.get("From", 0), ports.get("To", -1) + 1) if p in EPHEMERAL}
    return {acl_passes(entries, address, port, egress=False) for port in edges}


def verdict(world: World, subnet_id: str) -> Verdict:
    """What becomes of HTTPS from a task of the service in a subnet to the whole internet."""
    service = world["service"]["value"]["networkConfiguration"]["awsvpcConfiguration"]
    subnet = find(rows(world, "subnets"), "SubnetId", subnet_id)
    assert subnet is not None
    vpc = find(rows(world, "vpcs"), "VpcId", subnet["VpcId"]) or {}
    if vpc.get("EnableDnsSupport") is False:
        return "shut"
    groups = [find(rows(world, "security_groups"), "GroupId", g) for g in service["securityGroups"]]
    rules = [rule for group in groups if group for rule in group.get("IpPermissionsEgress", ())]
    entries = entries_of(world, subnet)
    public_ip = service["assignPublicIp"] == "ENABLED"
    outcomes: set[bool | None] = set()
    ranges = cidrs_of([world["route_tables"], entries, rules])
    for address in internet(ranges):
        leaves = group_passes(rules, address, 443) and acl_passes(
            entries, address, 443, egress=True
        )
        way = carried(world, subnet, address, public_ip=public_ip) if leaves else False
        outcomes |= {way if came_back else False for came_back in answers(entries, address)}
    if len(outcomes) > 1:
        return "depends"
    named: dict[bool | None, Verdict] = {True: "open", False: "shut", None: "unknown"}
    return named[outcomes.pop()]


def served(world: World, subnets: Iterable[str], service: str) -> bool:
    """Whether endpoints carry an AWS service to every one of some subnets without the internet."""
    homes = [s for s in rows(world, "subnets") if s["SubnetId"] in set(subnets)]
    ours: list[Callable[[Row], bool]] = [
        lambda e: e["State"] == "available",
        lambda e: e["ServiceName"].endswith(f".{service}"),
        lambda e: (
            bool(e.get("PrivateDnsEnabled"))
            if e["VpcEndpointType"] == "Interface"
            else all(
                (table(world, s) or {}).get("RouteTableId") in e["RouteTableIds"] for s in homes
            )
        ),
    ]
    return any(all(test(e) for test in ours) for e in rows(world, "vpc_endpoints"))
