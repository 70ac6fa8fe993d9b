"""``deploy``, ``rollout`` and ``rollback`` up to the start: nothing before consent, nothing behind a no."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import NotOurs
from ash_ops.errors import ExitCode, OpsError
from tests.ash_ops.fakes.world import world as healthy_world
from tests.support.account import Raw, arn
from tests.support.cloud import (
    ALL_CHECKS,
    ID,
    SECRET,
    Cloud,
    changed,
    ecs,
    image_of_loopback,
    parameters,
    stack,
)
from tests.support.deploying import KEYS, FakeTime, User
from tests.support.whole_fleet import log_group


@pytest.fixture
def cloud(aws: Aws, time_: FakeTime) -> Callable[..., Cloud]:
    return partial(Cloud, aws, time_)


PLAN, KEYS_AND_START = (
    ["CreateChangeSet"],
    [
        "CreateServiceLinkedRole",
        "CreateServiceLinkedRole",
        "CreateSecret",
        "CreateChangeSet",
        "DeleteChangeSet",
        "ExecuteChangeSet",
    ],
)


def test_nothing_is_there_before_consent_and_the_keys_are_before_the_stack(
    cloud: Callable[..., Cloud],
) -> None:
    user = Watching()
    here = cloud(user)
    user.here = here
    assert here.deploy() is ExitCode.OK
    assert user.done_when_asked == [("Deploy this?", PLAN)]
    assert here.did() == PLAN + KEYS_AND_START
    first, final = here.account.asked("CreateChangeSet")
    (started,) = here.account.asked("ExecuteChangeSet")
    (dropped,) = here.account.asked("DeleteChangeSet")
    assert started["ChangeSetName"] == f"{final['ChangeSetName']}-id"
    assert dropped["ChangeSetName"] == f"{first['ChangeSetName']}-id"
    assert (first["ChangeSetType"], first["StackName"]) == ("CREATE", "ash-cloud")
    assert parameters(final)["SecretArn"] == SECRET
    assert first["Tags"] == [{"Key": "ash:deployment", "Value": "ash-cloud"}]


class Watching(User):
    """Says yes, and keeps what had been done when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.here: Cloud | None = None
        self.done_when_asked: list[tuple[str, list[str]]] = []

    def confirm(self, question: str) -> bool:
        assert self.here is not None
        self.done_when_asked.append((question, self.here.did()))
        return True


def test_no_value_of_a_key_leaves_but_to_secrets_manager(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True))
    here.deploy()
    (made,) = here.account.asked("CreateSecret")
    values = json.loads(made["SecretString"])
    assert values["ANTHROPIC_API_KEY"] == KEYS["ANTHROPIC_API_KEY"]
    assert {"ASH_API_KEY", "ASH_INTERNAL_SECRET", "ASH_CREDENTIAL_KEY"} <= values.keys()
    others = [given for name, given in here.account.calls if name != "CreateSecret"]
    for value in values.values():
        assert len(value) > 16
        assert value not in repr(others) + here.user.text


def test_the_plan_says_what_a_reader_wants_to_know(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(False))
    here.deploy()
    for line in (
        "Plan: create ash-cloud in us-east-1 (account 123456789012)",
        "  open to    203.0.113.7/32",
        "  cost       about $40 a month",
        (
            "  secret     ash-cloud/server: ANTHROPIC_API_KEY, ASH_API_KEY, ASH_CREDENTIAL_KEY, "
            "ASH_INTERNAL_SECRET will be stored"
        ),
    ):
        assert line in here.user.heard
    assert "There is no TLS" in here.user.text
    assert "agents and sessions end with every task that is replaced" in here.user.text
    assert "WARNING" not in here.user.text
    assert not any(line.startswith("  sessions") for line in here.user.heard)


def test_open_to_all_and_encrypted_are_told_as_such(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(False))
    certificate = arn("acm", "certificate/1")
    here.deploy(
        image_of_loopback(
            allow_cidr=("0.0.0.0/0",), certificate=certificate, hostname="ash.example.com"
        )
    )
    assert "  WARNING    " in here.user.text
    assert "There is no TLS" not in here.user.text


def test_a_no_leaves_nothing_behind(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(False))
    here.account.there["stack"] = {}
    shell = {**stack(), "StackStatus": "REVIEW_IN_PROGRESS"}

    def with_a_shell(given: Raw) -> Raw:
        here.account.there["stack"] = {ID: shell}
        return {"StackId": ID, "Id": given["ChangeSetName"]}

    here.account.answers["CreateChangeSet"] = with_a_shell
    assert here.deploy() is ExitCode.FAILED
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet", "DeleteStack"]
    assert here.user.heard[-1] == "Nothing was created or changed."


def test_a_look_at_the_plan_asks_nothing_and_leaves_nothing(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User())
    assert here.deploy(plan_only=True) is ExitCode.OK
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]
    assert here.user.asked == []


@pytest.mark.parametrize("end", [KeyboardInterrupt, OpsError("x", "y", "z")])
def test_a_question_that_is_not_answered_leaves_no_plan(
    cloud: Callable[..., Cloud], end: BaseException
) -> None:
    user = User()

    def unanswered(question: str) -> bool:
        raise end

    user.confirm = unanswered  # type: ignore[method-assign]  # somebody pressed Ctrl-C
    here = cloud(user)
    with pytest.raises(type(end) if isinstance(end, OpsError) else KeyboardInterrupt):
        here.deploy()
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]


@pytest.mark.parametrize(
    ("code", "told"), [("AccessDenied", True), ("ChangeSetNotFoundException", False)]
)
def test_a_plan_that_cannot_be_removed_is_told_and_hides_nothing(
    cloud: Callable[..., Cloud], code: str, told: bool
) -> None:
    here = cloud(User(False))
    here.account.answers["DeleteChangeSet"] = code
    assert here.deploy() is ExitCode.FAILED
    said = "The plan could not be removed (cloudformation:DeleteChangeSet: AccessDenied)"
    assert (said in here.user.text) == told


EFS_GOES = changed("Remove", "FileSystem", "AWS::EFS::FileSystem", PhysicalResourceId="fs-1")


@pytest.mark.parametrize(
    ("answers", "given", "started"),
    [
        pytest.param((True,), True, True, id="agreed to by its option"),
        pytest.param((True, True), False, True, id="agreed to when asked"),
        pytest.param((False,), False, False, id="declined"),
    ],
)
def test_data_is_lost_only_by_a_consent_of_its_own(
    cloud: Callable[..., Cloud], answers: tuple[bool, ...], given: bool, started: bool
) -> None:
    here = cloud(User(*answers), there=True)
    here.changes = [EFS_GOES]
    if started:
        here.deploy(lose_data=given)
    else:
        with pytest.raises(OpsError, match="data would be lost"):
            here.deploy(lose_data=given)
    assert here.user.asked == ["Lose this data?"] * (not given) + ["Deploy this?"] * started
    assert ("ExecuteChangeSet" in here.did()) == started
    assert any(line.startswith("  DATA LOSS  FileSystem (fs-1)") for line in here.user.heard)
    assert ("DeleteChangeSet" in here.did()) or started


def test_an_update_is_of_the_stack_that_was_read_and_says_change(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True), there=True)
    here.deploy()
    first = here.account.asked("CreateChangeSet")[0]
    assert (first["ChangeSetType"], first["StackName"]) == ("UPDATE", ID)
    assert "Plan: change ash-cloud" in here.user.text
    assert any(line.startswith("  sessions") for line in here.user.heard)
    assert "CreateServiceLinkedRole" not in here.did()


REPLACED = changed("Modify", "Cluster", "AWS::ECS::Cluster", Replacement="True")


def test_what_has_a_name_is_not_replaced_unless_that_check_is_skipped(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(), there=True)
    here.changes = [REPLACED]
    with pytest.raises(OpsError, match="Cluster cannot be replaced"):
        here.deploy()
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]


def test_a_replacement_is_let_through_with_its_check_skipped(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True), there=True)
    here.changes = [REPLACED]
    assert here.deploy(skip_checks=ALL_CHECKS | {"replacement"}) is ExitCode.OK


def test_a_deployment_that_another_tool_made_is_left_alone(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User())
    here.account.answers |= ecs()
    with pytest.raises(OpsError, match="deployed by something else") as refused:
        here.deploy()
    assert "--name ash-cloud-2" in refused.value.next_step
    assert here.did() == []


def test_what_others_have_under_a_name_of_ours_is_not_taken_for_ours(
    cloud: Callable[..., Cloud],
) -> None:
    """The stack would find it there, take it over, and delete it when it is undone."""
    here = cloud(User())
    taken = log_group("/ash-cloud/runtime", "ash-cloud-2")
    here.account.there["log group"] = {"/ash-cloud/runtime": taken}
    with pytest.raises(NotOurs) as refused:
        here.deploy()
    assert "/ash-cloud/runtime" in str(refused.value)
    assert here.did() == []


def test_a_check_that_refuses_stops_it_before_there_is_a_plan(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User())
    subnets = healthy_world()["ec2:DescribeSubnets"]["Subnets"]
    full = [{**subnet, "AvailableIpAddressCount": 0} for subnet in subnets]
    here.account.answers["DescribeSubnets"] = {"Subnets": full}
    with pytest.raises(OpsError):
        here.deploy(skip_checks=frozenset())
    assert here.did() == []
