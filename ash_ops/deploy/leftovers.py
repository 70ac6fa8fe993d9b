"""Looking again: is anything left that costs money? Each kind is looked for, found, or not told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ash_ops.aws.calls import call, pages
from ash_ops.aws.secrets import find_secret
from ash_ops.aws.session import Aws
from ash_ops.deploy.live import find_service
from ash_ops.deployment import Deployment
from ash_ops.errors import ReadFailed

_GONE = ("terminated", "shutting-down", "deleted", "deleting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the second look found of one kind.

    Attributes:
        kind: what was looked for, in words.
        ids: what is there.
        unknown: why it could not be told; empty when it could.
    """

    kind: str
    ids: tuple[str, ...] = ()
    unknown: str = ""


def look_again(aws: Aws, names: Deployment) -> list[Found]:
    """Look for everything of a deployment that can be billed, by name and by tag."""
    looks: dict[str, Callable[[Aws, Deployment], Iterable[str]]] = {
        "services": _services,
        "load balancers": _balancers,
        "log groups": log_groups,
        "secrets": _secrets,
        "file systems": file_systems,
        "databases": _databases,
        "instances": _instances,
        "volumes": _volumes,
        "addresses": _addresses,
        "NAT gateways": _gateways,
        "network interfaces": _interfaces,
    }
    return [_look(aws, names, kind, look) for kind, look in looks.items()]


def _look(
    aws: Aws,
    names: Deployment,
    kind: str,
    look: Callable[[Aws, Deployment], Iterable[str]],
) -> Found:
    try:
        return Found(kind=kind, ids=tuple(look(aws, names)))
    except ReadFailed as error:
        return Found(kind=kind, unknown=f"{error.call}: {error.code}")


def _tagged(names: Deployment) -> list[dict[str, Any]]:
    key, value = names.tag
    return [{"Name": f"tag:{key}", "Values": [value]}]


def _services(aws: Aws, names: Deployment) -> Iterable[str]:
    service = find_service(aws, names)
    return [service.arn] if service else []


def _balancers(aws: Aws, names: Deployment) -> Iterable[str]:
    try:
        found = call(aws, "elbv2", "describe_load_balancers", Names=[names.load_balancer])
    except ReadFailed as error:
        if error.kind == "missing":
            return []
        raise
    return [item["LoadBalancerArn"] for item in found.get("LoadBalancers") or ()]


def log_groups(aws: Aws, names: Deployment) -> Iterable[str]:
    """The log groups under the deployment's prefix."""
    prefixes = (f"/{names.prefix}/", f"/aws/ecs/containerinsights/{names.cluster}/")
    return [
        group["logGroupName"]
        for prefix in prefixes
        for page in pages(aws, "logs", "describe_log_groups", logGroupNamePrefix=prefix)
        for group in page.get("logGroups") or ()
    ]


def _secrets(aws: Aws, names: Deployment) -> Iterable[str]:
    found = find_secret(aws, names.secret)
    return [found.arn] if found and found.deleted_at is None else []


def file_systems(aws: Aws, names: Deployment) -> Iterable[str]:
    """The EFS file systems that carry the deployment's tag."""
    key, value = names.tag
    return [
        system["FileSystemId"]
        for page in pages(aws, "efs", "describe_file_systems")
        for system in page.get("FileSystems") or ()
        if {"Key": key, "Value": value} in (system.get("Tags") or ())
        and system.get("LifeCycleState") not in _GONE
    ]


def _databases(aws: Aws, names: Deployment) -> Iterable[str]:
    key, value = names.tag
    return [
        database["DBInstanceIdentifier"]
        for page in pages(aws, "rds", "describe_db_instances")
        for database in page.get("DBInstances") or ()
        if {"Key": key, "Value": value} in (database.get("TagList") or ())
        and database.get("DBInstanceStatus") not in _GONE
    ]


def _instances(aws: Aws, names: Deployment) -> Iterable[str]:
    return [
        instance["InstanceId"]
        for page in pages(aws, "ec2", "describe_instances", Filters=_tagged(names))
        for reservation in page.get("Reservations") or ()
        for instance in reservation.get("Instances") or ()
        if (instance.get("State") or {}).get("Name") not in _GONE
    ]


def _volumes(aws: Aws, names: Deployment) -> Iterable[str]:
    found = pages(aws, "ec2", "describe_volumes", Filters=_tagged(names))
    return [item["VolumeId"] for page in found for item in page.get("Volumes") or ()]


def _addresses(aws: Aws, names: Deployment) -> Iterable[str]:
    found = call(aws, "ec2", "describe_addresses", Filters=_tagged(names))
    return [item.get("PublicIp") or item["AllocationId"] for item in found.get("Addresses") or ()]


def _gateways(aws: Aws, names: Deployment) -> Iterable[str]:
    found = pages(aws, "ec2", "describe_nat_gateways", Filters=_tagged(names))
    return [
        item["NatGatewayId"]
        for page in found
        for item in page.get("NatGateways") or ()
        if item.get("State") not in _GONE
    ]


def _interfaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """Interfaces of the load balancer; AWS names it in their description."""
    wanted = [{"Name": "description", "Values": [f"ELB net/{names.load_balancer}/*"]}]
    found = pages(aws, "ec2", "describe_network_interfaces", Filters=wanted)
    return [item["NetworkInterfaceId"] for page in found for item in _described(page, names)]


def _described(page: Mapping[str, Any], names: Deployment) -> Iterable[Mapping[str, Any]]:
    # Compared here once more: an endpoint that ignores the filter would name every interface.
    mark = f"ELB net/{names.load_balancer}/"
    return [
        item
        for item in page.get("NetworkInterfaces") or ()
        if str(item.get("Description", "")).startswith(mark)
    ]
