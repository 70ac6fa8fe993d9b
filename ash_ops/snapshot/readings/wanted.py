"""What the stack wants of what traffic and tasks hang on: its own template, worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ash_ops import redact
from ash_ops.aws import cloudformation
from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.wanted import COMPARED, WantedResource
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.intrinsics import Resolver, UnknownValue, parse_template

_CALL = "cloudformation:GetTemplate"


def wanted_resources(
    aws: Aws, stack: Stack, types: Collection[str] = COMPARED
) -> tuple[WantedResource, ...]:
    """What a stack wants of its resources of some types: of those that are compared, if none is named.

    Raises:
        ReadFailed: template or resources could not be read, or the template cannot be worked out.
    """
    template = cloudformation.stack_template(aws, stack.id)
    there = cloudformation.resources(aws, stack.id)
    physical = {each.logical_id: each.physical_id for each in there if each.physical_id}
    try:
        resolver = Resolver(
            template=parse_template(template),
            parameters=stack.parameters,
            physical=physical,
            pseudo=_pseudo(stack),
        )
        return tuple(
            WantedResource(
                logical_id=name,
                type=found.type,
                physical_id=physical[name],
                properties=redact.document(found.properties),
                unknown=found.unknown,
            )
            for name, found in resolver.resources()
            if found.type in types and name in physical
        )
    except UnknownValue as error:
        raise ReadFailed(_CALL, "failed", "UnreadableTemplate", str(error)) from None


def _pseudo(stack: Stack) -> Mapping[str, str]:
    """The pseudo parameters, of the stack's ARN."""
    _, partition, _, region, account, *_ = [*stack.id.split(":"), "", "", "", "", ""]
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return {
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": suffix,
    }


@reading(op.GET_TEMPLATE, op.LIST_STACK_RESOURCES, after=("_stack",))
def wanted(context: ReadingContext) -> tuple[WantedResource, ...]:
    """The same for the deployment's stack."""
    found: Stack = context.need("_stack")
    return wanted_resources(context.aws, found)
