"""The checks of restarts, each asked of facts that differ in one thing: the fact that decides."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

SIDECAR = "essential-sidecar-is-unhealthy"
BESIDE = {"name": "log-router", "lastStatus": "RUNNING", "healthStatus": "UNHEALTHY"}
T = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
DEAD = "dead0000" + "0" * 24
SERVER = "task_definition.containerDefinitions.0"


def dead(reason: str = "Essential container in task exited", **more: Any) -> dict[str, Any]:
    """A task of this revision that died two minutes ago."""
    return {
        "taskArn": f"arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/{DEAD}",
        "taskDefinitionArn": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7",
        "group": "service:ash-cloud-runtime",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "createdAt": "2026-11-22T11:50:00Z",
        "startedAt": "2026-11-22T11:51:00Z",
        "stoppedAt": "2026-11-22T11:58:00Z",
        "stopCode": "EssentialContainerExited",
        "stoppedReason": reason,
        "containers": [{"name": "ash", "lastStatus": "STOPPED", "exitCode": 1}],
        **more,
    }


def sidecar(**more: Any) -> dict[str, Any]:
    return {"tasks.0.containers.+": {**BESIDE, **more}}


SICK = dead("Task failed container health checks", containers=[{**BESIDE, "lastStatus": "STOPPED"}])
ENDED = {"lastStatus": "STOPPED", "healthStatus": "UNKNOWN"}
BESIDE_THE_SERVER: dict[str, Row] = {
    "one that is well": ("container-health", "", sidecar(healthStatus="HEALTHY"), "sound"),
    "the server itself has a check of its own": (
        "container-health", "", {"tasks.0.containers.0.healthStatus": "UNHEALTHY"}, "sound",
    ),
    "one that nothing declares is essential, as ECS has it": (
        "container-health", "", sidecar(), f"error sidecar-unhealthy of {T}",
        "is UNHEALTHY: ECS calls the task UNHEALTHY for it and replaces it", "!healthCheck.command",
    ),
    "one that may fail stops nothing": (
        "container-health", "",
        {**sidecar(), "task_definition.containerDefinitions.+": {"name": "log-router", "essential": False}},
        f"warning sidecar-unhealthy of {T} stops nothing yet",
        "it is not essential, so the task goes on without it",
    ),
    "one that ended well": ("container-health", "", sidecar(**ENDED, exitCode=0), "sound"),
    "one of which no exit code is told": ("container-health", "", sidecar(**ENDED), "sound"),
    "one that failed": (
        "container-health", "", sidecar(**ENDED, exitCode=2, reason="No more disk"),
        f"warning sidecar-unhealthy of {T} stops nothing yet",
        "ended with exit code 2: No more disk; the task goes on without it.", "STOPPED",
        "ash-ops logs --task 8f2c1d0e",
    ),
    "one that runs on with an exit code of before": (
        "container-health", "", sidecar(healthStatus="UNKNOWN", exitCode=2), "sound",
    ),
    "a task that was replaced for it": (
        "container-health", "", {"tasks": [], "stopped_tasks": [SICK]},
        f"error sidecar-unhealthy of task/{DEAD}", "was UNHEALTHY: ECS called the task UNHEALTHY for it and replaced it",
    ),
    "a task that was replaced for it and is outlived": (
        "container-health", "", {"stopped_tasks": [SICK]},
        f"warning sidecar-unhealthy of task/{DEAD} until 11:58",
    ),
    "of two the newest": (
        "container-health", "",
        {"stopped_tasks": [SICK, {**SICK, "taskArn": "x/other", "stoppedAt": "2026-11-22T11:40:00Z"}]},
        f"warning sidecar-unhealthy of task/{DEAD} until 11:58",
    ),
    "replaced an hour ago": (
        "container-health", "", {"tasks": [], "stopped_tasks": [{**SICK, "stoppedAt": "2026-11-22T11:00:00Z"}]},
        "none of its business",
    ),
    "replaced a moment less than an hour ago": (
        "container-health", "", {"tasks": [], "stopped_tasks": [{**SICK, "stoppedAt": "2026-11-22T11:00:01Z"}]},
        f"error sidecar-unhealthy of task/{DEAD}",
    ),
    "died of something else": (
        "container-health", "", {"tasks": [], "stopped_tasks": [{**SICK, "stoppedReason": "Host EC2 terminated"}]},
        "none of its business",
    ),
    "a container that a replaced task lost before": (
        "container-health", "",
        {"tasks": [], "stopped_tasks": [{**SICK, "containers": [{**BESIDE, **ENDED, "exitCode": 1}]}]}, "sound",
    ),
}  # fmt: skip

CURL = {
    f"{SERVER}.healthCheck.command": ["CMD-SHELL", "curl -f http://localhost:4100/health || exit 1"]
}
FAILED = dead("Task failed container health checks")
OWN = {"tasks.0.healthStatus": "UNHEALTHY"}
OF_THE_COMMAND: dict[str, Row] = {
    "a command of the image": ("container-health-check", "", {}, "sound"),
    "none": ("container-health-check", "", {f"{SERVER}.healthCheck": GONE}, "none of its business"),
    "an empty one": ("container-health-check", "", {f"{SERVER}.healthCheck.command": []}, "none of its business"),
    "a tool that the image lacks": (
        "container-health-check", "", CURL, "warning container-healthcheck-failed",
        ("cannot pass: it runs curl, which the image does not contain; no task has been replaced for it yet, "
        "though the load balancer calls the target healthy."), "State', value='healthy'", "ash-ops deploy",
    ),
    "by its path": (
        "container-health-check", "", {f"{SERVER}.healthCheck.command": ["CMD", "/usr/bin/wget", "-q", "x"]},
        "warning container-healthcheck-failed", "it runs wget",
    ),
    "an image of one's own may have it": (
        "container-health-check", "", {**CURL, f"{SERVER}.image": "ghcr.io/acme/ash:1"}, "sound",
    ),
    "no target is called healthy": (
        "container-health-check", "", {**CURL, "target_health": []}, "warning container-healthcheck-failed",
        "no task has been replaced for it yet.", "!TargetHealthDescriptions",
    ),
    "targets that were not read": (
        "container-health-check", "", {**CURL, "target_health": None}, "warning container-healthcheck-failed",
        "no task has been replaced for it yet.",
    ),
    "a server that is sick by the bundled command": (
        "container-health-check", "", OWN, "error container-healthcheck-failed",
        "fails: the server does not give its command the answer that it wants; 1 tasks failed it",
        "ash-ops logs --since 15m", "!ash-ops deploy",
    ),
    "a sick container beside the server": (
        "container-health-check", "", {**OWN, **sidecar()}, "sound",
    ),
    "both are sick": (
        "container-health-check", "", {**OWN, **sidecar(), "tasks.0.containers.0.healthStatus": "UNHEALTHY"},
        "error container-healthcheck-failed",
    ),
    "two that died of it": (
        "container-health-check", "", {"stopped_tasks": [FAILED, {**FAILED, "taskArn": "x/other"}]},
        "error container-healthcheck-failed", "2 tasks failed it",
    ),
    "one of an earlier deployment": (
        "container-health-check", "", {"stopped_tasks": [{
            **FAILED, "createdAt": "2026-11-22T08:00:00Z", "stoppedAt": "2026-11-22T09:01:00Z"}]}, "sound",
    ),
    "one that another command stopped, by a command of one's own": (
        "container-health-check", "", {
            **OWN, f"{SERVER}.healthCheck.command": ["CMD", "true"]}, "error container-healthcheck-failed",
        "Deploy the bundled template: its check runs node",
    ),
}  # fmt: skip

LOSING = {f"{SERVER}.logConfiguration.options.mode": "non-blocking"}


def buffer(size: str) -> dict[str, Any]:
    return {**LOSING, f"{SERVER}.logConfiguration.options.max-buffer-size": size}


LOST = "warning log-lines-lost stops nothing yet"
OF_LOST_LINES: dict[str, Row] = {
    "a mode that waits": ("log-loss", "", {f"{SERVER}.logConfiguration.options.mode": "blocking"}, "sound"),
    "25 MiB are enough": ("log-loss", "", buffer("25m"), "sound"),
    "in kibibytes too": ("log-loss", "", buffer("25600k"), "sound"),
    "in octets too": ("log-loss", "", buffer("26214400"), "sound"),
    "one octet less": ("log-loss", "", buffer("26214399"), LOST, "buffer of 26214399:"),
    "in gibibytes": ("log-loss", "", buffer("1g"), "sound"),
    "a fraction": ("log-loss", "", buffer("24.9MB"), LOST),
    "one that nobody can read": ("log-loss", "", buffer("much"), LOST),
    "none is named": ("log-loss", "", LOSING, LOST, "a buffer of 10m", "not set (10m)"),
    "another driver": (
        "log-loss", "", {**LOSING, f"{SERVER}.logConfiguration.options.awslogs-group": GONE}, "sound",
    ),
    "the account's default decides": (
        "log-loss", "", {"log_driver_mode": "non-blocking"}, LOST, "settings[defaultLogDriverMode]",
    ),
    "the account's default waits": ("log-loss", "", {"log_driver_mode": "blocking"}, "sound"),
    "its own mode goes before the account's": (
        "log-loss", "", {"log_driver_mode": "non-blocking", f"{SERVER}.logConfiguration.options.mode": "blocking"},
        "sound",
    ),
}  # fmt: skip

OF_MEMORY: dict[str, Row] = {
    "just enough": ("memory-pressure", "", {"memory_utilization": 89.9}, "sound"),
    "nine tenths": (
        "memory-pressure", "", {"memory_utilization": 90.0}, "warning maybe container-oom",
        "used 90 % of its 4096 MB", "90.0 %", "--memory",
    ),
    "no task, no memory": (
        "memory-pressure", "", {"memory_utilization": 99.0, "tasks": []}, "none of its business",
    ),
    "not measured": ("memory-pressure", "", {"memory_utilization": None}, "none of its business"),
}  # fmt: skip

KEPT = {f"{SERVER}.restartPolicy": {"enabled": True}}


def lines(*at: str, text: str = "Server listening at http://0.0.0.0:4100") -> dict[str, Any]:
    stream = "ash/ash/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
    return {"log_lines": [
        {"stream": stream, "at": f"2026-11-22T{moment}Z", "message": text} for moment in at
    ]}  # fmt: skip


def up(seconds: float) -> dict[str, Any]:
    return {"probe.health": {"status": "ok", "uptime": seconds}}


def restarted(severity: str, since: str) -> str:
    return f"{severity} restarts-in-place of {T} since {since}"


IN_PLACE: dict[str, Row] = {
    "no policy": ("restart-policy", "", lines("11:50:00", "11:55:00"), "none of its business"),
    "one that is switched off": (
        "restart-policy", "", {f"{SERVER}.restartPolicy": {"enabled": False}}, "none of its business",
    ),
    "no task": ("restart-policy", "", {**KEPT, "tasks": []}, "none of its business"),
    "one start": ("restart-policy", "", {**KEPT, **lines("11:50:00"), "probe.health": GONE}, "sound"),
    "two starts are one restart": (
        "restart-policy", "", {**KEPT, **lines("11:50:00", "11:55:00"), "probe.health": GONE},
        restarted("warning", "11:50"), "anew inside its task at least once:", "logs --task 8f2c1d0e",
    ),
    "three are two": (
        "restart-policy", "", {**KEPT, **lines("11:50:00", "11:55:00", "11:57:00"), "probe.health": GONE},
        restarted("error", "11:50"), "2 times within the hour",
    ),
    "a start of an hour ago is of another hour": (
        "restart-policy", "", {**KEPT, **lines("11:00:00", "11:55:00"), "probe.health": GONE}, "sound",
    ),
    "another task's line": (
        "restart-policy", "", {**KEPT, "probe.health": GONE, "log_lines": [
            {"stream": "ash/ash/0", "at": "2026-11-22T11:50:00Z", "message": "Server listening at x"}] * 2},
        "? a restart policy is set, and neither the server's uptime nor its log tells how often it started",
    ),
    "by the entry point, where the server says nothing": (
        "restart-policy", "",
        {**KEPT, **lines("11:50:00", "11:55:00", text="[entrypoint] cgroup v2 set up"), "probe.health": GONE},
        restarted("warning", "11:50"),
    ),
    "an uptime as long as the task's": ("restart-policy", "", {**KEPT, **up(10750 - 180), "log_lines": []}, "sound"),
    "one that is three minutes shorter, and a second": (
        "restart-policy", "", {**KEPT, **up(10750 - 181), "log_lines": []},
        restarted("warning", "09:03:51"), "since 09:03:51 UTC",
    ),
    "lines that were not read": (
        "restart-policy", "", {**KEPT, **up(10750), "log_lines": None}, "sound",
    ),
}  # fmt: skip

THREE = {"service.desiredCount": 3, "service.runningCount": 1}
FEWER = "fewer-tasks-than-desired of service/ash-cloud-runtime"
LATER = " stops next start"
YOUNG = {
    "taskArn": "arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/" + "b" * 32,
    "lastStatus": "PENDING",
    "desiredStatus": "RUNNING",
}
OF_THE_COUNT: dict[str, Row] = {
    "as many as wanted": ("running-count", "", {}, "sound"),
    "none is wanted": ("running-count", "", {"service.desiredCount": 0}, "none of its business"),
    "a service that is taken away": (
        "running-count", "", {**THREE, "service.status": "DRAINING"}, "none of its business",
    ),
    "of a service whose state is not told": (
        "running-count", "", {**THREE, "service.status": GONE}, f"error {FEWER}{LATER}",
    ),
    "none runs: others say why": ("running-count", "", {**THREE, "tasks": []}, "sound"),
    "one of three": (
        "running-count", "", THREE, f"error {FEWER}{LATER}", "1 of the 3 tasks that the service wants runs.",
        "desiredCount', value='3'", "runningCount', value='1'", "has reached a steady state",
        "describe-services --cluster ash-cloud --services ash-cloud-runtime", "logs --previous",
    ),
    "two of three": (
        "running-count", "", {**THREE, "tasks.+": {**YOUNG, "lastStatus": "RUNNING"}}, f"error {FEWER}{LATER}",
        "2 of the 3 tasks that the service wants run.",
    ),
    "a young one is on its way": (
        "running-count", "", {**THREE, "tasks.+": {**YOUNG, "createdAt": "2026-11-22T11:50:01Z"}}, "sound",
    ),
    "one that has been on its way for ten minutes": (
        "running-count", "", {**THREE, "tasks.+": {**YOUNG, "createdAt": "2026-11-22T11:50:00Z"}},
        f"error {FEWER} since 11:50{LATER}", "wants runs, for 10 min.",
    ),
    "the older of two that hang": (
        "running-count", "", {**THREE, "tasks.+": {**YOUNG, "createdAt": "2026-11-22T11:30:00Z"},
                              "stopped_tasks": [dead()]},
        f"warning {FEWER} since 11:30{LATER}",
    ),
    "since the newest death": (
        "running-count", "", {**THREE, "stopped_tasks": [
            dead(stoppedAt="2026-11-22T11:40:00Z"), dead(taskArn="x/y", stoppedAt="2026-11-22T11:20:00Z")]},
        f"error {FEWER} since 11:40{LATER}",
    ),
    "a death of a quarter of an hour ago may be made good yet": (
        "running-count", "", {**THREE, "stopped_tasks": [dead(stoppedAt="2026-11-22T11:45:00Z")]},
        f"warning {FEWER} since 11:45{LATER}",
    ),
    "one of a moment more may not": (
        "running-count", "", {**THREE, "stopped_tasks": [dead(stoppedAt="2026-11-22T11:44:59Z")]},
        f"error {FEWER} since 11:44:59{LATER}",
    ),
    "a deployment of just now": (
        "running-count", "", {**THREE, "service.deployments.0.createdAt": "2026-11-22T11:50:00Z"}, f"warning {FEWER}{LATER}",
    ),
    "a task that has just started": (
        "running-count", "", {**THREE, "tasks.0.startedAt": "2026-11-22T11:50:00Z"}, f"warning {FEWER}{LATER}",
    ),
}  # fmt: skip


def event(message: str, at: str = "11:50:00", **more: Any) -> dict[str, Any]:
    return {"id": "e-23456789", "createdAt": f"2026-11-22T{at}Z", "message": message, **more}


FULL = (
    "(service ash-cloud-runtime) was unable to place a task. Reason: Capacity is unavailable at this time. "
    "Please try again later or in a different availability zone."
)
SAID = "maybe fargate-capacity of service/ash-cloud-runtime since"
EVENTS: dict[str, Row] = {
    "a routine": ("service-events", "", {}, "sound"),
    "a complaint that a task has outlived": (
        "service-events", "", {"service.events.+": event(FULL, "11:01:00"), "tasks.0.startedAt": "2026-11-22T11:02:00Z"},
        f"warning {SAID} 11:01 until 11:02",
    ),
    "a task that runs since before it": (
        "service-events", "", {"service.events.+": event(FULL)}, f"error {SAID} 11:50",
        "ECS said 10 min ago: (service", "events[e-234567].message", "logs --previous",
    ),
    "of an hour ago": (
        "service-events", "", {"service.events.+": event(FULL, "11:00:00"), "tasks": []}, f"error {SAID} 11:00",
    ),
    "of more than an hour ago": ("service-events", "", {"service.events.+": event(FULL, "10:59:59")}, "sound"),
    "the newest of one cause": (
        "service-events", "", {"tasks": [], "service.events": [event(FULL, "11:20:00"), event(FULL, "11:40:00")]},
        f"error {SAID} 11:40",
    ),
    "what nobody knows is told by another check": (
        "service-events", "", {"service.events": [event("It rains in the data centre.")]}, "sound",
    ),
    "before the rollout that is complete": (
        "service-events", "", {"service.events.+": event(FULL, "11:20:00"),
                               "service.deployments.0.createdAt": "2026-11-22T11:30:00Z"},
        f"info {SAID} 11:20 until 11:30", "!logs --previous",
    ),
    "before the rollout that goes on": (
        "service-events", "", {"service.events.+": event(FULL, "11:20:00"),
                               "service.deployments.0.createdAt": "2026-11-22T11:30:00Z",
                               "service.deployments.0.rolloutState": "IN_PROGRESS"},
        (f"info {SAID} 11:20 until 11:30; ? ECS complained before the deployment that is under way now: whether that "
        "one does better cannot be told before it is complete"),
    ),
    "at the very moment of the rollout it is of that one": (
        "service-events", "", {"tasks": [], "service.events": [event(FULL, "11:30:00")],
                               "service.deployments.0.createdAt": "2026-11-22T11:30:00Z"},
        f"error {SAID} 11:30",
    ),
}  # fmt: skip


@each("row", BESIDE_THE_SERVER | {f"command: {k}": v for k, v in OF_THE_COMMAND.items()})
def test_what_a_containers_health_decides(row: Row) -> None:
    holds(row)


@each("row", OF_LOST_LINES | OF_MEMORY)
def test_what_buffers_and_memory_decide(row: Row) -> None:
    holds(row)


@each("row", IN_PLACE)
def test_how_often_a_server_was_started_inside_its_task(row: Row) -> None:
    holds(row)


@each("row", OF_THE_COUNT)
def test_how_many_tasks_are_missing_and_since_when(row: Row) -> None:
    holds(row)


@each("row", EVENTS)
def test_which_of_the_services_events_are_complaints_of_now(row: Row) -> None:
    holds(row)
