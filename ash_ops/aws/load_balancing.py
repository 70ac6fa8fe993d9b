"""What Elastic Load Balancing says: balancers, listeners, target groups and their health.

Balancers and target groups are read whole and picked from in memory: asking for one by name fails
if it is not there, and following service, target group and balancer costs two rounds more.
"""

from __future__ import annotations

from ash_ops.aws.calls import Answer, call, pages
from ash_ops.aws.session import Aws


def load_balancers(aws: Aws) -> list[Answer]:
    """Every load balancer of the region."""
    found = pages(aws, "elbv2", "describe_load_balancers")
    return [row for page in found for row in page.get("LoadBalancers") or []]


def target_groups(aws: Aws) -> list[Answer]:
    """Every target group of the region."""
    found = pages(aws, "elbv2", "describe_target_groups")
    return [row for page in found for row in page.get("TargetGroups") or []]


def target_health(aws: Aws, target_group_arn: str) -> list[Answer]:
    """The registered targets with state and reason code."""
    answer = call(aws, "elbv2", "describe_target_health", TargetGroupArn=target_group_arn)
    return list(answer.get("TargetHealthDescriptions") or [])


def target_group_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``deregistration_delay.timeout_seconds``."""
    return _attributes(call(aws, "elbv2", "describe_target_group_attributes", TargetGroupArn=arn))


def load_balancer_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``load_balancing.cross_zone.enabled``."""
    return _attributes(call(aws, "elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn))


def listeners(aws: Aws, load_balancer_arn: str) -> list[Answer]:
    """The listeners of a load balancer."""
    found = pages(aws, "elbv2", "describe_listeners", LoadBalancerArn=load_balancer_arn)
    return [row for page in found for row in page.get("Listeners") or []]


def listener_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``tcp.idle_timeout.seconds``."""
    return _attributes(call(aws, "elbv2", "describe_listener_attributes", ListenerArn=arn))


def tags(aws: Aws, arns: list[str]) -> dict[str, dict[str, str]]:
    """The tags of up to twenty balancers or target groups, by ARN."""
    answer = call(aws, "elbv2", "describe_tags", ResourceArns=arns)
    return {
        row.get("ResourceArn", ""): {t.get("Key", ""): t.get("Value", "") for t in row["Tags"]}
        for row in answer.get("TagDescriptions") or []
        if row.get("Tags")
    }


def _attributes(answer: Answer) -> dict[str, str]:
    rows = answer.get("Attributes") or []
    return {row["Key"]: str(row.get("Value", "")) for row in rows if row.get("Key")}
