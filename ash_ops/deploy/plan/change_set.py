"""The plan: a change set, made, read, shown, executed or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.deploying.change_sets import Change, ChangeSet
from ash_ops.names import Deployment

_TIMEOUT = 180.0
# How the description of a plan begins; the ARN of who asked for it follows.
ASKED_BY = "ash-ops, asked by "
_NOTHING = ("didn't contain changes", "no updates are to be performed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done to a stack.

    Attributes:
        stack: its name.
        id: its id, which no other stack of that name ever has.
        name: the change set's id; empty when there is nothing to do and none is kept.
        creates: whether the stack itself is new.
    """

    stack: str
    id: str
    name: str
    creates: bool
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes

    @property
    def outline(self) -> frozenset[tuple[str, str]]:
        """What is done to which resource: two plans of one outline do the same."""
        return frozenset((change.action, change.logical_id) for change in self.changes)


def make_plan(
    aws: Aws,
    deployment: Deployment,
    *,
    stack_id: str | None,
    body: str | None,
    parameters: Mapping[str, str | None],
    clock: Clock,
    asked_by: str,
    reverts_drift: bool = False,
) -> Plan:
    """Have CloudFormation work out the changes.

    Args:
        aws: where.
        deployment: its names.
        stack_id: the stack to change, by the id that was read; ``None`` to create one.
        body: the template; ``None`` keeps the stack's own.
        parameters: their values; ``None`` keeps the stack's own.
        clock: the time.
        asked_by: the ARN of who asks, which another who finds the plan is told.
        reverts_drift: whether it is to make anew what was deleted past the stack.

    Raises:
        OpsError: CloudFormation refuses the template or its values, with its own reason.
        ReadFailed: a call failed.
    """
    creates = stack_id is None
    id_, made_id = cloudformation.create_change_set(
        aws,
        stack_id or deployment.stack,
        f"ash-ops-{uuid4().hex[:12]}",
        kind="CREATE" if creates else "UPDATE",
        body=body,
        parameters=parameters,
        tags=[deployment.tag],
        description=ASKED_BY + asked_by,
        reverts_drift=reverts_drift,
    )
    plan = Plan(stack=deployment.stack, id=id_, name=made_id, creates=creates, changes=())
    made = _wait(aws, id_, made_id, clock)
    if made.status == "CREATE_COMPLETE":
        return replace(plan, changes=made.changes)
    reasons = _reasons(aws, id_, made)
    discard(aws, plan)
    if _is_no_change(made):
        return replace(plan, name="")
    raise OpsError(
        "CloudFormation refused the plan; nothing was changed",
        "\n        ".join(reasons),
        "Correct what it names, then run `ash-ops deploy` again.",
    )


def _wait(aws: Aws, stack: str, name: str, clock: Clock) -> ChangeSet:
    end = clock.now() + _TIMEOUT
    pause = 0.2
    while True:
        made = cloudformation.read_change_set(aws, stack, name)
        if made.status in ("CREATE_COMPLETE", "FAILED"):
            return made
        if clock.now() >= end:
            raise OpsError(
                "The plan was not ready in three minutes",
                f"the change set {name} is still {made.status}",
                "Run `ash-ops deploy` again.",
            )
        clock.sleep(pause)
        pause = min(2.0, pause * 1.6)


def _is_no_change(made: ChangeSet) -> bool:
    reason = (made.reason or "").lower()
    return any(phrase in reason for phrase in _NOTHING)


def _reasons(aws: Aws, stack: str, made: ChangeSet) -> list[str]:
    """CloudFormation's own reason, and what its validation found, where it can be asked."""
    if _is_no_change(made):
        return []
    try:
        details = cloudformation.validation_failures(aws, stack, made.name)
    except ReadFailed:
        details = ()
    return [made.reason or made.status, *details]


def forget(aws: Aws, plan: Plan) -> None:
    """Delete a plan's change set; one that is gone already is no error.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    if not plan.name:
        return
    try:
        cloudformation.delete_change_set(aws, plan.id, plan.name)
    except ReadFailed as error:
        if error.kind != "missing" and "does not exist" not in error.message:
            raise


def discard(aws: Aws, plan: Plan) -> None:
    """Throw a plan away; of a stack that it would have created, the empty shell too.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    forget(aws, plan)
    if not plan.creates:
        return
    stack = cloudformation.find_stack(aws, plan.id)
    # Only a shell without resources is in this state, so nothing that runs can be hit; and where
    # somebody else's plan is in it too, it is theirs as much.
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        others = set(cloudformation.change_sets(aws, plan.id)) - {plan.name}
        if not others:
            cloudformation.delete_stack(aws, plan.id)


# These have names of their own. CloudFormation replaces by creating first, and the name is taken.
_NAMED = frozenset(
    {
        "AWS::ECS::CapacityProvider",
        "AWS::ECS::Cluster",
        "AWS::ECS::Service",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Logs::LogGroup",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
    }
)


def refuse_replacement(plan: Plan) -> None:
    """Refuse a plan that would fail half way, for instance one of another version of the template.

    Raises:
        OpsError: it would replace something whose name cannot be taken twice.
    """
    stuck = [c for c in plan.changes if c.replacement == "True" and c.type in _NAMED]
    if not stuck:
        return
    causes = ", ".join(dict.fromkeys(cause for change in stuck for cause in change.causes))
    raise OpsError(
        f"{', '.join(change.logical_id for change in stuck)} cannot be replaced",
        f"the new one would have the name of the old one{f'; the cause is {causes}' if causes else ''}",
        "Leave that change out, or deploy beside it under another --name and move. A template of your "
        "own may give it another name (`--skip-check replacement` then lets it through).",
    )
