"""A stack that is gone, things under our names or with our tag that are another's, and what is adopted."""

from __future__ import annotations

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.errors import ExitCode, OpsError
from tests.support.account import ANOTHERS, Account, Raw, arn, tags
from tests.support.deploying import User
from tests.support.whole_fleet import (
    INSIGHTS,
    RUNTIME,
    disk,
    everything,
    line_about,
    removed,
    resource,
)


def without(*kinds: str, **more: dict[str, Raw]) -> Account:
    there = {kind: things for kind, things in everything().items() if kind not in kinds}
    return Account({**there, **more})


def test_without_a_stack_what_it_left_goes(aws: Aws) -> None:
    """A run that was interrupted is finished by running it again."""
    account, user = without("stack", "resource"), User(True)
    gone, _ = removed(aws, account, user, delete_data=True)
    # No cluster of ours is listed: the group of its name may be another's.
    beside = {"/ash-cloud/runtime", "/ash-cloud/events", "fs-0a5e0000", "vol-data", "tagged"}
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


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "UPDATE_COMPLETE"])
def test_only_an_update_under_way_is_waited_for(aws: Aws, status: str) -> None:
    """CloudFormation deletes a stack that it is still making."""
    account, user = Account(everything()), User(True)
    account.of("stack")[0]["StackStatus"] = status
    removed(aws, account, user)
    assert "it can be deleted when that is over" not in user.text
    assert len(account.asked("DeleteStack")) == 1


def test_beside_a_balancer_of_others_no_interface_is_ours_for_want_of_a_name(aws: Aws) -> None:
    """An endpoint that ignores filters names every interface of the account."""
    every = [
        {"NetworkInterfaceId": "eni-theirs", "Description": "ELB net/ash-cloud-nlb/1"},
        {"NetworkInterfaceId": "eni-else", "Description": ""},
        {"NetworkInterfaceId": "eni-ours", "TagSet": tags()},
    ]
    balancer = {"LoadBalancerArn": "arn:lb", "LoadBalancerName": "ash-cloud-nlb"}
    account = Account({})
    account.answers |= {
        "DescribeNetworkInterfaces": {"NetworkInterfaces": every},
        "DescribeLoadBalancers": {"LoadBalancers": [balancer]},
        "DescribeTags": {"TagDescriptions": [{"ResourceArn": "arn:lb", "Tags": ANOTHERS}]},
    }
    _, receipt = removed(aws, account, User())
    assert line_about(receipt.text(), "network interfaces: eni").endswith(": eni-ours")


def test_without_a_service_there_are_no_sessions_to_tell_of(aws: Aws) -> None:
    there = everything()
    del there["resource"]["Service"], there["resource"]["RunnerService"]
    user = User(True)
    removed(aws, Account(there), user)
    assert "sessions" not in user.text


@pytest.mark.parametrize("name", ["ash-cloud", "ash-cloud-data-of-mine", "data", None])
def test_a_disk_with_our_tag_that_does_not_hold_data_is_not_deleted_as_data(
    aws: Aws, name: str | None
) -> None:
    """The root disk of an instance carries the tag too, and goes with the instance."""
    account = Account(everything())
    named = {"Name": name} if name else {}
    account.there["disk"]["vol-root"] = disk("vol-root", tags(**named))
    gone, _ = removed(aws, account, User(True), delete_data=True)
    assert "vol-data" in gone
    assert "vol-root" not in gone
    assert {each["VolumeId"] for each in account.asked("DeleteVolume")} == {"vol-data"}


@pytest.mark.parametrize(
    ("listed", "goes"),
    [
        pytest.param(("AWS::ECS::Cluster", arn("ecs", "cluster/ash-cloud")), True, id="its ARN"),
        pytest.param(("AWS::ECS::Cluster", "ash-cloud"), True, id="its name"),
        pytest.param(("AWS::ECS::Cluster", arn("ecs", "cluster/shop")), False, id="another cluster"),
        pytest.param(("AWS::ECS::Cluster", ""), False, id="one that was never made"),
        pytest.param(("AWS::SNS::Topic", "ash-cloud"), False, id="another thing of that name"),
    ],
)  # fmt: skip
def test_what_ecs_wrote_of_a_cluster_goes_where_the_cluster_is_our_stacks(
    aws: Aws, listed: tuple[str, str], *, goes: bool
) -> None:
    """Container Insights makes that log group, without a tag; a name alone proves nothing."""
    account = Account(everything())
    account.there["resource"]["Cluster"] = resource("Cluster", *listed)
    gone, _ = removed(aws, account, User(True))
    assert (INSIGHTS in gone) is goes
    tagged = [each["resourceArn"] for each in account.asked("TagResource") if "resourceArn" in each]
    assert any(INSIGHTS in each for each in tagged) is goes
