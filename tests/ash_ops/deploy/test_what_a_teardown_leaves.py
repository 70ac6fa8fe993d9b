"""All that is in an account before a teardown and after it: what is ours goes, all else is as it was."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.errors import ExitCode, OpsError
from tests.support.account import ANOTHERS, MADE, OURS, Account, Raw
from tests.support.deploying import FakeTime, User
from tests.support.whole_fleet import (
    INSIGHTS,
    RUNNERS,
    RUNTIME,
    STACK_ID,
    everything,
    line_about,
    removed,
    resource,
)

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
            {"delete_data": True}, {"fs-0a5e0000", "vol-data", "last", "tagged"}, id="data too"
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


@pytest.mark.parametrize("delete", [True, False])
def test_what_is_said_to_go_goes_and_what_is_said_to_stay_stays(aws: Aws, delete: bool) -> None:
    """A minus before what goes, an equals sign before what is kept, and why."""
    account, user = Account(everything()), User(True)
    gone, receipt = removed(aws, account, user, delete_data=delete)
    for name in ("fs-0a5e0000", "vol-data"):
        said = line_about(user.text, name)
        assert (said.split()[0] == "-") == (name in gone) == delete
        assert ("agents and sessions on it are lost" in said) == delete
        assert ("kept, it holds agents' data (--delete-data)" in said) == (not delete)
    becomes = "lost with it" if delete else "kept in a last snapshot (--delete-data)"
    assert line_about(user.text, "db-ours") == f"  - data of the database       db-ours: {becomes}"
    for name in ("/ash-cloud/events", INSIGHTS):
        assert line_about(user.text, name).split()[:3] == ["-", "log", "group"]
    for name in ("Cluster", "RunnerService", "LogGroup", "Database"):
        assert line_about(user.text, name).split()[:2] == ["-", name]
        assert name in receipt.text()
    told = line_about(receipt.text(), "removed")
    assert ("FileSystem (EFS::FileSystem)" in told) == delete
    assert ("tagged" in told) == delete
    assert told.endswith(", secret")
    session = line_about(user.text, "s-1 (poet, running)")
    assert ("the session is kept on what is kept" in session) == (not delete)
    assert ("ends, and is lost with /data" in session) == delete
    assert "To be removed: ash-cloud in us-east-1 (account 123456789012)" in user.text
    assert "fs-00000002" not in user.text + receipt.text()


def test_kept_data_is_told_with_the_command_that_uses_it_again(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    removed(aws, account, user)
    kept = [line for line in user.heard if line.startswith("Kept: ")]
    assert [line.split()[1] for line in kept] == ["fs-0a5e0000,", "vol-data,"]
    assert "ash-ops deploy --efs --file-system fs-0a5e0000" in kept[0]
    assert "ash-ops deploy --launch-type ec2 --volume vol-data" in kept[1]
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
    assert "FileSystem (fs-0a5e0000) goes with the stack, whose template does not keep it" in (
        refused.value.why
    )
    assert "fs-0a5e0000" in account.ids()


def test_a_loss_that_was_agreed_to_is_not_told_as_kept(aws: Aws) -> None:
    account, user = loose(), User(True, True)
    gone, _ = removed(aws, account, user)
    assert "fs-0a5e0000" in gone
    assert "vol-data" not in gone
    assert "DATA LOSS" in line_about(user.text, "fs-0a5e0000")
    assert not any("Kept: fs-0a5e0000" in line for line in user.heard)


@pytest.mark.parametrize("stale", [True, False])
def test_what_somebody_made_anew_or_took_over_meanwhile_stays(aws: Aws, stale: bool) -> None:
    """Looked at once more right before it is deleted: the plan was of another thing."""
    account, user = Account(everything()), User(True)

    def meanwhile(question: str, expected: str) -> bool:
        if stale:
            account.there["log group"]["/ash-cloud/events"]["creationTime"] = 2
            account.named("secret", "ash-cloud/server")["Tags"] = ANOTHERS
            account.there["files"]["fs-0a5e0000"]["Tags"] = ANOTHERS
            account.there["disk"]["vol-data"]["Tags"] = ANOTHERS
        return True

    user.type_back = meanwhile  # type: ignore[method-assign]  # while the user types
    gone, _ = removed(aws, account, user, delete_data=True, delete_secret_now=True)
    for name in ("/ash-cloud/events", "ash-cloud/server", "fs-0a5e0000", "vol-data"):
        assert (name in gone) != stale, name
    assert ("Left alone: /ash-cloud/events was made anew meanwhile." in user.heard) == stale
    assert ("Left alone: ash-cloud/server is not ours any more." in user.heard) == stale


def test_what_went_by_itself_meanwhile_is_no_failure_and_not_counted(aws: Aws) -> None:
    account, user = Account(everything()), User(True)

    def meanwhile(question: str, expected: str) -> bool:
        del account.there["log group"]["/ash-cloud/events"]
        del account.there["secret"]["ash-cloud/server"]
        del account.there["files"]["fs-0a5e0000"], account.there["disk"]["vol-data"]
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
