"""Words of AWS that this version does not know, wherever they stand."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.lives import record
from tests.support.one_check import said

PRIMARY = "service.deployments.0"


PAUSE = {"hookId": "approve-1", "targetType": "PAUSE", "status": "AWAITING_ACTION",
         "expiresAt": "2026-12-06T08:00:00Z", "timeoutAction": "ROLLBACK"}  # fmt: skip
HOST = {
    "containerInstanceArn": "arn:aws:ecs:us-east-1:1:container-instance/x/h1",
    "ec2InstanceId": "i-1",
    "status": "ACTIVE",
}
ODD = {
    "cluster.status": "clusters[0].status",
    "task_definition.status": "taskDefinition.status",
    "service.status": "services[0].status",
    "service.launchType": "services[0].launchType",
    f"{PRIMARY}.rolloutState": "deployments[].rolloutState",
    "tasks.0.lastStatus": "tasks[].lastStatus",
    "tasks.0.healthStatus": "tasks[].healthStatus",
    "tasks.0.stopCode": "tasks[].stopCode",
    "tasks.0.launchType": "tasks[].launchType",
    "tasks.0.containers.0.healthStatus": "containers[].healthStatus",
    "target_health.0.TargetHealth.State": "TargetHealth.State",
    "target_health.0.TargetHealth.Reason": "TargetHealth.Reason",
    "load_balancers.0.State.Code": "LoadBalancers[].State.Code",
    "load_balancers.0.Scheme": "LoadBalancers[].Scheme",
    "listeners.0.Protocol": "Listeners[].Protocol",
    "route_tables.0.Routes.0.State": "Routes[].State",
    "stack.StackStatus": "Stacks[0].StackStatus",
    "stack_events.0.ResourceStatus": "StackEvents[].ResourceStatus",
    "stack_events.0.HookStatus": "StackEvents[].HookStatus",
}
LISTED: dict[str, tuple[str, dict[str, Any], str]] = {
    "of a NAT gateway": ("nat_gateways", {"NatGatewayId": "nat-1", "State": "SERENE"}, "NatGateways[nat-1].State"),
    "of an endpoint": ("vpc_endpoints", {"VpcEndpointId": "vpce-1", "ServiceName": "x", "State": "SERENE"}, "VpcEndpoints[].State"),
    "of a host": ("container_instances", {**HOST, "status": "SERENE"}, "containerInstances[i-1].status"),
    "of a host's health": (
        "container_instances", {**HOST, "healthStatus": {"overallStatus": "SERENE"}}, "containerInstances[i-1]'s health",
    ),
    "of a provider": ("capacity_providers", {"name": "cp", "status": "SERENE"}, "capacityProviders[cp].status"),
    "of a provider's change": (
        "capacity_providers", {"name": "cp", "status": "ACTIVE", "updateStatus": "SERENE"}, "capacityProviders[cp].updateStatus",
    ),
    "of a rollout": ("service_deployments", record("SERENE"), "serviceDeployments[0].status"),
    "of its stage": ("service_deployments", record("IN_PROGRESS", lifecycleStage="SERENE"), "serviceDeployments[0].lifecycleStage"),
    "of its hook": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "status": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].status",
    ),
    "of what its hook calls": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "targetType": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].targetType",
    ),
    "of what its hook ends in": (
        "service_deployments", record("IN_PROGRESS", lifecycleHookDetails=[{**PAUSE, "timeoutAction": "SERENE"}]),
        "serviceDeployments[0].lifecycleHookDetails[].timeoutAction",
    ),
    "of its breaker": (
        "service_deployments", record("IN_PROGRESS", deploymentCircuitBreaker={"status": "SERENE"}), "serviceDeployments[0]'s monitor",
    ),
    "of a death of late": (
        "stopped_tasks", {"taskArn": "x/d", "lastStatus": "STOPPED", "stopCode": "SERENE", "stoppedAt": "2026-11-22T11:45:01Z"}, "tasks[].stopCode",
    ),
}  # fmt: skip


@each("place", ODD.items())
def test_a_word_that_nobody_knows_is_told_with_its_place(place: tuple[str, str]) -> None:
    path, named = place
    answer = said("unknown-values", "", {path: "SERENE"})
    assert answer.startswith(
        f"? AWS answered what this version of ash-ops does not know: {named} is 'SERENE'."
    ), answer


@each("case", LISTED)
def test_a_word_that_nobody_knows_of_what_a_list_holds(
    case: tuple[str, dict[str, Any], str],
) -> None:
    reading, thing, named = case
    answer = said("unknown-values", "", {reading: [thing]})
    assert answer.startswith(
        f"? AWS answered what this version of ash-ops does not know: {named} is 'SERENE'."
    ), answer


def test_a_death_that_was_outlived_leaves_no_word_open() -> None:
    death = {
        "taskArn": "x/d",
        "lastStatus": "STOPPED",
        "stopCode": "SERENE",
        "stoppedAt": "2026-11-22T11:45:00Z",
    }
    assert said("unknown-values", "", {"stopped_tasks": [death]}) == "sound"
    assert said("unknown-values", "", {"stopped_tasks": [death], "tasks": []}).startswith(
        "? AWS answered"
    )


def test_of_many_words_that_nobody_knows_five_are_told() -> None:
    hosts = [{**HOST, "ec2InstanceId": f"i-{n}", "status": f"S{n}"} for n in range(7)]
    answer = said("unknown-values", "", {"container_instances": hosts})
    assert "containerInstances[i-4].status is 'S4' and 2 more." in answer
    assert "S5" not in answer
