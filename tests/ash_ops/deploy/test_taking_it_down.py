"""Teardown: consent, what blocks it, what fails, and a second look that never guesses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from ash_ops.aws.session import Aws
from ash_ops.deploy.leftovers import Found, look_again
from ash_ops.deploy.teardown import Dismantling, teardown
from ash_ops.deployment import Deployment
from ash_ops.errors import ExitCode, OpsError
from tests.support.deploying import FakeTime, User, event, events, stack

Script = Callable[[str], Stubber]
NAMES = Deployment()


def stock(stub: Script, status: str = "CREATE_COMPLETE", **more: object) -> Stubber:
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
    for _ in range(2):
        stub("logs").add_response("describe_log_groups", {"logGroups": []})
    return cfn


def work(aws: Aws, time_: FakeTime, user: User) -> Dismantling:
    return Dismantling(aws=aws, names=NAMES, dialogue=user, clock=time_.clock)


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


def test_a_deletion_that_fails_twice_ends_with_what_is_in_the_way(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stock(stub)
    why = "The Cluster cannot be deleted while Container Instances are active"
    failed = event(2, "Cluster", "DELETE_FAILED", why)
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack("DELETE_FAILED"))
    cfn.add_response("describe_stack_events", events(failed))
    cfn.add_response("describe_stack_events", events(failed))
    cfn.add_response("delete_stack", {})
    again = event(3, "Cluster", "DELETE_FAILED", why)
    cfn.add_response("describe_stacks", stack("DELETE_FAILED"))
    cfn.add_response("describe_stack_events", events(failed, again))

    with pytest.raises(OpsError) as caught:
        teardown(work(aws, time_, User(True, True)))

    assert why in caught.value.why
    assert "FORCE_DELETE_STACK" in caught.value.next_step


def test_a_look_that_is_denied_could_not_tell_and_is_not_clean(aws: Aws, stub: Script) -> None:
    """What was not looked at is never counted as gone."""
    denied = ("AccessDeniedException", "no", 400)
    stub("ecs").add_client_error("describe_services", *denied)
    stub("elbv2").add_client_error("describe_load_balancers", "LoadBalancerNotFound", "none", 400)
    for service_, operation in (
        ("logs", "describe_log_groups"),
        ("secretsmanager", "describe_secret"),
        ("efs", "describe_file_systems"),
        ("rds", "describe_db_instances"),
    ):
        stub(service_).add_client_error(operation, *denied)
    ec2 = stub("ec2")
    ec2.add_response("describe_instances", {"Reservations": []})
    ec2.add_response("describe_volumes", {"Volumes": [{"VolumeId": "vol-1"}]})
    ec2.add_response("describe_addresses", {"Addresses": []})
    ec2.add_response("describe_nat_gateways", {"NatGateways": []})
    other = {"NetworkInterfaceId": "eni-1", "Description": "ELB net/another-nlb/1"}
    ec2.add_response("describe_network_interfaces", {"NetworkInterfaces": [other]})

    found = {item.kind: item for item in look_again(aws, NAMES)}

    assert found["services"] == Found(
        kind="services", unknown="ecs:DescribeServices: AccessDeniedException"
    )
    assert found["load balancers"] == Found(kind="load balancers")
    assert found["volumes"].ids == ("vol-1",)
    assert found["network interfaces"].ids == ()
    assert found["secrets"].unknown


def test_the_receipt_says_what_is_still_billed() -> None:
    from ash_ops.deploy.teardown import _exit_code

    gone, left = Found(kind="volumes"), Found(kind="volumes", ids=("vol-1",))
    unknown = Found(kind="secrets", unknown="denied")
    assert _exit_code([gone]) is ExitCode.OK
    assert _exit_code([gone, unknown]) is ExitCode.INCONCLUSIVE
    assert _exit_code([left, unknown]) is ExitCode.PROBLEMS
