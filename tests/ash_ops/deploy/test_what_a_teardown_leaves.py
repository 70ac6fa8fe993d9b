"""All that is in an account before a teardown and after it: what is ours goes, all else is as it was."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.teardown import teardown
from ash_ops.deploy.sessions.live import LiveSessions
from ash_ops.errors import ExitCode, OpsError
from ash_ops.names import Deployment
from tests.support.account import ANOTHERS, MADE, OURS, Account, Raw, arn, tags
from tests.support.deploying import FakeTime, User

NAMES = Deployment()
STACK_ID = arn("cloudformation", "stack/ash-cloud/1")
INSIGHTS = "/aws/ecs/containerinsights/ash-cloud/performance"


def log_group(name: str, owner: str = "ash-cloud") -> Raw:
    tagged = {"ash:deployment": owner} if owner else {}
    return {
        "logGroupName": name,
        "arn": arn("logs", f"log-group:{name}:*"),
        "creationTime": 1,
        "tags": tagged,
    }


def files(name: str, tagged: Any = OURS, state: str = "available") -> Raw:
    return {"FileSystemId": name, "LifeCycleState": state, "Tags": tagged}


def disk(name: str, tagged: Any, state: str = "available") -> Raw:
    return {"VolumeId": name, "State": state, "Size": 50, "Tags": tagged}


def resource(logical: str, type_: str, physical: str, policy: str = "") -> Raw:
    return {
        "LogicalResourceId": logical,
        "PhysicalResourceId": physical,
        "ResourceType": type_,
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": MADE,
        "Policy": policy,
    }


def snapshot(name: str, database: str, tagged: Any) -> Raw:
    return {"DBSnapshotIdentifier": name, "DBInstanceIdentifier": database, "TagList": tagged}


RUNTIME = arn("ecs", "service/ash-cloud/ash-cloud-runtime")
RUNNERS = arn("ecs", "service/ash-cloud/ash-cloud-runners")


def everything() -> dict[str, dict[str, Raw]]:
    """A fleet with all that one can have, beside another deployment and things of no deployment."""
    return {
        "stack": {
            STACK_ID: {
                "StackId": STACK_ID,
                "StackName": "ash-cloud",
                "StackStatus": "CREATE_COMPLETE",
                "CreationTime": MADE,
                "Tags": OURS,
                "Outputs": [{"OutputKey": "Mode", "OutputValue": "multi-machine"}],
            }
        },
        "resource": {
            each["LogicalResourceId"]: each
            for each in (
                resource("Cluster", "AWS::ECS::Cluster", arn("ecs", "cluster/ash-cloud")),
                resource("Service", "AWS::ECS::Service", RUNTIME),
                resource("RunnerService", "AWS::ECS::Service", RUNNERS),
                resource("LogGroup", "AWS::Logs::LogGroup", "/ash-cloud/runtime"),
                resource("FileSystem", "AWS::EFS::FileSystem", "fs-ours", "Retain"),
                resource("Database", "AWS::RDS::DBInstance", "db-ours", "Snapshot"),
            )
        },
        "secret": {
            name: {
                "Name": name,
                "ARN": arn("secretsmanager", f"secret:{name}-AbCdEf"),
                "Tags": tagged,
            }
            for name, tagged in (("ash-cloud/server", OURS), ("ash-cloud-2/server", ANOTHERS))
        },
        "log group": {
            name: log_group(name, owner)
            for name, owner in (
                ("/ash-cloud/runtime", "ash-cloud"),
                ("/ash-cloud/events", "ash-cloud"),
                ("/ash-cloud/events-of-mine", "ash-cloud"),
                ("/ash-cloud-2/events", "ash-cloud-2"),
                (INSIGHTS, ""),
            )
        },
        "files": {
            "fs-ours": files("fs-ours"),
            "fs-twos": files("fs-twos", ANOTHERS),
            "fs-nobodys": files("fs-nobodys", []),
            "fs-going": files("fs-going", OURS, "deleting"),
        },
        "disk": {
            "vol-data": disk("vol-data", tags(Name="ash-cloud-data")),
            "vol-twos": disk("vol-twos", [*ANOTHERS, {"Key": "Name", "Value": "ash-cloud-data"}]),
            "vol-going": disk("vol-going", tags(Name="ash-cloud-data"), "deleting"),
        },
        "database snapshot": {
            "last": snapshot("last", "db-ours", []),
            "tagged": snapshot("tagged", "db-before", OURS),
            "by-hand": snapshot("by-hand", "db-ours", tags(**{"ash:backup": "2026-11-20"})),
            "twos": snapshot("twos", "db-twos", ANOTHERS),
        },
        "service": {RUNTIME: {}, RUNNERS: {}},
        "task": {
            "t/own": {"taskArn": "t/own", "group": "service:ash-cloud-runtime"},
            "t/runner": {"taskArn": "t/runner", "group": "service:ash-cloud-runners"},
        },
    }


def removed(
    aws: Aws, account: Account, user: User, time_: FakeTime | None = None, **options: Any
) -> tuple[set[str], Any]:
    """What was there and is not any more, and the receipt."""
    account.serve(aws)
    before = account.ids()
    clock = (time_ or FakeTime()).clock
    work = TeardownContext(
        aws=aws,
        names=NAMES,
        dialogue=user,
        clock=clock,
        now=lambda: datetime(2026, 11, 27, tzinfo=UTC),
        sessions=lambda _aws, _names: LiveSessions(),
        **options,
    )
    receipt = teardown(work)
    return before - account.ids(), receipt


FREE_OF_DATA = {
    "Cluster",
    "Service",
    "RunnerService",
    "LogGroup",
    "FileSystem",
    "Database",
    RUNTIME,
    RUNNERS,
    "/ash-cloud/runtime",
    "/ash-cloud/events",
    INSIGHTS,
    "t/runner",
}


@pytest.mark.parametrize(
    ("options", "besides"),
    [
        pytest.param({}, set(), id="data is kept"),
        pytest.param(
            {"delete_data": True}, {"fs-ours", "vol-data", "last", "tagged"}, id="data too"
        ),
        pytest.param({"delete_secret_now": True}, {"ash-cloud/server"}, id="the keys at once"),
    ],
)
def test_what_is_ours_goes_and_all_else_is_as_it_was(
    aws: Aws, options: dict[str, Any], besides: set[str]
) -> None:
    account = Account(everything())
    foreign = deepcopy(account.named("secret", "ash-cloud-2/server"))
    gone, _ = removed(aws, account, User(True), **options)
    assert gone == FREE_OF_DATA | besides
    assert account.named("secret", "ash-cloud-2/server") == foreign


def test_the_keys_can_be_taken_back_for_thirty_days_as_is_said_before(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    removed(aws, account, user)
    (asked,) = account.asked("DeleteSecret")
    assert asked["RecoveryWindowInDays"] == 30
    assert not asked.get("ForceDeleteWithoutRecovery")
    assert "can be taken back for 30 days" in user.text
    assert account.named("secret", "ash-cloud/server")["DeletedDate"]


def test_keys_that_wait_for_their_deletion_are_told_and_destroyed_only_at_once(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    account.named("secret", "ash-cloud/server")["DeletedDate"] = MADE
    removed(aws, account, user)
    assert account.asked("DeleteSecret") == []
    assert "with the API key" not in user.text


def test_at_once_takes_keys_that_wait_already(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    account.named("secret", "ash-cloud/server")["DeletedDate"] = MADE
    gone, _ = removed(aws, account, user, delete_secret_now=True)
    assert "ash-cloud/server" in gone
    assert "destroyed at once, beyond recovery" in user.text


def line_about(text: str, name: str) -> str:
    """The first line that names something."""
    return next((line for line in text.splitlines() if name in line), "")


@pytest.mark.parametrize("delete", [True, False])
def test_what_is_said_to_go_goes_and_what_is_said_to_stay_stays(aws: Aws, delete: bool) -> None:
    """A minus before what goes, an equals sign before what is kept, and why."""
    account, user = Account(everything()), User(True)
    gone, receipt = removed(aws, account, user, delete_data=delete)
    for name in ("fs-ours", "vol-data"):
        said = line_about(user.text, name)
        assert (said.split()[0] == "-") == (name in gone) == delete
        assert ("agents and sessions on it are lost" in said) == delete
        assert ("kept, it holds agents' data (--delete-data)" in said) == (not delete)
    database = line_about(user.text, "db-ours")
    assert ("lost with it" in database) == delete
    assert ("kept in a last snapshot (--delete-data)" in database) == (not delete)
    for name in ("/ash-cloud/events", INSIGHTS):
        assert line_about(user.text, name).split()[:3] == ["-", "log", "group"]
    for name in ("Cluster", "RunnerService", "LogGroup", "Database"):
        assert line_about(user.text, name).split()[:2] == ["-", name]
        assert name in receipt.text()
    assert "To be removed: ash-cloud in us-east-1 (account 123456789012)" in user.text
    assert "fs-twos" not in user.text + receipt.text()


def test_kept_data_is_told_with_the_command_that_uses_it_again(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    removed(aws, account, user)
    kept = [line for line in user.heard if line.startswith("Kept: ")]
    assert [line.split()[1] for line in kept] == ["fs-ours,", "vol-data,"]
    assert "ash-ops deploy --name ash-cloud --efs --file-system fs-ours" in kept[0]
    assert "ash-ops deploy --name ash-cloud --launch-type ec2 --volume vol-data" in kept[1]
    assert all("--delete-data deletes it" in line for line in kept)


def standalone(**parameters: str) -> dict[str, dict[str, Raw]]:
    """One server with parameters of its own."""
    there = everything()
    there["stack"][STACK_ID]["Outputs"] = []
    there["stack"][STACK_ID]["Parameters"] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
    ]
    for name in ("FileSystem", "Database", "RunnerService"):
        del there["resource"][name]
    return there


def test_data_inside_the_task_is_told_to_end_with_it(aws: Aws) -> None:
    account, user = Account(standalone(LaunchType="FARGATE")), User(True)
    removed(aws, account, user)
    assert "inside the task: agents and sessions end with it" in user.text
    assert "DATA LOSS" not in user.text


@pytest.mark.parametrize(
    "launch", [{"UseEfs": "true"}, {"LaunchType": "EC2", "DataVolumeId": "vol-data"}]
)
def test_data_beside_the_task_is_not_told_to_end_with_it(aws: Aws, launch: dict[str, str]) -> None:
    account, user = Account(standalone(**launch)), User(True)
    removed(aws, account, user)
    assert "inside the task" not in user.text
    assert "DATA LOSS" not in user.text


def test_data_on_a_root_disk_goes_with_the_instance_and_yes_is_no_consent_to_that(aws: Aws) -> None:
    there = standalone(LaunchType="EC2")
    group = resource("Group", "AWS::AutoScaling::AutoScalingGroup", "asg-1")
    there["resource"]["Group"] = group
    account, user = Account(there), User(False)
    with pytest.raises(OpsError, match="Nothing was removed: data would be lost") as refused:
        removed(aws, account, user)
    assert "/data is on the instance's root disk" in refused.value.why
    assert "--delete-data" in refused.value.next_step
    assert account.ids() == Account(there).ids()


def test_a_root_disk_of_an_instance_that_is_gone_holds_nothing(aws: Aws) -> None:
    there = standalone(LaunchType="EC2")
    gone = resource("Group", "AWS::AutoScaling::AutoScalingGroup", "asg-1")
    there["resource"]["Group"] = {**gone, "ResourceStatus": "DELETE_COMPLETE"}
    account, user = Account(there), User(True)
    removed(aws, account, user)
    assert "DATA LOSS" not in user.text
    assert "asg-1" not in user.text


def loose() -> Account:
    """A fleet whose template keeps its file system no longer."""
    there = everything()
    there["resource"]["FileSystem"]["Policy"] = ""
    return Account(there)


def test_what_the_template_does_not_keep_is_a_loss_that_is_agreed_to_first(aws: Aws) -> None:
    account, user = loose(), User(False)
    with pytest.raises(OpsError, match="data would be lost") as refused:
        removed(aws, account, user)
    assert "FileSystem (fs-ours) goes with the stack, whose template does not keep it" in (
        refused.value.why
    )
    assert "fs-ours" in account.ids()


def test_a_loss_that_was_agreed_to_is_not_told_as_kept(aws: Aws) -> None:
    account, user = loose(), User(True, True)
    gone, _ = removed(aws, account, user)
    assert "fs-ours" in gone
    assert "vol-data" not in gone
    assert "DATA LOSS" in line_about(user.text, "fs-ours")
    assert not any("Kept: fs-ours" in line for line in user.heard)


@pytest.mark.parametrize("stale", [True, False])
def test_what_somebody_made_anew_or_took_over_meanwhile_stays(aws: Aws, stale: bool) -> None:
    """Looked at once more right before it is deleted: the plan was of another thing."""
    account, user = Account(everything()), User(True)

    def meanwhile(question: str, expected: str) -> bool:
        if stale:
            account.there["log group"]["/ash-cloud/events"]["creationTime"] = 2
            account.named("secret", "ash-cloud/server")["Tags"] = ANOTHERS
            account.there["files"]["fs-ours"]["Tags"] = ANOTHERS
            account.there["disk"]["vol-data"]["Tags"] = ANOTHERS
        return True

    user.type_back = meanwhile  # type: ignore[method-assign]  # while the user types
    gone, _ = removed(aws, account, user, delete_data=True, delete_secret_now=True)
    for name in ("/ash-cloud/events", "ash-cloud/server", "fs-ours", "vol-data"):
        assert (name in gone) != stale, name
    assert ("Left alone: /ash-cloud/events was made anew meanwhile." in user.heard) == stale
    assert ("Left alone: ash-cloud/server is not ours any more." in user.heard) == stale


def test_what_went_by_itself_meanwhile_is_no_failure_and_not_counted(aws: Aws) -> None:
    account, user = Account(everything()), User(True)

    def meanwhile(question: str, expected: str) -> bool:
        del account.there["log group"]["/ash-cloud/events"]
        del account.there["secret"]["ash-cloud/server"]
        del account.there["files"]["fs-ours"], account.there["disk"]["vol-data"]
        return True

    user.type_back = meanwhile  # type: ignore[method-assign]  # while the user types
    _, receipt = removed(aws, account, user, delete_data=True)
    told = next(line for line in receipt.text().splitlines() if "removed" in line)
    assert "/ash-cloud/events" not in told
    assert "secret" not in told
    assert account.asked("DeleteFileSystem") == account.asked("DeleteVolume") == []


class InUse:
    """EC2's refusal, so many times; then the disk is deleted."""

    def __init__(self, account: Account, times: int, code: str = "VolumeInUse") -> None:
        self.account, self.left, self.code = account, times, code

    def __call__(self, given: Raw) -> Raw:
        if self.left:
            self.left -= 1
            raise self.account.missing(self.code)
        return self.account.take("disk", given["VolumeId"])


@pytest.mark.parametrize("refusals", [0, 1, 10])
def test_a_disk_that_an_instance_still_holds_is_waited_for_a_minute(
    aws: Aws, time_: FakeTime, refusals: int
) -> None:
    account = Account(everything())
    account.answers["DeleteVolume"] = InUse(account, refusals)
    gone, _ = removed(aws, account, User(True), time_, delete_data=True)
    assert "vol-data" in gone
    assert time_.naps.count(6.0) >= refusals


def test_a_disk_that_never_comes_free_is_an_error(aws: Aws, time_: FakeTime) -> None:
    account = Account(everything())
    account.answers["DeleteVolume"] = InUse(account, 11)
    with pytest.raises(OpsError) as failed:
        removed(aws, account, User(True), time_, delete_data=True)
    assert "VolumeInUse" in str(failed.value)


def test_a_disk_that_may_not_be_deleted_is_not_waited_for(aws: Aws, time_: FakeTime) -> None:
    account = Account(everything())
    refusing = InUse(account, 99, "UnauthorizedOperation")
    account.answers["DeleteVolume"] = refusing
    with pytest.raises(OpsError):
        removed(aws, account, User(True), time_, delete_data=True)
    assert refusing.left == 98


def test_what_is_still_on_its_way_out_is_looked_at_until_it_is_gone(
    aws: Aws, time_: FakeTime
) -> None:
    account = Account(everything())
    answers = iter([[{"NetworkInterfaceId": "eni-1", "TagSet": OURS}]] * 6 + [[]] * 99)
    account.answers["DescribeNetworkInterfaces"] = lambda _: {"NetworkInterfaces": next(answers)}
    _, receipt = removed(aws, account, User(True), time_, delete_data=True)
    assert time_.naps[-2:] == [6.0, 6.0]  # three questions a look
    assert receipt.exit_code is ExitCode.PROBLEMS  # the copy made by hand
    assert "eni-1" not in receipt.text()


def test_what_does_not_go_is_still_there_after_a_minute(aws: Aws, time_: FakeTime) -> None:
    account = Account(everything())
    face = {"NetworkInterfaceId": "eni-1", "TagSet": OURS}
    account.answers["DescribeNetworkInterfaces"] = {"NetworkInterfaces": [face]}
    _, receipt = removed(aws, account, User(True), time_)
    assert time_.naps.count(6.0) == 10
    assert receipt.exit_code is ExitCode.PROBLEMS
    assert "STILL THERE" in line_about(receipt.text(), "eni-1")


def test_what_was_kept_is_not_waited_for(aws: Aws, time_: FakeTime) -> None:
    removed(aws, Account(everything()), User(True), time_)
    assert 6.0 not in time_.naps


def test_protections_are_lifted_only_with_a_consent_each_before_anything_goes(aws: Aws) -> None:
    there = everything()
    there["stack"][STACK_ID]["EnableTerminationProtection"] = True
    outputs = there["stack"][STACK_ID]["Outputs"]
    outputs.append({"OutputKey": "LoadBalancerArn", "OutputValue": "lb-1"})
    protected = {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
    for answers, lifted in (((True, False), 0), ((True, True, False), 1), ((True, True, True), 2)):
        account, user = Account(there), User(*answers)
        account.answers["DescribeLoadBalancerAttributes"] = protected
        aws._clients.clear()
        if lifted < 2:
            with pytest.raises(OpsError, match="Nothing was removed"):
                removed(aws, account, user)
            assert account.asked("DeleteStack") == []
        else:
            removed(aws, account, user)
        unprotected = account.asked("UpdateTerminationProtection")
        assert [each["EnableTerminationProtection"] for each in unprotected] == [False] * (
            lifted > 0
        )
        (*freed,) = account.asked("ModifyLoadBalancerAttributes")
        assert [each["LoadBalancerArn"] for each in freed] == ["lb-1"] * (lifted > 1)
    assert [q.split(".")[0].split(" is ")[0] for q in user.asked[1:]] == [
        "ash-cloud",
        "The load balancer",
    ]


@pytest.mark.parametrize("answer", [{"Attributes": []}, "LoadBalancerNotFound"])
def test_a_balancer_without_protection_or_gone_is_not_asked_about(aws: Aws, answer: Any) -> None:
    there = everything()
    outputs = there["stack"][STACK_ID]["Outputs"]
    outputs.append({"OutputKey": "LoadBalancerArn", "OutputValue": "lb-1"})
    account = Account(there)
    account.answers["DescribeLoadBalancerAttributes"] = answer
    removed(aws, account, User(True))
    assert account.asked("ModifyLoadBalancerAttributes") == []


def without(*kinds: str, **more: dict[str, Raw]) -> Account:
    there = {kind: things for kind, things in everything().items() if kind not in kinds}
    return Account({**there, **more})


def test_without_a_stack_what_it_left_goes(aws: Aws) -> None:
    """A run that was interrupted is finished by running it again."""
    account, user = without("stack", "resource"), User(True)
    gone, _ = removed(aws, account, user, delete_data=True)
    # No cluster of ours is listed: the group of its name may be another's.
    beside = {"/ash-cloud/runtime", "/ash-cloud/events", "fs-ours", "vol-data", "tagged"}
    assert gone == beside
    assert account.named("secret", "ash-cloud/server")["DeletedDate"]
    assert "inside the task" not in user.text


@pytest.mark.parametrize("kind", ["secret", "files", "disk", "log group"])
def test_one_thing_that_is_left_is_enough_to_be_asked_about(aws: Aws, kind: str) -> None:
    account, user = Account({kind: everything()[kind]}), User(False)
    with pytest.raises(OpsError, match="Nothing was removed"):
        removed(aws, account, user)
    assert user.asked == ["Type ash-cloud to remove all of this"]


def test_where_nothing_is_there_it_says_so_and_looks_for_leftovers(aws: Aws) -> None:
    account, user = Account({}), User()
    gone, receipt = removed(aws, account, user)
    assert gone == set()
    assert user.heard == ["There is no deployment ash-cloud in us-east-1; looking for leftovers."]
    assert receipt.exit_code is ExitCode.OK
    assert "Nothing billable is left." in receipt.text()


def test_a_service_that_no_stack_of_ours_made_is_left_to_the_tool_that_made_it(aws: Aws) -> None:
    account = Account({})
    service = {"serviceName": "ash-cloud-runtime", "serviceArn": RUNTIME, "status": "ACTIVE"}
    account.answers["DescribeServices"] = {"services": [service], "failures": []}
    with pytest.raises(OpsError, match="deployed by something else") as refused:
        removed(aws, account, User())
    assert "terraform destroy" in refused.value.next_step


def anothers(kind: str, *names: str) -> dict[str, Raw]:
    """Things under our names with the tag of another deployment."""
    return {
        name: {**raw, "Tags": ANOTHERS, "tags": {"ash:deployment": "ash-cloud-2"}}
        for name, raw in everything()[kind].items()
        if name in names
    }


def test_things_of_our_names_that_are_anothers_are_refused_and_named(aws: Aws) -> None:
    account = Account(
        {
            "secret": anothers("secret", "ash-cloud/server"),
            "log group": anothers("log group", "/ash-cloud/events"),
        }
    )
    with pytest.raises(OpsError, match="are not ours and are left alone") as refused:
        removed(aws, account, User())
    assert "the secret ash-cloud/server" in refused.value.what.replace("The", "the")
    assert "the log group /ash-cloud/events" in refused.value.what
    assert account.ids() == {"ash-cloud/server", "/ash-cloud/events"}


def test_things_of_our_names_that_are_anothers_stay_and_stand_in_plan_and_receipt(aws: Aws) -> None:
    account = without("secret", secret=anothers("secret", "ash-cloud/server"))
    user = User(True)
    gone, receipt = removed(aws, account, user, delete_secret_now=True)
    assert "ash-cloud/server" not in gone
    assert "not ours, left alone; its tag ash:deployment says 'ash-cloud-2'" in user.text
    told = line_about(receipt.text(), "left alone")
    assert "secret ash-cloud/server" in told


def test_what_was_adopted_goes_too_and_only_that(aws: Aws) -> None:
    account = without(
        "secret",
        "log group",
        secret=anothers("secret", "ash-cloud/server"),
        **{"log group": anothers("log group", "/ash-cloud/events", "/ash-cloud/runtime")},
    )
    user = User(False, True, True)
    gone, _ = removed(aws, account, user, adopt=True, delete_secret_now=True)
    assert "/ash-cloud/events" in gone
    assert "ash-cloud/server" not in gone
    assert [question.split(" is not ours")[0] for question in user.asked[:2]] == [
        "The secret ash-cloud/server",
        "The log group /ash-cloud/events",
    ]


def test_ctrl_c_says_that_what_was_started_goes_on(aws: Aws) -> None:
    account, user = Account(everything()), User(True)

    def interrupted(_: Raw) -> Raw:
        raise KeyboardInterrupt

    account.answers["DeleteStack"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        removed(aws, account, user)
    assert "What was started goes on by itself" in user.heard[-1]


def test_runners_of_the_stack_are_told_to_have_none_and_stopped_before_it_goes(aws: Aws) -> None:
    account = Account(everything())
    removed(aws, account, User(True))
    (scaled,) = account.asked("UpdateService")
    assert (scaled["service"], scaled["desiredCount"]) == ("ash-cloud-runners", 0)
    assert [given["task"] for given in account.asked("StopTask")] == ["t/runner"]
    order = [name for name, _ in account.calls if name in ("StopTask", "DeleteStack")]
    assert order == ["StopTask", "DeleteStack"]


def test_runners_that_the_stack_does_not_list_are_not_ours_to_stop(aws: Aws) -> None:
    account = Account(standalone(UseEfs="true"))
    removed(aws, account, User(True))
    assert account.asked("UpdateService") == account.asked("StopTask") == []


def point(name: str, owner: str = "ash-cloud") -> Raw:
    return {
        "RecoveryPointArn": name,
        "ResourceArn": arn("elasticfilesystem", "file-system/fs-ours"),
        "BackupSizeInBytes": 10 * 1024**3,
        "Status": "COMPLETED",
        "CreationDate": datetime(2026, 11, 24, tzinfo=UTC),
    }


class Vaults:
    """AWS Backup: vaults with points, each with the tag of a deployment."""

    def __init__(self, account: Account, vaults: dict[str, dict[str, str]]) -> None:
        self.vaults = vaults
        names = [{"BackupVaultName": name} for name in vaults]
        account.answers |= {
            "ListBackupVaults": {"BackupVaultList": names},
            "ListRecoveryPointsByBackupVault": lambda given: {
                "RecoveryPoints": [point(each) for each in vaults[given["BackupVaultName"]]]
            },
            "ListTags": self._tags,
            "DeleteRecoveryPoint": self._delete,
            "DeleteBackupVault": self._delete_vault,
        }
        self.account = account

    def _tags(self, given: Raw) -> Raw:
        owners = {name: owner for held in self.vaults.values() for name, owner in held.items()}
        return {"Tags": {"ash:deployment": owners[given["ResourceArn"]]}}

    def _delete(self, given: Raw) -> Raw:
        if given["BackupVaultName"].startswith("aws/efs"):
            raise self.account.missing("AccessDeniedException")
        del self.vaults[given["BackupVaultName"]][given["RecoveryPointArn"]]
        return {}

    def _delete_vault(self, given: Raw) -> Raw:
        if self.vaults[given["BackupVaultName"]]:
            raise self.account.missing("InvalidRequestException")
        del self.vaults[given["BackupVaultName"]]
        return {}


AUTOMATIC = "aws/efs/automatic-backup-vault"


def copies() -> dict[str, dict[str, str]]:
    return {
        "ash-cloud-backups": {"p-own": "ash-cloud"},
        AUTOMATIC: {"p-daily": "ash-cloud"},
        "Default": {"p-twos": "ash-cloud-2"},
        "of-others": {"p-hidden": "ash-cloud"},
    }


def test_copies_are_told_with_their_price_and_stay_without_a_consent_of_their_own(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    vaults = Vaults(account, copies())
    _, receipt = removed(aws, account, user, delete_data=True)
    assert vaults.vaults == copies()
    own = line_about(user.text, "p-own")
    assert own.split()[:2] == ["=", "copy"]
    for part in ("fs-ours", "3 days old", "10.0 GB", "about $0.50 a month"):
        assert part in own
    assert "kept, and billed (--delete-backups)" in own
    assert "p-twos" not in user.text
    assert "p-own" in line_about(receipt.text(), "recovery points")


def test_copies_that_may_go_go_with_their_vault_and_what_its_vault_denies_is_said(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    vaults = Vaults(account, copies())
    _, receipt = removed(aws, account, user, delete_data=True, delete_backups=True)
    left = copies()
    del left["ash-cloud-backups"]
    assert vaults.vaults == left
    assert line_about(user.text, "p-own").endswith("; deleted for good")
    assert line_about(user.text, "p-daily").split()[0] == "="
    assert "Kept, and billed: the copy p-daily (its vault's own policy denies deleting" in user.text
    assert "p-own" in line_about(receipt.text(), "removed")
    assert "by-hand" not in account.ids()


def test_a_copy_that_may_not_be_deleted_is_named_with_aws_reason(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    Vaults(account, copies())
    account.answers["DeleteRecoveryPoint"] = "AccessDeniedException"
    removed(aws, account, user, delete_backups=True)
    assert (
        "Kept, and billed: the copy p-own (backup:DeleteRecoveryPoint: AccessDeniedException)."
        in user.heard
    )


def test_copies_alone_are_reason_enough_to_go_on(aws: Aws) -> None:
    account, user = Account({}), User(True)
    vaults = Vaults(account, copies())
    removed(aws, account, user, delete_backups=True)
    assert "ash-cloud-backups" not in vaults.vaults


def test_copies_that_may_not_be_read_are_a_doubt(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    account.answers["ListBackupVaults"] = "AccessDeniedException"
    removed(aws, account, user)
    doubt = line_about(user.text, "copies of file systems could not be read")
    assert doubt.split()[:2] == ["?", "copies"]
    assert "Allow backup:ListBackupVaults." in doubt


def test_interfaces_of_our_balancer_and_of_our_tasks_are_left_of_ours(aws: Aws) -> None:
    """By description and by cluster, unless balancer or cluster of that name are another's."""
    balancer = {"NetworkInterfaceId": "eni-lb", "Description": "ELB net/ash-cloud-nlb/1"}
    named = [{"Key": "aws:ecs:clusterName", "Value": "ash-cloud"}]
    tasks = {"NetworkInterfaceId": "eni-task", "TagSet": named}
    other = {"NetworkInterfaceId": "eni-2", "Description": "ELB net/ash-cloud-nlb2/1"}

    def found(given: Raw) -> Raw:
        (asked,) = given["Filters"]
        by = {
            "description": ([balancer, other], ["ELB net/ash-cloud-nlb/*"]),
            "tag:aws:ecs:clusterName": ([tasks], ["ash-cloud"]),
            "tag:ash:deployment": ([], ["ash-cloud"]),
        }
        faces, wanted = by[asked["Name"]]
        assert asked["Values"] == wanted
        return {"NetworkInterfaces": faces}

    account = Account({})
    account.answers["DescribeNetworkInterfaces"] = found
    _, receipt = removed(aws, account, User())
    told = line_about(receipt.text(), "network interfaces: eni")
    assert told.endswith("eni-lb, eni-task")
