"""Did AWS deny a call to a role of this deployment, by CloudTrail's own record?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ash_ops.causes.denials import denier
from ash_ops.checks._attempts import at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._denials import allow
from ash_ops.checks._facts import ago, runs_a_task, stop_time, stopped
from ash_ops.checks._findings import (
    ash_command,
    finding,
    playbook_of,
    quote,
    verify,
)
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Effect, Finding, Fix, Severity, asked
from ash_ops.checks.pending.roles import DENIED
from ash_ops.checks.restarts._last_words import last_lines
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.rollouts import DeniedCall
from ash_ops.facts.snapshot import Snapshot

# "CloudTrail typically delivers events within an average of about 5 minutes of an API call", and
# within 15 (CloudTrail user guide, "How CloudTrail works").
_LATE = timedelta(minutes=15)
_CAUSE = "role-call-denied"
_DOMAIN = (
    ".amazonaws.com"  # a service that called in the role's name: ECS does, the server does not
)
_TOLD = 3  # calls that are quoted of one role


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No role of the task, nor CloudFormation in the deployer's name, was denied anything."""
    denied = asked(snapshot.denied_calls) or ()
    for cause, role in dict.fromkeys(map(_of, denied)):
        yield _denied(snapshot, cause, role, [d for d in denied if _of(d) == (cause, role)])
    if not denied:
        _require_that_the_record_is_complete(snapshot)


def _of(call: DeniedCall) -> tuple[str, str]:
    """The cause of a denial, and who was denied: a start's own needs have causes of their own."""
    service = call.action.partition(":")[0]
    by_ecs = call.source.endswith(_DOMAIN) and bool(call.role)
    cause = DENIED.get(service) if by_ecs else None
    return cause or _CAUSE, (call.role or call.by).rsplit("/", 1)[-1]


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


def _denied(snapshot: Snapshot, cause: str, role: str, calls: list[DeniedCall]) -> Finding:
    newest, oldest = calls[0], calls[-1]
    actions = [*dict.fromkeys(call.action for call in calls)]
    own = cause == _CAUSE
    fatal = own and _killed(snapshot, actions)
    steps = [_repair(snapshot, newest, role)] if own else repair(snapshot, cause, newest.message)
    return finding(
        cause,
        "deploy" if own else playbook_of(cause),
        f"AWS denied {', '.join(actions[:_TOLD])} to {role}, last "
        f"{ago(newest.at, snapshot.taken_at)} ago: {newest.message or newest.code}",
        [
            quote(
                snapshot.denied_calls, f"Events[{call.action}].errorMessage", _words(call), call.at
            )
            for call in calls[:_TOLD]
        ],
        [*steps, verify(snapshot, "deploy")],
        severity=_severity(snapshot, own=own, fatal=fatal),
        confidence="confirmed" if fatal else "likely",
        subject=f"role/{role}",
        since=None if fatal else oldest.at,  # CloudTrail tells the newest calls, not the first
        effect=Effect.ANSWERS if fatal else None,
        apart=role if own else "",
    )


def _severity(snapshot: Snapshot, *, own: bool, fatal: bool) -> Severity:
    """What a start needs stops it; what else the server calls, only where the dead say so."""
    if own:
        return "error" if fatal else "warning"
    return at_next_start(snapshot)


def _killed(snapshot: Snapshot, actions: list[str]) -> bool:
    """Whether none runs, and the last words of the newest death are that it was denied one of these."""
    service = snapshot.service.value
    wanted = service is not None and service.desired_count != 0
    if runs_a_task(snapshot) or not wanted:
        return False
    dead = next(iter(stopped(snapshot)), None)
    words = " ".join(last_lines(snapshot, dead)) if dead else ""
    return any(action in words for action in actions)


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
    return allow(snapshot, role, call.action)


CHECK = Check(
    id="denied-calls",
    title="CloudTrail records no call that was denied to a role of this deployment",
    playbook="deploy",
    run=run,
    causes=(_CAUSE, *dict.fromkeys(DENIED.values())),
    explains=(*NO_TASK, "app-crash"),
)
