"""What EC2 says about the network: everything between a task and what it needs to reach.

All of it is asked for by VPC (a filter, so that an absent thing is an empty answer and not an
error), which makes one round of calls of what would be three if each named the next.
"""

from __future__ import annotations

from ash_ops.aws.calls import Answer, call, pages
from ash_ops.aws.session import Aws


def subnets_of(aws: Aws, subnet_ids: list[str]) -> list[Answer]:
    """The subnets of these ids that exist."""
    return _filtered(aws, "describe_subnets", "Subnets", "subnet-id", subnet_ids)


def subnets(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """Every subnet of the VPCs."""
    return _filtered(aws, "describe_subnets", "Subnets", "vpc-id", vpc_ids)


def route_tables(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The route tables, the main one included."""
    return _filtered(aws, "describe_route_tables", "RouteTables", "vpc-id", vpc_ids)


def network_acls(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The network ACLs with their numbered entries."""
    return _filtered(aws, "describe_network_acls", "NetworkAcls", "vpc-id", vpc_ids)


def security_groups(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The security groups: those of tasks, balancer and endpoints among them."""
    return _filtered(aws, "describe_security_groups", "SecurityGroups", "vpc-id", vpc_ids)


def vpc_endpoints(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The interface and gateway endpoints."""
    return _filtered(aws, "describe_vpc_endpoints", "VpcEndpoints", "vpc-id", vpc_ids)


def nat_gateways(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The NAT gateways; deleted ones stay listed for about an hour."""
    found = pages(
        aws, "ec2", "describe_nat_gateways", Filters=[{"Name": "vpc-id", "Values": vpc_ids}]
    )
    return [row for page in found for row in page.get("NatGateways") or []]


def internet_gateways(aws: Aws, vpc_ids: list[str]) -> list[Answer]:
    """The internet gateways attached to the VPCs."""
    return _filtered(
        aws, "describe_internet_gateways", "InternetGateways", "attachment.vpc-id", vpc_ids
    )


def vpc(aws: Aws, vpc_id: str) -> Answer | None:
    """The VPC itself, without its DNS switches: those are a call each."""
    found = _filtered(aws, "describe_vpcs", "Vpcs", "vpc-id", [vpc_id])
    return next(iter(found), None)


def vpc_switch(aws: Aws, vpc_id: str, attribute: str) -> bool | None:
    """One of the VPC's DNS switches: ``enableDnsSupport`` or ``enableDnsHostnames``."""
    answer = call(aws, "ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=attribute)
    switch = answer.get(attribute[0].upper() + attribute[1:]) or {}
    value = switch.get("Value")
    return value if isinstance(value, bool) else None


def prefix_lists(aws: Aws) -> list[Answer]:
    """The prefix lists of AWS's gateway endpoints (S3, DynamoDB), with their ranges."""
    found = pages(aws, "ec2", "describe_prefix_lists")
    return [row for page in found for row in page.get("PrefixLists") or []]


def prefix_list_ranges(aws: Aws, prefix_list_id: str) -> list[str]:
    """The ranges of a customer's own prefix list."""
    found = pages(aws, "ec2", "get_managed_prefix_list_entries", PrefixListId=prefix_list_id)
    return [row["Cidr"] for page in found for row in page.get("Entries") or [] if row.get("Cidr")]


def _filtered(aws: Aws, operation: str, key: str, name: str, values: list[str]) -> list[Answer]:
    found = pages(aws, "ec2", operation, Filters=[{"Name": name, "Values": values}])
    return [row for page in found for row in page.get(key) or []]
