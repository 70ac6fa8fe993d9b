"""Deaths, health and counts of tasks: the other side of each boundary, and what is quoted of them."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.checks.one_fact import test_restarts as restarts
from tests.ash_ops.checks.one_fact.test_deaths_and_edges import (
    CRASH,
    MEMORY,
    NEVER_RAN,
    NO_TASK,
    SEVEN,
    STARTED,
    dead,
    died,
)
from tests.ash_ops.checks.one_fact.test_repairs import Case, told
from tests.support.each import each
from tests.support.one_check import Row, found, holds, unread

SERVER = "task_definition.containerDefinitions.0"
DATABASE = {f"{SERVER}.environment.+": {"name": "ASH_DATABASE_URL", "value": "postgres://db"}}
NO_NAME = "Error: getaddrinfo ENOTFOUND db.internal"


def wrote(*lines: str, by: str = "dead0000") -> dict[str, Any]:
    """What a task wrote, one line a second."""
    rows = [
        {"stream": f"ash/ash/{by}", "at": f"2026-11-22T11:57:{n:02d}Z", "message": line}
        for n, line in enumerate(lines)
    ]
    return {"log_lines": rows}


def two(first: str, second: str, **more: Any) -> dict[str, Any]:
    return died(dead(first, "dead0000", **more), dead(second, "dead0001", **more))


CALM = ["a line"] * 39
BESIDE = {"name": "side", "exitCode": 143}
SPOT = {
    "service.capacityProviderStrategy": [{"capacityProvider": "FARGATE"}],
    "service.launchType": None,
}
TAKEN = dead("11:40:00", stopCode="SpotInterruption", reason="Your Spot Task was interrupted.",
             containers=[{"name": "ash", "exitCode": 143}], capacityProviderName="FARGATE_SPOT")  # fmt: skip
OF_SPOT = "spot-interruption of task/dead0000 since 11:40"
DENIED = "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: Access to KMS is not allowed"
DEATHS: dict[str, Row] = {
    "what ECS says is quoted": (
        "stopped-tasks", "", died(dead()), f"error {CRASH} 11:58", "stoppedReason', value='Essential container in task exited'", "stopCode', value='EssentialContainerExited'",
        "exitCode', value='1'", "!.reason'", "!healthStatus",
    ),
    "of a code that was not told": ("stopped-tasks", "", died(dead(stopCode=None)), f"error {CRASH} 11:58", "!stopCode"),
    "it ended without a fault, which a server does not": (
        "stopped-tasks", "", died(dead(containers=[{"name": "ash", "exitCode": 0}])), f"error {CRASH} 11:58", "(exit code 0).",
    ),
    "its last lines are quoted": ("stopped-tasks", "", {**died(dead()), **wrote("one", "two", "three", "four")}, f"error {CRASH} 11:58", "value='four'", "value='two'", "!value='one'"),
    "another's lines are not": ("stopped-tasks", "", {**died(dead()), **wrote("one", by="other")}, f"error {CRASH} 11:58", "!value='one'"),
    "within two hours": ("stopped-tasks", "", two("09:58:00", "11:58:00"), "error maybe app-crash of revision/7 since 09:58", "2 tasks died of it within 2 h"),
    "within a minute less": ("stopped-tasks", "", two("09:59:00", "11:58:00"), "error maybe app-crash of revision/7 since 09:59", "within 119 min;"),
    "within seconds": ("stopped-tasks", "", two("11:57:50", "11:58:00"), "error maybe app-crash of revision/7 since 11:57:50", "within 1 min;"),
    "two within the hour, and outlived for a quarter of one": (
        "stopped-tasks", "", {**two("11:20:00", "11:40:00"), STARTED: "2026-11-22T11:45:00Z"}, "error maybe app-crash of revision/7 since 11:20",
    ),
    "and for a second more": ("stopped-tasks", "", {**two("11:20:00", "11:40:00"), STARTED: "2026-11-22T11:44:59Z"}, "warning maybe app-crash of revision/7 since 11:20 until 11:44:59"),
    "of a revision that was not told": ("stopped-tasks", "", two("11:20:00", "11:40:00", taskDefinitionArn=None), "error maybe app-crash since 11:20"),
    "a name that nobody resolves, forty lines before the end": ("stopped-tasks", "", {**died(dead()), **DATABASE, **wrote(NO_NAME, *CALM)}, "error maybe db-unreachable of task/dead0000 since 11:58"),
    "forty-one": ("stopped-tasks", "", {**died(dead()), **DATABASE, **wrote(NO_NAME, "a line", *CALM)}, f"error {CRASH} 11:58"),
    "a name that is not answered": (
        "stopped-tasks", "", {**died(dead()), **DATABASE, **wrote("Error: getaddrinfo EAI_AGAIN db")}, "error maybe db-unreachable of task/dead0000 since 11:58",
    ),
    "by a secret": (
        "stopped-tasks", "", {**died(dead()), f"{SERVER}.secrets.+": {"name": "DATABASE_HOST", "valueFrom": "x"}, **wrote(NO_NAME)},
        "error maybe db-unreachable of task/dead0000 since 11:58",
    ),
    "of a server that has no database": ("stopped-tasks", "", {**died(dead()), **wrote(NO_NAME)}, "!db-unreachable"),
    "for its memory, whatever it asked for": ("stopped-tasks", "", {**died(dead(**MEMORY)), **DATABASE, **wrote(NO_NAME)}, "error container-oom of task/dead0000 since 11:58"),
    "stopped along with another": (
        "stopped-tasks", "", died(dead(containers=[BESIDE, {"name": "ash", "exitCode": 1}])), f"error {CRASH} 11:58", "ago: container ash: Essential container in task exited (exit code 1).",
    ),
    "a helper that ended, its work done": (
        "stopped-tasks", "", died(dead(containers=[{"name": "migrate", "exitCode": 0}, {"name": "ash", "exitCode": 143}])), f"error {CRASH} 11:58",
        "Let migrate not be essential", "dependsOn", "container migrate:",
    ),
    "a helper that failed": (
        "stopped-tasks", "", died(dead(containers=[{"name": "migrate", "exitCode": 2}, {"name": "ash", "exitCode": 143}])), f"error {CRASH} 11:58", "!not be essential", "(exit code 2)",
    ),
    "the server ended, its helper with it": (
        "stopped-tasks", "", died(dead(containers=[{"name": "ash", "exitCode": 0}, BESIDE])), f"error {CRASH} 11:58", "!not be essential", "container ash:",
    ),
    "no reason was given": ("stopped-tasks", "", died(dead(reason="", containers=[])), f"error {CRASH} 11:58", "2 min ago: no reason given."),
    "no reason, but a code": ("stopped-tasks", "", died(dead(reason="")), f"error {CRASH} 11:58", "no reason given (exit code 1)."),
    "a signal in words": ("stopped-tasks", "", died(dead(containers=[{"name": "ash", "exitCode": 132}])), f"error {CRASH} 11:58", "SIGILL: an instruction that this processor does not know"),
    "a death that names no cause is of the one that ended alike": (
        "stopped-tasks", "", {**died(dead("11:58:00", "dead0000"), dead("11:50:00", "dead0001")), **DATABASE, **wrote(NO_NAME)},
        "error maybe db-unreachable of revision/7 since 11:50", "2 tasks died of it",
    ),
    "and not of one that ended otherwise": (
        "stopped-tasks", "", {**died(dead("11:58:00", "dead0000"), dead("11:50:00", "dead0001", containers=[{"name": "ash", "exitCode": 7}])), **DATABASE, **wrote(NO_NAME)},
        "error maybe db-unreachable of task/dead0000 since 11:58; error maybe app-crash of task/dead0001 since 11:50",
    ),
    "a key that may not be used: fresh tasks once": (
        "stopped-tasks", "", {**died(dead(startedAt=None, stopCode="TaskFailedToStart", containers=[], reason=DENIED)), **NO_TASK},
        "error secret-access-denied of task/dead0000 since 11:58", "Start fresh tasks with it.", "!Once that is so",
    ),
    "interrupted, and Spot is left": ("stopped-tasks", "", {**died(TAKEN), **SPOT, "tasks.0.createdAt": "2026-11-22T11:40:30Z", STARTED: "2026-11-22T11:41:00Z"}, f"info {OF_SPOT} until 11:41", "the service runs on FARGATE_SPOT no more"),
    "interrupted, and another is on its way elsewhere": (
        "stopped-tasks", "", {**died({**TAKEN, "createdAt": "2026-11-22T11:00:00Z"}), **SPOT, "tasks.0.createdAt": "2026-11-22T11:41:00Z", "tasks.0.lastStatus": "PENDING", STARTED: None},
        f"info {OF_SPOT} until 11:41",
    ),
    "interrupted, and Spot is wanted": (
        "stopped-tasks", "", {**died(TAKEN), **SPOT, "service.capacityProviderStrategy.+": {"capacityProvider": "FARGATE_SPOT"}, STARTED: "2026-11-22T11:41:00Z"},
        f"warning {OF_SPOT} until 11:41",
    ),
    "a first deployment that was undone": (
        "stopped-tasks", "", {**died(dead()), **NO_TASK, "service": None, "stack.StackStatus": "ROLLBACK_COMPLETE"}, f"error {CRASH} 11:58",
    ),
    "a service that somebody deleted": ("stopped-tasks", "", {**died(dead()), **NO_TASK, "service": None}, "none of its business"),
    "at work on being undone": ("stopped-tasks", "", {**died(dead()), **NO_TASK, "service": None, "stack.StackStatus": "ROLLBACK_IN_PROGRESS"}, f"error {CRASH} 11:58"),
    "undone, and nobody died": ("stopped-tasks", "", {**NO_TASK, "service": None, "stack.StackStatus": "ROLLBACK_COMPLETE"}, "none of its business"),
    "before it ran, with a code": ("stopped-tasks", "", {**died(dead(**{**NEVER_RAN, "containers": [{"name": "ash", "exitCode": 1}]})), **NO_TASK}, f"error {CRASH} 11:58"),
    "another revision since, and it died too": (
        "stopped-tasks", "", {**died(dead(), dead("11:40:00", "dead0001", taskDefinitionArn=SEVEN.replace(":7", ":6"))), "service.deployments.0.createdAt": "2026-11-22T11:50:00Z",
                              "stopped_tasks.0.createdAt": "2026-11-22T11:50:30Z"}, f"error {CRASH} 11:58", "A task died of it;",
    ),
}  # fmt: skip

T = restarts.T
OFF = {"tasks.0.connectivity": "DISCONNECTED"}
HEALTH: dict[str, Row] = {
    "a task that has lost its agent": (
        "container-health", "", OFF, f"warning agent-disconnected of {T} stops nothing yet", "Task 8f2c1d0e is not connected to ECS", "tasks[8f2c1d0e].connectivity",
    ),
    "on an instance its agent tells": ("container-health", "ec2-as-it-should-be", OFF, "sound"),
    "no task, and none was replaced": ("container-health", "", {"tasks": []}, "none of its business"),
    "its own command is quoted": (
        "container-health", "", {**restarts.sidecar(), "task_definition.containerDefinitions.+": {"name": "log-router", "healthCheck": {"command": ["CMD", "wget"]}}},
        f"error sidecar-unhealthy of {T}", "containerDefinitions[log-router].healthCheck.command', value='CMD wget'", "See what log-router says.", "ash-ops deploy",
    ),
    "replaced, and those that run do not answer": (
        "container-health", "", {"stopped_tasks": [restarts.SICK], "target_health.0.TargetHealth.State": "unhealthy", "probe": None},
        f"error sidecar-unhealthy of task/{restarts.DEAD} until 11:58",
    ),
    "a check of a service that has no rollout": (
        "container-health-check", "", {"stopped_tasks": [restarts.FAILED], "service.deployments": []}, "error container-healthcheck-failed", "1 tasks failed it",
    ),
    "the server's own container failed": (
        "container-health-check", "", {"stopped_tasks": [{**restarts.FAILED, "containers": [{"name": "ash", "healthStatus": "UNHEALTHY"}]}]}, "error container-healthcheck-failed",
    ),
    "another end": ("container-health-check", "", {"stopped_tasks": [restarts.dead()]}, "sound"),
}  # fmt: skip

FEWER, LATER, THREE = restarts.FEWER, restarts.LATER, restarts.THREE
UNREAD = {"tasks": unread("ecs:DescribeTasks")}
EVENT = {"service.events": [restarts.event(restarts.FULL, "11:30:00")]}
COUNTS: dict[str, Row] = {
    "by the service's own count": ("running-count", "", {**THREE, **UNREAD}, f"warning {FEWER}{LATER}", "1 of the 3 tasks"),
    "by its count one is on its way": ("running-count", "", {**THREE, **UNREAD, "service.pendingCount": 1}, "? ecs:DescribeTasks could not be read (denied): AccessDenied"),
    "nobody counted": ("running-count", "", {**THREE, **UNREAD, "service.runningCount": None}, "? ecs:DescribeTasks could not be read (denied): AccessDenied"),
    "no event": ("running-count", "", {**THREE, "service.events": []}, f"error {FEWER}{LATER}", "!].message'"),
    "a task began at the moment of the complaint": (
        "service-events", "", {**EVENT, "tasks.0.createdAt": "2026-11-22T11:20:00Z", STARTED: "2026-11-22T11:30:00Z"}, f"error {restarts.SAID} 11:30",
    ),
    "a second later": (
        "service-events", "", {**EVENT, "tasks.0.createdAt": "2026-11-22T11:20:00Z", STARTED: "2026-11-22T11:30:01Z"}, f"warning {restarts.SAID} 11:30 until 11:30:01",
    ),
    "a quarter of an hour ago": (
        "service-events", "", {"service.events": [restarts.event(restarts.FULL, "11:44:00")], "tasks.0.createdAt": "2026-11-22T11:20:00Z", STARTED: "2026-11-22T11:45:00Z"},
        f"error {restarts.SAID} 11:44",
    ),
}  # fmt: skip

CHECKED = {"taskArn": "x/d", "startedAt": "2026-11-22T11:50:01Z", "stoppedAt": "2026-11-22T11:54:00Z", "stoppedReason": "Task failed ELB health checks in (target-group x)"}  # fmt: skip
GRACE = "service.healthCheckGracePeriodSeconds"
MORE = "--health-check-grace-period-seconds 120"


def given(seconds: int | None, **task: Any) -> dict[str, Any]:
    return {GRACE: seconds, "stopped_tasks": [{**CHECKED, **task}]}


STARTS: dict[str, Case] = {
    "less time than the template gives": (
        "elb-healthcheck-failed", "", given(119), "timed out", "health checks count after 119 s now", f"update-service --cluster ash-cloud --service ash-cloud-runtime {MORE}",
    ),
    "as much": ("elb-healthcheck-failed", "", given(120), "timed out", f"!{MORE}"),
    "none": ("elb-healthcheck-failed", "", given(None), "timed out", "count after 0 s now"),
    "it was up for four minutes": ("elb-healthcheck-failed", "", given(30, startedAt="2026-11-22T11:50:00Z"), "timed out", f"!{MORE}"),
    "another end": ("elb-healthcheck-failed", "", given(30, stoppedReason="Essential container in task exited"), "timed out", f"!{MORE}"),
    "when it started was not told": ("elb-healthcheck-failed", "", given(30, startedAt=None), "timed out", f"!{MORE}"),
    "the dead were not read": ("elb-healthcheck-failed", "", {GRACE: 30, "stopped_tasks": unread()}, "timed out", f"!{MORE}"),
    "no service": ("elb-healthcheck-failed", "", {**given(30), "service": None}, "timed out", f"!{MORE}"),
}  # fmt: skip


@each("case", DEATHS)
def test_what_a_death_is_told_to_be_of(case: Row) -> None:
    if case[3].startswith("!"):
        assert all(item.cause != case[3][1:] for item in found(*case[:3]))
    else:
        holds(case)


@each("case", HEALTH | COUNTS)
def test_what_health_and_counts_are_told_to_be(case: Row) -> None:
    holds(case)


@each("case", STARTS)
def test_when_a_start_is_given_more_time(case: Case) -> None:
    told(case)
