"""Has a coordinator runners to hand sessions to?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, present
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """In coordinator mode at least one runner is registered."""
    mode = next(
        (e.value for e in ash_container(snapshot).environment if e.name == "ASH_MODE"), None
    )
    if mode != "coordinator":
        raise NotApplicable("the server runs its sandboxes itself")
    health = present(snapshot.probe).health
    if health is None or health.remote_runners is None:
        raise NotApplicable("/health does not tell the number of runners")
    if health.remote_runners == 0:
        yield finding(
            "ash-no-runner",
            "agents",
            "The coordinator has no runner: every new session is answered 503.",
            [quote(snapshot.probe, "health.remoteRunners", health.remote_runners)],
            [
                *repair(snapshot, "ash-no-runner"),
                Fix(why="See why no runner stays.", command=ash_command(snapshot, "status")),
                verify(snapshot, "agents"),
            ],
            severity="error",
        )


CHECK = Check(
    id="runners",
    title="The coordinator has runners",
    playbook="agents",
    run=run,
    causes=("ash-no-runner",),
)
