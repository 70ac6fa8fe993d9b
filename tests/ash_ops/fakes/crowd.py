"""An account in which many other services live beside the deployment, and their balancers with them."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.fakes import world as w

_A_PAGE = 400  # what ELB answers at once (its API reference, "PageSize")


def crowded(answers: dict[str, Any], services: int) -> dict[str, Any]:
    """The world with so many other services: each has a balancer, a target group and a security group."""
    (group,) = answers["elbv2:DescribeTargetGroups"]["TargetGroups"]
    (balancer,) = answers["elbv2:DescribeLoadBalancers"]["LoadBalancers"]
    walls = answers["ec2:DescribeSecurityGroups"]["SecurityGroups"]
    names = [f"other-{number}" for number in range(services)]
    groups = [_target_group(group, name) for name in names]
    balancers = [_balancer(balancer, name) for name in names]
    others = [{**walls[0], "GroupId": f"sg-0{name}", "GroupName": name} for name in names]
    return answers | {
        "elbv2:DescribeTargetGroups": _paged("TargetGroups", [*groups, group]),
        "elbv2:DescribeLoadBalancers": _paged("LoadBalancers", [*balancers, balancer]),
        "ec2:DescribeSecurityGroups": {"SecurityGroups": [*walls, *others]},
    }


def _target_group(like: dict[str, Any], name: str) -> dict[str, Any]:
    return like | {
        "TargetGroupArn": w.target_group_arn(name),
        "TargetGroupName": f"{name}-tg",
        "LoadBalancerArns": [w.balancer_arn(name)],
    }


def _balancer(like: dict[str, Any], name: str) -> dict[str, Any]:
    return like | {"LoadBalancerArn": w.balancer_arn(name), "LoadBalancerName": f"{name}-nlb"}


def _paged(key: str, rows: list[dict[str, Any]]) -> Any:
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        start = int(request.get("Marker") or 0)
        more = {"NextMarker": str(start + _A_PAGE)} if start + _A_PAGE < len(rows) else {}
        return {key: rows[start : start + _A_PAGE], **more}

    return answer
