"""Getting a stack into a state from which it can be deployed to, with the user's consent."""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.losses import agree_to, losses_of_deletion, say_losses
from ash_ops.deploy.ownership import Claims
from ash_ops.deploy.plan.change_set import ASKED_BY
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.stack_states import StackAction, action_for, meaning
from ash_ops.deploy.run.watch import End, Watch, last_event
from ash_ops.errors import OpsError
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment


def make_ready(
    claims: Claims, clock: Clock, *, look_only: bool, asked_by: str, lose_data: bool = False
) -> Stack | None:
    """The stack to update, or ``None`` when one is to be created.

    What CloudFormation is doing is waited for; what stands in the way is explained, and removed
    when the user agrees. Nothing of this is done to a stack that is not ours.

    Args:
        claims: whose the stack is; asked at every look, for it may be another one by then.
        clock: the time.
        look_only: whether nothing may be changed.
        asked_by: the ARN of who is calling: another's plan is not thrown away like one's own.
        lose_data: whether losing what a stack holds was agreed to.

    Raises:
        NotOurs: the stack is somebody else's.
        OpsError: the state allows nothing and the way out was declined, or did not work.
    """
    for _ in range(4):  # each state leads to another; four steps pass through every chain of them
        stack = claims.stack()
        action = action_for(stack.status if stack else None)
        if stack is None or action is StackAction.CREATE:
            return None
        if action is StackAction.UPDATE:
            return stack
        if look_only:
            raise _cannot_plan(stack, action)
        if action is StackAction.WAIT:
            _wait_for(claims, clock, stack)
        else:
            _clear(claims, clock, stack, action, _Consent(asked_by, lose_data))
    raise OpsError(
        f"The stack {claims.names.stack} does not come to rest",
        "it was helped out of four states in a row",
        "Look at its events: `ash-ops doctor deploy`.",
    )


@dataclass(frozen=True, slots=True)
class _Consent:
    """Who asks, and whether losing data was agreed to."""

    asked_by: str
    lose_data: bool


def _wait_for(claims: Claims, clock: Clock, stack: Stack) -> None:
    watch = _watch(claims.aws, claims.names, claims.dialogue, clock, stack)
    claims.dialogue.say(f"{stack.name} is {stack.status}; following it.")
    watch.resumed = True
    watch.follow()
    for line in watch.evidence.death_lines():
        claims.dialogue.say(f"  died meanwhile: {line}")


def _clear(
    claims: Claims, clock: Clock, stack: Stack, action: StackAction, consent: _Consent
) -> None:
    """Delete what can only be deleted, or finish a stopped rollback, with consent."""
    aws, dialogue = claims.aws, claims.dialogue
    watch = _watch(aws, claims.names, dialogue, clock, stack)
    _explain(aws, dialogue, stack)
    question, act = {
        StackAction.DELETE: ("Delete it and go on?", cloudformation.delete_stack),
        StackAction.CONTINUE: (
            "Finish the rollback and go on?",
            cloudformation.continue_update_rollback,
        ),
    }[action]
    ask = dialogue.confirm
    if action is StackAction.DELETE:
        lost = losses_of_deletion(aws, stack)
        say_losses(dialogue, lost)
        agree_to(dialogue, lost, given=consent.lose_data)
        if _is_anothers_plan(claims, stack, consent.asked_by):
            ask = dialogue.consent
    if not ask(question):
        raise OpsError(
            f"The stack {stack.name} cannot be deployed to",
            f"it is {stack.status}: {meaning(stack.status)}",
            _by_hand(stack, action, aws.region),
        )
    act(aws, stack.id)
    _require_out(watch.follow(), stack, action, aws.region)


def _is_anothers_plan(claims: Claims, stack: Stack, asked_by: str) -> bool:
    """Whether somebody else may be reading a plan of the stack just now; says so."""
    if stack.status != "REVIEW_IN_PROGRESS":
        return False
    others = []
    for name in cloudformation.change_sets(claims.aws, stack.id):
        plan = cloudformation.read_change_set(claims.aws, stack.id, name)
        who = plan.description.removeprefix(ASKED_BY)
        if plan.description.startswith(ASKED_BY) and who != asked_by:
            others.append(f"  {who} made a plan of it ({plan.made_at:%Y-%m-%d %H:%M}).")
    for line in others:
        claims.dialogue.say(line)
    return bool(others)


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


def _require_out(end: End, stack: Stack, action: StackAction, region: str) -> None:
    if action_for(end.status) is action:
        raise OpsError(
            f"The stack {stack.name} is still {end.status}",
            end.reason or "CloudFormation gave no reason",
            f"Look at `ash-ops doctor deploy`, remove what is in the way, then run "
            f"`ash-ops deploy` again. By hand: {_by_hand(stack, action, region)}",
        )


def _by_hand(stack: Stack, action: StackAction, region: str) -> str:
    verb = "continue-update-rollback" if action is StackAction.CONTINUE else "delete-stack"
    return f"`aws cloudformation {verb} --stack-name {stack.name} --region {region}`"


def _cannot_plan(stack: Stack, action: StackAction) -> OpsError:
    why = "CloudFormation is at work on it" if action is StackAction.WAIT else meaning(stack.status)
    return OpsError(
        f"There can be no plan while {stack.name} is {stack.status}",
        why,
        "Run `ash-ops deploy` without --plan: it shows the way out and asks.",
    )
