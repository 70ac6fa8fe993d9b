"""Who comes up, who runs and who is remembered, by whatever was read: each fact that decides."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks import _attempts as attempts
from ash_ops.checks import _facts as facts
from ash_ops.checks.base import NotApplicable
from ash_ops.facts.reading import CannotTell
from tests.support.each import each
from tests.support.lives import Case, clock, dead, of, task
from tests.support.one_check import unread

RUNS = task("a", createdAt="08:59:00", startedAt="09:00:00")
FELL = dead("d", createdAt="11:30:00", startedAt="11:31:00", stoppedAt="11:33:00")
BEGUN = "service__deployments__0__createdAt"

UNREAD_TASKS: dict[str, Case] = {
    "by the count of those that are on their way": ({"service__pendingCount": 1}, "?"),
    "which was not told": ({"service__pendingCount": None}, "?"),
    "none is": ({}, ""),
    "one has started of late": (
        {"service__events__0": {"id": "e", "createdAt": "2026-11-22T11:56:01Z", "message": "(service x) has started 1 tasks: (task a)."}},
        "?",
    ),
    "four minutes ago": (
        {"service__events__0": {"id": "e", "createdAt": "2026-11-22T11:56:00Z", "message": "(service x) has started 1 tasks: (task a)."}},
        "",
    ),
    "another word of late": (
        {"service__events__0": {"id": "e", "createdAt": "2026-11-22T11:59:00Z", "message": "(service x) has stopped 1 tasks"}},
        "",
    ),
    "it was deployed of late": ({BEGUN: "2026-11-22T11:56:01Z"}, "?"),
    "four minutes ago it was deployed": ({BEGUN: "2026-11-22T11:56:00Z"}, ""),
    "no service": ({"service": None}, ""),
    "no rollout": ({"service__deployments": []}, ""),
}  # fmt: skip


@each("case", UNREAD_TASKS)
def test_whether_one_that_was_not_read_may_be_coming_up(case: Case) -> None:
    more, expected = case
    whole = of(**{"target_health": [], **more, "tasks": unread()})
    try:
        said = clock(facts.ready_at(whole))
    except CannotTell:
        said = "?"
    assert said == expected
    assert facts.is_coming_up(whole) is False


FIRST: dict[str, Case] = {
    "asked for a moment ago": ({BEGUN: "2026-11-22T11:58:01Z"}, "12:04"),
    "two minutes ago": ({BEGUN: "2026-11-22T11:58:00Z"}, ""),
    "none is wanted": ({BEGUN: "2026-11-22T11:59:00Z", "service__desiredCount": 0}, ""),
    "nobody knows when": ({BEGUN: None}, ""),
    "no rollout": ({"service__deployments": []}, ""),
    "no service": ({"service": None}, ""),
}


@each("case", FIRST)
def test_when_the_first_task_of_a_deployment_answers(case: Case) -> None:
    more, expected = case
    whole = of(**{"target_health": [], **more})
    assert clock(facts.ready_at(whole)) == expected
    assert facts.is_coming_up(whole) is bool(expected)


TAKEN = [
    ("SpotInterruption", "12:02"), ("TerminationNotice", "12:02"), ("InfrastructureHealth", "12:02"), ("EssentialContainerExited", ""),
    ("TaskFailedToStart", ""), ("ServiceSchedulerInitiated", "12:02"),
]  # fmt: skip


@each("case", TAKEN)
def test_what_aws_takes_away_is_no_fault_of_the_one_that_comes(case: tuple[str, str]) -> None:
    code, expected = case
    lost = dead(
        "d", createdAt="11:50:00", startedAt="11:51:00", stoppedAt="11:57:00", stopCode=code
    )
    young = task("a", createdAt="11:57:00", startedAt="11:58:00")
    assert clock(facts.ready_at(of(young, lost, target_health=[]))) == expected


MEMORIES: dict[str, Case] = {
    "of ECS alone": ((FELL,), [], ["dddddddd"]),
    "of the archive too, the newest first": ((FELL,), [dead("e", stoppedAt="11:50:00"), dead("f", stoppedAt="11:20:00")], ["eeeeeeee", "dddddddd", "ffffffff"]),
    "of both, told once": ((FELL,), [FELL], ["dddddddd"]),
    "by when it began to stop": ((FELL,), [dead("e", stoppingAt="11:32:00"), dead("f", createdAt="11:34:00"), dead("g")], ["gggggggg", "ffffffff", "dddddddd", "eeeeeeee"]),
}  # fmt: skip


@each("case", MEMORIES)
def test_the_dead_are_remembered_once_and_the_newest_first(case: Case) -> None:
    tasks, archived, expected = case
    rows = [{"at": "2026-11-22T11:59:00Z", "task": each} for each in archived]
    assert [t.id for t in facts.stopped(of(*tasks, archived_tasks=rows))] == expected
    ours = [t.id for t in facts.stopped(of(*tasks, archived_tasks=unread()))]
    assert ours == [t["taskArn"][2:] for t in tasks]


# Whether one serves, whether one may, and how bad it is that the next start fails.
RUNNING: dict[str, Case] = {
    "one runs": ((RUNS,), {}, (True, True, "warning")),
    "none does": ((), {}, (False, False, "error")),
    "by the service's count": ((), {"tasks": unread(), "service__runningCount": 1}, (True, True, "warning")),
    "by its count none, and what the newest came to was not read": ((), {"tasks": unread(), "service__runningCount": 0}, (False, False, "warning")),
    "no count either": ((), {"tasks": unread(), "service__runningCount": None}, ("?", True, "warning")),
    "no service": ((), {"tasks": unread(), "service": None}, ("-", False, "error")),
    "neither was read": ((), {"tasks": unread(), "service": unread()}, ("?", True, "warning")),
}  # fmt: skip


@each("case", RUNNING)
def test_whether_a_task_runs_by_whatever_was_read(case: Case) -> None:
    tasks, more, expected = case
    whole = of(*tasks, **more)
    said: Any
    try:
        said = facts.is_serving(whole)
    except CannotTell:
        said = "?"
    except NotApplicable:
        said = "-"
    assert (said, facts.runs_a_task(whole), attempts.at_next_start(whole)) == expected


def test_the_containers_that_a_definition_names() -> None:
    with pytest.raises(CannotTell, match=r"task definition \S+:7 was not found"):
        facts.definition(of(task_definition=None))
    with pytest.raises(NotApplicable):
        facts.definition(of(task_definition=None, service=None))
    with pytest.raises(CannotTell, match="names no container"):
        facts.ash_container(of(task_definition__containerDefinitions=[]))
    for one in ({"name": "ash"}, {"image": "i"}):
        assert facts.ash_container(of(task_definition__containerDefinitions=[one]))


KINDS: dict[str, Case] = {
    "coordinator": (facts.is_coordinator, {"task_definition__containerDefinitions__0__environment": [{"name": "ASH_MODE", "value": "coordinator"}]}, True),
    "a runner": (facts.is_coordinator, {"task_definition__containerDefinitions__0__environment": [{"name": "ASH_MODE", "value": "runner"}]}, False),
    "another variable of that value": (facts.is_coordinator, {"task_definition__containerDefinitions__0__environment": [{"name": "X", "value": "coordinator"}]}, False),
    "the runners alone": (facts.is_of_runners, {"deployment__service": "ash-cloud-runners"}, True),
    "the server": (facts.is_of_runners, {}, False),
    "managed": (facts.on_managed, {"task_definition__requiresCompatibilities": ["MANAGED_INSTANCES", "EC2"]}, True),
    "not managed": (facts.on_managed, {}, False),
    "a session was tried": (facts.was_proven, {"probe__rungs": [{"name": "canary", "outcome": "ok"}]}, True),
    "in vain": (facts.was_proven, {"probe__rungs": [{"name": "canary", "outcome": "failed"}]}, False),
    "no session was": (facts.was_proven, {"probe__rungs": [{"name": "health", "outcome": "ok"}]}, False),
    "nobody asked": (facts.was_proven, {"probe": None}, False),
    "it answered HTTP": (facts.answers_here, {"probe__rungs": [{"name": "http", "outcome": "ok"}]}, True),
    "its health": (facts.answers_here, {"probe__rungs": [{"name": "health", "outcome": "ok"}]}, True),
    "its port alone": (facts.answers_here, {"probe__rungs": [{"name": "tcp", "outcome": "ok"}]}, False),
}  # fmt: skip


@each("case", KINDS)
def test_what_kind_of_deployment_it_is_and_whether_it_answers(case: Case) -> None:
    asked, more, expected = case
    assert asked(of(**more)) is expected
