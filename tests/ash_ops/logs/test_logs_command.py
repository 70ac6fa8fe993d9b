"""``ash-ops logs`` as a process, against a stand-in for CloudWatch Logs and ECS on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import TASKS, Faults, World, lines

ROOT = Path(__file__).parents[3]


def environment(url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret-at-all",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "PYTHONPATH": str(ROOT),
    }


def start(standin: StandIn, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ash_ops", "logs", *options],
        env=environment(standin.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def logs(standin: StandIn, *options: str) -> subprocess.CompletedProcess[str]:
    process = start(standin, *options)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def arn(number: int) -> str:
    return f"arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/{TASKS[number]}"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    made = lines(seconds=0, before=30, tasks=2, rate=10, lag=(0.0, 0.0))
    world = World(made, Faults(quota=0, page_size=70), time.time())
    with StandIn(world, latency=0.0) as running:
        yield running


def numbers(out: str) -> list[int]:
    return [int(line.rpartition("line ")[2].strip('"}')) for line in out.splitlines()]


def test_without_options_the_last_hundred_lines(standin: StandIn) -> None:
    answer = logs(standin)
    assert numbers(answer.stdout) == list(range(200, 300))
    assert (answer.returncode, answer.stderr) == (0, "")


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


def test_a_closed_pipe_ends_it_silently(standin: StandIn) -> None:
    """Even when nothing more is written: the reader's going away is noticed."""
    process = start(standin, "-f", "-n", "1")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    noise = [row for row in process.stderr.read().splitlines() if "no marks for tasks" not in row]
    process.stderr.close()
    assert noise == []


def test_ctrl_c_ends_with_130(standin: StandIn) -> None:
    process = start(standin, "-f", "-n", "1")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130


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


def test_verbose_tells_of_each_call_and_not_what_was_sent(standin: StandIn) -> None:
    answer = logs(standin, "-v", "-n", "1")
    assert numbers(answer.stdout) == [299]
    assert re.fullmatch(r"(logs:FilterLogEvents \d+ ms ok\n)+", answer.stderr)


def test_verbose_tells_the_code_of_a_refusal(standin: StandIn) -> None:
    standin.denied = {"FilterLogEvents"}
    assert re.match(
        r"logs:FilterLogEvents \d+ ms AccessDeniedException\n", logs(standin, "-v").stderr
    )


def test_without_ecs_which_task_died_is_not_guessed(standin: StandIn) -> None:
    standin.denied = {"ListTasks"}
    answer = logs(standin, "--previous")
    assert answer.returncode == 4
    assert "ecs:ListTasks" in answer.stderr


def test_following_prints_each_new_line_once() -> None:
    """Through everything at once: late lines, bursts, refusals, cut connections, lost tokens."""
    made = lines(seconds=6, before=2, tasks=3, late=(0.1, 1, 4), same_ms=5, lag=(0.0, 0.2))
    faults = Faults(
        page_size=150,
        throttled=0.15,
        server_error=0.05,
        dropped=0.05,
        empty_page=0.1,
        token_lost=0.1,
    )
    world = World([replace(one) for one in made], faults, time.time())
    with StandIn(world, latency=0.005) as standin:
        process = start(standin, "-f", "--since", "1h", "--format", "json")
        assert process.stdout is not None
        seen: list[int] = []
        while len(set(seen)) < len(made):
            seen.append(int(json.loads(process.stdout.readline())["event_id"]))
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[0]
    seen += [int(json.loads(row)["event_id"]) for row in rest.splitlines()]
    assert sorted(seen) == list(range(len(made)))
