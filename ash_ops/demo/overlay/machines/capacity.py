"""ECS: capacity providers on Auto Scaling groups, and the instances that managed scaling has them start.

ministack keeps providers and leaves the groups as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ministack.services import autoscaling, ecs

Record = dict[str, Any]
Created = tuple[str, Record]


def create_provider(request: Record) -> Created:
    """Make a provider of what CloudFormation declares, in ECS's spelling.

    Raises:
        ValueError: ECS refuses.
    """
    status, _, body = ecs._create_capacity_provider(request)
    if status >= 400:
        raise ValueError(f"AWS::ECS::CapacityProvider create failed: {body!r}")
    return request["name"], {"Arn": ecs._capacity_providers[request["name"]]["capacityProviderArn"]}


def delete_provider(name: str, _properties: Record) -> None:
    """Take a provider away; the group stays."""
    ecs._capacity_providers.pop(name, None)


def associate(cluster: str, providers: list[str]) -> Created:
    """Let a cluster use providers."""
    name = cluster.rsplit("/", 1)[-1]
    ecs._clusters[name]["capacityProviders"] = list(providers)
    return name, {}


def dissociate(cluster: str, _properties: Record) -> None:
    """Let a cluster use none."""
    if cluster in ecs._clusters:
        ecs._clusters[cluster]["capacityProviders"] = []


def scaled_groups() -> Iterator[tuple[str, Record]]:
    """Each provider's name and its group, where ECS says how many instances that has."""
    for name, provider in list(ecs._capacity_providers.items()):
        of_group = provider.get("autoScalingGroupProvider") or {}
        if (of_group.get("managedScaling") or {}).get("status") == "ENABLED":
            arn = of_group["autoScalingGroupArn"]
            for group in list(autoscaling._asgs.values()):
                if arn in (group["AutoScalingGroupName"], group.get("AutoScalingGroupARN")):
                    yield name, group


def fit(group: Record, occupied: set[str], missing: int) -> None:
    """Have an instance for every task that finds none, and none without a task.

    Args:
        group: the Auto Scaling group.
        occupied: the EC2 instances that have tasks.
        missing: how many tasks are to be started.
    """
    free = [i for i in group["Instances"] if i["InstanceId"] not in occupied]
    if len(free) > missing:
        gone = {i["InstanceId"] for i in free[missing:]}
        group["Instances"] = [i for i in group["Instances"] if i["InstanceId"] not in gone]
    wanted = len(occupied & {i["InstanceId"] for i in group["Instances"]}) + missing
    group["DesiredCapacity"] = max(int(group["MinSize"]), min(int(group["MaxSize"]), wanted))


def resize(minimum: int, desired: int, maximum: int) -> None:
    """Ask every Auto Scaling group for another number of instances."""
    for group in autoscaling._asgs.values():
        group |= {"MinSize": minimum, "DesiredCapacity": desired, "MaxSize": maximum}


def missing_tasks(service: Record, alive: int, of_the_wanted: int) -> int:
    """How many tasks a service wants to start now, as its bounds allow.

    Args:
        service: the service.
        alive: how many of its tasks have not stopped.
        of_the_wanted: how many of them are of the deployment that is wanted.
    """
    desired = int(service["desiredCount"])
    configuration = service.get("deploymentConfiguration") or {}
    most = math.floor(desired * float(configuration.get("maximumPercent", 200)) / 100)
    return max(0, min(desired - of_the_wanted, most - alive))


def take(instance: str) -> None:
    """Take an instance out of its group; ECS sees it go when it looks next."""
    for group in list(autoscaling._asgs.values()):
        group["Instances"] = [i for i in group["Instances"] if i["InstanceId"] != instance]
