"""What carries traffic: the load balancer, public addresses, NAT gateways, endpoints, data."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost import capacity
from ash_ops.cost.lines.base import HOURS, Billed, Quantities, Quantity
from ash_ops.cost.plan import LOAD_BALANCER_ZONES, Plan

HALF = Decimal("0.5")


def load_balancer(plan: Plan) -> Quantities:
    """Network Load Balancers: by the hour each, however many zones."""
    if plan.load_balancers:
        amount = plan.load_balancers * HOURS
        yield Quantity("Network Load Balancer", "nlb_hour", amount, "LB-hours", "load-balancer")


def capacity_units(plan: Plan) -> Quantities:
    """Capacity units of the load balancer: the largest of its dimensions, hour by hour."""
    if not plan.load_balancers:
        return
    amount = None if plan.traffic is None else capacity.units(plan.traffic) * HOURS
    yield Quantity("Load balancer capacity", "nlcu_hour", amount, "NLCU-hours", "capacity-units")


def addresses(plan: Plan) -> Quantities:
    """Public IPv4 addresses, by who holds them."""
    for owner, count in owners_of_addresses(plan):
        if count:
            item = f"Public IPv4, {owner}: {count}"
            subject = f"public-ipv4-{owner}"
            yield Quantity(item, "public_ipv4_hour", count * HOURS, "address-hours", subject)


def owners_of_addresses(plan: Plan) -> tuple[tuple[str, int], ...]:
    """How many public addresses each owner has: counted where they were, else derived."""
    if plan.addresses is not None:
        return plan.addresses
    tasks = 0 if plan.private else int(sum(tasks.count for tasks in plan.tasks))
    public = () if plan.private else (group for group in plan.machines if group.public)
    return (
        ("load balancer", plan.load_balancers * plan.load_balancer_addresses),
        ("tasks", tasks),
        ("instances", int(sum(group.count for group in public))),
        ("NAT gateways", plan.nat_gateways),
    )


def nat_gateways(plan: Plan) -> Quantities:
    """NAT gateways, and what passes them: as much as answers leave through the load balancer."""
    if plan.nat_gateways:
        amount = plan.nat_gateways * HOURS
        item = f"NAT gateway: {plan.nat_gateways}"
        yield Quantity(item, "nat_gateway_hour", amount, "NAT-hours", "nat-gateway")
        yield Quantity("NAT gateway data", "nat_gateway_gb", _outside(plan), "GB", "nat-data")


def endpoints(plan: Plan) -> Quantities:
    """Interface endpoints, by endpoint and zone. The gateway endpoint of S3 is free."""
    if plan.endpoint_zones:
        item = f"Interface endpoints: {plan.endpoint_zones}"
        amount = plan.endpoint_zones * HOURS
        yield Quantity(item, "vpc_endpoint_hour", amount, "endpoint-hours", "endpoints")
        yield Quantity(
            "Interface endpoint data", "vpc_endpoint_gb", plan.log_gb, "GB", "endpoint-data"
        )


def data_out(plan: Plan) -> Quantities:
    """Answers that leave for the internet: half of what passes a public load balancer."""
    amount = _outside(plan)
    if amount != 0 and plan.load_balancers and plan.load_balancer_addresses:
        yield Quantity("Data out to the internet", "data_out_gb", amount, "GB", "data-out")


def data_between_zones(plan: Plan) -> Quantities:
    """With cross-zone on, a node in each zone and one task, the share of the other zones crosses.

    Each GB that crosses is billed on leaving one zone and again on entering the other.
    """
    zones = plan.load_balancer_addresses or LOAD_BALANCER_ZONES
    if not plan.cross_zone or not plan.load_balancers or zones < 2:
        return
    if plan.traffic is None:
        amount = None
    else:
        amount = 2 * plan.traffic.gb_per_hour * HOURS * (zones - 1) / zones
    if amount != 0:
        yield Quantity("Data between zones", "data_cross_az_gb", amount, "GB", "data-between-zones")


def _outside(plan: Plan) -> Decimal | None:
    """GB a month that leave through the load balancer; the same again is taken to arrive."""
    return None if plan.traffic is None else plan.traffic.gb_per_hour * HOURS * HALF


def model_requests(plan: Plan) -> Quantities:
    """What is sent to the model: the whole context with every turn, at 4 bytes a token."""
    if plan.model_gb:
        item = "Data out to the model"
        yield Quantity(item, "data_out_gb", plan.model_gb, "GB", "model-requests")


_BALANCERS = "elasticloadbalancing:DescribeLoadBalancers"
_MEASURED = "cloudwatch:GetMetricStatistics"
WAYS = (
    Billed(load_balancer, ("nlb_hour",), _BALANCERS),
    Billed(capacity_units, ("nlcu_hour",), _MEASURED, ("traffic-gb", "connections", "tls")),
    Billed(
        addresses,
        ("public_ipv4_hour",),
        "ec2:DescribeNetworkInterfaces",
        ("internal", "private", "nat"),
    ),
    Billed(
        nat_gateways,
        ("nat_gateway_hour", "nat_gateway_gb"),
        "ec2:DescribeNatGateways",
        ("nat", "private", "traffic-gb"),
    ),
    Billed(
        endpoints,
        ("vpc_endpoint_hour", "vpc_endpoint_gb"),
        "ec2:DescribeVpcEndpoints",
        ("endpoints",),
    ),
)
DATA = (
    Billed(data_out, ("data_out_gb",), _MEASURED, ("traffic-gb", "internal")),
    Billed(model_requests, ("data_out_gb",), "", ("messages-per-day",)),
    Billed(data_between_zones, ("data_cross_az_gb",), _MEASURED, ("traffic-gb",)),
)
