"""Scenarios: a healthy deployment's facts, what is different, and what the doctor must say.

A scenario is a folder of ``tests/scenarios``: ``change.json`` is a JSON merge patch (RFC 7386) over
``healthy.json``; ``expected.json`` is what must come out of it. With ``"over": "fleet"`` the patch is over
``fleet.json``, which makes several machines of the healthy one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"


def names() -> list[str]:
    """All scenarios, by folder."""
    return sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and p.name[0] != "_")


def healthy() -> dict[str, Any]:
    """The facts of a deployment in good health, as a saved snapshot holds them."""
    facts: dict[str, Any] = json.loads((FOLDER / "healthy.json").read_text())
    return facts


def snapshot(change: dict[str, Any] | None = None) -> Snapshot:
    """A healthy deployment's snapshot, changed by a merge patch."""
    return parsed(Snapshot, merged(healthy(), change or {}))


def load(name: str) -> tuple[Snapshot, dict[str, Any]]:
    """A scenario's snapshot and what is expected of it."""
    change, expected = parts(name)
    return snapshot(change), expected


def parts(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A scenario's change and what is expected of it, as its folder holds them."""
    folder = FOLDER / name
    change: dict[str, Any] = json.loads((folder / "change.json").read_text())
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    shape = change.pop("over", None)
    if shape:
        change = _over(json.loads((FOLDER / f"{shape}.json").read_text()), change)
    return change, expected


def _over(patch: Any, change: Any) -> Any:
    """One patch after the other, as one: what the second removes stays removed."""
    if not isinstance(change, dict) or not isinstance(patch, dict):
        return change
    return {**patch, **{key: _over(patch.get(key), value) for key, value in change.items()}}


def gap(kind: str = "denied", action: str | None = None) -> dict[str, Any]:
    """The patch that turns a reading into one that failed."""
    code = "AccessDeniedException" if kind == "denied" else kind
    return {"value": None, "gap": {"kind": kind, "code": code, "action": action}}


def merged(target: Any, patch: Any) -> Any:
    """A JSON merge patch, applied."""
    if not isinstance(patch, dict) or not isinstance(target, dict):
        return patch
    result = dict(target)
    for key, value in patch.items():
        if value is None:
            # RFC 7386 removes the member; a reading without a value is one that found nothing.
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key, {} if isinstance(value, dict) else None), value)
    return result
