"""Which route the answers to this machine take, and what a narrower one than the default does to them."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

DEAD = "answers-to-the-caller-take-a-dead-route"
ROUTES = "route_tables.0.Routes"
NARROW, DEFAULT = f"{ROUTES}.2", f"{ROUTES}.1"
GONE_ROUTE = "error route-blackhole of balancer/ash-cloud-nlb stops answers now"
ELSEWHERE = "error maybe balancer-subnet-private of balancer/ash-cloud-nlb"


def narrow(cidr: str, **more: Any) -> dict[str, Any]:
    return {f"{ROUTES}.+": {"DestinationCidrBlock": cidr, "State": "active", **more}}


ANSWERS: dict[str, Row] = {
    "into a gateway that is gone": (
        "balancer-subnets", DEAD, {}, GONE_ROUTE, "Answers of load balancer ash-cloud-nlb to your address 203.0.113.7 take the route of 203.0.113.0/24 in rtb-main: it leads to vgw-1, which is gone.",
        "RouteTables[rtb-main].Routes[203.0.113.0/24]", "vgw-1 (blackhole)", "replace-route --route-table-id rtb-main --destination-cidr-block 203.0.113.0/24 --gateway-id igw-1", "!Take the route",
    ),
    "into a gateway that is there": (
        "balancer-subnets", DEAD, {f"{NARROW}.State": "active"}, ELSEWHERE, "it leads to vgw-1 and not to the internet.", "vgw-1 (active)",
        "Take the route of 203.0.113.0/24 out of rtb-main, or narrow it, if 203.0.113.7 is to come in by the internet: what else goes to vgw-1 by it, its owner knows.", "!replace-route",
    ),
    "nobody told its state": ("balancer-subnets", DEAD, {f"{NARROW}.State": GONE}, ELSEWHERE, "vgw-1 (no state)"),
    "to the internet, too": ("balancer-subnets", DEAD, {f"{NARROW}.GatewayId": "igw-1", f"{NARROW}.State": "active"}, "sound"),
    "of somebody else": ("balancer-subnets", DEAD, {f"{NARROW}.DestinationCidrBlock": "198.51.100.0/24"}, "sound"),
    "of IPv6": ("balancer-subnets", DEAD, {f"{NARROW}.DestinationCidrBlock": GONE, f"{NARROW}.DestinationIpv6CidrBlock": "2001:db8::/32"}, "sound"),
    "a narrower one goes to the internet": ("balancer-subnets", DEAD, narrow("203.0.113.7/32", GatewayId="igw-1"), "sound"),
    "a wider one does": ("balancer-subnets", DEAD, narrow("203.0.0.0/16", GatewayId="igw-1"), GONE_ROUTE),
    "nobody knows this machine's address": ("balancer-subnets", DEAD, {"probe.caller_ip": GONE}, "sound"),
    "nothing was tried": ("balancer-subnets", DEAD, {"probe": None}, "sound"),
}  # fmt: skip


@each("case", ANSWERS)
def test_where_the_answers_to_a_caller_go(case: Row) -> None:
    holds(case)
