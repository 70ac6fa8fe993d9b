"""Do the sandboxes' limits fit into the memory? Else the task dies before a limit applies."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding
from ash_ops.checks.base import Check, Evidence, Finding, Fix
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.template_parameters import MULTI_MACHINE


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """All sandboxes at their limits have room in the task, or in the runner."""
    where = "RunnerMemory" if planned.mode == MULTI_MACHINE else "Memory"
    names = (where, "MaxSandboxes", "SandboxMemory")
    memory, count, limit = (int(planned.parameters[name]) for name in names)
    if memory >= limit * count:
        return
    yield finding(
        "memory-below-sandboxes",
        "plan",
        f"{count} sandboxes may use {limit} MB each, the task has {memory} MB: when agents use what they may, the "
        "whole task is killed (OutOfMemoryError) before a sandbox's limit applies.",
        [
            Evidence(source="plan:Parameters", field=name, value=planned.parameters[name])
            for name in names
        ],
        [Fix(why="Raise --memory, or lower --max-sandboxes or --sandbox-memory.")],
    )


CHECK = Check(
    id="memory",
    title="The sandboxes' limits fit into the memory",
    playbook="plan",
    run=run,
    causes=("memory-below-sandboxes",),
)
