"""CloudFormation stacks and their events."""

from ash_ops.facts.model import Instant, Pascal, Tag


class StackOutput(Pascal):
    """An output of a stack; never a secret in the bundled templates."""

    output_key: str = ""
    output_value: str | None = None


class Stack(Pascal):
    """A stack and its state."""

    stack_id: str = ""
    stack_name: str = ""
    stack_status: str = ""
    stack_status_reason: str | None = None
    creation_time: Instant | None = None
    last_updated_time: Instant | None = None
    drift_status: str | None = None
    outputs: tuple[StackOutput, ...] = ()
    tags: tuple[Tag, ...] = ()


class StackEvent(Pascal):
    """One event of a stack."""

    event_id: str = ""
    timestamp: Instant | None = None
    logical_resource_id: str | None = None
    physical_resource_id: str | None = None
    resource_type: str | None = None
    resource_status: str | None = None
    resource_status_reason: str | None = None
