"""CloudFormation: stacks, change sets, events and what is done with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

SERVICE = "cloudformation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack as DescribeStacks tells it."""

    id: str
    name: str
    status: str
    reason: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    is_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a stack's history."""

    id: str
    at: datetime
    logical_id: str
    physical_id: str | None
    type: str
    status: str
    reason: str | None

    @property
    def is_of_stack(self) -> bool:
        """Whether it is about the stack itself rather than one of its resources."""
        return self.type == "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a change set.

    Attributes:
        action: ``Add``, ``Modify``, ``Remove``, ``Import`` or ``Dynamic``.
        replacement: ``True``, ``False``, ``Conditional`` or ``None``.
        causes: which property or parameter brings it about.
        policy: what becomes of what is there: ``Delete``, ``Retain``, ``Snapshot``,
            ``ReplaceAndDelete``, ``ReplaceAndRetain``, ``ReplaceAndSnapshot`` or ``None``.
        scope: which parts are changed: ``Properties``, ``Tags``, ``Metadata`` ...
    """

    action: str
    logical_id: str
    physical_id: str | None
    type: str
    replacement: str | None
    policy: str | None = None
    scope: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """A change set and how far its making is."""

    name: str
    status: str
    reason: str | None
    execution: str | None
    changes: tuple[Change, ...] = ()
    stack_id: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource of a stack."""

    logical_id: str
    physical_id: str | None
    type: str
    status: str


def find_stack(aws: Aws, name: str) -> Stack | None:
    """The stack of a name or id; ``None`` when there is none.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        answer = call(aws, SERVICE, "describe_stacks", StackName=name)
    except ReadFailed as error:
        # AWS says ValidationError for "no such stack"; only the text tells it apart.
        if "does not exist" in error.message:
            return None
        raise
    found = answer.get("Stacks") or []
    return _stack(found[0]) if found else None


def _stack(raw: Mapping[str, Any]) -> Stack:
    return Stack(
        id=raw.get("StackId", ""),
        name=raw.get("StackName", ""),
        status=raw.get("StackStatus", ""),
        reason=raw.get("StackStatusReason"),
        parameters=_pairs(raw.get("Parameters"), "ParameterKey", "ParameterValue"),
        outputs=_pairs(raw.get("Outputs"), "OutputKey", "OutputValue"),
        tags=_pairs(raw.get("Tags"), "Key", "Value"),
        is_protected=bool(raw.get("EnableTerminationProtection")),
    )


def _pairs(items: Iterable[Mapping[str, str]] | None, key: str, value: str) -> dict[str, str]:
    return {item[key]: item.get(value, "") for item in items or ()}


def template_parameters(aws: Aws, body: str) -> tuple[str, ...]:
    """The names of a template's parameters, as CloudFormation reads them.

    Raises:
        ReadFailed: CloudFormation cannot read the template, or did not answer.
    """
    summary = call(aws, SERVICE, "get_template_summary", TemplateBody=body)
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

    Returns:
        The id of the stack that it is for, which a new one is given here, and the change set's own.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    template: dict[str, Any] = (
        {"UsePreviousTemplate": True} if body is None else {"TemplateBody": body}
    )
    answer = call(
        aws,
        SERVICE,
        "create_change_set",
        StackName=stack,
        ChangeSetName=name,
        Description=description,
        ChangeSetType=kind,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[_parameter(key, value) for key, value in sorted(parameters.items())],
        Tags=[{"Key": key, "Value": value} for key, value in tags],
        **template,
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
    answer = call(aws, SERVICE, "describe_change_set", StackName=stack, ChangeSetName=name)
    raw = list(answer.get("Changes") or ())
    token = answer.get("NextToken")
    while token:
        page = call(
            aws,
            SERVICE,
            "describe_change_set",
            StackName=stack,
            ChangeSetName=name,
            NextToken=token,
        )
        raw += page.get("Changes") or ()
        token = page.get("NextToken")
    return ChangeSet(
        name=name,
        status=answer.get("Status", ""),
        reason=answer.get("StatusReason"),
        execution=answer.get("ExecutionStatus"),
        changes=tuple(_change(item.get("ResourceChange") or {}) for item in raw),
        stack_id=answer.get("StackId", ""),
        description=answer.get("Description") or "",
        tags=_pairs(answer.get("Tags"), "Key", "Value"),
        made_at=answer.get("CreationTime"),
    )


def change_sets(aws: Aws, stack: str) -> tuple[str, ...]:
    """The ids of a stack's change sets.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(
        str(raw["ChangeSetId"])
        for page in pages(aws, SERVICE, "list_change_sets", StackName=stack)
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
    answer = call(aws, SERVICE, "describe_events", StackName=stack, ChangeSetName=change_set)
    return tuple(
        ": ".join(
            text
            for text in (event.get("LogicalResourceId"), event.get("ValidationStatusReason"))
            if text
        )
        for event in answer.get("OperationEvents") or ()
        if event.get("EventType") == "VALIDATION_ERROR"
    )


def execute_change_set(aws: Aws, stack: str, name: str, token: str) -> None:
    """Start a change set. The token makes a repeated call harmless.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(
        aws,
        SERVICE,
        "execute_change_set",
        StackName=stack,
        ChangeSetName=name,
        ClientRequestToken=token,
    )


def delete_change_set(aws: Aws, stack: str, name: str) -> None:
    """Throw a change set away.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, SERVICE, "delete_change_set", StackName=stack, ChangeSetName=name)


def delete_stack(aws: Aws, stack: str, retain: Sequence[str] = ()) -> None:
    """Start the deletion of a stack.

    Args:
        aws: where.
        stack: its name or id.
        retain: logical ids to leave behind; only for a stack that is ``DELETE_FAILED``.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    kept = {"RetainResources": list(retain)} if retain else {}
    call(aws, SERVICE, "delete_stack", StackName=stack, **kept)


def unprotect(aws: Aws, stack: str) -> None:
    """Take a stack's termination protection away.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(
        aws,
        SERVICE,
        "update_termination_protection",
        StackName=stack,
        EnableTerminationProtection=False,
    )


def continue_update_rollback(aws: Aws, stack: str) -> None:
    """Resume a rollback that stopped (``UPDATE_ROLLBACK_FAILED``).

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, SERVICE, "continue_update_rollback", StackName=stack)


def cancel_update(aws: Aws, stack: str) -> None:
    """Stop an update and roll it back.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    call(aws, SERVICE, "cancel_update_stack", StackName=stack)


def events_after(aws: Aws, stack: str, last_seen: str | None) -> list[Event]:
    """The events that are newer than one already seen, oldest first; all when none was seen.

    Raises:
        ReadFailed: they could not be read.
    """
    fresh: list[Event] = []
    for page in pages(aws, SERVICE, "describe_stack_events", StackName=stack):
        for raw in page.get("StackEvents") or ():
            if raw.get("EventId") == last_seen:
                return fresh[::-1]
            fresh.append(_event(raw))
    return fresh[::-1]


def _event(raw: Mapping[str, Any]) -> Event:
    return Event(
        id=raw.get("EventId", ""),
        at=raw["Timestamp"],
        logical_id=raw.get("LogicalResourceId", ""),
        physical_id=raw.get("PhysicalResourceId") or None,
        type=raw.get("ResourceType", ""),
        status=raw.get("ResourceStatus", ""),
        reason=raw.get("ResourceStatusReason"),
    )


def resources(aws: Aws, stack: str) -> tuple[Resource, ...]:
    """The resources of a stack.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(
        Resource(
            logical_id=raw.get("LogicalResourceId", ""),
            physical_id=raw.get("PhysicalResourceId") or None,
            type=raw.get("ResourceType", ""),
            status=raw.get("ResourceStatus", ""),
        )
        for page in pages(aws, SERVICE, "list_stack_resources", StackName=stack)
        for raw in page.get("StackResourceSummaries") or ()
    )
