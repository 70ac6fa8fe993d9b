"""Which steps a message asks for, and its names in their commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Step, general
from ash_ops.causes.matching import find
from ash_ops.patterns import regex

_PLACEHOLDER: Final = regex(r"<([a-z][a-z-]{1,40})>")


def chosen(steps: tuple[Step, ...], text: str) -> list[Step]:
    """The steps for a message (folded): those its words decide on or ask for, else those for any message."""
    special = [step for step in steps if step.when and text and find(step.when, text)]
    if not text:
        return list(steps)
    return [step for step in special if step.decides] or special or general(steps)


def filled(step: Step, names: Mapping[str, str]) -> Step:
    """A step with the names that are known."""
    return replace(step, why=fill(step.why, names), command=fill(step.command, names))


def fill(text: str, names: Mapping[str, str]) -> str:
    """A text with the names that are known; the others stay as ``<name>``."""
    return _PLACEHOLDER.sub(lambda found: names.get(found.group(1), found.group(0)), text)


def placeholders(command: str) -> list[str]:
    """The names that a command still lacks."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(command)))
