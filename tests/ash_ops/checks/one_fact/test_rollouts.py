"""Rollouts: how one stands, and whether the service can be changed at all."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.lives import D, record
from tests.support.one_check import GONE, Row, holds

SERVICE = "service/ash-cloud-runtime"
PRIMARY = "service.deployments.0"


def rollout(state: str, created: str = "08:59:50", **more: Any) -> dict[str, Any]:
    """The service's own deployment."""
    told = {"rolloutState": state, "createdAt": f"2026-11-22T{created}Z", **more}
    return {f"{PRIMARY}.{name}": value for name, value in told.items()}


def recorded(*records: dict[str, Any]) -> dict[str, Any]:
    return {"service_deployments": list(records)}


GOOD = record("SUCCESSFUL", at="08:00:00", end="08:04:00", name="d6")
SLOW = record("SUCCESSFUL", at="07:00:00", end="07:40:00", name="d5")
BACK = f"deployment-rolled-back of {SERVICE}"
NO_TASK = {"tasks": [], "service.runningCount": 0}
STATES: dict[str, Row] = {
    "complete": ("rollout-state", "", {}, "sound"),
    "no primary deployment": ("rollout-state", "", {f"{PRIMARY}.status": "ACTIVE"}, "sound"),
    "failed": (
        "rollout-state", "", rollout("FAILED", failedTasks=3, rolloutStateReason="It failed"),
        "error circuit-breaker of revision/7", "The rollout of ash-cloud-runtime:7 failed after 3 failed tasks.",
        "value='It failed'", "ash-ops rollback",
    ),
    "failed, and nobody counted": ("rollout-state", "", rollout("FAILED", failedTasks=0), "error circuit-breaker of revision/7",
                                   "failed after several failed tasks."),
    "the words of a rollback, in the last hour": (
        "rollout-state", "", rollout("COMPLETED", rolloutStateReason="A rollback completed.", updatedAt="2026-11-22T11:00:01Z"),
        f"error {BACK}", "ash-cloud-runtime:7 serves, not the version that was deployed last.", "logs --previous",
    ),
    "an hour ago": (
        "rollout-state", "", rollout("COMPLETED", rolloutStateReason="It was Rolled back.", updatedAt="2026-11-22T11:00:00Z"),
        f"warning {BACK}",
    ),
    "while it goes back": (
        "rollout-state", "", {**rollout("IN_PROGRESS", rolloutStateReason="Rolling back.", updatedAt="2026-11-22T11:50:00Z"), **NO_TASK},
        f"error {BACK}", "is to serve again, not the version",
    ),
    "by an event of its own": (
        "rollout-state", "", {"service.events.+": {"id": "e-9", "createdAt": "2026-11-22T09:00:00Z",
                                                   "message": "rolling back to deployment ecs-svc/1."}},
        f"warning {BACK}",
    ),
    "by an event of another": (
        "rollout-state", "", {"service.events.+": {"id": "e-9", "createdAt": "2026-11-22T09:00:00Z",
                                                   "message": "rolling back to deployment ecs-svc/0."}}, "sound",
    ),
    "by an event of before": (
        "rollout-state", "", {"service.events.+": {"id": "e-9", "createdAt": "2026-11-22T08:59:49Z",
                                                   "message": "rolling back to deployment ecs-svc/1."}}, "sound",
    ),
    "under way for a quarter of an hour": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:45:00"), **recorded()}, "info deployment-in-progress of revision/7",
        "A rollout of ash-cloud-runtime:7 began 15 min ago (1 of 1 tasks run).", "ash-ops status",
    ),
    "and a second more": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:44:59"), **recorded()}, "warning deployment-in-progress of revision/7",
    ),
    "as long as others took": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:20:00"), **recorded(SLOW)}, "info deployment-in-progress of revision/7",
    ),
    "without the record a quarter of an hour decides": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:44:59"), "service_deployments": None},
        "warning deployment-in-progress of revision/7",
    ),
}  # fmt: skip
STUCK = f"error rollout-stuck of {SERVICE}"
OLD_TASK = {"tasks.0.startedBy": "ecs-svc/0"}
PAUSE = {"hookId": "approve-1", "targetType": "PAUSE", "status": "AWAITING_ACTION",
         "expiresAt": "2026-12-06T08:00:00Z", "timeoutAction": "ROLLBACK"}  # fmt: skip
WAITS = f"rollout-paused of {SERVICE}"


def under_way(at: str, **more: Any) -> dict[str, Any]:
    return {
        **rollout("IN_PROGRESS", at),
        **recorded(record("IN_PROGRESS", at=at, **more), GOOD),
        **OLD_TASK,
    }


PROGRESS: dict[str, Row] = {
    "none is under way": ("rollout-progress", "", recorded(GOOD), "sound"),
    "a quarter of an hour": ("rollout-progress", "", under_way("11:45:00"), "sound"),
    "a second more": (
        "rollout-progress", "", under_way("11:44:59"), STUCK,
        "The rollout of ash-cloud-runtime:7 has not come to its end for 15 min (its rollouts take 4 min at most): 1 of 1 tasks of it run.",
        f"stop-service-deployment --service-deployment-arn {D}d8 --stop-type ROLLBACK", "logs --previous", "status', value='IN_PROGRESS'",
    ),
    "nothing is wanted": ("rollout-progress", "", {**under_way("11:00:00"), "service.desiredCount": 0}, "sound"),
    "others took longer": (
        "rollout-progress", "", {**under_way("11:20:00"), "service_deployments.+": SLOW}, "sound",
    ),
    "others that took longer came to no good end": (
        "rollout-progress", "", {**under_way("11:20:00"), "service_deployments.+": {**SLOW, "status": "ROLLBACK_SUCCESSFUL"}}, STUCK,
    ),
    "a task of it started less than a quarter of an hour ago": (
        "rollout-progress", "", {**under_way("11:20:00"), "tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:45:01Z"}, "sound",
    ),
    "it started a quarter of an hour ago": (
        "rollout-progress", "", {**under_way("11:20:00"), "tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:45:00Z"}, STUCK,
    ),
    "it is unhealthy": (
        "rollout-progress", "", {**under_way("11:20:00"), "tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:50:00Z",
                                 "tasks.0.healthStatus": "UNHEALTHY"}, STUCK,
    ),
    "others of it failed": (
        "rollout-progress", "", {**under_way("11:20:00", deploymentCircuitBreaker={"status": "MONITORING", "failureCount": 2, "threshold": 3}),
                                 "tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:50:00Z"},
        STUCK, "1 of 1 tasks of it run, 2 failed of 3 allowed.",
    ),
    "others of it failed, by the service's own count": (
        "rollout-progress", "", {**under_way("11:20:00"), "tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:50:00Z",
                                 f"{PRIMARY}.failedTasks": 2, f"{PRIMARY}.pendingCount": 1},
        STUCK, "1 of 1 tasks of it run, 1 on their way, 2 failed.",
    ),
    "on its way back": (
        "rollout-progress", "", {**rollout("IN_PROGRESS", "11:00:00"), **recorded(record("ROLLBACK_IN_PROGRESS", at="11:00:00"), GOOD), **OLD_TASK},
        STUCK, "The way back from ash-cloud-runtime:7 has not come to its end for 60 min", "!stop-service-deployment",
    ),
    "nothing to go back to": (
        "rollout-progress", "", {**rollout("IN_PROGRESS", "11:00:00"), **recorded(record("IN_PROGRESS", at="11:00:00")), **OLD_TASK},
        STUCK, "(15 min are plenty)", "!stop-service-deployment",
    ),
    "no record of it": (
        "rollout-progress", "", {**rollout("IN_PROGRESS", "11:00:00"), **recorded(GOOD), **OLD_TASK}, STUCK, "ash-ops rollback",
    ),
    "it waits for a person": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[PAUSE], lifecycleStage="PRE_SCALE_UP"), f"warning {WAITS} since 11:50",
        "begun 10 min ago, waits at stage PRE_SCALE_UP for somebody to continue it", "--action CONTINUE", "--action ROLLBACK",
        f"continue-service-deployment --service-deployment-arn {D}d8 --hook-id approve-1",
    ),
    "it waits for long: a person may answer tomorrow": ("rollout-progress", "", under_way("09:00:00", lifecycleHookDetails=[PAUSE]), f"warning {WAITS} since 09:00"),
    "an hour before ECS decides by itself": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "expiresAt": "2026-11-22T13:00:00Z"}]), f"warning {WAITS} since 11:50",
    ),
    "less than an hour before ECS decides by itself": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "expiresAt": "2026-11-22T12:59:59Z"}]), f"error {WAITS} since 11:50",
        "at 2026-11-22 12:59 UTC ECS rolls it back.",
    ),
    "nobody said when it ends": (
        "rollout-progress", "", under_way("09:00:00", lifecycleHookDetails=[{**PAUSE, "expiresAt": None}]), f"warning {WAITS} since 09:00",
    ),
    "it waits, and nothing runs meanwhile": (
        "rollout-progress", "", {**under_way("11:50:00", lifecycleHookDetails=[PAUSE]), "tasks": []}, f"error {WAITS} since 11:50",
    ),
    "a hook that is done": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "status": "SUCCEEDED"}]), "sound",
    ),
}  # fmt: skip

PROTECTED = {
    "service.events.+": {
        "id": "e-23456789",
        "createdAt": "2026-11-22T11:50:00Z",
        "message": "(service ash-cloud-runtime) was unable to scale in due to (reason 1 tasks under protection)",
    }
}
HELD = f"maybe scale-in-protected of {SERVICE} since 11:50"
IN_THE_WAY: dict[str, Row] = {
    "no rollout": ("service-events", "", PROTECTED, f"warning {HELD}"),
    "a rollout for a quarter of an hour": ("service-events", "", {**under_way("11:45:00"), **PROTECTED}, f"warning {HELD}"),
    "a rollout that is stuck": (
        "service-events", "", {**under_way("11:44:59"), **PROTECTED}, f"error {HELD} stops next start", "update-task-protection",
    ),
    "a rollout that waits for a person": (
        "service-events", "", {**under_way("11:44:59", lifecycleHookDetails=[PAUSE]), **PROTECTED}, f"warning {HELD}",
    ),
}  # fmt: skip


@each("case", IN_THE_WAY)
def test_what_a_protected_task_is_in_the_way_of(case: Row) -> None:
    holds(case)


def ended(status: str | None, end: str = "11:30:00", **more: Any) -> dict[str, Any]:
    return recorded(record(status, end=end, **more), GOOD)


TRIPPED = {"deploymentCircuitBreaker": {"status": "TRIGGERED", "failureCount": 3, "threshold": 3}}
OUTCOMES: dict[str, Row] = {
    "a good end": ("rollout-outcome", "", ended("SUCCESSFUL"), "sound"),
    "under way": ("rollout-outcome", "", recorded(record("IN_PROGRESS"), GOOD), "sound"),
    "none is remembered": ("rollout-outcome", "", recorded(), "none of its business"),
    "stopped": (
        "rollout-outcome", "", ended("STOPPED", statusReason="Stopped by user."), f"error rollout-stopped of {SERVICE} since 11:30",
        "The last rollout was stopped before it was done 30 min ago: Stopped by user.", "logs --previous", "!ash-ops rollback",
    ),
    "stopped an hour ago": (
        "rollout-outcome", "", ended("STOPPED", "11:00:00", at="10:50:00"), f"warning rollout-stopped of {SERVICE} since 11:00", "ECS gives no reason.",
    ),
    "stopped by the breaker": (
        "rollout-outcome", "", ended("STOPPED", **TRIPPED), f"error circuit-breaker of {SERVICE} since 11:30",
        "The circuit breaker stopped the last rollout 30 min ago: ECS gives no reason; 3 tasks failed, 3 were allowed.", "ash-ops rollback",
        "TRIGGERED: 3 of 3",
    ),
    "taken back": (
        "rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", rollback={"reason": "It crashed."}), f"error {BACK} since 11:30",
        "ECS rolled the last rollout back 30 min ago: It crashed.", "rollback.reason', value='It crashed.'",
    ),
    "taken back for an alarm": (
        "rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", alarms={"status": "TRIGGERED", "triggeredAlarmNames": ["ash 5xx", "slow"]}),
        f"error {BACK} since 11:30", "alarms in state ALARM: ash 5xx, slow.", "describe-alarms --alarm-names 'ash 5xx' slow", "!logs --previous",
    ),
    "taken back by a hook": (
        "rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", lifecycleHookDetails=[
            {"hookId": "", "status": "FAILED", "targetType": "AWS_LAMBDA",
             "targetArn": "arn:aws:lambda:us-east-1:111122223333:function:judge:1"}]), f"error {BACK} since 11:30",
        "sent it back (FAILED)", "--log-group-name /aws/lambda/judge ", "!logs --previous",
    ),
    "and the way back failed, long ago": (
        "rollout-outcome", "", ended("ROLLBACK_FAILED", "10:00:00", at="09:50:00"), f"error rollback-failed of {SERVICE} since 10:00",
        "The last rollout failed, and so did the way back 2 h ago",
    ),
    "it goes back": (
        "rollout-outcome", "", recorded(record("ROLLBACK_IN_PROGRESS", rollback={"reason": "It crashed.", "startedAt": "2026-11-22T11:40:00Z"}), GOOD),
        f"warning {BACK} since 11:40", "ECS is rolling the last rollout back since 20 min: It crashed.",
    ),
    "a state that nobody knows": (
        "rollout-outcome", "", ended("SIMMERING"), "? the latest rollout is in state SIMMERING, which this version does not know",
    ),
    "a state that nobody knows, on the way back": (
        "rollout-outcome", "", ended("SIMMERING", rollback={"reason": "It crashed."}),
        "? the latest rollout is in state SIMMERING, which this version does not know: It crashed.",
    ),
    "no state": ("rollout-outcome", "", ended(None), "? the latest rollout is in state no status at all, which this version does not know"),
    "the service has gone on since": (
        "rollout-outcome", "", {**ended("ROLLBACK_SUCCESSFUL"), **rollout("COMPLETED", "11:30:01")}, "none of its business",
    ),
    "at the very moment": ("rollout-outcome", "", {**ended("ROLLBACK_SUCCESSFUL"), **rollout("COMPLETED", "11:30:00")}, f"error {BACK} since 11:30"),
    "stopped for the next": (
        "rollout-outcome", "", {**ended("STOPPED"), **rollout("COMPLETED", "11:20:06")}, "none of its business",
    ),
    "stopped itself": (
        "rollout-outcome", "", {**ended("STOPPED"), **rollout("COMPLETED", "11:20:05")}, f"error rollout-stopped of {SERVICE} since 11:30",
    ),
}  # fmt: skip


def bounds(low: int, high: int, wanted: int = 1) -> dict[str, Any]:
    place = "service.deploymentConfiguration"
    return {
        f"{place}.minimumHealthyPercent": low,
        f"{place}.maximumPercent": high,
        "service.desiredCount": wanted,
    }


LOCKED = f"warning deployment-config-deadlock of {SERVICE}"
VOLUMES = "task_definition.volumes"
ROOM: dict[str, Row] = {
    "the old one may go": ("rollout-room", "", bounds(0, 100), "sound"),
    "neither may go nor come": (
        "rollout-room", "", bounds(100, 100), LOCKED,
        "minimumHealthyPercent is 100 and maximumPercent 100: with 1 wanted, ECS may neither stop",
        "update-service --cluster ash-cloud --service ash-cloud-runtime", "minimumHealthyPercent 100, maximumPercent 100",
    ),
    "half of one is one": ("rollout-room", "", bounds(50, 150), LOCKED),
    "half of two is one": ("rollout-room", "", {**bounds(50, 100, 2), VOLUMES: []}, "sound"),
    "two thirds of three, and a bit": ("rollout-room", "", {**bounds(67, 133, 3), VOLUMES: []}, LOCKED),
    "while a rollout waits for it": ("rollout-room", "", {**bounds(100, 100), **rollout("IN_PROGRESS")}, LOCKED.replace("warning", "error")),
    "while an older deployment is left": (
        "rollout-room", "", {**bounds(100, 100), "service.deployments.+": {"id": "ecs-svc/0", "status": "ACTIVE"}}, LOCKED.replace("warning", "error"),
    ),
    "two tasks on one disk": (
        "rollout-room", "", bounds(100, 200), "warning maybe sqlite-locked", "(maximumPercent 200): both would write one SQLite file.",
    ),
    "a moment of two": ("rollout-room", "", bounds(0, 101), "warning maybe sqlite-locked"),
    "two tasks on two disks": ("rollout-room", "", {**bounds(100, 200), VOLUMES: []}, "sound"),
    "no bounds are told": ("rollout-room", "", {"service.deploymentConfiguration": GONE}, "sound"),
    "a revision that was deregistered": (
        "revision-state", "", {"task_definition.status": "INACTIVE"}, "warning service-task-definition-inactive of revision/7",
        "Task definition ash-cloud-runtime:7, which the service names, was deregistered: no service can be updated to it",
    ),
    "with nothing that runs": (
        "revision-state", "", {"task_definition.status": "DELETE_IN_PROGRESS", **NO_TASK}, "error service-task-definition-inactive of revision/7",
        "is being deleted: ECS starts no task of it.",
    ),
    "in a state that nobody knows": (
        "revision-state", "", {"task_definition.status": "DOZING"}, "? the task definition is DOZING, a state that is not known here",
    ),
    "in no state": ("revision-state", "", {"task_definition.status": GONE}, "sound"),
}  # fmt: skip
STOPPED_TAG = {
    "service.tags": [{"key": "ash:stopped", "value": "2026-11-20T18:00:00Z"}],
    "service.desiredCount": 0,
}
EXISTS: dict[str, Row] = {
    "it is there": ("service-exists", "", {}, "sound"),
    "no cluster": (
        "service-exists", "", {"cluster": None, "service": None, "tasks": []}, f"error aws-not-found of {SERVICE}",
        "There is no deployment 'ash-cloud' in us-east-1 of account 111122223333.", "ecs list-clusters --region us-east-1", "ash-ops deploy",
    ),
    "a cluster that was deleted": (
        "service-exists", "", {"cluster.status": "INACTIVE", "service": None, "tasks": []}, f"error aws-not-found of {SERVICE}",
    ),
    "of an account that is not known": (
        "service-exists", "", {"cluster": None, "service": None, "tasks": [], "deployment.account": None}, f"error aws-not-found of {SERVICE}",
        "in us-east-1.",
    ),
    "no cluster, and yet a service": (
        "service-exists", "", {"cluster": None}, "? AWS tells of its service or tasks, but not of what they belong to",
    ),
    "no service, and yet tasks": (
        "service-exists", "", {"service": None}, "? AWS tells of its service or tasks, but not of what they belong to",
    ),
    "no service": (
        "service-exists", "", {"service": None, "tasks": []}, f"error service-missing of {SERVICE}",
        "Cluster ash-cloud has no active service ash-cloud-runtime.", "value='not found'", "!It was deleted",
    ),
    "a service that was deleted": (
        "service-exists", "", {"service.status": "INACTIVE", "tasks": []}, f"error service-missing of {SERVICE}", "It was deleted (status INACTIVE).",
        "value='INACTIVE'",
    ),
    "one that is being deleted": (
        "service-exists", "", {"service.status": "DRAINING"}, f"error service-missing of {SERVICE}",
        "is being deleted (status DRAINING): it starts no task any more.", "wait services-inactive --cluster ash-cloud --services ash-cloud-runtime",
    ),
    "asked to run nothing": (
        "service-exists", "", {"service.desiredCount": 0}, f"error service-desired-zero of {SERVICE}", "(desiredCount 0)", "--desired-count 1",
    ),
    "stopped on purpose": (
        "service-exists", "", STOPPED_TAG, f"info stopped-on-purpose of {SERVICE} since 18:00",
        "ash-cloud is stopped since 2026-11-20 18:00 UTC (`ash-ops stop`)", "ash-ops start",
    ),
    "stopped on purpose, and then deleted": (
        "service-exists", "", {**STOPPED_TAG, "service.status": "DRAINING"}, f"error service-missing of {SERVICE}",
    ),
}  # fmt: skip


@each(
    "case",
    STATES
    | {f"progress: {k}": v for k, v in PROGRESS.items()}
    | {f"end: {k}": v for k, v in OUTCOMES.items()},
)
def test_how_a_rollout_stands(case: Row) -> None:
    holds(case)


@each("case", ROOM | {f"exists: {k}": v for k, v in EXISTS.items()})
def test_whether_a_service_is_there_and_can_be_changed(case: Row) -> None:
    holds(case)
