"""Target groups, load balancers and listeners, found from the service or, without it, by name."""

from __future__ import annotations

from functools import partial
from typing import Any

from ash_ops.aws import acm, elbv2
from ash_ops.aws import operations as op
from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import LoadBalancer, TargetGroup
from ash_ops.facts.services import Service
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Several

_TAGS_A_CALL = 20


@reading(op.DESCRIBE_LOAD_BALANCERS, name="_load_balancers", client="elbv2")
def all_balancers(context: ReadingContext) -> tuple[LoadBalancer, ...]:
    """Every balancer of the region; ``load_balancers`` picks."""
    return elbv2.load_balancers(context.aws)


@reading(op.DESCRIBE_TARGET_GROUPS, name="_target_groups", client="elbv2")
def all_target_groups(context: ReadingContext) -> tuple[TargetGroup, ...]:
    """Every target group of the region; ``target_groups`` picks."""
    return elbv2.target_groups(context.aws)


@reading(op.DESCRIBE_TARGET_GROUPS, op.DESCRIBE_TAGS, after=("_target_groups", "service"))
def target_groups(context: ReadingContext) -> tuple[TargetGroup, ...] | None:
    """Those the service registers its tasks with; without such, that of the deployment's name.

    Those that a load balancer uses come first: of a blue and a green group one is in use.
    """
    found: tuple[TargetGroup, ...] = context.need("_target_groups")
    service: Service | None = context.seek("service")
    named = service.load_balancers if service else ()
    wanted = {arn for each in named for arn in each.target_groups}
    own_groups = [group for group in found if group.target_group_arn in wanted]
    used = tuple(sorted(own_groups, key=lambda group: not group.load_balancer_arns))
    names = {group.target_group_arn: group.target_group_name for group in found}
    own = set() if used else _named(context, names, context.deployment.target_group)
    return used or tuple(group for group in found if group.target_group_arn in own) or None


@reading(op.DESCRIBE_LOAD_BALANCERS, op.DESCRIBE_TAGS, after=("_load_balancers", "target_groups"))
def load_balancers(context: ReadingContext) -> tuple[LoadBalancer, ...] | None:
    """Those that forward to the target groups; without such, that of the deployment's name.

    Those that face the internet come first: callers use these, if there are any.
    """
    found: tuple[LoadBalancer, ...] = context.need("_load_balancers")
    groups: tuple[TargetGroup, ...] = context.seek("target_groups") or ()
    wanted = {arn for group in groups for arn in group.load_balancer_arns}
    own_balancers = [balancer for balancer in found if balancer.load_balancer_arn in wanted]
    used = tuple(sorted(own_balancers, key=lambda each: each.scheme == "internal"))
    names = {balancer.load_balancer_arn: balancer.load_balancer_name for balancer in found}
    own = set() if used else _named(context, names, context.deployment.load_balancer)
    return used or tuple(b for b in found if b.load_balancer_arn in own) or None


def _named(context: ReadingContext, names: dict[str, str], name: str) -> set[str]:
    """The ARNs, of those with these names, that have one name, else the deployment's tag."""
    exact = {arn for arn, given in names.items() if given == name}
    if exact or not names:
        return exact
    key, value = context.deployment.tag
    try:
        tags = elbv2.tags(context.aws, [arn for arn in names if arn][:_TAGS_A_CALL])
    except ReadFailed:
        return set()  # the tag is a second way to what has a name; not seeing it is no failure
    return {arn for arn in names if tags.get(arn, {}).get(key) == value}


@reading(op.DESCRIBE_TARGET_HEALTH, after=("target_groups",))
def target_health(context: ReadingContext) -> Several:
    """The targets of all target groups."""
    arns = [group.target_group_arn for group in context.need("target_groups")]
    return context.several(
        [partial(elbv2.target_health, context.aws, arn) for arn in arns],
        lambda parts: tuple(row for part in parts for row in part.result()),
    )


@reading(op.DESCRIBE_TARGET_GROUP_ATTRIBUTES, after=("target_groups",))
def target_group_attributes(context: ReadingContext) -> dict[str, str]:
    """The attributes of the first target group."""
    arn = context.need("target_groups")[0].target_group_arn
    return elbv2.target_group_attributes(context.aws, arn)


@reading(op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES, after=("load_balancers",))
def load_balancer_attributes(context: ReadingContext) -> dict[str, str]:
    """The attributes of the first load balancer."""
    arn = context.need("load_balancers")[0].load_balancer_arn
    return elbv2.load_balancer_attributes(context.aws, arn)


@reading(op.DESCRIBE_LISTENERS, after=("load_balancers",))
def listeners(context: ReadingContext) -> Several:
    """The listeners of all load balancers."""
    arns = [balancer.load_balancer_arn for balancer in context.need("load_balancers")]
    return context.several(
        [partial(elbv2.listeners, context.aws, arn) for arn in arns],
        lambda parts: tuple(row for part in parts for row in part.result()),
    )


@reading(op.DESCRIBE_LISTENER_ATTRIBUTES, after=("listeners",))
def listener_attributes(context: ReadingContext) -> dict[str, str] | None:
    """The attributes of the first listener."""
    found = context.need("listeners")
    return elbv2.listener_attributes(context.aws, found[0].listener_arn) if found else None


@reading(
    op.DESCRIBE_TARGET_GROUP_ATTRIBUTES,
    op.DESCRIBE_LISTENER_ATTRIBUTES,
    after=("target_groups", "listeners"),
)
def other_attributes(context: ReadingContext) -> Several:
    """By ARN, those of all target groups and listeners but the first; most deployments have no other."""
    groups, listeners = _others(context, "target_groups"), _others(context, "listeners")
    asked = [
        *((elbv2.target_group_attributes, group.target_group_arn) for group in groups),
        *((elbv2.listener_attributes, listener.listener_arn) for listener in listeners),
    ]
    return context.several(
        [partial(read, context.aws, arn) for read, arn in asked],
        lambda parts: {arn: part.result() for (_, arn), part in zip(asked, parts, strict=True)},
    )


def _others(context: ReadingContext, name: str) -> tuple[Any, ...]:
    return tuple((context.seek(name) or ())[1:])


@reading(op.DESCRIBE_CERTIFICATE, after=("listeners",))
def certificates(context: ReadingContext) -> Several:
    """Those of ACM that listeners show; without TLS none is asked for."""
    shown = (c.certificate_arn for each in context.need("listeners") for c in each.certificates)
    arns = dict.fromkeys(arn for arn in shown if ":acm:" in arn)
    return context.several(
        [partial(acm.certificate, context.aws, arn) for arn in arns],
        lambda parts: tuple(part.result() for part in parts),
    )
