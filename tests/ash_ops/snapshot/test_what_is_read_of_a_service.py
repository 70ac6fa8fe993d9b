"""Which tasks and events are those of the service, how many are read, and what of a stack is handed on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.facts.stacks import Stack, StackEvent, StackParameter
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.readings import service, stack
from tests.ash_ops.snapshot.test_small_readings import OURS, Context, archived, done

CLUSTER = "arn:aws:ecs:us-east-1:1:cluster/ash-cloud"


def of_host(kind: str = "ECS Container Instance State Change", **detail: Any) -> dict[str, Any]:
    found = {"clusterArn": CLUSTER, "updatedAt": "2026-11-27T12:01:00Z", **detail}
    return {"message": json.dumps({"detail-type": kind, "time": "2026-11-27T12:05:00Z", "detail": found})}  # fmt: skip


@pytest.mark.parametrize(
    ("updated", "minute"),
    [("2026-11-27T12:01:00Z", 1), ("2026-11-27T14:02:00+02:00", 2), ("2026-11-27T12:03:00", 3), (None, 5), ("", 5)],
)  # fmt: skip
def test_an_instance_changed_when_it_says_or_when_the_event_was_sent(
    updated: str | None, minute: int
) -> None:
    """A time without a zone is that of UTC, as AWS means it."""
    row = service.host_event(of_host(updatedAt=updated), "ash-cloud")
    assert row is not None
    assert row["at"] == datetime(2026, 11, 27, 12, minute, tzinfo=UTC)
    assert row["instance"]["clusterArn"] == CLUSTER


NO_EVENT: list[dict[str, Any]] = [
    {}, {"message": None}, {"message": "no json"}, {"message": "[]"}, {"message": "7"}, {"message": "{}"},
    {"message": '{"detail": 7}'}, {"message": '{"detail": {}}'},
]  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [
        *NO_EVENT, of_host(kind="ECS Task State Change"), of_host(clusterArn=f"{CLUSTER}-2"), of_host(clusterArn="arn:aws:ecs:us-east-1:1:cluster/other"),
        of_host(updatedAt="yesterday"), of_host(updatedAt=7),
    ],
)  # fmt: skip
def test_what_is_no_change_of_an_instance_of_ours_is_passed_over(event: dict[str, Any]) -> None:
    assert service.host_event(event, "ash-cloud") is None


@pytest.mark.parametrize(
    "event",
    [*NO_EVENT, archived({}), archived({"stoppedAt": "yesterday"}), archived({"stoppedAt": "2026-11-27T12:01:00Z"}, clusterArn=None)],
)  # fmt: skip
def test_what_is_no_stopped_task_is_passed_over(event: dict[str, Any]) -> None:
    assert service.archived_task(event, OURS) is None


def test_of_a_task_the_last_event_counts_and_the_newest_task_comes_first() -> None:
    def stopped(arn: str, minute: int, reason: str) -> dict[str, Any]:
        moment = {"stoppedAt": f"2026-11-27T12:{minute:02}:00Z"}
        return archived(moment, taskArn=arn, stoppedReason=reason)

    events = [stopped("t1", 1, "first"), stopped("t2", 9, "newest"), stopped("t1", 2, "last"), of_host()]  # fmt: skip
    context: Any = Context(_archive=events)
    told = service.archived_tasks(context) or ()
    assert [(each.at.minute, each.task.stopped_reason) for each in told] == [
        (9, "newest"),
        (2, "last"),
    ]


def test_what_became_of_instances_comes_newest_first() -> None:
    events = [of_host(updatedAt=f"2026-11-27T12:0{n}:00Z", ec2InstanceId=f"i-{n}") for n in (1, 3, 2)]  # fmt: skip
    context: Any = Context(_archive=[*events, archived({"stoppedAt": "2026-11-27T12:01:00Z"})])
    told = service.host_events(context)
    assert [(each.at.minute, each.instance.id) for each in told] == [(3, "i-3"), (2, "i-2"), (1, "i-1")]  # fmt: skip


@pytest.mark.parametrize(
    ("stopped", "hosts", "asked"),
    [(2, False, True), (3, False, False), (3, True, True), (0, None, True), (3, None, False)],
)
def test_the_archive_is_asked_where_ecs_remembers_few_or_where_there_are_instances(
    monkeypatch: pytest.MonkeyPatch, stopped: int, *, hosts: bool | None, asked: bool
) -> None:
    monkeypatch.setattr(service.logs, "events_since", lambda *_, **__: iter([{"message": "x"}]))
    found = None if hosts is None else SimpleNamespace(uses_hosts=hosts)
    groups = [SimpleNamespace(log_group_name="/ash-cloud/events")]
    context: Any = Context(_log_groups=groups, service=found, stopped_tasks=("task",) * stopped)
    context.clock = lambda: datetime(2026, 11, 27, tzinfo=UTC)
    assert service.archive(context) == ([{"message": "x"}] if asked else [])


def at(hour: int) -> datetime:
    return datetime(2026, 11, 27, hour, tzinfo=UTC)


class Listing(Context):
    """A pool that does its work at once, and the sentences about what was left out."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: list[str] = []
        self.run: Any = SimpleNamespace(pool=SimpleNamespace(submit=lambda job: done(job())))


def listed(
    monkeypatch: pytest.MonkeyPatch, tasks: list[Task], desired: str, *, page: int = 250, limit: int = 500
) -> tuple[list[str], list[int], list[str]]:  # fmt: skip
    """The ARNs of what is told, how many each call asked for, and the limits."""
    by_arn, sizes = {task.task_arn: task for task in tasks}, []

    def pages(_aws: Any, cluster: str, name: str, wanted: str, *, limit: int) -> Any:
        assert (cluster, name, wanted) == ("ash-cloud", "ash-cloud-runtime", desired)
        arns = list(by_arn)[:limit]
        return [arns[start : start + page] for start in range(0, len(arns), page)]

    def described(_aws: Any, cluster: str, arns: list[str]) -> list[Task]:
        assert cluster == "ash-cloud"
        sizes.append(len(arns))
        return [by_arn[arn] for arn in arns]

    monkeypatch.setattr(service.ecs, "task_arn_pages", pages)
    monkeypatch.setattr(service.ecs, "tasks", described)
    context: Any = Listing()
    several = service.tasks_of(context, "ash-cloud-runtime", desired, limit)
    return [each.task_arn for each in several.join(several.parts)], sizes, context.limits


@pytest.mark.parametrize(
    ("there", "sizes", "is_limit"),
    [(0, [], False), (1, [1], False), (100, [100], False), (101, [100, 1], False), (260, [100, 100, 50, 10], False), (300, [100, 100, 50, 50], True), (301, [100, 100, 50, 50], True)],
)  # fmt: skip
def test_tasks_are_described_by_the_hundred_and_what_was_left_out_is_said(
    monkeypatch: pytest.MonkeyPatch, there: int, sizes: list[int], *, is_limit: bool
) -> None:
    tasks = [Task(task_arn=f"t{number}") for number in range(there)]
    told, asked, limits = listed(monkeypatch, tasks, "RUNNING", limit=300)
    assert (len(told), asked) == (min(there, 300), sizes)
    assert limits == (["Only the first 300 running tasks of ash-cloud-runtime were read."] if is_limit else [])  # fmt: skip


OWN, FOREIGN = "service:ash-cloud-runtime", "service:ash-cloud-runtime-2"
TASKS = [
    Task(task_arn="old", group=OWN, last_status="RUNNING", created_at=at(1)),
    Task(task_arn="new", last_status="RUNNING", created_at=at(3)),
    Task(task_arn="other", group=FOREIGN, last_status="RUNNING", created_at=at(9)),
    Task(task_arn="ending", group=OWN, last_status="RUNNING", desired_status="STOPPED", created_at=at(4), stopping_at=at(5)),
    Task(task_arn="dead", group=OWN, last_status="STOPPED", desired_status="STOPPED", created_at=at(2), stopped_at=at(8)),
    Task(task_arn="timeless", group=OWN, last_status="PENDING"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("desired", "told"), [("RUNNING", ["new", "old", "timeless"]), ("STOPPED", ["dead", "ending"])]
)
def test_tasks_of_the_service_alone_are_told_newest_first_and_each_on_one_list(
    monkeypatch: pytest.MonkeyPatch, desired: str, told: list[str]
) -> None:
    """A task that is being stopped is one that has ended, whatever ECS still lists it under."""
    found, _, limits = listed(monkeypatch, TASKS, desired)
    assert (found, limits) == (told, [])


def test_of_a_stack_s_parameters_that_of_a_check_is_handed_on_alone() -> None:
    given = tuple(StackParameter(parameter_key=key, parameter_value="2") for key in ("RunnerCount", "Image", "VpcId"))  # fmt: skip
    found = Stack(name="ash-cloud", status="CREATE_COMPLETE", given_parameters=given)
    context: Any = Context(_stack=found)
    told = stack.stack(context)
    assert told is not None
    assert [p.parameter_key for p in told.given_parameters] == ["RunnerCount"]
    assert (told.name, told.status) == ("ash-cloud", "CREATE_COMPLETE")


@pytest.mark.parametrize(
    ("status", "is_asked"),
    [("REVIEW_IN_PROGRESS", True), ("CREATE_FAILED", True), ("UPDATE_FAILED", True), ("ROLLBACK_COMPLETE", True), ("UPDATE_COMPLETE", False), ("UPDATE_ROLLBACK_COMPLETE", False), ("DELETE_FAILED", False)],
)  # fmt: skip
def test_the_validation_is_asked_for_where_a_stack_may_have_failed_it(
    monkeypatch: pytest.MonkeyPatch, status: str, *, is_asked: bool
) -> None:
    event, found = StackEvent(logical_id="a", status="X"), StackEvent(logical_id="v")
    monkeypatch.setattr(stack.cloudformation, "validation_events", lambda *_: (found,))
    context: Any = Context(_stack_events=(event,), stack=Stack(status=status), cluster="c", service="s")  # fmt: skip
    assert stack.stack_events(context) == ((event, found) if is_asked else (event,))


@pytest.mark.parametrize(("cluster", "own", "asked"), [("c", "s", False), (None, "s", True), ("c", None, True), (None, None, True)])  # fmt: skip
def test_a_stack_that_deleted_itself_is_looked_for_where_cluster_or_service_is_not_there(
    monkeypatch: pytest.MonkeyPatch, cluster: str | None, own: str | None, *, asked: bool
) -> None:
    gone, looked = StackEvent(logical_id="gone"), list[str]()
    monkeypatch.setattr(stack.cloudformation, "deleted_stack_id", lambda _, name: looked.append(name) or "arn:1")  # fmt: skip
    monkeypatch.setattr(stack.cloudformation, "latest_events", lambda _, name: [gone] if name == "arn:1" else [])  # fmt: skip
    context: Any = Context(_stack_events=(), cluster=cluster, service=own)
    assert stack.stack_events(context) == ((gone,) if asked else None)
    assert looked == (["ash-cloud"] if asked else [])
    monkeypatch.setattr(stack.cloudformation, "deleted_stack_id", lambda *_: None)
    assert stack.stack_events(context) is None
