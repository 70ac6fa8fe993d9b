"""What the facts are after a command: a pure function of the facts before it.

An effect is known (other facts, or the same where the command changes nothing), refused (AWS would
not carry it out), or not known. Nobody guesses: what was not read has no known effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from ash_ops.checks.commands import Command
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs import access, balancing, network, services
from ash_ops.repairs.facts import Refused, Unknowable

Operation = Callable[[Snapshot, Mapping[str, Any]], Snapshot]

OPERATIONS: dict[str, Operation] = {
    **network.OPERATIONS,
    **balancing.OPERATIONS,
    **services.OPERATIONS,
    **access.OPERATIONS,
}


class Effect(Struct, frozen=True):
    """What is known of a command's effect.

    Attributes:
        facts: the facts after it; the very same object where it changes nothing.
        refusal: why AWS would not carry it out.
    """

    facts: Snapshot | None = None
    refusal: str = ""


def effect(snapshot: Snapshot, command: Command) -> Effect:
    """The facts after a command."""
    operation = OPERATIONS.get(command.name) if command.program == "aws" else None
    if operation is None:
        return Effect()
    try:
        return Effect(operation(snapshot, command.options))
    except Refused as refusal:
        return Effect(refusal=str(refusal))
    except (Unknowable, KeyError, ValueError, TypeError, AttributeError):
        return Effect()  # an option is absent, a placeholder, or of another form than is printed
