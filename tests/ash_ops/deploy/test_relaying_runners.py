"""A rollout closes an old runner for each new one that is well, and opens those again that stay."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.deploy.environment import Environment
from ash_ops.deploy.fleet import relay
from ash_ops.deploy.fleet.relay import Relay
from ash_ops.deploy.plan.change_set import Plan
from ash_ops.deploy.run import execution
from ash_ops.errors import ReadFailed
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.facts.fleet import RunnerTask, TaskTag
from ash_ops.facts.services import Service, ServiceRollout
from tests.support.deploying import FakeTime, User, settings_of

OLD, NEW = "ecs-svc/1", "ecs-svc/2"


class Runners:
    """What ECS says of the runners, and what is done to them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there: dict[str, tuple[str, str]] = {"a": (OLD, "HEALTHY"), "b": (OLD, "HEALTHY")}
        self.closed: set[str] = set()
        self.held: frozenset[str] = frozenset()
        self.denied = False
        service = Service(
            service_name="ash-cloud-runners",
            desired_count=2,
            deployments=(ServiceRollout(id=NEW, status="PRIMARY"), ServiceRollout(id=OLD)),
        )
        monkeypatch.setattr(relay.ecs, "live_service", lambda *_: service)
        monkeypatch.setattr(relay.calls, "runner_tasks", lambda *_: self._tasks())
        monkeypatch.setattr(relay.calls, "protected_tasks", lambda *_: self.held)
        monkeypatch.setattr(relay.calls, "set_draining", self._set)

    def _tasks(self) -> tuple[RunnerTask, ...]:
        return tuple(
            RunnerTask(
                task_arn=arn,
                started_by=deployment,
                last_status="RUNNING",
                health_status=health,
                tags=(TaskTag(key="ash:draining", value="true"),) if arn in self.closed else (),
            )
            for arn, (deployment, health) in self.there.items()
        )

    def _set(self, _aws: Any, arn: str, *, draining: bool) -> None:
        if self.denied:
            raise ReadFailed("ecs:TagResource", "denied", "AccessDeniedException", "no")
        (self.closed.add if draining else self.closed.discard)(arn)


@pytest.fixture
def runners(monkeypatch: pytest.MonkeyPatch) -> Runners:
    return Runners(monkeypatch)


@pytest.fixture
def user() -> User:
    return User()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def handing(user: User, time: FakeTime) -> Relay:
    aws: Any = None
    return Relay(Environment(aws=aws, settings=settings_of(), dialogue=user, clock=time.clock))


def test_none_is_closed_before_a_new_one_is_well(
    runners: Runners, handing: Relay, time: FakeTime
) -> None:
    handing.step()
    runners.there["c"] = (NEW, "UNKNOWN")
    time.sleep(10)
    handing.step()
    assert runners.closed == set()


def test_for_each_new_one_an_old_one_is_closed_those_without_sessions_first(
    runners: Runners, handing: Relay, time: FakeTime, user: User
) -> None:
    runners.held = frozenset({"a"})
    runners.there["c"] = (NEW, "HEALTHY")
    handing.step()
    assert runners.closed == {"b"}
    time.sleep(10)
    handing.step()
    assert runners.closed == {"b"}
    runners.there["d"] = (NEW, "HEALTHY")
    time.sleep(10)
    handing.step()
    assert runners.closed == {"a", "b"}
    assert "2 of 2 new ones are well; 2 old ones are left, 2 of them closed" in user.text


def test_what_stays_when_it_is_over_or_given_up_takes_sessions_again(
    runners: Runners, handing: Relay
) -> None:
    runners.there["c"] = (NEW, "HEALTHY")
    handing.step()
    assert runners.closed == {"a"}
    del runners.there["c"]
    handing.open_again()
    assert runners.closed == set()


def test_one_that_somebody_else_closed_stays_closed(runners: Runners, handing: Relay) -> None:
    runners.closed = {"a"}
    runners.there["c"] = (NEW, "HEALTHY")
    handing.step()
    handing.open_again()
    assert runners.closed == {"a"}


def test_that_it_may_not_be_done_is_told_once_and_stops_no_rollout(
    runners: Runners, handing: Relay, time: FakeTime, user: User
) -> None:
    runners.denied = True
    runners.there["c"] = (NEW, "HEALTHY")
    handing.step()
    time.sleep(10)
    handing.step()
    assert user.text.count("not closed to new sessions (ecs:TagResource") == 1


@pytest.mark.parametrize(
    ("action", "what", "creates", "replaces"),
    [
        ("Modify", "RunnerTaskDefinition", False, True),
        ("Modify", "RunnerTaskDefinition", True, False),
        ("Add", "RunnerTaskDefinition", False, False),
        ("Modify", "TaskDefinition", False, False),
    ],
)
def test_runners_hand_over_where_a_change_gives_them_another_definition(
    action: str, what: str, creates: bool, replaces: bool
) -> None:
    change = Change(
        action=action,
        logical_id=what,
        physical_id="x",
        type="AWS::ECS::TaskDefinition",
        replacement="True",
    )
    plan = Plan(stack="ash-cloud", id="arn:s", name="p", creates=creates, changes=(change,))
    assert execution._replaces_runners(plan) is replaces
