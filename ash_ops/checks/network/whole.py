"""What AWS always tells of a route and of a gateway: where it lacks, it was not read, and proves nothing."""

from __future__ import annotations

from ash_ops.checks._facts import answers_here
from ash_ops.facts.network import InternetGateway, RouteTable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot


def require_destinations(table: RouteTable) -> None:
    """Every table has a route inside its VPC, and every route a destination.

    Raises:
        CannotTell: there is none, or one is not told whole.
    """
    told = [
        r.destination_cidr_block or r.destination_ipv6_cidr_block or r.destination_prefix_list_id
        for r in table.routes
    ]
    if not told or not all(told):
        raise CannotTell(f"the routes of {table.route_table_id} were not read whole")


def require_names(gateways: list[InternetGateway]) -> None:
    """A gateway without a name, or attached to a VPC without one, may be the very one.

    Raises:
        CannotTell: there is one.
    """
    if any(not g.internet_gateway_id or not all(a.vpc_id for a in g.attachments) for g in gateways):
        raise CannotTell("an internet gateway was not read whole")


def require_silence(snapshot: Snapshot, gateway: InternetGateway | None) -> None:
    """Who answers the internet has a gateway to it, whatever was read of that.

    Raises:
        CannotTell: the server answered this machine through a balancer that faces the internet, and
            the gateway is not told to be another network's.
    """
    balancers = snapshot.load_balancers.value or ()
    faces = bool(balancers) and all(b.scheme == "internet-facing" for b in balancers)
    if faces and answers_here(snapshot) and not (gateway and gateway.attachments):
        raise CannotTell("no internet gateway of the VPC was read, and yet it answers the internet")
