"""What tasks died of counts for the revision that is in place; of another one it is told as past."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.checks._attempts import is_of_another
from tests.ash_ops.checks.test_one_fact_decides import asked
from tests.support import scenarios

CHANGE, _ = scenarios.parts("older-revision-crashed-before-the-fix")
DEAD: list[dict[str, Any]] = CHANGE["stopped_tasks"]["value"]
FAMILY = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"
DEPLOYED = datetime(2026, 11, 22, 11, 50, tzinfo=UTC)


def died(*numbers: int, beside: Sequence[Any] = (), **more: Any) -> list[Any]:
    """What is said where tasks of these revisions died and the seventh is deployed since 11:50."""
    service = deepcopy(scenarios.healthy()["service"]["value"])
    rollout = {
        **service["deployments"][0],
        "createdAt": "2026-11-22T11:50:00Z",
        "rolloutState": "IN_PROGRESS",
        "runningCount": 0,
        "updatedAt": "2026-11-22T11:50:00Z",
    }
    dead = [
        {**DEAD[place], "taskDefinitionArn": f"{FAMILY}:{number}", **more}
        for place, number in enumerate(numbers)
    ]
    change: dict[str, Any] = {
        "stopped_tasks": {"value": [*dead, *beside]},
        "service": {"value": {"deployments": [rollout], "events": [], "runningCount": 0}},
    }
    change["tasks"] = {"value": []}
    return list(asked("stopped-tasks", change).findings)


def test_deaths_of_the_revision_before_are_past_since_the_other_was_deployed() -> None:
    (found,) = died(6, 6, 6)
    assert found.severity == "info"
    assert found.until == DEPLOYED
    assert found.summary.endswith(" Another revision was deployed since.")
    assert [step.command.split()[:2] for step in found.fix] == [["ash-ops", "doctor"]]


def test_deaths_of_the_revision_in_place_are_an_error_now() -> None:
    (found,) = died(7, 7, 7, createdAt="2026-11-22T11:51:00Z", stoppedAt="2026-11-22T11:53:00Z")
    assert (found.severity, found.until) == ("error", None)
    assert "Another revision" not in found.summary


def test_of_deaths_of_both_only_those_of_the_revision_in_place_count() -> None:
    """Two of the sixth died before the seventh was deployed, which then died once."""
    later = {"createdAt": "2026-11-22T11:51:00Z", "stoppedAt": "2026-11-22T11:53:00Z"}
    (of_now,) = died(7, **later)
    old = [{**each, "taskDefinitionArn": f"{FAMILY}:6"} for each in DEAD[1:]]
    (both,) = died(7, beside=old, **later)
    assert (both.summary, both.until) == (of_now.summary, None)


@pytest.mark.parametrize(("of", "severity"), [("another", "warning"), ("this", "error")])
def test_deaths_of_the_same_revision_are_past_where_ecs_took_their_deployment_back(
    of: str, severity: str
) -> None:
    """It may have been moved to another network, in which nothing answered."""
    (rollout,) = deepcopy(scenarios.healthy()["service"]["value"]["deployments"])
    by = rollout["id"] if of == "this" else "ecs-svc/77"
    times = {"createdAt": "2026-11-22T11:52:00Z", "stoppedAt": "2026-11-22T11:56:00Z"}
    own = {"taskDefinitionArn": f"{FAMILY}:7", "startedBy": by}
    change = {
        "stopped_tasks": {"value": [{**each, **own, **times} for each in DEAD]},
        "stack": {
            "value": {"Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": f"{FAMILY}:7"}]}
        },
    }
    (found,) = asked("stopped-tasks", change).findings
    assert found.severity == severity


@pytest.mark.parametrize(
    ("code", "exits", "cause"),
    [
        ("EssentialContainerExited", 139, "exit-139"),
        ("EssentialContainerExited", 1, "app-crash"),
    ],
)
def test_a_signal_that_ended_the_process_tells_more_than_that_it_ended(
    code: str, exits: int, cause: str
) -> None:
    containers = [{"name": "ash", "lastStatus": "STOPPED", "exitCode": exits}]
    (found,) = died(6, stopCode=code, containers=containers)
    assert found.cause == cause


def test_a_stop_code_that_nobody_knows_is_left_open() -> None:
    strange = {"stopCode": "CosmicRay", "stoppedReason": "It met one.", "containers": []}
    change = {"stopped_tasks": {"value": [{**DEAD[0], **strange}]}, "tasks": {"value": []}}
    found = asked("stopped-tasks", change)
    assert found.findings == ()
    (unknown,) = found.unknown
    assert "stopped with stopCode CosmicRay, which this version does not know" in unknown.reason


def test_a_task_that_was_asked_for_when_a_deployment_began_is_of_it() -> None:
    facts = scenarios.snapshot(CHANGE)
    primary = facts.service.get().deployments[0]
    (task, *_) = facts.stopped_tasks.get()
    assert primary.created_at is not None
    other = replace(task, task_definition_arn=f"{FAMILY}:6")
    for before, expected in ((timedelta(0), False), (timedelta(microseconds=1), True)):
        asked_for = replace(other, created_at=primary.created_at - before)
        assert is_of_another(asked_for, primary, facts) is expected
