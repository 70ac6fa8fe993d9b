"""What is told beside the lines: of tasks that start and stop, and of streams that are never read."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.services import Service
from ash_ops.facts.tasks import Container, Task
from ash_ops.logs import tasks as tasks_module
from ash_ops.logs.streams import LateStreams
from ash_ops.logs.tasks import TaskMarks, TaskWatch, describe, why_stopped
from tests.ash_ops.logs.test_limits_of_waiting import Time, failure


def task(status: str | None, task_id: str = "8f2c1a0b99", **other: Any) -> Task:
    arn = f"arn:aws:ecs:us-east-1:1:task/ash-cloud/{task_id}"
    return Task(task_arn=arn, last_status=status, **other)


def test_what_happens_to_tasks_is_told_by_what_ecs_says_of_them() -> None:
    marks = TaskMarks()
    marks.update([task("RUNNING", "aaaaaaaa1"), task("STOPPED", "bbbbbbbb1")])
    told = marks.update([task("PENDING", "cccccccc1"), task("PROVISIONING", "dddddddd1"), task("ACTIVATING", "eeeeeeee1"), task("DEACTIVATING", "ffffffff1")])  # fmt: skip
    assert list(map(describe, told)) == [
        "task cccccccc is being started",
        "task dddddddd is being started",
        "task aaaaaaaa is no longer listed by ECS",
    ]
    told = marks.update([task("RUNNING", "cccccccc1"), task("PENDING", "dddddddd1"), task("STOPPED", "eeeeeeee1", stopped_reason="by hand"), task("DEACTIVATING", "ffffffff1")])  # fmt: skip
    assert list(map(describe, told)) == [
        "task cccccccc started",
        "task eeeeeeee stopped: by hand",
    ]


@pytest.mark.parametrize(
    ("stopped_reason", "containers", "told"),
    [
        (None, (), "ECS gives no reason"), ("Scaling activity", (), "Scaling activity"), ("Essential container exited", (Container(name="ash", exit_code=1),), "Essential container exited (exit code 1)"),
        ("Essential container exited", (Container(name="ash", reason="OutOfMemory", exit_code=137),), "OutOfMemory (exit code 137)"), (None, (Container(name="ash", reason="CannotPull"),), "CannotPull"),
    ],
)  # fmt: skip
def test_why_a_task_stopped_is_the_container_s_reason_before_the_task_s(
    stopped_reason: str | None, containers: tuple[Container, ...], told: str
) -> None:
    assert (
        why_stopped(task("STOPPED", stopped_reason=stopped_reason, containers=containers)) == told
    )


class Ecs:
    """Answers of ECS, one after the other: a failure, or the status of the one task."""

    def __init__(self, options: Any, *answers: str | ReadFailed) -> None:
        self._options = options
        self._answers = list(answers)

    def log_options(self) -> Any:
        if isinstance(self._options, ReadFailed):
            raise self._options
        return self._options

    def tasks(self) -> list[Task]:
        answer = self._answers.pop(0)
        if isinstance(answer, ReadFailed):
            raise answer
        return [task(answer)]

    def read_service(self) -> Service:
        return Service(status="ACTIVE", running_count=1)


class Pauses:
    """An event that is set after so many waits; how long each was is kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.waited: list[float] = []

    def is_set(self) -> bool:
        return len(self.waited) >= self.most

    def set(self) -> None:
        self.most = 0

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


class AtOnce:
    """A thread that runs where it is started."""

    def __init__(self, *, target: Any, name: str, daemon: bool) -> None:
        assert (name, daemon) == ("task-watch", True)
        self._target = target

    def start(self) -> None:
        self._target()


def watched(monkeypatch: pytest.MonkeyPatch, reader: Any, most: int) -> tuple[Pauses, list[str]]:
    """What a watch waits and says in so many looks."""
    pauses, said = Pauses(most), list[str]()
    monkeypatch.setattr(threading, "Thread", AtOnce)
    monkeypatch.setattr(tasks_module.threading, "Event", lambda: pauses)
    watch = TaskWatch(reader, said.append, Time(), lambda: said.append("looked"))
    watch.start()
    return pauses, said


def test_ecs_is_asked_every_five_seconds_and_more_seldom_the_longer_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    denied = failure("denied")
    ecs = Ecs({"mode": "blocking"}, "PENDING", *[denied] * 5, "RUNNING", denied)
    pauses, said = watched(monkeypatch, lambda: ecs, 8)
    assert pauses.waited == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 5.0, 10.0]
    complaint = f"no marks for tasks that start and stop for now: {denied}"
    assert [text for text in said if text != "looked"] == [complaint, "task 8f2c1a0b started"]
    assert said.count("looked") == 8


def test_a_watch_that_is_stopped_asks_no_more_and_one_without_a_reader_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, said = watched(monkeypatch, lambda: Ecs({"mode": "non-blocking"}), 0)
    assert said == ["in a burst ECS's log driver may drop lines itself (mode non-blocking, buffer 10m)"]  # fmt: skip
    assert watched(monkeypatch, lambda: Ecs(failure("denied")), 0)[1] == []
    assert watched(monkeypatch, lambda: Ecs(None), 0)[1] == []

    def nobody() -> Any:
        raise OpsError("no credentials", "none", "log in")

    _, said = watched(monkeypatch, nobody, 3)
    assert len(said) == 1
    assert said[0].startswith("no marks for tasks that start and stop for now: no credentials")


class Group:
    """A log group's streams, and their newest events; what was asked is kept."""

    def __init__(self, streams: list[Any], newest: dict[str, Any]) -> None:
        self.listed, self.newest = streams, newest
        self.streams: list[str] | None = None
        self.asked: list[str] = []
        self.lists = 0

    def streams_by_recency(self) -> list[Any]:
        self.lists += 1
        if isinstance(self.listed, ReadFailed):
            raise self.listed
        return self.listed

    def read(self, query: Query) -> Page:
        assert (query.start, query.limit, query.newest_first) == (0, 1, True)
        (name,) = self.streams or ()
        self.asked.append(name)
        event = self.newest.get(name)
        # Who does not know what "newest first" is gives older ones too.
        return Page(events=[] if event is None else [{**event, "timestamp": 1}, event])


class Followed:
    floor = 500_000_000
    streams = frozenset({"a/b/read"})


NOW = 1_000_000_000


class Clock:
    def now(self) -> int:
        return NOW


def looking(group: Any, *moments: float) -> list[str]:
    """What is said by looks at these seconds."""
    time, said = Time(), list[str]()
    follow: Any = Followed()
    clock: Any = Clock()
    late = LateStreams(group, follow, clock, time, said.append)
    for moment_ in moments:
        time.now = moment_
        late.look()
    return said


def newest(minutes_behind: float, ingested: int | None = NOW + 1) -> Any:
    base = NOW + 1 if ingested is None else ingested
    event = {"timestamp": base - int(minutes_behind * 60_000)}
    return event if ingested is None else event | {"ingestionTime": ingested}


def test_streams_are_looked_at_after_ten_seconds_and_then_once_a_minute() -> None:
    group = Group([{"logStreamName": f"a/b/{n}aaaaaaaa"} for n in range(5)], {})
    looking(group, 0.0, 9.9, 10.0, 10.1, 69.9, 70.0)
    assert group.lists == 2
    assert group.asked == [f"a/b/{n}aaaaaaaa" for n in (0, 1, 2)] * 2  # three calls of the quota
    failing = Group([], {})
    failing.listed = failure("throttled")  # type: ignore[assignment]  # it fails
    assert looking(failing, 0.0, 10.0, 70.0) == []
    assert failing.lists == 2


@pytest.mark.parametrize(
    ("minutes", "told"), [(10_000.0, 10_001), (9_000.5, 9_001), (8_333.4, 8_334), (8_333.2, None), (1.0, None)]
)  # fmt: skip
def test_a_stream_that_stamps_lines_older_than_the_floor_is_told_once_with_the_window_that_prints_them(
    minutes: float, told: int | None
) -> None:
    name = "a/b/cccccccc99"
    group = Group([{"logStreamName": name, "lastIngestionTime": NOW}], {name: newest(minutes)})
    said = looking(group, 0.0, 10.0, 70.0, 130.0)
    if told is None:
        assert said == []
        return
    (text,) = said
    assert text == (
        f"task cccccccc stamps its lines {told} min in the past: they are older than the late window "
        f"and not printed; --late-window {told + 1}m prints them"
    )
    assert group.asked == [name]


@pytest.mark.parametrize(
    ("stream", "event", "asked"),
    [
        ({"lastIngestionTime": NOW - 1}, newest(9e3), False), ({}, newest(9e3), True), ({"lastIngestionTime": NOW}, newest(9e3, NOW - 1), True), ({"lastIngestionTime": NOW}, newest(9e3, None), True),
        ({"lastIngestionTime": NOW}, None, True), ({"logStreamName": "a/b/read"}, newest(9e3), False),
    ],
)  # fmt: skip
def test_a_stream_that_nobody_wrote_to_since_is_not_late_whatever_its_newest_line_says(
    stream: Any, event: Any, asked: bool
) -> None:
    named = {"logStreamName": "a/b/cccccccc99", **stream}
    group = Group([named], {"a/b/cccccccc99": event})
    said = looking(group, 0.0, 10.0)
    assert bool(group.asked) is asked
    assert bool(said) is (stream == {})
