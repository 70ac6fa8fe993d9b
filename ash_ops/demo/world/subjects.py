"""What the world asks of a task: its definition, its place in the network, its host."""

from __future__ import annotations

from typing import Any

from ash_ops.demo.overlay import state
from ash_ops.demo.overlay.machines import hosts
from ash_ops.demo.world.reach import Place

Record = dict[str, Any]

ASH_PORT = 4100


def definition_of(task: Record) -> Record:
    """A task's definition."""
    return state.task_definition(task["taskDefinitionArn"])


def server_container(definition: Record) -> Record:
    """The container that is the server: the one called ``ash``, else the first essential one."""
    containers: list[Record] = definition["containerDefinitions"]
    named = [c for c in containers if c["name"] == "ash"]
    essential = [c for c in containers if c.get("essential", True)]
    return (named or essential or containers)[0]


def variable(container: Record, name: str, default: str = "") -> str:
    """A plain variable of a container."""
    for item in container.get("environment", []):
        if item["name"] == name:
            return str(item.get("value", ""))
    return default


def place_of(task: Record) -> Place:
    """Where a task stands: at its own interface, or at its host's."""
    details = {
        detail["name"]: detail["value"]
        for attachment in task.get("attachments", [])
        for detail in attachment["details"]
    }
    asked = task.get("_network") or {}
    if asked.get("subnets"):
        return Place(
            subnet=details.get("subnetId", asked["subnets"][0]),
            groups=tuple(asked.get("securityGroups") or ()),
            address=details.get("privateIPv4Address", ""),
            public=asked.get("assignPublicIp") == "ENABLED",
        )
    host = hosts.known().get(task.get("containerInstanceArn") or "", {})
    return Place(
        subnet=host.get("_subnet", ""),
        groups=tuple(host.get("_groups", ())),
        address=host.get("_address", ""),
        public=bool(host.get("_public")),
    )


def primary_of(service: Record) -> Record:
    """The deployment of a service that is wanted.

    Raises:
        LookupError: it has none, which is so only while somebody changes it.
    """
    for deployment in service["deployments"]:
        if deployment["status"] == "PRIMARY":
            found: Record = deployment
            return found
    raise LookupError(f"{service['serviceName']} has no primary deployment")


def service_of(task: Record) -> Record | None:
    """The service a task belongs to; ``None`` for one that somebody ran by hand."""
    group = str(task.get("group") or "")
    for service in state.services().values():
        if service["clusterArn"] == task["clusterArn"] and (
            group == f"service:{service['serviceName']}"
        ):
            return service
    return None
