"""Repairs of a fleet that depend on its facts, in the place of the catalogue's general ones."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.checks._facts import is_coordinator, running
from ash_ops.checks._findings import ash_command, aws_command, change, deploy_fix, redeploy
from ash_ops.checks.base import Fix, NotApplicable, items
from ash_ops.checks.fleet._runners import whole
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot


def no_runner(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """What brings runners to a coordinator that has none, or too few."""
    facts = snapshot.deployment
    if not is_coordinator(snapshot):
        return None
    service = snapshot.runner_service.value
    if service is not None and service.status == "INACTIVE":
        return [deploy_fix(snapshot, "The service of the runners was deleted: make it anew.")]
    order = _runners_asked_for(snapshot)
    if order and service is not None and not service.desired_count:
        return order  # why none is there is known: nobody asked for one
    return [
        *order,
        Fix(
            why="See which runners ECS runs, which the coordinator knows, and where they differ.",
            command=ash_command(snapshot, "runners"),
        ),
        Fix(
            why="See what ECS says of the runners.",
            command=aws_command(
                snapshot,
                f"ecs describe-services --cluster {facts.cluster} --services {facts.name}-runners "
                "--query 'services[0].[desiredCount,runningCount,events[:5].message]'",
            ),
        ),
    ]


def other_secret(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """A coordinator that began before the secret was changed does not know what its runners have read since."""
    facts = whole(snapshot)
    try:
        started = [task.started_at for task in running(facts) if task.started_at]
        changed = [state.last_changed_at for state in items(facts.secrets) if state.last_changed_at]
        older = is_coordinator(facts) and max(started) < max(changed)
    except (CannotTell, NotApplicable, ValueError):
        return None
    return [redeploy(facts)] if older else None


def _runners_asked_for(snapshot: Snapshot) -> list[Fix]:
    """The order for as many runners as the stack wants: somebody may have scaled them to nothing."""
    stack, facts = snapshot.stack.value, snapshot.deployment
    wanted = stack.parameters.get("RunnerCount", "") if stack else ""
    if not wanted.isdecimal() or wanted == "0":
        return []
    return [
        change(
            snapshot,
            f"Ask ECS for the {wanted} runners that the stack wants; where it has them, that changes nothing.",
            op.UPDATE_SERVICE,
            cluster=facts.cluster,
            service=f"{facts.name}-runners",
            desiredCount=int(wanted),
        )
    ]
