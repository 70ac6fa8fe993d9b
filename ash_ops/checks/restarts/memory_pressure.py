"""Is the task about to run out of memory?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import definition, running
from ash_ops.checks._findings import deploy_fix, finding, quote, verify
from ash_ops.checks._sizes import more_memory
from ash_ops.checks.base import Check, Finding, NotApplicable, present
from ash_ops.facts.snapshot import Snapshot

_HIGH = 90.0  # percent of the task's memory; the kernel kills at 100


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The task's memory never came close to its limit in the time measured."""
    if not running(snapshot):
        raise NotApplicable("no task runs")
    peak = present(snapshot.memory_utilization)
    if peak < _HIGH:
        return
    size = definition(snapshot).memory or "?"
    yield finding(
        "container-oom",
        "restarts",
        f"The task used {peak:.0f} % of its {size} MB at its peak: the next sandbox may have it killed.",
        [quote(snapshot.memory_utilization, "MemoryUtilization (maximum)", f"{peak:.1f} %")],
        [
            deploy_fix(snapshot, "Give the task more memory.", more_memory(snapshot)),
            verify(snapshot, "restarts"),
        ],
        severity="warning",
        confidence="likely",
    )


CHECK = Check(
    id="memory-pressure",
    title="The task has memory to spare",
    playbook="restarts",
    run=run,
    causes=("container-oom",),
)
