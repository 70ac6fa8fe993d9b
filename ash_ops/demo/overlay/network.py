"""EC2: a default VPC as AWS makes it, and network interfaces with public addresses."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import state

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

# Addresses set aside for documentation (RFC 5737): nobody's.
_PUBLIC = ipaddress.ip_network("203.0.113.0/24")
# AWS keeps the first four addresses of a subnet and the last one for itself.
_RESERVED = 4


def install() -> None:
    """Replace what EC2 answers about the default VPC and about network interfaces."""
    original = ec2._init_defaults

    def as_aws_makes_it() -> None:
        original()
        _add_internet_route()
        # VPC user guide, "Default VPC components": both DNS attributes are on.
        ec2._vpcs[ec2._DEFAULT_VPC_ID].setdefault("EnableDnsHostnames", True)

    ec2._init_defaults = as_aws_makes_it
    ec2._default_initialized_scopes.clear()
    ec2._ACTION_MAP["DescribeNetworkInterfaces"] = _describe_interfaces
    ec2._network_acl_entry_xml = _with_ports(ec2._network_acl_entry_xml)
    for name in ("CreateNetworkAclEntry", "ReplaceNetworkAclEntry"):
        ec2._ACTION_MAP[name] = _keeping_ports(ec2._ACTION_MAP[name])
    ec2._vpce_fields_xml = _with_groups(ec2._vpce_fields_xml)


def _with_ports(original: Callable[[Record], str]) -> Callable[[Record], str]:
    """An ACL entry's ports, which ministack leaves out."""

    def xml(entry: Record) -> str:
        ports = entry.get("PortRange")
        if not ports:
            return original(entry)
        told = f"<portRange><from>{ports['From']}</from><to>{ports['To']}</to></portRange></item>"
        return original(entry).replace("</item>", told)

    return xml


def _keeping_ports(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def change(parameters: Record) -> Answer:
        answer = original(parameters)
        first, last = (ec2._p(parameters, f"PortRange.{end}") for end in ("From", "To"))
        acl = state.network_acls().get(ec2._p(parameters, "NetworkAclId"))
        if acl is not None and first:
            acl["Entries"][-1]["PortRange"] = {"From": int(first), "To": int(last or first)}
        return answer

    return change


def _with_groups(original: Callable[..., str]) -> Callable[..., str]:
    """An endpoint's security groups and whether its private names are on."""

    def xml(endpoint: Record, tag: str = "item") -> str:
        groups = "".join(
            f"<item><groupId>{g['GroupId']}</groupId><groupName>{g['GroupName']}</groupName></item>"
            for g in endpoint.get("Groups", [])
        )
        named = str(endpoint.get("PrivateDnsEnabled", False)).lower()
        more = f"<groupSet>{groups}</groupSet><privateDnsEnabled>{named}</privateDnsEnabled>"
        text = original(endpoint, tag)
        return text[: text.rindex(f"</{tag}>")] + more + f"</{tag}>"

    return xml


def _add_internet_route() -> None:
    """The default VPC of an account has a route to its internet gateway; ministack's has none."""
    routes = ec2._route_tables[ec2._DEFAULT_RTB_ID]["Routes"]
    if not any(route.get("DestinationCidrBlock") == "0.0.0.0/0" for route in routes):
        routes.append(
            {
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": ec2._DEFAULT_IGW_ID,
                "State": "active",
                "Origin": "CreateRoute",
            }
        )


def create_interface(
    subnet_id: str, groups: Iterable[str], description: str, kind: str, *, public: bool
) -> Record:
    """A network interface in a subnet, as ECS or a load balancer makes one.

    Args:
        subnet_id: where it stands.
        groups: its security groups.
        description: as AWS writes it, which is how its owner is recognised.
        kind: ``interface`` or ``network_load_balancer``.
        public: whether it gets a public address.
    """
    subnet = state.subnets()[subnet_id]
    number = f"{random.getrandbits(68):017x}"
    record: Record = {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": subnet_id,
        "VpcId": subnet["VpcId"],
        "AvailabilityZone": subnet["AvailabilityZone"],
        "Description": description,
        "OwnerId": ACCOUNT,
        "Status": "in-use",
        "PrivateIpAddress": free_address(subnet_id),
        "InterfaceType": kind,
        "MacAddress": "0a:" + ":".join(number[i : i + 2] for i in range(0, 10, 2)),
        "Groups": [{"GroupId": group, "GroupName": _group_name(group)} for group in groups],
    }
    if public:
        record["_public"] = _free_public_address()
    state.network_interfaces()[record["NetworkInterfaceId"]] = record
    return record


def delete_interfaces(interface_ids: Iterable[str]) -> None:
    """Take interfaces away; those that are gone already are ignored."""
    for interface_id in interface_ids:
        state.network_interfaces().pop(interface_id, None)


def _group_name(group_id: str) -> str:
    return str(state.security_groups().get(group_id, {}).get("GroupName", ""))


def free_address(subnet_id: str) -> str:
    """The first address of a subnet that no interface has.

    Raises:
        ValueError: there is none.
    """
    subnet = state.subnets()[subnet_id]
    taken = {e["PrivateIpAddress"] for e in state.network_interfaces().values()}
    hosts = ipaddress.ip_network(subnet["CidrBlock"]).hosts()
    for index, address in enumerate(hosts, start=1):
        if index >= _RESERVED and str(address) not in taken:
            return str(address)
    raise ValueError(f"There are no free addresses in subnet {subnet['SubnetId']}.")


def _free_public_address() -> str:
    taken = {e.get("_public") for e in state.network_interfaces().values()}
    return next(str(a) for a in _PUBLIC.hosts() if str(a) not in taken)


def add_rule(properties: Record, side: str) -> str:
    """Add one rule to a security group; answers with the rule's id."""
    group = state.security_groups()[properties["GroupId"]]
    group[side] += provisioners._ec2_sg_permissions([properties])
    return f"sgr-{random.getrandbits(68):017x}"


def remove_rule(properties: Record, side: str) -> None:
    """Take that rule away again."""
    group = state.security_groups().get(properties["GroupId"])
    gone = provisioners._ec2_sg_permissions([properties])
    if group is not None:
        group[side] = [rule for rule in group[side] if rule not in gone]


def _describe_interfaces(parameters: Record) -> Answer:
    wanted = ec2._parse_member_list(parameters, "NetworkInterfaceId")
    known = state.network_interfaces()
    for interface_id in wanted:
        if interface_id not in known:
            text = f"The networkInterface ID '{interface_id}' does not exist"
            return _answer(ec2._error("InvalidNetworkInterfaceID.NotFound", text, 400))
    filters = ec2._parse_filters(parameters)
    items = "".join(
        _interface_xml(interface)
        for interface in known.values()
        if (not wanted or interface["NetworkInterfaceId"] in wanted)
        and _matches(interface, filters)
    )
    body = f"<networkInterfaceSet>{items}</networkInterfaceSet>"
    return _answer(ec2._xml(200, "DescribeNetworkInterfacesResponse", body))


def _answer(untyped: Any) -> Answer:
    answer: Answer = untyped
    return answer


def _matches(interface: Record, filters: dict[str, list[str]]) -> bool:
    values = {
        "network-interface-id": [interface["NetworkInterfaceId"]],
        "subnet-id": [interface["SubnetId"]],
        "vpc-id": [interface["VpcId"]],
        "group-id": [group["GroupId"] for group in interface["Groups"]],
        "description": [interface["Description"]],
        "status": [interface["Status"]],
        "interface-type": [interface["InterfaceType"]],
        "availability-zone": [interface["AvailabilityZone"]],
        "addresses.private-ip-address": [interface["PrivateIpAddress"]],
        "private-ip-address": [interface["PrivateIpAddress"]],
        "association.public-ip": [interface.get("_public", "")],
    }
    return all(
        any(ec2._glob_match(pattern, value) for pattern in patterns for value in values[name])
        for name, patterns in filters.items()
        if name in values
    )


def _interface_xml(interface: Record) -> str:
    """Ministack's own item, with the description made safe and the public address put in."""
    safe = {**interface, "Description": escape(interface["Description"])}
    item: str = ec2._eni_fields_xml(safe)
    public = interface.get("_public")
    if not public:
        return item
    association = (
        f"<association><publicIp>{public}</publicIp>"
        f"<publicDnsName>ec2-{public.replace('.', '-')}.compute-1.amazonaws.com</publicDnsName>"
        "<ipOwnerId>amazon</ipOwnerId></association>"
    )
    return item.replace("<privateIpAddressesSet>", association + "<privateIpAddressesSet>")


def create_volume(properties: Record) -> str:
    """A volume as CloudFormation makes one: with its tags, in the zone that was named."""
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}
    request = {
        "AvailabilityZone": [str(properties["AvailabilityZone"])],
        "Size": [str(properties.get("Size", 1))],
        "VolumeType": [str(properties.get("VolumeType", "gp2"))],
        "TagSpecification.1.ResourceType": ["volume"],
    }
    for number, (key, value) in enumerate(tags.items(), 1):
        request[f"TagSpecification.1.Tag.{number}.Key"] = [key]
        request[f"TagSpecification.1.Tag.{number}.Value"] = [value]
    before = set(ec2._volumes)
    ec2._create_volume(request)
    return str(next(iter(set(ec2._volumes) - before)))


def delete_volume(id_: str) -> None:
    """Remove a volume."""
    ec2._volumes.pop(id_, None)


def create_endpoint(service: str, subnets: list[str], cidr: str | None) -> None:
    """An interface endpoint in a VPC, with a security group of its own.

    Args:
        service: the last part of its name, for instance ``secretsmanager``.
        subnets: where it stands.
        cidr: who may connect; nobody if it is not given.
    """
    vpc = state.subnets()[subnets[0]]["VpcId"]
    group = f"sg-{random.getrandbits(68):017x}"
    rules = provisioners._ec2_sg_permissions(
        [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": cidr}] if cidr else []
    )
    state.security_groups()[group] = {
        "GroupId": group,
        "GroupName": f"{service}-endpoint",
        "Description": f"Who may use the endpoint of {service}",
        "VpcId": vpc,
        "OwnerId": ACCOUNT,
        "IpPermissions": rules,
        "IpPermissionsEgress": [],
    }
    number = f"vpce-{random.getrandbits(68):017x}"
    state.vpc_endpoints()[number] = {
        "VpcEndpointId": number,
        "VpcEndpointType": "Interface",
        "VpcId": vpc,
        "ServiceName": f"com.amazonaws.{state.region()}.{service}",
        "State": "available",
        "RouteTableIds": [],
        "SubnetIds": list(subnets),
        "OwnerId": ACCOUNT,
        "Groups": [{"GroupId": group, "GroupName": f"{service}-endpoint"}],
        "PrivateDnsEnabled": True,
    }


def create_private_subnets(ids: Iterable[str]) -> None:
    """Subnets of the default VPC behind one NAT gateway, each in another zone.

    Args:
        ids: what they are to be called.
    """
    public = [s for s in state.subnets().values() if s["VpcId"] == ec2._DEFAULT_VPC_ID]
    before = set(ec2._nat_gateways) | set(ec2._route_tables)
    ec2._create_nat_gateway({"SubnetId": [public[0]["SubnetId"]]})
    ec2._create_route_table({"VpcId": [ec2._DEFAULT_VPC_ID]})
    (gateway,) = set(ec2._nat_gateways) - before
    (table,) = set(ec2._route_tables) - before
    route = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": gateway}
    route |= {"State": "active", "Origin": "CreateRoute"}
    ec2._route_tables[table]["Routes"].append(route)
    for number, (id_, beside) in enumerate(zip(ids, public, strict=False)):
        named = {"SubnetId": id_, "CidrBlock": f"172.31.{200 + number}.0/24"}
        state.subnets()[id_] = beside | named | {"MapPublicIpOnLaunch": False, "Tags": []}
        ec2._associate_route_table({"RouteTableId": [table], "SubnetId": [id_]})


def set_dns_support(vpc_id: str, *, on: bool) -> None:
    """Switch a VPC's ``enableDnsSupport``."""
    ec2._vpcs[vpc_id]["EnableDnsSupport"] = on
