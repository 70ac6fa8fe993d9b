"""The clock tells a fault from a start, and an old death from one that goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ash_ops.checks._attempts import overcome
from ash_ops.diagnosis import diagnose
from tests.support import scenarios

NOON = "2026-11-22T{}Z"
OOM = "OutOfMemoryError: Container killed due to memory usage"


def task(started: str) -> dict[str, Any]:
    running = scenarios.healthy()["tasks"]["value"][0]
    return {**running, "createdAt": NOON.format(started), "startedAt": NOON.format(started)}


def death(number: int, stopped: str) -> dict[str, Any]:
    container = {"name": "ash", "lastStatus": "STOPPED", "exitCode": 137, "reason": OOM}
    return {
        "taskArn": f"arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/{number:032x}",
        "lastStatus": "STOPPED",
        "createdAt": NOON.format("08:00:00"),
        "stoppedAt": NOON.format(stopped),
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "containers": [container],
    }


@pytest.mark.parametrize(
    ("deaths", "since", "severity"),
    [
        (["11:10:00"], "11:10:30", "warning"),  # outlived for 50 minutes
        (["11:58:00"], "11:58:30", "error"),  # nobody knows yet whether it goes on
        (["11:30:00", "11:58:00"], "11:58:30", "error"),  # it goes on
        (["11:10:00", "11:30:00"], "11:30:30", "warning"),  # it stopped half an hour ago
        (["11:40:00"], "09:00:00", "warning"),  # one of several tasks, 20 minutes ago
        (["11:58:00"], None, "error"),  # nothing runs
        (["11:10:00"], None, "error"),  # nothing has run since
    ],
)
def test_a_death_is_an_error_until_it_is_outlived(
    deaths: list[str], since: str | None, severity: str
) -> None:
    change = {
        "stopped_tasks": {"value": [death(n, at) for n, at in enumerate(deaths)]},
        "tasks": {"value": [task(since)] if since else []},
    }
    report = diagnose(scenarios.snapshot(change), ["restarts"])
    found = [f for f in report.findings if f.cause == "container-oom"]
    assert [f.severity for f in found] == [severity]
    assert f"{len(deaths)} tasks died" in found[0].summary or len(deaths) == 1


@pytest.mark.parametrize(
    ("complained", "wanted", "is_over"),
    [
        ("11:29:59", 1, True),
        ("11:30:00", 1, True),  # of one moment: nothing is missing, so it was of the task that runs
        ("11:30:00", 2, False),  # it may be of the other one
        ("11:30:01", 1, False),
    ],
)
def test_a_start_that_ecs_complained_of_is_disproved_by_a_later_one(
    complained: str, wanted: int, is_over: bool
) -> None:
    service = {**scenarios.healthy()["service"]["value"], "desiredCount": wanted}
    facts = scenarios.snapshot(
        {"tasks": {"value": [task("11:30:00")]}, "service": {"value": service}}
    )
    when = datetime.fromisoformat(NOON.format(complained))
    since = overcome(facts, "no-instances", "was unable to place a task", when)
    assert (since is not None) is is_over


@pytest.mark.parametrize(
    ("started", "state", "expected"),
    [
        ("11:59:00", "initial", ("target-initial-wait", "info")),  # a minute is normal
        ("11:57:30", "initial", ("target-initial-wait", "info")),  # so are two and a half
        ("11:30:00", "initial", ("elb-healthcheck-failed", "error")),  # half an hour is not
        ("11:30:00", "unhealthy", ("elb-healthcheck-failed", "error")),
        ("11:30:00", "healthy", None),
        ("11:30:00", "draining", ("no-registered-targets", "error")),  # nothing stays
    ],
)
def test_a_target_has_time_to_warm_up(
    started: str, state: str, expected: tuple[str, str] | None
) -> None:
    row = {"Target": {"Id": "10.0.1.23", "Port": 4100}, "TargetHealth": {"State": state}}
    change = {"target_health": {"value": [row]}, "tasks": {"value": [task(started)]}}
    report = diagnose(scenarios.snapshot(change), ["connection"])
    found = [(f.cause, f.severity) for f in report.findings]
    assert found == ([expected] if expected else [])


def test_waiting_names_the_time_to_wait_for() -> None:
    row = {"Target": {"Id": "10.0.1.23", "Port": 4100}, "TargetHealth": {"State": "initial"}}
    change = {"target_health": {"value": [row]}, "tasks": {"value": [task("11:59:00")]}}
    report = diagnose(scenarios.snapshot(change), ["connection"])
    assert "Wait until 12:03:00 UTC" in report.findings[0].summary


@pytest.mark.parametrize(
    ("rollout_began", "state", "severity", "status"),
    [
        ("11:57:00", "COMPLETED", "info", "healthy"),  # another rollout is done, and its task runs
        ("11:57:00", "IN_PROGRESS", "info", "inconclusive"),  # it is not done: nobody knows yet
        ("11:50:00", "COMPLETED", "error", "problem"),  # ECS complained of this very rollout
    ],
)
def test_what_ecs_complained_of_is_over_once_another_rollout_is_done(
    rollout_began: str, state: str, severity: str, status: str
) -> None:
    """Otherwise the repair would be called a failure until fifteen minutes have gone by."""
    rollout = scenarios.healthy()["service"]["value"]["deployments"][0]
    event = {
        "id": "e",
        "createdAt": NOON.format("11:55:00"),
        "message": "(service ash-cloud-runtime) is unable to consistently start tasks successfully.",
    }
    service = {
        "events": [event],
        "deployments": [
            {**rollout, "createdAt": NOON.format(rollout_began), "rolloutState": state}
        ],
    }
    change = {"service": {"value": service}, "tasks": {"value": [task("11:57:30")]}}
    report = diagnose(scenarios.snapshot(change), ["restarts"])
    assert [f.severity for f in report.findings if f.cause == "crash-loop"] == [severity]
    assert report.status == status
