"""Getting a stack into a state from which it can be deployed to, with the user's consent."""

from __future__ import annotations

from ash_ops.aws import cloudformation
from ash_ops.aws.cloudformation import Stack
from ash_ops.aws.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.evidence import Evidence
from ash_ops.deploy.progress import Progress
from ash_ops.deploy.states import Way, meaning, way_from
from ash_ops.deploy.watch import End, Watch, last_event
from ash_ops.deployment import Deployment
from ash_ops.errors import OpsError


def make_ready(
    aws: Aws, names: Deployment, dialogue: Dialogue, clock: Clock, look_only: bool
) -> Stack | None:
    """The stack to update, or ``None`` when one is to be created.

    What CloudFormation is doing is waited for; what stands in the way is explained, and removed
    when the user agrees.

    Raises:
        OpsError: the state allows nothing and the way out was declined, or did not work.
    """
    for _ in range(4):  # each state leads to another; four steps pass through every chain of them
        stack = cloudformation.find_stack(aws, names.stack)
        way = way_from(stack.status if stack else None)
        if stack is None or way is Way.CREATE:
            return None
        if way is Way.UPDATE:
            return stack
        if look_only:
            raise _cannot_plan(stack, way)
        _take(aws, names, dialogue, clock, stack, way)
    raise OpsError(
        f"The stack {names.stack} does not come to rest",
        "it was helped out of four states in a row",
        "Look at its events: `ash-ops doctor deploy`.",
    )


def _take(
    aws: Aws, names: Deployment, dialogue: Dialogue, clock: Clock, stack: Stack, way: Way
) -> None:
    watch = _watch(aws, names, dialogue, clock, stack)
    if way is Way.WAIT:
        dialogue.say(f"{names.stack} is {stack.status}; following it.")
        watch.resumed = True
        watch.follow()
        for line in watch.evidence.death_lines():
            dialogue.say(f"  died meanwhile: {line}")
        return
    _explain(aws, dialogue, stack)
    question, act = {
        Way.DELETE: ("Delete it and go on?", cloudformation.delete_stack),
        Way.CONTINUE: ("Finish the rollback and go on?", cloudformation.continue_update_rollback),
    }[way]
    if not dialogue.confirm(question):
        raise OpsError(
            f"The stack {names.stack} cannot be deployed to",
            f"it is {stack.status}: {meaning(stack.status)}",
            _by_hand(stack, way, aws.region),
        )
    act(aws, stack.id)
    _require_out(watch.follow(), stack, way, aws.region)


def _watch(aws: Aws, names: Deployment, dialogue: Dialogue, clock: Clock, stack: Stack) -> Watch:
    return Watch(
        aws=aws,
        deployment=names,
        stack_id=stack.id,
        dialogue=dialogue,
        clock=clock,
        progress=Progress(f"Waiting for {names.stack}"),
        evidence=Evidence(),
        after=last_event(aws, stack.id),
        stop_early=False,
    )


def _explain(aws: Aws, dialogue: Dialogue, stack: Stack) -> None:
    dialogue.say(f"The stack {stack.name} is {stack.status}: {meaning(stack.status)}.")
    evidence = Evidence()
    for event in cloudformation.events_after(aws, stack.id, None):
        evidence.add_event(event)
    root = evidence.root()
    if root is not None:
        dialogue.say(f"  The first failure was {root.logical_id}: {root.reason or root.status}")


def _require_out(end: End, stack: Stack, way: Way, region: str) -> None:
    if way_from(end.status) is way:
        raise OpsError(
            f"The stack {stack.name} is still {end.status}",
            end.reason or "CloudFormation gave no reason",
            f"Look at `ash-ops doctor deploy`, remove what is in the way, then run "
            f"`ash-ops deploy` again. By hand: {_by_hand(stack, way, region)}",
        )


def _by_hand(stack: Stack, way: Way, region: str) -> str:
    verb = "continue-update-rollback" if way is Way.CONTINUE else "delete-stack"
    return f"`aws cloudformation {verb} --stack-name {stack.name} --region {region}`"


def _cannot_plan(stack: Stack, way: Way) -> OpsError:
    why = "CloudFormation is at work on it" if way is Way.WAIT else meaning(stack.status)
    return OpsError(
        f"There can be no plan while {stack.name} is {stack.status}",
        why,
        "Run `ash-ops deploy` without --plan: it shows the way out and asks.",
    )
