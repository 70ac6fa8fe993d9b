"""CloudFormation stacks, their resources and their events."""

from msgspec import field

from ash_ops.facts.model import Instant, Pascal, Tag

STACK = "AWS::CloudFormation::Stack"


class StackParameter(Pascal):
    """A parameter of a stack; CloudFormation hands out no value that its template hides."""

    parameter_key: str = ""
    parameter_value: str | None = None


class StackOutput(Pascal):
    """An output of a stack; never a secret in the bundled templates."""

    output_key: str = ""
    output_value: str | None = None


class Stack(Pascal):
    """A stack and its state."""

    id: str = field(default="", name="StackId")
    name: str = field(default="", name="StackName")
    status: str = field(default="", name="StackStatus")
    reason: str | None = field(default=None, name="StackStatusReason")
    creation_time: Instant | None = None
    last_updated_time: Instant | None = None
    drift_status: str | None = None
    enable_termination_protection: bool | None = None
    given_parameters: tuple[StackParameter, ...] = field(default=(), name="Parameters")
    given_outputs: tuple[StackOutput, ...] = field(default=(), name="Outputs")
    given_tags: tuple[Tag, ...] = field(default=(), name="Tags")

    @property
    def parameters(self) -> dict[str, str]:
        """The values of its parameters by their names."""
        return {p.parameter_key: p.parameter_value or "" for p in self.given_parameters}

    @property
    def outputs(self) -> dict[str, str]:
        """Its outputs by their names."""
        return {output.output_key: output.output_value or "" for output in self.given_outputs}

    @property
    def tags(self) -> dict[str, str]:
        """Its tags by their keys."""
        return {tag.key: tag.value for tag in self.given_tags}


class StackEvent(Pascal):
    """One event of a stack: of itself, or of one of its resources."""

    id: str = field(default="", name="EventId")
    at: Instant | None = field(default=None, name="Timestamp")
    logical_id: str = field(default="", name="LogicalResourceId")
    physical_id: str | None = field(default=None, name="PhysicalResourceId")
    type: str = field(default="", name="ResourceType")
    status: str = field(default="", name="ResourceStatus")
    reason: str | None = field(default=None, name="ResourceStatusReason")
    hook_type: str | None = None
    hook_status: str | None = None
    hook_status_reason: str | None = None
    hook_failure_mode: str | None = None
    hook_invocation_id: str | None = None

    @property
    def is_of_stack(self) -> bool:
        """Whether it is about the stack itself rather than one of its resources."""
        return self.type == STACK


class StackResource(Pascal):
    """One resource of a stack."""

    logical_id: str = field(default="", name="LogicalResourceId")
    physical_id: str | None = field(default=None, name="PhysicalResourceId")
    type: str = field(default="", name="ResourceType")
    status: str = field(default="", name="ResourceStatus")
