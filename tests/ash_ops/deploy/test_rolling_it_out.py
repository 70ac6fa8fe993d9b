"""``rollout`` and ``rollback``: another version of the image, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import Mock

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.plan.drift import Drift
from ash_ops.deploy.run import rollout as rolling
from ash_ops.deploy.run.rollout import rollback, rollout
from ash_ops.deploy.sessions.live import LiveSessions, SessionLine
from ash_ops.errors import ExitCode, OpsError
from ash_ops.facts.start import ImageState
from tests.ash_ops.deploy.test_proof_and_putting_back import difference
from tests.support.account import MADE, Raw, arn
from tests.support.cloud import ID, Cloud, changed, ecs, parameters, stack
from tests.support.deploying import FakeTime, User


class Running(Cloud):
    """A deployment that runs revision 7 with an image of its own."""

    def __init__(self, aws: Aws, time_: FakeTime, user: User) -> None:
        super().__init__(aws, time_, user, there=True)
        self.account.answers |= ecs()
        self.account.answers["DescribeTaskDefinition"] = self._revision
        self.account.there["stack"][ID] = stack(Image="127.0.0.1:9/ash:2", LaunchType="FARGATE")
        self.images = {7: "127.0.0.1:9/ash:2", 6: "127.0.0.1:9/ash:1"}
        self.changes = [changed("Modify", "Service", "AWS::ECS::Service")]

    def _revision(self, given: Raw) -> Raw:
        number = int(given["taskDefinition"].rpartition(":")[2])
        if number not in self.images:
            raise self.account.missing("ClientException")
        family = arn("ecs", f"task-definition/ash-cloud-runtime:{number}")
        containers = [{"name": "ash", "image": self.images[number]}]
        return {
            "taskDefinition": {
                "taskDefinitionArn": family,
                "family": "ash-cloud-runtime",
                "revision": number,
                "containerDefinitions": containers,
            }
        }


@pytest.fixture
def running(aws: Aws, time_: FakeTime) -> Callable[..., Running]:
    return partial(Running, aws, time_)


GO = DeployChoices(wait=False)


def test_a_rollout_changes_the_image_and_keeps_every_other_parameter(
    running: Callable[..., Running],
) -> None:
    here = running(User(True))
    assert rollout(here.environment, "3", GO) is ExitCode.OK
    (asked,) = here.account.asked("CreateChangeSet")
    assert parameters(asked) == {"Image": "127.0.0.1:9/ash:3", "LaunchType": "as it is"}
    assert asked["UsePreviousTemplate"] is True
    assert "Image: 127.0.0.1:9/ash:2 -> 127.0.0.1:9/ash:3" in here.user.heard
    assert here.user.asked == ["Roll it out?"]
    assert any("end with every task that is replaced" in line for line in here.user.heard)
    assert here.did() == ["CreateChangeSet", "ExecuteChangeSet"]


def test_a_rollout_that_is_declined_leaves_no_plan(running: Callable[..., Running]) -> None:
    here = running(User(False))
    assert rollout(here.environment, "3", GO) is ExitCode.FAILED
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]
    assert here.user.heard[-1] == "Nothing was changed."


@pytest.mark.parametrize(
    ("version", "told", "did"),
    [
        (
            "3",
            "Image: 127.0.0.1:9/ash:2 -> 127.0.0.1:9/ash:3",
            ["CreateChangeSet", "DeleteChangeSet"],
        ),
        (None, "127.0.0.1:9/ash:2 is what runs: it would be started anew.", []),
    ],
)
def test_a_plan_of_a_rollout_tells_and_asks_nothing(
    running: Callable[..., Running], version: str | None, told: str, did: list[str]
) -> None:
    here = running(User())
    assert rollout(here.environment, version, DeployChoices(plan_only=True)) is ExitCode.OK
    assert told in here.user.heard
    assert (here.user.asked, here.did()) == ([], did)


def test_a_plan_of_the_way_back_tells_and_asks_nothing(running: Callable[..., Running]) -> None:
    here = running(User())
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    assert rollback(here.environment, DeployChoices(plan_only=True)) is ExitCode.OK
    assert any(line.startswith("Back to ash-cloud-runtime:6") for line in here.user.heard)
    assert (here.user.asked, here.did()) == ([], ["CreateChangeSet", "DeleteChangeSet"])


@pytest.mark.parametrize(("version", "agreed"), [(None, True), ("2", True), (None, False)])
def test_the_same_image_once_more_starts_the_service_anew(
    running: Callable[..., Running], version: str | None, agreed: bool
) -> None:
    here = running(User(agreed))
    own = [{"key": "ash:deployment", "value": "ash-cloud"}]
    services = ecs()["DescribeServices"]["services"]
    tagged = {"services": [{**services[0], "tags": own}], "failures": []}
    here.account.answers["DescribeServices"] = tagged
    here.account.answers["UpdateService"] = {"service": services[0]}
    code = rollout(here.environment, version, GO)
    assert here.user.asked == ["127.0.0.1:9/ash:2 is what runs. Start it anew?"]
    assert code is (ExitCode.OK if agreed else ExitCode.FAILED)
    asked = here.account.asked("UpdateService")
    assert [each["forceNewDeployment"] for each in asked] == [True] * agreed
    assert here.did() == ["UpdateService"] * agreed


def test_a_service_that_is_anothers_is_not_started_anew(running: Callable[..., Running]) -> None:
    here = running(User(True))
    with pytest.raises(OpsError, match="is not ours"):
        rollout(here.environment, None, GO)
    assert here.did() == []


def test_what_is_no_image_is_refused_before_anything(running: Callable[..., Running]) -> None:
    here = running(User())
    with pytest.raises(OpsError, match="is no name of an image"):
        rollout(here.environment, "UPPER/x y:1", GO)
    assert here.did() == []


def test_back_is_the_older_definition_with_another_image(running: Callable[..., Running]) -> None:
    here = running(User(True))
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    here.images = {7: "127.0.0.1:9/ash:2", 6: "127.0.0.1:9/ash:2", 5: "127.0.0.1:9/ash:1"}
    assert rollback(here.environment, GO) is ExitCode.OK
    (asked,) = here.account.asked("CreateChangeSet")
    assert parameters(asked)["Image"] == "127.0.0.1:9/ash:1"
    assert (
        "Back to ash-cloud-runtime:5, the one before with another image; nobody kept whether it was "
        "steady: 127.0.0.1:9/ash:2 -> 127.0.0.1:9/ash:1"
    ) in here.user.heard


def test_there_is_nothing_to_go_back_to_but_the_same_image(running: Callable[..., Running]) -> None:
    here = running(User())
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    here.images = dict.fromkeys(range(1, 8), "127.0.0.1:9/ash:2")
    with pytest.raises(OpsError, match="There is nothing to go back to") as refused:
        rollback(here.environment, GO)
    assert "no earlier revision of ash-cloud-runtime that is still known" in refused.value.why


@pytest.mark.parametrize(("number", "reached"), [(15, True), (14, False)])
def test_twenty_five_definitions_back_and_no_further_are_looked_at(
    running: Callable[..., Running], number: int, reached: bool
) -> None:
    """From 39 to 15; each costs a call."""
    here = running(User(True))
    (service,) = ecs()["DescribeServices"]["services"]
    forty = json.loads(json.dumps(service, default=str).replace("runtime:7", "runtime:40"))
    here.account.answers |= {
        "DescribeServices": {"services": [forty], "failures": []},
        "ListServiceDeployments": {"serviceDeployments": []},
    }
    here.images = dict.fromkeys(range(16, 41), "127.0.0.1:9/ash:2") | {number: "127.0.0.1:9/ash:1"}
    if reached:
        assert rollback(here.environment, GO) is ExitCode.OK
        assert "Back to ash-cloud-runtime:15, " in here.user.text
    else:
        with pytest.raises(OpsError, match="There is nothing to go back to"):
            rollback(here.environment, GO)


def test_a_history_that_may_not_be_read_is_a_doubt_that_is_told(
    running: Callable[..., Running],
) -> None:
    here = running(User(True))
    here.account.answers["ListServiceDeployments"] = "AccessDeniedException"
    rollback(here.environment, GO)
    assert (
        "which was steady could not be read (ecs:ListServiceDeployments: AccessDen"
        in here.user.text
    )


def past(*steady: tuple[int, bool]) -> dict[str, Any]:
    """The deployments of a service, newest first: a revision each, and whether it succeeded."""
    name = "ash-cloud/ash-cloud-runtime"
    revisions = {number: arn("ecs", f"service-revision/{name}/{number}") for number, _ in steady}
    briefs = [
        {
            "serviceDeploymentArn": arn("ecs", f"service-deployment/{name}/d{number}"),
            "status": "SUCCESSFUL" if good else "ROLLBACK_SUCCESSFUL",
            "createdAt": MADE,
            "finishedAt": MADE,
            "targetServiceRevisionArn": revisions[number],
        }
        for number, good in steady
    ]
    known = [
        {
            "serviceRevisionArn": revision,
            "taskDefinition": arn("ecs", f"task-definition/ash-cloud-runtime:{number}"),
        }
        for number, revision in revisions.items()
    ]
    return {
        "ListServiceDeployments": {"serviceDeployments": briefs},
        "DescribeServiceRevisions": {"serviceRevisions": known, "failures": []},
    }


def test_back_is_the_last_that_was_steady_whatever_failed_since(
    running: Callable[..., Running],
) -> None:
    here = running(User(True))
    here.account.answers |= past((7, True), (6, False), (5, True), (4, True))
    here.images = {number: f"127.0.0.1:9/ash:{number}" for number in range(1, 8)}
    rollback(here.environment, GO)
    (asked,) = here.account.asked("CreateChangeSet")
    assert parameters(asked)["Image"] == "127.0.0.1:9/ash:5"
    assert "the last that was steady before, 2026-11-23 10:00 UTC" in here.user.text


@pytest.mark.parametrize("drifted", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_back_puts_the_service_back_only_if_it_left_the_very_revision_that_is_meant(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, *, drifted: bool, own: bool
) -> None:
    here = running(User(True))
    here.account.answers["ListServiceDeployments"] = {"serviceDeployments": []}
    wanted = {
        "OutputKey": "TaskDefinitionArn",
        "OutputValue": arn("ecs", f"task-definition/ash-cloud-runtime:{6 if own else 5}"),
    }
    here.account.there["stack"][ID]["Outputs"] = [wanted]
    apart = difference(
        op.UPDATE_SERVICE, {"service": "ash-cloud-runtime"}, taskDefinition="ash-cloud-runtime:6"
    )
    monkeypatch.setattr(rolling, "read_drift", lambda *_: Drift(differences=(apart,) * drifted))
    put_back = Mock(return_value=ExitCode.OK)
    monkeypatch.setattr(rolling, "put_back_service", put_back)
    assert rollback(here.environment, GO) is ExitCode.OK
    assert put_back.called is (drifted and own)
    assert bool(here.account.asked("CreateChangeSet")) is not (drifted and own)


def image(**more: Any) -> ImageState:
    return ImageState(reference="127.0.0.1:9/ash:3", **more)


@pytest.mark.parametrize(
    ("found", "what", "why"),
    [
        (
            image(exists=False, repository_exists=True),
            "There is no image 127.0.0.1:9/ash:3",
            "the registry has no such tag or digest",
        ),
        (
            image(exists=False, repository_exists=False),
            "There is no image 127.0.0.1:9/ash:3",
            "the registry has no such repository",
        ),
        (
            image(exists=True, architectures=("arm64", "riscv64")),
            "127.0.0.1:9/ash:3 does not run here",
            "it exists for arm64, riscv64, the task wants X86_64",
        ),
    ],
)
def test_an_image_that_cannot_run_is_refused_before_anything_changes(
    running: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
    found: ImageState,
    what: str,
    why: str,
) -> None:
    here = running(User())
    monkeypatch.setattr(rolling, "find_image", lambda *_: found)
    with pytest.raises(OpsError) as refused:
        rollout(here.environment, "3", GO)
    assert (refused.value.what, refused.value.why) == (what, why)
    assert refused.value.next_step.endswith("; nothing was changed.")
    assert here.did() == []


@pytest.mark.parametrize(
    "found", [image(), image(exists=True), image(exists=True, architectures=("amd64", "arm64"))]
)
def test_an_image_of_which_nothing_speaks_against_it_is_rolled_out(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, found: ImageState
) -> None:
    here = running(User(True))
    monkeypatch.setattr(rolling, "find_image", lambda *_: found)
    assert rollout(here.environment, "3", GO) is ExitCode.OK


def test_an_emulator_pulls_nothing_and_its_images_are_not_looked_for(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> ImageState:
        raise AssertionError("an emulator has no registry")

    here = running(User(True))
    local = replace(here.environment.settings, endpoint_url="http://127.0.0.1:4566")
    here.environment = replace(here.environment, settings=local)
    monkeypatch.setattr(rolling, "find_image", never)
    assert rollout(here.environment, "3", GO) is ExitCode.OK


def test_what_no_stack_made_is_left_to_the_tool_that_made_it(
    running: Callable[..., Running],
) -> None:
    here = running(User())
    here.account.there["stack"].clear()
    with pytest.raises(OpsError) as refused:
        rollout(here.environment, "3", GO)
    assert refused.value.what == (
        "ash-cloud was deployed by something else, probably the public Terraform"
    )
    assert refused.value.why.startswith("there is no stack ash-cloud whose image could be changed")
    assert refused.value.next_step == "Change it there: `terraform apply -var ash_image=...`."
    assert here.did() == []


def test_an_image_must_run_on_the_architecture_of_the_stack(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = running(User(True))
    here.account.there["stack"][ID] = stack(Image="127.0.0.1:9/ash:2", Architecture="ARM64")
    monkeypatch.setattr(rolling, "find_image", lambda *_: image(exists=True, architectures=("amd64",)))  # fmt: skip
    with pytest.raises(OpsError, match="does not run here") as refused:
        rollout(here.environment, "3", GO)
    assert refused.value.why == "it exists for amd64, the task wants ARM64"
    monkeypatch.setattr(rolling, "find_image", lambda *_: image(exists=True, architectures=("arm64",)))  # fmt: skip
    assert rollout(here.environment, "3", GO) is ExitCode.OK


def test_a_rollout_tells_which_sessions_are_live(running: Callable[..., Running]) -> None:
    here = running(User(False))
    live = LiveSessions(live=(SessionLine(id="s-1", agent="helper", status="active"),), turns=1)
    environment = replace(here.environment, sessions=lambda *_: live)
    rollout(environment, "3", GO)
    assert any("1 live, 1 with a turn under way; 0 paused" in line for line in here.user.heard)
    assert any("s-1" in line and "helper" in line for line in here.user.heard)
