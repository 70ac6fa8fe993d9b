"""What ``doctor --fix`` did: one record a step of its plan."""

from __future__ import annotations

from typing import Literal

from ash_ops.facts.model import Model

Outcome = Literal["done", "in place", "failed", "not made"]


class Act(Model, kw_only=True):
    """One step of the plan, and what became of it.

    Attributes:
        finding: the id of the finding that it repairs.
        why: what it does, in a sentence.
        command: the same as a command.
        outcome: *in place* where it was so already, *not made* where something before it failed or
            it is left to a person.
        reason: why it failed or was not made.
    """

    finding: str
    why: str
    command: str
    outcome: Outcome
    reason: str = ""
