"""EC2: the network between a task and what it needs to reach, and the machines of a cluster.

All of it is asked for by a filter, so that an absent thing is an empty answer and not an error; by
VPC, which makes one round of calls of what would be three if each named the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, facts, rows
from ash_ops.aws.operations import Operation
from ash_ops.aws.session import Aws
from ash_ops.facts.model import T
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)

# How each kind is asked for by VPC.
_IN_VPC: dict[type[Any], tuple[Operation, str]] = {
    InternetGateway: (op.DESCRIBE_INTERNET_GATEWAYS, "attachment.vpc-id"),
    NatGateway: (op.DESCRIBE_NAT_GATEWAYS, "vpc-id"),
    NetworkAcl: (op.DESCRIBE_NETWORK_ACLS, "vpc-id"),
    RouteTable: (op.DESCRIBE_ROUTE_TABLES, "vpc-id"),
    SecurityGroup: (op.DESCRIBE_SECURITY_GROUPS, "vpc-id"),
    Subnet: (op.DESCRIBE_SUBNETS, "vpc-id"),
    Vpc: (op.DESCRIBE_VPCS, "vpc-id"),
    VpcEndpoint: (op.DESCRIBE_VPC_ENDPOINTS, "vpc-id"),
}


def in_vpcs(aws: Aws, kind: type[T], vpc_ids: Sequence[str]) -> tuple[T, ...]:
    """Everything of one kind in VPCs, for instance ``in_vpcs(aws, RouteTable, ["vpc-1"])``.

    Main route tables are among them; deleted NAT gateways stay listed for about an hour.

    Raises:
        ReadFailed: it could not be read.
    """
    operation, name = _IN_VPC[kind]
    return facts(aws, operation, kind, Filters=[_filter(name, vpc_ids)])


def _filter(name: str, values: Sequence[str]) -> Answer:
    return {"Name": name, "Values": list(values)}


def default_vpc(aws: Aws) -> Vpc | None:
    """The region's default VPC, if there is one.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = facts(aws, op.DESCRIBE_VPCS, Vpc, Filters=[_filter("is-default", ["true"])])
    return next(iter(found), None)


def subnets_named(aws: Aws, ids: Sequence[str]) -> tuple[Subnet, ...]:
    """The subnets of these ids, in this order; those that do not exist are left out.

    Raises:
        ReadFailed: they could not be read.
    """
    # A filter, unlike SubnetIds, does not fail for all when one is not there.
    found = facts(aws, op.DESCRIBE_SUBNETS, Subnet, Filters=[_filter("subnet-id", ids)])
    by_id = {subnet.subnet_id: subnet for subnet in found}
    return tuple(by_id[id_] for id_ in ids if id_ in by_id)


def public_addresses(aws: Aws, descriptions: Sequence[str]) -> int:
    """How many network interfaces that are so described have a public address.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = [_filter("description", descriptions)]
    found = rows(aws, op.DESCRIBE_NETWORK_INTERFACES, Filters=asked)
    return sum("PublicIp" in face.get("Association", {}) for face in found)


def vpc_switch(aws: Aws, vpc_id: str, attribute: str) -> bool | None:
    """One of the VPC's DNS switches: ``enableDnsSupport`` or ``enableDnsHostnames``."""
    answer = call(aws, op.DESCRIBE_VPC_ATTRIBUTE, VpcId=vpc_id, Attribute=attribute)
    switch = answer.get(attribute[0].upper() + attribute[1:]) or {}
    value = switch.get("Value")
    return value if isinstance(value, bool) else None


def prefix_lists(aws: Aws) -> tuple[PrefixList, ...]:
    """The prefix lists of AWS's gateway endpoints (S3, DynamoDB), with their ranges."""
    return facts(aws, op.DESCRIBE_PREFIX_LISTS, PrefixList)


def own_prefix_list(aws: Aws, prefix_list_id: str) -> PrefixList:
    """A customer's own prefix list, with its ranges."""
    found = rows(aws, op.GET_MANAGED_PREFIX_LIST_ENTRIES, PrefixListId=prefix_list_id)
    cidrs = tuple(row["Cidr"] for row in found if row.get("Cidr"))
    return PrefixList(prefix_list_id=prefix_list_id, cidrs=cidrs)


def instances(aws: Aws, ids: Sequence[str]) -> list[Answer]:
    """The machines of these ids.

    Raises:
        ReadFailed: they could not be read, or one is not there.
    """
    found = rows(aws, op.DESCRIBE_INSTANCES, InstanceIds=list(ids)) if ids else ()
    return [instance for reservation in found for instance in reservation["Instances"]]


def volumes_gb(aws: Aws, ids: Sequence[str]) -> int:
    """The size of these volumes together.

    Raises:
        ReadFailed: they could not be read, or one is not there.
    """
    found = rows(aws, op.DESCRIBE_VOLUMES, VolumeIds=list(ids)) if ids else ()
    return sum(int(volume["Size"]) for volume in found)
