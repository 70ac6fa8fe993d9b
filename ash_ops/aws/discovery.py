"""What else bears a deployment's names: Cloud Map's namespaces and EventBridge's rules."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.aws.calls import rows, tags_of
from ash_ops.aws.session import Aws
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
