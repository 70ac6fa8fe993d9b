"""The plan: a change set, made, read, shown, executed or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from ash_ops.aws import cloudformation
from ash_ops.aws.cloudformation import Change, ChangeSet
from ash_ops.aws.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.descriptions import describe
from ash_ops.deployment import Deployment
from ash_ops.errors import OpsError, ReadFailed

_TIMEOUT = 180.0
_NOTHING = ("didn't contain changes", "no updates are to be performed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done to a stack.

    Attributes:
        stack: its name.
        name: the change set's name; empty when there is nothing to do and none is kept.
        creates: whether the stack itself is new.
    """

    stack: str
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
    creates: bool,
    body: str | None,
    parameters: Mapping[str, str | None],
    clock: Clock,
) -> Plan:
    """Have CloudFormation work out the changes.

    Raises:
        OpsError: CloudFormation refuses the template or its values, with its own reason.
        ReadFailed: a call failed.
    """
    stack, name = deployment.stack, f"ash-ops-{uuid4().hex[:12]}"
    cloudformation.create_change_set(
        aws,
        stack,
        name,
        kind="CREATE" if creates else "UPDATE",
        body=body,
        parameters=parameters,
        tags=[deployment.tag],
    )
    made = _wait(aws, stack, name, clock)
    if made.status == "CREATE_COMPLETE":
        return Plan(stack=stack, name=name, creates=creates, changes=made.changes)
    reasons = _reasons(aws, stack, made)
    discard(aws, Plan(stack=stack, name=name, creates=creates, changes=()))
    if _is_no_change(made):
        return Plan(stack=stack, name="", creates=creates, changes=())
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


def discard(aws: Aws, plan: Plan) -> None:
    """Throw a plan away; of a stack that it would have created, the empty shell too.

    Raises:
        ReadFailed: CloudFormation refused.
    """
    if plan.name:
        cloudformation.delete_change_set(aws, plan.stack, plan.name)
    if not plan.creates:
        return
    stack = cloudformation.find_stack(aws, plan.stack)
    # Only a shell without resources is in this state: nothing that runs can be hit.
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        cloudformation.delete_stack(aws, plan.stack)


# These have names of their own. CloudFormation replaces by creating first, and the name is taken.
_NAMED = frozenset(
    {
        "AWS::ECS::Cluster",
        "AWS::ECS::Service",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Logs::LogGroup",
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


_SIGNS = {"Add": "+ add", "Remove": "- remove", "Import": "> import"}


def render_plan(plan: Plan) -> list[str]:
    """The plan as lines: replaced and removed first, because they deserve a look."""
    rows = sorted(plan.changes, key=lambda change: (_weight(change), change.logical_id))
    return [_row(change) for change in rows] + [_summary(plan)]


def _weight(change: Change) -> int:
    return {"- remove": 0, "! replace": 1, "~ change": 2}.get(_sign(change), 3)


def _sign(change: Change) -> str:
    if change.action == "Modify":
        return "! replace" if change.replacement == "True" else "~ change"
    return _SIGNS.get(change.action, change.action.lower())


def _row(change: Change) -> str:
    what = describe(change.logical_id, change.type)
    notes = ", ".join(change.causes[:4])
    maybe = "maybe replaced" if change.replacement == "Conditional" else ""
    tail = "; ".join(part for part in (maybe, f"because of {notes}" if notes else "") if part)
    return f"  {_sign(change):<10} {change.logical_id:<26} {what}" + (f"  ({tail})" if tail else "")


def _summary(plan: Plan) -> str:
    signs = [_sign(change) for change in plan.changes]
    counts = (
        ("to add", signs.count("+ add")),
        ("to change", signs.count("~ change")),
        ("to replace", signs.count("! replace")),
        ("to remove", signs.count("- remove")),
    )
    return "  " + ", ".join(f"{number} {what}" for what, number in counts if number)
