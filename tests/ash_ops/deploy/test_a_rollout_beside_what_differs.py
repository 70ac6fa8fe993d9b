"""A rollout of a service that runs otherwise than its stack wants, and of one that would lose data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.losses import ENDS_WITH_THE_TASK
from ash_ops.deploy.plan.drift import Drift
from ash_ops.deploy.run import rollout as rolling
from ash_ops.deploy.run.rollout import rollback, rollout
from ash_ops.deploy.sessions.live import LiveSessions, SessionLine
from ash_ops.errors import ExitCode, OpsError
from ash_ops.facts.wanted import COMPARED
from tests.ash_ops.deploy.test_proof_and_putting_back import COUNT, difference, outputs
from tests.ash_ops.deploy.test_rolling_it_out import GO, Running, image
from tests.support.account import arn
from tests.support.cloud import ID, changed, stack
from tests.support.deploying import FakeTime, User

LIVE = LiveSessions(live=(SessionLine(id="s-1", agent="helper", status="active"),))
STAYS = "  note       This changes the image alone; `ash-ops deploy` puts the others back."
HELD = f"  note       {ENDS_WITH_THE_TASK}"
REVISION = difference(op.UPDATE_SERVICE, COUNT, taskDefinition="ash-cloud-runtime:6")
OTHER = difference(op.UPDATE_SERVICE, COUNT, desiredCount=2)


@pytest.fixture
def running(
    aws: Aws, time_: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Running, Mock, Mock]]:
    """What runs, and how it differs from its stack; who puts a service back and who starts it anew."""

    def make(user: User, drift: Drift) -> tuple[Running, Mock, Mock]:
        here = Running(aws, time_, user)
        here.environment = replace(here.environment, sessions=lambda *_: LIVE)
        put_back, anew = Mock(return_value=ExitCode.OK), Mock(return_value=ExitCode.OK)
        monkeypatch.setattr(rolling, "read_drift", Mock(return_value=drift))
        monkeypatch.setattr(rolling, "put_back_service", put_back)
        monkeypatch.setattr(rolling, "restart", anew)
        monkeypatch.setattr(rolling, "require_own_service", lambda *_: None)
        return here, put_back, anew

    return make


@pytest.mark.parametrize(
    ("version", "of_stack", "differs", "does"),
    [
        pytest.param("1", "1", (REVISION,), "put back", id="what the stack wants, which was left"),
        pytest.param("1", "1", (), "plan", id="what the stack wants and another runs, unexplained"),
        pytest.param("1", "1", (OTHER,), "plan", id="its count differs, not its revision"),
        pytest.param("3", "1", (REVISION,), "plan", id="neither what runs nor what the stack wants"),
        pytest.param("2", "1", (REVISION,), "anew", id="what runs, though the stack wants another"),
        pytest.param(None, "2", (REVISION,), "anew", id="no version is what runs, whatever differs"),
        pytest.param("2", "2", (), "anew", id="what runs and is wanted"),
    ],
)  # fmt: skip
def test_a_version_is_planned_put_back_or_started_anew(
    running: Callable[..., tuple[Running, Mock, Mock]],
    version: str | None,
    of_stack: str,
    differs: tuple[Any, ...],
    does: str,
) -> None:
    here, put_back, anew = running(User(True), Drift(differences=differs))
    here.account.there["stack"][ID] = stack(
        Image=f"127.0.0.1:9/ash:{of_stack}", LaunchType="FARGATE"
    )
    assert rollout(here.environment, version, GO) is ExitCode.OK
    planned = here.account.asked("ExecuteChangeSet") != []
    assert (put_back.called, planned, anew.called) == tuple(
        does == each for each in ("put back", "plan", "anew")
    )
    told = f"Image: 127.0.0.1:9/ash:2 -> 127.0.0.1:9/ash:{version}"
    assert (told in here.user.heard) is (does != "anew")
    # What differs is told in every case, and what stays as it is unless it is put back.
    assert any("the stack wants 2" in line for line in here.user.heard) is bool(differs)
    assert (STAYS in here.user.heard) is (bool(differs) and does != "put back")
    session, end = (line for line in here.user.heard if "s-1" in line or line == HELD)
    assert ("s-1" in session, end) == (True, HELD)
    if does == "put back":
        assert put_back.call_args.args[4] == "Roll it out?"


def test_who_goes_back_to_what_the_stack_wants_is_told_what_ends(
    running: Callable[..., tuple[Running, Mock, Mock]],
) -> None:
    here, put_back, _ = running(User(), Drift(differences=(REVISION,)))
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    wanted = arn("ecs", "task-definition/ash-cloud-runtime:6")
    here.account.there["stack"][ID]["Outputs"] = outputs(TaskDefinitionArn=wanted)
    assert rollback(here.environment, GO) is ExitCode.OK
    assert put_back.call_args.args[4] == "Roll it back?"
    assert any("s-1" in line for line in here.user.heard)
    assert HELD in here.user.heard


@pytest.mark.parametrize("back", [True, False])
def test_what_is_compared_is_what_a_rollout_can_change(
    running: Callable[..., tuple[Running, Mock, Mock]], back: bool
) -> None:
    here, _, _ = running(User(True), Drift())
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    assert (rollback(here.environment, GO) if back else rollout(here.environment, "3", GO)) == 0
    read: Any = vars(rolling)["read_drift"]
    (call,) = read.call_args_list
    _, names, of, types = call.args
    assert (names, of.id, types) == (here.environment.deployment, ID, COMPARED)
    assert STAYS not in here.user.heard


@pytest.mark.parametrize(
    ("parameters", "mode", "inside_the_task"),
    [
        ({"LaunchType": "FARGATE"}, None, True),
        ({"LaunchType": "FARGATE", "UseEfs": "true"}, None, False),
        ({"LaunchType": "FARGATE"}, "multi-machine", False),
        ({"LaunchType": "FARGATE"}, "standalone", True),
    ],
)
def test_that_data_ends_with_the_task_is_said_only_where_it_is_inside_it(
    running: Callable[..., tuple[Running, Mock, Mock]],
    parameters: dict[str, str],
    mode: str | None,
    inside_the_task: bool,
) -> None:
    here, _, _ = running(User(True), Drift())
    made = stack(Image="127.0.0.1:9/ash:2", **parameters)
    here.account.there["stack"][ID] = {**made, "Outputs": outputs(Mode=mode) if mode else []}
    rollout(here.environment, "3", GO)
    assert (HELD in here.user.heard) is inside_the_task
    kept = "the session is kept on the stack's file system" in here.user.text
    assert kept is not inside_the_task


class Impatient(User):
    """Presses Ctrl-C where no answer is left."""

    def confirm(self, question: str) -> bool:
        if not self.answers:
            raise KeyboardInterrupt
        return super().confirm(question)


EFS_GOES = changed("Remove", "FileSystem", "AWS::EFS::FileSystem", PhysicalResourceId="fs-1")


@pytest.mark.parametrize(
    ("answers", "choices", "asked", "ends"),
    [
        pytest.param((False,), GO, ["Lose this data?"], OpsError, id="declined"),
        pytest.param((True, True), GO, ["Lose this data?", "Roll it out?"], ExitCode.OK, id="agreed"),
        pytest.param((True,), replace(GO, lose_data=True), ["Roll it out?"], ExitCode.OK, id="given"),
        pytest.param((), DeployChoices(plan_only=True), [], ExitCode.OK, id="a plan asks nothing"),
        pytest.param((True,), GO, ["Lose this data?"], KeyboardInterrupt, id="Ctrl-C"),
    ],
)  # fmt: skip
def test_a_rollout_that_would_lose_data_asks_for_that_apart_and_leaves_no_plan_behind(
    running: Callable[..., tuple[Running, Mock, Mock]],
    answers: tuple[Any, ...],
    choices: DeployChoices,
    asked: list[str],
    ends: Any,
) -> None:
    here, _, _ = running(Impatient(*answers), Drift())
    here.changes = [EFS_GOES]
    if isinstance(ends, ExitCode):
        assert rollout(here.environment, "3", choices) is ends
    else:
        with pytest.raises(ends):
            rollout(here.environment, "3", choices)
    assert here.user.asked == asked
    assert any(line.startswith("  DATA LOSS  FileSystem (fs-1)") for line in here.user.heard)
    begins = ends is ExitCode.OK and not choices.plan_only
    assert here.did() == ["CreateChangeSet", "ExecuteChangeSet" if begins else "DeleteChangeSet"]


def test_a_plan_that_would_lose_nothing_speaks_of_no_loss(
    running: Callable[..., tuple[Running, Mock, Mock]],
) -> None:
    here, _, _ = running(User(True), Drift())
    rollout(here.environment, "3", GO)
    assert "DATA LOSS" not in here.user.text


def test_a_name_under_which_nothing_was_deployed_is_not_taken_for_anothers_work(
    running: Callable[..., tuple[Running, Mock, Mock]],
) -> None:
    here, _, _ = running(User(), Drift())
    here.account.there["stack"].clear()
    here.account.answers["DescribeServices"] = {"services": [], "failures": []}
    with pytest.raises(OpsError, match="There is no deployment 'ash-cloud'"):
        rollout(here.environment, "3", GO)


def test_what_an_image_exists_for_is_told_in_order(
    running: Callable[..., tuple[Running, Mock, Mock]], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _, _ = running(User(), Drift())
    made = image(exists=True, architectures=("riscv64", "arm64"))
    monkeypatch.setattr(rolling, "find_image", lambda *_: made)
    with pytest.raises(OpsError) as refused:
        rollout(here.environment, "3", GO)
    assert refused.value.why == "it exists for arm64, riscv64, the task wants X86_64"


@pytest.mark.parametrize("agreed", [True, False])
def test_a_plan_in_which_nothing_changes_starts_what_runs_anew(
    running: Callable[..., tuple[Running, Mock, Mock]], agreed: bool
) -> None:
    here, _, anew = running(User(agreed), Drift())
    here.status, here.changes = "FAILED", []
    here.reason = "The submitted information didn't contain changes."
    code = rollout(here.environment, "3", GO)
    assert code is (ExitCode.OK if agreed else ExitCode.FAILED)
    assert here.user.asked == ["127.0.0.1:9/ash:3 is what runs. Start it anew?"]
    assert anew.called is agreed
    assert "ExecuteChangeSet" not in here.did()
