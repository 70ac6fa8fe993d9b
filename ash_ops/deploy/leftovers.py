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
        billed: whether it costs money; what does not is told and counts for nothing.
    """

    kind: str
    ids: tuple[str, ...] = ()
    unknown: str = ""
    billed: bool = True


Look = Callable[[Aws, Deployment], Iterable[str]]


def look_again(aws: Aws, names: Deployment) -> list[Found]:
    """Look for everything of a deployment that is billed, then for what is left and free."""
    billed: dict[str, Look] = {
        "services": _services,
        "tasks": _tasks,
        "load balancers": _balancers,
        "log groups": log_groups,
        "secrets": _secrets,
        "file systems": file_systems,
        "databases": _databases,
        "database snapshots": database_snapshots,
        "instances": _instances,
        "volumes": _volumes,
        "addresses": _addresses,
        "NAT gateways": _gateways,
        "network interfaces": _interfaces,
        "private DNS namespaces": _namespaces,
        "alarms": _alarms,
    }
    free: dict[str, Look] = {
        "task definitions": _task_definitions,
        "event rules": _rules,
        "roles": _roles,
    }
    return [
        *(_look(aws, names, kind, look, billed=True) for kind, look in billed.items()),
        *(_look(aws, names, kind, look, billed=False) for kind, look in free.items()),
    ]


def _look(aws: Aws, names: Deployment, kind: str, look: Look, *, billed: bool) -> Found:
    try:
        return Found(kind=kind, ids=tuple(look(aws, names)), billed=billed)
    except ReadFailed as error:
        return Found(kind=kind, unknown=f"{error.call}: {error.code}", billed=billed)


def _tagged(names: Deployment) -> list[dict[str, Any]]:
    key, value = names.tag
    return [{"Name": f"tag:{key}", "Values": [value]}]


def _services(aws: Aws, names: Deployment) -> Iterable[str]:
    service = find_service(aws, names)
    return [service.arn] if service else []


def _tasks(aws: Aws, names: Deployment) -> Iterable[str]:
    """Tasks that still run in the cluster, whoever started them."""
    try:
        found = list(pages(aws, "ecs", "list_tasks", cluster=names.cluster))
    except ReadFailed as error:
        if error.kind == "missing":
            return []
        raise
    return [arn for page in found for arn in page.get("taskArns") or ()]


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
    """Interfaces of the load balancer, which AWS names in their description, and of tasks."""
    description = f"ELB net/{names.load_balancer}/"
    wanted = {
        "description": f"{description}*",
        "tag:aws:ecs:clusterName": names.cluster,
        f"tag:{names.tag[0]}": names.tag[1],
    }
    found = [
        item
        for name, value in wanted.items()
        for page in pages(
            aws, "ec2", "describe_network_interfaces", Filters=[{"Name": name, "Values": [value]}]
        )
        for item in page.get("NetworkInterfaces") or ()
    ]
    # Compared here once more: an endpoint that ignores the filter would name every interface.
    ours = (item for item in found if _is_ours(item, names, description))
    return dict.fromkeys(str(item["NetworkInterfaceId"]) for item in ours)


def _is_ours(interface: Mapping[str, Any], names: Deployment, description: str) -> bool:
    tags = {(tag.get("Key"), tag.get("Value")) for tag in interface.get("TagSet") or ()}
    named = str(interface.get("Description", "")).startswith(description)
    return named or bool(tags & {names.tag, ("aws:ecs:clusterName", names.cluster)})


def database_snapshots(aws: Aws, names: Deployment) -> Iterable[str]:
    """The snapshots that are left of the deployment's database; they carry its tag."""
    key, value = names.tag
    return [
        snapshot["DBSnapshotIdentifier"]
        for page in pages(aws, "rds", "describe_db_snapshots", SnapshotType="manual")
        for snapshot in page.get("DBSnapshots") or ()
        if {"Key": key, "Value": value} in (snapshot.get("TagList") or ())
    ]


def _namespaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """The Cloud Map namespace, whose hosted zone is billed."""
    wanted = f"{names.prefix}.internal"
    found = pages(aws, "servicediscovery", "list_namespaces")
    every = (item for page in found for item in page.get("Namespaces") or ())
    return [item["Id"] for item in every if item.get("Name") == wanted]


def _alarms(aws: Aws, names: Deployment) -> Iterable[str]:
    """Alarms of the deployment; those of ``PREFIX-2`` begin alike and are another's."""
    found = pages(aws, "cloudwatch", "describe_alarms", AlarmNamePrefix=f"{names.prefix}-")
    every = (item for page in found for item in page.get("MetricAlarms") or ())
    return [item["AlarmName"] for item in every if _watches(item, names)]


def _watches(alarm: Mapping[str, Any], names: Deployment) -> bool:
    values = {dimension.get("Value") for dimension in alarm.get("Dimensions") or ()}
    return bool(values & {names.cluster, names.service})


def _task_definitions(aws: Aws, names: Deployment) -> Iterable[str]:
    found = pages(aws, "ecs", "list_task_definitions", familyPrefix=names.service, status="ACTIVE")
    return [
        arn.rsplit("/", 1)[-1] for page in found for arn in page.get("taskDefinitionArns") or ()
    ]


# CloudFormation names what has no name of its own STACK-LOGICAL-RANDOM. Only the whole logical id
# tells ash-cloud from ash-cloud-2.
_RULE_IDS = ("TaskEvents", "DeploymentEvents")
_ROLE_IDS = ("ExecutionRole", "TaskRole", "InstanceRole")


def _rules(aws: Aws, names: Deployment) -> Iterable[str]:
    found = call(aws, "events", "list_rules", NamePrefix=f"{names.stack}-")
    every = (str(item.get("Name", "")) for item in found.get("Rules") or ())
    return [name for name in every if name.startswith(_stems(names, _RULE_IDS))]


def _roles(aws: Aws, names: Deployment) -> Iterable[str]:
    every = (
        str(item.get("RoleName", ""))
        for page in pages(aws, "iam", "list_roles")
        for item in page.get("Roles") or ()
    )
    return [name for name in every if name.startswith(_stems(names, _ROLE_IDS))]


def _stems(names: Deployment, logical_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{names.stack}-{logical_id}-" for logical_id in logical_ids)
