"""Teardown: consent, what blocks it, what fails, and a second look that never guesses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.leftovers import Found, look_again
from ash_ops.deploy.remove.teardown import teardown
from ash_ops.errors import ExitCode, OpsError
from ash_ops.names import Deployment
from tests.support.deploying import FakeTime, User, event, events, stack

Script = Callable[[str], Stubber]
NAMES = Deployment()


def stock(
    stub: Script, status: str = "CREATE_COMPLETE", *, empty: bool = True, **more: object
) -> Stubber:
    """A stack with one resource, no secret, no file system, no other log group."""
    cfn = stub("cloudformation")
    stub("sts").add_response(
        "get_caller_identity",
        {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"},
    )
    cfn.add_response("describe_stacks", stack(status, **more))
    stub("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
    resource = {
        "LogicalResourceId": "Cluster",
        "PhysicalResourceId": "ash-cloud",
        "ResourceType": "AWS::ECS::Cluster",
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": "2026-11-23T10:00:00Z",
    }
    cfn.add_response("list_stack_resources", {"StackResourceSummaries": [resource]})
    stub("efs").add_response("describe_file_systems", {"FileSystems": []})
    stub("ec2").add_response("describe_volumes", {"Volumes": []})
    no_copies(stub)
    for _ in range(3):
        stub("logs").add_response("describe_log_groups", {"logGroups": []})
    if empty:
        occupied_by(stub)
    return cfn


def no_copies(stub: Script) -> None:
    """AWS Backup, EC2 and RDS hold no copies."""
    stub("backup").add_response("list_backup_vaults", {"BackupVaultList": []})
    stub("ec2").add_response("describe_snapshots", {"Snapshots": []})
    stub("rds").add_response("describe_db_snapshots", {"DBSnapshots": []})


def occupied_by(stub: Script, *services: str, tasks: tuple[str, ...] = ()) -> None:
    """What is in the cluster, beside the stack's own service and its task."""
    ecs, own = stub("ecs"), "arn:aws:ecs:us-east-1:123456789012:service/ash-cloud/ash-cloud-runtime"
    ecs.add_response("list_services", {"serviceArns": [own, *services]})
    ecs.add_response("list_tasks", {"taskArns": ["own", *tasks]})
    groups = [("own", "service:ash-cloud-runtime"), *((task, "family:debug") for task in tasks)]
    described = [{"taskArn": arn, "group": group} for arn, group in groups]
    ecs.add_response("describe_tasks", {"tasks": described})


def work(aws: Aws, time_: FakeTime, user: User) -> TeardownContext:
    return TeardownContext(aws=aws, names=NAMES, dialogue=user, clock=time_.clock)


def test_without_the_name_nothing_goes(aws: Aws, stub: Script, time_: FakeTime) -> None:
    stock(stub)
    user = User(False)
    with pytest.raises(OpsError, match="Nothing was removed"):
        teardown(work(aws, time_, user))
    assert user.asked == ["Type ash-cloud to remove all of this"]
    assert "Cluster" in user.text


def test_a_protected_stack_is_unprotected_only_with_consent(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    stock(stub, EnableTerminationProtection=True)
    user = User(True, False)
    with pytest.raises(OpsError, match="Nothing was removed"):
        teardown(work(aws, time_, user))
    assert "protected against termination" in user.asked[1]


ID = stack("X")["Stacks"][0]["StackId"]
WHY = "The Cluster cannot be deleted while Container Instances are active"


def two_failures(cfn: Stubber, what: str = "Cluster", end: str = "DELETE_FAILED") -> None:
    """A deletion that fails, and fails again."""
    failed, again = (event(number, what, "DELETE_FAILED", WHY) for number in (2, 3))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack("DELETE_FAILED"))
    cfn.add_response("describe_stack_events", events(failed))
    cfn.add_response("describe_stack_events", events(failed))
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack(end))
    cfn.add_response("describe_stack_events", events(failed, again))


def test_a_deletion_that_fails_twice_ends_with_what_is_in_the_way(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    two_failures(stock(stub))
    user = User(True, True, False)

    with pytest.raises(OpsError) as caught:
        teardown(work(aws, time_, user))

    assert WHY in caught.value.why
    assert any(line.startswith("  ") and WHY in line for line in user.heard)
    assert "leave Cluster behind" in user.asked[-1]
    assert "ash-ops teardown" in caught.value.next_step


@pytest.mark.parametrize(
    ("what", "end"), [("ash-cloud", "DELETE_FAILED"), ("Cluster", "UPDATE_COMPLETE")]
)
def test_nothing_is_left_behind_where_nothing_is_known_to_be_in_the_way(
    aws: Aws, stub: Script, time_: FakeTime, what: str, end: str
) -> None:
    """The stack failed as a whole, or somebody made something else of it meanwhile."""
    two_failures(stock(stub), what, end)
    user = User(True, True)
    with pytest.raises(OpsError, match=f"The stack ash-cloud is {end}"):
        teardown(work(aws, time_, user))
    assert not any("behind" in question for question in user.asked)


def test_each_thing_that_cannot_go_is_named_once_and_left_behind(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stock(stub)
    names = ("Cluster", "Service", "Cluster")
    failed = [event(number, name, "DELETE_FAILED", WHY) for number, name in enumerate(names, 2)]
    for left in ({}, {}, {"RetainResources": ["Cluster", "Service"]}):
        cfn.add_response("describe_stack_events", events())
        cfn.add_response("delete_stack", {}, {"StackName": ID, **left})
        end = "DELETE_COMPLETE" if left else "DELETE_FAILED"
        cfn.add_response("describe_stacks", stack(end))
        cfn.add_response("describe_stack_events", events(*failed) if not left else events())
    nothing_left(stub)
    user = User(True, True, True)
    teardown(work(aws, time_, user))
    question = "Delete the stack and leave Cluster, Service behind, to be billed on?"
    assert user.asked[-1] == question


def test_what_cannot_go_is_left_behind_only_with_consent_and_the_rest_is_finished(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stock(stub)
    two_failures(cfn)
    cfn.add_response("describe_stack_events", events())
    retained = {"StackName": ID, "RetainResources": ["Cluster"]}
    cfn.add_response("delete_stack", {}, retained)
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    nothing_left(stub)

    receipt = teardown(work(aws, time_, User(True, True, True)))
    code, text = receipt.exit_code, receipt.text()

    assert code is ExitCode.OK
    assert "Nothing billable is left." in text
    assert "not looked for copies in other vaults of AWS Backup" in text


def test_what_others_started_in_the_cluster_is_stopped_with_consent_before_the_deletion(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stock(stub, empty=False)
    occupied_by(stub, "arn:aws:ecs:us-east-1:1:service/ash-cloud/batch", tasks=("t/0123456789",))
    ecs, user = stub("ecs"), User(True, True)
    ecs.add_response("delete_service", {})
    ecs.add_response("stop_task", {})
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    nothing_left(stub)

    code = teardown(work(aws, time_, user)).exit_code

    assert code is ExitCode.OK
    assert "service batch, task 01234567" in user.asked[1]


def test_what_others_started_stays_without_consent_and_so_does_everything_else(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    stock(stub, empty=False)
    occupied_by(stub, tasks=("t/0123456789",))
    with pytest.raises(OpsError, match="Nothing was removed"):
        teardown(work(aws, time_, User(True, False)))


def test_an_update_under_way_is_waited_for(aws: Aws, stub: Script, time_: FakeTime) -> None:
    """CloudFormation refuses to delete a stack that it is updating."""
    cfn, user = stock(stub, "UPDATE_IN_PROGRESS"), User(True)
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    nothing_left(stub)

    assert teardown(work(aws, time_, user)).exit_code is ExitCode.OK


def test_a_deletion_under_way_is_followed_and_not_started_again(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stock(stub, "DELETE_IN_PROGRESS")
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    nothing_left(stub)

    assert teardown(work(aws, time_, User(True))).exit_code is ExitCode.OK


NOTHING: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("ecs", "describe_services", {"services": [], "failures": []}),
    ("ecs", "describe_clusters", {"clusters": []}),
    ("elbv2", "describe_load_balancers", {"LoadBalancers": []}),
    ("logs", "describe_log_groups", {"logGroups": []}),
    ("logs", "describe_log_groups", {"logGroups": []}),
    ("logs", "describe_log_groups", {"logGroups": []}),
    ("efs", "describe_file_systems", {"FileSystems": []}),
    ("rds", "describe_db_instances", {"DBInstances": []}),
    ("rds", "describe_db_snapshots", {"DBSnapshots": []}),
    ("backup", "list_backup_vaults", {"BackupVaultList": []}),
    ("ec2", "describe_snapshots", {"Snapshots": []}),
    ("ec2", "describe_instances", {"Reservations": []}),
    ("ec2", "describe_volumes", {"Volumes": []}),
    ("ec2", "describe_addresses", {"Addresses": []}),
    ("ec2", "describe_nat_gateways", {"NatGateways": []}),
    ("elbv2", "describe_load_balancers", {"LoadBalancers": []}),  # whose, for the interfaces
    ("ecs", "describe_clusters", {"clusters": []}),  # whose, for the interfaces
    ("ec2", "describe_network_interfaces", {"NetworkInterfaces": []}),  # by description
    ("ec2", "describe_network_interfaces", {"NetworkInterfaces": []}),  # by cluster
    ("ec2", "describe_network_interfaces", {"NetworkInterfaces": []}),  # by tag
    ("servicediscovery", "list_namespaces", {"Namespaces": []}),
    ("cloudwatch", "describe_alarms", {"MetricAlarms": []}),
    ("ecs", "list_task_definitions", {"taskDefinitionArns": []}),
    ("events", "list_rules", {"Rules": []}),
    ("iam", "list_roles", {"Roles": []}),
)


def nothing_left(stub: Script) -> None:
    """The second look finds nothing."""
    stub("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
    for service_, operation, answer in NOTHING:
        stub(service_).add_response(operation, answer)


def test_the_second_look_finds_what_a_stack_leaves(aws: Aws, stub: Script) -> None:
    """By tag and by exact name: what is ash-cloud-2's is not ash-cloud's."""
    tag = [{"Key": "ash:deployment", "Value": "ash-cloud"}]
    other = [{"Key": "ash:deployment", "Value": "ash-cloud-2"}]
    role = {
        "Path": "/",
        "RoleId": "AROA1234567890123",
        "Arn": "arn:aws:iam::123456789012:role/r",
        "CreateDate": "2026-11-23T10:00:00Z",
    }
    there: dict[tuple[str, str], dict[str, object]] = {
        ("rds", "describe_db_snapshots"): {
            "DBSnapshots": [
                {"DBSnapshotIdentifier": "final", "TagList": tag},
                {"DBSnapshotIdentifier": "another", "TagList": other},
            ]
        },
        ("ec2", "describe_network_interfaces"): {
            "NetworkInterfaces": [
                {"NetworkInterfaceId": "eni-1", "TagSet": tag},
                {"NetworkInterfaceId": "eni-2", "TagSet": other},
            ]
        },
        ("servicediscovery", "list_namespaces"): {
            "Namespaces": [
                {"Id": "ns-1", "Name": "ash-cloud.internal", "Arn": "arn:ns-1"},
                {"Id": "ns-2", "Name": "ash-cloud-2.internal", "Arn": "arn:ns-2"},
            ]
        },
        ("cloudwatch", "describe_alarms"): {
            "MetricAlarms": [
                {"AlarmName": "ash-cloud-cpu", "Dimensions": [{"Name": "C", "Value": "ash-cloud"}]},
                {"AlarmName": "ash-cloud-2-cpu", "Dimensions": []},
            ]
        },
        ("events", "list_rules"): {
            "Rules": [{"Name": "ash-cloud-TaskEvents-1"}, {"Name": "ash-cloud-2-TaskEvents-1"}]
        },
        ("iam", "list_roles"): {
            "Roles": [
                {**role, "RoleName": "ash-cloud-TaskRole-1"},
                {**role, "RoleName": "ash-cloud-2-TaskRole-1"},
            ]
        },
        ("ecs", "list_task_definitions"): {
            "taskDefinitionArns": ["arn:aws:ecs:r:1:task-definition/ash-cloud-runtime:1"]
        },
    }
    stub("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
    for service_, operation, nothing in NOTHING:
        stub(service_).add_response(operation, there.get((service_, operation), nothing))
        if operation == "list_namespaces":
            stub(service_).add_response("list_tags_for_resource", {"Tags": tag})

    found = {item.kind: (item.ids, item.billed) for item in look_again(aws, NAMES) if item.ids}

    assert found == {
        "database snapshots": (("final",), True),
        "network interfaces": (("eni-1",), True),
        "private DNS namespaces": (("ns-1",), True),
        "alarms": (("ash-cloud-cpu",), True),
        "task definitions": (("ash-cloud-runtime:1",), False),
        "event rules": (("ash-cloud-TaskEvents-1",), False),
        "roles": (("ash-cloud-TaskRole-1",), False),
    }


def test_a_look_that_is_denied_could_not_tell_and_is_not_clean(aws: Aws, stub: Script) -> None:
    """What was not looked at is never counted as gone."""
    denied = ("AccessDeniedException", "no", 400)
    tag = [{"Key": "ash:deployment", "Value": "ash-cloud"}]
    stub("ecs").add_client_error("describe_services", *denied)
    for _ in range(2):
        stub("ecs").add_response("describe_clusters", {"clusters": []})
        stub("elbv2").add_client_error(
            "describe_load_balancers", "LoadBalancerNotFound", "none", 400
        )
    for service_, operation in (
        ("logs", "describe_log_groups"),
        ("secretsmanager", "describe_secret"),
        ("efs", "describe_file_systems"),
        ("rds", "describe_db_instances"),
        ("rds", "describe_db_snapshots"),
        ("servicediscovery", "list_namespaces"),
        ("cloudwatch", "describe_alarms"),
        ("ecs", "list_task_definitions"),
        ("events", "list_rules"),
        ("iam", "list_roles"),
    ):
        stub(service_).add_client_error(operation, *denied)
    ec2 = stub("ec2")
    ec2.add_response("describe_instances", {"Reservations": []})
    ec2.add_response("describe_volumes", {"Volumes": [{"VolumeId": "vol-1", "Tags": tag}]})
    ec2.add_response("describe_addresses", {"Addresses": []})
    ec2.add_response("describe_nat_gateways", {"NatGateways": []})
    other = {"NetworkInterfaceId": "eni-1", "Description": "ELB net/another-nlb/1"}
    for _ in range(3):
        ec2.add_response("describe_network_interfaces", {"NetworkInterfaces": [other]})

    found = {item.kind: item for item in look_again(aws, NAMES)}

    assert found["services"] == Found(
        kind="services", unknown="ecs:DescribeServices: AccessDeniedException"
    )
    assert found["load balancers"] == Found(kind="load balancers")
    assert found["volumes"].ids == ("vol-1",)
    assert found["network interfaces"].ids == ()
    assert found["secrets"].unknown
    assert found["tasks"] == Found(kind="tasks")
    assert found["roles"].unknown


def test_the_receipt_says_what_is_still_billed() -> None:
    from ash_ops.report.receipt import exit_code_of

    gone, left = Found(kind="volumes"), Found(kind="volumes", ids=("vol-1",))
    unknown = Found(kind="secrets", unknown="denied")
    assert exit_code_of([gone]) is ExitCode.OK
    assert exit_code_of([gone, unknown]) is ExitCode.INCONCLUSIVE
    assert exit_code_of([left, unknown]) is ExitCode.PROBLEMS
    free = Found(kind="roles", ids=("r",), billed=False)
    assert exit_code_of([gone, free]) is ExitCode.OK, "what costs nothing does not count"
