"""One difference between what runs and what the stack wants, and what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ash_ops.aws.operations import Operation
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup
from ash_ops.facts.network import SecurityGroup
from ash_ops.facts.services import Service
from ash_ops.facts.start import LiveRole


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that runs otherwise than the stack wants it.

    Attributes:
        logical_id: of the resource, in the template.
        type: its type.
        subject: what it is about, in words.
        what: which part of it.
        runs: how it is.
        wants: how the stack wants it.
        call: the operation that puts it back.
        on: which thing, as the call names it.
        change: what the call sets.
        ends_sessions: whether putting it back replaces the task.
    """

    logical_id: str
    type: str
    subject: str
    what: str
    runs: str
    wants: str
    call: Operation
    on: Mapping[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    ends_sessions: bool = False

    @property
    def line(self) -> str:
        """The difference in a sentence."""
        return f"{self.subject}: {self.what} is {self.runs}, the stack wants {self.wants}"


class Live(Struct, frozen=True, kw_only=True):
    """What runs, as far as a stack describes it.

    Attributes:
        images: the image of each task definition that is known, by its ARN.
        attributes: those of balancers, listeners and target groups, by their ARNs; one that is not
            there was not read.
    """

    services: Sequence[Service] = ()
    security_groups: Sequence[SecurityGroup] = ()
    balancers: Sequence[LoadBalancer] = ()
    listeners: Sequence[Listener] = ()
    target_groups: Sequence[TargetGroup] = ()
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    roles: Sequence[LiveRole] = ()


def as_text(value: object) -> str:
    """A value as a template writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def differs(asked: object, there: object) -> bool:
    """Whether a value that was asked for and was read are two; what is absent is not compared."""
    return asked is not None and there is not None and as_text(asked) != as_text(there)
