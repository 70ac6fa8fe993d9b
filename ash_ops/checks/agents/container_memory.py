"""Does a limit of the server's own container leave memory for a sandbox?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container, definition, is_coordinator
from ash_ops.checks._findings import deploy_fix, finding, quote, verify
from ash_ops.checks.agents.sandboxes import SANDBOX_MEMORY_MB
from ash_ops.checks.base import Check, Finding, NotApplicable
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The container's hard limit is above what one sandbox may use."""
    if is_coordinator(snapshot):
        raise NotApplicable("the sandboxes are on the runners")
    container, task = ash_container(snapshot), definition(snapshot)
    whole = int(task.memory) if task.memory and task.memory.isdigit() else None
    if not container.memory or (whole is not None and container.memory >= whole):
        raise NotApplicable("the server's container has no limit of its own")
    given = container.setting("ASH_SANDBOX_MEMORY_MB") or ""
    sandbox = int(given) if given.isdigit() else SANDBOX_MEMORY_MB
    if container.memory > sandbox:
        return
    of_task = f" of the task's {whole} MB" if whole else ""
    yield finding(
        "container-limit-below-sandbox",
        "agents",
        f"Container {container.name} may use {container.memory} MB{of_task}, but a single sandbox may use "
        f"{sandbox} MB: the container is killed at its own limit, however much the task has.",
        [
            quote(
                snapshot.task_definition,
                f"containerDefinitions[{container.name}].memory",
                container.memory,
            )
        ],
        [
            deploy_fix(
                snapshot,
                "Take the limit out of the container definition, or raise it: more memory for the task alone "
                "changes nothing. The bundled template sets none.",
            ),
            verify(snapshot, "agents"),
        ],
        severity="warning",
        subject=f"revision/{task.revision or '?'}",
    )


CHECK = Check(
    id="container-memory",
    title="The server's container may use the memory that a sandbox needs",
    playbook="agents",
    run=run,
    causes=("container-limit-below-sandbox",),
)
