"""A runner is ended when it takes no session and holds none, and where the two views differ is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.deploy.environment import Environment
from ash_ops.deploy.fleet.drain import Draining, wait_until_empty
from ash_ops.errors import OpsError
from ash_ops.facts.fleet import Fleet, Member, Registered, RunnerTask, TaskTag
from ash_ops.facts.tasks import Attachment, Container, NameValue
from ash_ops.report.runners import as_json, as_text
from tests.support.contracts import holds
from tests.support.deploying import FakeTime, User, settings_of

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
ARN = "arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/"


def task(number: str = "a1", *, age: float = 600.0, draining: bool = False) -> RunnerTask:
    address = NameValue(name="privateIPv4Address", value="10.0.2.7")
    return RunnerTask(
        task_arn=ARN + number,
        last_status="RUNNING",
        started_at=NOW - timedelta(seconds=age),
        availability_zone="us-east-1a",
        attachments=(Attachment(details=(address,)),),
        containers=(Container(name="ash", image="ghcr.io/ash-ai-org/ash:0.2.0"),),
        tags=(TaskTag(key="ash:draining", value="true"),) if draining else (),
    )


def row(
    number: str = "a1", *, active: int = 0, silent: float = 3.0, host: str = "10.0.2.7"
) -> Registered:
    return Registered(
        runner_id=f"runner-{number}",
        host=host,
        port=4200,
        active=active,
        most=20,
        last_heartbeat=NOW - timedelta(seconds=silent),
    )


def member(**changes: Any) -> Member:
    given = {"task": task(), "registered": row(), "protected": False, "sessions": 0, **changes}
    return Member(id="runner-a1", **given)


def fleet(*members: Member, wanted: int = 1, unasked: str = "") -> Fleet:
    return Fleet(wanted=wanted, members=members, read_at=NOW, unasked=unasked)


# -- where the two views differ -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"registered": None, "task": task(age=5)}, None),
        ({"registered": None}, "the coordinator does not know it"),
        ({"task": None}, "ECS runs no such task"),
        ({"registered": row(silent=30)}, None),
        ({"registered": row(silent=36)}, "not been heard of for 36 s"),
        ({"registered": row(host="10.0.9.9")}, "two runners use one id"),
        ({"registered": row(host="0.0.0.0")}, "advertises a wrong address"),
    ],
)
def test_where_ecs_and_the_coordinator_differ(changes: dict[str, Any], said: str | None) -> None:
    found = member(**changes).disagreement(NOW)
    assert found is None if said is None else said in (found or "")


def test_without_the_coordinators_view_nothing_differs() -> None:
    """What is not known contradicts nothing; and none is taken for registered."""
    found = fleet(member(registered=None), unasked="no answer")
    assert (found.disagreements, found.registered) == ((), 0)


def test_a_row_without_a_task_is_no_runner_that_is_wanted() -> None:
    assert fleet(member(task=None)).registered == 0


# -- closed, and busy -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("active", "closed", "at_work"),
    [(0, False, 0), (20, False, 20), (21, True, 0), (24, True, 3)],
)
def test_more_than_full_means_closed(active: int, closed: bool, at_work: int) -> None:
    found = member(registered=row(active=active))
    assert (found.is_closed, found.at_work) == (closed, at_work)


# -- waiting until they are empty -----------------------------------------------------------------


class World:
    """A fleet that changes as time goes by."""

    def __init__(self, time_: FakeTime, at: Callable[[float], Fleet]) -> None:
        self._time, self._began, self._at = time_, time_.now, at

    @property
    def passed(self) -> float:
        return self._time.now - self._began

    def look(self) -> Fleet:
        return self._at(self.passed)


def wait(time_: FakeTime, world: World, **how: float) -> Draining:
    environment = Environment(
        aws=None,  # type: ignore[arg-type]  # nothing here asks AWS
        settings=settings_of(),
        dialogue=User(),
        clock=time_.clock,
    )
    return wait_until_empty(environment, ["runner-a1"], world.look, **how)


def closed(*, protected: bool | None) -> Fleet:
    return fleet(member(registered=row(active=21), protected=protected, task=task(draining=True)))


def test_an_idle_runner_is_empty_only_a_while_after_it_has_closed(time_: FakeTime) -> None:
    """A session that came in just before is told to ECS within ten seconds."""
    world = World(time_, lambda at: fleet(member()) if at < 10 else closed(protected=False))
    assert wait(time_, world) == Draining(empty=("runner-a1",))
    assert world.passed >= 25


def test_a_session_that_came_in_at_the_last_moment_is_waited_for(time_: FakeTime) -> None:
    world = World(time_, lambda at: closed(protected=9 < at < 300))
    assert wait(time_, world) == Draining(empty=("runner-a1",))
    assert world.passed >= 300


def test_one_that_is_full_of_turns_is_not_taken_for_closed(time_: FakeTime) -> None:
    """A runner of an older definition protects nothing: it would be ended with twenty turns on it."""
    world = World(time_, lambda _at: fleet(member(registered=row(active=20), protected=False)))
    assert wait(time_, world) == Draining(mute=("runner-a1",))
    assert 60 <= world.passed < 70


def test_protection_that_cannot_be_read_is_no_emptiness(time_: FakeTime) -> None:
    world = World(time_, lambda _at: closed(protected=None))
    assert wait(time_, world, patience_s=120.0) == Draining(busy=("runner-a1",))


def test_a_runner_that_has_gone_meanwhile_is_empty(time_: FakeTime) -> None:
    world = World(time_, lambda _at: fleet())
    assert wait(time_, world).is_over


def test_a_coordinator_that_does_not_answer_ends_the_wait(time_: FakeTime) -> None:
    world = World(time_, lambda _at: fleet(member(registered=None), unasked="no answer"))
    with pytest.raises(OpsError, match="cannot be told"):
        wait(time_, world)


def test_looking_once_waits_for_nothing(time_: FakeTime) -> None:
    world = World(time_, lambda _at: closed(protected=True))
    assert wait(time_, world, patience_s=0) == Draining(busy=("runner-a1",))
    assert world.passed == 0


# -- what is printed ------------------------------------------------------------------------------


def test_the_fleet_is_a_row_a_runner_and_what_differs() -> None:
    shown = as_text(
        fleet(member(protected=True, sessions=4), member(task=None), wanted=2), "ash", "eu-west-1"
    )
    head, _, columns, first, *_ = shown.splitlines()
    assert head == "ash: 2 wanted, 1 running, 1 registered with the coordinator"
    assert columns.startswith(
        "runner     status                   zone        host  version  turns"
    )
    assert "running, holds sessions  us-east-1a  -     0.2.0    0/20   4         3 s ago" in first
    assert "ECS runs no such task" in shown
    assert shown.endswith("Next: `ash-ops doctor agents --name ash --region eu-west-1`.\n")


def test_what_is_not_known_is_null_in_json() -> None:
    told = json.loads(as_json(fleet(member(registered=None, sessions=None), unasked="no"), "ash"))
    holds("runners", told)
    holds("runners", json.loads(as_json(fleet(member(), member(task=None)), "ash")))
    assert (told["schema"], told["registered"], told["unasked"]) == (
        "ash-ops.runners/1",
        None,
        "no",
    )
    assert (told["runners"][0]["turns"], told["runners"][0]["sessions"]) == (None, None)
