"""The checks of a deployment's state, each asked of facts that differ in one thing: the fact that decides."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, said

SERVICE = "service/ash-cloud-runtime"
PRIMARY = "service.deployments.0"
D = "arn:aws:ecs:us-east-1:111122223333:service-deployment/ash-cloud/ash-cloud-runtime/"
FAMILY = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"


def rollout(state: str, created: str = "08:59:50", **more: Any) -> dict[str, Any]:
    """The service's own deployment."""
    told = {"rolloutState": state, "createdAt": f"2026-11-22T{created}Z", **more}
    return {f"{PRIMARY}.{name}": value for name, value in told.items()}


def record(
    status: str | None, *, at: str = "11:20:00", end: str = "", name: str = "d8", **more: Any
) -> dict[str, Any]:
    """ECS's record of a deployment."""
    finished = {"finishedAt": f"2026-11-22T{end}Z"} if end else {}
    begun = {"createdAt": f"2026-11-22T{at}Z", "startedAt": f"2026-11-22T{at}Z"}
    target = {"targetServiceRevision": {"arn": D.replace("deployment", "revision") + name}}
    return {
        "serviceDeploymentArn": D + name,
        "status": status,
        **target,
        **begun,
        **finished,
        **more,
    }


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
    "it waits for long": ("rollout-progress", "", under_way("11:44:59", lifecycleHookDetails=[PAUSE]), f"error {WAITS} since 11:44:59"),
    "a hook that is done": (
        "rollout-progress", "", under_way("11:50:00", lifecycleHookDetails=[{**PAUSE, "status": "SUCCEEDED"}]), "sound",
    ),
}  # fmt: skip


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


def failing(reason: str, status: str = "UPDATE_ROLLBACK_COMPLETE", **more: Any) -> dict[str, Any]:
    """An update of an hour ago, of which one resource failed."""
    begun = {"EventId": "5", "Timestamp": "2026-11-22T11:30:00Z", "LogicalResourceId": "ash-cloud",
             "ResourceType": "AWS::CloudFormation::Stack", "ResourceStatus": "UPDATE_IN_PROGRESS"}  # fmt: skip
    event = {"EventId": "6", "Timestamp": "2026-11-22T11:31:00Z", "LogicalResourceId": "LoadBalancer",
             "ResourceType": "AWS::ElasticLoadBalancingV2::LoadBalancer", "ResourceStatus": "UPDATE_FAILED",
             "ResourceStatusReason": reason, **more}  # fmt: skip
    return {"stack.StackStatus": status, "stack_events": [event, begun]}


FULL = "You have reached the maximum number of load balancers for this account (HandlerErrorCode: ServiceLimitExceeded)"
ECHO = {"EventId": "7", "Timestamp": "2026-11-22T11:30:30Z", "LogicalResourceId": "Service", "ResourceType": "AWS::ECS::Service",
        "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "Resource update cancelled"}  # fmt: skip
OF_STACK = "of stack/ash-cloud"
STACKS: dict[str, Row] = {
    "no stack": ("stack-state", "", {"stack": None}, "none of its business"),
    "a state that nobody knows": (
        "stack-state", "", {"stack.StackStatus": "DREAMING"}, "? stack ash-cloud is in state 'DREAMING', which is not known",
    ),
    "under way": (
        "stack-state", "", {"stack.StackStatus": "UPDATE_IN_PROGRESS"}, f"info deployment-in-progress {OF_STACK}",
        "CloudFormation is working on stack ash-cloud (UPDATE_IN_PROGRESS).", "ash-ops status",
    ),
    "a quota, and what was there before serves": (
        "stack-state", "", failing(FULL), f"warning cfn-quota {OF_STACK} since 11:31",
        "LoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) could not be made: You have reached", "UPDATE_FAILED: You have",
        "request-service-quota-increase --service-code elasticloadbalancing --quota-code L-69A177A2 --desired-value 100", "ash-ops deploy",
    ),
    "a quota, and nothing serves": (
        "stack-state", "", {**failing(FULL), **NO_TASK, "target_health": []}, f"error cfn-quota {OF_STACK} since 11:31",
    ),
    "what was undone an hour ago keeps nothing back": (
        "stack-state", "", {**failing(FULL, Timestamp="2026-11-22T10:59:59Z"), **NO_TASK, "stack_events.1.Timestamp": "2026-11-22T10:50:00Z"},
        f"warning cfn-quota {OF_STACK} since 10:59:59",
    ),
    "a quota of the VPC's": (
        "stack-state", "", failing(FULL, ResourceType="AWS::EC2::NatGateway", LogicalResourceId="Nat"), f"warning cfn-quota {OF_STACK} since 11:31",
        "--service-code vpc --quota-code L-FE5A380F --desired-value 10",
    ),
    "a quota of EC2's own": (
        "stack-state", "", failing(FULL, ResourceType="AWS::EC2::EIP", LogicalResourceId="Ip"), f"warning cfn-quota {OF_STACK} since 11:31",
        "--service-code ec2 --quota-code L-0263D0A3 --desired-value 10",
    ),
    "an echo of it is older": ("stack-state", "", {**failing(FULL), "stack_events.+": ECHO}, f"warning cfn-quota {OF_STACK} since 11:31"),
    "an echo alone": (
        "stack-state", "", {**failing(FULL), "stack_events.0": ECHO}, f"warning cfn-secondary {OF_STACK} since 11:30:30",
    ),
    "of an operation before the last": (
        "stack-state", "", {**failing(FULL), "stack_events.1.Timestamp": "2026-11-22T11:31:01Z"}, "sound",
    ),
    "the way back failed": (
        "stack-state", "", failing(FULL, "UPDATE_ROLLBACK_FAILED"),
        f"error cfn-quota {OF_STACK} since 11:31; error cfn-update-rollback-failed {OF_STACK}",
        "Stack ash-cloud is in UPDATE_ROLLBACK_FAILED: no update can move it.", "continue-update-rollback --stack-name ash-cloud", "!ash-ops deploy",
    ),
    "the way back was slowed down": (
        "stack-state", "", failing("Rate exceeded (HandlerErrorCode: Throttling)", "UPDATE_ROLLBACK_FAILED"),
        f"warning aws-throttled {OF_STACK} since 11:31 stops next start; error cfn-update-rollback-failed {OF_STACK}",
    ),
    "half deleted, its service is there": (
        "stack-state", "", {"stack.StackStatus": "DELETE_FAILED"}, f"error cfn-delete-dependency {OF_STACK}",
        "ash-ops deploy --name ash-cloud-2", "decide whether it shall go",
    ),
    "half deleted, and its service": (
        "stack-state", "", {"stack.StackStatus": "DELETE_FAILED", "service.status": "INACTIVE"}, f"error cfn-delete-dependency {OF_STACK}",
        "ash-ops teardown", "!--name ash-cloud-2",
    ),
    "half deleted, for something stands in the way": (
        "stack-state", "", failing("resource sg-task has a dependent object", "DELETE_FAILED", ResourceStatus="DELETE_FAILED"),
        f"error cfn-delete-dependency {OF_STACK} since 11:31; error cfn-delete-dependency {OF_STACK}",
        "LoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) could not be deleted: resource sg-task",
    ),
    "nothing came of it": (
        "stack-state", "", {"stack.StackStatus": "ROLLBACK_COMPLETE", "service": None, "stack_events": []}, f"error cfn-rollback-complete {OF_STACK}",
        "delete-stack --stack-name ash-cloud", "Create it again.",
    ),
    "something came of it all the same": (
        "stack-state", "", {"stack.StackStatus": "CREATE_FAILED", "stack_events": []}, f"error cfn-rollback-complete {OF_STACK}",
        "Its service is there, so deleting the stack would take away what runs", "!delete-stack",
    ),
    "a change set that was never run": (
        "stack-state", "", {"stack.StackStatus": "REVIEW_IN_PROGRESS", "service": None}, f"error stack-review-in-progress {OF_STACK}",
        "delete-stack", "Create it again.",
    ),
    "a change set beside another's service": (
        "stack-state", "", {"stack.StackStatus": "REVIEW_IN_PROGRESS"}, f"error stack-review-in-progress {OF_STACK}", "delete-stack", "!Create it again.",
    ),
}  # fmt: skip


def hooked(status: str = "UPDATE_ROLLBACK_COMPLETE", **more: Any) -> dict[str, Any]:
    hook = {
        "HookType": "Acme::Guard::Hook",
        "HookStatus": "HOOK_COMPLETE_FAILED",
        "HookFailureMode": "FAIL",
        **more,
    }
    return {**failing("The following hook(s) failed: [Acme::Guard::Hook]", status), **{
        f"stack_events.0.{name}": value for name, value in hook.items()}}  # fmt: skip


REFUSED = f"error cfn-hook-failed {OF_STACK} since 11:31"
HOOKS: dict[str, Row] = {
    "refused": (
        "stack-hooks", "", hooked(), REFUSED, "Hook Acme::Guard::Hook refused LoadBalancer", "it gives no reason",
        "Acme::Guard::Hook: HOOK_COMPLETE_FAILED", "!get-hook-result",
    ),
    "with its reason": ("stack-hooks", "", hooked(HookStatusReason="Too open."), REFUSED, ": Too open.", "HookStatusReason', value='Too open.'"),
    "it broke": ("stack-hooks", "", hooked(HookStatus="HOOK_FAILED"), REFUSED, "broke at LoadBalancer"),
    "it only warns": ("stack-hooks", "", hooked(HookFailureMode="WARN"), "sound"),
    "it let it pass": ("stack-hooks", "", hooked(HookStatus="HOOK_COMPLETE_SUCCEEDED"), "sound"),
    "the stack got past it": ("stack-hooks", "", hooked("UPDATE_COMPLETE"), "sound"),
    "the stack failed": ("stack-hooks", "", hooked("CREATE_FAILED"), REFUSED),
    "what it says elsewhere": (
        "stack-hooks", "", hooked(HookInvocationId="h-1"), REFUSED, "get-hook-result --hook-result-id h-1",
    ),
}  # fmt: skip

# What a month costs is arithmetic: half a vCPU and 4 GB for 730 h at 0.04048 and 0.004445 USD (the price list of
# us-east-1): 14.775 + 12.979 = 27.75 USD; 400 GB of log lines in a month, taken in at 0.50 and kept at 0.03.
COST: dict[str, Row] = {
    "as wanted": ("running-cost", "", {}, "sound"),
    "nothing that is priced so": ("running-cost", "", {"task_definition.requiresCompatibilities": ["EC2"]}, "none of its business"),
    "sizes that nobody told": ("running-cost", "", {"task_definition.cpu": GONE}, "none of its business"),
    "a second task is 28 dollars more, and beside the balancer less than half as much again": (
        "running-cost", "", {"tasks.+": {"taskArn": "x/b", "lastStatus": "RUNNING"}}, "sound",
    ),
    "a third is": (
        "running-cost", "", {"tasks": [{"taskArn": f"x/{n}", "lastStatus": "RUNNING"} for n in "abc"]}, "warning maybe cost-above-plan",
        "3 run, 1 wanted", "ash-ops cost",
    ),
    "one that does not run yet costs nothing yet": ("running-cost", "", {"tasks.+": {"taskArn": "x/b", "lastStatus": "PENDING"}}, "sound"),
    "log lines by the hundred gigabytes": (
        "running-cost", "", {"log_group.storedBytes": 400 * 10**9}, "warning maybe cost-above-plan", "400.0 GB", "1 run, 1 wanted",
    ),
    "the same, kept for ten years": ("running-cost", "", {"log_group.storedBytes": 400 * 10**9, "log_group.retentionInDays": 3650}, "sound"),
    "the same, kept for ever: nobody knows how fast it came": (
        "running-cost", "", {"log_group.storedBytes": 400 * 10**9, "log_group.retentionInDays": GONE}, "sound",
    ),
}  # fmt: skip


def denied(action: str = "bedrock:InvokeModel", **more: Any) -> dict[str, Any]:
    return {"at": "2026-11-22T11:56:00Z", "action": action, "role": "arn:aws:iam::111122223333:role/ash-cloud-task",
            "by": "x", "code": "AccessDenied", "message": "", "source": "10.0.1.23", **more}  # fmt: skip


ROLE = "role-call-denied of role/ash-cloud-task"
DENIED: dict[str, Row] = {
    "none, and nothing failed": ("denied-calls", "", {"denied_calls": []}, "sound"),
    "what the server calls": (
        "denied-calls", "", {"denied_calls": [denied()]}, f"warning maybe {ROLE} since 11:56",
        "AWS denied bedrock:InvokeModel to ash-cloud-task, last 4 min ago: AccessDenied",
    ),
    "the newest of two, since the oldest": (
        "denied-calls", "", {"denied_calls": [denied(message="Not this one."), denied("bedrock:ListModels", at="2026-11-22T11:40:00Z")]},
        f"warning maybe {ROLE} since 11:40", "bedrock:InvokeModel, bedrock:ListModels to ash-cloud-task, last 4 min ago: Not this one.",
    ),
    "what ECS calls for a start": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com")]},
        "warning maybe secret-access-denied of role/ash-cloud-task since 11:56",
    ),
    "what ECS calls for a start, and none runs": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com")], **NO_TASK},
        "error maybe secret-access-denied of role/ash-cloud-task since 11:56",
    ),
    "the same, by the server itself": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue")]}, f"warning maybe {ROLE} since 11:56",
    ),
    "to a person who deploys": (
        "denied-calls", "", {"denied_calls": [denied("ecs:CreateService", role="", by="arn:aws:sts::1:assumed-role/ops/me")]},
        "warning maybe role-call-denied of role/me since 11:56", "ash-ops iam-policy deploy", "get ecs:CreateService allowed",
    ),
    "a task failed fourteen minutes ago, and the record may be late": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:46:00Z", "stopCode": "EssentialContainerExited"}]},
        "? CloudTrail records no denied call yet, but it may be 15 minutes late: ask again at 12:01 UTC",
    ),
    "fifteen minutes ago": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:45:00Z", "stopCode": "EssentialContainerExited"}]},
        "sound",
    ),
    "it was asked to stop": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:50:00Z", "stopCode": "UserInitiated"}]},
        "sound",
    ),
}  # fmt: skip

HOST = {
    "containerInstanceArn": "arn:aws:ecs:us-east-1:1:container-instance/x/h1",
    "ec2InstanceId": "i-1",
    "status": "ACTIVE",
}
ODD = {
    "cluster.status": "clusters[0].status",
    "task_definition.status": "taskDefinition.status",
    "service.status": "services[0].status",
    "service.launchType": "services[0].launchType",
    f"{PRIMARY}.rolloutState": "deployments[].rolloutState",
    "tasks.0.lastStatus": "tasks[].lastStatus",
    "tasks.0.healthStatus": "tasks[].healthStatus",
    "tasks.0.stopCode": "tasks[].stopCode",
    "tasks.0.launchType": "tasks[].launchType",
    "tasks.0.containers.0.healthStatus": "containers[].healthStatus",
    "target_health.0.TargetHealth.State": "TargetHealth.State",
    "target_health.0.TargetHealth.Reason": "TargetHealth.Reason",
    "load_balancers.0.State.Code": "LoadBalancers[].State.Code",
    "load_balancers.0.Scheme": "LoadBalancers[].Scheme",
    "listeners.0.Protocol": "Listeners[].Protocol",
    "route_tables.0.Routes.0.State": "Routes[].State",
    "stack.StackStatus": "Stacks[0].StackStatus",
    "stack_events.0.ResourceStatus": "StackEvents[].ResourceStatus",
    "stack_events.0.HookStatus": "StackEvents[].HookStatus",
}
LISTED: dict[str, tuple[str, dict[str, Any], str]] = {
    "of a NAT gateway": ("nat_gateways", {"NatGatewayId": "nat-1", "State": "SERENE"}, "NatGateways[nat-1].State"),
    "of an endpoint": ("vpc_endpoints", {"VpcEndpointId": "vpce-1", "ServiceName": "x", "State": "SERENE"}, "VpcEndpoints[].State"),
    "of a host": ("container_instances", {**HOST, "status": "SERENE"}, "containerInstances[i-1].status"),
    "of a host's health": (
        "container_instances", {**HOST, "healthStatus": {"overallStatus": "SERENE"}}, "containerInstances[i-1]'s health",
    ),
    "of a provider": ("capacity_providers", {"name": "cp", "status": "SERENE"}, "capacityProviders[cp].status"),
    "of a provider's change": (
        "capacity_providers", {"name": "cp", "status": "ACTIVE", "updateStatus": "SERENE"}, "capacityProviders[cp].updateStatus",
    ),
    "of a rollout": ("service_deployments", record("SERENE"), "serviceDeployments[0].status"),
    "of its stage": ("service_deployments", record("IN_PROGRESS", lifecycleStage="SERENE"), "serviceDeployments[0].lifecycleStage"),
    "of its hook": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "status": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].status",
    ),
    "of what its hook calls": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "targetType": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].targetType",
    ),
    "of what its hook ends in": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "timeoutAction": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].timeoutAction",
    ),
    "of its breaker": (
        "service_deployments", record("IN_PROGRESS", deploymentCircuitBreaker={"status": "SERENE"}), "serviceDeployments[0]'s monitor",
    ),
    "of a death of late": (
        "stopped_tasks", {"taskArn": "x/d", "lastStatus": "STOPPED", "stopCode": "SERENE", "stoppedAt": "2026-11-22T11:45:01Z"}, "tasks[].stopCode",
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


@each("case", STACKS | {f"hook: {k}": v for k, v in HOOKS.items()})
def test_what_a_stack_failed_of(case: Row) -> None:
    holds(case)


@each("case", COST | {f"denied: {k}": v for k, v in DENIED.items()})
def test_what_is_paid_and_what_is_denied(case: Row) -> None:
    holds(case)


@each("place", ODD.items())
def test_a_word_that_nobody_knows_is_told_with_its_place(place: tuple[str, str]) -> None:
    path, named = place
    answer = said("unknown-values", "", {path: "SERENE"})
    assert answer.startswith(
        f"? AWS answered what this version of ash-ops does not know: {named} is 'SERENE'."
    ), answer


@each("case", LISTED)
def test_a_word_that_nobody_knows_of_what_a_list_holds(
    case: tuple[str, dict[str, Any], str],
) -> None:
    reading, thing, named = case
    answer = said("unknown-values", "", {reading: [thing]})
    assert answer.startswith(
        f"? AWS answered what this version of ash-ops does not know: {named} is 'SERENE'."
    ), answer


def test_a_death_that_was_outlived_leaves_no_word_open() -> None:
    death = {
        "taskArn": "x/d",
        "lastStatus": "STOPPED",
        "stopCode": "SERENE",
        "stoppedAt": "2026-11-22T11:45:00Z",
    }
    assert said("unknown-values", "", {"stopped_tasks": [death]}) == "sound"
    assert said("unknown-values", "", {"stopped_tasks": [death], "tasks": []}).startswith(
        "? AWS answered"
    )


def test_of_many_words_that_nobody_knows_five_are_told() -> None:
    hosts = [{**HOST, "ec2InstanceId": f"i-{n}", "status": f"S{n}"} for n in range(7)]
    answer = said("unknown-values", "", {"container_instances": hosts})
    assert "containerInstances[i-4].status is 'S4' and 2 more." in answer
    assert "S5" not in answer


# What an operator is told of each state that a stack may have: nothing where it is a good end.
_UNDER_WAY, _BAD = (
    f"info deployment-in-progress {OF_STACK}",
    {
        "ROLLBACK_COMPLETE": "cfn-rollback-complete",
        "ROLLBACK_FAILED": "cfn-rollback-complete",
        "CREATE_FAILED": "cfn-rollback-complete",
        "DELETE_FAILED": "cfn-delete-dependency",
        "UPDATE_ROLLBACK_FAILED": "cfn-update-rollback-failed",
        "REVIEW_IN_PROGRESS": "stack-review-in-progress",
    },
)


@each("state", Session().get_service_model("cloudformation").shape_for("StackStatus").enum)
def test_each_state_that_a_stack_may_have_is_judged(state: str) -> None:
    """A state of botocore's list that stands neither here nor in the program would be unknown."""
    expected = _UNDER_WAY if state.endswith("_IN_PROGRESS") else "sound"
    if state in _BAD:
        expected = f"error {_BAD[state]} {OF_STACK}"
    assert said("stack-state", "", {"stack.StackStatus": state, "stack_events": []}) == expected
