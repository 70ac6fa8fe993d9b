"""What Elastic Load Balancing says: balancers, listeners, target groups and their health.

Balancers and target groups are read whole and picked from in memory: asking for one by name fails
if it is not there, and following service, target group and balancer costs two rounds more.
"""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, facts
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup, TargetHealth


def load_balancers(aws: Aws) -> tuple[LoadBalancer, ...]:
    """Every load balancer of the region."""
    return facts(aws, op.DESCRIBE_LOAD_BALANCERS, LoadBalancer)


def load_balancer_named(aws: Aws, name: str) -> LoadBalancer | None:
    """The load balancer of a name, or ``None`` if there is none."""
    try:
        found = facts(aws, op.DESCRIBE_LOAD_BALANCERS, LoadBalancer, Names=[name])
    except ReadFailed as failure:
        if failure.kind == "missing":
            return None
        raise
    return next(iter(found), None)


def target_groups(aws: Aws) -> tuple[TargetGroup, ...]:
    """Every target group of the region."""
    return facts(aws, op.DESCRIBE_TARGET_GROUPS, TargetGroup)


def target_health(aws: Aws, target_group_arn: str) -> tuple[TargetHealth, ...]:
    """The registered targets with state and reason code."""
    return facts(aws, op.DESCRIBE_TARGET_HEALTH, TargetHealth, TargetGroupArn=target_group_arn)


def target_group_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``deregistration_delay.timeout_seconds``."""
    return _attributes(call(aws, op.DESCRIBE_TARGET_GROUP_ATTRIBUTES, TargetGroupArn=arn))


def load_balancer_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``load_balancing.cross_zone.enabled``."""
    return _attributes(call(aws, op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES, LoadBalancerArn=arn))


def listeners(aws: Aws, load_balancer_arn: str) -> tuple[Listener, ...]:
    """The listeners of a load balancer."""
    return facts(aws, op.DESCRIBE_LISTENERS, Listener, LoadBalancerArn=load_balancer_arn)


def listener_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``tcp.idle_timeout.seconds``."""
    return _attributes(call(aws, op.DESCRIBE_LISTENER_ATTRIBUTES, ListenerArn=arn))


def tags(aws: Aws, arns: list[str]) -> dict[str, dict[str, str]]:
    """The tags of up to twenty balancers or target groups, by ARN."""
    answer = call(aws, op.DESCRIBE_TAGS, ResourceArns=arns)
    return {
        row.get("ResourceArn", ""): {t.get("Key", ""): t.get("Value", "") for t in row["Tags"]}
        for row in answer.get("TagDescriptions") or []
        if row.get("Tags")
    }


def _attributes(answer: Answer) -> dict[str, str]:
    rows = answer.get("Attributes") or []
    return {row["Key"]: str(row.get("Value", "")) for row in rows if row.get("Key")}
