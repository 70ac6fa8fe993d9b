"""Look-ups that can decide: Ash's own log and graphs tell nothing of another program's failure."""

from __future__ import annotations

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.patterns import regex

_ASHS: Final = regex(r"\bash\b|\bash[-_]|\b4100\b|\[(?:db|server|sandbox|pool)\]|\bcontainer [a-z]")
"""What shows, in a text (folded), that Ash itself may have printed it, or a task of its deployment."""
_ANOTHERS: Final = regex(r"^(?!.*\bash\b).*\bfluent[ -]?bit\b")
"""The log router ends beside the server, and its lines are not in the server's log."""
_OF_ASH: Final = ("ash-ops logs", "ash-ops health", "aws cloudwatch get-metric-statistics")
READ_ON: Final = Step(
    "Read the log of the program itself up to that time: its first error decides, and what follows is mostly its echo"
)


def deciding(steps: list[Step], pasted: str) -> list[Step]:
    """The look-ups for what a program printed: without Ash's own, unless it may be Ash that did.

    Args:
        steps: the look-ups that its cause has.
        pasted: the whole text, folded.
    """
    if _ASHS.search(pasted) and not _ANOTHERS.search(pasted):
        return steps
    kept = [step for step in steps if not step.command.startswith(_OF_ASH)]
    return kept or ([READ_ON] if steps else [])
