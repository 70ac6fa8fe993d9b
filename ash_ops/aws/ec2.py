"""EC2: the network between a task and what it needs to reach, and the machines of a cluster.

All of it is asked for by a filter, so that an absent thing is an empty answer and not an error; by
VPC, which makes one round of calls of what would be three if each named the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, rows
from ash_ops.aws.operations import Operation
from ash_ops.aws.session import Aws
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import NatGateway, RouteTable, Subnet


def filtered(aws: Aws, operation: Operation, filters: Mapping[str, Sequence[str]]) -> list[Answer]:
    """Everything of one sort that passes the filters, for instance ``{"vpc-id": ["vpc-1"]}``.

    Raises:
        ReadFailed: it could not be read.
    """
    asked = [{"Name": name, "Values": list(values)} for name, values in filters.items()]
    return list(rows(aws, operation, Filters=asked))


def subnets_of(aws: Aws, subnet_ids: list[str]) -> list[Answer]:
    """The subnets of these ids that exist."""
    return filtered(aws, op.DESCRIBE_SUBNETS, {"subnet-id": subnet_ids})


def vpc(aws: Aws, vpc_id: str) -> Answer | None:
    """The VPC itself, without its DNS switches: those are a call each."""
    return next(iter(filtered(aws, op.DESCRIBE_VPCS, {"vpc-id": [vpc_id]})), None)


def vpc_switch(aws: Aws, vpc_id: str, attribute: str) -> bool | None:
    """One of the VPC's DNS switches: ``enableDnsSupport`` or ``enableDnsHostnames``."""
    answer = call(aws, op.DESCRIBE_VPC_ATTRIBUTE, VpcId=vpc_id, Attribute=attribute)
    switch = answer.get(attribute[0].upper() + attribute[1:]) or {}
    value = switch.get("Value")
    return value if isinstance(value, bool) else None


def prefix_lists(aws: Aws) -> list[Answer]:
    """The prefix lists of AWS's gateway endpoints (S3, DynamoDB), with their ranges."""
    return list(rows(aws, op.DESCRIBE_PREFIX_LISTS))


def prefix_list_ranges(aws: Aws, prefix_list_id: str) -> list[str]:
    """The ranges of a customer's own prefix list."""
    found = rows(aws, op.GET_MANAGED_PREFIX_LIST_ENTRIES, PrefixListId=prefix_list_id)
    return [row["Cidr"] for row in found if row.get("Cidr")]


def default_vpc(aws: Aws) -> str | None:
    """The region's default VPC, if there is one.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = filtered(aws, op.DESCRIBE_VPCS, {"is-default": ["true"]})
    return str(found[0]["VpcId"]) if found else None


def subnets_in(aws: Aws, vpc_id: str) -> tuple[Subnet, ...]:
    """The subnets of a VPC.

    Raises:
        ReadFailed: they could not be read.
    """
    return _facts(Subnet, filtered(aws, op.DESCRIBE_SUBNETS, {"vpc-id": [vpc_id]}))


def subnets_named(aws: Aws, ids: Sequence[str]) -> tuple[Subnet, ...]:
    """The subnets of these ids, in this order; those that do not exist are left out.

    Raises:
        ReadFailed: they could not be read.
    """
    found = {s.subnet_id: s for s in _facts(Subnet, subnets_of(aws, list(ids)))}
    return tuple(found[id_] for id_ in ids if id_ in found)


def route_tables(aws: Aws, vpc_id: str) -> tuple[RouteTable, ...]:
    """The route tables of a VPC, the main one included.

    Raises:
        ReadFailed: they could not be read.
    """
    return _facts(RouteTable, filtered(aws, op.DESCRIBE_ROUTE_TABLES, {"vpc-id": [vpc_id]}))


def nat_gateways(aws: Aws, vpc_id: str) -> tuple[NatGateway, ...]:
    """The NAT gateways of a VPC; deleted ones stay listed for about an hour.

    Raises:
        ReadFailed: they could not be read.
    """
    return _facts(NatGateway, filtered(aws, op.DESCRIBE_NAT_GATEWAYS, {"vpc-id": [vpc_id]}))


def _facts(kind: type[Any], answers: list[Answer]) -> tuple[Any, ...]:
    return tuple(fact_of(kind, answer) for answer in answers)


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
