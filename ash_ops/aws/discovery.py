"""What bears a deployment's names, and whose it is: clusters, services, namespaces, rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import if_there, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.facts.tagged import Tagged


def namespaces(aws: Aws, name: str) -> Iterator[Tagged]:
    """Cloud Map's namespaces of a name, with their tags.

    Raises:
        ReadFailed: they or their tags could not be read.
    """
    for raw in rows(aws, op.LIST_NAMESPACES):
        if raw.get("Name") == name:
            tags = rows(aws, op.SERVICEDISCOVERY_LIST_TAGS, ResourceARN=raw["Arn"])
            yield Tagged(id=raw["Id"], tags=tags_of(tags))


def rule_names(aws: Aws, prefix: str) -> Iterator[str]:
    """EventBridge's rules whose names start so.

    Raises:
        ReadFailed: they could not be read.
    """
    return (str(raw.get("Name", "")) for raw in rows(aws, op.LIST_RULES, NamePrefix=prefix))


def tagged_cluster(aws: Aws, name: str) -> Tagged | None:
    """The active cluster of a name, by its ARN, with its tags.

    Raises:
        ReadFailed: the question could not be answered.
    """
    for raw in rows(aws, op.DESCRIBE_CLUSTERS, clusters=[name], include=["TAGS"]):
        if raw.get("clusterName") == name and raw.get("status", "ACTIVE") != "INACTIVE":
            return Tagged(id=raw["clusterArn"], tags=tags_of(raw.get("tags"), "key", "value"))
    return None


def tagged_service(aws: Aws, cluster_name: str, name: str) -> Tagged | None:
    """The service of a name in a cluster, by its ARN, with its tags.

    Raises:
        ReadFailed: the question could not be answered.
    """
    asked: dict[str, Any] = {"cluster": cluster_name, "services": [name], "include": ["TAGS"]}
    for raw in if_there(lambda: list(rows(aws, op.DESCRIBE_SERVICES, **asked))) or ():
        if raw.get("status") != "INACTIVE":
            return Tagged(id=raw["serviceArn"], tags=tags_of(raw.get("tags"), "key", "value"))
    return None
