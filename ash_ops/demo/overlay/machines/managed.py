"""ECS Managed Instances: a capacity provider of one cluster, which starts an instance for its tasks.

Stock ministack stores capacity providers of Auto Scaling groups alone. What a provider has started is
told here as an Auto Scaling group would be, so that ``hosts`` registers both in one way.
"""

from __future__ import annotations

import uuid
from collections.abc import Set
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs

Record = dict[str, Any]
Created = tuple[str, Record]

TYPE = "MANAGED_INSTANCES"
_groups: dict[str, Record] = {}


def install(table: dict[str, Record]) -> None:
    """Let CloudFormation make such providers; those of Auto Scaling groups are only stored."""
    table["AWS::ECS::CapacityProvider"] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }


def reset() -> None:
    """Forget every provider's instances."""
    _groups.clear()


def groups(drained: Set[str]) -> list[Record]:
    """What each provider has started: one instance while a service wants a task on it.

    Args:
        drained: ids of instances that are to go; ECS starts the next one by itself.
    """
    for name, group in _groups.items():
        kept = [i for i in group["Instances"] if i["InstanceId"] not in drained]
        wanted = any(_uses(service, name) for service in ecs._services.values())
        started = kept or [{"InstanceId": f"i-{uuid.uuid4().hex[:17]}"}]
        group["Instances"] = started if wanted else []
    return list(_groups.values())


def _uses(service: Record, provider: str) -> bool:
    strategy = service.get("capacityProviderStrategy") or []
    named = any(item["capacityProvider"] == provider for item in strategy)
    return named and service["status"] == "ACTIVE" and service["desiredCount"] > 0


def _create(logical_id: str, properties: Record, stack_name: str) -> Created:
    name = str(properties.get("Name") or f"{stack_name}-{logical_id}")
    arn = f"arn:aws:ecs:{get_region()}:{get_account_id()}:capacity-provider/{name}"
    provider = properties.get("ManagedInstancesProvider")
    if provider is not None:
        cluster = str(properties["ClusterName"])
        _groups[name] = _group(provider, properties, cluster)
        ecs._capacity_providers[name] = {
            "capacityProviderArn": arn,
            "name": name,
            "cluster": cluster,
            "type": TYPE,
            "status": "ACTIVE",
            "updateStatus": "CREATE_COMPLETE",
            "managedInstancesProvider": {
                "infrastructureRoleArn": provider["InfrastructureRoleArn"]
            },
        }
    return name, {"Arn": arn}


def _update(physical_id: str, _old: Record, new: Record, _stack_name: str, *_rest: str) -> Created:
    if physical_id in _groups:
        running = _groups[physical_id]["Instances"]
        cluster = str(new["ClusterName"])
        # What runs already stays as it is: a provider's new requirements are for its next instance.
        _groups[physical_id] = {
            **_group(new["ManagedInstancesProvider"], new, cluster),
            "Instances": running,
        }
    return physical_id, {}


def _delete(physical_id: str, _properties: Record) -> None:
    _groups.pop(physical_id, None)
    ecs._capacity_providers.pop(physical_id, None)


def _group(provider: Record, properties: Record, cluster: str) -> Record:
    template = provider["InstanceLaunchTemplate"]
    place = template["NetworkConfiguration"]
    interface = {"Groups": place["SecurityGroups"], "AssociatePublicIpAddress": False}
    tags = [*properties.get("Tags", ()), {"Key": "AmazonECSManaged", "Value": "true"}]
    return {
        "Instances": [],
        "VPCZoneIdentifier": ",".join(place["Subnets"]),
        "Tags": tags,
        "_cluster": cluster,
        "_provider": str(properties["Name"]),
        "_disk_gb": int(template["StorageConfiguration"]["StorageSizeGiB"]),
        "_data": {
            "InstanceType": template["InstanceRequirements"]["AllowedInstanceTypes"][0],
            "NetworkInterfaces": [interface],
        },
    }
