"""The CloudFormation stack and the events of its latest operations, also of a deleted one."""

from __future__ import annotations

from msgspec.structs import replace

from ash_ops.aws import cloudformation
from ash_ops.aws import operations as op
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack, StackEvent
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading

_READ_BY_CHECKS = frozenset({"RunnerCount"})
_VALIDATED = ("REVIEW_IN_PROGRESS", "CREATE_FAILED", "UPDATE_FAILED", "ROLLBACK_COMPLETE")


@reading(op.DESCRIBE_STACKS, name="_stack", client="cloudformation")
def own_stack(context: ReadingContext) -> Stack | None:
    """The stack of the deployment's name, with its parameters."""
    return cloudformation.find_stack(context.aws, context.deployment.stack)


@reading(op.DESCRIBE_STACKS, after=("_stack",))
def stack(context: ReadingContext) -> Stack | None:
    """The same; ``None`` for a deployment made by Terraform."""
    found: Stack | None = context.need("_stack")
    if found is None:
        return None
    # The others are the user's own choices: no check reads them, and a snapshot is handed on.
    kept = tuple(p for p in found.given_parameters if p.parameter_key in _READ_BY_CHECKS)
    return replace(found, given_parameters=kept)


@reading(op.DESCRIBE_STACK_EVENTS, name="_stack_events", client="cloudformation")
def own_events(context: ReadingContext) -> tuple[StackEvent, ...]:
    """The events of the stack of that name, newest first."""
    return tuple(cloudformation.latest_events(context.aws, context.deployment.stack))


@reading(
    op.DESCRIBE_STACK_EVENTS,
    op.DESCRIBE_EVENTS,
    op.LIST_STACKS,
    after=("_stack_events", "cluster", "service", "stack"),
)
def stack_events(context: ReadingContext) -> tuple[StackEvent, ...] | None:
    """The events, and what they leave out.

    A stack that deleted itself on failure is found by its id alone; and what the validation
    before a deployment found is in another list than everything else.
    """
    events: tuple[StackEvent, ...] = context.need("_stack_events")
    if not events:
        nothing_runs = context.seek("cluster") is None or context.seek("service") is None
        return _events_of_deleted(context) if nothing_runs else None
    found: Stack | None = context.seek("stack")
    failed = any("FAILED" in event.status for event in events)
    untold = found is not None and found.status in _VALIDATED and not failed
    return events + _validation(context) if untold else events


def _events_of_deleted(context: ReadingContext) -> tuple[StackEvent, ...] | None:
    try:
        stack_id = cloudformation.deleted_stack_id(context.aws, context.deployment.stack)
        return tuple(cloudformation.latest_events(context.aws, stack_id)) if stack_id else None
    except ReadFailed as failure:
        context.limits.append(f"Whether a stack of this name was deleted is not known: {failure}.")
        return None


def _validation(context: ReadingContext) -> tuple[StackEvent, ...]:
    try:
        return cloudformation.validation_events(context.aws, context.deployment.stack)
    except ReadFailed as failure:
        context.limits.append(f"CloudFormation's validation was not read: {failure}.")
        return ()
