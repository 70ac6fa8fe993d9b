"""Several `ash-ops deploy` lines as one: each of its own would replace the only task once more."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from ash_ops.checks.commands import Command, of_text

_LARGER = frozenset({"cpu", "memory", "max-sandboxes", "sandbox-memory", "log-retention"})


def joined(lines: Iterable[str]) -> str | None:
    """One line with the options of all: of two sizes the larger.

    Returns:
        ``None`` where there is none, one cannot be read, or two contradict each other.
    """
    together: dict[str, object] | None = None
    for line in lines:
        command = of_text(line)
        if command is None or (command.program, command.name) != ("ash-ops", "deploy"):
            return None
        if line.count(" --") > len(command.options):
            return None  # an option is given twice, and both are meant
        together = together or {}
        for name, value in command.options.items():
            chosen = _chosen(name, together.get(name, value), value)
            if chosen is None:
                return None
            together[name] = chosen
    return None if together is None else " ".join(["ash-ops deploy", *_words(together)])


def _chosen(name: str, one: object, other: object) -> object | None:
    if one == other:
        return one
    sizes = [str(one), str(other)]
    return max(sizes, key=int) if name in _LARGER and all(s.isdigit() for s in sizes) else None


def _words(options: Mapping[str, object]) -> Iterable[str]:
    for name, value in options.items():
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        else:
            yield from (f"--{name}", shlex.quote(str(value)))


def changes_it(command: Command, name: str) -> bool:
    """Whether a command of ``ash-ops`` is about the deployment of that name, not one beside it."""
    return bool(command.options.get("name", name) == name)
