"""How did the latest rollout end, by what ECS itself recorded of it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ash_ops.checks._attempts import failed_with_another
from ash_ops.checks._facts import HOUR, ago
from ash_ops.checks._findings import finding, quote, verify, version_fix
from ash_ops.checks.base import (
    Check,
    Effect,
    Evidence,
    Finding,
    Fix,
    NotApplicable,
    Severity,
    asked,
)
from ash_ops.checks.deploy._rollback import find_out
from ash_ops.checks.deploy.rollout_progress import GOES_BACK, UNDER_WAY
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.rollouts import STEADY, ServiceDeployment
from ash_ops.facts.snapshot import Snapshot

_ROLLED_BACK = "deployment-rolled-back"
# A service's deployment and ECS's record of it are made at one moment, to the second.
_SAME_MOMENT = timedelta(seconds=5)
_ENDS = {
    "STOPPED": "rollout-stopped",
    "ROLLBACK_SUCCESSFUL": _ROLLED_BACK,
    "ROLLBACK_FAILED": "rollback-failed",
}
STATES = UNDER_WAY | {STEADY, *_ENDS}
"""Every state of a service deployment whose meaning is known here."""


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The latest rollout came to a good end, or is under way."""
    rollouts = asked(snapshot.service_deployments)
    newest = rollouts[0] if rollouts else None
    if newest is None or _is_outdated(snapshot, newest):
        raise NotApplicable("ECS remembers no deployment of the service")
    status = newest.status or "no status at all"
    if status not in STATES:
        # What is beside a state that is not told, of a rollback, is told all the same.
        back = f": {_why(newest)}" if newest.rollback and newest.rollback.reason else ""
        raise CannotTell(
            f"the latest rollout is in state {status}, which this version does not know{back}"
        )
    if status in _ENDS:
        yield _ended(snapshot, newest, _ENDS[status])
    elif status in GOES_BACK:
        yield _goes_back(snapshot, newest)


def _is_outdated(snapshot: Snapshot, newest: ServiceDeployment) -> bool:
    """Whether the service has gone on since: the list of deployments may lag behind it."""
    service = snapshot.service.value
    primary = service.primary if service else None
    at = primary.created_at if primary else None
    if at is None:
        return False
    # One that is stopped because the next was asked for ends after that one has begun.
    begun = newest.created_at if newest.status == "STOPPED" else None
    if begun is not None and at > begun + _SAME_MOMENT:
        return True
    return newest.finished_at is not None and at > newest.finished_at


def _ended(snapshot: Snapshot, rollout: ServiceDeployment, cause: str) -> Finding:
    breaker = rollout.deployment_circuit_breaker
    tripped = breaker is not None and breaker.status == "TRIGGERED"
    if cause == "rollout-stopped" and tripped:
        cause = "circuit-breaker"
    at = rollout.finished_at or rollout.stopped_at or rollout.updated_at
    when = f" {ago(at, snapshot.taken_at)} ago" if at else ""
    return finding(
        cause,
        "deploy",
        f"{_HOW[cause]}{when}: {_why(rollout)}",
        _evidence(snapshot, rollout),
        [*_repair(snapshot, cause), verify(snapshot, "deploy")],
        severity=_severity(snapshot, rollout, cause),
        subject=f"service/{snapshot.deployment.service}",
        since=at,
        effect=Effect.NEXT_START,
    )


def _goes_back(snapshot: Snapshot, rollout: ServiceDeployment) -> Finding:
    """A way back that is not done is told: whoever asked for the new version does not get it."""
    began = (rollout.rollback.started_at if rollout.rollback else None) or rollout.updated_at
    since = f" since {ago(began, snapshot.taken_at)}" if began else ""
    return finding(
        _ROLLED_BACK,
        "deploy",
        f"ECS is rolling the last rollout back{since}: {_why(rollout)}",
        _evidence(snapshot, rollout),
        [find_out(snapshot), verify(snapshot, "deploy")],
        severity="warning",
        subject=f"service/{snapshot.deployment.service}",
        since=began,
        effect=Effect.NEXT_START,
    )


_HOW = {
    _ROLLED_BACK: "ECS rolled the last rollout back",
    "rollback-failed": "The last rollout failed, and so did the way back",
    "rollout-stopped": "The last rollout was stopped before it was done",
    "circuit-breaker": "The circuit breaker stopped the last rollout",
}


def _why(rollout: ServiceDeployment) -> str:
    """Why it ended so, in ECS's own words, with the count and the alarms that decided."""
    back = rollout.rollback.reason if rollout.rollback else None
    words = [back or rollout.status_reason or "ECS gives no reason"]
    breaker, alarms = rollout.deployment_circuit_breaker, rollout.alarms
    if breaker is not None and breaker.status == "TRIGGERED":
        words.append(f"{breaker.failure_count} tasks failed, {breaker.threshold} were allowed")
    if alarms is not None and alarms.triggered_alarm_names:
        words.append(f"alarms in state ALARM: {', '.join(alarms.triggered_alarm_names)}")
    return "; ".join(word.rstrip(".") for word in words) + "."


def _severity(snapshot: Snapshot, rollout: ServiceDeployment, cause: str) -> Severity:
    """An error while somebody may still wait for it; a rollback that failed is one until mended."""
    if cause != "rollback-failed" and failed_with_another(snapshot):
        return "warning"
    at = rollout.finished_at or rollout.stopped_at or rollout.updated_at
    just_now = at is not None and snapshot.taken_at - at < HOUR
    return "error" if cause == "rollback-failed" or just_now else "warning"


def _evidence(snapshot: Snapshot, rollout: ServiceDeployment) -> Iterator[Evidence]:
    reading, place = snapshot.service_deployments, f"serviceDeployments[{rollout.id}]"
    at = rollout.finished_at or rollout.updated_at
    yield quote(reading, f"{place}.status", rollout.status or "", at)
    if rollout.status_reason:
        yield quote(reading, f"{place}.statusReason", rollout.status_reason, at)
    if rollout.rollback and rollout.rollback.reason:
        begun = rollout.rollback.started_at
        yield quote(reading, f"{place}.rollback.reason", rollout.rollback.reason, begun)
    breaker, alarms = rollout.deployment_circuit_breaker, rollout.alarms
    if breaker and breaker.failure_count:
        count = f"{breaker.status}: {breaker.failure_count} of {breaker.threshold}"
        yield quote(reading, f"{place}.deploymentCircuitBreaker", count)
    if alarms and alarms.triggered_alarm_names:
        names = ", ".join(alarms.triggered_alarm_names)
        yield quote(reading, f"{place}.alarms.triggeredAlarmNames", names)


def _repair(snapshot: Snapshot, cause: str) -> Iterator[Fix]:
    yield find_out(snapshot)
    if cause == "circuit-breaker":
        yield version_fix(snapshot, "Go back to the version that worked.", "rollback")


CHECK = Check(
    id="rollout-outcome",
    title="The latest rollout ended well, by ECS's own record",
    playbook="deploy",
    run=run,
    causes=(_ROLLED_BACK, "rollback-failed", "rollout-stopped", "circuit-breaker"),
    explains=("cfn-not-stabilized",),
    vital=True,
)
