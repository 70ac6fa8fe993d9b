"""What CloudFormation's hooks said of the resources that they refused."""

from __future__ import annotations

from functools import partial

from ash_ops.aws import cloudformation
from ash_ops.aws import operations as op
from ash_ops.facts.stacks import StackEvent
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Several

_MOST = 5  # results that are read; the first failure decides, the rest mostly repeat it


@reading(op.GET_HOOK_RESULT, after=("_stack_events",))
def hook_results(context: ReadingContext) -> Several:
    """The results behind the events of hooks that failed, newest first."""
    events: tuple[StackEvent, ...] = context.need("_stack_events")
    failed = (event for event in events if "FAILED" in (event.hook_status or ""))
    ids = [*dict.fromkeys(id_ for event in failed if (id_ := event.hook_invocation_id))]
    if len(ids) > _MOST:
        context.limits.append(f"Only {_MOST} of the {len(ids)} results of failed hooks were read.")
    return context.each([partial(cloudformation.hook_result, context.aws, i) for i in ids[:_MOST]])
