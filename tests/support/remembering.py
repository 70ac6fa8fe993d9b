"""Many diagnoses of snapshots that differ in a few readings: a check runs again where what it looked at differs.

A check is a pure function of its facts, so what it looks at first is always the same, and what next
follows from what it saw. Each check has a tree of that: a branch for what was seen, a leaf for what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Remembered:
    """A check, and what it has said of which facts."""

    check: Check[Snapshot]
    root: _Node = field(default_factory=_Node)

    def __call__(self, facts: Snapshot) -> Iterator[Finding]:
        """What the check says; it runs if it has not yet seen just this."""
        said = self._path(facts)[-1].said
        assert said is not None
        findings, error = said
        return iter(findings) if error is None else _and_then(findings, error)

    def names(self, facts: Snapshot) -> frozenset[str]:
        """The readings that it looks at in a snapshot."""
        return frozenset(node.looks_at for node in self._path(facts)[:-1])

    def _path(self, facts: Snapshot) -> list[_Node]:
        path = [self.root]
        while (node := path[-1]).said is None:
            branch = node.branches.get(id(getattr(facts, node.looks_at))) if node.looks_at else None
            if branch is None:
                return self._run(facts)
            path.append(branch[1])
        return path

    def _run(self, facts: Snapshot) -> list[_Node]:
        path = [self.root]
        watched: Any = Watched(facts, lambda name, value: path.append(path[-1].next(name, value)))
        findings: list[Finding] = []
        error = None
        try:
            findings.extend(self.check.run(watched))
        except Exception as stuck:  # noqa: BLE001 - said again to whoever asks
            error = stuck
        path[-1].said = findings, error
        return path


def _and_then(findings: list[Finding], error: Exception) -> Iterator[Finding]:
    yield from findings
    raise error.with_traceback(None)


class Memory:
    """The doctor's checks, for snapshots whose readings are the same objects where they are the same."""

    def __init__(self) -> None:
        self._known = {check.id: _Remembered(check) for check in CHECKS}
        self.checks = tuple(replace(check, run=self._known[check.id]) for check in CHECKS)

    def looked_at(self, facts: Snapshot) -> dict[str, frozenset[str]]:
        """The readings that each check looks at in a snapshot, by the check's id."""
        return {name: known.names(facts) for name, known in self._known.items()}
