"""Where the deployment goes: a VPC, two subnets in two zones, and routes that lead out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ash_ops.aws.network import (
    Routes,
    SubnetFacts,
    default_vpc,
    routes_of,
    subnets_named,
    subnets_of,
)
from ash_ops.aws.session import Aws
from ash_ops.deploy.request import Request
from ash_ops.errors import OpsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The network that was chosen, and what is known about it."""

    vpc: str
    balancer_subnets: tuple[SubnetFacts, ...]
    task_subnets: tuple[SubnetFacts, ...]
    routes: Routes

    def has_internet_gateway(self, subnet: SubnetFacts) -> bool:
        """Whether the subnet is public."""
        return (self.routes.default_of(subnet.id) or "").startswith("igw-")


def choose_network(aws: Aws, request: Request) -> Placement:
    """Choose as the guide does: what was named, else what is in use, else the default VPC.

    Raises:
        OpsError: there is nothing to choose from; the message says what to name or create.
        ReadFailed: the network could not be read.
    """
    named = request.subnets or _previous(request, "SubnetIds")
    if named:
        balancer = _exactly(aws, named)
        vpc = balancer[0].vpc
    else:
        vpc = request.effective("VpcId") or _default(aws)
        balancer = ()
    routes = routes_of(aws, vpc)
    balancer = balancer or _pick(vpc, subnets_of(aws, vpc), routes)
    task_ids = request.task_subnets or _previous(request, "TaskSubnetIds")
    same = not task_ids or task_ids == tuple(s.id for s in balancer)
    return Placement(
        vpc=vpc,
        balancer_subnets=balancer,
        task_subnets=balancer if same else _exactly(aws, task_ids),
        routes=routes,
    )


def _previous(request: Request, parameter: str) -> tuple[str, ...]:
    # Naming other balancer subnets moves the tasks too, unless theirs are named as well.
    if parameter == "TaskSubnetIds" and request.subnets:
        return ()
    return tuple(part for part in request.previous.get(parameter, "").split(",") if part)


def _exactly(aws: Aws, ids: Sequence[str]) -> tuple[SubnetFacts, ...]:
    found = subnets_named(aws, ids)
    missing = [id_ for id_ in ids if id_ not in {s.id for s in found}]
    if missing:
        raise OpsError(
            f"There is no subnet {missing[0]} here",
            "it does not exist in this account and region",
            "Correct --subnets or ASH_ECS_SUBNET_IDS: `aws ec2 describe-subnets` lists them.",
        )
    return found


def _default(aws: Aws) -> str:
    vpc = default_vpc(aws)
    if vpc is None:
        raise OpsError(
            "There is no network to deploy into",
            "this region has no default VPC and none was named",
            "Name one with --vpc vpc-..., or create it: `aws ec2 create-default-vpc`.",
        )
    return vpc


def _pick(vpc: str, subnets: Sequence[SubnetFacts], routes: Routes) -> tuple[SubnetFacts, ...]:
    """Two subnets in two zones, public ones and those with most free addresses first."""
    ranked = sorted(
        subnets,
        key=lambda s: (
            not (routes.default_of(s.id) or "").startswith("igw-"),
            -(s.free or 0) if (s.free or 0) < 16 else -16,
            s.zone,
            s.id,
        ),
    )
    by_zone: dict[str, SubnetFacts] = {}
    for subnet in ranked:
        by_zone.setdefault(subnet.zone, subnet)
    if len(by_zone) < 2:
        raise OpsError(
            f"{vpc} has subnets in {len(by_zone)} zone(s)",
            "the load balancer wants two subnets in two zones",
            "Name another VPC with --vpc, or create a subnet in a second zone.",
        )
    return tuple(by_zone.values())[:2]
