"""Did a CloudFormation hook of the account refuse a resource of the stack?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NO_SERVICE
from ash_ops.checks._findings import aws_command, command_line, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, present
from ash_ops.checks.deploy.stack_state import latest_operation
from ash_ops.facts.rollouts import HookAnnotation, HookResult
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.stacks import StackEvent

FAILED = frozenset({"HOOK_COMPLETE_FAILED", "HOOK_FAILED"})
_WARNS = "WARN"  # a hook in this mode refuses nothing


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No hook refused anything in the latest operation of the stack, or broke at it."""
    stack = present(snapshot.stack)
    failed = [event for event in latest_operation(snapshot) if event.hook_status in FAILED]
    refused = [event for event in failed if event.hook_failure_mode != _WARNS]
    if refused and ("ROLLBACK" in stack.status or stack.status.endswith("FAILED")):
        yield _refused(snapshot, refused[0])


def _refused(snapshot: Snapshot, event: StackEvent) -> Finding:
    result = _result(snapshot, event)
    said = (
        [_words(note) for note in result.annotations if note.status != "PASSED"] if result else []
    )
    reason = event.hook_status_reason or (result.hook_status_reason if result else None)
    what = "broke at" if event.hook_status == "HOOK_FAILED" else "refused"
    return finding(
        "cfn-hook-failed",
        "deploy",
        f"Hook {event.hook_type or 'of the account'} {what} {event.logical_id} ({event.type}): "
        + "; ".join(said[:2] or [reason or "it gives no reason."]),
        [*_of_event(snapshot, event), *_of_result(snapshot, result)],
        [*_repair(snapshot, event, result), verify(snapshot, "deploy")],
        severity="error",
        subject=f"stack/{present(snapshot.stack).name}",
        since=event.at,
    )


def _result(snapshot: Snapshot, event: StackEvent) -> HookResult | None:
    """What the hook itself said of it; ``None`` where that was not read: the event says enough."""
    known = snapshot.hook_results.value or ()
    wanted = event.hook_invocation_id
    return next((each for each in known if wanted and each.hook_result_id == wanted), None)


def _words(note: HookAnnotation) -> str:
    advice = f" ({note.remediation_message})" if note.remediation_message else ""
    return f"{note.annotation_name}: {note.status_message or note.status or 'failed'}{advice}"


def _of_event(snapshot: Snapshot, event: StackEvent) -> Iterator[Evidence]:
    place = f"StackEvents[{event.logical_id}]"
    told = f"{event.hook_type or '?'}: {event.hook_status}"
    yield quote(snapshot.stack_events, f"{place}.HookStatus", told, event.at)
    if event.hook_status_reason:
        field = f"{place}.HookStatusReason"
        yield quote(snapshot.stack_events, field, event.hook_status_reason, event.at)


def _of_result(snapshot: Snapshot, result: HookResult | None) -> Iterator[Evidence]:
    for note in result.annotations if result else ():
        if note.status != "PASSED":
            field = f"Annotations[{note.annotation_name}]"
            yield quote(snapshot.hook_results, field, _words(note))


def _repair(snapshot: Snapshot, event: StackEvent, result: HookResult | None) -> Iterator[Fix]:
    links = (
        [note.remediation_link for note in result.annotations if note.remediation_link]
        if result
        else []
    )
    more = f" (more: {links[0]})" if links else ""
    yield Fix(
        why="A rule of the account's owner, not of AWS: deploy with options that satisfy it, or ask "
        f"whoever owns the hook for an exception{more}."
    )
    if result is None and event.hook_invocation_id:
        asked = {"HookResultId": event.hook_invocation_id}
        command = command_line("cloudformation get-hook-result", asked)
        yield Fix(why="See what the hook wants.", command=aws_command(snapshot, command))


CHECK = Check(
    id="stack-hooks",
    title="No hook of the account refused a resource of the stack",
    playbook="deploy",
    run=run,
    causes=("cfn-hook-failed",),
    explains=NO_SERVICE,
)
