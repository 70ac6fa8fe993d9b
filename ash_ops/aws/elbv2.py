"""What Elastic Load Balancing says: balancers, listeners, target groups and their health.

Balancers and target groups are read whole and picked from in memory: asking for one by name fails
if it is not there, and following service, target group and balancer costs two rounds more.
"""

from __future__ import annotations

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, facts, if_there, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup, TargetHealth
from ash_ops.facts.tagged import Tagged

PROTECTION = "deletion_protection.enabled"  # the attribute of a load balancer


def load_balancers(aws: Aws) -> tuple[LoadBalancer, ...]:
    """Every load balancer of the region."""
    return facts(aws, op.DESCRIBE_LOAD_BALANCERS, LoadBalancer)


def load_balancer_named(aws: Aws, name: str) -> LoadBalancer | None:
    """The load balancer of a name, or ``None`` if there is none."""
    asked = {"Names": [name]}
    found = if_there(lambda: facts(aws, op.DESCRIBE_LOAD_BALANCERS, LoadBalancer, **asked))
    return next(iter(found or ()), None)


def load_balancer(aws: Aws, arn: str) -> LoadBalancer | None:
    """The load balancer of an ARN.

    Raises:
        ReadFailed: it could not be read, or is not there.
    """
    found = facts(aws, op.DESCRIBE_LOAD_BALANCERS, LoadBalancer, LoadBalancerArns=[arn])
    return next(iter(found), None)


def tagged_load_balancer(aws: Aws, name: str) -> Tagged | None:
    """The load balancer of a name, by its ARN, with its tags.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = load_balancer_named(aws, name)
    return tagged(aws, found.load_balancer_arn) if found else None


def tagged_target_group(aws: Aws, name: str) -> Tagged | None:
    """The target group of a name, by its ARN, with its tags.

    Raises:
        ReadFailed: the question could not be answered.
    """
    asked = {"Names": [name]}
    found = if_there(lambda: facts(aws, op.DESCRIBE_TARGET_GROUPS, TargetGroup, **asked))
    return tagged(aws, found[0].target_group_arn) if found else None


def tagged(aws: Aws, arn: str) -> Tagged:
    """A load balancer or target group by its ARN, with its tags.

    Raises:
        ReadFailed: the tags could not be read, or there is no such thing.
    """
    return Tagged(id=arn, tags=tags(aws, [arn]).get(arn, {}))


def target_group(aws: Aws, arn: str) -> TargetGroup | None:
    """The target group of an ARN.

    Raises:
        ReadFailed: it could not be read, or is not there.
    """
    found = facts(aws, op.DESCRIBE_TARGET_GROUPS, TargetGroup, TargetGroupArns=[arn])
    return next(iter(found), None)


def target_groups(aws: Aws) -> tuple[TargetGroup, ...]:
    """Every target group of the region."""
    return facts(aws, op.DESCRIBE_TARGET_GROUPS, TargetGroup)


def target_health(aws: Aws, target_group_arn: str) -> tuple[TargetHealth, ...]:
    """The registered targets with state and reason code, each with the group that was asked."""
    found = facts(aws, op.DESCRIBE_TARGET_HEALTH, TargetHealth, TargetGroupArn=target_group_arn)
    return tuple(replace(row, target_group_arn=target_group_arn) for row in found)


def target_group_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``deregistration_delay.timeout_seconds``."""
    return _attributes(call(aws, op.DESCRIBE_TARGET_GROUP_ATTRIBUTES, TargetGroupArn=arn))


def load_balancer_attributes(aws: Aws, arn: str) -> dict[str, str]:
    """For instance ``load_balancing.cross_zone.enabled``."""
    return _attributes(call(aws, op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES, LoadBalancerArn=arn))


def unprotect(aws: Aws, arn: str) -> None:
    """Take a load balancer's protection against deletion away.

    Raises:
        ReadFailed: Elastic Load Balancing refused.
    """
    off = [{"Key": PROTECTION, "Value": "false"}]
    call(aws, op.MODIFY_LOAD_BALANCER_ATTRIBUTES, LoadBalancerArn=arn, Attributes=off)


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
        row.get("ResourceArn", ""): tags_of(row["Tags"])
        for row in answer.get("TagDescriptions") or []
        if row.get("Tags")
    }


def _attributes(answer: Answer) -> dict[str, str]:
    rows = answer.get("Attributes") or []
    return {row["Key"]: str(row.get("Value", "")) for row in rows if row.get("Key")}
