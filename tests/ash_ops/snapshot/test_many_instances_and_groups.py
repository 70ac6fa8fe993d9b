"""Many instances are read a hundred at a time and not without end; groups and activities in their order."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.machines import hosts as machines
from ash_ops.facts.hosts import ScalingActivity
from ash_ops.facts.model import fact_of
from ash_ops.facts.services import Service
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.readings import hosts, logs
from tests.ash_ops.snapshot.test_what_a_role_must_be_allowed import Readings

ON_EC2 = fact_of(Service, {"launchType": "EC2"})
ON_FARGATE = fact_of(Service, {"launchType": "FARGATE"})


def context_of(**found: Any) -> Any:
    context = Readings(found.pop("definition", None), service=found.pop("service", ON_EC2), **found)
    context.limits = []  # type: ignore[attr-defined]  # what a report says was not read
    return context


@pytest.mark.parametrize(
    ("there", "read", "calls"), [(0, 0, 0), (1, 1, 1), (100, 100, 1), (300, 300, 3), (301, 300, 3)]
)
def test_three_hundred_instances_are_read_and_more_are_said_not_to_be(
    monkeypatch: pytest.MonkeyPatch, there: int, read: int, calls: int
) -> None:
    asked: list[list[str]] = []

    def described(_aws: Any, cluster: str, arns: list[str]) -> tuple[str, ...]:
        assert cluster == "ash-cloud"
        asked.append(arns)
        return tuple(arns)

    every = [f"arn-{number}" for number in range(there)]
    monkeypatch.setattr(machines, "instance_arns", lambda *_: every)
    monkeypatch.setattr(machines, "instances", described)
    context = context_of()
    found: Any = hosts.container_instances(context)
    assert list(found) == every[:read]
    assert [len(part) <= 100 for part in asked] == [True] * calls
    told = ["Only the first 300 instances of ash-cloud were read."] if there > read else []
    assert context.limits == told


@pytest.mark.parametrize(
    "read", [hosts.container_instances, hosts.capacity_providers, hosts.scaling_groups]
)
def test_a_service_on_fargate_has_none_of_them(read: Any) -> None:
    with pytest.raises(Absent):
        read(context_of(service=ON_FARGATE))


def test_activities_come_newest_first_and_those_without_a_time_last() -> None:
    times = (None, "2026-11-22T09:00:00Z", "2026-11-23T09:00:00Z", None, "2026-11-22T10:00:00Z")
    every = [
        fact_of(ScalingActivity, {"ActivityId": str(number), **({"StartTime": at} if at else {})})
        for number, at in enumerate(times)
    ]
    assert [each.activity_id for each in hosts._newest_first(every)] == ["2", "4", "1", "0", "3"]


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        pytest.param({"awslogs-group": "/ash-cloud/runtime"}, None, id="ours is among those read"),
        pytest.param({}, None, id="the name it would have"),
        pytest.param({"awslogs-group": "/team/logs"}, ("/team/logs", None), id="anywhere else"),
        pytest.param(
            {"awslogs-group": "/ash-cloud/runtime", "awslogs-region": "eu-west-1"},
            ("/ash-cloud/runtime", "eu-west-1"),
            id="in another region",
        ),
        pytest.param(
            {"awslogs-group": "/ash-cloud/runtime", "awslogs-region": "us-east-1"},
            None,
            id="in this region by its name",
        ),
        pytest.param(
            {"awslogs-group": "/ash-cloud-2/runtime"},
            ("/ash-cloud-2/runtime", None),
            id="of a name that begins alike",
        ),
    ],
)
def test_the_group_that_the_task_writes_to_is_asked_for_only_where_it_was_not_read(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], asked: tuple[str, str | None] | None
) -> None:
    calls: list[tuple[str, str | None]] = []

    class Group:
        def __init__(self, name: str) -> None:
            self.log_group_name = name

    def groups(_aws: Any, name: str, *, region: str | None = None) -> tuple[Group, ...]:
        calls.append((name, region))
        return (Group(f"{name}-longer"), Group(name))

    monkeypatch.setattr(logs.logs, "log_groups", groups)
    container = {"name": "ash", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    written = fact_of(TaskDefinition, {"containerDefinitions": [container]})
    read = (Group("/ash-cloud/runtime-2"), Group("/ash-cloud/runtime"))
    context = context_of(definition=written, _log_groups=read)
    found: Any = logs.log_group(context)
    assert found.log_group_name == options.get("awslogs-group", "/ash-cloud/runtime")
    assert calls == ([] if asked is None else [asked])
    assert (found in read) is (asked is None)
