"""Is the stack in a state that works, and if not, which failure came first?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.causes import classify
from ash_ops.checks._consequences import NO_SERVICE
from ash_ops.checks._facts import HOUR, serves
from ash_ops.checks._findings import (
    ash_command,
    aws_command,
    change,
    deploy_fix,
    finding,
    other_name,
    quote,
    verify,
)
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Effect, Evidence, Finding, Fix, items, present
from ash_ops.facts.model import plain
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.stacks import StackEvent
from ash_ops.facts.vocabulary import STACK_STATUS

# state -> (cause, the way out). AWS documentation, "Understand CloudFormation stack creation events".
_STUCK = {
    "ROLLBACK_COMPLETE": "cfn-rollback-complete",
    "ROLLBACK_FAILED": "cfn-rollback-complete",
    "CREATE_FAILED": "cfn-rollback-complete",
    "UPDATE_ROLLBACK_FAILED": "cfn-update-rollback-failed",
    "REVIEW_IN_PROGRESS": "stack-review-in-progress",
    "DELETE_FAILED": "cfn-delete-dependency",
}
# What Service Quotas calls the services whose resource types are named otherwise.
_QUOTA_SERVICES = {"ElasticLoadBalancingV2": "elasticloadbalancing", "EFS": "elasticfilesystem"}
# Their quotas by what was to be made: the code, and AWS's default. Each is linked by the list of quotas in the
# service's own guide: "Amazon VPC quotas", "Quotas for your Network Load Balancers", "Amazon EFS quotas"; that of
# addresses is "EC2-VPC Elastic IPs" of the service "ec2" ("Amazon EC2 endpoints and quotas"). Read 2026-11-27.
_QUOTAS = {
    "AWS::EC2::EIP": ("L-0263D0A3", 5),
    "AWS::EC2::InternetGateway": ("L-A4707A72", 5),
    "AWS::EC2::NatGateway": ("L-FE5A380F", 5),
    "AWS::EC2::SecurityGroup": ("L-E79EC296", 2500),
    "AWS::EC2::VPC": ("L-F678F1CE", 5),
    "AWS::EFS::FileSystem": ("L-848C634D", 1000),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("L-69A177A2", 50),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("L-B22855CB", 3000),
}
# Where it is the quota of the VPC's part, Service Quotas has it under this name.
_OF_THE_VPC = frozenset(
    {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::VPC",
    }
)
_STOPPED_MIDWAY = "UPDATE_ROLLBACK_FAILED"
# What passes by itself: the next attempt gets past it.
_PASSING = frozenset({"aws-throttled", "elb-internal-error", "fargate-capacity"})
_AFTER_A_FAILURE = ("ROLLBACK_COMPLETE", "FAILED", "ROLLBACK_IN_PROGRESS")
_UNDONE = frozenset(
    {
        "IMPORT_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    }
)
_CASCADE = ("cancelled", "canceled", "The following resource(s) failed")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The stack's state, and the earliest true failure below the cascade."""
    stack = present(snapshot.stack)
    status = stack.status
    first = first_failure(snapshot) if status.endswith(_AFTER_A_FAILURE) else None
    if first is not None:
        yield _root(snapshot, first)
    if status not in STACK_STATUS.values:
        raise CannotTell(f"stack {stack.name} is in state {status!r}, which is not known")
    if status.endswith("FAILED") and status not in _STUCK and first is None:
        raise CannotTell(f"stack {stack.name} is in {status}, and no event of it tells why")
    if status in _STUCK:
        yield _stuck(snapshot, _STUCK[status])
    elif status.endswith("_IN_PROGRESS"):
        yield _in_progress(snapshot)


def first_failure(snapshot: Snapshot) -> StackEvent | None:
    """The first failed event of the latest operation that is not the echo of another."""
    events = latest_operation(snapshot)
    if present(snapshot.stack).status == _STOPPED_MIDWAY:
        # What the update failed of is history: the way back has to get past what stopped that.
        return _first_of(_since_rollback(events)) or _first_of(events)
    return _first_of(events)


def _first_of(events: list[StackEvent]) -> StackEvent | None:
    failed = [
        event
        for event in events
        if (event.status or "").endswith("FAILED") and event.type != "AWS::CloudFormation::Stack"
    ]
    true_failures = [e for e in failed if not _is_echo(e.reason or "")]
    return next(iter(true_failures or failed), None)


def _since_rollback(events: list[StackEvent]) -> list[StackEvent]:
    begun = [i for i, event in enumerate(events) if event.status == "UPDATE_ROLLBACK_IN_PROGRESS"]
    return events[begun[-1] :] if begun else []


def _is_echo(reason: str) -> bool:
    return any(mark in reason for mark in _CASCADE)


def latest_operation(snapshot: Snapshot) -> list[StackEvent]:
    """Its events, oldest first: everything since the stack itself last began something."""
    events = sorted(items(snapshot.stack_events), key=lambda e: (e.at is not None, e.at))
    begun = [
        index
        for index, event in enumerate(events)
        if event.type == "AWS::CloudFormation::Stack"
        and event.status in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"}
    ]
    return events[begun[-1] :] if begun else events


def _done(event: StackEvent) -> str:
    """What was tried with a resource: ``DELETE_FAILED`` is of its end."""
    status = event.status or ""
    return "deleted" if status.startswith("DELETE") else "made"


def _root(snapshot: Snapshot, event: StackEvent) -> Finding:
    reason = event.reason or "no reason given."
    known = classify("cfn_event", plain(event))
    cause = known.cause if known.cause != "unknown" else "cfn-resource-failed"
    return finding(
        cause,
        "deploy",
        f"{event.logical_id} ({event.type}) could not be {_done(event)}: {reason}",
        [_event_evidence(snapshot, event)],
        [*_mended(snapshot, cause, event), verify(snapshot, "deploy")],
        severity="warning" if _is_over(snapshot, cause, event) else "error",
        subject=f"stack/{present(snapshot.stack).name}",
        since=event.at,
        # Whatever is denied or missing here, the stack is not made.
        effect=Effect.NEXT_START,
    )


def _is_over(snapshot: Snapshot, cause: str, event: StackEvent) -> bool:
    """Whether a failure keeps nothing back now."""
    passed = cause in _PASSING and present(snapshot.stack).status == _STOPPED_MIDWAY
    return passed or _went_back_well(snapshot, event)


def _went_back_well(snapshot: Snapshot, event: StackEvent) -> bool:
    """Whether an update was undone, and what was there before serves, for all that is known.

    What was undone long ago is not what keeps it from serving now.
    """
    status = present(snapshot.stack).status
    undone = status in _UNDONE
    long_ago = event.at is not None and snapshot.taken_at - event.at > HOUR
    return undone and (long_ago or serves(snapshot))


def _mended(snapshot: Snapshot, cause: str, event: StackEvent) -> list[Fix]:
    """What removes the failure; deploying again is the end of a deployment's, not of a removal's."""
    if present(snapshot.stack).status == "DELETE_FAILED":
        return _half_deleted(snapshot)
    found = repair(snapshot, cause, event.reason or "")
    steps = [_for_service(step, event) for step in found]
    if present(snapshot.stack).status == _STOPPED_MIDWAY:
        # No update is accepted before the way back has come to its end.
        kept = [s for s in steps if not (s.command or "").startswith("ash-ops deploy")]
        return [*kept, _go_on(snapshot)]
    if any((step.command or "").startswith("ash-ops deploy") for step in steps):
        return steps
    return [*steps, deploy_fix(snapshot, "Then deploy again.")]


def _for_service(step: Fix, event: StackEvent) -> Fix:
    """A step with the service named whose resource failed: ``elasticloadbalancing`` of its type."""
    family = (event.type or "").split("::")[1:2]
    code = _QUOTA_SERVICES.get(family[0], family[0].lower()) if family else "<service-code>"
    if event.type in _OF_THE_VPC:
        code = "vpc"
    command = step.command and step.command.replace("<service-code>", code)
    if command and event.type in _QUOTAS:
        number, default = _QUOTAS[event.type]
        command = command.replace("<quota-code>", number).replace("<value>", str(2 * default))
    if command and event.logical_id:
        command = command.replace("<resource>", event.logical_id)
    return replace(step, command=command)


def _event_evidence(snapshot: Snapshot, event: StackEvent) -> Evidence:
    field = f"StackEvents[{event.logical_id}].ResourceStatusReason"
    value = f"{event.status}: {event.reason}"
    return quote(snapshot.stack_events, field, value, event.at)


def _stuck(snapshot: Snapshot, cause: str) -> Finding:
    stack = present(snapshot.stack)
    return finding(
        cause,
        "deploy",
        f"Stack {stack.name} is in {stack.status}: no update can move it.",
        [quote(snapshot.stack, "Stacks[0].StackStatus", stack.status, stack.last_updated_time)],
        [*_way_out(snapshot, cause), verify(snapshot, "deploy")],
        severity="error",
        subject=f"stack/{stack.name}",
    )


def _way_out(snapshot: Snapshot, cause: str) -> list[Fix]:
    name = present(snapshot.stack).name
    if cause == "cfn-update-rollback-failed":
        return [_go_on(snapshot)]
    if cause == "cfn-delete-dependency":
        return _half_deleted(snapshot)
    delete = Fix(
        why="Delete what is left of the stack; no service came of it.",
        command=aws_command(snapshot, f"cloudformation delete-stack --stack-name {name}"),
    )
    if cause == "stack-review-in-progress" and _holds_a_service(snapshot):
        return [delete]  # a shell holds nothing: the service is another's
    if _holds_a_service(snapshot):
        return [
            Fix(
                why="Its service is there, so deleting the stack would take away what runs: that is "
                "your decision. Deploy a second one under another name and move to it first.",
                command=ash_command(snapshot, f"deploy --name {other_name(snapshot)}"),
            )
        ]
    return [delete, deploy_fix(snapshot, "Create it again.")]


def _go_on(snapshot: Snapshot) -> Fix:
    name = present(snapshot.stack).name
    why = "Let the rollback go on."
    return change(snapshot, why, op.CONTINUE_UPDATE_ROLLBACK, StackName=name)


def _half_deleted(snapshot: Snapshot) -> list[Fix]:
    """Somebody wanted it gone: what stopped that is told by the events; whether to go on, by nobody."""
    if _holds_a_service(snapshot):
        return [
            Fix(
                why="Somebody began to delete it, and its service is still there: decide whether it "
                "shall go. To keep it, deploy a second one under another name and move to it: a "
                "stack in this state can only be deleted. To remove it, `ash-ops teardown`.",
                command=ash_command(snapshot, f"deploy --name {other_name(snapshot)}"),
            )
        ]
    return [
        Fix(
            why="Remove what is in the way, as its events say, and finish the removal.",
            command=ash_command(snapshot, "teardown"),
        )
    ]


def _holds_a_service(snapshot: Snapshot) -> bool:
    """Whether the stack's service is there, for all that is known."""
    reading = snapshot.service
    return reading.gap is not None or (
        reading.value is not None and reading.value.status != "INACTIVE"
    )


def _in_progress(snapshot: Snapshot) -> Finding:
    stack = present(snapshot.stack)
    leaves = stack.status == "DELETE_IN_PROGRESS"
    works = "deleting" if leaves else "working on"
    follows = ": what answers now is about to go" if leaves else ""
    return finding(
        "deployment-in-progress",
        "deploy",
        f"CloudFormation is {works} stack {stack.name} ({stack.status}){follows}.",
        [quote(snapshot.stack, "Stacks[0].StackStatus", stack.status)],
        [Fix(why="Wait for it to end.", command=ash_command(snapshot, "status"))],
        severity="warning" if leaves else "info",
        subject=f"stack/{stack.name}",
        apart="stack",
    )


CHECK = Check(
    id="stack-state",
    title="The CloudFormation stack is in a state that works",
    playbook="deploy",
    run=run,
    causes=(*dict.fromkeys(_STUCK.values()), "deployment-in-progress", "cfn-resource-failed"),
    explains=(*NO_SERVICE, "cfn-update-rollback-failed"),
    vital=True,
)
