"""Is every task that runs known to the load balancer?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ash_ops.checks._facts import ago, running, short
from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.connection._members import targets
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# ECS registers a task when it starts; a minute or two later the group lists it.
_PATIENCE = timedelta(minutes=5)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The address of each task that runs is a target; where none is, another check tells."""
    if not present(snapshot.service).load_balancers:
        raise NotApplicable("the service has no load balancer")
    known = {row.target.id for row in targets(snapshot)}
    leaving = {row.target.id for row in items(snapshot.target_health)} - known
    mine = [t for t in running(snapshot) if t.private_ip and t.desired_status != "STOPPED"]
    if not known & {task.private_ip for task in mine}:
        raise NotApplicable("no task of ours is a target by its address")
    for task in mine:
        started = task.started_at
        if task.private_ip in known or not started or snapshot.taken_at - started < _PATIENCE:
            continue
        yield finding(
            "target-not-registered",
            "connection",
            f"Task {short(task)} has run for {ago(started, snapshot.taken_at)}, and the target group "
            + (
                f"lets go of its address {task.private_ip} (draining)"
                if task.private_ip in leaving
                else f"does not list its address {task.private_ip}"
            )
            + ": it gets no new connections, though it is wanted.",
            [
                quote(snapshot.tasks, f"tasks[{short(task)}].privateIPv4Address", task.private_ip),
                quote(snapshot.target_health, "TargetHealthDescriptions", ", ".join(sorted(known))),
            ],
            [_replaced(snapshot, task), verify(snapshot, "connection")],
            severity="error",
            subject=f"task/{task.id}",
            since=started,
        )


def _replaced(snapshot: Snapshot, task: Task) -> Fix:
    """That task alone is replaced: the others serve on."""
    return Fix(
        why="Stop this task: ECS starts another one and registers it.",
        command=aws_command(
            snapshot, f"ecs stop-task --cluster {snapshot.deployment.cluster} --task {task.id}"
        ),
    )


CHECK = Check(
    id="unregistered-task",
    title="Every task that runs is a target of the load balancer",
    playbook="connection",
    run=run,
    causes=("target-not-registered",),
)
