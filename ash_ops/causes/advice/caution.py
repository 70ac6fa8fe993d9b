"""What cannot be undone is not advised without a warning."""

from __future__ import annotations

from typing import Final

from ash_ops.causes.advice.others import OWN
from ash_ops.causes.base import Step
from ash_ops.patterns import regex

_DESTROYS: Final = regex(
    r"\baws [a-z0-9-]{2,30} (?:delete|deregister|terminate|remove|release)-|--force-delete|--no-enable-termination-protection|"
    r"\bdeletion_protection\.enabled,value=false|"
    rf"{OWN}teardown\b"
)
_WARNED: Final = regex(r"\bmake sure\b|\bif you mean it\b|\bonce nobody\b")
FIRST: Final = Step(
    "Make sure first that it is yours, and that nobody needs it: it is gone for good"
)


def warned(steps: list[Step]) -> list[Step]:
    """Steps with a warning in front of the first that destroys something, if none stands before it."""
    for index, step in enumerate(steps):
        if _DESTROYS.search(step.command.lower()):
            before = " ".join(each.why for each in steps[: index + 1]).lower()
            return steps if _WARNED.search(before) else [*steps[:index], FIRST, *steps[index:]]
    return steps
