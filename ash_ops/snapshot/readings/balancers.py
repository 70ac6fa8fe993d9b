"""Target groups, load balancers and listeners, found from the service or, without it, by name."""

from __future__ import annotations

from functools import partial

from ash_ops.aws import elbv2
from ash_ops.errors import ReadFailed
from ash_ops.snapshot.desk import Desk, Row
from ash_ops.snapshot.fan_out import Several

_TAGS_A_CALL = 20


def all_balancers(desk: Desk) -> list[Row]:
    """Every balancer of the region; ``load_balancers`` picks."""
    return elbv2.load_balancers(desk.aws)


def all_target_groups(desk: Desk) -> list[Row]:
    """Every target group of the region; ``target_groups`` picks."""
    return elbv2.target_groups(desk.aws)


def target_groups(desk: Desk) -> tuple[Row, ...] | None:
    """Those the service registers its tasks with; without such, that of the deployment's name."""
    found = desk.need("_target_groups")
    wanted = {
        row.get("targetGroupArn")
        for row in (desk.seek("service") or {}).get("loadBalancers") or []
        if row.get("targetGroupArn")
    }
    used = [row for row in found if row.get("TargetGroupArn") in wanted]
    name = desk.deployment.target_group
    return tuple(used or _named(desk, found, "TargetGroup", name)) or None


def load_balancers(desk: Desk) -> tuple[Row, ...] | None:
    """Those that forward to the target groups; without such, that of the deployment's name."""
    found = desk.need("_load_balancers")
    groups = desk.seek("target_groups") or ()
    wanted = {arn for group in groups for arn in group.get("LoadBalancerArns") or []}
    used = [row for row in found if row.get("LoadBalancerArn") in wanted]
    name = desk.deployment.load_balancer
    return tuple(used or _named(desk, found, "LoadBalancer", name)) or None


def _named(desk: Desk, rows: list[Row], kind: str, name: str) -> list[Row]:
    """Those of that name, else those that carry the deployment's tag."""
    exact = [row for row in rows if row.get(f"{kind}Name") == name]
    if exact or not rows:
        return exact
    arns = [row[f"{kind}Arn"] for row in rows if row.get(f"{kind}Arn")][:_TAGS_A_CALL]
    key, value = desk.deployment.tag
    try:
        tags = elbv2.tags(desk.aws, arns)
    except ReadFailed:
        return []  # the tag is a second way to what has a name; not seeing it is no failure
    return [row for row in rows if tags.get(row.get(f"{kind}Arn", ""), {}).get(key) == value]


def target_health(desk: Desk) -> Several:
    """The targets of all target groups."""
    arns = [group["TargetGroupArn"] for group in desk.need("target_groups")]
    return desk.several(
        [partial(elbv2.target_health, desk.aws, arn) for arn in arns],
        lambda parts: tuple(row for part in parts for row in part.result()),
    )


def target_group_attributes(desk: Desk) -> dict[str, str]:
    """The attributes of the first target group."""
    arn = desk.need("target_groups")[0]["TargetGroupArn"]
    return elbv2.target_group_attributes(desk.aws, arn)


def load_balancer_attributes(desk: Desk) -> dict[str, str]:
    """The attributes of the first load balancer."""
    arn = desk.need("load_balancers")[0]["LoadBalancerArn"]
    return elbv2.load_balancer_attributes(desk.aws, arn)


def listeners(desk: Desk) -> Several:
    """The listeners of all load balancers."""
    arns = [balancer["LoadBalancerArn"] for balancer in desk.need("load_balancers")]
    return desk.several(
        [partial(elbv2.listeners, desk.aws, arn) for arn in arns],
        lambda parts: tuple(row for part in parts for row in part.result()),
    )


def listener_attributes(desk: Desk) -> dict[str, str] | None:
    """The attributes of the first listener."""
    found = desk.need("listeners")
    return elbv2.listener_attributes(desk.aws, found[0]["ListenerArn"]) if found else None
