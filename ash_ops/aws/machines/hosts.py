"""The machines that tasks run on: ECS's container instances and providers, EC2 Auto Scaling's groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, fact, facts, rows
from ash_ops.aws.client.session import Aws
from ash_ops.facts.hosts import CapacityProvider, ContainerInstance, ScalingActivity, ScalingGroup

INSTANCES_A_CALL = 100  # the most that DescribeContainerInstances takes
GROUPS_A_PAGE = 100  # the most that DescribeAutoScalingGroups gives
_HEALTH = "CONTAINER_INSTANCE_HEALTH"
_ACTIVITIES = 20  # the newest of a group; older ones say nothing of the present


def instance_arns(aws: Aws, cluster_name: str) -> list[str]:
    """The machines of a cluster, whatever their state.

    Raises:
        ReadFailed: they could not be read.
    """
    return list(rows(aws, op.LIST_CONTAINER_INSTANCES, cluster=cluster_name))


def instances(aws: Aws, cluster_name: str, arns: Sequence[str]) -> tuple[ContainerInstance, ...]:
    """Up to a hundred machines in full, with their health.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = {"cluster": cluster_name, "containerInstances": list(arns), "include": [_HEALTH]}
    return facts(aws, op.DESCRIBE_CONTAINER_INSTANCES, ContainerInstance, **asked)


def cluster_instances(aws: Aws, cluster_name: str) -> tuple[ContainerInstance, ...]:
    """Every machine of a cluster in full.

    Raises:
        ReadFailed: they could not be read.
    """
    arns = instance_arns(aws, cluster_name)
    starts = range(0, len(arns), INSTANCES_A_CALL)
    batches = (instances(aws, cluster_name, arns[s : s + INSTANCES_A_CALL]) for s in starts)
    return tuple(each for batch in batches for each in batch)


def capacity_providers(
    aws: Aws, cluster_name: str, names: Sequence[str]
) -> tuple[CapacityProvider, ...]:
    """Those of the capacity providers that the cluster has.

    Those of Managed Instances belong to one cluster and are found with its name only.

    Raises:
        ReadFailed: they could not be read.
    """
    asked: dict[str, Any] = {"cluster": cluster_name, "capacityProviders": list(names)}
    answer = call(aws, op.DESCRIBE_CAPACITY_PROVIDERS, **asked)
    found = answer.get("capacityProviders") or ()
    return tuple(fact(op.DESCRIBE_CAPACITY_PROVIDERS, CapacityProvider, row) for row in found)


def scaling_groups(aws: Aws) -> tuple[ScalingGroup, ...]:
    """Every Auto Scaling group of the region.

    Raises:
        ReadFailed: they could not be read.
    """
    return facts(aws, op.DESCRIBE_AUTO_SCALING_GROUPS, ScalingGroup, MaxRecords=GROUPS_A_PAGE)


def scaling_activities(aws: Aws, group: str) -> tuple[ScalingActivity, ...]:
    """What an Auto Scaling group did and tried last, newest first.

    Raises:
        ReadFailed: it could not be read.
    """
    asked: dict[str, Any] = {"AutoScalingGroupName": group, "MaxRecords": _ACTIVITIES}
    found = call(aws, op.DESCRIBE_SCALING_ACTIVITIES, **asked).get("Activities") or ()
    return tuple(fact(op.DESCRIBE_SCALING_ACTIVITIES, ScalingActivity, row) for row in found)
