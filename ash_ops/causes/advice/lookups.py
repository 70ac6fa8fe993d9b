"""What can decide and repair: Ash's own log, graphs and commands do nothing for another program's failure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.advice.others import names_ash
from ash_ops.causes.base import Step
from ash_ops.causes.matching import folded
from ash_ops.patterns import regex

_OF_ASH: Final = (
    "ash-ops logs",
    "ash-ops health",
    "ash-ops doctor connection",
    "aws cloudwatch get-metric-statistics",
)
_OF_ECS: Final = "aws ecs "
"""A program of which nothing shows that ECS runs it has no task definition to read."""
_CHANGES_ASH: Final = ("ash-ops deploy", "ash-ops rollout")
_ASKED_FROM_ANYWHERE: Final = frozenset({"agents", "auth"})
OF_PROGRAMS: Final = frozenset({"restart", *_ASKED_FROM_ANYWHERE})
"""The categories of what a program prints by itself."""
_DEPLOYED: Final = regex(
    r"\becs\b|\bfargate\b|\baws\b|\btasks?\b|\barn:|amazonaws|\bcloudwatch\b|\bstopp?ed ?reason\b|\bessential\b|\bcontainer [a-z]"
)
"""What shows that a service of ECS is meant."""
READ_ON: Final = Step(
    "Read the log of the program itself up to that time: its first error decides, and what follows is mostly its echo"
)


def of_some_program(steps: list[Step], *, looked_up: bool = False) -> list[Step]:
    """Steps for a program of which nothing shows that it is Ash: without the commands that are Ash's alone.

    Args:
        steps: what its cause has.
        looked_up: whether the steps only look; one without its command is then nothing.
    """
    if looked_up:
        return [step for step in steps if not step.command.startswith((*_OF_ASH, _OF_ECS))]
    return [
        replace(step, command="") if step.command.startswith(_CHANGES_ASH) else step
        for step in steps
        if not (step.when and step.command.startswith(_CHANGES_ASH))
    ]


_BEGINNING: Final = 100_000
"""Characters of a text in which a deployment is looked for."""


@lru_cache(maxsize=8)
def is_some_programs(pasted: str, category: str) -> bool:
    """Whether nothing in a whole text, as it was pasted, shows that a program of ECS or Ash printed it.

    Args:
        pasted: the text.
        category: that of the cause: a model is asked by AWS, too, which tells nothing of who asks.
    """
    if names_ash(pasted):
        return False
    return category in _ASKED_FROM_ANYWHERE or not _DEPLOYED.search(folded(pasted[:_BEGINNING]))


def deciding(steps: list[Step], pasted: str) -> list[Step]:
    """The look-ups for what a program printed: without Ash's own, unless it may be Ash that did.

    Args:
        steps: the look-ups that its cause has.
        pasted: the whole text.
    """
    if names_ash(pasted):
        return steps
    kept = [step for step in steps if not step.command.startswith(_OF_ASH)]
    return kept or ([READ_ON] if steps else [])
