"""The template with ``LaunchType`` MANAGED: what is made, from what size, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.sizes.fargate import LEGAL_CPU
from tests.ash_ops.deploy.test_every_change import STATES, before
from tests.support.change_planner import resources


def made(**more: str) -> dict[str, Any]:
    mode, parameters = before("managed")
    return resources(mode, {**parameters, **more})


def test_the_task_is_privileged_on_an_instance_of_ecs_and_keeps_its_data_on_files() -> None:
    found = made()
    task, service = found["TaskDefinition"].properties, found["Service"].properties
    assert task["RequiresCompatibilities"] == ["MANAGED_INSTANCES"]
    assert task["NetworkMode"] == "awsvpc"
    (container,) = task["ContainerDefinitions"]
    assert container["Privileged"] == "true"
    (volume,) = task["Volumes"]
    assert "EFSVolumeConfiguration" in volume
    assert "LaunchType" not in service
    (strategy,) = service["CapacityProviderStrategy"]
    assert strategy["CapacityProvider"] == "ManagedCapacity-id"  # so the provider is made before
    place = service["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert place["AssignPublicIp"] == "DISABLED"
    assert service["DeploymentConfiguration"]["MaximumPercent"] == "100"  # one writer


@pytest.mark.parametrize("cpu", LEGAL_CPU)
def test_the_instance_is_asked_for_by_the_size_of_the_task(cpu: int) -> None:
    provider = made(Cpu=str(cpu), Memory="4096")["ManagedCapacity"].properties
    template = provider["ManagedInstancesProvider"]["InstanceLaunchTemplate"]
    wanted = template["InstanceRequirements"]
    assert wanted["VCpuCount"]["Min"] == str(max(1, cpu // 1024))
    assert wanted["MemoryMiB"]["Min"] == "4096"
    assert wanted["AllowedInstanceTypes"] == ["m6i.large"]


def test_what_ecs_starts_carries_our_tag_and_is_of_our_cluster() -> None:
    provider = made()["ManagedCapacity"].properties
    assert provider["ManagedInstancesProvider"]["PropagateTags"] == "CAPACITY_PROVIDER"
    assert {"Key": "ash:deployment", "Value": "ash-cloud"} in provider["Tags"]
    assert provider["ClusterName"] == "Cluster-id"
    # AWS refuses names that begin with aws, ecs or fargate, and a prefix may.
    assert made(Name="ecs-agents")["ManagedCapacity"].properties["Name"] == "managed-ecs-agents"


def test_it_gives_its_instances_their_role_and_no_other() -> None:
    """AWS's policy passes roles named ecsInstanceRole* only, which ours is not."""
    (policy,) = made()["InfrastructureRole"].properties["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "iam:PassRole"
    assert statement["Resource"] == "ManagedInstanceRole-Arn"


def test_no_other_deployment_has_any_of_it() -> None:
    ours = {
        "ManagedCapacity",
        "InfrastructureRole",
        "ManagedInstanceRole",
        "ManagedInstanceProfile",
    }
    for state in STATES:
        found = resources(*before(state)).keys() & ours
        assert found == (ours if state == "managed" else set()), state
