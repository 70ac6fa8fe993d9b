"""A service beside what the stack wants of it: what it runs, how many, where and by which rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.drift.difference import Difference, Live, as_text, differs
from ash_ops.facts.services import FARGATE_SPOT, Service
from ash_ops.facts.wanted import SERVICE, WantedResource


def service(wanted: WantedResource, runs: Service, live: Live) -> Iterator[Difference]:
    """Where a service runs otherwise than the stack wants it."""
    cluster = runs.service_arn.split("/")[-2] if runs.service_arn.count("/") > 1 else ""
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": SERVICE,
        "subject": f"the service {runs.service_name}",
        "call": op.UPDATE_SERVICE,
        "on": {"cluster": cluster, "service": runs.service_name},
    }
    yield from _revision(wanted, runs, live, about)
    yield from _count(wanted, runs, about)
    yield from _capacity(wanted, runs, about)
    yield from _network(wanted, runs, about)
    yield from _rollout_rules(wanted, runs, about)


def _revision(
    wanted: WantedResource, runs: Service, live: Live, about: dict[str, Any]
) -> Iterator[Difference]:
    definition = wanted.properties.get("TaskDefinition")
    if not isinstance(definition, str):  # a stack of somebody else's may say it in another way
        return
    if definition and runs.runs and definition != runs.runs:
        yield Difference(
            **about,
            what="its revision",
            runs=_named_revision(runs.runs, live.images),
            wants=_named_revision(definition, live.images),
            change={"taskDefinition": definition},
            ends_sessions=True,
        )


def _named_revision(definition: str, images: Mapping[str, str]) -> str:
    image = images.get(definition)
    return definition.rsplit("/", 1)[-1] + (f" ({image})" if image else "")


def _count(wanted: WantedResource, runs: Service, about: dict[str, Any]) -> Iterator[Difference]:
    said = str(wanted.properties.get("DesiredCount"))
    if not said.isdecimal() or runs.desired_count is None or runs.is_stopped:
        return  # one that was stopped on purpose wants no task until `ash-ops start`
    count = int(said)
    if count != runs.desired_count:
        yield Difference(
            **about,
            what="its desired count",
            runs=str(runs.desired_count),
            wants=said,
            change={"desiredCount": count},
            ends_sessions=runs.desired_count > count,
        )


def _capacity(wanted: WantedResource, runs: Service, about: dict[str, Any]) -> Iterator[Difference]:
    """Spare capacity instead of what was ordered; ECS itself changes no launch type in place."""
    kind = wanted.properties.get("LaunchType")
    if kind == "FARGATE" and FARGATE_SPOT in runs.providers:
        ordered = [{"capacityProvider": "FARGATE", "weight": 1}]
        yield Difference(
            **about,
            what="its capacity",
            runs=", ".join(sorted(runs.providers)),
            wants="FARGATE",
            change={"capacityProviderStrategy": ordered, "forceNewDeployment": True},
            ends_sessions=True,
        )


def _network(wanted: WantedResource, runs: Service, about: dict[str, Any]) -> Iterator[Difference]:
    place = (wanted.properties.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration")
    there = runs.awsvpc
    if not place or there is None:
        return
    asked = {
        "subnets": sorted(place.get("Subnets") or ()),
        "securityGroups": sorted(place.get("SecurityGroups") or ()),
        "assignPublicIp": place.get("AssignPublicIp", "DISABLED"),
    }
    has = {
        "subnets": sorted(there.subnets),
        "securityGroups": sorted(there.security_groups),
        "assignPublicIp": there.assign_public_ip or "DISABLED",
    }
    if asked != has:
        yield Difference(
            **about,
            what="its network",
            runs=_told({k: v for k, v in has.items() if asked[k] != v}),
            wants=_told({k: v for k, v in asked.items() if has[k] != v}),
            change={"networkConfiguration": {"awsvpcConfiguration": asked}},
            ends_sessions=True,
        )


def _told(values: Mapping[str, Any]) -> str:
    texts = {k: ",".join(v) if isinstance(v, list) else v for k, v in values.items()}
    return ", ".join(f"{name} {text or 'none'}" for name, text in texts.items())


def _rollout_rules(
    wanted: WantedResource, runs: Service, about: dict[str, Any]
) -> Iterator[Difference]:
    asked = wanted.properties.get("DeploymentConfiguration") or {}
    breaker = asked.get("DeploymentCircuitBreaker") or {}
    has = runs.deployment_configuration
    switches = has.deployment_circuit_breaker if has else None
    pairs = {
        "minimumHealthyPercent": (
            asked.get("MinimumHealthyPercent"),
            has and has.minimum_healthy_percent,
        ),
        "maximumPercent": (asked.get("MaximumPercent"), has and has.maximum_percent),
        "circuit breaker": (breaker.get("Enable"), switches and switches.enable),
        "rollback": (breaker.get("Rollback"), switches and switches.rollback),
    }
    other = {name: pair for name, pair in pairs.items() if differs(*pair)}
    if other:
        yield Difference(
            **about,
            what="its rollout",
            runs=_told({name: as_text(there) for name, (_, there) in other.items()}),
            wants=_told({name: as_text(asked) for name, (asked, _) in other.items()}),
            change={"deploymentConfiguration": _rollout(asked)},
        )
    grace = wanted.properties.get("HealthCheckGracePeriodSeconds")
    if differs(grace, runs.health_check_grace_period_seconds):
        yield Difference(
            **about,
            what="its grace period",
            runs=f"{runs.health_check_grace_period_seconds} s",
            wants=f"{grace} s",
            change={"healthCheckGracePeriodSeconds": int(str(grace))},
        )


def _rollout(asked: Any) -> Any:
    """A template's deployment configuration as the API spells it; what it leaves out stays."""
    if isinstance(asked, Mapping):
        return {name[0].lower() + name[1:]: _rollout(value) for name, value in asked.items()}
    if isinstance(asked, list):
        return [_rollout(each) for each in asked]
    if asked in ("true", "false"):
        return asked == "true"
    return int(asked) if str(asked).isdigit() else asked
