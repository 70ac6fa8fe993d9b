"""What serves now, and since when: the fact and the moment that decide."""

from __future__ import annotations

from datetime import datetime

import pytest

from ash_ops.checks import _facts as facts
from ash_ops.facts.reading import CannotTell
from tests.support.each import each
from tests.support.lives import Case, clock, dead, of, task

SERVED = {"startedAt": "09:00:00", "createdAt": "08:59:00"}
READY: dict[str, Case] = {
    "a young task": ((task("a", startedAt="11:56:01"),), {}, "12:00"),
    "one of four minutes": ((task("a", startedAt="11:56:00"),), {}, ""),
    "one that is only asked for": ((task("a", createdAt="11:57:00"),), {}, "12:01"),
    "beside an old one": ((task("a", startedAt="11:58:00"), task("b", startedAt="09:00:00")), {}, ""),
    "one before it died of late": ((task("a", createdAt="11:57:00", startedAt="11:58:00"), dead("d", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:57:00")), {}, ""),
    "a quarter of an hour ago": ((task("a", createdAt="11:57:00", startedAt="11:58:00"), dead("d", createdAt="11:40:00", startedAt="11:41:00", stoppedAt="11:45:00")), {}, "12:02"),
    "of a start that goes well now": ((task("a", createdAt="11:57:00", startedAt="11:58:00"), dead("d", createdAt="11:50:00", stoppedAt="11:57:00")), {}, "12:02"),
    "it was asked to stop": (
        (task("a", createdAt="11:57:00", startedAt="11:58:00"), dead("d", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:57:00", stopCode="UserInitiated")), {}, "12:02",
    ),
    "of an earlier deployment": (
        (task("a", createdAt="11:57:00", startedAt="11:58:00"), dead("d", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:57:00")),
        {"service__deployments__0__createdAt": "2026-11-22T11:50:01Z"}, "12:02",
    ),
    "none": ((), {}, ""),
}  # fmt: skip


@each("case", READY)
def test_when_a_deployment_will_answer_that_comes_up_as_it_should(case: Case) -> None:
    tasks, more, expected = case
    assert clock(facts.ready_at(of(*tasks, target_health=[], **more))) == expected


def test_who_is_called_healthy_already_waits_for_nothing() -> None:
    assert facts.ready_at(of(task("a", startedAt="11:58:00"))) is None


SERVES: dict[str, Case] = {
    "a healthy target": ({}, True),
    "neither target nor answer": (
        {"target_health": [], "probe__rungs": [{"name": "http", "outcome": "failed"}]},
        False,
    ),
    "no target, and it answered": ({"target_health": []}, True),
    "its target is sick, and it answered": (
        {"target_health__0__TargetHealth__State": "unhealthy"},
        True,
    ),
    "its target is sick, and it did not": (
        {
            "target_health__0__TargetHealth__State": "unhealthy",
            "probe__rungs": [{"name": "http", "outcome": "failed"}],
        },
        False,
    ),
    "nobody asked anybody": ({"target_health": [], "probe": None}, True),
    "nobody climbed": ({"target_health": [], "probe__rungs": []}, True),
}


@each("case", SERVES)
def test_whether_a_task_may_serve(case: Case) -> None:
    more, expected = case
    assert facts.serves(of(task("a", **SERVED), **more)) is expected
    assert facts.serves(of(**more)) is False


STEADY: dict[str, Case] = {
    "as many as wanted": ((task("a", startedAt="10:00:00"),), {}, "10:00"),
    "since the newest": (
        (task("a", startedAt="10:00:00"), task("b", startedAt="11:00:00")),
        {},
        "11:00",
    ),
    "one lacks": ((task("a", startedAt="10:00:00"),), {"service__desiredCount": 2}, ""),
    "none": ((), {"service__desiredCount": 0}, ""),
}


@each("case", STEADY)
def test_since_when_all_that_is_wanted_runs(case: Case) -> None:
    tasks, more, expected = case
    assert clock(facts.steady_since(of(*tasks, **more))) == expected


def test_a_state_of_a_task_that_nobody_knows_is_no_state() -> None:
    with pytest.raises(CannotTell, match="task aaaaaaaa is in state 'DOZING', which is not known"):
        facts.running(of(task("a", lastStatus="DOZING")))
    assert (
        len(
            facts.starting(
                of(
                    *(
                        task("a", lastStatus=s)
                        for s in ("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING")
                    )
                )
            )
        )
        == 3
    )


def test_how_long_ago_is_said_in_the_unit_that_fits() -> None:
    now = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    told = {
        text: facts.ago(datetime.fromisoformat(f"2026-11-22T{text}+00:00"), now)
        for text in ("11:58:01", "11:58:00", "10:00:01", "10:00:00", "12:00:01")
    }
    assert told == {
        "11:58:01": "119 s",
        "11:58:00": "2 min",
        "10:00:01": "119 min",
        "10:00:00": "2 h",
        "12:00:01": "0 s",
    }


PLACES: dict[str, Case] = {
    "on Fargate": ({}, False),
    "on EC2": ({"service__launchType": "EC2"}, True),
    "by a provider": (
        {
            "service__launchType": None,
            "service__capacityProviderStrategy": [{"capacityProvider": "mine"}],
        },
        True,
    ),
    "on Spot": (
        {
            "service__launchType": None,
            "service__capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}],
        },
        False,
    ),
    "by its definition alone": (
        {"service__launchType": None, "task_definition__requiresCompatibilities": ["EC2"]},
        True,
    ),
    "by a definition for both": (
        {
            "service__launchType": None,
            "task_definition__requiresCompatibilities": ["EC2", "FARGATE"],
        },
        False,
    ),
}


@each("case", PLACES)
def test_whether_tasks_are_put_on_instances(case: Case) -> None:
    more, expected = case
    assert facts.on_ec2(of(**more)) is expected
