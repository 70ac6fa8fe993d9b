"""Marks between the lines, the end of a service, hints, and the search for the task that died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ash_ops.facts.services import Service
from ash_ops.facts.tasks import Container, Task
from ash_ops.logs.hints import Hints, from_catalogue
from ash_ops.logs.request import selection
from ash_ops.logs.tasks import ServiceEnd, TaskMarks, describe, last_to_stop

ARN = "arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/8f2c1a0b99"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
RUNNING = Task(task_arn=ARN, last_status="RUNNING")
DIED = Task(
    task_arn=ARN,
    last_status="STOPPED",
    stopped_at=NOON,
    containers=(Container(name="proxy"), Container(reason="OutOfMemoryError", exit_code=137)),
)


def test_what_is_there_at_the_beginning_is_no_news() -> None:
    assert TaskMarks().update([RUNNING]) == []


def test_starts_and_stops_are_news_once() -> None:
    marks = TaskMarks()
    marks.update([])
    assert [describe(mark) for mark in marks.update([RUNNING])] == ["task 8f2c1a0b started"]
    assert marks.update([RUNNING]) == []
    assert [describe(mark) for mark in marks.update([DIED])] == [
        "task 8f2c1a0b stopped: OutOfMemoryError (exit code 137)"
    ]
    assert marks.update([]) == []


def test_a_task_that_vanishes_is_not_silently_dropped() -> None:
    marks = TaskMarks()
    marks.update([RUNNING])
    assert "no longer listed" in describe(marks.update([])[0])


@pytest.mark.parametrize("service", [None, Service(status="INACTIVE")])
def test_a_service_that_was_never_seen_has_not_ended(service: Service | None) -> None:
    """Its log may be written to all the same: by a service of another name, or an emulator."""
    assert ServiceEnd().update(service) is None


def test_a_service_that_is_gone_has_ended_when_its_tasks_have() -> None:
    end = ServiceEnd()
    assert end.update(Service(status="ACTIVE", running_count=1)) is None
    assert end.update(Service(status="DRAINING", running_count=1)) is None
    assert end.update(Service(status="INACTIVE", running_count=1)) is None
    assert end.update(Service(status="INACTIVE")) is not None
    assert end.update(None) is not None  # ECS has forgotten it


def test_the_last_to_stop_is_the_one_that_died_last() -> None:
    older = Task(task_arn="a", last_status="STOPPED", stopped_at=NOON - timedelta(seconds=1))
    assert last_to_stop([older, RUNNING, DIED]) == DIED
    assert last_to_stop([RUNNING]) is None


def test_a_hint_is_not_repeated_at_once() -> None:
    hints = Hints(lambda _: "it means this")
    assert hints.of(["an error", "fine", "another error"]).keys() == {0, 2}
    said = 0
    for _ in range(250):
        hints.passed(1)
        said += hints.is_news("it means this")
    assert said == 2


def test_the_catalogue_explains_a_line_it_knows_and_no_other() -> None:
    hint = from_catalogue('{"level":50,"msg":"SECURITY: cgroups not available on Linux"}')
    assert hint is not None
    assert "ash-ops explain sandbox-cgroups-unavailable" in hint
    assert from_catalogue('{"level":30,"msg":"request completed"}') is None


LINES = {
    "debug": '{"level":20,"msg":"x"}',
    "warning": '{"level":40,"msg":"x"}',
    "named": '{"level":"error","msg":"x"}',
    "plain": "Segmentation fault",
}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, {"debug", "warning", "named", "plain"}),
        ({"level": "warn"}, {"warning", "named", "plain"}),
        ({"level": "error"}, {"named", "plain"}),
        ({"grep": "fault$"}, {"plain"}),
        ({"task": "8F2C"}, {"debug", "warning", "named", "plain"}),
        ({"task": "arn:aws:ecs:us-east-1:1:task/ash-cloud/8f2c1a"}, set(LINES)),
        ({"task": "1a"}, set()),
        ({"task": "8f2c", "level": "warn", "grep": "level"}, {"warning", "named"}),
    ],
)
def test_what_is_wanted(options: dict[str, str], kept: set[str]) -> None:
    select = selection(**({"task": None, "level": None, "grep": None} | options))
    stream = "ash/ash/8f2c1a0b"
    events = [{"message": text, "logStreamName": stream, "name": n} for n, text in LINES.items()]
    assert {event["name"] for event in select(events)} == kept
