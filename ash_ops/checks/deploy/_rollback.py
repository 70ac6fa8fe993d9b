"""What a rollback asks for: look at what set it off, and do not bring back what was taken away."""

from __future__ import annotations

import shlex

from ash_ops.checks._findings import ash_command, aws_command
from ash_ops.checks.base import Fix
from ash_ops.facts.rollouts import LifecycleHook, ServiceDeployment
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
    hook = _failed_hook(newest)
    if hook is not None:
        return _hook_asked(snapshot, hook)
    return Fix(
        why="Find out why the new version's tasks failed, before it is tried again.",
        command=ash_command(snapshot, "logs --previous"),
    )


def _failed_hook(rollout: ServiceDeployment | None) -> LifecycleHook | None:
    """The hook that sent a rollout back; its tasks are not to blame."""
    hooks = rollout.lifecycle_hook_details if rollout else ()
    return next((hook for hook in hooks if hook.status in {"FAILED", "TIMED_OUT"}), None)


def _hook_asked(snapshot: Snapshot, hook: LifecycleHook) -> Fix:
    """The log of a hook's function says why it refused; of a person's pause there is none."""
    target = hook.target_arn or ""
    name = hook.hook_id or target.rsplit(":", 1)[-1] or "a lifecycle hook"
    why = f"Hook {name} sent it back ({hook.status}), not a task that failed: see why it did, before it is tried again."
    if ":function:" not in target:
        return Fix(why=why)
    function = target.partition(":function:")[2].partition(":")[0]
    command = f"logs filter-log-events --log-group-name {shlex.quote(f'/aws/lambda/{function}')}"
    return Fix(why=why, command=aws_command(snapshot, command))


def was_taken_back(snapshot: Snapshot, definition: str) -> bool:
    """Whether a task definition is the one that ECS went back from."""
    newest = newest_rollback(snapshot)
    if newest is None:
        return False
    revisions = {
        r.service_revision_arn: r.task_definition for r in snapshot.service_revisions.value or ()
    }
    return revisions.get(newest.target) in {None, definition}
