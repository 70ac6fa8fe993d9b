"""A session that ran proves that agents run where this revision runs: that is kept for later looks.

The proof is kept in the user's cache, for its owner's eyes, by account, region and revision: it
says when a session ran, and nothing of what was said in it.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from ash_ops.cache import cache_directory
from ash_ops.errors import OpsError
from ash_ops.facts.server import Rung
from ash_ops.facts.snapshot import Snapshot
from ash_ops.files import write_file

_RUNG = "canary"


def proofs_directory() -> Path | None:
    """Where proofs are kept: beside the other caches; ``None`` for who has no home directory."""
    with suppress(RuntimeError):
        return cache_directory() / "canaries"
    return None


def with_proof(snapshot: Snapshot, directory: Path | None) -> Snapshot:
    """The facts with the proof of an earlier look, where this one made no session; a new one is kept.

    Args:
        snapshot: the facts as they were read.
        directory: where proofs are kept; none are where nothing can be written.
    """
    probe, path = snapshot.probe.value, _path(snapshot, directory)
    if probe is None or path is None:
        return snapshot
    made = probe.rung(_RUNG)
    if made is not None and made.outcome != "skipped":
        _keep(path, snapshot, made)
        return snapshot
    when = _kept(path)
    if when is None:
        return snapshot
    rungs = tuple(r for r in probe.rungs if r.name != _RUNG)
    proof = Rung(name=_RUNG, outcome="ok", detail=f"a session ran at {when}, with this revision")
    known = replace(probe, rungs=(*rungs, proof))
    return replace(snapshot, probe=replace(snapshot.probe, value=known))


def _path(snapshot: Snapshot, directory: Path | None) -> Path | None:
    task = snapshot.task_definition.value
    if directory is None or task is None or not task.task_definition_arn:
        return None
    service = snapshot.service.value
    launch = service and (service.launch_type, service.capacity_provider_strategy)
    what = (snapshot.deployment.region, task.task_definition_arn, task.registered_at, launch)
    return directory / f"canary-{hashlib.sha256(repr(what).encode()).hexdigest()[:16]}.json"


def _keep(path: Path, snapshot: Snapshot, made: Rung) -> None:
    """Keep a proof; a session that did not run takes the old one back."""
    with suppress(OSError, OpsError):
        if made.outcome != "ok":
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"at": f"{snapshot.taken_at:%Y-%m-%dT%H:%M:%SZ}"})
        write_file(path, text, option="the cache")


def _kept(path: Path) -> str | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    when = found.get("at") if isinstance(found, dict) else None
    return when if isinstance(when, str) else None
