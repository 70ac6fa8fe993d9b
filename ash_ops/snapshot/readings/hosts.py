"""The instances that the service's tasks are put on; a service on Fargate costs no call here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ash_ops.aws import operations as op
from ash_ops.aws.machines import hosts
from ash_ops.facts.hosts import CapacityProvider, ScalingActivity, ScalingGroup
from ash_ops.facts.services import Cluster, Service
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent, Several

HOSTS_LIMIT = 300


def _require_hosts(context: ReadingContext) -> Service:
    service: Service = context.need("service")
    if not service.uses_hosts:
        raise Absent("hosts")
    return service


@reading(op.DESCRIBE_CONTAINER_INSTANCES, op.LIST_CONTAINER_INSTANCES, after=("service",))
def container_instances(context: ReadingContext) -> Several:
    """The instances of the cluster, with their health."""
    _require_hosts(context)
    return all_instances(context)


def all_instances(context: ReadingContext) -> Several:
    """The same, whatever is put on them."""
    cluster = context.deployment.cluster
    arns = hosts.instance_arns(context.aws, cluster)
    if len(arns) > HOSTS_LIMIT:
        context.limits.append(f"Only the first {HOSTS_LIMIT} instances of {cluster} were read.")
    read = arns[:HOSTS_LIMIT]
    starts = range(0, len(read), hosts.INSTANCES_A_CALL)
    return context.several(
        [
            partial(hosts.instances, context.aws, cluster, read[s : s + hosts.INSTANCES_A_CALL])
            for s in starts
        ],
        lambda parts: tuple(each for part in parts for each in part.result()),
    )


@reading(op.DESCRIBE_CAPACITY_PROVIDERS, after=("cluster", "service"))
def capacity_providers(context: ReadingContext) -> tuple[CapacityProvider, ...]:
    """Those that the service's strategy names; without such, the cluster's own."""
    service = _require_hosts(context)
    names = service.host_providers or tuple(_of_cluster(context))
    if not names:
        raise Absent("capacity providers")
    return hosts.capacity_providers(context.aws, context.deployment.cluster, names)


def _of_cluster(context: ReadingContext) -> Iterator[str]:
    cluster: Cluster | None = context.seek("cluster")
    named = cluster.capacity_providers if cluster else ()
    yield from (name for name in named if not name.startswith("FARGATE"))


@reading(op.DESCRIBE_AUTO_SCALING_GROUPS, name="_scaling_groups", after=("service",))
def scaling_groups(context: ReadingContext) -> tuple[ScalingGroup, ...]:
    """The Auto Scaling groups with this deployment's tag, and those of its capacity providers."""
    _require_hosts(context)
    return hosts.scaling_groups(context.aws)


@reading(
    op.DESCRIBE_AUTO_SCALING_GROUPS,
    name="scaling_groups",
    after=("_scaling_groups", "capacity_providers"),
)
def own_scaling_groups(context: ReadingContext) -> tuple[ScalingGroup, ...]:
    """Of all groups those with this deployment's tag, and those behind its capacity providers."""
    found: tuple[ScalingGroup, ...] = context.need("_scaling_groups")
    providers: tuple[CapacityProvider, ...] = context.seek("capacity_providers") or ()
    named = {p.group_name for p in providers}
    tag = context.deployment.tag
    return tuple(
        group
        for group in found
        if group.auto_scaling_group_name in named or tag in {(t.key, t.value) for t in group.tags}
    )


@reading(op.DESCRIBE_SCALING_ACTIVITIES, after=("scaling_groups",))
def scaling_activities(context: ReadingContext) -> Several:
    """What these groups did and tried last, newest first."""
    groups: tuple[ScalingGroup, ...] = context.need("scaling_groups")
    names = [group.auto_scaling_group_name for group in groups]
    return context.several(
        [partial(hosts.scaling_activities, context.aws, name) for name in names if name],
        lambda parts: _newest_first([each for part in parts for each in part.result()]),
    )


def _newest_first(activities: list[ScalingActivity]) -> tuple[ScalingActivity, ...]:
    dated = [each for each in activities if each.start_time is not None]
    undated = [each for each in activities if each.start_time is None]
    return (*sorted(dated, key=lambda each: str(each.start_time), reverse=True), *undated)
