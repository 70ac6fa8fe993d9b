"""One look at a deployment: read the facts, diagnose them. Every verdict of the house comes from here."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.checks.playbooks import Playbook
    from ash_ops.diagnosis import Report
    from ash_ops.facts.snapshot import Snapshot
    from ash_ops.names import Deployment

    Looked = tuple[Snapshot, Report]


def examine(
    aws: Aws, deployment: Deployment, playbooks: Collection[Playbook] = (), **how: Any
) -> Looked:
    """Read everything about a deployment, and say how it is.

    Args:
        aws: the account and region.
        deployment: whose names to look for.
        playbooks: the chapters to limit the diagnosis to; none means all.
        how: what ``collect`` takes besides, such as ``probe``, ``canary`` and ``timeout``.

    Raises:
        CredentialsProblem: AWS does not accept the credentials.
    """
    from ash_ops.snapshot.collect import collect

    started = time.monotonic()
    snapshot = collect(aws, deployment, meanwhile=_what_comes_next(), **how)
    from ash_ops.snapshot.canary_memory import proofs_directory, with_proof  # loaded by then

    snapshot = with_proof(snapshot, proofs_directory())
    return snapshot, judge(snapshot, playbooks, started)


def judge(snapshot: Snapshot, playbooks: Collection[Playbook], started: float) -> Report:
    """Diagnose facts; the report says how long it all took since ``started``, a monotonic second."""
    from msgspec.structs import replace

    from ash_ops.diagnosis import diagnose

    report = diagnose(snapshot, playbooks)
    return replace(report, elapsed_ms=round((time.monotonic() - started) * 1000))


def _what_comes_next() -> Iterator[object]:
    """Import what the facts will be put through, module by module, while they are being read."""
    from ash_ops.checks.playbooks import PLAYBOOKS
    from ash_ops.modules import modules_of

    yield from map(import_module, ("ash_ops.facts.snapshot", "ash_ops.causes"))
    for playbook in PLAYBOOKS:
        yield from modules_of(f"ash_ops.checks.{playbook}")
    yield from map(import_module, _PUT_THROUGH)
    # Compiles what every message is searched with, and fills no memory but that: 25 ms nobody waits for.
    yield import_module("ash_ops.causes").classify("http", {"message": _A_MESSAGE})


_A_MESSAGE = "connect to 10.0.0.1 port 4100 failed: Connection refused"
_PUT_THROUGH = (
    "ash_ops.checks.catalogue",
    "ash_ops.diagnosis",
    "ash_ops.report.screen",
    "ash_ops.snapshot.canary_memory",
    "ash_ops.snapshot.assemble",
)
