"""Did the session that ``--canary`` made run?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.causes import classify
from ash_ops.checks._findings import ash_command, confidence_of, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, present
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A session could be made, answered and ended: the one proof that agents run."""
    canary = present(snapshot.probe).rung("canary")
    if canary is None or canary.outcome == "skipped":
        raise NotApplicable("no session was made: that takes --canary")
    if canary.outcome == "ok":
        return
    known = classify(
        "http",
        {
            "method": "POST",
            "path": "/api/sessions",
            "status": canary.status,
            "body": canary.detail,
            "error": f"{canary.error}: {canary.detail}" if canary.error else None,
        },
    )
    unclear = known.cause == "unknown" or known.severity == "info"
    cause = "ash-server-error" if unclear else known.cause
    yield finding(
        cause,
        playbook_of(cause),
        f"A session could not run: {canary.detail or canary.error or 'no answer.'}",
        [quote(snapshot.probe, "rungs[canary]", canary.heard)],
        [
            *repair(snapshot, cause, canary.detail),
            Fix(
                why="See what the server logged.", command=ash_command(snapshot, "logs --since 5m")
            ),
            verify(snapshot, "agents"),
        ],
        severity="error",
        confidence="likely" if unclear else confidence_of(known),
    )


CHECK = Check(
    id="canary",
    title="A session runs",
    playbook="agents",
    run=run,
    causes=("sandbox-cgroups-unavailable", "session-limit", "anthropic-auth", "ash-server-error"),
)
