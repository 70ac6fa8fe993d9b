"""What a stack wants and what runs, one fact after the other: which differs, which was not told, which is left alone."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.lives import record
from tests.support.one_check import GONE, Row, holds, unread

REVISION = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"
PROPERTIES = "wanted.0.properties"
TG = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef"
DRIFTED = {"stack.DriftStatus": "DRIFTED"}
UNREAD = {"wanted": unread("cloudformation:GetTemplate")}
NOT_READ = "? cloudformation:GetTemplate could not be read (denied): AccessDenied"
OTHER = {f"{PROPERTIES}.TaskDefinition": f"{REVISION}:8"}
COUNTED = {f"{PROPERTIES}.DesiredCount": "2"}
WARNING = "warning stack-drift"


def wants(type_: str, id_: str, **properties: Any) -> dict[str, Any]:
    return {"logical_id": "Other", "type": type_, "physical_id": id_, "properties": properties}


GROUP = wants(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    TG,
    HealthCheckPath="/",
    HealthCheckIntervalSeconds="7",
    TargetGroupAttributes=[{"Key": "preserve_client_ip.enabled", "Value": "neither"}],
)
SIX = wants(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    TG,
    HealthCheckPath="/a",
    HealthCheckIntervalSeconds="7",
    HealthCheckTimeoutSeconds="7",
    HealthCheckProtocol="UDP",
    HealthyThresholdCount="7",
    UnhealthyThresholdCount="7",
    HealthCheckPort="7",
)
BACK, ALONE = (
    "Put back what the stack wants: it shows every difference and asks.",
    "Do not put it back yet: the revision that the stack wants is the one that ECS rolled back",
)


def taken_back(revision: int = 8, status: str = "ROLLBACK_SUCCESSFUL") -> dict[str, Any]:
    """ECS's record of the newest rollout, and of the revision that it was to."""
    newest = record(status)
    arn = newest["targetServiceRevision"]["arn"]
    known = {"serviceRevisionArn": arn, "taskDefinition": f"{REVISION}:{revision}"}
    return {"service_deployments": [newest], "service_revisions.+": known}


STACK_DRIFT: dict[str, Row] = {
    "as it is wanted": ("stack-drift", "", {}, "sound"),
    "no stack": ("stack-drift", "", {"stack": None}, "none of its business"),
    "at work": ("stack-drift", "", {**OTHER, "stack.StackStatus": "UPDATE_IN_PROGRESS"}, "none of its business"),
    "at work cleaning up": ("stack-drift", "", {**OTHER, "stack.StackStatus": "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}, "none of its business"),
    "another revision": (
        "stack-drift", "", OTHER, WARNING, "What runs is not what the stack ash-cloud wants: the service ash-cloud-runtime: its revision is ash-cloud-runtime:7",
        "the stack wants ash-cloud-runtime:8.", "wanted: ash-cloud-runtime:8", "give it to the deployment instead, as an option", "ash-ops deploy", "ash-ops doctor", "!more difference",
    ),
    "and another count": ("stack-drift", "", {**OTHER, **COUNTED}, WARNING, "wants ash-cloud-runtime:8. And 1 more difference.", "Service: its desired count"),
    "and more": ("stack-drift", "", {**OTHER, **COUNTED, "wanted.+": GROUP}, WARNING, "And 4 more differences.", "Other: HealthCheckPath", "wanted: neither"),
    "the service comes first": ("stack-drift", "", {"wanted": [GROUP, {**wants("AWS::ECS::Service", "arn:aws:ecs:us-east-1:111122223333:service/ash-cloud/ash-cloud-runtime", DesiredCount="2")}]}, WARNING, "wants: the service ash-cloud-runtime: its desired count is 1, the stack wants 2."),
    "six are shown": ("stack-drift", "", {**COUNTED, "wanted.+": SIX}, WARNING, "And 7 more differences.", "Other: HealthCheckPath", "!Other: UnhealthyThresholdCount"),
    "found by CloudFormation": (
        "stack-drift", "", DRIFTED, WARNING, "Stack ash-cloud no longer matches its template: something was changed by hand.", "DRIFTED",
        "See what was changed. aws cloudformation describe-stack-resource-drifts --stack-name ash-cloud", "!ash-ops deploy",
    ),
    "found by CloudFormation and here": ("stack-drift", "", {**DRIFTED, **OTHER}, WARNING, "its revision is", "!describe-stack-resource-drifts"),
    "found by CloudFormation, and the template was not read": ("stack-drift", "", {**DRIFTED, **UNREAD}, WARNING, "no longer matches"),
    "in step by CloudFormation": ("stack-drift", "", {"stack.DriftStatus": "IN_SYNC"}, "sound"),
    "the template was not read": ("stack-drift", "", UNREAD, NOT_READ),
    "the template was not read, and CloudFormation finds it in step": ("stack-drift", "", {**UNREAD, "stack.DriftStatus": "IN_SYNC"}, "sound"),
    "the template was not read, and nothing differs by its output": ("stack-drift", "", {**UNREAD, "stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": f"{REVISION}:7"}]}, NOT_READ),
    "the template was not read, and its output differs": ("stack-drift", "", {**UNREAD, "stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": f"{REVISION}:8"}]}, WARNING, "wants ash-cloud-runtime:8", "Service: its revision"),
    "the revision was not told": ("stack-drift", "", {f"{PROPERTIES}.TaskDefinition": GONE, "wanted.0.unknown": ["TaskDefinition"]}, "? which revision the stack wants of Service was not told"),
    "the revision is told oddly": ("stack-drift", "", {f"{PROPERTIES}.TaskDefinition": {"Odd": "x"}}, "? which revision the stack wants of Service was not told"),
    "the revision is not asked for": ("stack-drift", "", {f"{PROPERTIES}.TaskDefinition": GONE}, "sound"),
    "the count was not told": ("stack-drift", "", {"wanted.0.unknown": ["DesiredCount"]}, "? how many tasks the stack wants of Service was not told"),
    "the count is told oddly": ("stack-drift", "", {f"{PROPERTIES}.DesiredCount": "two"}, "? how many tasks the stack wants of Service was not told"),
    "the count is as it is wanted": ("stack-drift", "", {f"{PROPERTIES}.DesiredCount": 1}, "sound"),
    "what is told oddly of another": ("stack-drift", "", {"wanted.+": {**GROUP, "properties": {}, "unknown": ["TaskDefinition", "DesiredCount"]}}, "sound"),
    "the one that ECS went back from": ("stack-drift", "", {**OTHER, **taken_back()}, WARNING, ALONE, f"!{BACK}", "!ash-ops deploy"),
    "of which that was not told": ("stack-drift", "", {**OTHER, "service_deployments": [record("ROLLBACK_IN_PROGRESS")]}, WARNING, ALONE, f"!{BACK}"),
    "another than ECS went back from": ("stack-drift", "", {**OTHER, **taken_back(9)}, WARNING, BACK, f"!{ALONE}"),
    "one that ECS did not go back from": ("stack-drift", "", {**OTHER, **taken_back(status="SUCCESSFUL")}, WARNING, BACK, f"!{ALONE}"),
    "a count beside what ECS went back from": ("stack-drift", "", {**COUNTED, **taken_back()}, WARNING, BACK, f"!{ALONE}"),
    "the service was not read": ("stack-drift", "", {**OTHER, "service": unread("ecs:DescribeServices")}, "? ecs:DescribeServices could not be read (denied): AccessDenied"),
    "the groups were not read": ("stack-drift", "", {"security_groups": unread("ec2:DescribeSecurityGroups")}, "? ec2:DescribeSecurityGroups could not be read (denied): AccessDenied"),
    "the listeners were not read": ("stack-drift", "", {"listeners": unread("elasticloadbalancing:DescribeListeners")}, "? elasticloadbalancing:DescribeListeners could not be read (denied): AccessDenied"),
    "the service is gone": ("stack-drift", "", {**OTHER, "service.status": "INACTIVE"}, "sound"),
}  # fmt: skip


@each("row", STACK_DRIFT)
def test_a_stack_is_compared_with_what_runs_as_far_as_both_are_known(row: Row) -> None:
    holds(row)
