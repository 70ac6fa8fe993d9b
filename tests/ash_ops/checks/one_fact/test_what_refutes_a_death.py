"""What refutes a death or a complaint, and what stands as it is wanted: each fact that decides."""

from __future__ import annotations

import pytest

from ash_ops.checks import _attempts as attempts
from ash_ops.checks import _facts as facts
from ash_ops.facts.reading import CannotTell
from tests.support.each import each
from tests.support.lives import SEVEN, Case, clock, dead, of, record, task
from tests.support.one_check import unread

SIX, EIGHT = SEVEN.replace(":7", ":6"), SEVEN.replace(":7", ":8")
SERVED = {"startedAt": "09:00:00", "createdAt": "08:59:00"}
RUNS = task("a", **SERVED)
FELL = dead("d", createdAt="11:30:00", startedAt="11:31:00", stoppedAt="11:33:00")
NEWER = {"createdAt": "11:33:00", "startedAt": "11:34:00"}

OUTLIVES: dict[str, Case] = {
    "twice as long as the one that died": (task("a", **NEWER), FELL, {}, ("11:34", "11:39")),
    "it did not pass": (task("a", **NEWER, healthStatus="UNHEALTHY"), FELL, {}, None),
    "not twice as long": (task("a", createdAt="11:54:00", startedAt="11:56:01"), FELL, {}, None),
    "just twice as long": (task("a", createdAt="11:54:00", startedAt="11:56:00"), FELL, {}, ("11:56", "12:01")),
    "a minute at least": (task("a", createdAt="11:54:00", startedAt="11:59:01"), {**FELL, "stoppedAt": "2026-11-22T11:31:01Z"}, {}, None),
    "just a minute": (task("a", createdAt="11:54:00", startedAt="11:59:00"), {**FELL, "stoppedAt": "2026-11-22T11:31:01Z"}, {}, ("11:59", "12:04")),
    "one that never started is not outlived": (task("a", **NEWER), {**FELL, "startedAt": None}, {}, None),
    "it ran before the other was asked for": (task("a", createdAt="11:29:00", startedAt="11:30:00"), FELL, {}, None),
    "one of two is missing": (task("a", **NEWER), FELL, {"service__desiredCount": 2}, None),
}  # fmt: skip


@each("case", OUTLIVES)
def test_who_lives_twice_as_long_is_not_ended_by_the_same(case: Case) -> None:
    alive, died, more, expected = case
    whole = of(alive, died, **more)
    recovery = attempts.outlives(whole, facts.stopped(whole))
    assert ((clock(recovery.at), clock(recovery.certain_at)) if recovery else None) == expected


CAPACITY, LOOP = "fargate-capacity", "crash-loop"
SICK = "(service x) (port 4100) is unhealthy in target-group tg due to (reason Health checks failed)"  # fmt: skip
BOTH = {"createdAt": "11:30:00", "startedAt": "11:31:00"}
CHECKED = dead(
    "d",
    createdAt="11:20:00",
    startedAt="11:21:00",
    stoppedAt="11:29:00",
    stoppedReason="Task failed ELB health checks",
)
COMPLAINTS: dict[str, Case] = {
    "no room, and a task was asked for since": ((task("a", **BOTH),), CAPACITY, "", "11:29:59", "11:31"),
    "at that very moment, and all run": ((task("a", **BOTH),), CAPACITY, "", "11:30:00", "11:31"),
    "at that very moment, and one is missing": ((task("a", **BOTH),), CAPACITY, "", "11:30:00", "", {"service__desiredCount": 2}),
    "before it": ((task("a", **BOTH),), CAPACITY, "", "11:30:01", ""),
    "none runs": ((), CAPACITY, "", "11:30:00", ""),
    "one is asked for, and runs not yet": ((task("a", createdAt="11:31:00", lastStatus="PENDING"),), CAPACITY, "", "11:30:00", ""),
    "a health check that passes since": ((task("a", **BOTH),), "elb-healthcheck-failed", SICK, "11:29:00", "11:31"),
    "that of one which runs": ((task("a", createdAt="11:00:00", startedAt="11:01:00"),), "elb-healthcheck-failed", f"{SICK} task aaaaaaaa", "11:29:00", "11:01"),
    "that of one which died, asked for earlier": (
        (task("a", createdAt="11:25:00", startedAt="11:26:00"), CHECKED), "elb-healthcheck-failed", f"{SICK} task dddddddd", "11:29:00", "11:26",
    ),
    "that of nobody, asked for earlier": ((task("a", createdAt="11:25:00", startedAt="11:26:00"), CHECKED), "elb-healthcheck-failed", SICK, "11:29:00", ""),
    "it fails again": ((task("a", **BOTH, healthStatus="UNHEALTHY"),), "elb-healthcheck-failed", SICK, "11:29:00", ""),
    "one that keeps dying, and a later one has started": (
        (task("a", **BOTH), dead("d", createdAt="11:20:00", stoppedAt="11:29:00")), LOOP, "unable to consistently start tasks", "11:29:30", "11:31",
    ),
    "and it passes what those failed": ((task("a", **BOTH), CHECKED), LOOP, "unable to consistently start tasks", "11:29:30", "11:31"),
    "and it lives twice as long": ((task("a", **BOTH), {**CHECKED, "stoppedReason": "Essential container in task exited"}), LOOP, "unable to consistently start tasks", "11:29:30", "11:31"),
    "what died later is no part of it": ((task("a", **BOTH), {**CHECKED, "stoppedAt": "2026-11-22T11:29:31Z"}), LOOP, "unable to consistently start tasks", "11:29:30", ""),
    "nobody died": ((task("a", **BOTH),), LOOP, "unable to consistently start tasks", "11:29:30", ""),
    "who was scaled in died of nothing": (
        (task("a", **BOTH), {**CHECKED, "stopCode": "ServiceSchedulerInitiated", "stoppedReason": "Scaling activity initiated by deployment"}), LOOP,
        "unable to consistently start tasks", "11:29:30", "",
    ),
    "another complaint": ((task("a", **BOTH), CHECKED), "deployment-rolled-back", "x", "11:29:30", ""),
    "the tasks were not read": ((), CAPACITY, "", "11:29:59", "", {"tasks": unread()}),
}  # fmt: skip


@each("case", COMPLAINTS)
def test_since_when_a_task_disproves_what_ecs_complained_of(case: Case) -> None:
    tasks, cause, message, when, expected, *more = case
    whole = of(*tasks, **(more[0] if more else {}))
    moment = whole.taken_at.replace(
        **dict(zip(("hour", "minute", "second"), map(int, when.split(":")), strict=True))
    )
    assert clock(attempts.overcome(whole, cause, message, moment)) == expected


STANDS = {"stack": {"StackName": "ash-cloud", "StackStatus": "UPDATE_COMPLETE",
                    "Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": SEVEN}]}}  # fmt: skip
WANTED: dict[str, Case] = {
    "the very revision": ((RUNS,), STANDS, True),
    "another": ((RUNS,), {"stack": {**STANDS["stack"], "Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": EIGHT}]}}, False),
    "the stack names none": ((RUNS,), {"stack": {**STANDS["stack"], "Outputs": []}}, False),
    "no stack": ((RUNS,), {"stack": None}, False),
    "its rollout goes on": ((RUNS,), {**STANDS, "service__deployments__0__rolloutState": "IN_PROGRESS"}, False),
    "one is missing": ((RUNS,), {**STANDS, "service__desiredCount": 2}, False),
    "no rollout is in place": ((RUNS,), {**STANDS, "service__deployments": []}, False),
    "no service": ((), {**STANDS, "service": None}, False),
    "the tasks were not read": ((), {**STANDS, "tasks": unread()}, False),
}  # fmt: skip


@each("case", WANTED)
def test_whether_the_service_runs_what_its_stack_wants(case: Case) -> None:
    tasks, more, expected = case
    assert attempts.stands_as_wanted(of(*tasks, **more)) is expected


def test_what_the_stack_wants_was_not_read() -> None:
    with pytest.raises(CannotTell):
        attempts.stands_as_wanted(of(RUNS, stack=unread()))
    assert not attempts.failed_with_another(
        of(RUNS, {**FELL, "taskDefinitionArn": EIGHT}, stack=unread())
    )


OTHER = {**FELL, "taskDefinitionArn": EIGHT}
CONCERNS: dict[str, Case] = {
    "one of another revision": ((RUNS, OTHER), {}, True),
    "one of this": ((RUNS, FELL), {}, False),
    "one of this, by a younger deployment": ((RUNS, {**FELL, "startedBy": "ecs-svc/2"}), {}, True),
    "by this very deployment": ((RUNS, {**FELL, "startedBy": "ecs-svc/1"}), {}, False),
    "by nobody": ((RUNS, {**FELL, "startedBy": ""}), {}, False),
    "by an older one": (
        (RUNS, {**FELL, "createdAt": "2026-11-22T08:59:50Z", "startedBy": "ecs-svc/0"}),
        {},
        False,
    ),
    "asked for nobody knows when": (
        (RUNS, {**FELL, "createdAt": None, "startedBy": "ecs-svc/2"}),
        {},
        False,
    ),
    "of a revision that was not told": ((RUNS, {**FELL, "taskDefinitionArn": None}), {}, False),
    "one of each": ((RUNS, OTHER, {**FELL, "taskArn": "x/e"}), {}, False),
    "another stands than is wanted": ((RUNS, OTHER), {"stack": None}, False),
    "nobody knows what stands": ((RUNS, OTHER), {"service__deployments": []}, False),
    "nobody died": ((RUNS,), {}, False),
    "one was scaled in": (
        (
            RUNS,
            OTHER,
            {
                **FELL,
                "taskArn": "x/e",
                "stopCode": "ServiceSchedulerInitiated",
                "stoppedReason": "Scaling activity initiated",
            },
        ),
        {},
        True,
    ),
    "one that looks as if it were": (
        (
            RUNS,
            OTHER,
            {
                **FELL,
                "taskArn": "x/e",
                "stopCode": "TaskFailedToStart",
                "stoppedReason": "Scaling activity initiated",
            },
        ),
        {},
        False,
    ),
}


@each("case", CONCERNS)
def test_whether_all_that_failed_was_taken_back(case: Case) -> None:
    tasks, more, expected = case
    assert attempts.failed_with_another(of(*tasks, **{**STANDS, **more})) is expected


BEGUN = "service__deployments__0__createdAt"
BACK = {"service_deployments": [record("ROLLBACK_SUCCESSFUL", at="11:29:00", end="11:40:00")], BEGUN: "2026-11-22T11:38:00Z"}  # fmt: skip
ANOTHERS: dict[str, Case] = {
    "of another revision, before": (OTHER, {BEGUN: "2026-11-22T11:50:00Z"}, True),
    "at that moment": (OTHER, {BEGUN: "2026-11-22T11:30:00Z"}, False),
    "after": (OTHER, {}, False),
    "of this revision, and it ended long after": (
        {**FELL, "stoppedAt": "2026-11-22T11:41:00Z"},
        {BEGUN: "2026-11-22T11:31:00Z"},
        False,
    ),
    "of this revision, and it ended with the other": (
        {**FELL, "stoppedAt": "2026-11-22T11:40:59Z"},
        {BEGUN: "2026-11-22T11:31:00Z"},
        True,
    ),
    "when it was asked for was not told": (
        {**OTHER, "createdAt": None},
        {BEGUN: "2026-11-22T11:33:01Z"},
        True,
    ),
    "nor when it began": (OTHER, {BEGUN: None}, False),
    "ECS took its rollout back": (OTHER, BACK, False),
    "ECS took back a rollout of this revision": (FELL, BACK, True),
    "of another revision before that rollout": (
        {**OTHER, "createdAt": "2026-11-22T11:28:59Z"},
        BACK,
        True,
    ),
    "of one asked for as it began": ({**OTHER, "createdAt": "2026-11-22T11:29:00Z"}, BACK, False),
    "that rollout went well": (
        OTHER,
        {**BACK, "service_deployments": [record("SUCCESSFUL", at="11:29:00", end="11:40:00")]},
        True,
    ),
    "it was taken back, and another came since": (
        OTHER,
        {
            **BACK,
            "service_deployments": [
                record("ROLLBACK_SUCCESSFUL", at="11:29:00", end="11:37:00")
            ],
        },
        True,
    ),
    "it is being taken back": (
        OTHER,
        {**BACK, "service_deployments": [record("ROLLBACK_IN_PROGRESS", at="11:29:00")]},
        False,
    ),
    "nobody knows when it began": (
        OTHER,
        {**BACK, "service_deployments": [{"serviceDeploymentArn": "d", "status": "ROLLBACK_FAILED"}]},
        True,
    ),
}  # fmt: skip


@each("case", ANOTHERS)
def test_whether_a_task_was_of_another_deployment(case: Case) -> None:
    died, more, expected = case
    whole = of(RUNS, died, **more)
    assert whole.service.value
    assert whole.service.value.primary
    [task_] = facts.stopped(whole)
    assert attempts.is_of_another(task_, whole.service.value.primary, whole) is expected


AGAIN = [
    dead(name, createdAt="11:34:00", stoppedAt="11:35:00", stopCode="TaskFailedToStart")
    for name in "ef"
]
SUPERSEDED: dict[str, Case] = {
    "two since never started": ((FELL, *AGAIN), True),
    "one since": ((FELL, AGAIN[0]), False),
    "a third is on its way": ((FELL, *AGAIN, task("g", createdAt="11:36:00", lastStatus="PENDING")), True),
    "a third has started": ((FELL, *AGAIN, task("g", createdAt="11:36:00", startedAt="11:37:00")), False),
    "one that died never started either": (({**FELL, "startedAt": None}, *AGAIN), False),
    "they were asked for as it died": ((FELL, *({**each, "createdAt": "2026-11-22T11:33:00Z"} for each in AGAIN)), True),
    "they were asked for before it died": ((FELL, *({**each, "createdAt": "2026-11-22T11:32:59Z"} for each in AGAIN)), False),
}  # fmt: skip


@each("case", SUPERSEDED)
def test_whether_later_starts_fail_of_something_else(case: Case) -> None:
    tasks, expected = case
    whole = of(*tasks)
    died = [t for t in facts.stopped(whole) if t.id == "dddddddd"]
    assert attempts.is_superseded(whole, died) is expected
    assert attempts.is_superseded(whole, died * 2) is False


UNDONE: dict[str, Case] = {
    status: (status, expected)
    for status, expected in {
        "ROLLBACK_COMPLETE": "warning", "ROLLBACK_FAILED": "warning", "ROLLBACK_IN_PROGRESS": "warning", "CREATE_IN_PROGRESS": "error",
        "UPDATE_ROLLBACK_COMPLETE": "error",
    }.items()
}  # fmt: skip


@each("case", UNDONE)
def test_what_went_with_a_rollback_did_not_bring_it_about(case: Case) -> None:
    status, expected = case
    assert attempts.at_next_start(of(service=None, stack__StackStatus=status)) == expected
    assert attempts.at_next_start(of(stack__StackStatus=status)) == "error"
