"""Is every container of the running tasks in order, the server's and those beside it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import (
    HOUR,
    ash_container,
    definition,
    running,
    serves,
    short,
    stop_time,
    stopped,
)
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, Severity, present
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.facts.tasks import Container, Task

_REASON = "container health check"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No container beside the server is UNHEALTHY or ended with a failure, nor took a task with it.

    The server's own health has a check of its own.
    """
    alive, dead = running(snapshot), _replaced(snapshot)
    if not alive and not dead:
        raise NotApplicable("no task runs, and none was replaced for its health lately")
    server = ash_container(snapshot).name
    known = {c.name: c for c in definition(snapshot).container_definitions}
    for reading, task in [*((snapshot.tasks, t) for t in alive), *dead]:
        for container in task.containers:
            declared = known.get(container.name, ContainerDefinition(name=container.name))
            if container.name == server:
                continue
            if container.health_status == "UNHEALTHY":
                yield _unhealthy(snapshot, reading, task, container, declared)
            elif reading is snapshot.tasks and _has_failed(container):
                yield _ended(snapshot, task, container)
    for task in alive:
        if task.connectivity == "DISCONNECTED" and not present(snapshot.service).uses_hosts:
            yield _disconnected(snapshot, task)


def _disconnected(snapshot: Snapshot, task: Task) -> Finding:
    """On Fargate the agent is AWS's own; on an instance, its check tells."""
    return finding(
        "agent-disconnected",
        "restarts",
        f"Task {short(task)} is not connected to ECS: its state and health, as they are shown, may be old, and ECS "
        "cannot stop it in order.",
        [quote(snapshot.tasks, f"tasks[{short(task)}].connectivity", "DISCONNECTED")],
        [
            Fix(
                why="It comes back by itself within minutes, or AWS replaces the task: look again."
            ),
            verify(snapshot, "restarts"),
        ],
        severity="warning",
        subject=f"task/{task.id}",
        effect=Effect.NOTHING,
        apart=short(task),
    )


def _replaced(snapshot: Snapshot) -> list[tuple[Reading[Any], Task]]:
    """The newest task, if ECS replaced it within the hour for its containers' health."""
    recent = (t for t in stopped(snapshot) if snapshot.taken_at - stop_time(t, snapshot) < HOUR)
    sick = (t for t in recent if _REASON in (t.stopped_reason or "").lower())
    return [(snapshot.stopped_tasks, t) for t in list(sick)[:1]]


def _has_failed(container: Container) -> bool:
    return container.last_status == "STOPPED" and container.exit_code not in {None, 0}


def _unhealthy(
    snapshot: Snapshot,
    reading: Reading[Any],
    task: Task,
    container: Container,
    declared: ContainerDefinition,
) -> Finding:
    path = f"tasks[{short(task)}].containers[{container.name}].healthStatus"
    essential, gone = declared.is_essential, reading is snapshot.stopped_tasks
    follows = (
        "it is not essential, so the task goes on without it"
        if not essential
        else f"ECS {'called' if gone else 'calls'} the task UNHEALTHY for it and "
        f"{'replaced' if gone else 'replaces'} it, the server with it"
    )
    command = " ".join(declared.health_check.command) if declared.health_check else ""
    evidence = [quote(reading, path, "UNHEALTHY", task.stopped_at)]
    if command:
        field = f"containerDefinitions[{container.name}].healthCheck.command"
        evidence.append(quote(snapshot.task_definition, field, command))
    return finding(
        "sidecar-unhealthy",
        "restarts",
        f"Container {container.name} of task {short(task)} {'was' if gone else 'is'} UNHEALTHY: {follows}.",
        evidence,
        _steps(snapshot, task, container),
        severity=_severity(snapshot, essential=essential, gone=gone),
        subject=f"task/{task.id}",
        until=task.stopped_at if gone and running(snapshot) else None,
        effect=Effect.ANSWERS if essential else Effect.NOTHING,
        apart=f"{container.name}-{short(task)}",
    )


def _severity(snapshot: Snapshot, *, essential: bool, gone: bool) -> Severity:
    """A task that has outlived the one replaced for it shows that it may pass."""
    return "error" if essential and not (gone and serves(snapshot)) else "warning"


def _ended(snapshot: Snapshot, task: Task, container: Container) -> Finding:
    path = f"tasks[{short(task)}].containers[{container.name}]"
    why = f": {container.reason}" if container.reason else ""
    return finding(
        "sidecar-unhealthy",
        "restarts",
        f"Container {container.name} of task {short(task)} ended with exit code {container.exit_code}{why}; "
        "the task goes on without it.",
        [
            quote(snapshot.tasks, f"{path}.exitCode", container.exit_code),
            quote(snapshot.tasks, f"{path}.lastStatus", container.last_status),
        ],
        _steps(snapshot, task, container),
        severity="warning",
        subject=f"task/{task.id}",
        effect=Effect.NOTHING,
        apart=f"{container.name}-{short(task)}",
    )


def _steps(snapshot: Snapshot, task: Task, container: Container) -> list[Fix]:
    words = f"logs --task {short(task)}"
    return [
        Fix(why=f"See what {container.name} says.", command=ash_command(snapshot, words)),
        deploy_fix(
            snapshot,
            "Mend its health check, or what it asks; a container that may fail need not be essential.",
        ),
        verify(snapshot, "restarts"),
    ]


CHECK = Check(
    id="container-health",
    title="Every container of the running tasks is in order",
    playbook="restarts",
    run=run,
    causes=("sidecar-unhealthy", "agent-disconnected"),
    explains=(*NO_TASK, "container-healthcheck-failed"),
)
