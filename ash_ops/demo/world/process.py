"""What the container's process does: where it listens, what memory it needs, when it dies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from ash_client.testing.server import VERSION
from ash_ops.demo.overlay import containers
from ash_ops.demo.world import fleet
from ash_ops.demo.world.conditions import CONDITIONS
from ash_ops.demo.world.subjects import ASH_PORT, definition_of, server_container, variable

Record = dict[str, Any]

_LIMIT = 1500
_WINDOW_S = 900.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ends by itself.

    Attributes:
        after_s: how long after its start.
        exit_code: the container's.
        reason: what ECS says of the container; ``None`` if it says nothing.
        reclaimed: whether AWS took the capacity back.
    """

    after_s: float
    exit_code: int
    reason: str | None = None
    reclaimed: bool = False


def listens_on(task: Record) -> tuple[str, int]:
    """The address and port the server binds (``ASH_HOST``, ``ASH_PORT``)."""
    container = server_container(definition_of(task))
    port = variable(container, "ASH_PORT", str(ASH_PORT))
    return variable(container, "ASH_HOST", "0.0.0.0"), int(port) if port.isdigit() else ASH_PORT  # noqa: S104 - what a container binds


def ending(task: Record) -> Ending | None:
    """How the process will end as the world is now; ``None`` while nothing ends it."""
    container = server_container(definition_of(task))
    published = CONDITIONS.image(container["image"])
    if _is_no_program(container):
        return Ending(
            1.0, 127
        )  # the image's entrypoint runs what it is given, and there is no such program
    if published is not None and published.exits is not None:
        return Ending(2.0, published.exits)
    if CONDITIONS.memory_mb > memory_limit(task):
        text = "OutOfMemoryError: Container killed due to memory usage"
        return Ending(CONDITIONS.busy_after_s, 137, text)
    every = CONDITIONS.reclaimed_every_s
    if every is not None and task.get("capacityProviderName") == "FARGATE_SPOT":
        return Ending(every, 143, reclaimed=True)
    return None


# What the image holds of what a command may begin with.
_PROGRAMS = ("node", "sh", "bash", "python3")


def _is_no_program(container: Record) -> bool:
    command = container.get("command") or ["node"]
    return str(command[0]).rsplit("/", 1)[-1] not in _PROGRAMS


def memory_limit(task: Record) -> float:
    """The least of the container's and the task's limits, in MiB."""
    definition = definition_of(task)
    container = server_container(definition)
    limits = [container.get("memory"), definition.get("memory")]
    return min((float(limit) for limit in limits if limit), default=float("inf"))


def is_deaf(task: Record) -> bool:
    """Whether the process runs and answers nobody."""
    return task["taskArn"] in CONDITIONS.hung


def refuses_everybody(task: Record, age_s: float, *, addresses_kept: bool) -> bool:
    """Whether one application has used up the request limit of all (``429``).

    The server counts requests by source address; where the load balancer does not keep the
    clients' addresses, everybody, the health checks included, is one address.
    """
    rate = CONDITIONS.requests_per_s
    if addresses_kept or rate <= 0 or is_deaf(task):
        return False
    return age_s % _WINDOW_S >= _LIMIT / rate


def next_refusal(started: float, now: float) -> float | None:
    """When the limit of everybody's requests is next used up or given back."""
    rate = CONDITIONS.requests_per_s
    if rate <= 0:
        return None
    window = started + (now - started) // _WINDOW_S * _WINDOW_S
    moments = (window + _LIMIT / rate, window + _WINDOW_S)
    return next((moment for moment in moments if moment > now), None)


def behaviour(task: Record) -> Record:
    """The options of the stand-in that listens for a task."""
    environment = containers.environment_of(definition_of(task))
    key = environment.get("ANTHROPIC_API_KEY")
    accepted = None if not key else "refused" if key in CONDITIONS.refused_keys else "accepted"
    on_fargate = task["launchType"] == "FARGATE"
    return {
        "cgroups": CONDITIONS.cgroups_on_fargate or not on_fargate,
        "anthropic_key": accepted,
        "liveness_s": CONDITIONS.liveness_s,
        "version": _version(task),
    }


_TAG: Final = re.compile(r".*:v?(\d+\.\d+\.\d+)")


def _version(task: Record) -> str:
    """The version of the server in a task: what is published has it for a tag."""
    image = server_container(definition_of(task))["image"]
    published, tagged = CONDITIONS.image(image), _TAG.fullmatch(image)
    promised = tagged[1] if tagged else VERSION
    return (published and published.version) or promised


def opening_lines(task: Record) -> list[str]:
    """What the process writes when it starts."""
    container = server_container(definition_of(task))
    published = CONDITIONS.image(container["image"])
    if _is_no_program(container):
        return [f"/docker-entrypoint.sh: exec: {container['command'][0]}: not found"]
    if published is not None and published.exits is not None:
        return list(published.says)
    if variable(container, "ASH_RUNNER_PORT"):
        refused = fleet.refusal(task)  # the rest its stand-in says, if it lives until now
        return ["[entrypoint] cgroup v2 delegation configured", *([refused] if refused else [])]
    mode = variable(container, "ASH_MODE", "standalone")
    host, port = listens_on(task)
    cgroups = behaviour(task)["cgroups"]
    entry = (
        "[entrypoint] cgroup v2 delegation configured"
        if cgroups
        else "[entrypoint] cgroup v2 not available, using ulimit fallback"
    )
    head = '{"level":30,"time":%d,"pid":1,"hostname":"ip-10-0-1-23.ec2.internal","msg":'
    lines = [entry, f'{head}"Ash v{_version(task)} listening on {host}:{port} (mode: {mode})"}}']
    if not cgroups:
        lines.append(
            "[pool] Pre-warm failed for my-agent (0/1): Error: SECURITY: cgroups not available on "
            "Linux. Sandbox isolation requires cgroups v2 with /sys/fs/cgroup/ash writable. "
            "Run via docker-entrypoint.sh or set up cgroups manually."
        )
    return lines
