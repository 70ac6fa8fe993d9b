"""Looking again: is anything left that costs money? Each kind is looked for, found, or not told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ash_ops.aws import discovery, ec2, ecs, elbv2, storage
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudwatch import alarms_on
from ash_ops.aws.iam import role_names
from ash_ops.aws.logs import find_log_group
from ash_ops.aws.operate.backups import disk_backups
from ash_ops.aws.secrets import find_secret
from ash_ops.deploy.keep.points import file_copies
from ash_ops.deploy.ownership import found_secret, own_log_groups, why_not_ours
from ash_ops.deploy.remove.inventory import own_snapshots
from ash_ops.errors import ReadFailed
from ash_ops.facts.tagged import NetworkInterface, Tagged
from ash_ops.names import Deployment

_CLUSTER_TAG = "tag:aws:ecs:clusterName"  # ECS puts it on its tasks' interfaces


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
        "recovery points": _recovery_points,
        "disk snapshots": _disk_snapshots,
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


def _own(found: Iterable[Tagged | None], names: Deployment) -> list[str]:
    """The ids of those that are ours."""
    return [each.id for each in found if each and not why_not_ours(each.tags, names)]


def _services(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own([discovery.tagged_service(aws, names.cluster, names.service)], names)


def _tasks(aws: Aws, names: Deployment) -> Iterable[str]:
    """Tasks that still run in our cluster, whoever started them."""
    ours = _own([discovery.tagged_cluster(aws, names.cluster)], names)
    return ecs.cluster_task_arns(aws, names.cluster) if ours else ()


def _balancers(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own([elbv2.tagged_load_balancer(aws, names.load_balancer)], names)


def _log_groups(aws: Aws, names: Deployment) -> Iterable[str]:
    """The log groups of exactly the deployment's names that carry its tag."""
    wanted = (*own_log_groups(names), names.insights_log_group)
    return _own((find_log_group(aws, name) for name in wanted), names)


def _secrets(aws: Aws, names: Deployment) -> Iterable[str]:
    found = find_secret(aws, names.secret)
    if found is None or found.deleted_at is not None or found_secret(aws, names, found).why:
        return []
    return [found.arn]


def _file_systems(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(storage.file_systems(aws), names)


def _snapshots(aws: Aws, names: Deployment, databases: frozenset[str]) -> Iterable[str]:
    return [snapshot.id for snapshot in own_snapshots(aws, names, databases)]


def _databases(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(storage.tagged_databases(aws), names)


def _recovery_points(aws: Aws, names: Deployment) -> Iterable[str]:
    """Copies of file systems, in the vaults that AWS and ``ash-ops backup`` use."""
    return _own(file_copies(aws, names), names)


def _disk_snapshots(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(disk_backups(aws, names.tag), names)


def _instances(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(ec2.tagged_instances(aws, names.tag), names)


def _volumes(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(ec2.tagged_disks(aws, names.tag), names)


def _addresses(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(ec2.tagged_addresses(aws, names.tag), names)


def _gateways(aws: Aws, names: Deployment) -> Iterable[str]:
    return _own(ec2.tagged_nat_gateways(aws, names.tag), names)


def _interfaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """Interfaces of the load balancer, which AWS names in their description, and of tasks."""
    wanted = {
        "description": f"ELB net/{names.load_balancer}/*",
        _CLUSTER_TAG: names.cluster,
        f"tag:{names.tag[0]}": names.tag[1],
    }
    if _why_foreign(elbv2.tagged_load_balancer(aws, names.load_balancer), names):
        del wanted["description"]  # the interfaces of somebody else's load balancer of that name
    if _why_foreign(discovery.tagged_cluster(aws, names.cluster), names):
        del wanted[_CLUSTER_TAG]
    found = (face for item in wanted.items() for face in ec2.network_interfaces(aws, *item))
    # Compared here once more: an endpoint that ignores the filter would name every interface.
    return dict.fromkeys(face.id for face in found if _is_ours(face, names, wanted))


def _why_foreign(found: Tagged | None, names: Deployment) -> str:
    """Why something that was found is not ours; empty when it is, or when nothing was found."""
    return why_not_ours(found.tags, names) if found else ""


def _is_ours(face: NetworkInterface, names: Deployment, wanted: Mapping[str, str]) -> bool:
    start = wanted.get("description", "").rstrip("*")
    named = bool(start) and face.description.startswith(start)
    in_cluster = face.tags.get("aws:ecs:clusterName") == wanted.get(_CLUSTER_TAG, "")
    return named or in_cluster or face.tags.get(names.tag[0]) == names.tag[1]


def _namespaces(aws: Aws, names: Deployment) -> Iterable[str]:
    """The Cloud Map namespace, whose hosted zone is billed."""
    return _own(discovery.namespaces(aws, f"{names.prefix}.internal"), names)


def _alarms(aws: Aws, names: Deployment) -> Iterable[str]:
    """Alarms of the deployment; those of ``PREFIX-2`` begin alike and are another's."""
    return alarms_on(aws, f"{names.prefix}-", frozenset({names.cluster, names.service}))


def _task_definitions(aws: Aws, names: Deployment) -> Iterable[str]:
    return ecs.active_task_definitions(aws, names.service)


# CloudFormation names what has no name of its own STACK-LOGICAL-RANDOM. Only the whole logical id
# tells ash-cloud from ash-cloud-2.
_RULE_IDS = ("TaskEvents", "DeploymentEvents", "FailureEvents")
_ROLE_IDS = ("ExecutionRole", "TaskRole", "InstanceRole")


def _rules(aws: Aws, names: Deployment) -> Iterable[str]:
    every = discovery.rule_names(aws, f"{names.stack}-")
    return [name for name in every if name.startswith(_stems(names, _RULE_IDS))]


def _roles(aws: Aws, names: Deployment) -> Iterable[str]:
    return [name for name in role_names(aws) if name.startswith(_stems(names, _ROLE_IDS))]


def _stems(names: Deployment, logical_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{names.stack}-{logical_id}-" for logical_id in logical_ids)
