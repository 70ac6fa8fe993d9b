"""CloudFormation: stacks, change sets, events and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, facts, pages, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.deploying.change_sets import Change, ChangeSet
from ash_ops.facts.rollouts import HookResult
from ash_ops.facts.stacks import STACK, Stack, StackEvent, StackResource

_STARTS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")


def find_stack(aws: Aws, name: str) -> Stack | None:
    """The stack of a name or id; ``None`` when there is none (a deleted one has no name).

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        answer = call(aws, op.DESCRIBE_STACKS, StackName=name)
    except ReadFailed as failure:
        if _is_absent(failure):
            return None
        raise
    found = next(iter(answer.get("Stacks") or []), None)
    if found is None:
        return None
    drift = (found.get("DriftInformation") or {}).get("StackDriftStatus")
    return fact(op.DESCRIBE_STACKS, Stack, {**found, "DriftStatus": drift})


def stack_template(aws: Aws, stack: str) -> str | Mapping[str, Any]:
    """The template of a stack, after its transforms: YAML as text, JSON parsed.

    It is not redacted: who shows or keeps a part of it redacts that part.

    Raises:
        ReadFailed: it could not be read.
    """
    raw = call(aws, op.GET_TEMPLATE, StackName=stack, TemplateStage="Processed")
    body: str | Mapping[str, Any] = raw.get("TemplateBody") or ""
    return body


def template_parameters(aws: Aws, body: str) -> tuple[str, ...]:
    """The names of a template's parameters, as CloudFormation reads them.

    Raises:
        ReadFailed: CloudFormation cannot read the template, or did not answer.
    """
    summary = call(aws, op.GET_TEMPLATE_SUMMARY, TemplateBody=body)
    return tuple(item["ParameterKey"] for item in summary.get("Parameters") or ())


def create_change_set(
    aws: Aws,
    stack: str,
    name: str,
    *,
    kind: str,
    body: str | None,
    parameters: Mapping[str, str | None],
    tags: Sequence[tuple[str, str]],
    description: str,
    reverts_drift: bool = False,
) -> tuple[str, str]:
    """Ask for a change set; it is made in the background.

    Args:
        aws: where.
        stack: the stack's name, or its id.
        name: the change set's name.
        kind: ``CREATE`` or ``UPDATE``.
        body: the template; ``None`` keeps the stack's own.
        parameters: their values; ``None`` keeps the stack's own.
        tags: the stack's tags; CloudFormation puts them on every resource that can carry them.
        description: who asks for it.
        reverts_drift: whether it is to make anew what was deleted, and change back what was changed,
            past the stack (CloudFormation, "drift-aware change sets").

    Returns:
        The id of the stack that it is for, which a new one is given here, and the change set's own.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    template: dict[str, Any] = (
        {"UsePreviousTemplate": True} if body is None else {"TemplateBody": body}
    )
    mode = {"DeploymentMode": "REVERT_DRIFT"} if reverts_drift else {}
    answer = call(
        aws,
        op.CREATE_CHANGE_SET,
        StackName=stack,
        ChangeSetName=name,
        Description=description,
        ChangeSetType=kind,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[_parameter(key, value) for key, value in sorted(parameters.items())],
        Tags=[{"Key": key, "Value": value} for key, value in tags],
        **template,
        **mode,
    )
    return str(answer.get("StackId", stack)), str(answer.get("Id", name))


def _parameter(key: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}


def read_change_set(aws: Aws, stack: str, name: str) -> ChangeSet:
    """A change set with all its pages.

    Raises:
        ReadFailed: it could not be read.
    """
    found = list(pages(aws, op.DESCRIBE_CHANGE_SET, StackName=stack, ChangeSetName=name))
    answer, raw = found[0], [row for page in found for row in page.get("Changes") or ()]
    return ChangeSet(
        name=name,
        status=answer.get("Status", ""),
        reason=answer.get("StatusReason"),
        execution=answer.get("ExecutionStatus"),
        changes=tuple(_change(item.get("ResourceChange") or {}) for item in raw),
        stack_id=answer.get("StackId", ""),
        description=answer.get("Description") or "",
        tags=tags_of(answer.get("Tags")),
        made_at=answer.get("CreationTime"),
    )


def change_sets(aws: Aws, stack: str) -> tuple[str, ...]:
    """The ids of a stack's change sets.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(
        str(raw["ChangeSetId"])
        for page in pages(aws, op.LIST_CHANGE_SETS, StackName=stack)
        for raw in page.get("Summaries") or ()
    )


def _change(raw: Mapping[str, Any]) -> Change:
    details = raw.get("Details") or ()
    causes = (
        detail.get("CausingEntity") or (detail.get("Target") or {}).get("Name")
        for detail in details
    )
    return Change(
        action=raw.get("Action", ""),
        logical_id=raw.get("LogicalResourceId", ""),
        physical_id=raw.get("PhysicalResourceId"),
        type=raw.get("ResourceType", ""),
        replacement=raw.get("Replacement"),
        policy=raw.get("PolicyAction"),
        scope=tuple(raw.get("Scope") or ()),
        causes=tuple(dict.fromkeys(cause for cause in causes if cause)),
    )


def validation_failures(aws: Aws, stack: str, change_set: str) -> tuple[str, ...]:
    """What AWS's checks before a deployment found wrong with a change set.

    Only DescribeEvents tells them; DescribeStackEvents does not (AWS CloudFormation,
    "validate stack deployments", read 2026-11-22).

    Raises:
        ReadFailed: the question could not be answered, for instance by an older endpoint.
    """
    answer = call(aws, op.DESCRIBE_EVENTS, StackName=stack, ChangeSetName=change_set)
    found = [
        (event.get("LogicalResourceId"), event.get("ValidationStatusReason"))
        for event in answer.get("OperationEvents") or ()
        if event.get("EventType") == "VALIDATION_ERROR"
    ]
    return tuple(": ".join(filter(None, pair)) for pair in found)


def execute_change_set(aws: Aws, stack: str, name: str, token: str) -> None:
    """Start a change set. The token makes a repeated call harmless.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, op.EXECUTE_CHANGE_SET, StackName=stack, ChangeSetName=name, ClientRequestToken=token)


def delete_change_set(aws: Aws, stack: str, name: str) -> None:
    """Throw a change set away.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, op.DELETE_CHANGE_SET, StackName=stack, ChangeSetName=name)


def delete_stack(aws: Aws, stack: str, retain: Sequence[str] = ()) -> None:
    """Start the deletion of a stack.

    Args:
        aws: where.
        stack: its name or id.
        retain: logical ids to leave behind; only for a stack that is ``DELETE_FAILED``.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    kept: dict[str, Any] = {"RetainResources": list(retain)} if retain else {}
    call(aws, op.DELETE_STACK, StackName=stack, **kept)


def unprotect(aws: Aws, stack: str) -> None:
    """Take a stack's termination protection away.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, op.UPDATE_TERMINATION_PROTECTION, StackName=stack, EnableTerminationProtection=False)


def continue_update_rollback(aws: Aws, stack: str) -> None:
    """Resume a rollback that stopped (``UPDATE_ROLLBACK_FAILED``).

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, op.CONTINUE_UPDATE_ROLLBACK, StackName=stack)


def cancel_update(aws: Aws, stack: str) -> None:
    """Stop an update and roll it back.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, op.CANCEL_UPDATE_STACK, StackName=stack)


def events_after(aws: Aws, stack: str, last_seen: str | None) -> list[StackEvent]:
    """The events that are newer than one already seen, oldest first; all when none was seen.

    Raises:
        ReadFailed: they could not be read.
    """
    fresh: list[StackEvent] = []
    for raw in rows(aws, op.DESCRIBE_STACK_EVENTS, StackName=stack):
        if raw.get("EventId") == last_seen:
            break
        fresh.append(fact(op.DESCRIBE_STACK_EVENTS, StackEvent, raw))
    return fresh[::-1]


def resources(aws: Aws, stack: str) -> tuple[StackResource, ...]:
    """The resources of a stack.

    Raises:
        ReadFailed: they could not be read.
    """
    return facts(aws, op.LIST_STACK_RESOURCES, StackResource, StackName=stack)


def latest_events(
    aws: Aws, name: str, *, operations: int = 2, limit: int = 1000
) -> list[StackEvent]:
    """A stack's events, newest first, back to the start of its latest operations.

    Args:
        aws: the session.
        name: the stack's name or id.
        operations: how many creations, updates or deletions to go back: two, because what made
            a stack fail is often the one before the attempt to clean up.
        limit: after how many events to stop asking for more pages.
    """
    kept: list[StackEvent] = []
    starts = 0
    try:
        for page in pages(aws, op.DESCRIBE_STACK_EVENTS, StackName=name):
            for raw in page.get("StackEvents") or []:
                kept.append(fact(op.DESCRIBE_STACK_EVENTS, StackEvent, raw))
                starts += _starts_operation(raw)
                if starts >= operations:
                    return kept
            if len(kept) >= limit:
                return kept
    except ReadFailed as failure:
        if _is_absent(failure):
            return []
        raise
    return kept


def hook_result(aws: Aws, id_: str) -> HookResult:
    """What a hook said of one resource, and what it advises.

    Raises:
        ReadFailed: it could not be read.
    """
    return fact(op.GET_HOOK_RESULT, HookResult, call(aws, op.GET_HOOK_RESULT, HookResultId=id_))


def _starts_operation(event: Answer) -> bool:
    own = event.get("PhysicalResourceId") in (None, event.get("StackId"))
    return event.get("ResourceType") == STACK and own and event.get("ResourceStatus") in _STARTS


def deleted_stack_id(aws: Aws, name: str) -> str | None:
    """The id of the stack of that name deleted last: by id its events can still be read."""
    statuses = ["DELETE_COMPLETE"]
    found = rows(aws, op.LIST_STACKS, StackStatusFilter=statuses)
    return next((row.get("StackId") for row in found if row.get("StackName") == name), None)


def validation_events(aws: Aws, name: str) -> tuple[StackEvent, ...]:
    """What CloudFormation's validation before a deployment found; DescribeStackEvents omits it."""
    answer = call(aws, op.DESCRIBE_EVENTS, StackName=name, Filters={"FailedEvents": True})
    return tuple(map(_of_validation, answer.get("OperationEvents") or ()))


def _of_validation(raw: Answer) -> StackEvent:
    reason = raw.get("ValidationStatusReason") or raw.get("ResourceStatusReason")
    status = raw.get("ResourceStatus") or raw.get("ValidationStatus") or "FAILED"
    told = {**raw, "ResourceStatus": status, "ResourceStatusReason": reason}
    return fact(op.DESCRIBE_EVENTS, StackEvent, told)


def _is_absent(failure: ReadFailed) -> bool:
    # AWS says ValidationError for "no such stack"; only the text tells it apart.
    return failure.kind == "missing" or (
        failure.code == "ValidationError" and "does not exist" in failure.message
    )
