"""When a wait looks again, what it looks at, and what it says once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.watch import Watch, is_moving, last_event
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment
from tests.support.deploying import FakeTime, User, dead_task, event, events, service, stack

Script = Callable[[str], Stubber]
MOVING, DONE = "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"
CREATING = event(1, "Service", "CREATE_IN_PROGRESS")


def watch(aws: Aws, time_: FakeTime, user: User, **more: Any) -> Watch:
    known: dict[str, Any] = {"evidence": Evidence(), "progress": Progress("Updating ash-cloud")}
    return Watch(
        aws=aws,
        deployment=Deployment(),
        stack_id="ash-cloud",
        dialogue=user,
        clock=time_.clock,
        **{**known, **more},
    )


def looks(stub: Script, *states: str, told: dict[str, Any] | None = None) -> None:
    for state in states:
        stub("cloudformation").add_response("describe_stacks", stack(state))
        stub("cloudformation").add_response("describe_stack_events", told or events())


def runs(stub: Script, *dead: dict[str, Any], **rollout: Any) -> None:
    stub("ecs").add_response("describe_services", service(**rollout))
    stub("ecs").add_response("list_tasks", {"taskArns": [task["taskArn"] for task in dead]})
    if dead:
        stub("ecs").add_response("describe_tasks", {"tasks": list(dead)})


def test_it_looks_often_at_first_and_then_every_two_seconds(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """0.4 s grows by half with every look: 0.6, 0.9, 1.35, and 2.025 is more than two."""
    looks(stub, *[MOVING] * 6, DONE)
    assert watch(aws, time_, User()).follow().status == DONE
    assert time_.naps == pytest.approx([0.6, 0.9, 1.35, 2.0, 2.0, 2.0])


def test_after_a_throttled_look_the_pauses_are_the_usual_ones_again(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    user = User()
    looks(stub, MOVING)
    for _ in range(4):
        stub("cloudformation").add_client_error("describe_stacks", "Throttling", "slow", 400)
    looks(stub, MOVING, DONE)
    watch(aws, time_, user).follow()
    assert time_.naps == pytest.approx([0.6, 4.0, 8.0, 16.0, 20.0, 0.9])
    notes = [picture[-1].strip() for picture in user.pictures]
    assert notes[4] == "cloudformation:DescribeStacks: throttled; asking again in 20 s"
    assert user.pictures[5] == ["Updating ash-cloud: 0 s"]


def test_a_wait_lasts_seventy_five_minutes_and_not_a_moment_more(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    looks(stub, MOVING)
    began = time_.now
    following = watch(aws, time_, User(), again="ash-ops rollout")
    following.clock = Clock(lambda: time_.now, lambda _: time_.sleep(75 * 60.0))
    with pytest.raises(OpsError, match="still not finished") as ended:
        following.follow()
    assert time_.now - began == 4500
    assert ended.value.next_step.count("`ash-ops rollout`") == 1


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        ("CREATE_IN_PROGRESS", True),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", True),
        ("UPDATE_ROLLBACK_IN_PROGRESS", True),
        ("DELETE_IN_PROGRESS", True),
        ("REVIEW_IN_PROGRESS", False),
        ("CREATE_COMPLETE", False),
        ("UPDATE_ROLLBACK_FAILED", False),
    ],
)
def test_a_stack_in_review_waits_for_a_person_and_does_not_move(status: str, moves: bool) -> None:
    """AWS, "View CloudFormation stack status": in review it has no resources yet."""
    told = stack(status)["Stacks"][0]
    assert is_moving(fact_of(Stack, told)) is moves


def test_the_newest_event_is_where_a_wait_begins(aws: Aws, stub: Script) -> None:
    cloudformation = stub("cloudformation")
    cloudformation.add_response("describe_stack_events", events(CREATING, event(2, "X", DONE)))
    assert last_event(aws, "ash-cloud") == event(2, "X", DONE)["EventId"]
    cloudformation.add_response("describe_stack_events", events())
    assert last_event(aws, "ash-cloud") is None


def test_a_rollout_and_a_death_are_told_once_and_a_change_of_it_again(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    user = User()
    looks(stub, MOVING, MOVING, MOVING, DONE, told=events(CREATING))
    runs(stub)
    runs(stub, dead_task(1))
    runs(stub, dead_task(1), runningCount=1, pendingCount=0)
    runs(stub, dead_task(1), runningCount=1, pendingCount=0)
    watch(aws, time_, user).follow()
    told = [line.partition(" ")[0] for line in user.heard]
    assert told == ["Service", "rollout", "task", "rollout"]
    short = dead_task(1)["taskArn"].rpartition("/")[2][:8]
    assert user.heard[2].startswith(f"task {short} died: ")
    assert ": CannotPullContainerError" in user.heard[2]
    assert any("1 x " in line for line in user.pictures[-1])


def test_a_state_that_is_told_twice_is_said_once(aws: Aws, stub: Script, time_: FakeTime) -> None:
    """CloudFormation tells the beginning of each resource twice, the second time with its id."""
    user = User()
    begun = [
        event(n, "Mine", "CREATE_IN_PROGRESS", why) for n, why in ((1, None), (2, "Initiated"))
    ]
    looks(stub, DONE, told=events(*begun))
    watch(aws, time_, user).follow()
    assert user.heard == ["Mine (X Y): creating"]


def test_a_service_that_is_being_deleted_is_not_looked_at(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """No answer is prepared for ECS: a call would fail."""
    looks(stub, MOVING, DONE, told=events(event(1, "Service", "DELETE_IN_PROGRESS")))
    assert watch(aws, time_, User()).follow().status == DONE


@pytest.mark.parametrize("resumed", [True, False])
def test_a_wait_that_is_picked_up_looks_at_a_service_whose_events_are_past(
    aws: Aws, stub: Script, time_: FakeTime, resumed: bool
) -> None:
    user = User()
    looks(stub, DONE)
    if resumed:
        runs(stub)
    watch(aws, time_, user, resumed=resumed).follow()
    assert [line.startswith("rollout ") for line in user.heard] == [True] * resumed


@pytest.mark.parametrize("kind", ["throttled", "timeout", "unreachable"])
def test_what_is_done_beside_is_done_with_every_look_and_may_fail_like_one(
    aws: Aws, stub: Script, time_: FakeTime, kind: str
) -> None:
    done: list[float] = []

    def beside() -> None:
        done.append(time_.now)
        if len(done) == 1:
            raise ReadFailed("ecs:ListTasks", kind, "Any", "slow")

    looks(stub, MOVING, MOVING, DONE)
    watch(aws, time_, User(), beside=beside).follow()
    assert len(done) == 3
    assert time_.naps[0] == 4.0


def test_three_of_one_death_end_no_wait_that_is_to_go_on(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    three = [dead_task(n) for n in (1, 2, 3)]
    looks(stub, MOVING, DONE, told=events(CREATING))
    runs(stub, *three)
    runs(stub, *three)
    assert watch(aws, time_, User(), stop_early=False).follow().status == DONE


def test_deaths_of_an_earlier_rollout_do_not_count(aws: Aws, stub: Script, time_: FakeTime) -> None:
    died = datetime(2026, 11, 27, 12, tzinfo=UTC)
    three = [{**dead_task(n), "stoppedAt": died} for n in (1, 2, 3)]
    after = died + timedelta(seconds=1)
    looks(stub, DONE, told=events(CREATING))
    runs(stub, *three)
    user = User()
    end = watch(aws, time_, user, evidence=Evidence(started_after=after)).follow()
    assert (end.status, end.verdict) == (DONE, None)
    assert not any("died" in line for line in user.heard)


def test_what_the_service_itself_says_is_kept(aws: Aws, stub: Script, time_: FakeTime) -> None:
    looks(stub, DONE, told=events(CREATING))
    answer = service()
    answer["services"][0]["events"] = [{"id": "e1", "message": "(service x) has started 1 tasks."}]
    stub("ecs").add_response("describe_services", answer)
    stub("ecs").add_response("list_tasks", {"taskArns": []})
    following = watch(aws, time_, User())
    following.follow()
    assert following.evidence.messages == {"e1": "(service x) has started 1 tasks."}
