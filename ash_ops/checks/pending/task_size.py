"""Is the task's size one that Fargate sells?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition
from ash_ops.checks._findings import deploy_fix, finding, quote, verify
from ash_ops.checks._sizes import legal_size
from ash_ops.checks.base import Check, Finding, NotApplicable
from ash_ops.errors import UsageProblem
from ash_ops.facts.snapshot import Snapshot
from ash_ops.sizes.fargate import check_size


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """CPU and memory are a pair that Fargate accepts."""
    task = definition(snapshot)
    cpu, memory = task.cpu or "", task.memory or ""
    if "FARGATE" not in task.requires_compatibilities or not (cpu.isdigit() and memory.isdigit()):
        raise NotApplicable("the task is not sized for Fargate")
    try:
        check_size(int(cpu), int(memory))
    except UsageProblem as problem:
        yield finding(
            "cfn-fargate-cpu-mem",
            "pending",
            f"Fargate sells no task of {cpu} CPU units and {memory} MB: {problem.why}.",
            [quote(snapshot.task_definition, "taskDefinition.cpu/memory", f"{cpu} / {memory}")],
            [
                deploy_fix(snapshot, "Choose a size that exists.", legal_size(snapshot)),
                verify(snapshot, "pending"),
            ],
            severity=at_next_start(snapshot, Stage.ASKED),
        )


CHECK = Check(
    id="task-size",
    title="Fargate sells the task's size",
    playbook="pending",
    run=run,
    causes=("cfn-fargate-cpu-mem",),
    explains=NO_TASK,
)
