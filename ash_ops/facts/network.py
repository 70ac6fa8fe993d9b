"""What the network path is worked out from."""

from collections.abc import Iterable

from msgspec import field

from ash_ops.facts.model import Pascal, Tag
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.vocabulary import NAT_GATEWAY


class Subnet(Pascal):
    """A subnet."""

    subnet_id: str = ""
    vpc_id: str | None = None
    cidr_block: str | None = None
    availability_zone: str | None = None
    availability_zone_id: str | None = None
    available_ip_address_count: int | None = None
    map_public_ip_on_launch: bool | None = None

    @property
    def zone(self) -> str:
        """The name of its zone; empty if AWS did not say."""
        return self.availability_zone or ""


class Vpc(Pascal):
    """A VPC and its two DNS switches."""

    vpc_id: str = ""
    cidr_block: str | None = None
    is_default: bool | None = None
    enable_dns_support: bool | None = None
    enable_dns_hostnames: bool | None = None


_HALVES = ("0.0.0.0/1", "128.0.0.0/1")  # together the whole internet, as VPNs write it


class Route(Pascal):
    """One route; exactly one of its target fields is set."""

    destination_cidr_block: str | None = None
    destination_ipv6_cidr_block: str | None = None
    destination_prefix_list_id: str | None = None
    gateway_id: str | None = None
    nat_gateway_id: str | None = None
    transit_gateway_id: str | None = None
    vpc_peering_connection_id: str | None = None
    network_interface_id: str | None = None
    instance_id: str | None = None
    egress_only_internet_gateway_id: str | None = None
    state: str | None = None

    @property
    def target(self) -> str:
        """Where it leads, for instance ``igw-1``."""
        targets = (
            self.nat_gateway_id,
            self.transit_gateway_id,
            self.vpc_peering_connection_id,
            self.network_interface_id,
            self.instance_id,
            self.gateway_id,
            self.egress_only_internet_gateway_id,
        )
        return next((t for t in targets if t), "an unnamed target")

    @property
    def is_public(self) -> bool:
        """Whether it leads to an internet gateway that was there when it was read."""
        return (self.gateway_id or "").startswith("igw-") and self.state != "blackhole"


class RouteTableAssociation(Pascal):
    """Which subnet a route table serves; the main one serves those without any."""

    main: bool | None = None
    subnet_id: str | None = None


class RouteTable(Pascal):
    """A route table."""

    route_table_id: str = ""
    vpc_id: str | None = None
    associations: tuple[RouteTableAssociation, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def default_route(self) -> Route | None:
        """The route that packets to the internet take: of 0.0.0.0/0, or of both its halves."""
        whole = [r for r in self.routes if r.destination_cidr_block == "0.0.0.0/0"]
        halves = [r for r in self.routes if r.destination_cidr_block in _HALVES]
        return next(iter(whole), halves[0] if len(halves) == len(_HALVES) else None)


class NatGatewayAddress(Pascal):
    """A NAT gateway's public address."""

    public_ip: str | None = None
    allocation_id: str | None = None


class NatGateway(Pascal):
    """A NAT gateway."""

    nat_gateway_id: str = ""
    state: str | None = None
    subnet_id: str | None = None
    connectivity_type: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    nat_gateway_addresses: tuple[NatGatewayAddress, ...] = ()
    tags: tuple[Tag, ...] = ()


class InternetGatewayAttachment(Pascal):
    """The VPC an internet gateway is attached to."""

    vpc_id: str | None = None
    state: str | None = None


class InternetGateway(Pascal):
    """An internet gateway."""

    internet_gateway_id: str = ""
    attachments: tuple[InternetGatewayAttachment, ...] = ()


class PortRange(Pascal):
    """A range of ports in a network ACL entry."""

    from_: int | None = field(default=None, name="From")
    to: int | None = None


class NetworkAclEntry(Pascal):
    """One numbered rule of a network ACL."""

    rule_number: int | None = None
    rule_action: str | None = None
    egress: bool | None = None
    protocol: str | None = None
    cidr_block: str | None = None
    ipv6_cidr_block: str | None = None
    port_range: PortRange | None = None


class NetworkAclAssociation(Pascal):
    """The subnet an ACL guards."""

    subnet_id: str | None = None


class NetworkAcl(Pascal):
    """A network ACL."""

    network_acl_id: str = ""
    vpc_id: str | None = None
    is_default: bool | None = None
    associations: tuple[NetworkAclAssociation, ...] = ()
    entries: tuple[NetworkAclEntry, ...] = ()


class IpRange(Pascal):
    """An address range of a rule."""

    cidr_ip: str | None = None


class Ipv6Range(Pascal):
    """An IPv6 address range of a rule."""

    cidr_ipv6: str | None = field(default=None, name="CidrIpv6")


class GroupPair(Pascal):
    """Another security group as the source or destination of a rule."""

    group_id: str | None = None


class PrefixListReference(Pascal):
    """A prefix list as the source or destination of a rule."""

    prefix_list_id: str | None = None


class IpPermission(Pascal):
    """One rule of a security group."""

    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    ip_ranges: tuple[IpRange, ...] = ()
    ipv6_ranges: tuple[Ipv6Range, ...] = ()
    user_id_group_pairs: tuple[GroupPair, ...] = ()
    prefix_list_ids: tuple[PrefixListReference, ...] = ()


class SecurityGroup(Pascal):
    """A security group.

    Attributes:
        ingress: its inbound rules; ``None`` where they were not told: EC2 tells an empty list of none.
        egress: its outbound rules, likewise.
    """

    group_id: str = ""
    group_name: str | None = None
    vpc_id: str | None = None
    ingress: tuple[IpPermission, ...] | None = field(default=None, name="IpPermissions")
    egress: tuple[IpPermission, ...] | None = field(default=None, name="IpPermissionsEgress")

    @property
    def ip_permissions(self) -> tuple[IpPermission, ...]:
        """The inbound rules.

        Raises:
            CannotTell: they were not told.
        """
        return self._told("inbound", self.ingress)

    @property
    def ip_permissions_egress(self) -> tuple[IpPermission, ...]:
        """The outbound rules.

        Raises:
            CannotTell: they were not told.
        """
        return self._told("outbound", self.egress)

    def _told(self, which: str, rules: tuple[IpPermission, ...] | None) -> tuple[IpPermission, ...]:
        if rules is None:
            raise CannotTell(f"the {which} rules of {self.group_id} were not told", unread=True)
        return rules


class SecurityGroupReference(Pascal):
    """A security group of an endpoint."""

    group_id: str = ""


class VpcEndpoint(Pascal):
    """A VPC endpoint."""

    vpc_endpoint_id: str = ""
    vpc_endpoint_type: str | None = None
    vpc_id: str | None = None
    service_name: str = ""
    state: str | None = None
    private_dns_enabled: bool | None = None
    subnet_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    groups: tuple[SecurityGroupReference, ...] = ()
    tags: tuple[Tag, ...] = ()


class PrefixList(Pascal):
    """An AWS-managed prefix list, for instance S3's."""

    prefix_list_id: str = ""
    prefix_list_name: str | None = None
    cidrs: tuple[str, ...] = ()


def table_of(tables: Iterable[RouteTable], subnet: Subnet) -> RouteTable | None:
    """The route table of a subnet: its own, else the main one of its VPC."""
    near = [t for t in tables if t.vpc_id in {None, subnet.vpc_id}]
    own = [t for t in near if any(a.subnet_id == subnet.subnet_id for a in t.associations)]
    main = [t for t in near if any(a.main for a in t.associations)]
    return next(iter(own or main), None)


def nat_trouble(nat: NatGateway | None) -> str | None:
    """Why a NAT gateway, as a route names it, forwards nothing; ``None`` if it does."""
    if nat is None:
        return "not found"
    if nat.state == "available" or nat.state not in NAT_GATEWAY.values:
        return None  # a state that nobody knows proves nothing
    return f"{nat.state} ({nat.failure_message})" if nat.failure_message else str(nat.state)
