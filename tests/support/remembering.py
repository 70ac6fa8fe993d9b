"""Many diagnoses of snapshots that differ in a few readings: a check runs again where what it looked at differs.

A check is a pure function of its facts, so what it looks at first is always the same, and what next
follows from what it saw. Each check has a tree of that: a branch for what was seen, a leaf for what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from msgspec.structs import replace

from ash_ops.checks.base import Check, Finding
from ash_ops.checks.catalogue import CHECKS
from ash_ops.facts.snapshot import Snapshot


@dataclass(slots=True)
class _Node:
    """What a check looks at next, or what it said."""

    looks_at: str = ""
    # By identity: the readings of one family of snapshots are shared, and kept alive here.
    branches: dict[int, tuple[Any, _Node]] = field(default_factory=dict)
    said: tuple[list[Finding], Exception | None] | None = None

    def next(self, name: str, value: Any) -> _Node:
        """Where it goes on who saw this there."""
        assert self.looks_at in ("", name), "a check that is no function of its facts"
        self.looks_at = name
        return self.branches.setdefault(id(value), (value, _Node()))[1]


class Watched:
    """Facts that tell of each of their fields when it is first looked at: its name and its value."""

    def __init__(self, facts: Snapshot, note: Callable[[str, Any], None]) -> None:
        self._facts, self._note, self._seen = facts, note, dict[str, Any]()

    def __getattr__(self, name: str) -> Any:
        if name not in self._seen:
            self._seen[name] = getattr(self._facts, name)
            self._note(name, self._seen[name])
        return self._seen[name]


def remembering() -> tuple[Check[Snapshot], ...]:
    """The doctor's checks, for snapshots whose readings are the same objects where they are the same."""
    return tuple(replace(check, run=partial(_run, check, _Node())) for check in CHECKS)


def looked_at(facts: Snapshot) -> dict[str, frozenset[str]]:
    """The readings that each check looks at in a snapshot, by the check's id."""
    found: dict[str, frozenset[str]] = {}
    for check in CHECKS:
        names: list[str] = []
        watched: Any = Watched(facts, lambda name, _, names=names: names.append(name))
        with suppress(Exception):  # it could not tell: what it had looked at until then counts
            list(check.run(watched))
        found[check.id] = frozenset(names)
    return found


def _run(check: Check[Snapshot], root: _Node, facts: Snapshot) -> Iterator[Finding]:
    node = root
    while node.said is None and node.looks_at:
        branch = node.branches.get(id(getattr(facts, node.looks_at)))
        if branch is None:
            break
        node = branch[1]
    if node.said is None:
        node = _run_anew(check, root, facts)
    assert node.said is not None
    findings, error = node.said
    yield from findings
    if error is not None:
        raise error.with_traceback(None)


def _run_anew(check: Check[Snapshot], root: _Node, facts: Snapshot) -> _Node:
    path = [root]
    watched: Any = Watched(facts, lambda name, value: path.append(path[-1].next(name, value)))
    findings: list[Finding] = []
    error = None
    try:
        findings.extend(check.run(watched))
    except Exception as stuck:  # noqa: BLE001 - said again to whoever asks
        error = stuck
    path[-1].said = findings, error
    return path[-1]
