"""The calls that were denied to a task that failed, or to a deployment, by CloudTrail's record."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

from ash_ops.aws import cloudtrail
from ash_ops.aws import operations as op
from ash_ops.errors import ReadFailed
from ash_ops.facts.rollouts import DeniedCall
from ash_ops.facts.stacks import Stack
from ash_ops.facts.start import Identity
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading

_WINDOW = timedelta(hours=2)  # of the record that is asked for: ECS remembers its dead for one


@reading(op.LOOKUP_EVENTS, after=("identity", "stack", "stopped_tasks", "tasks"))
def denied_calls(context: ReadingContext) -> tuple[DeniedCall, ...]:
    """What was denied, newest first: one look-up, by the name of one session.

    CloudTrail cannot be asked for denials, only for whose calls they were. ECS names the sessions
    of both roles of a task by the task's id; what CloudFormation calls, it calls in the name of
    whoever deploys.

    Raises:
        ReadFailed: it was not answered; ``skipped`` where nothing failed that it could explain.
    """
    task = _failed_task(context)
    since = context.clock() - _WINDOW
    if task is not None:
        return cloudtrail.denied_calls(context.aws, task.id, since)
    caller: Identity | None = context.seek("identity")
    if caller is None or not _stack_failed(context):
        why = "nothing failed that a denied call would explain"
        raise ReadFailed(op.LOOKUP_EVENTS.action, "skipped", "", why)
    session = caller.arn.rsplit("/", 1)[-1]
    found = cloudtrail.denied_calls(context.aws, session, since)
    return tuple(denial for denial in found if denial.source == cloudtrail.CLOUDFORMATION)


def _failed_task(context: ReadingContext) -> Task | None:
    """The newest task that ended otherwise than by plan, or that does not come up."""
    dead: tuple[Task, ...] = context.seek("stopped_tasks") or ()
    alive: tuple[Task, ...] = context.seek("tasks") or ()
    failed = (task for task in dead if not task.was_asked_to_stop)
    sick = (task for task in alive if task.health_status == "UNHEALTHY")
    return next(chain(failed, sick), None)


def _stack_failed(context: ReadingContext) -> bool:
    stack: Stack | None = context.seek("stack")
    status = stack.status if stack else ""
    return "ROLLBACK" in status or status.endswith("FAILED")
