"""What the tasks of a service prove, dead and alive: the fact and the moment that decide."""

from __future__ import annotations

from typing import Any

from ash_ops.checks import _attempts as attempts
from ash_ops.checks import _facts as facts
from ash_ops.checks._attempts import Stage
from ash_ops.facts.model import fact_of
from ash_ops.facts.tasks import Task
from tests.support.each import each
from tests.support.lives import SEVEN, Case, clock, dead, of, task

SIX = SEVEN.replace(":7", ":6")


STAGES = {
    "asked for": ({}, Stage.ASKED),
    "attached": ({"connectivityAt": "11:00:00"}, Stage.ATTACHED),
    "its secrets fetched": (
        {"connectivityAt": "11:00:00", "pullStartedAt": "11:00:01"},
        Stage.FETCHED,
    ),
    "pulled": ({"pullStartedAt": "11:00:01", "pullStoppedAt": "11:00:02"}, Stage.PULLED),
    "a pull that failed is no image": (
        {
            "pullStartedAt": "11:00:01",
            "pullStoppedAt": "11:00:02",
            "stoppedReason": "CannotPullContainerError: x",
        },
        Stage.FETCHED,
    ),
    "started": ({"startedAt": "11:00:03"}, Stage.STARTED),
}


@each("case", STAGES)
def test_how_far_a_start_came(case: tuple[dict[str, str], Stage]) -> None:
    told, stage = case
    assert attempts.stage_of(fact_of(Task, task("a", **told))) is stage


PULLED = {"pullStartedAt": "11:50:01", "pullStoppedAt": "11:50:02"}
REACHED: dict[str, Case] = {
    "the newest came that far": ((task("a", createdAt="11:50:00", **PULLED),), True),
    "it did not, and had its time": ((task("a", createdAt="11:55:59"),), False),
    "it is still on its way: the one before decides": ((task("a", createdAt="11:56:00"), task("b", createdAt="11:50:00", **PULLED)), True),
    "a dead one that came that far": ((dead("a", createdAt="11:50:00", stoppedAt="11:58:00", **PULLED),), True),
    "a dead one of a quarter of an hour ago": ((dead("a", createdAt="11:40:00", stoppedAt="11:45:00", **PULLED),), True),
    "of a second more": ((dead("a", createdAt="11:40:00", stoppedAt="11:44:59", **PULLED),), False),
    "of when it started, not of when it ended": ((dead("a", createdAt="11:40:00", startedAt="11:44:59", stoppedAt="11:59:00"),), False),
    "of another revision": ((task("a", createdAt="11:50:00", taskDefinitionArn=SIX, **PULLED),), False),
    "a dead one that did not": ((dead("a", createdAt="11:58:00", stoppedAt="11:59:00"), task("b", createdAt="11:50:00", **PULLED)), False),
    "none": ((), False),
}  # fmt: skip


@each("case", REACHED)
def test_whether_the_newest_attempt_came_that_far(case: Case) -> None:
    tasks, expected = case
    assert attempts.reached(of(*tasks), Stage.PULLED) is expected


SERVED = {"startedAt": "09:00:00", "createdAt": "08:59:00"}
NEXT: dict[str, Case] = {
    "one serves": ((task("a", **SERVED),), {}, "warning"),
    "none does": ((), {}, "error"),
    "none is wanted": ((), {"service__desiredCount": 0}, "warning"),
    "it is being deleted": ((), {"service__status": "DRAINING"}, "warning"),
    "the newest came past it": (
        (dead("a", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:58:00"),),
        {},
        "warning",
    ),
}


@each("case", NEXT)
def test_how_bad_it_is_that_the_next_start_fails(case: Case) -> None:
    tasks, more, expected = case
    assert attempts.at_next_start(of(*tasks, **more)) == expected


OWED: dict[str, Case] = {
    "the newest never started": ((dead("a", createdAt="11:50:00", stoppedAt="11:58:00"),), {}, True),
    "it started": ((dead("a", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:58:00"),), {}, False),
    "it is on its way": ((task("a", createdAt="11:58:00", lastStatus="PENDING"),), {}, False),
    "one serves, and the rollout is complete": ((dead("a", createdAt="11:50:00", stoppedAt="11:58:00"), task("b", **SERVED)), {}, False),
    "one serves, and the rollout goes on": ((dead("a", createdAt="11:50:00", stoppedAt="11:58:00"), task("b", **SERVED)), {"service__deployments__0__rolloutState": "IN_PROGRESS"}, True),
    "it was scaled in": (
        (dead("a", createdAt="11:50:00", stoppedAt="11:58:00", stopCode="ServiceSchedulerInitiated", stoppedReason="Scaling activity initiated"),), {}, False,
    ),
    "none is remembered": ((), {}, False),
}  # fmt: skip


@each("case", OWED)
def test_whether_another_try_is_owed(case: Case) -> None:
    tasks, more, expected = case
    assert attempts.is_owed_a_start(of(*tasks, **more)) is expected


LOST = dead("d", createdAt="11:30:00", stoppedAt="11:40:00")
SINCE: dict[str, Case] = {
    "a later one has started": (task("a", createdAt="11:41:00", startedAt="11:42:00"), "11:42"),
    "it has not": (task("a", createdAt="11:41:00"), ""),
    "it started before that one ended": (task("a", createdAt="11:35:00", startedAt="11:39:59"), ""),
    "at the moment it ended": (task("a", createdAt="11:35:00", startedAt="11:40:00"), "11:40"),
    "of an older revision": (
        task("a", createdAt="11:41:00", startedAt="11:42:00", taskDefinitionArn=SIX),
        "",
    ),
}


@each("case", SINCE)
def test_since_when_a_start_went_well(case: tuple[dict[str, Any], str]) -> None:
    newer, expected = case
    whole = of(newer, LOST)
    found = attempts.started_since(whole, facts.stopped(whole)[0])
    assert clock(found.at if found else None) == expected
    assert found is None or (
        found.certain_at == found.at and found.why == "task aaaaaaaa has started"
    )


def test_a_task_that_had_started_is_not_refuted_by_a_start() -> None:
    whole = of(
        task("a", createdAt="11:41:00", startedAt="11:42:00"),
        {**LOST, "startedAt": "2026-11-22T11:31:00Z"},
    )
    assert attempts.started_since(whole, facts.stopped(whole)[0]) is None


ANOTHER = dead(
    "d", createdAt="08:00:00", startedAt="08:01:00", stoppedAt="09:01:00", taskDefinitionArn=SIX
)
CHANGED: dict[str, Case] = {
    # The dead lived an hour: the proof is no longer than a quarter of an hour.
    "a task of a later deployment runs": (ANOTHER, {"startedAt": "09:05:00", "createdAt": "09:00:00"}, ("09:05", "09:20")),
    "the dead lived four minutes: twice that": ({**ANOTHER, "startedAt": "2026-11-22T08:57:00Z"}, {"startedAt": "09:05:00", "createdAt": "09:00:00"}, ("09:05", "09:13")),
    "they lived a minute: five at least": ({**ANOTHER, "startedAt": "2026-11-22T09:00:00Z"}, {"startedAt": "09:05:00", "createdAt": "09:00:00"}, ("09:05", "09:10")),
    "they never started: five at least": ({**ANOTHER, "startedAt": None}, {"startedAt": "09:05:00", "createdAt": "09:00:00"}, ("09:05", "09:10")),
    "it runs since before the death": (ANOTHER, {"startedAt": "09:01:00", "createdAt": "09:00:00"}, None),
    "the dead was of the same deployment": ({**ANOTHER, "createdAt": "2026-11-22T08:59:51Z"}, {"startedAt": "09:05:00", "createdAt": "09:00:00"}, None),
    "of the same revision, and it died long after": (
        {**ANOTHER, "taskDefinitionArn": SEVEN, "stoppedAt": "2026-11-22T09:09:50Z"}, {"startedAt": "09:15:00", "createdAt": "09:12:00"}, None,
    ),
    "of the same revision, started anew": (
        {**ANOTHER, "taskDefinitionArn": SEVEN, "stoppedAt": "2026-11-22T09:09:49Z"}, {"startedAt": "09:15:00", "createdAt": "09:12:00"}, ("09:15", "09:30"),
    ),
}  # fmt: skip


@each("case", CHANGED)
def test_whether_another_deployment_refutes_a_death(case: Case) -> None:
    died, runs, expected = case
    whole = of(task("a", **runs), died)
    found = attempts.changed_since(whole, facts.stopped(whole))
    assert ((clock(found.at), clock(found.certain_at)) if found else None) == expected


PASSED = dead(
    "d",
    createdAt="11:30:00",
    startedAt="11:31:00",
    stoppedAt="11:40:00",
    stoppedReason="Task failed ELB health checks",
)
PASSES: dict[str, Case] = {
    "one asked for later passes": (
        task("a", createdAt="11:35:00", startedAt="11:36:00"),
        {},
        "11:36",
    ),
    "asked for at that moment": (
        task("a", createdAt="11:30:00", startedAt="11:36:00"),
        {},
        "11:36",
    ),
    "asked for before": (task("a", createdAt="11:29:59", startedAt="11:36:00"), {}, ""),
    "it is sick": (
        task("a", createdAt="11:35:00", startedAt="11:36:00", healthStatus="UNHEALTHY"),
        {},
        "",
    ),
    "nobody knows": (
        task("a", createdAt="11:35:00", startedAt="11:36:00", healthStatus="UNKNOWN"),
        {},
        "",
    ),
    "its target is sick": (
        task("a", createdAt="11:35:00", startedAt="11:36:00"),
        {"target_health__0__TargetHealth__State": "unhealthy"},
        "",
    ),
}


@each("case", PASSES)
def test_whether_a_task_passes_what_the_dead_failed(case: Case) -> None:
    alive, more, expected = case
    whole = of(alive, PASSED, **more)
    found = attempts.passes_again(whole, facts.stopped(whole))
    assert clock(found.at if found else None) == expected
    assert attempts.passes_again(of(alive, LOST, **more), facts.stopped(of(alive, LOST))) is None
