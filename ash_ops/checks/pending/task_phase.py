"""In which phase of its start is a task stuck, and for how long?

ECS notes a time at the end of each phase; the first one missing is the phase the task is in
(AWS documentation, "Amazon ECS task lifecycle").
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from ash_ops.checks._consequences import NO_TARGET
from ash_ops.checks._facts import ago, short, starting
from ash_ops.checks._findings import ash_command, aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task


class Phase(Struct, frozen=True):
    """A phase of a task's start.

    Attributes:
        name: what the task is doing.
        usual: how long it takes at most when all is well.
        suspects: what to look at when it takes longer.
    """

    name: str
    usual: timedelta
    suspects: str


ATTACHING = Phase(
    "waiting for its network interface",
    timedelta(seconds=90),
    "free addresses in the subnets, the network-interface quota, Fargate capacity",
)
INITIALISING = Phase(
    "fetching its secrets and preparing its log stream",
    timedelta(seconds=60),
    "the route to Secrets Manager and CloudWatch Logs, the execution role",
)
PULLING = Phase(
    "pulling its image",
    timedelta(minutes=4),
    "the route to the registry, DNS, the image's size",
)
STARTING = Phase(
    "starting its container",
    timedelta(minutes=1),
    "the container's command, its dependencies",
)


_TOO_EARLY = timedelta(minutes=3)  # for an alarm: a start as a whole may take that long


def phase_of(task: Task) -> tuple[Phase, datetime | None]:
    """The phase a task is in, and since when."""
    if task.pull_stopped_at:
        return STARTING, task.pull_stopped_at
    if task.pull_started_at:
        return PULLING, task.pull_started_at
    if task.connectivity_at:
        return INITIALISING, task.connectivity_at
    return ATTACHING, task.created_at


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No task stays in a phase of its start longer than is usual."""
    present(snapshot.service)
    for task in starting(snapshot):
        phase, since = phase_of(task)
        young = task.created_at is not None and snapshot.taken_at - task.created_at < _TOO_EARLY
        if since is not None and snapshot.taken_at - since > phase.usual and not young:
            yield _stuck(snapshot, task, phase, since)
        else:
            yield _starting(snapshot, task, phase, since)


def _stuck(snapshot: Snapshot, task: Task, phase: Phase, since: datetime) -> Finding:
    waited = ago(since, snapshot.taken_at)
    return finding(
        "task-stuck",
        "pending",
        f"Task {short(task)} has been {phase.name} for {waited}; "
        f"{ago(snapshot.taken_at - phase.usual, snapshot.taken_at)} is usual at most.",
        [
            quote(
                snapshot.tasks, f"tasks[{short(task)}].lastStatus", task.last_status or "", since
            ),
            quote(
                snapshot.tasks,
                f"tasks[{short(task)}].createdAt",
                str(task.created_at),
                task.created_at,
            ),
        ],
        [
            Fix(
                why=f"Look at {phase.suspects}.",
                command=aws_command(
                    snapshot,
                    f"ecs describe-tasks --cluster {snapshot.deployment.cluster} --tasks {task.id}",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity="error",
        subject=f"task/{task.id}",
        since=since,
    )


def _starting(snapshot: Snapshot, task: Task, phase: Phase, since: datetime | None) -> Finding:
    done = f", since {ago(since, snapshot.taken_at)}" if since else ""
    return finding(
        "deployment-in-progress",
        "pending",
        f"Task {short(task)} is {phase.name}{done}: normal so far.",
        [quote(snapshot.tasks, f"tasks[{short(task)}].lastStatus", task.last_status or "", since)],
        [Fix(why="Wait, then look again.", command=ash_command(snapshot, "status"))],
        severity="info",
        subject=f"task/{task.id}",
        since=since,
        apart=short(task),
    )


CHECK = Check(
    id="task-phase",
    title="No task is stuck while it starts",
    playbook="pending",
    run=run,
    causes=("task-stuck", "deployment-in-progress"),
    explains=NO_TARGET,
    vital=True,
)
