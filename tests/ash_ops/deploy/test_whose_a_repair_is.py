"""``doctor --fix`` changes only what carries the deployment's tag; of all else it says why not."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.aws.operations import Operation
from ash_ops.checks.base import Action, Finding, Interruption
from ash_ops.deploy.fix.actions import Repair
from ash_ops.deploy.fix.exact import Execution, Line
from ash_ops.deploy.fix.targets import split
from ash_ops.names import Deployment
from tests.support.account import ANOTHERS, MADE, OURS, Account, Raw, arn

FINDING = Finding(
    id="x",
    cause="x",
    title="X",
    severity="error",
    confidence="confirmed",
    playbook="deploy",
    summary="X.",
    fix=(),
)
BALANCER = arn("elasticloadbalancing", "loadbalancer/net/ash-cloud-nlb/1")
TARGETS = arn("elasticloadbalancing", "targetgroup/ash-cloud-tg/1")
LISTENER = arn("elasticloadbalancing", "listener/net/ash-cloud-nlb/1/2")
SECRET = arn("secretsmanager", "secret:ash-cloud/server-AbCdEf")
LOGS = "/ash-cloud/runtime"
ROLE = "ash-cloud-TaskRole-1"
STACK = arn("cloudformation", "stack/ash-cloud/1")


def account(tagged: list[Raw]) -> Account:
    """Everything that a repair may change, with one tag or another, or with none."""
    small = [{"key": tag["Key"], "value": tag["Value"]} for tag in tagged]
    plain = {tag["Key"]: tag["Value"] for tag in tagged}
    service = {"serviceArn": "s", "serviceName": "ash-cloud-runtime", "status": "ACTIVE"}
    made = Account(
        {
            "stack": {
                STACK: {
                    "StackId": STACK,
                    "StackName": "ash-cloud",
                    "StackStatus": "CREATE_COMPLETE",
                    "CreationTime": MADE,
                    "Tags": tagged,
                }
            },
            "secret": {"ash-cloud/server": {"Name": "x", "ARN": SECRET, "Tags": tagged}},
            "log group": {
                LOGS: {"logGroupName": LOGS, "arn": arn("logs", f"log-group:{LOGS}"), "tags": plain}
            },
        }
    )
    made.answers |= {
        "DescribeServices": {"services": [{**service, "tags": small}], "failures": []},
        "DescribeTags": lambda given: balancing_or_ec2(given, tagged),
        "GetRole": {"Role": {"RoleName": ROLE, "Tags": tagged}},
    }
    return made


def balancing_or_ec2(given: Raw, tagged: list[Raw]) -> Raw:
    """Two services have an operation of this name."""
    if "ResourceArns" in given:
        told = [{"ResourceArn": each, "Tags": tagged} for each in given["ResourceArns"]]
        return {"TagDescriptions": [t for t in told if t["ResourceArn"] in (BALANCER, TARGETS)]}
    (asked,) = given["Filters"][0]["Values"]
    return {"Tags": [{"ResourceId": each, **tag} for tag in tagged for each in (asked, "other")]}


def why_not(aws: Aws, world: Account, execution: Execution) -> str | None:
    """Why a repair is not made; ``None`` when it is."""
    aws._clients.clear()
    world.serve(aws)
    repair = Repair(FINDING, "Do it.", "aws it", execution, Interruption.NOTHING)
    own, others = split(aws, Deployment(), [repair])
    assert len(own) + len(others) == 1
    return others[0][1] if others else None


EACH: list[tuple[Operation, dict[str, Any]]] = [
    (op.UPDATE_SERVICE, {"cluster": "ash-cloud", "service": "ash-cloud-runtime"}),
    (op.CONTINUE_UPDATE_ROLLBACK, {"StackName": "ash-cloud"}),
    (op.MODIFY_TARGET_GROUP, {"TargetGroupArn": TARGETS}),
    (op.MODIFY_TARGET_GROUP_ATTRIBUTES, {"LoadBalancerArn": BALANCER}),
    (op.MODIFY_TARGET_GROUP_ATTRIBUTES, {"ListenerArn": LISTENER}),
    (op.AUTHORIZE_SECURITY_GROUP_INGRESS, {"GroupId": "sg-1"}),
    (op.AUTHORIZE_SECURITY_GROUP_INGRESS, {"RouteTableId": "rtb-1", "VpcId": "vpc-1"}),
    (op.CREATE_LOG_GROUP, {"logGroupName": LOGS}),
    (op.RESTORE_SECRET, {"SecretId": SECRET}),
    (op.ATTACH_ROLE_POLICY, {"RoleName": ROLE}),
]


def test_what_carries_our_tag_is_repaired_and_nothing_else(aws: Aws) -> None:
    """Each kind of call, on a thing of ours, of another deployment, and of nobody."""
    for operation, asked in EACH:
        execution = Action(operation=operation, parameters=asked)
        assert why_not(aws, account(OURS), execution) is None, operation.name
        another = why_not(aws, account(ANOTHERS), execution)
        assert another == "its tag ash:deployment says 'ash-cloud-2'", operation.name
        nobodys = why_not(aws, account([]), execution)
        assert nobodys == "it carries no tag ash:deployment", operation.name


def test_what_is_not_there_is_not_repaired(aws: Aws) -> None:
    empty = Account({})
    empty.answers["GetRole"] = "NoSuchEntity"
    gone = {
        op.UPDATE_SERVICE,
        op.CONTINUE_UPDATE_ROLLBACK,
        op.RESTORE_SECRET,
        op.ATTACH_ROLE_POLICY,
    }
    for operation, asked in EACH:
        if operation in gone:
            execution = Action(operation=operation, parameters=asked)
            assert why_not(aws, empty, execution) == "it is not there", operation.name


def test_a_log_group_is_made_anew_only_under_our_names_for_a_service_of_ours(aws: Aws) -> None:
    world = account(OURS)
    world.there["log group"] = {}
    for name in ("/ash-cloud/runtime", "/ash-cloud/events"):
        execution = Action(operation=op.CREATE_LOG_GROUP, parameters={"logGroupName": name})
        assert why_not(aws, world, execution) is None
    other = Action(operation=op.CREATE_LOG_GROUP, parameters={"logGroupName": "/ash-cloud/x"})
    assert why_not(aws, world, other) == "its name is not one of this deployment's"
    foreign = account(ANOTHERS)
    foreign.there["log group"] = {}
    execution = Action(operation=op.CREATE_LOG_GROUP, parameters={"logGroupName": LOGS})
    assert "ash-cloud-2" in (why_not(aws, foreign, execution) or "")


def test_a_role_without_a_tag_is_ours_where_our_own_stack_lists_it(aws: Aws) -> None:
    execution = Action(operation=op.ATTACH_ROLE_POLICY, parameters={"RoleName": ROLE})
    row = {"LogicalResourceId": "TaskRole", "ResourceType": "AWS::IAM::Role"}
    listed = {**row, "PhysicalResourceId": ROLE, "ResourceStatus": "CREATE_COMPLETE"}
    world = account(OURS)
    world.answers["GetRole"] = {"Role": {"RoleName": ROLE}}
    assert why_not(aws, world, execution) == "it carries no tag ash:deployment"
    world.there["resource"] = {ROLE: listed}
    assert why_not(aws, world, execution) is None
    for raw in world.of("stack"):
        raw["Tags"] = ANOTHERS
    assert why_not(aws, world, execution) is not None


def test_whose_it_is_must_be_told(aws: Aws) -> None:
    world = account(OURS)
    world.answers["DescribeServices"] = "AccessDeniedException"
    execution = Action(operation=op.UPDATE_SERVICE, parameters=dict(EACH[0][1]))
    told = "whose it is could not be told (ecs:DescribeServices: AccessDeniedException)"
    assert why_not(aws, world, execution) == told


@pytest.mark.parametrize(
    "execution",
    [
        Action(operation=op.AUTHORIZE_SECURITY_GROUP_INGRESS, parameters={"GroupName": "x"}),
        Action(operation=op.DELETE_DB_SNAPSHOT, parameters={"DBSnapshotIdentifier": "x"}),
    ],
)
def test_what_names_nothing_that_can_be_asked_about_is_nobodys(aws: Aws, execution: Action) -> None:
    assert why_not(aws, account(OURS), execution) == "nothing tells whose it is"


def test_a_command_of_ours_asks_that_itself(aws: Aws) -> None:
    assert why_not(aws, Account({}), Line(("deploy",))) is None
