"""``doctor --fix``: one document, a plan that is told, proof that is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ash_ops.aws import operations as op
from ash_ops.deploy.fix import proof
from ash_ops.deploy.fix.proof import Looked
from ash_ops.diagnosis import diagnose
from ash_ops.errors import ExitCode, ReadFailed, UsageProblem
from tests.support import scenarios
from tests.support.repair_world import World, looked


def test_a_repair_is_made_proved_and_shown_once(world: Callable[..., World]) -> None:
    made = world("healthy-as-it-is")
    assert made.mend("switched-off") == ExitCode.OK
    assert made.made == [op.UPDATE_SERVICE]
    assert [r.status for r in made.shown] == ["healthy"]
    assert "nothing is interrupted" in made.words


def test_the_second_look_waits_for_the_proof(world: Callable[..., World]) -> None:
    """Right after the call nothing can have changed: the report that counts is a later one."""
    made = world("switched-off", "switched-off", "first-minute-of-a-deployment", "healthy-as-it-is")
    assert made.mend("switched-off") == ExitCode.OK
    assert made.time > 0


def test_the_wait_ends(world: Callable[..., World]) -> None:
    made = world("switched-off")
    assert made.mend("switched-off") == ExitCode.PROBLEMS
    assert made.time == pytest.approx(proof._PATIENCE, abs=5)


def test_nothing_is_done_to_what_is_healthy(world: Callable[..., World]) -> None:
    """A warning with a repair that could be made by itself is left alone."""
    made = world()
    assert made.mend("two-tasks-would-share-the-disk") == ExitCode.OK
    assert made.made == []
    assert len(made.shown) == 1


def test_a_server_that_serves_is_not_restarted(world: Callable[..., World]) -> None:
    made = world()
    assert made.mend("secret-changed-after-start") == ExitCode.PROBLEMS
    assert made.made == []
    assert "a task serves now" in made.words
    assert "--force-new-deployment" in made.words


def test_no_is_no(world: Callable[..., World]) -> None:
    made = world(agrees=False)
    assert made.mend("switched-off") == ExitCode.PROBLEMS
    assert made.made == []
    assert len(made.shown) == 1


def test_where_nobody_can_be_asked_the_report_is_shown_all_the_same(
    world: Callable[..., World],
) -> None:
    made = world(agrees=UsageProblem("Not made", "nobody can be asked", "Add --yes."))
    with pytest.raises(UsageProblem):
        made.mend("switched-off")
    assert len(made.shown) == 1
    assert made.made == []


def test_a_failure_midway_tells_how_far_it_came_and_looks_again(
    world: Callable[..., World],
) -> None:
    made = world("log-group-missing")
    denied = ReadFailed("ecs:UpdateService", "denied", "AccessDenied", "no")
    made.refuses = lambda operation: denied if operation == op.UPDATE_SERVICE else None
    assert made.mend("log-group-missing") == ExitCode.FAILED
    assert made.made == [op.CREATE_LOG_GROUP]
    assert "Done before: Make it." in made.words
    assert "ecs:UpdateService failed" in made.words
    assert "Allow ecs:UpdateService" in made.words
    assert made.words.index("Done before") < made.words.index("Looking again.")
    assert len(made.shown) == 1


def test_what_was_not_tried_any_more_is_told(world: Callable[..., World]) -> None:
    made = world("log-group-missing")
    made.refuses = lambda _: ReadFailed("logs:CreateLogGroup", "throttled", "Throttling", "slow")
    assert made.mend("log-group-missing") == ExitCode.FAILED
    assert "Done before: nothing." in made.words
    assert "Not done: Start fresh tasks with it." in made.words


def test_what_is_in_place_already_is_no_failure(world: Callable[..., World]) -> None:
    made = world("healthy-as-it-is")
    made.refuses = lambda operation: (
        ReadFailed("logs:CreateLogGroup", "failed", "ResourceAlreadyExistsException", "is there")
        if operation == op.CREATE_LOG_GROUP
        else None
    )
    assert made.mend("log-group-missing") == ExitCode.OK
    assert "was in place already" in made.words


def test_what_is_not_ours_is_shown_and_not_changed(world: Callable[..., World]) -> None:
    made = world()
    made.foreign = {"ecs": "it carries no tag of this deployment"}
    assert made.mend("switched-off") == ExitCode.PROBLEMS
    assert made.made == []
    assert "not ours (it carries no tag of this deployment)" in made.words
    assert "aws ecs update-service" in made.words


def test_what_was_done_goes_with_the_report(world: Callable[..., World]) -> None:
    made = world("healthy-as-it-is")
    made.mend("switched-off")
    assert [(act.outcome, act.finding) for act in made.acts] == [("done", "service-desired-zero")]
    assert "--desired-count 1" in made.acts[0].command


def test_a_failure_tells_of_every_step_what_became_of_it(world: Callable[..., World]) -> None:
    made = world("log-group-missing")
    made.refuses = lambda _: ReadFailed("logs:CreateLogGroup", "denied", "AccessDenied", "no")
    made.mend("log-group-missing")
    assert [act.outcome for act in made.acts] == ["failed", "not made"]
    assert "AccessDenied" in made.acts[0].reason
    assert "a step before it failed" in made.acts[1].reason


def test_the_wait_says_what_it_waits_for_and_why_it_ended(world: Callable[..., World]) -> None:
    made = world("switched-off")
    made.mend("switched-off")
    assert any("service-desired-zero" in line for line in made.progress)
    assert "Not proven in time: still there" in made.words


def test_a_look_that_fails_is_made_again_and_proves_nothing(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world("healthy-as-it-is")
    looks = iter([ReadFailed("ecs:DescribeServices", "throttled", "Throttling", "slow"), None])

    def look(once: Callable[[], Looked] = made.look) -> Looked:
        failure = next(looks, None)
        if failure is not None:
            raise failure
        return once()

    monkeypatch.setattr(made, "look", look)
    assert made.mend("switched-off") == ExitCode.OK
    assert any("could not look" in line for line in made.progress)


def test_what_could_not_be_read_is_no_proof(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing readable no finding is left either: that is not the same as repaired."""
    made = world("healthy-as-it-is")
    throttled = {"service": scenarios.gap("throttled"), "tasks": scenarios.gap("throttled")}
    blind = scenarios.snapshot(throttled)
    looks = iter([(blind, diagnose(blind)), looked("healthy-as-it-is")])
    monkeypatch.setattr(made, "look", lambda: next(looks))
    assert made.mend("switched-off") == ExitCode.OK
    assert any(line.startswith("could not tell") for line in made.progress)


def test_where_the_deployment_cannot_be_looked_at_again_what_was_done_is_still_told(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world()

    def look() -> Looked:
        raise ReadFailed("sts:GetCallerIdentity", "failed", "ExpiredToken", "expired")

    monkeypatch.setattr(made, "look", look)
    with pytest.raises(ReadFailed):
        made.mend("switched-off")
    assert [act.outcome for act in made.acts] == ["done"]
    assert len(made.shown) == 1


def test_a_deploy_is_run_and_looked_at(world: Callable[..., World]) -> None:
    made = world("healthy-as-it-is")
    assert made.mend("secret-not-found") == ExitCode.OK
    assert made.ran == [("deploy",)]


def test_a_deploy_that_could_not_be_made_ends_the_repair(world: Callable[..., World]) -> None:
    made = world("secret-not-found")
    made.exit_code = ExitCode.FAILED
    assert made.mend("secret-not-found") == ExitCode.FAILED
    assert made.made == []
    assert "was not carried out" in made.words


def test_a_finding_is_left_whole_where_one_of_its_steps_is_not_ours(
    world: Callable[..., World],
) -> None:
    made = world()
    made.foreign = {"logs": "it carries no tag of this deployment"}
    assert made.mend("log-group-missing") == ExitCode.PROBLEMS
    assert made.made == []


def test_what_is_not_ours_is_changed_where_a_person_agrees_to_that_one_thing(
    world: Callable[..., World],
) -> None:
    asked: list[str] = []

    def consent(question: str) -> bool:
        asked.append(question)
        return True

    made = world("healthy-as-it-is")
    made.foreign = {"ecs": "it carries no tag of this deployment"}
    made.consent = consent
    assert made.mend("switched-off") == ExitCode.OK
    assert made.made == [op.UPDATE_SERVICE]
    assert len(asked) == 1
    assert "--desired-count 1" in asked[0]
    assert "no tag of this deployment" in asked[0]


def test_what_is_not_ours_is_left_where_the_person_says_no(world: Callable[..., World]) -> None:
    made = world()
    made.foreign = {"ecs": "it carries no tag of this deployment"}
    made.consent = lambda _: False
    assert made.mend("switched-off") == ExitCode.PROBLEMS
    assert made.made == []
