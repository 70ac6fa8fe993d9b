"""What was moved past the stack is put back by the stack; nothing is opened, addressed or made for where it stands now."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import diagnose
from tests.support import scenarios

HEALTHY = scenarios.healthy()
(BALANCER,) = HEALTHY["load_balancers"]["value"]
(LISTENER,) = HEALTHY["listeners"]["value"]
SERVICE, STACK_GROUP, FOREIGN = HEALTHY["service"]["value"], "sg-nlb", "sg-foreign"


def wanted(kind: str, arn: str, **properties: Any) -> dict[str, Any]:
    """The stack's own wish for one resource more, beside the service's."""
    (service,) = copy.deepcopy(HEALTHY["wanted"]["value"])
    more = {"logical_id": kind, "type": kind, "physical_id": arn, "properties": properties}
    return {"value": [service, more]}


def refused() -> dict[str, Any]:
    """Nobody gets through, as the ladder sees it: no connection comes about."""
    rungs = [{"name": "dns", "outcome": "ok"}, {"name": "tcp", "outcome": "failed"}]
    return {"value": {**HEALTHY["probe"]["value"], "rungs": rungs, "health": None}}


def found(cause: str, change: dict[str, Any]) -> Finding:
    facts = scenarios.merged(scenarios.healthy(), change)
    facts["probe"] = {**facts["probe"], **refused()}
    report = diagnose(scenarios.snapshot(facts))
    return next(item for item in report.findings if item.cause == cause)


def commands(finding: Finding) -> str:
    return "\n".join(step.command or "" for step in finding.fix)


def moved_balancer() -> dict[str, Any]:
    groups = copy.deepcopy(HEALTHY["security_groups"]["value"])
    foreign = {**groups[0], "GroupId": FOREIGN, "GroupName": "x", "IpPermissions": []}
    dead = copy.deepcopy(HEALTHY["target_health"]["value"])
    for target in dead:
        target["TargetHealth"] = {"State": "unhealthy", "Reason": "Target.Timeout"}
    return {
        "load_balancers": {"value": [{**BALANCER, "SecurityGroups": [FOREIGN]}]},
        "security_groups": {"value": [*groups, foreign]},
        "target_health": {"value": dead},
    }


@pytest.mark.parametrize("cause", ["task-security-group-blocks", "caller-address-blocked"])
def test_no_rule_is_made_for_a_group_that_the_balancer_was_moved_to(cause: str) -> None:
    moved = moved_balancer()
    arn = BALANCER["LoadBalancerArn"]
    of_stack = wanted(
        "AWS::ElasticLoadBalancingV2::LoadBalancer", arn, SecurityGroups=[STACK_GROUP]
    )
    told = commands(found(cause, {**moved, "wanted": of_stack}))
    assert "ash-ops deploy" in told
    assert "authorize-security-group" not in told
    by_hand = commands(found("task-security-group-blocks", moved))
    assert FOREIGN in by_hand, "where no stack wants another, that group is the balancer's own"


def test_a_listener_that_the_stack_had_is_made_by_the_stack() -> None:
    """One made beside it lacks the idle timeout, and is in the way of the next deployment."""
    gone = {"listeners": {"value": []}}
    of_stack = wanted(
        "AWS::ElasticLoadBalancingV2::Listener", LISTENER["ListenerArn"], Port=LISTENER["Port"]
    )
    told = commands(found("listener-missing", {**gone, "wanted": of_stack}))
    assert "ash-ops deploy" in told
    assert "create-listener" not in told
    assert "create-listener" in commands(found("listener-missing", gone))


def test_a_private_server_in_public_subnets_is_given_no_public_address() -> None:
    network = SERVICE["networkConfiguration"]["awsvpcConfiguration"]
    service = copy.deepcopy(SERVICE)
    service["networkConfiguration"]["awsvpcConfiguration"] = {
        **network,
        "assignPublicIp": "DISABLED",
    }
    private = {**network, "subnets": ["subnet-private"], "assignPublicIp": "DISABLED"}
    (own,) = copy.deepcopy(HEALTHY["wanted"]["value"])
    own["properties"]["NetworkConfiguration"] = {
        "AwsvpcConfiguration": {
            "Subnets": private["subnets"],
            "SecurityGroups": private["securityGroups"],
            "AssignPublicIp": "DISABLED",
        }
    }
    moved = {"service": {"value": service}}
    told = commands(found("public-ip-missing", {**moved, "wanted": {"value": [own]}}))
    assert "ash-ops deploy" in told
    assert "ENABLED" not in told
    assert "ENABLED" in commands(found("public-ip-missing", moved))
