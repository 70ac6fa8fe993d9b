"""Whose things of a name are: their tags, for what is found by its name.

Nothing is here that a service module of its own reads; each function answers ``None`` for "there is
no such thing" and raises where that could not be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Something of a name, by its ARN, with its tags."""

    arn: str
    tags: Mapping[str, str] = field(default_factory=dict)


def cluster(aws: Aws, name: str) -> Tagged | None:
    """The active ECS cluster of a name.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = call(aws, op.DESCRIBE_CLUSTERS, clusters=[name], include=["TAGS"])
    for raw in found.get("clusters") or ():
        if raw.get("clusterName") == name and raw.get("status", "ACTIVE") != "INACTIVE":
            return Tagged(arn=raw["clusterArn"], tags=_lower(raw.get("tags") or ()))
    return None


def service(aws: Aws, cluster_name: str, name: str) -> Tagged | None:
    """The ECS service of a name in a cluster.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        found = call(
            aws,
            op.DESCRIBE_SERVICES,
            cluster=cluster_name,
            services=[name],
            include=["TAGS"],
        )
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    for raw in found.get("services") or ():
        if raw.get("status") != "INACTIVE":
            return Tagged(arn=raw["serviceArn"], tags=_lower(raw.get("tags") or ()))
    return None


def load_balancer(aws: Aws, name: str) -> Tagged | None:
    """The load balancer of a name.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        found = call(aws, op.DESCRIBE_LOAD_BALANCERS, Names=[name])
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    arns = [str(raw["LoadBalancerArn"]) for raw in found.get("LoadBalancers") or ()]
    return balancing_of(aws, arns[0]) if arns else None


def target_group(aws: Aws, name: str) -> Tagged | None:
    """The target group of a name.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        found = call(aws, op.DESCRIBE_TARGET_GROUPS, Names=[name])
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    arns = [str(raw["TargetGroupArn"]) for raw in found.get("TargetGroups") or ()]
    return balancing_of(aws, arns[0]) if arns else None


def balancing_of(aws: Aws, arn: str) -> Tagged:
    """A load balancer or target group by its ARN, with its tags.

    Raises:
        ReadFailed: the tags could not be read, or there is no such thing.
    """
    told = call(aws, op.DESCRIBE_TAGS, ResourceArns=[arn]).get("TagDescriptions")
    return Tagged(arn=arn, tags=_pairs((told or [{}])[0].get("Tags") or ()))


def network_of(aws: Aws, id_: str) -> Tagged:
    """Something of EC2's by its id, with its tags; what has none, and what is not there, has none.

    Raises:
        ReadFailed: the tags could not be read.
    """
    filters = [{"Name": "resource-id", "Values": [id_]}]
    found = call(aws, op.DESCRIBE_EC2_TAGS, Filters=filters).get("Tags") or ()
    return Tagged(arn=id_, tags=_pairs(tag for tag in found if tag.get("ResourceId") == id_))


def _pairs(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def _lower(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """ECS spells its tags' fields in lower case."""
    return {tag["key"]: tag.get("value", "") for tag in tags}
