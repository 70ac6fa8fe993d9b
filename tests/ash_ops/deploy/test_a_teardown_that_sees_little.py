"""A teardown that may not look everywhere, or that nobody told a price: what it does and says all the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import Claims
from ash_ops.deploy.remove import inventory as stock
from ash_ops.deploy.remove import leftovers, teardown
from ash_ops.deploy.remove.inventory import take_inventory
from ash_ops.deploy.remove.leftovers import look_again
from ash_ops.errors import Inconclusive, ReadFailed
from ash_ops.facts.stacks import StackResource
from ash_ops.names import Deployment
from tests.support.account import ANOTHERS, MADE, Account, Raw
from tests.support.deploying import User
from tests.support.whole_fleet import NAMES, everything, removed


def inventory(aws: Aws, account: Account) -> Any:
    account.serve(aws)
    return take_inventory(Claims(aws=aws, names=NAMES, dialogue=User()))


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        ("DescribeStacks", "the stack ash-cloud"),
        ("DescribeSecret", "the secret ash-cloud/server"),
    ],
)
def test_whose_stack_and_secret_are_must_be_known(aws: Aws, operation: str, what: str) -> None:
    account = Account(everything())
    account.answers[operation] = "AccessDeniedException"
    with pytest.raises(Inconclusive) as caught:
        inventory(aws, account)
    assert caught.value.what == f"Whose {what} is could not be told, so nothing was changed"
    assert operation in caught.value.next_step


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        ("DescribeFileSystems", {"file system"}),
        ("DescribeVolumes", {"disk"}),
    ],
)
def test_data_that_may_not_be_looked_for_is_not_in_the_inventory(
    aws: Aws, operation: str, kinds: set[str]
) -> None:
    account = Account(everything())
    account.answers[operation] = "AccessDeniedException"
    found = inventory(aws, account)
    assert {"file system", "disk"} - {thing.kind for thing in found.data} == kinds
    assert found.stack is not None
    assert found.secret is not None


def test_what_others_run_and_may_not_be_looked_at_hinders_nothing_here(aws: Aws) -> None:
    """If something runs there, CloudFormation refuses to delete the cluster and says so."""
    account = Account(everything())
    account.answers["ListServices"] = "AccessDeniedException"
    account.answers["ListContainerInstances"] = "AccessDeniedException"
    assert inventory(aws, account).foreign_workloads.description == ""


def test_without_a_stack_no_cluster_of_that_name_is_gone_through(aws: Aws) -> None:
    """What runs there is of somebody who took the name, and nothing here would stop it."""
    account = Account(everything())
    account.there["stack"].clear()
    assert inventory(aws, account).stack is None
    assert account.asked("ListServices") == []
    account.there = everything()
    assert inventory(aws, account).stack is not None
    assert account.asked("ListServices") != []


def test_a_price_is_told_where_there_is_one_and_no_word_of_it_where_there_is_none(
    aws: Aws,
) -> None:
    account, user = Account(everything()), User(True, True)
    removed(aws, account, user)
    assert "It costs" not in user.text
    account.there = everything()
    removed(aws, account, user, estimate=lambda: "about $40 a month")
    assert "  It costs about $40 a month." in user.heard


def test_after_ctrl_c_the_last_word_is_what_finishes_it(aws: Aws) -> None:
    account, user = Account(everything()), User(True)

    def interrupted(_: Raw) -> Raw:
        raise KeyboardInterrupt

    account.answers["DeleteStack"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        removed(aws, account, user)
    assert user.heard[-1] == (
        "\nWhat was started goes on by itself. `ash-ops teardown` again finishes it."
    )


def test_keys_that_somebody_else_deleted_meanwhile_are_not_told_as_removed(aws: Aws) -> None:
    """Between the plan and the deletion the secret began to wait for its end."""
    account, user = Account(everything()), User(True)

    def deleted(_: Raw) -> Raw:
        account.named("secret", "ash-cloud/server")["DeletedDate"] = MADE
        account.there["stack"].clear()
        return {}

    account.answers["DeleteStack"] = deleted
    _, receipt = removed(aws, account, user)
    assert account.asked("DeleteSecret") == []
    assert not any(line.endswith(", secret") for line in receipt.text().splitlines())


@pytest.mark.parametrize(
    ("rule", "ours"),
    [
        ("ash-cloud-TaskEvents-1ABCDEF", True),
        ("ash-cloud-DeploymentEvents-1ABCDEF", True),
        ("ash-cloud-FailureEvents-1ABCDEF", True),
        ("ash-cloud-2-FailureEvents-1ABCDEF", False),
        ("ash-cloud-Nightly", False),
        ("ash-cloud-FailureEvents2-1ABCDEF", False),
    ],
)
def test_a_rule_is_ours_by_the_whole_logical_id_in_its_name(
    aws: Aws, rule: str, ours: bool
) -> None:
    """CloudFormation names what has no name of its own STACK-LOGICALID-RANDOM."""
    account = Account({})
    account.answers["ListRules"] = {"Rules": [{"Name": rule}]}
    account.serve(aws)
    found = {id_ for item in look_again(aws, NAMES) for id_ in item.ids}
    assert (rule in found) is ours


@pytest.mark.parametrize(
    ("role", "ours"),
    [
        ("ash-cloud-ExecutionRole-1ABCDEF", True),
        ("ash-cloud-TaskRole-1ABCDEF", True),
        ("ash-cloud-InstanceRole-1ABCDEF", True),
        ("ash-cloud-2-TaskRole-1ABCDEF", False),
        ("ash-cloud-DeployRole-1ABCDEF", False),
    ],
)
def test_a_role_is_ours_by_the_whole_logical_id_in_its_name(
    aws: Aws, role: str, ours: bool
) -> None:
    account = Account({})
    account.answers["ListRoles"] = {"Roles": [{"RoleName": role}], "IsTruncated": False}
    account.serve(aws)
    found = {id_ for item in look_again(aws, NAMES) for id_ in item.ids}
    assert (role in found) is ours


def test_a_read_that_is_only_slow_is_not_taken_for_a_refusal(aws: Aws) -> None:
    account = Account(everything())
    account.answers["DescribeStacks"] = "Throttling"
    with pytest.raises(ReadFailed):
        inventory(aws, account)


@pytest.mark.parametrize(
    ("changes", "is_left"),
    [({}, True), ({"DeletedDate": MADE}, False), ({"Tags": ANOTHERS}, False)],
)
def test_a_secret_that_stays_is_left_unless_it_waits_for_its_end_or_is_anothers(
    aws: Aws, changes: dict[str, Any], is_left: bool
) -> None:
    account = Account(everything())
    account.serve(aws)
    mine = account.named("secret", "ash-cloud/server")
    mine.update(changes)
    assert list(leftovers._secrets(aws, Deployment())) == [mine["ARN"]] * is_left


@pytest.mark.parametrize(
    ("mode", "kind", "is_lost"),
    [
        ("standalone", "AWS::AutoScaling::AutoScalingGroup", True),
        ("multi-machine", "AWS::AutoScaling::AutoScalingGroup", False),
        ("standalone", "AWS::ECS::Cluster", False),
    ],
)
def test_a_root_disk_holds_data_only_where_one_server_runs_on_an_instance(
    mode: str, kind: str, is_lost: bool
) -> None:
    """The runners of a fleet have root disks too; its data is on a file system."""
    made: Any = SimpleNamespace(parameters={"LaunchType": "EC2"}, outputs={"Mode": mode})
    group = StackResource(
        logical_id="Group", physical_id="g-1", type=kind, status="CREATE_COMPLETE"
    )
    told = list(stock._losses(made, [group], []))
    assert told == ["/data is on the instance's root disk: all agents and sessions on it are lost."] * is_lost  # fmt: skip


def _of(stack: Any) -> Any:
    return SimpleNamespace(stack=stack)


def test_the_record_by_which_acm_renews_is_told_to_stay_where_this_tool_made_it() -> None:
    made = {"DomainName": "ash.example.com", "HostedZoneId": "Z0123456789"}
    own = {**made, "CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1"}
    told = {}
    for name, parameters in (("made", made), ("own", own), ("none", {}), ("no stack", None)):
        stack = None if parameters is None else SimpleNamespace(parameters=parameters)
        lines = list(teardown._validating_record(_of(stack)))
        told[name] = [line for line in lines if "ash.example.com" in line and "Z0123456789" in line]
        assert len(lines) == len(told[name])
    assert {name: len(lines) for name, lines in told.items()} == {
        "made": 1,
        "own": 0,
        "none": 0,
        "no stack": 0,
    }
