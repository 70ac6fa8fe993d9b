"""What ``doctor --fix`` says, line by line, and what it records of each step of its plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.errors import ExitCode, ReadFailed, UsageProblem
from tests.support.repair_world import World

MAKE, RESTART = "Make it.", "Start fresh tasks with it."


def plan_of_two(made: World) -> tuple[str, str]:
    """The commands of the plan for a log group that is missing, in its order."""
    first, second = (act.command for act in made.acts)
    assert first.startswith("aws logs create-log-group")
    assert second.startswith("aws ecs update-service")
    return first, second


def outcomes(made: World) -> list[tuple[str, str, str]]:
    return [(act.why, act.outcome, act.reason) for act in made.acts]


def test_every_line_of_a_repair_that_fails_midway_says_what_became_of_it(
    world: Callable[..., World],
) -> None:
    made = world("log-group-missing")
    denied = ReadFailed("ecs:UpdateService", "denied", "AccessDenied", "no")
    made.refuses = lambda operation: denied if operation == op.UPDATE_SERVICE else None
    made.mend("log-group-missing")
    first, second = plan_of_two(made)
    assert made.said == [
        "\nThe plan:",
        f"  1. {MAKE}  [log-group-missing; nothing is interrupted]\n     $ {first}",
        f"  2. {RESTART}  [log-group-missing; nothing is interrupted]\n     $ {second}",
        "  1. done",
        f"\nIt could not be done: {RESTART}",
        f"  why:  {denied.what}: {denied.why}",
        f"  next: {denied.next_step}",
        f"Done before: {MAKE}",
        "Looking again.",
    ]
    assert outcomes(made) == [(MAKE, "done", ""), (RESTART, "failed", str(denied))]
    assert made.progress == [f"1 of 2: {MAKE}", f"2 of 2: {RESTART}"]


def test_what_was_in_place_is_recorded_as_that_and_what_was_not_tried_as_not_made(
    world: Callable[..., World],
) -> None:
    there = ReadFailed("logs:CreateLogGroup", "failed", "ResourceAlreadyExistsException", "is")
    made = world("healthy-as-it-is")
    made.refuses = lambda operation: there if operation == op.CREATE_LOG_GROUP else None
    made.mend("log-group-missing")
    assert outcomes(made) == [(MAKE, "in place", ""), (RESTART, "done", "")]
    assert made.said[3:5] == ["  1. was in place already", "  2. done"]
    slow = ReadFailed("logs:CreateLogGroup", "throttled", "Throttling", "slow")
    made = world("log-group-missing")
    made.refuses = lambda _: slow
    made.mend("log-group-missing")
    assert outcomes(made) == [
        (MAKE, "failed", str(slow)),
        (RESTART, "not made", f"a step before it failed: {slow.what}"),
    ]


def test_what_is_left_or_declined_is_not_made_and_says_why(world: Callable[..., World]) -> None:
    made = world(agrees=False)
    made.mend("log-group-missing")
    assert made.said[-1] == "Nothing was changed."
    assert outcomes(made) == [(why, "not made", "the answer was no") for why in (MAKE, RESTART)]
    made = world()
    made.foreign = {"ecs": "it carries no tag"}
    made.mend("switched-off")
    (left,) = made.acts
    assert (left.outcome, left.reason) == (
        "not made", "what it would change is not ours (it carries no tag)",
    )  # fmt: skip
    assert made.said[-1] == (
        "Nothing here can be repaired without a decision of yours. Warnings are left alone."
    )
    assert made.said[1] == f"     $ {left.command}"
    told = made.said[0]
    assert told.startswith("\nNot repaired: ")
    assert told.endswith(
        "[service-desired-zero]: what it would change is not ours (it carries no tag)."
    )


def test_whom_nobody_could_ask_is_told_of_each_step_that_it_was_not_made(
    world: Callable[..., World],
) -> None:
    made = world(agrees=UsageProblem("Not made", "nobody can be asked", "Add --yes."))
    with pytest.raises(UsageProblem):
        made.mend("log-group-missing")
    assert {act.reason for act in made.acts} == {"nobody could be asked"}
    assert {act.outcome for act in made.acts} == {"not made"}


def test_ctrl_c_midway_tells_how_far_it_came(world: Callable[..., World]) -> None:
    made = world()

    def interrupted(operation: Operation) -> ReadFailed | None:
        if operation == op.UPDATE_SERVICE:
            raise KeyboardInterrupt
        return None

    made.refuses = interrupted
    with pytest.raises(KeyboardInterrupt):
        made.mend("log-group-missing")
    assert made.said[-2:] == [f"Done before: {MAKE}", f"Not done: {RESTART}"]


@pytest.mark.parametrize(
    ("exit_code", "outcome"),
    [(ExitCode.OK, "done"), (ExitCode.PROBLEMS, "done"), (ExitCode.FAILED, "failed")],
)
def test_a_line_of_ours_is_done_unless_it_could_not_be_carried_out(
    world: Callable[..., World], exit_code: ExitCode, outcome: str
) -> None:
    """Where only its own proof failed the doctor looks again: that proof counts."""
    made = world("healthy-as-it-is")
    made.exit_code = exit_code
    made.mend("secret-not-found")
    of_the_line = [act.outcome for act in made.acts if act.command == "ash-ops deploy"]
    assert of_the_line == [outcome]
    assert ("  1. done" in made.said) is (outcome == "done")
