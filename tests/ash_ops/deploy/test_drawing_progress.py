"""The picture: never more than 24 lines, failures first, nothing that depends on a real clock."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ash_ops.deploy.run.progress import MAX_LINES, Progress
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.stacks import StackEvent

STATUSES = [
    f"{verb}_{end}"
    for verb in ("CREATE", "UPDATE", "DELETE", "ROLLBACK")
    for end in ("IN_PROGRESS", "COMPLETE", "FAILED")
] + ["DELETE_SKIPPED"]


def told(
    logical: str, status: str, reason: str | None = None, type_: str = "AWS::X::Y"
) -> StackEvent:
    return StackEvent(
        id="e",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        logical_id=logical,
        physical_id=None,
        type=type_,
        status=status,
        reason=reason,
    )


def line(number: int) -> str:
    rollout = ServiceRollout(
        task_definition=f"arn:aws:ecs:us-east-1:1:task-definition/ash-cloud-runtime:{number}",
        desired_count=1,
        pending_count=1,
        failed_tasks=number,
    )
    return rollout.line


@given(
    st.lists(st.tuples(st.integers(0, 80), st.sampled_from(STATUSES), st.text(max_size=400))),
    st.integers(0, 6),
    st.lists(st.text(max_size=200), max_size=12),
    st.integers(20, 200),
)
def test_it_is_never_taller_or_wider_than_it_may_be(
    fed: list[tuple[int, str, str]], rollouts: int, deaths: list[str], width: int
) -> None:
    progress = Progress("Creating ash-cloud", 60)
    for number, status, reason in fed:
        progress.feed(told(f"Resource{number}", status, reason), float(number))
    progress.rollout = tuple(line(n) for n in range(rollouts))
    progress.deaths = tuple(deaths)
    progress.note = "ecs:DescribeServices: throttled; asking again in 8 s"

    lines = progress.render(1000.0, width)

    assert 1 <= len(lines) <= MAX_LINES
    assert all(len(line) <= width for line in lines)


def test_failures_come_before_what_is_under_way_and_the_rest_is_one_line() -> None:
    progress = Progress("Creating ash-cloud", 4)
    progress.feed(told("Cluster", "CREATE_IN_PROGRESS"), 0)
    progress.feed(told("Cluster", "CREATE_COMPLETE"), 1)
    progress.feed(told("LogGroup", "CREATE_COMPLETE"), 1)
    progress.feed(told("Service", "CREATE_IN_PROGRESS"), 2)
    progress.feed(told("Listener", "CREATE_FAILED", "port is\n taken"), 3)
    progress.rollout = (line(2),)

    assert progress.render(67.0) == [
        "Creating ash-cloud: 1 min 07 s, 2 of 4",
        "  FAILED   Listener: port is taken",
        "  creating Service                    ECS service  1 min 05 s",
        "           rollout ash-cloud-runtime:2 in progress: 0 of 1 running, 1 pending, 2 failed",
        "  done     2: Cluster, LogGroup",
    ]


def test_the_same_event_again_says_nothing() -> None:
    progress = Progress("Creating ash-cloud")
    first = progress.feed(told("Cluster", "CREATE_IN_PROGRESS"), 0)
    assert first == "Cluster (ECS cluster): creating"
    assert (
        progress.feed(told("Cluster", "CREATE_IN_PROGRESS", "Resource creation Initiated"), 1)
        is None
    )
    assert progress.feed(told("Cluster", "CREATE_COMPLETE"), 2) == "Cluster (ECS cluster): done"


def test_a_resource_of_ones_own_is_called_by_its_type() -> None:
    line = Progress("Creating x").feed(told("Queue", "CREATE_COMPLETE", None, "AWS::SQS::Queue"), 0)
    assert line == "Queue (SQS Queue): done"


def test_a_stack_that_rolls_back_says_so_with_the_reason() -> None:
    event = told("ash-cloud", "ROLLBACK_IN_PROGRESS", "it failed", "AWS::CloudFormation::Stack")
    assert Progress("Creating x").feed(event, 0) == "ash-cloud: rolling back: it failed"


def test_the_picture_of_a_moment_is_drawn_to_the_letter() -> None:
    """Two minutes in: one failed, two under way, one done of five; what dies stands with the rollout."""
    progress = Progress("Creating ash-cloud", 5, rollout=("one", "two", "three", "four"))
    of_stack = "AWS::CloudFormation::Stack"
    progress.feed(told("ash-cloud", "CREATE_IN_PROGRESS", type_=of_stack), 100.0)
    progress.feed(told("Cluster", "CREATE_IN_PROGRESS", type_="AWS::ECS::Cluster"), 100.0)
    progress.feed(told("Cluster", "CREATE_COMPLETE", type_="AWS::ECS::Cluster"), 130.0)
    progress.feed(told("Mine", "CREATE_IN_PROGRESS"), 160.0)
    progress.feed(told("Yours", "DELETE_IN_PROGRESS"), 220.5)
    progress.feed(told("Bad", "CREATE_IN_PROGRESS"), 100.0)
    progress.feed(told("Bad", "CREATE_FAILED", "no  such\nthing"), 101.0)
    progress.deaths, progress.note = ("2 x Out of memory: x",), "asking again in 4 s"
    assert progress.render(225.0) == [
        "Creating ash-cloud: 2 min 05 s, 1 of 5",
        "  FAILED   Bad: no such thing",
        "  creating Mine                       X Y  1 min 05 s",
        "  deleting Yours                      X Y  4 s",
        "           rollout one",
        "           rollout two",
        "           rollout three",
        "           died: 2 x Out of memory: x",
        "  done     1: Cluster",
        "  asking again in 4 s",
    ]
    assert Progress("Updating x").render(5.0) == ["Updating x: 0 s"]


def test_what_does_not_fit_is_counted() -> None:
    progress = Progress("Creating x")
    for number in range(9):
        progress.feed(told(f"Bad{number}", "CREATE_FAILED", "r" * 200), 0.0)
    progress.deaths = tuple(f"death {number}" for number in range(7))
    picture = progress.render(0.0, width=60)
    assert picture[5] == "  FAILED   Bad4: " + "r" * 40 + "..."
    assert picture[6] == "  ...      4 more failed"
    assert picture[-1] == "  ...      3 more kinds of death"
    assert [line for line in picture if len(line) > 60] == []
    whole = progress.render(0.0, width=1000)[1]
    assert whole == "  FAILED   Bad0: " + "r" * 160


def test_an_event_is_a_line_in_plain_words() -> None:
    progress = Progress("Creating x")
    says = {
        "CREATE_IN_PROGRESS": "creating",
        "CREATE_COMPLETE": "done",
        "UPDATE_IN_PROGRESS": "updating",
        "UPDATE_FAILED": "FAILED: why",
        "UPDATE_COMPLETE": "done",
        "DELETE_IN_PROGRESS": "deleting",
        "DELETE_FAILED": "delete FAILED: why",
        "DELETE_COMPLETE": "delete done",
        "DELETE_SKIPPED": "delete kept",
        "UPDATE_ROLLBACK": "update_rollback",
    }
    for status, words in says.items():
        assert progress.feed(told("Mine", status, "why"), 0.0) == f"Mine (X Y): {words}"
    assert progress.feed(told("ash-cloud", "UPDATE_ROLLBACK_IN_PROGRESS"), 0.0) is not None
