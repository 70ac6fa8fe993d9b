"""Mutations of the load balancer and of the network around the task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import network, state

Record = dict[str, Any]


def set_target_health(health: str, reason: str = "", description: str = "") -> None:
    """Set the health of every registered target, as DescribeTargetHealth tells it."""
    told = {"State": health, "Reason": reason, "Description": description}
    for target in subjects.the_targets():
        target["_health"] = {key: value for key, value in told.items() if value}


def remove_targets() -> None:
    """Empty the target group."""
    subjects.the_targets().clear()


def change_target_group(
    *, fields: Mapping[str, Any] | None = None, attributes: Mapping[str, str] | None = None
) -> None:
    """Change a target group's fields and attributes."""
    arn = subjects.the_service()["loadBalancers"][0]["targetGroupArn"]
    state.target_groups()[arn] |= dict(fields or {})
    kept = [a for a in state.target_group_attributes(arn) if a["Key"] not in (attributes or {})]
    kept += [{"Key": key, "Value": value} for key, value in (attributes or {}).items()]
    state.target_group_attributes(arn)[:] = kept


def remove_default_route() -> None:
    """Delete the route to the internet from the route tables of the service's VPC."""
    for table in subjects.route_tables():
        kept = [r for r in table["Routes"] if r.get("DestinationCidrBlock") != "0.0.0.0/0"]
        table["Routes"][:] = kept


def change_default_route(fields: Mapping[str, Any]) -> None:
    """Change the default route, for instance ``{"State": "blackhole"}``."""
    for table in subjects.route_tables():
        for route in table["Routes"]:
            if route.get("DestinationCidrBlock") == "0.0.0.0/0":
                route |= dict(fields)


def change_subnets(fields: Mapping[str, Any]) -> None:
    """Change the subnets the tasks run in, for instance ``AvailableIpAddressCount``."""
    for subnet_id in subjects.network_of(subjects.the_service())["subnets"]:
        state.subnets()[subnet_id] |= dict(fields)


def open_ingress(cidr: str = "0.0.0.0/0", *, of: str = "load_balancer") -> None:
    """Let a range of addresses in to port 4100.

    Args:
        cidr: the range.
        of: ``load_balancer`` or ``task``: whose security groups.
    """
    for group in subjects.security_groups(of):
        properties = {"GroupId": group, "CidrIp": cidr, "IpProtocol": "tcp"}
        network.add_rule({**properties, "FromPort": 4100, "ToPort": 4100}, "IpPermissions")


def clear_rules(*, of: str = "task", egress: bool = False) -> None:
    """Delete all rules of the security groups of the task or of the load balancer."""
    for group in subjects.security_groups(of):
        side = "IpPermissionsEgress" if egress else "IpPermissions"
        state.security_groups()[group][side].clear()
