"""The VPC: subnets, routes, gateways, ACLs, security groups, endpoints and prefix lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from ash_ops.aws import ec2
from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.aws.session import Aws
from ash_ops.snapshot.desk import Desk, Row
from ash_ops.snapshot.fan_out import Absent, Several


def vpc_ids(desk: Desk) -> list[str]:
    """The VPCs of balancer and target group; without those, of the service's subnets."""
    rows = [*(desk.seek("load_balancers") or ()), *(desk.seek("target_groups") or ())]
    found = _distinct(row.get("VpcId") for row in rows)
    if found:
        return found
    wanted = _task_subnets(desk)
    if not wanted:
        desk.need("service")  # absent or failed: so is the network, for the same reason
        raise Absent("subnets")
    return _distinct(row.get("VpcId") for row in ec2.subnets_of(desk.aws, wanted))


def _task_subnets(desk: Desk) -> list[str]:
    service = desk.seek("service") or {}
    configured = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    return _distinct(configured.get("subnets") or [])


def _distinct(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if value))


def by_vpc(operation: Operation, name: str = "vpc-id") -> Callable[[Desk], tuple[Row, ...]]:
    """A reading of everything of one sort in the VPCs; ``name`` is the filter's."""

    def reading(desk: Desk) -> tuple[Row, ...]:
        found = desk.need("_vpc_ids")
        if not found:
            raise Absent("vpc")
        return tuple(ec2.filtered(desk.aws, operation, {name: found}))

    return reading


def subnets(desk: Desk) -> tuple[Row, ...]:
    """Every subnet of the VPCs, and those of the task that lie in yet another."""
    found = by_vpc(op.DESCRIBE_SUBNETS)(desk)
    missing = set(_task_subnets(desk)) - {row.get("SubnetId") for row in found}
    return (*found, *ec2.subnets_of(desk.aws, sorted(missing))) if missing else found


def vpcs(desk: Desk) -> Several:
    """The VPCs with their DNS switches: three calls each, side by side."""
    found: list[str] = desk.need("_vpc_ids")
    jobs: list[Callable[[], Any]] = []
    for vpc_id in found:
        jobs += [
            partial(ec2.vpc, desk.aws, vpc_id),
            partial(ec2.vpc_switch, desk.aws, vpc_id, "enableDnsSupport"),
            partial(ec2.vpc_switch, desk.aws, vpc_id, "enableDnsHostnames"),
        ]
    return desk.several(jobs, _vpcs_with_switches)


def _vpcs_with_switches(parts: Sequence[Future[Any]]) -> tuple[Row, ...]:
    answers = [part.result() for part in parts]
    rows = zip(answers[::3], answers[1::3], answers[2::3], strict=True)
    return tuple(
        {**vpc, "EnableDnsSupport": support, "EnableDnsHostnames": hostnames}
        for vpc, support, hostnames in rows
        if vpc
    )


def aws_prefix_lists(desk: Desk) -> list[Row]:
    """The prefix lists that AWS keeps for gateway endpoints."""
    return ec2.prefix_lists(desk.aws)


def prefix_lists(desk: Desk) -> Several:
    """AWS's prefix lists, and those of the customer that a security group refers to."""
    known = tuple(desk.need("_aws_prefix_lists"))
    groups = desk.seek("security_groups") or ()
    own = referenced_prefix_lists(groups) - {row.get("PrefixListId") for row in known}
    return desk.several(
        [partial(_own_list, desk.aws, name) for name in sorted(own)],
        lambda parts: (*known, *(part.result() for part in parts)),
    )


def referenced_prefix_lists(groups: Iterable[Row]) -> set[str]:
    """The ids of the prefix lists that rules of security groups name."""
    return {
        reference["PrefixListId"]
        for group in groups
        for direction in ("IpPermissions", "IpPermissionsEgress")
        for rule in group.get(direction) or []
        for reference in rule.get("PrefixListIds") or []
        if reference.get("PrefixListId")
    }


def _own_list(aws: Aws, prefix_list_id: str) -> Row:
    ranges = ec2.prefix_list_ranges(aws, prefix_list_id)
    return {"PrefixListId": prefix_list_id, "Cidrs": ranges}
