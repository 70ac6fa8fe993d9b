"""Rollouts by their age and by ECS's own record; records of logs, denials and hooks: three answers each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report, diagnose
from tests.support import scenarios

HEALTHY = scenarios.healthy()
ROLLOUTS = HEALTHY["service_deployments"]["value"]
DAY = "2026-11-22T{}Z"


def rolling(began: str, **told: Any) -> dict[str, Any]:
    """The facts of a rollout that began at a time of the day and is not done."""
    service = copy.deepcopy(HEALTHY["service"]["value"])
    primary = service["deployments"][0]
    primary |= {"createdAt": DAY.format(began), "rolloutState": "IN_PROGRESS", "runningCount": 0}
    newest = {
        **ROLLOUTS[0],
        "serviceDeploymentArn": ROLLOUTS[0]["serviceDeploymentArn"].replace("d7", "d8"),
        "createdAt": DAY.format(began),
        "status": "IN_PROGRESS",
        "targetServiceRevision": {"arn": "arn:aws:ecs:us-east-1:1:service-revision/a/b/r8"},
        **told,
    }
    newest.pop("finishedAt", None)
    return {
        "service": {"value": service},
        "service_deployments": {"value": [newest, *ROLLOUTS]},
    }


def report(change: dict[str, Any]) -> Report:
    return diagnose(scenarios.snapshot(change))


def found(change: dict[str, Any], cause: str) -> Finding | None:
    return next((f for f in report(change).findings if f.cause == cause), None)


def in_doubt(change: dict[str, Any]) -> set[str]:
    return {unknown.check for unknown in report(change).unknown}


@pytest.mark.parametrize(
    ("began", "longest", "stuck"),
    [
        ("11:46:00", "09:04:00", False),  # 14 minutes: nothing is late before 15
        ("11:44:00", "09:04:00", True),  # 16 minutes, where 4 were enough
        ("11:20:00", "09:49:50", False),  # 40 minutes, where 50 are usual
        ("11:05:00", "09:49:50", True),  # 55 minutes, where 50 were the longest
    ],
)
def test_a_rollout_is_late_by_what_this_services_rollouts_take(
    began: str, longest: str, stuck: bool
) -> None:
    change = rolling(began)
    done = {**ROLLOUTS[0], "finishedAt": DAY.format(longest)}
    change["service_deployments"]["value"][1] = done
    assert (found(change, "rollout-stuck") is not None) is stuck


def test_a_rollout_whose_record_was_denied_is_not_called_late() -> None:
    """How long this service's rollouts take is not known then."""
    denied = scenarios.gap(action="ecs:DescribeServiceDeployments")
    change = rolling("11:00:00") | {"service_deployments": denied}
    assert found(change, "rollout-stuck") is None
    assert {"rollout-progress", "rollout-outcome"} <= in_doubt(change)


@pytest.mark.parametrize(("runs", "stuck"), [(0, True), (1, False)])
def test_a_rollout_without_its_record_is_stuck_where_none_of_its_tasks_runs_after_hours(
    runs: int, stuck: bool
) -> None:
    change = rolling("08:00:00")
    change["service_deployments"] = scenarios.gap(action="ecs:DescribeServiceDeployments")
    change["service"]["value"]["deployments"][0]["runningCount"] = runs
    assert (found(change, "rollout-stuck") is not None) is stuck
    assert {"rollout-progress", "rollout-outcome"} <= in_doubt(change)


def test_a_service_that_shall_run_nothing_has_no_rollout_that_is_stuck() -> None:
    change = rolling("08:00:00")
    change["service"]["value"]["desiredCount"] = 0
    assert found(change, "rollout-stuck") is None


def test_a_way_back_that_is_stuck_is_not_sent_back_again() -> None:
    stuck = found(rolling("08:00:00", status="ROLLBACK_IN_PROGRESS"), "rollout-stuck")
    assert stuck is not None
    assert stuck.summary.startswith("The way back from")
    assert not any("stop-service-deployment" in (s.command or "") for s in stuck.fix)


@pytest.mark.parametrize(
    ("status", "more", "cause", "words"),
    [
        ("ROLLBACK_SUCCESSFUL", {"rollback": {"reason": "It was bad."}}, "deployment-rolled-back", "It was bad"),
        (
            "ROLLBACK_SUCCESSFUL",
            {"alarms": {"status": "TRIGGERED", "triggeredAlarmNames": ["ash-5xx", "ash-slow"]}},
            "deployment-rolled-back",
            "ash-5xx, ash-slow",
        ),
        ("ROLLBACK_FAILED", {}, "rollback-failed", "ECS gives no reason"),
        ("STOPPED", {"statusReason": "Stopped by ann"}, "rollout-stopped", "Stopped by ann"),
        (
            "STOPPED",
            {"deploymentCircuitBreaker": {"status": "TRIGGERED", "failureCount": 3, "threshold": 3}},
            "circuit-breaker",
            "3 tasks failed, 3 were allowed",
        ),
    ],
)  # fmt: skip
def test_a_rollout_that_ended_badly_is_told_with_its_reason(
    status: str, more: dict[str, Any], cause: str, words: str
) -> None:
    ended = {**ROLLOUTS[0], "status": status, "finishedAt": DAY.format("11:40:00"), **more}
    item = found({"service_deployments": {"value": [ended, ROLLOUTS[1]]}}, cause)
    assert item is not None
    assert item.severity == "error"
    assert words in item.summary


def test_a_rollout_that_ended_badly_before_another_one_went_well_is_history() -> None:
    ended = {**ROLLOUTS[1], "status": "ROLLBACK_FAILED"}
    assert report({"service_deployments": {"value": [ROLLOUTS[0], ended]}}).status == "healthy"


def logging(**options: str) -> dict[str, Any]:
    definition = copy.deepcopy(HEALTHY["task_definition"]["value"])
    definition["containerDefinitions"][0]["logConfiguration"]["options"] |= options
    return {"task_definition": {"value": definition}}


@pytest.mark.parametrize(
    ("options", "default", "lost"),
    [
        ({"mode": "blocking"}, "non-blocking", False),
        ({"mode": "non-blocking"}, "blocking", True),  # 10m are too few
        ({"mode": "non-blocking", "max-buffer-size": "1m"}, "blocking", True),
        ({"mode": "non-blocking", "max-buffer-size": "24576k"}, "blocking", True),
        ({"mode": "non-blocking", "max-buffer-size": "25m"}, "blocking", False),
        ({"mode": "non-blocking", "max-buffer-size": "1g"}, "blocking", False),
        ({"mode": "non-blocking", "max-buffer-size": "plenty"}, "blocking", True),
        ({}, "non-blocking", True),
        ({"max-buffer-size": "32m"}, "non-blocking", False),
        ({}, "blocking", False),
    ],
)
def test_lines_are_lost_by_mode_and_buffer(
    options: dict[str, str], default: str, lost: bool
) -> None:
    change = logging(**options) | {"log_driver_mode": {"value": default}}
    told = found(change, "log-lines-lost")
    assert (told is not None) is lost
    if told:
        quoted = {each.field.rpartition(".")[2]: each.value for each in told.evidence}
        assert quoted["max-buffer-size"] == options.get("max-buffer-size", "not set (10m)")


def test_an_accounts_default_that_was_not_read_is_open_only_where_it_counts() -> None:
    denied = {"log_driver_mode": scenarios.gap(action="ecs:ListAccountSettings")}
    assert "log-loss" in in_doubt(denied)
    assert "log-loss" not in in_doubt(denied | logging(mode="blocking"))


@pytest.mark.parametrize(
    ("reading", "place", "value"),
    [
        ("nat_gateways", "State", "sleepy"),
        ("load_balancers", "Scheme", "diagonal"),
        ("listeners", "Protocol", "SMOKE"),
    ],
)
def test_a_word_that_nobody_knows_is_told_and_leaves_it_open(
    reading: str, place: str, value: str
) -> None:
    rows = copy.deepcopy(HEALTHY[reading].get("value") or [{"NatGatewayId": "nat-1"}])
    rows[0][place] = value
    unknown = {u.check: u for u in report({reading: {"value": rows}}).unknown}
    assert repr(value) in unknown["unknown-values"].reason


def test_a_nat_gateway_in_a_state_nobody_knows_is_no_proven_block() -> None:
    rows = [{"NatGatewayId": "nat-1", "State": "sleepy"}]
    assert report({"nat_gateways": {"value": rows}}).status == "inconclusive"
