"""What VPC endpoints make up for where there is no way to the internet, and what keeps one from it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ash_ops.checks._facts import ash_container
from ash_ops.checks._findings import aws_command
from ash_ops.checks.base import Fix, NotApplicable, items
from ash_ops.checks.network.routes import route_table_of
from ash_ops.facts.network import VpcEndpoint
from ash_ops.facts.snapshot import Snapshot

_GATEWAY = "Gateway"
_INTERNET = "internet"  # no endpoint could help


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
        return [_INTERNET]
    if not in_ecr:
        return [_INTERNET]
    there = {service_of(e) for e in _usable(snapshot, subnets)}
    if not there & wanted:
        return [_INTERNET]
    return sorted(wanted - there)


class Unfit(Struct, frozen=True):
    """An endpoint that is there, and does not serve the tasks of some subnets.

    Attributes:
        service: what it is for, such as ``s3``.
        sentence: what keeps it from serving them.
        fix: how it is mended, or where it says why it cannot be.
    """

    service: str
    sentence: str
    fix: Fix


def unfit_endpoints(snapshot: Snapshot, subnets: list[str], missing: list[str]) -> list[Unfit]:
    """Of the services that are missing in these subnets, those that have an endpoint all the same; each once."""
    if missing == [_INTERNET]:
        return []
    tables, found = _tables(snapshot, subnets), dict[str, Unfit]()
    for endpoint in items(snapshot.vpc_endpoints):
        if service_of(endpoint) in missing:
            found.setdefault(service_of(endpoint), _unfit(snapshot, endpoint, tables))
    return list(found.values())


def _unfit(snapshot: Snapshot, endpoint: VpcEndpoint, tables: set[str]) -> Unfit:
    service, name = service_of(endpoint), endpoint.vpc_endpoint_id
    if not _is_available(endpoint):
        state = f"is in state {endpoint.state or 'unknown'}"
        why = (
            f"See why {name} {state}. One that waits for acceptance is accepted by its service's owner; one that "
            "failed is deleted and made anew: it does not mend itself, and while it stands its name may lead to it."
        )
        look = f"ec2 describe-vpc-endpoints --vpc-endpoint-ids {name}"
        fix = Fix(why=why, command=aws_command(snapshot, look))
        return Unfit(service, f"that of {service}, {name}, {state}", fix)
    if endpoint.vpc_endpoint_type == _GATEWAY:
        left = sorted(tables - set(endpoint.route_table_ids))
        lacks = f"is not in route table {', '.join(left)}"
        why = f"Add {name} to {', '.join(left)}: a gateway endpoint costs nothing."
        option = f"--add-route-table-ids {' '.join(left)}"
    else:
        lacks, option = "has no private DNS", "--private-dns-enabled"
        why = f"Let the service's usual name lead to {name}."
    command = f"ec2 modify-vpc-endpoint --vpc-endpoint-id {name} {option}"
    fix = Fix(why=why, command=aws_command(snapshot, command))
    return Unfit(service, f"that of {service}, {name}, {lacks}", fix)


def _tables(snapshot: Snapshot, subnets: list[str]) -> set[str]:
    chosen = (s for s in items(snapshot.subnets) if s.subnet_id in subnets)
    return {route_table_of(snapshot, subnet).route_table_id for subnet in chosen}


def _is_available(endpoint: VpcEndpoint) -> bool:
    return (endpoint.state or "").lower() == "available"


def _usable(snapshot: Snapshot, subnets: list[str]) -> Iterator[VpcEndpoint]:
    """The endpoints that tasks in these subnets reach by the services' usual names."""
    tables = _tables(snapshot, subnets)
    for endpoint in items(snapshot.vpc_endpoints):
        if not _is_available(endpoint):
            continue
        if endpoint.vpc_endpoint_type == _GATEWAY:
            if tables <= set(endpoint.route_table_ids):
                yield endpoint
        elif endpoint.private_dns_enabled:
            yield endpoint
