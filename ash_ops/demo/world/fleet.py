"""Runners and their coordinator: who finds whom, who is protected, who is asked to drain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ash_ops.demo.overlay import containers, state
from ash_ops.demo.overlay.machines import capacity, hosts, protection
from ash_ops.demo.runner import Runner
from ash_ops.demo.server import Server
from ash_ops.demo.world import reach
from ash_ops.demo.world.subjects import (
    definition_of,
    place_of,
    primary_of,
    server_container,
    variable,
)

Record = dict[str, Any]

_COORDINATOR_PORT, _RUNNER_PORT = 4100, 4200
# Port 9, "discard": nothing listens there, so whoever is let in nowhere is refused.
_NOWHERE = ("127.0.0.1", 9)


def is_runner(task: Record) -> bool:
    """Whether a task runs sandboxes for a coordinator."""
    return bool(variable(server_container(definition_of(task)), "ASH_RUNNER_PORT"))


def is_coordinator(task: Record) -> bool:
    """Whether a task hands its sessions to runners."""
    return variable(server_container(definition_of(task)), "ASH_MODE") == "coordinator"


def behaviour(task: Record) -> Record:
    """How the runner in a task behaves now."""
    return {
        "coordinator": _url_of_its_coordinator(task),
        "runner_id": f"runner-{task['taskArn'].rsplit('/', 1)[-1]}",
        "host": place_of(task).address,
        "draining": protection.is_draining(task),
    }


def _url_of_its_coordinator(task: Record) -> str | None:
    """Where it registers; ``None`` where nothing tells it."""
    if not variable(server_container(definition_of(task)), "ASH_SERVER_URL"):
        return None
    host, port = _coordinator_of(task)
    return f"http://{host}:{port}"


def _coordinator_of(task: Record) -> tuple[str, int]:
    """Where the name of the coordinator leads, if the runner is let in there."""
    for other in _running(task["clusterArn"]):
        server = containers.server_of(other["taskArn"])
        there = place_of(other)
        if (
            server
            and is_coordinator(other)
            and reach.between(place_of(task), there, _COORDINATOR_PORT)
        ):
            return "127.0.0.1", server.port
    return _NOWHERE


def address_of(host: str, _port: int) -> tuple[str, int]:
    """Where the runner listens that registered an address, if its coordinator is let in there."""
    with state.scope():
        for task in _running():
            if not is_runner(task) or place_of(task).address != host:
                continue
            server = containers.server_of(task["taskArn"])
            if server is not None and _is_let_in(task):
                return "127.0.0.1", server.port
    return _NOWHERE


def _is_let_in(runner: Record) -> bool:
    there = place_of(runner)
    return any(
        is_coordinator(task) and reach.between(place_of(task), there, _RUNNER_PORT)
        for task in _running(runner["clusterArn"])
    )


def is_known(task: Record) -> bool:
    """Whether a runner's coordinator knows it, as the template's health check asks; or there is none."""
    number = f"runner-{task['taskArn'].rsplit('/', 1)[-1]}"
    for other in _running(task["clusterArn"]):
        server = containers.server_of(other["taskArn"])
        if isinstance(server, Server) and is_coordinator(other):
            if containers.server_of(task["taskArn"]) is None:
                return refusal(task) is None
            return number in server.runners
    return True


def refusal(task: Record) -> str | None:
    """What a runner says whose coordinator does not register it, where no stand-in of its own has tried yet."""
    for other in _running(task["clusterArn"]):
        server = containers.server_of(other["taskArn"])
        if not isinstance(server, Server) or not is_coordinator(other):
            continue
        if not reach.between(place_of(task), place_of(other), _COORDINATOR_PORT):
            return "[runner] Failed to register with its coordinator: TypeError: fetch failed"
        secret = containers.environment_of(definition_of(task)).get("ASH_INTERNAL_SECRET")
        if secret != server.internal_secret:
            return "[runner] Registration failed: 401"
    return None


def scale_hosts() -> None:
    """Have ECS start an instance for every task that finds none, and end those without a task."""
    for provider, group in capacity.scaled_groups():
        occupied, missing = set[str](), 0
        for service in list(state.services().values()):
            strategy = service.get("capacityProviderStrategy") or []
            if service["status"] == "ACTIVE" and provider in {
                s["capacityProvider"] for s in strategy
            }:
                missing += _missing(service)
        for host in list(hosts.known().values()):
            if hosts.tasks_on(host):
                occupied.add(host["ec2InstanceId"])
        capacity.fit(group, occupied, missing)


def _missing(service: Record) -> int:
    wanted = primary_of(service)["id"]
    there = [
        task
        for task in list(state.tasks().values())
        if task.get("group") == f"service:{service['serviceName']}"
        and task["clusterArn"] == service["clusterArn"]
        and task["lastStatus"] != "STOPPED"
    ]
    its_own = sum(task.get("_deployment_id") == wanted for task in there)
    return capacity.missing_tasks(service, len(there), its_own)


def keep_protected(task: Record) -> None:
    """Let a runner tell ECS whether it holds sessions, as the template's command does."""
    server = containers.server_of(task["taskArn"])
    if isinstance(server, Runner):
        protection.hold(task, holds=server.holds_sessions)


def _running(cluster: str | None = None) -> Iterator[Record]:
    return (
        task
        for task in list(state.tasks().values())
        if task["lastStatus"] == "RUNNING" and cluster in (None, task["clusterArn"])
    )
