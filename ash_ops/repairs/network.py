"""What commands of EC2 do to the facts: security groups, routes, network ACLs, gateways, DNS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ash_ops.checks.network.groups import admits, admits_network, lists_of
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import (
    InternetGatewayAttachment,
    IpPermission,
    NetworkAcl,
    NetworkAclEntry,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
)
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.facts import Refused, Unknowable, changed, copied, read, with_values

_Options = Mapping[str, Any]


def _permissions(options: _Options) -> list[IpPermission]:
    """The rules of a command, in the API's form or the `aws` command's shorter one."""
    if "ip-permissions" in options:
        given = options["ip-permissions"]
        rows = given if isinstance(given, list) else [given]
        return [fact_of(IpPermission, row) for row in rows]
    low, _, high = str(options["port"]).partition("-")
    rule: dict[str, Any] = {
        "IpProtocol": options["protocol"],
        "FromPort": int(low),
        "ToPort": int(high or low),
    }
    if "cidr" in options:
        if ":" in options["cidr"]:
            raise Refused(f"{options['cidr']} is no IPv4 range, and --cidr takes no other")
        rule["IpRanges"] = [{"CidrIp": options["cidr"]}]
    else:
        rule["UserIdGroupPairs"] = [{"GroupId": options["source-group"]}]
    return [fact_of(IpPermission, rule)]


def _is_admitted(snapshot: Snapshot, rules: tuple[IpPermission, ...], new: IpPermission) -> bool:
    lists, ports = lists_of(snapshot), {new.from_port or 0, new.to_port or 65535}
    ranges = [r.cidr_ip for r in new.ip_ranges] + [r.cidr_ipv6 for r in new.ipv6_ranges]
    return all(
        admits(rules, port, None, pair.group_id)
        for pair in new.user_id_group_pairs
        for port in ports
    ) and all(admits_network(rules, port, cidr or "", lists) for cidr in ranges for port in ports)


def _authorize(field: str) -> Callable[[Snapshot, _Options], Snapshot]:
    def apply(snapshot: Snapshot, options: _Options) -> Snapshot:
        def admit(group: SecurityGroup) -> SecurityGroup:
            rules: tuple[IpPermission, ...] = getattr(group, field) or ()
            new = [r for r in _permissions(options) if not _is_admitted(snapshot, rules, r)]
            return copied(group, **{field: (*rules, *new)}) if new else group

        return changed(snapshot, "security_groups", "group_id", options["group-id"], admit)

    return apply


def _revoke(snapshot: Snapshot, options: _Options) -> Snapshot:
    gone = _permissions(options)

    def remove(group: SecurityGroup) -> SecurityGroup:
        left = tuple(r for r in group.ingress or () if r not in gone)
        if left == group.ingress:
            raise Refused(f"{group.group_id} has no such rule")
        return copied(group, ingress=left)

    return changed(snapshot, "security_groups", "group_id", options["group-id"], remove)


def _routed(options: _Options, *, replace: bool) -> Callable[[RouteTable], RouteTable]:
    where = options["destination-cidr-block"]
    route = Route(
        destination_cidr_block=where,
        gateway_id=options.get("gateway-id"),
        nat_gateway_id=options.get("nat-gateway-id"),
        state="active",
    )
    target = route.gateway_id or route.nat_gateway_id or ""
    if not target or target.startswith("<"):
        raise Unknowable(where)

    def apply(table: RouteTable) -> RouteTable:
        old = [r for r in table.routes if r.destination_cidr_block == where]
        if bool(old) is not replace:
            raise Refused(f"{table.route_table_id} has {'a' if old else 'no'} route to {where}")
        return copied(table, routes=(*(r for r in table.routes if r not in old), route))

    return apply


def _create_route(snapshot: Snapshot, options: _Options) -> Snapshot:
    table = options["route-table-id"]
    return changed(
        snapshot, "route_tables", "route_table_id", table, _routed(options, replace=False)
    )


def _replace_route(snapshot: Snapshot, options: _Options) -> Snapshot:
    table = options["route-table-id"]
    return changed(
        snapshot, "route_tables", "route_table_id", table, _routed(options, replace=True)
    )


def _entry(options: _Options) -> NetworkAclEntry:
    ports = options.get("port-range")
    span = fact_of(PortRange, ports) if ports else None
    return NetworkAclEntry(
        rule_number=int(options["rule-number"]),
        rule_action=options["rule-action"],
        egress="egress" in options,
        protocol=str(options["protocol"]),
        cidr_block=options.get("cidr-block"),
        ipv6_cidr_block=options.get("ipv6-cidr-block"),
        port_range=span,
    )


def _acl_entry(snapshot: Snapshot, options: _Options, *, replace: bool) -> Snapshot:
    new = _entry(options)

    def apply(acl: NetworkAcl) -> NetworkAcl:
        old = [
            e
            for e in acl.entries
            if e.rule_number == new.rule_number and bool(e.egress) is new.egress
        ]
        if bool(old) is not replace:
            taken = "taken" if old else "free"
            raise Refused(f"number {new.rule_number} of {acl.network_acl_id} is {taken}")
        return copied(acl, entries=(*(e for e in acl.entries if e not in old), new))

    acl_id = options["network-acl-id"]
    return changed(snapshot, "network_acls", "network_acl_id", acl_id, apply)


def _create_entry(snapshot: Snapshot, options: _Options) -> Snapshot:
    return _acl_entry(snapshot, options, replace=False)


def _replace_entry(snapshot: Snapshot, options: _Options) -> Snapshot:
    return _acl_entry(snapshot, options, replace=True)


def _vpc_attribute(snapshot: Snapshot, options: _Options) -> Snapshot:
    names = {
        "enable-dns-support": "enable_dns_support",
        "enable-dns-hostnames": "enable_dns_hostnames",
    }
    fields = {
        field: given["Value"] if isinstance(given := options[name], dict) else bool(given)
        for name, field in names.items()
        if name in options
    }
    return changed(snapshot, "vpcs", "vpc_id", options["vpc-id"], lambda vpc: copied(vpc, **fields))


def _attach_gateway(snapshot: Snapshot, options: _Options) -> Snapshot:
    wanted, vpc = options["internet-gateway-id"], options["vpc-id"]
    gateways = read(snapshot.internet_gateways) or ()
    if any(a.vpc_id == vpc for g in gateways for a in g.attachments):
        raise Refused(f"{vpc} has an internet gateway already")
    found = next((g for g in gateways if g.internet_gateway_id == wanted), None)
    if found is None:
        raise Refused(f"there is no {wanted}")
    if found.attachments:
        raise Refused(f"{wanted} is attached to {found.attachments[0].vpc_id}")
    attached = copied(found, attachments=(InternetGatewayAttachment(vpc_id=vpc),))
    rows = tuple(attached if g is found else g for g in gateways)
    return with_values(snapshot, internet_gateways=rows)


OPERATIONS = {
    "ec2 authorize-security-group-ingress": _authorize("ingress"),
    "ec2 authorize-security-group-egress": _authorize("egress"),
    "ec2 revoke-security-group-ingress": _revoke,
    "ec2 create-route": _create_route,
    "ec2 replace-route": _replace_route,
    "ec2 create-network-acl-entry": _create_entry,
    "ec2 replace-network-acl-entry": _replace_entry,
    "ec2 modify-vpc-attribute": _vpc_attribute,
    "ec2 attach-internet-gateway": _attach_gateway,
}
