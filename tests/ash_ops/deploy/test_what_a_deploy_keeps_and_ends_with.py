"""What ``deploy`` takes over from the stack that is there, what it asks twice, and how it ends without a change."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.losses import EPHEMERAL, ROOT_DISK
from ash_ops.deploy.plan.drift import Drift
from ash_ops.deploy.run import deploy as deploying
from ash_ops.deploy.run.deploy import claims_of, is_at_work
from ash_ops.errors import ExitCode, OpsError
from tests.ash_ops.deploy.test_proof_and_putting_back import COUNT, difference, outputs
from tests.support.account import Raw
from tests.support.cloud import ID, SERVICE, Cloud, changed, image_of_loopback, parameters, stack
from tests.support.deploying import FakeTime, User


@pytest.fixture
def cloud(aws: Aws, time_: FakeTime) -> Callable[..., Cloud]:
    return partial(Cloud, aws, time_)


def is_as_wanted(here: Cloud) -> None:
    """CloudFormation finds nothing to change."""
    here.status, here.reason = "FAILED", "The submitted information didn't contain changes."
    here.changes = []


def was(here: Cloud, *statuses: str) -> None:
    """The stack's status at each look, the last for ever."""
    left = list(statuses)

    def told(_: Raw) -> Raw:
        status = left.pop(0) if len(left) > 1 else left[0]
        return {"Stacks": [{**here.account.there["stack"][ID], "StackStatus": status}]}

    here.account.answers["DescribeStacks"] = told


@pytest.mark.parametrize(
    ("statuses", "look_only", "is_proven"),
    [
        (("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"), False, True),
        (("UPDATE_COMPLETE",), False, False),
        (("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"), True, False),
    ],
)
def test_a_run_that_picked_up_an_interrupted_one_ends_with_its_proof(
    cloud: Callable[..., Cloud],
    monkeypatch: pytest.MonkeyPatch,
    statuses: tuple[str, ...],
    look_only: bool,
    is_proven: bool,
) -> None:
    here, prove = cloud(User(), there=True), Mock(return_value=ExitCode.PROBLEMS)
    is_as_wanted(here)
    here.account.there["stack"][ID]["Outputs"] = outputs(Url="http://there:4100")
    was(here, *statuses)
    monkeypatch.setattr(deploying, "prove", prove)
    monkeypatch.setattr(deploying, "read_drift", lambda *_: Drift())
    code = here.deploy(plan_only=look_only, canary=True)
    assert code is (ExitCode.PROBLEMS if is_proven else ExitCode.OK)
    assert "Nothing to change: ash-cloud is as wanted. http://there:4100" in here.user.heard
    assert [call.args[2] for call in prove.call_args_list] == [True] * is_proven
    assert ("`ash-ops doctor` tells whether it works." in here.user.heard) is not is_proven
    following = "ash-cloud is UPDATE_IN_PROGRESS; following it."
    assert (following in here.user.heard) is is_proven


@pytest.mark.parametrize(
    ("status", "at_work"),
    [
        ("CREATE_IN_PROGRESS", True),
        ("UPDATE_ROLLBACK_IN_PROGRESS", True),
        ("UPDATE_COMPLETE", False),
        ("REVIEW_IN_PROGRESS", False),
    ],
)
def test_an_empty_shell_is_not_at_work(
    cloud: Callable[..., Cloud], status: str, at_work: bool
) -> None:
    here = cloud(User(), there=True)
    was(here, status)
    assert is_at_work(claims_of(here.environment, DeployChoices())) is at_work


@pytest.mark.parametrize(("adopt", "look_only"), [(True, False), (False, True)])
def test_whose_a_thing_is_is_asked_as_the_run_was_asked_for(
    cloud: Callable[..., Cloud], adopt: bool, look_only: bool
) -> None:
    here = cloud(User())
    claims = claims_of(here.environment, DeployChoices(adopt=adopt, plan_only=look_only))
    assert (claims.aws, claims.dialogue) == (here.aws, here.user)
    assert (claims.names, claims.adopt) == (here.environment.deployment, adopt)
    assert claims.look_only is look_only


@pytest.mark.parametrize("drifted", [True, False])
def test_only_a_service_that_runs_otherwise_is_compared_once_more_at_the_end(
    cloud: Callable[..., Cloud], monkeypatch: pytest.MonkeyPatch, drifted: bool
) -> None:
    here, carry_out = cloud(User(True), there=True), Mock(return_value=ExitCode.OK)
    apart = difference(op.UPDATE_SERVICE, COUNT, desiredCount=2)
    monkeypatch.setattr(deploying, "read_drift", lambda *_: Drift(differences=(apart,) * drifted))
    monkeypatch.setattr(deploying, "put_back", lambda *_: None)
    monkeypatch.setattr(deploying, "carry_out_drained", carry_out)
    here.deploy()
    environment, of, plan, choices, written, conclude = carry_out.call_args.args
    assert (environment, of.id, plan.id, choices.wait) == (here.environment, ID, ID, False)
    assert written.made is False
    assert (conclude is not None) is drifted


def test_what_the_stack_was_made_with_stays_unless_it_is_given_anew(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True), there=True)
    made = stack(Architecture="ARM64", Cpu="2048", Memory="8192", LaunchType="FARGATE")
    here.account.there["stack"][ID] = made
    assert here.deploy(image_of_loopback(memory=16384)) is ExitCode.OK
    sent = parameters(here.account.asked("CreateChangeSet")[-1])
    assert {name: sent[name] for name in ("Architecture", "Cpu", "Memory")} == {
        "Architecture": "as it is",
        "Cpu": "as it is",
        "Memory": "16384",
    }


def test_the_mode_of_a_stack_is_the_one_that_it_tells(
    cloud: Callable[..., Cloud], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fleet stays a fleet: another template would take its database away."""
    here = cloud(User(True), there=True)
    monkeypatch.setattr(deploying, "refusal", lambda *_: None)
    made = stack(RunnerSubnetIds="subnet-1,subnet-2")
    here.account.there["stack"][ID] = {**made, "Outputs": outputs(Mode="multi-machine")}
    here.deploy()
    body = here.account.asked("CreateChangeSet")[-1]["TemplateBody"]
    assert "AWS::RDS::DBInstance" in body
    stored = json.loads(here.account.asked("PutSecretValue")[0]["SecretString"])
    assert "ASH_DATABASE_PASSWORD" in stored


@pytest.mark.parametrize("own", [True, False])
def test_only_a_template_of_ones_own_may_keep_less_than_the_stack_does(
    cloud: Callable[..., Cloud], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own: bool
) -> None:
    here = cloud(User(False), there=True)
    asked = Mock(return_value=["FileSystem (fs-1) is kept no longer"])
    monkeypatch.setattr(deploying, "no_longer_kept", asked)
    body = deploying.template_files.load_template("standalone", None)
    (tmp_path / "standalone.yaml").write_text(body, encoding="utf-8")
    choices = {"template": tmp_path} if own else {}
    with pytest.raises(OpsError, match="data would be lost") if own else nullcontext():
        here.deploy(**choices)
    assert asked.called is own
    assert any("FileSystem (fs-1) is kept no longer" in line for line in here.user.heard) is own
    if own:
        assert asked.call_args.args[3] == body
    assert "ExecuteChangeSet" not in here.did()


@pytest.mark.parametrize(
    ("given", "declared", "home"),
    [
        ({"LaunchType": "EC2"}, ("DataZone",), "on the stack's disk"),
        ({"LaunchType": "EC2"}, (), ROOT_DISK),
        ({"LaunchType": "EC2", "DataVolumeId": "vol-1"}, ("DataZone",), "on the disk vol-1"),
        ({"UseEfs": "false"}, ("DataZone",), EPHEMERAL),
        ({}, (), "on the file system fs-1"),
    ],
)
def test_where_data_will_be_follows_from_what_was_and_what_is_given_and_from_the_template(
    given: dict[str, str], declared: tuple[str, ...], home: str
) -> None:
    """A template without a disk of its own puts it on the machine's."""
    before = {"FileSystemId": "fs-1", "UseEfs": "false" if "LaunchType" in given else "true"}
    request = SimpleNamespace(previous=before, given=given, mode="standalone")
    intent: Any = SimpleNamespace(request=request, declared=declared)
    assert deploying._Intent.next_home.__get__(intent) == home


EFS_GOES = changed("Remove", "FileSystem", "AWS::EFS::FileSystem", PhysicalResourceId="fs-1")


@pytest.mark.parametrize(
    ("answers", "given", "ends"),
    [
        pytest.param((True, False), False, "data would be lost", id="the loss is declined"),
        pytest.param((True, True, False), False, "Not deployed", id="the plan is declined"),
        pytest.param((True, False), True, "Not deployed", id="the loss was agreed to before"),
        pytest.param((True, True, True), False, None, id="both are agreed to"),
    ],
)
def test_a_plan_that_is_another_once_the_secret_is_written_is_shown_and_asked_for_anew(
    cloud: Callable[..., Cloud], answers: tuple[bool, ...], given: bool, ends: str | None
) -> None:
    here = cloud(User(*answers), there=True)
    looks: list[str] = []

    def described(asked: Raw) -> Raw:
        looks.append(asked["ChangeSetName"])
        changes = [SERVICE] if looks[0] == asked["ChangeSetName"] else [EFS_GOES]
        return {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "Changes": changes}

    here.account.answers["DescribeChangeSet"] = described
    if ends is None:
        assert here.deploy(lose_data=given) is ExitCode.OK
    else:
        with pytest.raises(OpsError, match=ends):
            here.deploy(lose_data=given)
    assert "The plan is different now:" in here.user.heard
    assert here.user.asked[0] == "Deploy this?"
    assert here.user.asked[1:] == [
        *(["Lose this data?"] * (not given)),
        *(["Deploy this?"] * (len(answers) > 2 or given)),
    ]
    assert any(line.startswith("  DATA LOSS  FileSystem (fs-1)") for line in here.user.heard)
    first, final = here.account.asked("CreateChangeSet")
    left = {f"{each['ChangeSetName']}-id" for each in (first, final)}
    left -= {each["ChangeSetName"] for each in here.account.asked("DeleteChangeSet")}
    assert left == ({f"{final['ChangeSetName']}-id"} if ends is None else set())
    assert ("ExecuteChangeSet" in here.did()) is (ends is None)
    # What was replaced for a plan that did not begin is put back: what runs keeps the values it knows.
    assert ("UpdateSecretVersionStage" in here.did()) is (ends is not None)
