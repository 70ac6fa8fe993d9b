"""A printed command as data: which program, which operation, which options.

The commands of a report come from two places: calls that ``doctor --fix`` can make itself, and text
of the catalogue. Here both become the same thing, so that what a command interrupts and what it
changes is known once a kind of command.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from ash_ops.checks.base import Action, Fix
from ash_ops.patterns import regex

_CAPITAL = regex(r"(?<!^)(?=[A-Z])")
_PAIRS = regex(r"[A-Za-z]+=[^,{}\[\]]+(?:,[A-Za-z]+=[^,{}\[\]]+)*")
_EVAL = regex(r'eval "\$\((?P<inner>.+)\)"')


class Command(Struct, frozen=True):
    """A command line, read.

    Attributes:
        program: ``aws``, ``ash-ops`` or another.
        name: what it is asked to do: ``ec2 create-route``, or ``deploy``.
        options: its options by their names without the two hyphens; a switch is True or False, JSON
            and the `aws` command's ``Key=a,Value=b`` are read, several values are a list.
    """

    program: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


def command_of(step: Fix) -> Command | None:
    """The command of a step; ``None`` where it has none, or where it cannot be read."""
    if step.action is not None:
        return of_action(step.action)
    return of_text(step.command) if step.command else None


def of_action(action: Action) -> Command:
    """A call as the command that makes it."""
    options = {option_name(key): value for key, value in action.parameters.items()}
    return Command("aws", action.operation.command, options)


def option_name(parameter: str) -> str:
    """``target-group-arn`` of ``TargetGroupArn``."""
    return _CAPITAL.sub("-", parameter).lower()


@lru_cache(maxsize=1024)
def of_text(line: str) -> Command | None:
    """A line of text as the command it is; ``None`` if a shell could not read it."""
    inner = _EVAL.fullmatch(line.strip())
    try:
        program, *words = shlex.split(inner["inner"] if inner else line)
    except ValueError:
        return None
    depth = 2 if program == "aws" else 1
    names = [word for word in words[:depth] if not word.startswith("-")]
    if program == "ash-ops":
        names = _first_name(words)
    return Command(program, " ".join(names), _options(words, several=program == "aws"))


def _first_name(words: list[str]) -> list[str]:
    """The name of a command of ``ash-ops``: global options with their values may stand before it."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("--"):
            skip = "=" not in word
        elif not word.startswith("-"):
            return [word]
    return []


def _options(words: list[str], *, several: bool) -> dict[str, Any]:
    """The options of a line; ``several`` where the words behind one may all be its values."""
    found: dict[str, Any] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word.removeprefix("--")
            off = name.startswith("no-")
            name = name.removeprefix("no-")
            found[name] = not off
        elif name and isinstance(found[name], bool):
            found[name] = _value(word)
        elif name and several:
            known = found[name]
            found[name] = [*(known if isinstance(known, list) else [known]), _value(word)]
    return found


def _value(word: str) -> Any:
    if word[:1] in "[{":
        try:
            return json.loads(word)
        except ValueError:
            return word
    if _PAIRS.fullmatch(word):
        return dict(pair.split("=", 1) for pair in word.split(","))
    return word
