"""What a template lets go with its stack: the ``DeletionPolicy`` of what holds data.

The bundled templates keep it; a user's own copy, or the template of an older version, may not.
What is there is deleted by the policy of the template that the stack has, so that one is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudformation import stack_template
from ash_ops.deploy.losses import STATEFUL, is_there
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack, StackResource
from ash_ops.template_parameters import document

KEEPS = ("Retain", "RetainExceptOnCreate", "Snapshot")
# Without a DeletionPolicy these leave a snapshot (CloudFormation, "DeletionPolicy attribute").
_SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")


def deletion_policies(template: str | Mapping[str, Any]) -> dict[str, str]:
    """The ``DeletionPolicy`` of each resource that holds data, by its logical id.

    Args:
        template: YAML or JSON text, or JSON that was parsed.
    """
    parsed = document(template) if isinstance(template, str) else template
    resources = parsed.get("Resources") or {}
    return {
        logical_id: _policy(resource)
        for logical_id, resource in resources.items()
        if isinstance(resource, Mapping) and resource.get("Type") in STATEFUL
    }


def _policy(resource: Mapping[str, Any]) -> str:
    properties = resource.get("Properties")
    in_cluster = isinstance(properties, Mapping) and "DBClusterIdentifier" in properties
    if resource["Type"] in _SNAPSHOT_BY_DEFAULT and not in_cluster:
        return str(resource.get("DeletionPolicy", "Snapshot"))
    return str(resource.get("DeletionPolicy", "Delete"))


def goes_with_the_stack(
    aws: Aws, stack: Stack, resources: Iterable[StackResource]
) -> list[StackResource]:
    """What holds data and is deleted with the stack, without a snapshot.

    Raises:
        ReadFailed: the stack's template could not be read.
    """
    data = [item for item in resources if is_there(item)]
    if not data:
        return []
    policies = deletion_policies(stack_template(aws, stack.id))
    return [item for item in data if policies.get(item.logical_id, "Delete") not in KEEPS]


def no_longer_kept(
    aws: Aws, stack: Stack, resources: Sequence[StackResource], body: str
) -> list[str]:
    """What another template would give up keeping, a sentence each.

    Args:
        aws: where.
        stack: as it is.
        resources: of the stack.
        body: the template that it would have.
    """
    wanted = deletion_policies(body)
    loose = [
        r for r in resources if is_there(r) and wanted.get(r.logical_id, "Retain") not in KEEPS
    ]
    return list(_sentences(loose, wanted, _policies_now(aws, stack))) if loose else []


def _policies_now(aws: Aws, stack: Stack) -> Mapping[str, str]:
    try:
        return deletion_policies(stack_template(aws, stack.id))
    except ReadFailed:
        # The deploy policy does not allow it, for hardly any deployment gets here. Then what is there
        # is taken for kept until now: to ask once too often loses nothing.
        return {}


def _sentences(
    loose: Iterable[StackResource], wanted: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[str]:
    for item in loose:
        if now.get(item.logical_id, "Retain") in KEEPS:
            yield (
                f"{item.logical_id} ({item.physical_id}) is kept no longer when the stack goes "
                f"(DeletionPolicy {wanted[item.logical_id]}): {STATEFUL[item.type]} are lost then."
            )
