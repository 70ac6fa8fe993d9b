"""``deploy``, ``rollout`` and ``rollback`` up to the start: nothing before consent, nothing behind a no."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.run.deploy import deploy
from ash_ops.deploy.run.rollout import rollback, rollout
from ash_ops.deploy.sessions.live import LiveSessions
from ash_ops.errors import ExitCode, OpsError
from ash_ops.template_parameters import document
from tests.ash_ops.fakes.world import world as healthy_world
from tests.support.account import MADE, OURS, Account, Raw, arn
from tests.support.deploying import KEYS, FakeTime, User, settings_of

ID = arn("cloudformation", "stack/ash-cloud/1")
SECRET = arn("secretsmanager", "secret:ash-cloud/server-AbCdEf")
ALL_CHECKS = frozenset(
    ("room-for-tasks", "routes", "image", "quota", "names", "permissions", "size", "room")
)


def changed(action: str, name: str, type_: str, **more: Any) -> Raw:
    found = {"Action": action, "LogicalResourceId": name, "ResourceType": type_, **more}
    return {"Type": "Resource", "ResourceChange": found}


SERVICE = changed("Add", "Service", "AWS::ECS::Service")


class Cloud:
    """An account in which stacks are planned and started."""

    def __init__(self, aws: Aws, time_: FakeTime, user: User, *, there: bool = False) -> None:
        self.account, self.user, self.aws = Account({"secret": {}}), user, aws
        network = {k.partition(":")[2]: v for k, v in healthy_world().items() if k[:4] == "ec2:"}
        self.account.answers |= {
            **network,
            "CreateChangeSet": self._create,
            "DescribeChangeSet": self._describe,
            "GetTemplateSummary": self._summary,
            "CreateSecret": self._secret,
            "PutSecretValue": {"ARN": SECRET, "VersionId": "2" * 36},
            "GetSecretValue": {"SecretString": '{"ASH_API_KEY": "old", "ANTHROPIC_API_KEY": "k"}'},
        }
        self.changes: list[Raw] = [SERVICE]
        self.status, self.reason = "CREATE_COMPLETE", ""
        if there:
            self.account.there["stack"] = {ID: stack()}
            self.account.there["secret"] = {"ash-cloud/server": stored()}
        self.account.serve(aws)
        self.environment = Environment(
            aws=aws,
            settings=settings_of(),
            dialogue=user,
            clock=time_.clock,
            find_address=lambda: "203.0.113.7",
            estimate=lambda _request: "about $40 a month",
            explain=lambda *_: "why",
            sessions=lambda *_: LiveSessions(),
        )

    def _create(self, given: Raw) -> Raw:
        return {"StackId": ID, "Id": f"{given['ChangeSetName']}-id"}

    def _describe(self, given: Raw) -> Raw:
        told = {"Status": self.status, "StatusReason": self.reason, "Changes": self.changes}
        return {**told, "ExecutionStatus": "AVAILABLE"}

    def _summary(self, given: Raw) -> Raw:
        body = document(given["TemplateBody"])
        return {"Parameters": [{"ParameterKey": name} for name in body["Parameters"]]}

    def _secret(self, given: Raw) -> Raw:
        self.account.there["secret"][given["Name"]] = stored()
        return {"ARN": SECRET, "VersionId": given["ClientRequestToken"]}

    def did(self) -> list[str]:
        looks = ("Describe", "List", "Get", "Simulate")
        return [name for name, _ in self.account.calls if not name.startswith(looks)]

    def give(self, **variables: str) -> None:
        """Variables, as an environment has them."""
        self.environment = replace(self.environment, settings=settings_of(**variables))

    def deploy(self, options: DeployOptions | None = None, **choices: Any) -> ExitCode:
        chosen = {"wait": False, "skip_checks": ALL_CHECKS, **choices}
        return deploy(self.environment, options or image_of_loopback(), DeployChoices(**chosen))


def image_of_loopback(**options: Any) -> DeployOptions:
    """Options with an image whose registry is at once found not to answer."""
    return DeployOptions(image="127.0.0.1:9/ash:1", **options)


def stored(**more: Any) -> Raw:
    return {
        "Name": "ash-cloud/server",
        "ARN": SECRET,
        "Tags": OURS,
        "VersionIdsToStages": {"1" * 36: ["AWSCURRENT"]},
        **more,
    }


def stack(**parameters: str) -> Raw:
    return {
        "StackId": ID,
        "StackName": "ash-cloud",
        "StackStatus": "UPDATE_COMPLETE",
        "CreationTime": MADE,
        "Tags": OURS,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        "Outputs": [],
    }


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


def parameters(given: Raw) -> dict[str, str]:
    return {p["ParameterKey"]: p.get("ParameterValue", "as it is") for p in given["Parameters"]}


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


def same_keys(here: Cloud) -> None:
    """The secret holds already what is given."""
    held = dict.fromkeys(("ASH_API_KEY", "ASH_INTERNAL_SECRET"), "a-value-that-is-kept")
    held |= {"ASH_CREDENTIAL_KEY": "kept", "ANTHROPIC_API_KEY": KEYS["ANTHROPIC_API_KEY"]}
    here.account.answers["GetSecretValue"] = {"SecretString": json.dumps(held)}


def test_keys_that_are_as_they_were_are_not_written_again(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True), there=True)
    same_keys(here)
    here.deploy()
    assert here.did() == ["CreateChangeSet", "ExecuteChangeSet"]
    assert not any(line.startswith("  secret") for line in here.user.heard)


def test_nothing_to_change_is_said_and_no_plan_kept(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(), there=True)
    same_keys(here)
    outputs = [{"OutputKey": "Url", "OutputValue": "http://there:4100"}]
    here.account.there["stack"][ID]["Outputs"] = outputs
    here.status, here.reason, here.changes = (
        "FAILED",
        "The submitted information didn't contain changes.",
        [],
    )
    assert here.deploy() is ExitCode.OK
    assert here.user.heard[-2:] == [
        "Nothing to change: ash-cloud is as wanted. http://there:4100",
        "`ash-ops doctor` tells whether it works.",
    ]
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]


def test_a_key_that_encrypts_is_replaced_only_by_consent_to_what_is_lost(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(False), there=True)
    held = {"ASH_CREDENTIAL_KEY": "another", "ANTHROPIC_API_KEY": "k" * 20}
    here.account.answers["GetSecretValue"] = {"SecretString": json.dumps(held)}
    here.give(ASH_CREDENTIAL_KEY="a-new-key-of-32-characters-00000")
    with pytest.raises(OpsError, match="data would be lost") as refused:
        here.deploy()
    assert "ASH_CREDENTIAL_KEY is replaced" in refused.value.why
    assert here.account.asked("PutSecretValue") == []


def test_a_secret_that_waits_for_its_deletion_is_taken_back_with_its_values(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))
    here.account.there["secret"] = {"ash-cloud/server": stored(DeletedDate=MADE)}
    here.deploy()
    assert "ash-cloud/server: waits for its deletion; it will be taken back" in here.user.text
    did = [name for name in here.did() if "Secret" in name]
    assert did == ["RestoreSecret", "PutSecretValue"]
    (put,) = here.account.asked("PutSecretValue")
    assert json.loads(put["SecretString"])["ASH_API_KEY"] == "old"


def test_a_secret_that_was_taken_back_waits_again_when_the_plan_is_refused(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))
    here.account.there["secret"] = {"ash-cloud/server": stored(DeletedDate=MADE)}
    here.account.answers["ExecuteChangeSet"] = "AccessDenied"
    with pytest.raises(OpsError):
        here.deploy()
    assert here.did()[-1] == "DeleteSecret"


@pytest.mark.parametrize("second", [True, False])
def test_a_plan_that_is_another_once_the_keys_are_written_is_asked_about_again(
    cloud: Callable[..., Cloud], second: bool
) -> None:
    here = cloud(User(True, second))
    create = here.account.answers["CreateChangeSet"]

    def other(given: Raw) -> Raw:
        if here.account.asked("CreateSecret"):
            here.changes = [SERVICE, changed("Add", "Alarm", "AWS::CloudWatch::Alarm")]
        return create(given)  # type: ignore[operator]  # it is a function here

    here.account.answers["CreateChangeSet"] = other
    if second:
        here.deploy()
        assert here.did()[-1] == "ExecuteChangeSet"
    else:
        with pytest.raises(OpsError, match="Not deployed") as refused:
            here.deploy()
        assert "the plan changed after the secret was written" in refused.value.why
        assert "ExecuteChangeSet" not in here.did()
        assert "DeleteSecret" in here.did()
        assert here.did().count("DeleteChangeSet") >= 2
    assert here.user.asked == ["Deploy this?"] * 2
    assert "The plan is different now:" in here.user.heard


def test_keys_written_for_a_plan_that_is_refused_are_taken_back(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True), there=True)
    create = here.account.answers["CreateChangeSet"]

    def refused(given: Raw) -> Raw:
        if here.account.asked("PutSecretValue"):
            raise here.account.missing("AccessDenied")
        return create(given)  # type: ignore[operator]  # it is a function here

    here.account.answers["CreateChangeSet"] = refused
    with pytest.raises(OpsError):
        here.deploy()
    assert "UpdateSecretVersionStage" in here.did()
    assert "has the old values again" in here.user.text


def test_two_who_deploy_at_once_do_not_share_a_secret(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True))
    here.account.answers["CreateSecret"] = "ResourceExistsException"
    with pytest.raises(OpsError, match="somebody else is deploying at the same time"):
        here.deploy()
    assert "DeleteSecret" not in here.did()


def test_a_secret_that_was_made_though_nobody_heard_it_is_deleted_again(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))

    def unheard(given: Raw) -> Raw:
        versions = {given["ClientRequestToken"]: ["AWSCURRENT"]}
        made = stored(VersionIdsToStages=versions)
        here.account.there["secret"][given["Name"]] = made
        raise KeyboardInterrupt

    here.account.answers["CreateSecret"] = unheard
    with pytest.raises(KeyboardInterrupt):
        here.deploy()
    assert len(here.account.asked("DeleteSecret")) == 1


def test_a_secret_that_another_made_meanwhile_is_not_deleted(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True))

    def anothers(given: Raw) -> Raw:
        here.account.there["secret"][given["Name"]] = stored()
        raise KeyboardInterrupt

    here.account.answers["CreateSecret"] = anothers
    with pytest.raises(KeyboardInterrupt):
        here.deploy()
    assert here.account.asked("DeleteSecret") == []


def test_a_deployment_that_another_tool_made_is_left_alone(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User())
    here.account.answers |= ecs()
    with pytest.raises(OpsError, match="deployed by something else") as refused:
        here.deploy()
    assert "--name ash-cloud-2" in refused.value.next_step
    assert here.did() == []


def ecs() -> dict[str, Any]:
    """A service that runs."""
    return {k.partition(":")[2]: v for k, v in healthy_world().items() if k[:4] == "ecs:"}


def test_a_check_that_refuses_stops_it_before_there_is_a_plan(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User())
    subnets = healthy_world()["ec2:DescribeSubnets"]["Subnets"]
    full = [{**subnet, "AvailableIpAddressCount": 0} for subnet in subnets]
    here.account.answers["DescribeSubnets"] = {"Subnets": full}
    with pytest.raises(OpsError):
        here.deploy(skip_checks=frozenset())
    assert here.did() == []


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
