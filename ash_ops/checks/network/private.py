"""What VPC endpoints make up for where there is no way to the internet."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container
from ash_ops.checks.base import NotApplicable, items
from ash_ops.checks.network.routes import route_table_of
from ash_ops.facts.network import VpcEndpoint
from ash_ops.facts.snapshot import Snapshot


def service_of(endpoint: VpcEndpoint) -> str:
    """``secretsmanager`` of ``com.amazonaws.us-east-1.secretsmanager``."""
    return endpoint.service_name.split(".", 3)[-1]


def needed_services(snapshot: Snapshot) -> set[str]:
    """The AWS services that a task calls as it starts, by their endpoints' names.

    An image in ECR needs S3 too, where its layers are (AWS documentation, "Amazon ECR interface
    VPC endpoints").

    Raises:
        CannotTell: the task definition was not read.
    """
    container = ash_container(snapshot)
    wanted: set[str] = set()
    if container.log_configuration and container.log_configuration.log_driver == "awslogs":
        wanted.add("logs")
    if ".dkr.ecr." in container.image:
        wanted |= {"ecr.api", "ecr.dkr", "s3"}
    for secret in container.secrets:
        wanted.add("secretsmanager" if ":secretsmanager:" in secret.value_from else "ssm")
    return wanted


def missing_endpoints(snapshot: Snapshot, subnets: list[str]) -> list[str]:
    """What tasks in these subnets still lack; none if endpoints serve everything.

    Returns:
        The names of the missing endpoints, or ``["internet"]`` where no endpoint could help: the
        image is not in ECR, or there are no endpoints at all.

    Raises:
        CannotTell: there may be endpoints that serve everything; that was not read.
    """
    try:
        wanted = needed_services(snapshot)
        in_ecr = ".dkr.ecr." in ash_container(snapshot).image
    except NotApplicable:
        return ["internet"]
    if not in_ecr:
        return ["internet"]
    there = {service_of(e) for e in _usable(snapshot, subnets)}
    if not there & wanted:
        return ["internet"]
    return sorted(wanted - there)


def _usable(snapshot: Snapshot, subnets: list[str]) -> Iterator[VpcEndpoint]:
    """The endpoints that tasks in these subnets reach by the services' usual names."""
    tables = {
        route_table_of(snapshot, s).route_table_id
        for s in items(snapshot.subnets)
        if s.subnet_id in subnets
    }
    for endpoint in items(snapshot.vpc_endpoints):
        if (endpoint.state or "").lower() != "available":
            continue
        if endpoint.vpc_endpoint_type == "Gateway":
            if tables <= set(endpoint.route_table_ids):
                yield endpoint
        elif endpoint.private_dns_enabled:
            yield endpoint
