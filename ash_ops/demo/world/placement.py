"""Where a task can run: the account's quotas, the subnets' addresses, the hosts' resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ash_ops.demo.overlay import extras, identity, state
from ash_ops.demo.overlay.machines import hosts

Record = dict[str, Any]

_GUIDE = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
_QUOTAS = {"FARGATE": "L-3032A538", "FARGATE_SPOT": "L-36FBB829"}
_CPU_UNITS = 1024


def refusal(service: Record, definition: Record) -> str | None:
    """The service event that says why no task can be placed now; ``None`` if one can."""
    name = service["serviceName"]
    assumed = _roles(name, definition)
    if assumed is not None:
        return assumed
    provider = provider_of(service)
    if provider in _QUOTAS:
        reason = _fargate(service, definition, provider)
        return reason and f"(service {name}) was unable to place a task. Reason: {reason}"
    return _host_event(service, definition, name)


def provider_of(service: Record) -> str:
    """What runs a service's tasks: ``FARGATE``, ``FARGATE_SPOT``, ``EC2`` or a provider's name."""
    strategy = service.get("capacityProviderStrategy") or []
    if not strategy:
        return str(service.get("launchType") or "EC2")
    chosen = max(strategy, key=lambda item: (item.get("base", 0), item.get("weight", 0)))
    return str(chosen["capacityProvider"])


def _roles(service: str, definition: Record) -> str | None:
    for field in ("executionRoleArn", "taskRoleArn"):
        role = definition.get(field)
        if role and not identity.trusts(role, "ecs-tasks.amazonaws.com"):
            return (
                f"(service {service}) failed to launch a task with (error ECS was unable to assume "
                f"the role '{role}' that was provided for this task. Please verify that the role "
                "being passed has the proper trust relationship and permissions and that your IAM "
                "user has permissions to pass this role.)."
            )
    return None


def _fargate(service: Record, definition: Record, provider: str) -> str | None:
    limit = extras.quota("fargate", _QUOTAS[provider])
    wanted = float(definition.get("cpu") or 256) / _CPU_UNITS
    if _vcpus_in_use(provider) + wanted > limit:
        return f"You've reached the limit on the number of vCPUs you can run concurrently. {_GUIDE}"
    subnets = service["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    free = [s for s in subnets if state.free_addresses(s) > 0]
    if not free:
        return f"RESOURCE:ENI. The subnet '{subnets[0]}' has no free addresses. {_GUIDE}"
    return None


def _vcpus_in_use(provider: str) -> float:
    on_spot = provider == "FARGATE_SPOT"
    return sum(
        float(task.get("cpu") or 0) / _CPU_UNITS
        for task in state.tasks().values()
        if task["lastStatus"] != "STOPPED"
        and task["launchType"] == "FARGATE"
        and (task.get("capacityProviderName") == "FARGATE_SPOT") is on_spot
    )


def _host_event(service: Record, definition: Record, name: str) -> str | None:
    cluster = service["clusterArn"]
    registered = list(hosts.of_cluster(cluster))
    if any(_hosts_it(host, service, definition) for host in registered):
        return None
    because = "because no container instance met all of its requirements."
    reason = f"(service {name}) was unable to place a task {because}"
    if not registered:
        return f"{reason} Reason: No Container Instances were found in your cluster. {_GUIDE}"
    number = registered[0]["containerInstanceArn"].rsplit("/", 1)[-1]
    closest = f"The closest matching (container-instance {number})"
    return f"{reason} {closest} {_why_not(registered[0], definition)} {_GUIDE}"


def _why_not(host: Record, definition: Record) -> str:
    if not host["agentConnected"]:
        return "has the agent disconnected."
    if host["status"] != "ACTIVE":
        return f"is {host['status']}."
    if _lacks(host, definition, "CPU", "cpu"):
        return "has insufficient CPU units available."
    if _lacks(host, definition, "MEMORY", "memory"):
        return "has insufficient memory available."
    return "is already using a port required by your task."


def _lacks(host: Record, definition: Record, resource: str, field: str) -> bool:
    return hosts.remaining(host, resource) < int(definition.get(field) or 0)


def _hosts_it(host: Record, service: Record, definition: Record) -> bool:
    if _wants_its_own(service) and any(
        task.get("group") == f"service:{service['serviceName']}" for task in hosts.tasks_on(host)
    ):
        return False
    return bool(
        host["agentConnected"]
        and host["status"] == "ACTIVE"
        and not _lacks(host, definition, "CPU", "cpu")
        and not _lacks(host, definition, "MEMORY", "memory")
        and not _port_taken(host, definition)
    )


def _wants_its_own(service: Record) -> bool:
    constraints = service.get("placementConstraints") or []
    return any(constraint.get("type") == "distinctInstance" for constraint in constraints)


def _port_taken(host: Record, definition: Record) -> bool:
    wanted = set(_host_ports(definition))
    return any(
        wanted & set(_host_ports(state.task_definition(task["taskDefinitionArn"])))
        for task in hosts.tasks_on(host)
    )


def _host_ports(definition: Record) -> Iterator[int]:
    for container in definition["containerDefinitions"]:
        for mapping in container.get("portMappings", []):
            if mapping.get("hostPort"):
                yield int(mapping["hostPort"])


def host_for(service: Record, definition: Record) -> Record | None:
    """The host a task would be placed on; ``None`` where there is none, as on Fargate."""
    if provider_of(service) in _QUOTAS:
        return None
    there = hosts.of_cluster(service["clusterArn"])
    return next((host for host in there if _hosts_it(host, service, definition)), None)


def daemon_hosts(service: Record) -> list[Record]:
    """The hosts on which a daemon service wants a task each."""
    return [h for h in hosts.of_cluster(service["clusterArn"]) if h["status"] == "ACTIVE"]
