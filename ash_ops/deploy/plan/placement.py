"""Where the deployment goes: a VPC, two subnets in two zones, and routes that lead out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import default_vpc, in_vpcs, subnets_named
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import OpsError
from ash_ops.facts.network import Route, RouteTable, Subnet, table_of
from ash_ops.sizes.zones import lacks_fargate


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The network that was chosen, and its routes."""

    vpc: str
    balancer_subnets: tuple[Subnet, ...]
    task_subnets: tuple[Subnet, ...]
    tables: tuple[RouteTable, ...]

    def default_route(self, subnet: Subnet) -> Route | None:
        """The way of a subnet's packets to the internet; ``None`` without one, or with a dead one."""
        table = table_of(self.tables, subnet)
        route = table.default_route if table else None
        return None if route is None or route.state == "blackhole" else route

    def has_internet_gateway(self, subnet: Subnet) -> bool:
        """Whether the subnet is public."""
        route = self.default_route(subnet)
        return route is not None and route.is_public


def choose_network(aws: Aws, request: Request) -> Placement:
    """Choose as the guide does: what was named, else what is in use, else the default VPC.

    Raises:
        OpsError: there is nothing to choose from; the message says what to name or create.
        ReadFailed: the network could not be read.
    """
    named = request.subnets or _previous(request, "SubnetIds")
    if named:
        balancer = _exactly(aws, named)
        vpc = balancer[0].vpc_id or ""
    else:
        vpc = request.effective("VpcId") or _default(aws)
        balancer = ()
    tables = in_vpcs(aws, RouteTable, [vpc])
    balancer = balancer or _pick(vpc, in_vpcs(aws, Subnet, [vpc]), tables)
    task_ids = request.task_subnets or _previous(request, "TaskSubnetIds")
    same = not task_ids or task_ids == tuple(s.subnet_id for s in balancer)
    return Placement(
        vpc=vpc,
        balancer_subnets=balancer,
        task_subnets=balancer if same else _exactly(aws, task_ids),
        tables=tables,
    )


def _previous(request: Request, parameter: str) -> tuple[str, ...]:
    # Naming other balancer subnets moves the tasks too, unless theirs are named as well.
    if parameter == "TaskSubnetIds" and request.subnets:
        return ()
    return tuple(part for part in request.previous.get(parameter, "").split(",") if part)


def _exactly(aws: Aws, ids: Sequence[str]) -> tuple[Subnet, ...]:
    found = subnets_named(aws, ids)
    missing = [id_ for id_ in ids if id_ not in {s.subnet_id for s in found}]
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
    return vpc.vpc_id


def _pick(
    vpc: str, subnets: Sequence[Subnet], tables: tuple[RouteTable, ...]
) -> tuple[Subnet, ...]:
    """Two subnets in two zones, public ones and those with most free addresses first."""
    known = Placement(vpc=vpc, balancer_subnets=(), task_subnets=(), tables=tables)

    def rank(subnet: Subnet) -> tuple[bool, bool, int, str, str]:
        free = min(subnet.available_ip_address_count or 0, 16)
        public = known.has_internet_gateway(subnet)
        # By the zone's id: its letter is another zone in every account.
        return (
            lacks_fargate(subnet.availability_zone_id),
            not public,
            -free,
            subnet.zone,
            subnet.subnet_id,
        )

    by_zone: dict[str, Subnet] = {}
    for subnet in sorted(subnets, key=rank):
        by_zone.setdefault(subnet.zone, subnet)
    if len(by_zone) < 2:
        raise OpsError(
            f"{vpc} has no subnets in two zones",
            "the load balancer wants two subnets in two zones",
            "Name another VPC with --vpc, or create a subnet in a second zone.",
        )
    return tuple(by_zone.values())[:2]
