"""Has a coordinator runners to hand sessions to?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container
from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, NotApplicable, present
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """In coordinator mode as many runners are registered as the stack wants, and at least one."""
    mode = next(
        (e.value for e in ash_container(snapshot).environment if e.name == "ASH_MODE"), None
    )
    if mode != "coordinator":
        raise NotApplicable("the server runs its sandboxes itself")
    health = present(snapshot.probe).health
    if health is None or health.remote_runners is None:
        raise NotApplicable("/health does not tell the number of runners")
    if health.remote_runners:
        yield from _missing(snapshot, health.remote_runners)
    else:
        yield finding(
            "ash-no-runner",
            "agents",
            "The coordinator has no runner: every new session is answered 503.",
            [quote(snapshot.probe, "health.remoteRunners", health.remote_runners)],
            [
                *repair(snapshot, "ash-no-runner"),
                verify(snapshot, "agents"),
            ],
            severity="error",
        )


def _missing(snapshot: Snapshot, registered: int) -> Iterator[Finding]:
    """Fewer than the stack wants; what wants none says nothing.

    Raises:
        CannotTell: the stack was not read.
    """
    stack = snapshot.stack.get()
    wanted = stack.parameters.get("RunnerCount", "") if stack else ""
    if not wanted.isdecimal() or registered >= int(wanted):
        return
    yield finding(
        "ash-runner-missing",
        "agents",
        f"{registered} of {wanted} runners are registered with the coordinator: the others get no session.",
        [
            quote(snapshot.probe, "health.remoteRunners", registered),
            quote(snapshot.stack, "Parameters[RunnerCount]", wanted),
        ],
        [*repair(snapshot, "ash-runner-missing"), verify(snapshot, "agents")],
        severity="warning",
    )


CHECK = Check(
    id="runners",
    title="The coordinator has runners",
    playbook="agents",
    run=run,
    causes=("ash-no-runner", "ash-runner-missing"),
)
