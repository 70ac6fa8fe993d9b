"""Does a rollout that is under way come to its end, or is it stuck, or waiting for somebody?

Judged by its age: the service's own rollouts tell how long one takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from ash_ops.checks._facts import HOUR, RECENT, ago, runs_a_task
from ash_ops.checks._findings import (
    ash_command,
    aws_command,
    command_line,
    finding,
    quote,
    verify,
    version_fix,
)
from ash_ops.checks.base import (
    Check,
    Effect,
    Evidence,
    Finding,
    Fix,
    Severity,
    asked,
    items,
    present,
)
from ash_ops.facts.rollouts import LifecycleHook, ServiceDeployment, last_steady
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.snapshot import Snapshot

UNDER_WAY = frozenset(
    {"PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"}
)
_HOURS = timedelta(hours=2)
GOES_BACK = frozenset({"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})


class _UnderWay(Struct, frozen=True):
    """A rollout that is not done: the service's deployment, and what ECS tells of it beside that."""

    rollout: ServiceRollout
    told: ServiceDeployment | None
    began: datetime
    usual: timedelta | None

    @property
    def patience(self) -> timedelta:
        """How long it may take before it is called stuck."""
        return max(RECENT, self.usual or RECENT)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No rollout lasts longer than those before it did, and none waits for a person."""
    service = present(snapshot.service)
    under_way = _under_way(snapshot, service)
    if under_way is not None and service.desired_count != 0:
        if _stands_still(snapshot, under_way):
            yield _stuck(snapshot, under_way)
        _require_the_record(snapshot)
        yield from _judged(snapshot, under_way)
    asked(snapshot.service_deployments)  # without it nobody knows of a hook that waits


def _stands_still(snapshot: Snapshot, it: _UnderWay) -> bool:
    """Whether none of its tasks runs after hours: no rollout takes that long, whatever the record would say."""
    unread = snapshot.service_deployments.gap is not None
    runs = it.rollout.running_count or it.rollout.running_count is None
    return unread and not runs and snapshot.taken_at - it.began > _HOURS


def _require_the_record(snapshot: Snapshot) -> None:
    """How long this service's rollouts take is in the record; without it, nobody knows what is late.

    Raises:
        CannotTell: AWS was asked for it and did not answer.
    """
    cannot_tell = snapshot.service_deployments.cannot_tell()
    if cannot_tell is not None and not cannot_tell.by_choice:
        raise cannot_tell


def is_late(snapshot: Snapshot) -> bool:
    """Whether a rollout is under way for longer than this service's usually take, and comes no nearer to its end.

    Raises:
        CannotTell: the service, its rollouts or its tasks were not read.
    """
    under_way = _under_way(snapshot, present(snapshot.service))
    _require_the_record(snapshot)
    return under_way is not None and _is_late(snapshot, under_way)


def is_stuck(snapshot: Snapshot) -> bool:
    """Whether a rollout is late, and not since it waits for a person.

    Raises:
        CannotTell: the service, its rollouts or its tasks were not read.
    """
    under_way = _under_way(snapshot, present(snapshot.service))
    waits = under_way is not None and _waiting_hook(under_way.told) is not None
    return not waits and is_late(snapshot)


def _is_late(snapshot: Snapshot, it: _UnderWay) -> bool:
    return snapshot.taken_at - it.began > it.patience and not _goes_on(snapshot, it)


def _judged(snapshot: Snapshot, it: _UnderWay) -> Iterator[Finding]:
    hook = _waiting_hook(it.told)
    if hook is not None and it.told is not None:
        yield _paused(snapshot, it, it.told, hook)
    elif _is_late(snapshot, it):
        yield _stuck(snapshot, it)


def _goes_on(snapshot: Snapshot, it: _UnderWay) -> bool:
    """Whether a rollout that takes long comes nearer to its end: a task of it started lately and stayed.

    Where tasks of it failed, one that has just started may be the next to fail: that proves nothing.

    Raises:
        CannotTell: the tasks were not read.
    """
    breaker = it.told.deployment_circuit_breaker if it.told else None
    if it.rollout.failed_tasks or (breaker and breaker.failure_count):
        return False
    started = [
        task.started_at
        for task in items(snapshot.tasks)
        if task.last_status == "RUNNING"
        and task.started_at
        and task.health_status != "UNHEALTHY"
        and it.rollout.id in {"", task.started_by}
    ]
    return bool(started) and snapshot.taken_at - max(started) < RECENT


def _under_way(snapshot: Snapshot, service: Service) -> _UnderWay | None:
    rollouts = snapshot.service_deployments.value or ()
    newest, primary = next(iter(rollouts), None), service.primary
    told = newest if newest is not None and newest.status in UNDER_WAY else None
    waits = primary is not None and primary.rollout_state == "IN_PROGRESS"
    if told is None and not waits:
        return None
    began = (told.began if told else None) or (primary.created_at if primary else None)
    if began is None:
        return None
    return _UnderWay(primary or ServiceRollout(), told, began, _usual(rollouts))


def _usual(rollouts: tuple[ServiceDeployment, ...]) -> timedelta | None:
    """The longest that a rollout of this service took which came to a good end."""
    took = [r.finished_at - r.began for r in rollouts if r.is_steady and r.finished_at and r.began]
    return max(took, default=None)


def _waiting_hook(told: ServiceDeployment | None) -> LifecycleHook | None:
    hooks = told.lifecycle_hook_details if told else ()
    return next((hook for hook in hooks if hook.status == "AWAITING_ACTION"), None)


def _stuck(snapshot: Snapshot, it: _UnderWay) -> Finding:
    usual = f"its rollouts take {_words(it.usual)} at most" if it.usual else "15 min are plenty"
    what = "The way back from" if it.told and it.told.status in GOES_BACK else "The rollout of"
    # No time is given: what keeps it back may be known by its last hour only (ECS forgets the rest).
    return finding(
        "rollout-stuck",
        "deploy",
        f"{what} {it.rollout.revision or 'the service'} has not come to its end for "
        f"{ago(it.began, snapshot.taken_at)} ({usual}): {_progress(it)}.",
        [*_of_service(snapshot, it), *_of_deployment(snapshot, it.told)],
        [
            Fix(
                why="See what its tasks died of, or wait for; what keeps them from running has to go.",
                command=ash_command(snapshot, "logs --previous"),
            ),
            *_way_back(snapshot, it),
            verify(snapshot, "deploy"),
        ],
        subject=f"service/{snapshot.deployment.service}",
        effect=Effect.NEXT_START,
    )


def _progress(it: _UnderWay) -> str:
    """How far it is, in words: by the deployment's own count where the service has none."""
    of = it.told.target_service_revision if it.told else None
    wanted = it.rollout.desired_count or (of.requested_task_count if of else None) or 0
    runs = it.rollout.running_count or 0
    parts = [f"{runs} of {wanted} tasks of it run"]
    if it.rollout.pending_count:
        parts.append(f"{it.rollout.pending_count} on their way")
    breaker = it.told.deployment_circuit_breaker if it.told else None
    failed = (breaker.failure_count if breaker else None) or it.rollout.failed_tasks
    if failed:
        limit = f" of {breaker.threshold} allowed" if breaker and breaker.threshold else ""
        parts.append(f"{failed} failed{limit}")
    if it.told and it.told.lifecycle_stage:
        parts.append(f"stage {it.told.lifecycle_stage}")
    return ", ".join(parts)


def _of_service(snapshot: Snapshot, it: _UnderWay) -> Iterator[Evidence]:
    reading, place = snapshot.service, "deployments[PRIMARY]"
    if it.rollout.rollout_state:
        yield quote(reading, f"{place}.rolloutState", it.rollout.rollout_state, it.began)
        yield quote(reading, f"{place}.runningCount", _progress(it))
    if it.rollout.rollout_state_reason:
        yield quote(reading, f"{place}.rolloutStateReason", it.rollout.rollout_state_reason)


def _of_deployment(snapshot: Snapshot, told: ServiceDeployment | None) -> Iterator[Evidence]:
    if told is None:
        return
    reading, place = snapshot.service_deployments, f"serviceDeployments[{told.id}]"
    yield quote(reading, f"{place}.status", told.status or "", told.began)
    if told.status_reason:
        yield quote(reading, f"{place}.statusReason", told.status_reason, told.updated_at)
    for hook in told.lifecycle_hook_details:
        text = f"{hook.target_type or 'hook'} {hook.hook_id}: {hook.status or 'no status'}"
        yield quote(reading, f"{place}.lifecycleHookDetails", text)


def _way_back(snapshot: Snapshot, it: _UnderWay) -> Iterator[Fix]:
    """Back to what worked: by stopping the rollout itself, for the stack cannot be changed meanwhile."""
    if it.told is not None and it.told.status in GOES_BACK:
        return
    told = it.told
    why = "Or give it up and go back to the revision that worked."
    if told is None:
        yield version_fix(snapshot, why, "rollback")
    elif last_steady(snapshot.service_deployments.value or ()) is not None:
        asked = {"serviceDeploymentArn": told.service_deployment_arn, "stopType": "ROLLBACK"}
        command = command_line("ecs stop-service-deployment", asked)
        yield Fix(why=why, command=aws_command(snapshot, command))


def _paused(
    snapshot: Snapshot, it: _UnderWay, told: ServiceDeployment, hook: LifecycleHook
) -> Finding:
    at = f" at stage {told.lifecycle_stage}" if told.lifecycle_stage else ""
    asked = {"serviceDeploymentArn": told.service_deployment_arn, "hookId": hook.hook_id}
    command = command_line("ecs continue-service-deployment", asked) + " --action"
    return finding(
        "rollout-paused",
        "deploy",
        f"The rollout of {it.rollout.revision or 'the service'}, begun "
        f"{ago(it.began, snapshot.taken_at)} ago, waits{at} for somebody to continue it"
        f"{_otherwise(hook)}.",
        [*_of_deployment(snapshot, told), *_expiry(snapshot, told, hook)],
        [
            Fix(
                why="Whether the new revision is good is your decision. Let it go on:",
                command=aws_command(snapshot, f"{command} CONTINUE"),
            ),
            Fix(
                why="Or send it back to the revision that worked:",
                command=aws_command(snapshot, f"{command} ROLLBACK"),
            ),
            verify(snapshot, "deploy"),
        ],
        severity=_urgency(snapshot, hook),
        subject=f"service/{snapshot.deployment.service}",
        since=it.began,
        effect=Effect.NEXT_START,
    )


def _urgency(snapshot: Snapshot, hook: LifecycleHook) -> Severity:
    """A person may answer the next morning, for the revision before serves; not where ECS is about to decide itself."""
    soon = hook.expires_at is not None and hook.expires_at - snapshot.taken_at < HOUR
    return "error" if soon or not runs_a_task(snapshot) else "warning"


def _otherwise(hook: LifecycleHook) -> str:
    """What ECS does by itself if nobody answers."""
    if hook.expires_at is None:
        return ""
    does = {"ROLLBACK": "ECS rolls it back", "CONTINUE": "ECS goes on with it"}
    action = does.get(hook.timeout_action or "", "ECS decides by itself")
    return f"; at {hook.expires_at:%Y-%m-%d %H:%M} UTC {action}"


def _expiry(snapshot: Snapshot, told: ServiceDeployment, hook: LifecycleHook) -> Iterator[Evidence]:
    if hook.expires_at is not None:
        text = f"{hook.expires_at.isoformat()}, then {hook.timeout_action or 'not said'}"
        place = f"serviceDeployments[{told.id}].lifecycleHookDetails[{hook.hook_id}].expiresAt"
        yield quote(snapshot.service_deployments, place, text)


def _words(span: timedelta | None) -> str:
    minutes = round((span or timedelta()).total_seconds() / 60)
    return f"{max(1, minutes)} min" if minutes < 120 else f"{minutes // 60} h"


CHECK = Check(
    id="rollout-progress",
    title="No rollout is stuck, and none waits for somebody",
    playbook="deploy",
    run=run,
    causes=("rollout-stuck", "rollout-paused"),
    explains=("deployment-in-progress", "cfn-not-stabilized"),
)
