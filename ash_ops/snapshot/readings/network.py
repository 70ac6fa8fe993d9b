"""The VPC: subnets, routes, gateways, ACLs, security groups, endpoints and prefix lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from msgspec.structs import replace

from ash_ops.aws import ec2
from ash_ops.aws import operations as op
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
from ash_ops.facts.services import Service
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent, Several


@reading(op.DESCRIBE_SUBNETS, name="_vpc_ids", after=("load_balancers", "service", "target_groups"))
def vpc_ids(context: ReadingContext) -> list[str]:
    """The VPCs of balancer and target group; without those, of the service's subnets."""
    rows = [*(context.seek("load_balancers") or ()), *(context.seek("target_groups") or ())]
    found = _distinct(row.vpc_id for row in rows)
    if found:
        return found
    wanted = _task_subnets(context)
    if not wanted:
        context.need("service")  # absent or failed: so is the network, for the same reason
        raise Absent("subnets")
    return _distinct(subnet.vpc_id for subnet in ec2.subnets_named(context.aws, wanted))


def _task_subnets(context: ReadingContext) -> list[str]:
    service: Service | None = context.seek("service")
    configured = service.awsvpc if service else None
    return _distinct(configured.subnets if configured else ())


def _distinct(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if value))


def by_vpc(kind: type[Any]) -> Callable[[ReadingContext], tuple[Any, ...]]:
    """A reading of everything of one kind in the VPCs."""

    def read(context: ReadingContext) -> tuple[Any, ...]:
        found = context.need("_vpc_ids")
        if not found:
            raise Absent("vpc")
        return ec2.in_vpcs(context.aws, kind, found)

    return read


for _operation, _name, _kind in (
    (op.DESCRIBE_ROUTE_TABLES, "route_tables", RouteTable),
    (op.DESCRIBE_NAT_GATEWAYS, "nat_gateways", NatGateway),
    (op.DESCRIBE_INTERNET_GATEWAYS, "internet_gateways", InternetGateway),
    (op.DESCRIBE_NETWORK_ACLS, "network_acls", NetworkAcl),
    (op.DESCRIBE_SECURITY_GROUPS, "security_groups", SecurityGroup),
    (op.DESCRIBE_VPC_ENDPOINTS, "vpc_endpoints", VpcEndpoint),
):
    reading(_operation, name=_name, after=("_vpc_ids",))(by_vpc(_kind))


@reading(op.DESCRIBE_SUBNETS, after=("_vpc_ids", "service"))
def subnets(context: ReadingContext) -> tuple[Subnet, ...]:
    """Every subnet of the VPCs, and those of the task that lie in yet another."""
    found: tuple[Subnet, ...] = by_vpc(Subnet)(context)
    missing = set(_task_subnets(context)) - {subnet.subnet_id for subnet in found}
    return (*found, *ec2.subnets_named(context.aws, sorted(missing))) if missing else found


@reading(op.DESCRIBE_VPC_ATTRIBUTE, op.DESCRIBE_VPCS, after=("_vpc_ids",))
def vpcs(context: ReadingContext) -> Several:
    """The VPCs with their DNS switches: three calls each, side by side."""
    found: list[str] = context.need("_vpc_ids")
    jobs: list[Callable[[], Any]] = []
    for vpc_id in found:
        jobs += [
            partial(ec2.in_vpcs, context.aws, Vpc, [vpc_id]),
            partial(ec2.vpc_switch, context.aws, vpc_id, "enableDnsSupport"),
            partial(ec2.vpc_switch, context.aws, vpc_id, "enableDnsHostnames"),
        ]
    return context.several(jobs, _vpcs_with_switches)


def _vpcs_with_switches(parts: Sequence[Future[Any]]) -> tuple[Vpc, ...]:
    answers = [part.result() for part in parts]
    rows = zip(answers[::3], answers[1::3], answers[2::3], strict=True)
    return tuple(
        replace(vpc, enable_dns_support=support, enable_dns_hostnames=hostnames)
        for found, support, hostnames in rows
        for vpc in found
    )


@reading(op.DESCRIBE_PREFIX_LISTS, name="_aws_prefix_lists", client="ec2")
def aws_prefix_lists(context: ReadingContext) -> tuple[PrefixList, ...]:
    """The prefix lists that AWS keeps for gateway endpoints."""
    return ec2.prefix_lists(context.aws)


@reading(
    op.DESCRIBE_PREFIX_LISTS,
    op.GET_MANAGED_PREFIX_LIST_ENTRIES,
    after=("_aws_prefix_lists", "security_groups"),
)
def prefix_lists(context: ReadingContext) -> Several:
    """AWS's prefix lists, and those of the customer that a security group refers to."""
    known: tuple[PrefixList, ...] = context.need("_aws_prefix_lists")
    groups = context.seek("security_groups") or ()
    own = referenced_prefix_lists(groups) - {each.prefix_list_id for each in known}
    return context.several(
        [partial(ec2.own_prefix_list, context.aws, name) for name in sorted(own)],
        lambda parts: (*known, *(part.result() for part in parts)),
    )


def referenced_prefix_lists(groups: Iterable[SecurityGroup]) -> set[str]:
    """The ids of the prefix lists that rules of security groups name."""
    return {
        reference.prefix_list_id
        for group in groups
        for rule in (*(group.ingress or ()), *(group.egress or ()))
        for reference in rule.prefix_list_ids
        if reference.prefix_list_id
    }
