"""What a rollback asks for: look at what set it off, and do not bring back what was taken away."""

from __future__ import annotations

import shlex

from ash_ops.checks._findings import ash_command, aws_command
from ash_ops.checks.base import Fix
from ash_ops.facts.rollouts import ServiceDeployment
from ash_ops.facts.snapshot import Snapshot


def newest_rollback(snapshot: Snapshot) -> ServiceDeployment | None:
    """The latest rollout, if ECS took it back or is about to."""
    newest = next(iter(snapshot.service_deployments.value or ()), None)
    return newest if newest and (newest.status or "").startswith("ROLLBACK_") else None


def find_out(snapshot: Snapshot) -> Fix:
    """The first step after a rollback: the alarms that rang, else the log of the tasks that failed."""
    newest = newest_rollback(snapshot)
    alarms = newest.alarms.triggered_alarm_names if newest and newest.alarms else ()
    if alarms:
        names = " ".join(shlex.quote(name) for name in alarms)
        return Fix(
            why="An alarm rang while the new version ran: see what it measures, and whether it is in "
            "ALARM still. Then repair the version, or the alarm, before it is tried again.",
            command=aws_command(snapshot, f"cloudwatch describe-alarms --alarm-names {names}"),
        )
    return Fix(
        why="Find out why the new version's tasks failed, before it is tried again.",
        command=ash_command(snapshot, "logs --previous"),
    )


def was_taken_back(snapshot: Snapshot, definition: str) -> bool:
    """Whether a task definition is the one that ECS went back from."""
    newest = newest_rollback(snapshot)
    if newest is None:
        return False
    revisions = {
        r.service_revision_arn: r.task_definition for r in snapshot.service_revisions.value or ()
    }
    return revisions.get(newest.target) in {None, definition}
