"""``ash-ops logs`` in this process, against a stand-in for CloudWatch Logs and ECS on loopback."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.ash_ops.logs.conftest import environment, numbers
from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import TASKS, Faults, World
from tests.support.person import apart


@dataclass(frozen=True)
class Answer:
    """What a command leaves."""

    returncode: int
    stdout: str
    stderr: str


def logs(standin: StandIn, *options: str) -> Answer:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "ASH_"))]:
            patch.delenv(name)
        for name, value in environment(standin.url).items():
            patch.setenv(name, value)
        return Answer(*apart("logs", *options))


def arn(number: int) -> str:
    return f"arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/{TASKS[number]}"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("-n", "3"), [297, 298, 299]),
        (("-n", "2", "--task", TASKS[0][:4]), [296, 298]),
        (("-n", "2", "--grep", "line 1.5$"), [185, 195]),
        (("--since", "1h"), list(range(300))),
        (("--since", "1h", "-n", "2"), [298, 299]),
    ],
)
def test_choosing_lines(standin: StandIn, options: tuple[str, ...], expected: list[int]) -> None:
    assert numbers(logs(standin, *options).stdout) == expected


def test_json_lines(standin: StandIn) -> None:
    rows = [
        json.loads(row)
        for row in logs(standin, "--format", "json", "-n", "2").stdout.split("\n")[:-1]
    ]
    assert [row["message"] for row in rows] == ["line 298", "line 299"]
    assert rows[0].keys() >= {"timestamp", "ingested", "task", "stream", "event_id", "message"}


def test_a_missing_group_is_named_with_why(standin: StandIn) -> None:
    answer = logs(standin, "--name", "elsewhere")
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "/elsewhere/runtime does not exist" in answer.stderr
    assert "us-east-1" in answer.stderr


def test_following_a_missing_group_without_a_service_ends(standin: StandIn) -> None:
    assert logs(standin, "-f", "--name", "elsewhere").returncode == 1


def test_the_group_is_found_through_the_task_definition(standin: StandIn) -> None:
    """A deployment made by other means may log elsewhere."""
    standin.groups = {"/made/otherwise"}
    standin.service = {"status": "ACTIVE", "taskDefinition": "td:1"}
    options = {"awslogs-group": "/made/otherwise"}
    standin.task_definition = {"containerDefinitions": [{"logConfiguration": {"options": options}}]}
    answer = logs(standin, "-n", "1")
    assert numbers(answer.stdout) == [299]
    assert "/made/otherwise" in answer.stderr


def test_an_empty_group_says_so() -> None:
    with StandIn(World([], Faults(), time.time())) as standin:
        answer = logs(standin)
    assert answer.returncode == 1
    assert "/ash-cloud/runtime is empty" in answer.stderr
    assert "ash-ops doctor" in answer.stderr


def test_no_match_is_not_an_error(standin: StandIn) -> None:
    answer = logs(standin, "--grep", "nowhere")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert "matches" in answer.stderr


def test_a_denied_read_names_the_permission(standin: StandIn) -> None:
    standin.denied = {"FilterLogEvents"}
    answer = logs(standin)
    assert answer.returncode == 1
    assert "logs:FilterLogEvents" in answer.stderr


@pytest.mark.parametrize(
    "options",
    [("--since", "soon"), ("--grep", "("), ("-f", "--until", "5m"), ("--late-window", "x")],
)
def test_what_cannot_be_right_is_wrong_usage(standin: StandIn, options: tuple[str, ...]) -> None:
    assert logs(standin, *options).returncode == 2


def test_the_task_that_died_and_why(standin: StandIn) -> None:
    standin.service = {"status": "ACTIVE"}
    oom: dict[str, Any] = {"exitCode": 137, "reason": "OutOfMemoryError: Container killed"}
    standin.tasks = [
        {"taskArn": arn(0), "lastStatus": "RUNNING"},
        {"taskArn": arn(1), "lastStatus": "STOPPED", "stoppedAt": 5.0, "containers": [oom]},
    ]
    answer = logs(standin, "--previous", "-n", "2")
    assert numbers(answer.stdout) == [297, 299]
    assert "OutOfMemoryError" in answer.stderr
    assert "137" in answer.stderr


def test_the_archive_knows_a_death_that_ecs_has_forgotten(standin: StandIn) -> None:
    standin.service = {"status": "ACTIVE"}
    standin.tasks = [{"taskArn": arn(0), "lastStatus": "RUNNING"}]
    detail = {
        "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/ash-cloud",
        "group": "service:ash-cloud",
        "taskArn": arn(1),
        "lastStatus": "STOPPED",
        "stoppedAt": "2026-11-22T10:00:00Z",
        "containers": [{"exitCode": 137, "reason": "OutOfMemoryError: Container killed"}],
    }
    message = json.dumps({"detail-type": "ECS Task State Change", "detail": detail})
    standin.groups.add("/ash-cloud/events")
    standin.archive = [{"timestamp": 1, "message": "no JSON"}, {"timestamp": 2, "message": message}]
    answer = logs(standin, "--previous", "-n", "2")
    assert numbers(answer.stdout) == [297, 299]
    assert "stopped at 2026-11-22T10:00:00.000Z: OutOfMemoryError" in answer.stderr


def test_without_ecs_which_task_died_is_not_guessed(standin: StandIn) -> None:
    standin.denied = {"ListTasks"}
    answer = logs(standin, "--previous")
    assert answer.returncode == 4
    assert "ecs:ListTasks" in answer.stderr


def test_an_archive_that_says_no_more_than_that_is_no_death(standin: StandIn) -> None:
    """Then the streams tell of the newest task that does not run, and nobody says why it stopped."""
    standin.service = {"status": "ACTIVE"}
    standin.tasks = [{"taskArn": arn(1), "lastStatus": "RUNNING"}]
    standin.groups.add("/ash-cloud/events")
    standin.archive = [{"timestamp": 1, "message": "no JSON"}]
    answer = logs(standin, "--previous", "-n", "2")
    assert numbers(answer.stdout) == [296, 298]
    assert f"task {TASKS[0][:8]} ran before; why it stopped is no longer known" in answer.stderr


def test_of_tasks_that_all_run_none_is_the_previous_one(standin: StandIn) -> None:
    standin.service = {"status": "ACTIVE"}
    standin.tasks = [{"taskArn": arn(n), "lastStatus": "RUNNING"} for n in (0, 1)]
    answer = logs(standin, "--previous")
    assert answer.returncode == 1
    assert "There is no previous task" in answer.stderr
    assert "every task that wrote to /ash-cloud/runtime still runs" in answer.stderr


def test_a_group_given_by_hand_is_read_and_no_other_looked_for(standin: StandIn) -> None:
    standin.groups = {"/by/hand"}
    assert numbers(logs(standin, "--log-group", "/by/hand", "-n", "1").stdout) == [299]
    answer = logs(standin, "--log-group", "/by/mistake")
    assert answer.returncode == 1
    assert "The log group /by/mistake does not exist" in answer.stderr


def test_an_expression_that_is_none_says_so(standin: StandIn) -> None:
    answer = logs(standin, "--grep", "(")
    assert "--grep '(' cannot be used" in answer.stderr
    assert "it is not a regular expression" in answer.stderr


def test_who_wants_no_line_is_not_told_that_there_is_none(standin: StandIn) -> None:
    assert logs(standin, "-n", "0") == Answer(0, "", "")
