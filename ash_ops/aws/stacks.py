"""What CloudFormation says about a stack: its state, and the events of its latest operation."""

from __future__ import annotations

from ash_ops.aws.calls import Answer, call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

_STACK = "AWS::CloudFormation::Stack"
_STARTS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")


def stack(aws: Aws, name: str) -> Answer | None:
    """The stack of that name or id, or ``None`` if there is none (a deleted one has no name)."""
    try:
        answer = call(aws, "cloudformation", "describe_stacks", StackName=name)
    except ReadFailed as failure:
        if _is_absent(failure):
            return None
        raise
    found = next(iter(answer.get("Stacks") or []), None)
    if found is not None:
        found["DriftStatus"] = (found.get("DriftInformation") or {}).get("StackDriftStatus")
    return found


def events(aws: Aws, name: str, *, operations: int = 2, limit: int = 1000) -> list[Answer]:
    """A stack's events, newest first, back to the start of its latest operations.

    Args:
        aws: the session.
        name: the stack's name or id.
        operations: how many creations, updates or deletions to go back: two, because what made
            a stack fail is often the one before the attempt to clean up.
        limit: after how many events to stop asking for more pages.
    """
    kept: list[Answer] = []
    starts = 0
    try:
        for page in pages(aws, "cloudformation", "describe_stack_events", StackName=name):
            for event in page.get("StackEvents") or []:
                kept.append(event)
                starts += _starts_operation(event)
                if starts >= operations:
                    return kept
            if len(kept) >= limit:
                return kept
    except ReadFailed as failure:
        if _is_absent(failure):
            return []
        raise
    return kept


def _starts_operation(event: Answer) -> bool:
    own = event.get("PhysicalResourceId") in (None, event.get("StackId"))
    return event.get("ResourceType") == _STACK and own and event.get("ResourceStatus") in _STARTS


def deleted_stack_id(aws: Aws, name: str) -> str | None:
    """The id of the stack of that name deleted last: by id its events can still be read."""
    statuses = ["DELETE_COMPLETE"]
    for page in pages(aws, "cloudformation", "list_stacks", StackStatusFilter=statuses):
        for row in page.get("StackSummaries") or []:
            if row.get("StackName") == name:
                return str(row["StackId"]) if row.get("StackId") else None
    return None


def validation_events(aws: Aws, name: str) -> list[Answer]:
    """What CloudFormation's validation before a deployment found; DescribeStackEvents omits it."""
    answer = call(
        aws, "cloudformation", "describe_events", StackName=name, Filters={"FailedEvents": True}
    )
    return list(answer.get("OperationEvents") or [])


def _is_absent(failure: ReadFailed) -> bool:
    return failure.kind == "missing" or (
        failure.code == "ValidationError" and "does not exist" in failure.message
    )
