"""The CloudFormation stack and the events of its latest operations, also of a deleted one."""

from __future__ import annotations

from ash_ops.aws import cloudformation
from ash_ops.errors import ReadFailed
from ash_ops.snapshot.context import ReadingContext, Row

_VALIDATED = ("REVIEW_IN_PROGRESS", "CREATE_FAILED", "UPDATE_FAILED", "ROLLBACK_COMPLETE")


def stack(context: ReadingContext) -> Row | None:
    """The stack of the deployment's name; ``None`` for a deployment made by Terraform."""
    return cloudformation.stack_answer(context.aws, context.deployment.stack)


def own_events(context: ReadingContext) -> tuple[Row, ...]:
    """The events of the stack of that name, newest first."""
    return tuple(cloudformation.latest_events(context.aws, context.deployment.stack))


def stack_events(context: ReadingContext) -> tuple[Row, ...] | None:
    """The events, and what they leave out.

    A stack that deleted itself on failure is found by its id alone; and what the validation
    before a deployment found is in another list than everything else.
    """
    events: tuple[Row, ...] = context.need("_stack_events")
    if not events:
        nothing_runs = context.seek("cluster") is None or context.seek("service") is None
        return _events_of_deleted(context) if nothing_runs else None
    status = (context.seek("stack") or {}).get("StackStatus")
    failed = any("FAILED" in str(event.get("ResourceStatus")) for event in events)
    return events + _validation(context) if status in _VALIDATED and not failed else events


def _events_of_deleted(context: ReadingContext) -> tuple[Row, ...] | None:
    try:
        stack_id = cloudformation.deleted_stack_id(context.aws, context.deployment.stack)
        return tuple(cloudformation.latest_events(context.aws, stack_id)) if stack_id else None
    except ReadFailed as failure:
        context.limits.append(f"Whether a stack of this name was deleted is not known: {failure}.")
        return None


def _validation(context: ReadingContext) -> tuple[Row, ...]:
    try:
        found = cloudformation.validation_events(context.aws, context.deployment.stack)
    except ReadFailed as failure:
        context.limits.append(f"CloudFormation's validation was not read: {failure}.")
        return ()
    return tuple(_as_stack_event(event) for event in found)


def _as_stack_event(event: Row) -> Row:
    reason = event.get("ValidationStatusReason") or event.get("ResourceStatusReason")
    status = event.get("ResourceStatus") or event.get("ValidationStatus") or "FAILED"
    return {**event, "ResourceStatus": status, "ResourceStatusReason": reason}
