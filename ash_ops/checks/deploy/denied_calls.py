"""Did AWS deny a call to a role of this deployment, by CloudTrail's own record?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ash_ops.causes.denials import denier
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ago, at_next_start, stop_time, stopped
from ash_ops.checks._findings import ash_command, aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.rollouts import DeniedCall
from ash_ops.facts.snapshot import Snapshot

# "CloudTrail typically delivers events within an average of about 5 minutes of an API call", and
# within 15 (CloudTrail user guide, "How CloudTrail works").
_LATE = timedelta(minutes=15)
_TOLD = 3  # calls that are quoted of one role


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No role of the task, nor CloudFormation in the deployer's name, was denied anything."""
    doubt = snapshot.denied_calls.doubt()
    if doubt is not None and doubt.by_choice:
        raise NotApplicable(doubt.reason)
    denied = snapshot.denied_calls.get() or ()
    for role in dict.fromkeys(call.role or call.by for call in denied):
        own = [call for call in denied if (call.role or call.by) == role]
        yield _denied(snapshot, role, own)
    if not denied:
        _require_that_the_record_is_complete(snapshot)


def _require_that_the_record_is_complete(snapshot: Snapshot) -> None:
    """What failed a moment ago may not be recorded yet.

    Raises:
        CannotTell: CloudTrail may still be behind.
    """
    failed = [stop_time(t, snapshot) for t in stopped(snapshot) if not t.was_asked_to_stop]
    last = max(failed, default=None)
    if last is not None and snapshot.taken_at - last < _LATE:
        raise CannotTell(
            "CloudTrail records no denied call yet, but it may be 15 minutes late: ask again at "
            f"{last + _LATE:%H:%M} UTC"
        )


def _denied(snapshot: Snapshot, role: str, calls: list[DeniedCall]) -> Finding:
    newest, oldest = calls[0], calls[-1]
    actions = [*dict.fromkeys(call.action for call in calls)]
    name = role.rsplit("/", 1)[-1]
    return finding(
        "role-call-denied",
        "deploy",
        f"AWS denied {', '.join(actions[:_TOLD])} to {name}, last "
        f"{ago(newest.at, snapshot.taken_at)} ago: {newest.message or newest.code}",
        [
            quote(
                snapshot.denied_calls, f"Events[{call.action}].errorMessage", _words(call), call.at
            )
            for call in calls[:_TOLD]
        ],
        [_repair(snapshot, newest, name), verify(snapshot, "deploy")],
        severity=at_next_start(snapshot),
        confidence="likely",
        subject=f"role/{name}",
        since=oldest.at,
        apart=name,
    )


def _words(call: DeniedCall) -> str:
    return f"{call.code}: {call.message}" if call.message else call.code


def _repair(snapshot: Snapshot, call: DeniedCall, role: str) -> Fix:
    """Who denied decides who can allow it; which resources it may be allowed on, a person."""
    elsewhere = denier(call.message)
    if elsewhere:
        return Fix(why=elsewhere)
    if not call.role:
        return Fix(
            why=f"CloudFormation calls in your name: get {call.action} allowed, or let somebody "
            "deploy who may. The policy that is needed:",
            command=ash_command(snapshot, "iam-policy deploy"),
        )
    return Fix(
        why=f"Allow {role} the action {call.action} on what the message names, if the server is "
        "meant to do that; see first what its policies allow.",
        command=aws_command(snapshot, f"iam list-role-policies --role-name {role}"),
    )


CHECK = Check(
    id="denied-calls",
    title="CloudTrail records no call that was denied to a role of this deployment",
    playbook="deploy",
    run=run,
    causes=("role-call-denied",),
    explains=NO_TASK,
)
