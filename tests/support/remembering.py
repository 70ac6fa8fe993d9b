"""Many diagnoses of snapshots that differ in a few readings: a check runs again where what it looked at differs.

A check is a pure function of its facts, so what it looks at first is always the same, and what next
follows from what it saw. Each check has a tree of that: a branch for what was seen, a leaf for what it said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

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


class _Watched:
    """Facts that note what is looked at."""

    def __init__(self, facts: Snapshot, root: _Node) -> None:
        self._facts, self._seen, self.at = facts, dict[str, Any](), root

    def __getattr__(self, name: str) -> Any:
        if name in self._seen:
            return self._seen[name]
        value = self._seen[name] = getattr(self._facts, name)
        assert self.at.looks_at in ("", name), "a check that is no function of its facts"
        self.at.looks_at = name
        self.at = self.at.branches.setdefault(id(value), (value, _Node()))[1]
        return value


def remembering() -> tuple[Check[Snapshot], ...]:
    """The doctor's checks, for snapshots whose readings are the same objects where they are the same."""
    return tuple(replace(check, run=partial(_run, check, _Node())) for check in CHECKS)


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
    watched: Any = _Watched(facts, root)
    findings: list[Finding] = []
    error = None
    try:
        findings.extend(check.run(watched))
    except Exception as stuck:  # noqa: BLE001 - said again to whoever asks
        error = stuck
    end: _Node = watched.at
    end.said = findings, error
    return end
