"""Mutations of the load balancer and of the network around the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import network, state

Record = dict[str, Any]


def change_target_group(
    *, fields: Mapping[str, Any] | None = None, attributes: Mapping[str, str] | None = None
) -> None:
    """Change a target group's fields and attributes."""
    arn = subjects.the_service()["loadBalancers"][0]["targetGroupArn"]
    state.target_groups()[arn] |= dict(fields or {})
    kept = [a for a in state.target_group_attributes(arn) if a["Key"] not in (attributes or {})]
    kept += [{"Key": key, "Value": value} for key, value in (attributes or {}).items()]
    state.target_group_attributes(arn)[:] = kept


def change_listener(fields: Mapping[str, Any]) -> None:
    """Change the load balancer's listener, for instance its ``Port``."""
    arn = subjects.the_service()["loadBalancers"][0]["targetGroupArn"]
    for listener in state.listeners().values():
        if any(action.get("TargetGroupArn") == arn for action in listener["DefaultActions"]):
            listener |= dict(fields)


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
    """Delete all rules of the security groups of the task, of the runners or of the load balancer.

    Args:
        of: ``task``, ``runner`` or ``load_balancer``.
        egress: those for what goes out, rather than in.
    """
    for group in subjects.security_groups(of):
        side = "IpPermissionsEgress" if egress else "IpPermissions"
        state.security_groups()[group][side].clear()


def deny_in_acl(port: int, *, egress: bool = False, number: int = 90) -> None:
    """Let the network ACL of the tasks' subnets deny a port, before whatever it allows."""
    for acl in subjects.network_acls():
        acl["Entries"].append(
            {
                "RuleNumber": number,
                "Protocol": "6",
                "RuleAction": "deny",
                "Egress": egress,
                "CidrBlock": "0.0.0.0/0",
                "PortRange": {"From": port, "To": port},
            }
        )


def add_endpoint(service: str, *, cidr: str | None = None) -> None:
    """Put an interface endpoint for an AWS service into the VPC, with private names.

    Args:
        service: the last part of its name, for instance ``secretsmanager``.
        cidr: who may connect to it; nobody if it is not given.
    """
    network.create_endpoint(service, subjects.network_of(subjects.the_service())["subnets"], cidr)


def add_private_subnets(ids: Sequence[str]) -> None:
    """Put subnets behind a NAT gateway into the default VPC, each in another zone."""
    network.create_private_subnets(ids)


def resolve_names(*, on: bool) -> None:
    """Switch the VPC's DNS (``enableDnsSupport``)."""
    for vpc in {t["VpcId"] for t in subjects.route_tables()}:
        network.set_dns_support(vpc, on=on)
