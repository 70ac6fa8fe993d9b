"""Has someone changed by hand what the stack made?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The last drift detection, if there was one, found no change."""
    stack = present(snapshot.stack)
    if stack.drift_status != "DRIFTED":
        return
    yield finding(
        "stack-drift",
        "deploy",
        f"Stack {stack.name} no longer matches its template: something was changed by hand.",
        [quote(snapshot.stack, "Stacks[0].DriftInformation.StackDriftStatus", "DRIFTED")],
        [
            Fix(
                why="See what was changed.",
                command=aws_command(
                    snapshot,
                    f"cloudformation describe-stack-resource-drifts --stack-name {stack.name}",
                ),
            )
        ],
        severity="warning",
    )


CHECK = Check(
    id="stack-drift",
    title="Nothing was changed behind the stack's back",
    playbook="deploy",
    run=run,
    causes=("stack-drift",),
)
