"""Rollouts: the other side of each boundary, what is counted of one, and what ECS says of its end."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.checks.one_fact.test_rollouts import (
    BACK,
    GOOD,
    LOCKED,
    NO_TASK,
    OLD_TASK,
    PAUSE,
    PRIMARY,
    SERVICE,
    SLOW,
    STUCK,
    TRIPPED,
    VOLUMES,
    WAITS,
    bounds,
    ended,
    recorded,
    rollout,
    under_way,
)
from tests.support.each import each
from tests.support.lives import D, record
from tests.support.one_check import GONE, Row, holds, unread

UNREAD = {"service_deployments": unread("ecs:DescribeServiceDeployments")}
NOT_READ = "? ecs:DescribeServiceDeployments could not be read (denied): AccessDenied"
COUNT = f"{PRIMARY}.runningCount"
YOUNG = {"tasks.0.startedBy": "ecs-svc/1", "tasks.0.startedAt": "2026-11-22T11:50:00Z"}
REVISION = {"arn": f"{D}d8".replace("deployment", "revision")}


def counted(desired: int | None, requested: int | None) -> dict[str, Any]:
    """How many are wanted, by the service and by the record."""
    target = {"targetServiceRevision": {**REVISION, "requestedTaskCount": requested}}
    return {**under_way("11:00:00", **target), f"{PRIMARY}.desiredCount": desired, COUNT: 0}


def took(minutes: int) -> dict[str, Any]:
    """A rollout of before that took so long."""
    end = 6 * 60 + minutes
    return record("SUCCESSFUL", at="06:00:00", end=f"{end // 60:02d}:{end % 60:02d}:00", name="d4")


PROGRESS: dict[str, Row] = {
    "the record was not read": ("rollout-progress", "", {**rollout("IN_PROGRESS", "11:00:00"), **UNREAD}, NOT_READ),
    "it was not read, and none runs for two hours": ("rollout-progress", "", {**rollout("IN_PROGRESS", "10:00:00"), **UNREAD, COUNT: 0}, NOT_READ),
    "and for a second more": ("rollout-progress", "", {**rollout("IN_PROGRESS", "09:59:59"), **UNREAD, COUNT: 0}, f"{STUCK}; {NOT_READ}", "for 2 h (15 min are plenty): 0 of 1 tasks"),
    "and one runs": ("rollout-progress", "", {**rollout("IN_PROGRESS", "09:59:59"), **UNREAD}, NOT_READ),
    "and how many run was not told": ("rollout-progress", "", {**rollout("IN_PROGRESS", "09:59:59"), **UNREAD, COUNT: None}, NOT_READ),
    "none was asked for by anybody": ("rollout-progress", "", {**rollout("COMPLETED"), **UNREAD}, NOT_READ),
    "the tasks were not read": ("rollout-progress", "", {**under_way("11:00:00"), "tasks": unread()}, "? ecs:DescribeTasks could not be read (denied): AccessDenied"),
    "it is asked to stop": ("rollout-progress", "", {**rollout("COMPLETED"), **recorded(record("STOP_REQUESTED", at="11:00:00"), GOOD), **OLD_TASK}, STUCK, "stop-service-deployment"),
    "it is to begin": ("rollout-progress", "", {**rollout("COMPLETED"), **recorded(record("PENDING", at="11:00:00"), GOOD), **OLD_TASK}, STUCK),
    "it is asked to go back": (
        "rollout-progress", "", {**rollout("COMPLETED"), **recorded(record("ROLLBACK_REQUESTED", at="11:00:00"), GOOD), **OLD_TASK}, STUCK, "The way back from", "!stop-service-deployment",
    ),
    "when it began was not told": ("rollout-progress", "", {**rollout("IN_PROGRESS", "11:00:00"), f"{PRIMARY}.createdAt": None, **recorded(GOOD)}, "sound"),
    "of no deployment of the service": (
        "rollout-progress", "", {**recorded(record("IN_PROGRESS", at="11:00:00"), GOOD), "service.deployments": [], "tasks": []}, STUCK,
        "The rollout of the service has not come to its end for 60 min",
    ),
    "as the record counts it": ("rollout-progress", "", counted(None, 3), STUCK, "0 of 3 tasks of it run."),
    "as the service counts it": ("rollout-progress", "", counted(2, 3), STUCK, "0 of 2 tasks of it run."),
    "as nobody counts it": ("rollout-progress", "", counted(None, None), STUCK, "0 of 0 tasks of it run."),
    "failures of no limit": (
        "rollout-progress", "", under_way("11:00:00", deploymentCircuitBreaker={"status": "MONITORING", "failureCount": 2, "threshold": 0}), STUCK, "2 failed.", "!allowed",
    ),
    "in a stage": ("rollout-progress", "", under_way("11:00:00", lifecycleStage="BAKE_TIME"), STUCK, "tasks of it run, stage BAKE_TIME."),
    "with ECS's own reason": (
        "rollout-progress", "", {**under_way("11:00:00", statusReason="It waits."), f"{PRIMARY}.rolloutStateReason": "ECS deployment in progress."}, STUCK,
        "serviceDeployments[d8].statusReason', value='It waits.'", "deployments[PRIMARY].rolloutStateReason', value='ECS deployment in progress.'",
        "deployments[PRIMARY].rolloutState', value='IN_PROGRESS'", "deployments[PRIMARY].runningCount', value='1 of 1 tasks of it run'",
    ),
    "without one": ("rollout-progress", "", {**under_way("11:00:00"), f"{PRIMARY}.rolloutStateReason": None}, STUCK, "!statusReason", "!rolloutStateReason"),
    "others took two hours": ("rollout-progress", "", {**under_way("08:00:00"), "service_deployments.+": took(120)}, STUCK, "(its rollouts take 2 h at most)"),
    "others took a minute less": ("rollout-progress", "", {**under_way("08:00:00"), "service_deployments.+": took(119)}, STUCK, "(its rollouts take 119 min at most)"),
    "others took no time": (
        "rollout-progress", "", {**under_way("08:00:00"), "service_deployments": [record("IN_PROGRESS", at="08:00:00"), record("SUCCESSFUL", at="06:00:00", end="06:00:10")]}, STUCK,
        "(its rollouts take 1 min at most)",
    ),
    "a young task of another deployment": ("rollout-progress", "", {**under_way("11:20:00"), **YOUNG, "tasks.0.startedBy": "ecs-svc/7"}, STUCK),
    "a young task that runs not yet": ("rollout-progress", "", {**under_way("11:20:00"), **YOUNG, "tasks.0.lastStatus": "PENDING"}, STUCK),
    "a young task that was asked for alone": ("rollout-progress", "", {**under_way("11:20:00"), **YOUNG, "tasks.0.startedAt": None}, STUCK),
    "a breaker that has counted none": (
        "rollout-progress", "", {**under_way("11:20:00", deploymentCircuitBreaker={"status": "MONITORING", "failureCount": 0, "threshold": 3}), **YOUNG}, "sound",
    ),
    "the second hook waits": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "hookId": "first-1", "status": "SUCCEEDED"}, PAUSE]), f"warning {WAITS} since 11:50",
        "--hook-id approve-1", "!--hook-id first-1", "value='PAUSE first-1: SUCCEEDED'", "value='PAUSE approve-1: AWAITING_ACTION'", "!at stage",
        "at 2026-12-06 08:00 UTC ECS rolls it back.", "lifecycleHookDetails[approve-1].expiresAt", "2026-12-06T08:00:00+00:00, then ROLLBACK",
    ),
    "ECS will go on by itself": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "timeoutAction": "CONTINUE"}]), f"warning {WAITS} since 11:50", "UTC ECS goes on with it.",
    ),
    "what ECS will do was not told": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "timeoutAction": None}]), f"warning {WAITS} since 11:50", "UTC ECS decides by itself.", "then not said",
    ),
    "a hook whose kind and state were not told": (
        "rollout-progress", "", under_way("11:00:00", lifecycleHookDetails=[{"hookId": "h-1"}]), STUCK, "value='hook h-1: no status'",
    ),
}  # fmt: skip

LATE_BACK = rollout("COMPLETED", "11:00:00", rolloutStateReason="A rollback completed.")
DEAD_OF_8 = {"stopped_tasks": [{"taskArn": "x/d", "taskDefinitionArn": "arn:x:task-definition/ash-cloud-runtime:8", "lastStatus": "STOPPED",
                                "createdAt": "2026-11-22T11:20:00Z", "stoppedAt": "2026-11-22T11:25:00Z", "stopCode": "EssentialContainerExited"}],
             "stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7"}]}  # fmt: skip
STATES: dict[str, Row] = {
    "the primary is the second of the list": (
        "rollout-state", "", {"service.deployments": [{"id": "ecs-svc/0", "status": "ACTIVE", "rolloutState": "FAILED"}, {"id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED"}]},
        "sound",
    ),
    "of an unknown revision": ("rollout-state", "", rollout("FAILED", taskDefinition=None), "error circuit-breaker", "The rollout of an unknown revision failed"),
    "nobody told when it was changed": ("rollout-state", "", {**LATE_BACK, f"{PRIMARY}.updatedAt": None}, f"warning {BACK}"),
    "a second after that hour began": ("rollout-state", "", {**LATE_BACK, f"{PRIMARY}.createdAt": "2026-11-22T11:00:01Z", f"{PRIMARY}.updatedAt": None}, f"error {BACK}"),
    "what failed was of the one that was taken back": (
        "rollout-state", "", {**LATE_BACK, f"{PRIMARY}.updatedAt": "2026-11-22T11:50:00Z", **DEAD_OF_8}, f"warning {BACK}",
    ),
    "what the reason and the revision are": (
        "rollout-state", "", {**LATE_BACK, f"{PRIMARY}.updatedAt": "2026-11-22T11:50:00Z"}, f"error {BACK}", "rolloutStateReason', value='A rollback completed.'",
        "deployments[PRIMARY].taskDefinition', value='arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7'",
    ),
    "failed, after it had gone back": ("rollout-state", "", rollout("FAILED", rolloutStateReason="rollback failed"), "error circuit-breaker of revision/7", "rolloutState', value='FAILED'"),
    "under way, of nothing that was counted": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:58:00", runningCount=None, desiredCount=None), **recorded()}, "info deployment-in-progress of revision/7", "(0 of 0 tasks run)",
    ),
    "under way, since nobody knows when": (
        "rollout-state", "", {**rollout("IN_PROGRESS"), f"{PRIMARY}.createdAt": None, **recorded()}, "info deployment-in-progress of revision/7", "began 0 s ago",
    ),
}  # fmt: skip


def hook(**more: Any) -> dict[str, Any]:
    return ended(
        "ROLLBACK_SUCCESSFUL",
        lifecycleHookDetails=[
            {"hookId": "ok-1", "status": "SUCCEEDED"},
            {"hookId": "no-1", "status": "FAILED", **more},
        ],
    )


STOPPED = f"rollout-stopped of {SERVICE} since"
NO_END = {"finishedAt": None}
ENDS: dict[str, Row] = {
    "stopped, by when it was stopped": (
        "rollout-outcome", "", recorded(record("STOPPED", stoppedAt="2026-11-22T11:25:00Z", updatedAt="2026-11-22T11:26:00Z")), f"error {STOPPED} 11:25", "35 min ago",
    ),
    "by when it was changed": ("rollout-outcome", "", recorded(record("STOPPED", updatedAt="2026-11-22T11:26:00Z")), f"error {STOPPED} 11:26"),
    "nobody knows when": ("rollout-outcome", "", recorded(record("STOPPED")), f"warning {STOPPED[:-6]}", "stopped before it was done: ECS gives no reason."),
    "stopped, and the breaker only watched": (
        "rollout-outcome", "", ended("STOPPED", deploymentCircuitBreaker={"status": "MONITORING_COMPLETE", "failureCount": 1, "threshold": 3}), f"error {STOPPED} 11:30",
        "ECS gives no reason.", "MONITORING_COMPLETE: 1 of 3", "!were allowed", "!ash-ops rollback",
    ),
    "taken back by the breaker": ("rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", **TRIPPED), f"error {BACK} since 11:30", "3 tasks failed, 3 were allowed.", "!ash-ops rollback"),
    "a breaker that has counted none": (
        "rollout-outcome", "", ended("STOPPED", deploymentCircuitBreaker={"status": "DISABLED", "failureCount": 0, "threshold": 3}), f"error {STOPPED} 11:30", "!deploymentCircuitBreaker",
    ),
    "its own reason, where the way back has none": (
        "rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", statusReason="It did not start.", rollback={}), f"error {BACK} since 11:30", "ago: It did not start.", "!rollback.reason",
    ),
    "taken back an hour ago": ("rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", "11:00:00", at="10:50:00"), f"warning {BACK} since 11:00"),
    "taken back, and what failed was of that one": ("rollout-outcome", "", {**ended("ROLLBACK_SUCCESSFUL"), **DEAD_OF_8}, f"warning {BACK} since 11:30"),
    "and the way back failed": ("rollout-outcome", "", {**ended("ROLLBACK_FAILED"), **DEAD_OF_8}, f"error rollback-failed of {SERVICE} since 11:30"),
    "alarms that did not ring": ("rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", alarms={"status": "MONITORING_COMPLETE", "triggeredAlarmNames": []}), f"error {BACK} since 11:30",
                                 "logs --previous", "!describe-alarms", "!in state ALARM", "!triggeredAlarmNames"),
    "alarms that rang": ("rollout-outcome", "", ended("ROLLBACK_SUCCESSFUL", alarms={"status": "TRIGGERED", "triggeredAlarmNames": ["slow"]}), f"error {BACK} since 11:30",
                         "alarms.triggeredAlarmNames', value='slow'"),
    "a hook by its name": ("rollout-outcome", "", hook(), f"error {BACK} since 11:30", "Hook no-1 sent it back (FAILED)", "!ok-1 sent", "!filter-log-events"),
    "a hook that ran out of time": ("rollout-outcome", "", hook(status="TIMED_OUT"), f"error {BACK} since 11:30", "(TIMED_OUT)"),
    "a hook without a name": ("rollout-outcome", "", hook(hookId=""), f"error {BACK} since 11:30", "Hook a lifecycle hook sent it back"),
    "a hook by its function": (
        "rollout-outcome", "", hook(targetArn="arn:aws:lambda:us-east-1:1:function:judge"), f"error {BACK} since 11:30", "Hook no-1", "filter-log-events --log-group-name /aws/lambda/judge ",
    ),
    "it is asked to go back": (
        "rollout-outcome", "", recorded(record("ROLLBACK_REQUESTED", updatedAt="2026-11-22T11:58:30Z"), GOOD), f"warning {BACK} since 11:58:30", "back since 90 s: ECS gives no reason.",
    ),
    "it goes back, since nobody knows when": ("rollout-outcome", "", recorded(record("ROLLBACK_IN_PROGRESS"), GOOD), f"warning {BACK}", "rolling the last rollout back: ECS"),
    "a list that was not read": ("rollout-outcome", "", UNREAD, NOT_READ),
    "of no deployment in place": ("rollout-outcome", "", {**ended("STOPPED"), "service.deployments": []}, f"error {STOPPED} 11:30"),
    "a rollback that another deployment has followed": ("rollout-outcome", "", {**ended("ROLLBACK_SUCCESSFUL"), **rollout("COMPLETED", "11:20:06")}, f"error {BACK} since 11:30"),
}  # fmt: skip

PLACE = "service.deploymentConfiguration"
ROOM: dict[str, Row] = {
    "how many must stay was not told": ("rollout-room", "", {**bounds(100, 100), f"{PLACE}.minimumHealthyPercent": None}, "sound"),
    "how many may run was not told": ("rollout-room", "", {**bounds(100, 100), f"{PLACE}.maximumPercent": None}, "sound"),
    "how many are wanted was not told": ("rollout-room", "", {**bounds(100, 100), "service.desiredCount": None}, LOCKED, "with 1 wanted"),
    "of four one may go": ("rollout-room", "", {**bounds(75, 100, 4), VOLUMES: []}, "sound"),
    "of four none may": ("rollout-room", "", {**bounds(76, 100, 4), VOLUMES: []}, LOCKED, "with 4 wanted"),
    "the breaker stays as it is": (
        "rollout-room", "", {**bounds(100, 200), f"{PLACE}.deploymentCircuitBreaker": {"enable": True, "rollback": False}}, "warning maybe sqlite-locked",
        '{"enable": true, "rollback": false}', "maximumPercent', value='200'",
    ),
    "a rollout that failed does not wait": ("rollout-room", "", {**bounds(100, 100), **rollout("FAILED")}, LOCKED),
    "one that runs, of a revision that is being deleted": (
        "revision-state", "", {"task_definition.status": "DELETE_IN_PROGRESS"}, "warning service-task-definition-inactive of revision/7",
    ),
    "no revision": ("revision-state", "", {"task_definition": GONE, "service": None}, "none of its business"),
    "none serves, and it goes back": (
        "rollout-state", "", {**rollout("IN_PROGRESS", "11:50:00", rolloutStateReason="Rolling back.", updatedAt="2026-11-22T11:50:00Z"), **NO_TASK}, f"error {BACK}", "is to serve again",
    ),
    "others took long, and it went well once": (
        "rollout-progress", "", {**under_way("11:20:00"), "service_deployments.+": {**SLOW, **NO_END}}, STUCK,
    ),
}  # fmt: skip


@each("case", PROGRESS | {f"state: {k}": v for k, v in STATES.items()})
def test_how_far_a_rollout_is(case: Row) -> None:
    holds(case)


@each("case", ENDS | {f"room: {k}": v for k, v in ROOM.items()})
def test_how_a_rollout_ended_and_whether_another_has_room(case: Row) -> None:
    holds(case)
