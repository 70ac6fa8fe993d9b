"""Load balancer, listener and target group beside what the stack wants of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.drift.difference import Difference, Live, as_text, differs
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup
from ash_ops.facts.wanted import BALANCER, LISTENER, TARGET_GROUP, WantedResource

_HEALTH = {
    "HealthCheckEnabled": "health_check_enabled",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckPath": "health_check_path",
    "HealthCheckPort": "health_check_port",
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
}


def load_balancer(wanted: WantedResource, runs: LoadBalancer, live: Live) -> Iterator[Difference]:
    """Where a load balancer is not as the stack wants it."""
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": BALANCER,
        "subject": f"the load balancer {runs.load_balancer_name}",
        "on": {"LoadBalancerArn": runs.load_balancer_arn},
    }
    groups = wanted.properties.get("SecurityGroups")
    if groups and runs.security_groups and set(groups) != set(runs.security_groups):
        yield Difference(
            **about,
            what="its security groups",
            runs=", ".join(runs.security_groups),
            wants=", ".join(groups),
            call=op.SET_SECURITY_GROUPS,
            change={"SecurityGroups": groups},
        )
    yield from _subnets(wanted, runs, about)
    asked = _attributes(wanted, "LoadBalancerAttributes")
    has = live.attributes.get(runs.load_balancer_arn, {})
    yield from _other(about, op.MODIFY_LOAD_BALANCER_ATTRIBUTES, asked, has)


def _subnets(
    wanted: WantedResource, runs: LoadBalancer, about: Mapping[str, Any]
) -> Iterator[Difference]:
    """Where it has no node in a zone that the stack wants, or one in another."""
    subnets = wanted.properties.get("Subnets")
    has = sorted(zone.subnet_id for zone in runs.availability_zones if zone.subnet_id)
    if isinstance(subnets, list) and subnets and has and set(subnets) != set(has):
        yield Difference(
            **about,
            what="its subnets",
            runs=", ".join(has),
            wants=", ".join(subnets),
            call=op.SET_SUBNETS,
            change={"Subnets": subnets},
        )


def target_group(wanted: WantedResource, runs: TargetGroup, live: Live) -> Iterator[Difference]:
    """Where a target group is not as the stack wants it."""
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": TARGET_GROUP,
        "subject": f"the target group {runs.target_group_name}",
        "on": {"TargetGroupArn": runs.target_group_arn},
    }
    for name, attribute in _HEALTH.items():
        asked, there = wanted.properties.get(name), getattr(runs, attribute)
        if differs(asked, there):
            yield Difference(
                **about,
                what=name,
                runs=as_text(there),
                wants=as_text(asked),
                call=op.MODIFY_TARGET_GROUP,
                change={name: _typed(there, asked)},
            )
    codes = (wanted.properties.get("Matcher") or {}).get("HttpCode")
    if differs(codes, runs.matcher and runs.matcher.http_code):
        yield Difference(
            **about,
            what="the codes that count as healthy",
            runs=str(runs.matcher.http_code if runs.matcher else None),
            wants=str(codes),
            call=op.MODIFY_TARGET_GROUP,
            change={"Matcher": {"HttpCode": codes}},
        )
    asked = _attributes(wanted, "TargetGroupAttributes")
    has = live.attributes.get(runs.target_group_arn, {})
    yield from _other(about, op.MODIFY_TARGET_GROUP_ATTRIBUTES, asked, has)


def _typed(like: object, text: Any) -> object:
    if isinstance(like, bool):
        return text.lower() == "true"
    return int(text) if isinstance(like, int) else text


def listener(wanted: WantedResource, runs: Listener, live: Live) -> Iterator[Difference]:
    """Where a listener is not as the stack wants it."""
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": LISTENER,
        "subject": f"the listener of port {runs.port}",
        "on": {"ListenerArn": runs.listener_arn},
    }
    asked = wanted.properties
    if differs(asked.get("Port"), runs.port):
        yield Difference(
            **about,
            what="its port",
            runs=str(runs.port),
            wants=str(asked["Port"]),
            call=op.MODIFY_LISTENER,
            change={"Port": int(asked["Port"])},
        )
    if differs(asked.get("Protocol"), runs.protocol):
        secured = {n: asked[n] for n in ("Certificates", "SslPolicy") if asked.get(n)}
        yield Difference(
            **about,
            what="its protocol",
            runs=str(runs.protocol),
            wants=str(asked["Protocol"]),
            call=op.MODIFY_LISTENER,
            change={"Protocol": asked["Protocol"], **secured},
        )
    leads = [a.get("TargetGroupArn") for a in asked.get("DefaultActions") or ()]
    there = [arn for action in runs.default_actions for arn in action.groups]
    if leads and all(leads) and leads != there:
        yield Difference(
            **about,
            what="where it leads",
            runs=", ".join(there) or "nowhere",
            wants=", ".join(map(str, leads)),
            call=op.MODIFY_LISTENER,
            change={"DefaultActions": [{"Type": "forward", "TargetGroupArn": leads[0]}]},
        )
    has = live.attributes.get(runs.listener_arn, {})
    wanted_attributes = _attributes(wanted, "ListenerAttributes")
    yield from _other(about, op.MODIFY_LISTENER_ATTRIBUTES, wanted_attributes, has)


def _attributes(wanted: WantedResource, name: str) -> dict[str, str]:
    return {row["Key"]: str(row["Value"]) for row in wanted.properties.get(name) or ()}


def _other(
    about: Mapping[str, Any], call: Operation, asked: Mapping[str, str], has: Mapping[str, str]
) -> Iterator[Difference]:
    for key, value in asked.items():
        if differs(value, has.get(key)):
            yield Difference(
                **about,
                what=key,
                runs=has[key],
                wants=value,
                call=call,
                change={"Attributes": [{"Key": key, "Value": value}]},
            )
