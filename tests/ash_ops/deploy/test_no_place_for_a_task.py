"""No task dies of having no place: the wait ends with what ECS says, and not after an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.causes import classify
from ash_ops.deploy.run.unplaced import AFTER, AFTER_WITHOUT_HOSTS, Unplaced
from ash_ops.facts.services import ServiceEvent
from tests.ash_ops.deploy.test_giving_up_early import run
from tests.support.deploying import FakeTime, User, event, events, service, stack

Script = Callable[[str], Stubber]
NAME = "(service ash-cloud-runtime)"
NO_MEMORY = (
    f"{NAME} was unable to place a task because no container instance met all of its requirements. The "
    "closest matching (container-instance 1) has insufficient memory available."
)
NO_HOST = (
    f"{NAME} was unable to place a task because no container instance met all of its requirements. "
    "Reason: No Container Instances were found in your cluster."
)
STARTED = f"{NAME} has started 1 tasks: (task 1)."


def say(*messages: str) -> list[ServiceEvent]:
    return [ServiceEvent(id=str(n), message=text) for n, text in enumerate(messages)]


@pytest.mark.parametrize(
    ("looks", "pointless"),
    [
        pytest.param([(0, [NO_MEMORY]), (AFTER, [NO_MEMORY])], True, id="for three minutes"),
        pytest.param([(0, [NO_MEMORY]), (AFTER - 1, [NO_MEMORY])], False, id="not so long yet"),
        pytest.param(
            [(0, [NO_MEMORY]), (90, [STARTED, NO_MEMORY]), (AFTER, [STARTED, NO_MEMORY])],
            False,
            id="it was placed meanwhile",
        ),
        pytest.param(
            [(0, [STARTED]), (100, [NO_MEMORY, STARTED]), (AFTER, [NO_MEMORY, STARTED])],
            False,
            id="counted from the refusal, not from the start",
        ),
        pytest.param(
            [(0, [NO_HOST]), (AFTER, [NO_HOST])], False, id="an instance is still starting"
        ),
        pytest.param(
            [(0, [NO_HOST]), (AFTER_WITHOUT_HOSTS, [NO_HOST])], True, id="no instance ever came"
        ),
        pytest.param([(0, []), (9999, [])], False, id="nothing was said"),
    ],
)
def test_how_long_it_is_waited_for_a_place(
    looks: list[tuple[float, list[str]]], pointless: bool
) -> None:
    unplaced = Unplaced()
    for now, messages in looks:
        unplaced.note(say(*messages), now)
    assert bool(unplaced.verdict(looks[-1][0])) is pointless


def test_what_ecs_says_is_quoted_with_the_name_of_its_cause() -> None:
    unplaced = Unplaced()
    unplaced.note(say(NO_MEMORY), 0.0)
    title = classify("service_event", {"message": NO_MEMORY}).title
    assert unplaced.verdict(AFTER) == (
        f'For 3 minutes ECS has found no place for a task ({title}; it says "{NO_MEMORY}")'
    )
    unplaced.note(say(NO_HOST), AFTER)
    assert unplaced.verdict(10 * 60 - 1) == ""
    assert unplaced.verdict(10 * 60).startswith(
        "For 10 minutes ECS has found no place for a task ("
    )


def test_a_reason_that_nobody_has_heard_of_is_quoted_as_such() -> None:
    unplaced, unheard_of = Unplaced(), f"{NAME} was unable to place a task. Reason: the moon."
    unplaced.note(say(unheard_of), 0.0)
    assert unplaced.verdict(180.0) == (
        "For 3 minutes ECS has found no place for a task (ECS could not place the task: the reason is "
        f'not known; it says "{unheard_of}")'
    )


def test_what_else_is_said_between_is_no_place() -> None:
    """Only a task that started, or a steady service, ends the refusals."""
    beside = f"{NAME} registered 1 targets in (target-group x)"
    steady = f"{NAME} has reached a steady state."
    for newest, pointless in ((beside, True), (steady, False)):
        unplaced = Unplaced()
        unplaced.note(say(NO_MEMORY), 0.0)
        unplaced.note(say(newest, NO_MEMORY), AFTER)
        assert bool(unplaced.verdict(AFTER)) is pointless


def test_a_deployment_without_a_place_is_offered_to_be_rolled_back(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User(False)
    cfn.add_response("execute_change_set", {})
    refused: dict[str, Any] = service()
    refused["services"][0]["events"] = [{"id": "e1", "message": NO_MEMORY}]
    for _ in range(93):  # a look every two seconds, and more often at first
        cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
        begun = event(1, "Service", "CREATE_IN_PROGRESS")
        cfn.add_response("describe_stack_events", events(begun))
        ecs.add_response("describe_services", refused)
        ecs.add_response("list_tasks", {"taskArns": []})
    run(aws, time_, user, creates=True)
    assert "For 3 minutes ECS has found no place for a task" in user.text
    assert "insufficient memory available" in user.text
    assert "`ash-ops deploy` picks the wait up again" in user.text
    assert sum(time_.naps) == pytest.approx(AFTER, abs=5)
