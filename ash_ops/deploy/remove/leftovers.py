"""Looking again: is anything left that costs money? Each kind is looked for, found, or not told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ash_ops.aws import owners
from ash_ops.aws.calls import call, pages
from ash_ops.aws.file_systems import file_systems
from ash_ops.aws.log_groups import find_log_group
from ash_ops.aws.secrets import find_secret
from ash_ops.aws.session import Aws
from ash_ops.aws.volumes import volumes_tagged
from ash_ops.deploy.ownership import own_log_groups, secret_thing, why_not_ours
from ash_ops.deploy.remove.inventory import own_snapshots
from ash_ops.errors import ReadFailed
from ash_ops.names import Deployment

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


def look_again(aws: Aws, names: Deployment, databases: frozenset[str] = frozenset()) -> list[Found]:
    """Look for everything of a deployment that is billed, then for what is left and free.

    What has one of its names and is not ours is none of it.

    Args:
        aws: where.
        names: the deployment.
        databases: those that the stack had: their snapshots are its own whatever tags they carry.
    """
    billed: dict[str, Look] = {
        "services": _services,
        "tasks": _tasks,
        "load balancers": _balancers,
        "log groups": _log_groups,
        "secrets": _secrets,
        "file systems": _file_systems,
        "databases": _databases,
        "database snapshots": partial(_snapshots, databases=databases),
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


def _is_own(tags: Iterable[Mapping[str, str]] | None, names: Deployment) -> bool:
    pairs = {tag.get("Key", ""): tag.get("Value", "") for tag in tags or ()}
    return not why_not_ours(pairs, names)


def _services(aws: Aws, names: Deployment) -> Iterable[str]:
    found = owners.service(aws, names.cluster, names.service)
    return [found.arn] if found and not why_not_ours(found.tags, names) else []


def _tasks(aws: Aws, names: Deployment) -> Iterable[str]:
    """Tasks that still run in our cluster, whoever started them."""
    found = owners.cluster(aws, names.cluster)
    if found is None or why_not_ours(found.tags, names):
        return []
    tasks = pages(aws, "ecs", "list_tasks", cluster=names.cluster)
    return [arn for page in tasks for arn in page.get("taskArns") or ()]


def _balancers(aws: Aws, names: Deployment) -> Iterable[str]:
    found = owners.load_balancer(aws, names.load_balancer)
    return [found.arn] if found and not why_not_ours(found.tags, names) else []


def _log_groups(aws: Aws, names: Deployment) -> Iterable[str]:
    """The log groups of exactly the deployment's names that carry its tag."""
    wanted = (*own_log_groups(names), names.insights_log_group)
    found = (find_log_group(aws, name) for name in wanted)
    return [group.name for group in found if group and not why_not_ours(group.tags, names)]


def _secrets(aws: Aws, names: Deployment) -> Iterable[str]:
    found = find_secret(aws, names.secret)
    if found is None or found.deleted_at is not None or secret_thing(aws, names, found).why:
        return []
    return [found.arn]


def _file_systems(aws: Aws, names: Deployment) -> Iterable[str]:
    return [item.id for item in file_systems(aws) if not why_not_ours(item.tags, names)]


def _snapshots(aws: Aws, names: Deployment, databases: frozenset[str]) -> Iterable[str]:
    return [snapshot.id for snapshot in own_snapshots(aws, names, databases)]


def _databases(aws: Aws, names: Deployment) -> Iterable[str]:
    return [
        database["DBInstanceIdentifier"]
        for page in pages(aws, "rds", "describe_db_instances")
        for database in page.get("DBInstances") or ()
        if _is_own(database.get("TagList"), names) and database.get("DBInstanceStatus") not in _GONE
    ]


def _instances(aws: Aws, names: Deployment) -> Iterable[str]:
    return [
        instance["InstanceId"]
        for page in pages(aws, "ec2", "describe_instances", Filters=_tagged(names))
        for reservation in page.get("Reservations") or ()
        for instance in reservation.get("Instances") or ()
        if _is_own(instance.get("Tags"), names)
        and (instance.get("State") or {}).get("Name") not in _GONE
    ]


def _volumes(aws: Aws, names: Deployment) -> Iterable[str]:
    found = volumes_tagged(aws, names.tag)
    return [volume.id for volume in found if not why_not_ours(volume.tags, names)]


def _addresses(aws: Aws, names: Deployment) -> Iterable[str]:
    found = call(aws, "ec2", "describe_addresses", Filters=_tagged(names)).get("Addresses") or ()
    own = (item for item in found if _is_own(item.get("Tags"), names))
    return [item.get("PublicIp") or item["AllocationId"] for item in own]


def _gateways(aws: Aws, names: Deployment) -> Iterable[str]:
    found = pages(aws, "ec2", "describe_nat_gateways", Filters=_tagged(names))
    return [
        item["NatGatewayId"]
        for page in found
        for item in page.get("NatGateways") or ()
        if _is_own(item.get("Tags"), names) and item.get("State") not in _GONE
    ]


def _interfaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """Interfaces of the load balancer, which AWS names in their description, and of tasks."""
    description = f"ELB net/{names.load_balancer}/"
    wanted = {
        "description": f"{description}*",
        "tag:aws:ecs:clusterName": names.cluster,
        f"tag:{names.tag[0]}": names.tag[1],
    }
    if _why_foreign(owners.load_balancer(aws, names.load_balancer), names):
        del wanted["description"]  # the interfaces of somebody else's load balancer of that name
    if _why_foreign(owners.cluster(aws, names.cluster), names):
        del wanted["tag:aws:ecs:clusterName"]
    found = [
        item
        for name, value in wanted.items()
        for page in pages(
            aws, "ec2", "describe_network_interfaces", Filters=[{"Name": name, "Values": [value]}]
        )
        for item in page.get("NetworkInterfaces") or ()
    ]
    # Compared here once more: an endpoint that ignores the filter would name every interface.
    ours = (item for item in found if _is_ours(item, names, wanted))
    return dict.fromkeys(str(item["NetworkInterfaceId"]) for item in ours)


def _why_foreign(found: owners.Tagged | None, names: Deployment) -> str:
    """Why something that was found is not ours; empty when it is, or when nothing was found."""
    return why_not_ours(found.tags, names) if found else ""


def _is_ours(interface: Mapping[str, Any], names: Deployment, wanted: Mapping[str, str]) -> bool:
    tags = {tag.get("Key"): tag.get("Value") for tag in interface.get("TagSet") or ()}
    start = wanted.get("description", "").rstrip("*")
    named = bool(start) and str(interface.get("Description", "")).startswith(start)
    in_cluster = tags.get("aws:ecs:clusterName") == wanted.get("tag:aws:ecs:clusterName", "")
    return named or in_cluster or tags.get(names.tag[0]) == names.tag[1]


def _namespaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """The Cloud Map namespace, whose hosted zone is billed."""
    wanted = f"{names.prefix}.internal"
    found = pages(aws, "servicediscovery", "list_namespaces")
    every = (item for page in found for item in page.get("Namespaces") or ())
    return [
        item["Id"]
        for item in every
        if item.get("Name") == wanted and _is_own(_namespace_tags(aws, item["Arn"]), names)
    ]


def _namespace_tags(aws: Aws, arn: str) -> Iterable[Mapping[str, str]]:
    raw = call(aws, "servicediscovery", "list_tags_for_resource", ResourceARN=arn)
    return raw.get("Tags") or ()


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
