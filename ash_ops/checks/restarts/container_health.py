"""Is every container of the running tasks in order, the server's and those beside it?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ash_container, definition, running, short
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.facts.tasks import Container, Task


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No container of a running task is UNHEALTHY, and none beside the server ended with a failure."""
    tasks = running(snapshot)
    if not tasks:
        raise NotApplicable("no task runs")
    server = ash_container(snapshot).name
    known = {c.name: c for c in definition(snapshot).container_definitions}
    for task in tasks:
        for container in task.containers:
            declared = known.get(container.name, ContainerDefinition(name=container.name))
            if container.health_status == "UNHEALTHY":
                yield _unhealthy(snapshot, task, container, declared, own=container.name == server)
            elif container.name != server and _has_failed(container):
                yield _ended(snapshot, task, container)


def _has_failed(container: Container) -> bool:
    return container.last_status == "STOPPED" and container.exit_code not in {None, 0}


def _unhealthy(
    snapshot: Snapshot,
    task: Task,
    container: Container,
    declared: ContainerDefinition,
    *,
    own: bool,
) -> Finding:
    path = f"tasks[{short(task)}].containers[{container.name}].healthStatus"
    essential = declared.is_essential
    follows = (
        "ECS calls the task UNHEALTHY for it and replaces it, the server with it"
        if essential
        else "it is not essential, so the task goes on without it"
    )
    command = " ".join(declared.health_check.command) if declared.health_check else ""
    evidence = [quote(snapshot.tasks, path, "UNHEALTHY")]
    if command:
        field = f"containerDefinitions[{container.name}].healthCheck.command"
        evidence.append(quote(snapshot.task_definition, field, command))
    return finding(
        "container-healthcheck-failed" if own else "sidecar-unhealthy",
        "restarts",
        f"Container {container.name} of task {short(task)} is UNHEALTHY: {follows}.",
        evidence,
        _steps(snapshot, task, container, own=own),
        severity="error" if essential else "warning",
        subject=f"task/{task.id}",
        apart=f"{container.name}-{short(task)}",
    )


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
        _steps(snapshot, task, container, own=False),
        severity="warning",
        subject=f"task/{task.id}",
        apart=f"{container.name}-{short(task)}",
    )


def _steps(snapshot: Snapshot, task: Task, container: Container, *, own: bool) -> list[Fix]:
    words = f"logs --task {short(task)}"
    whose = "the server" if own else f"{container.name}"
    return [
        Fix(why=f"See what {whose} says.", command=ash_command(snapshot, words)),
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
    causes=("sidecar-unhealthy", "container-healthcheck-failed"),
    explains=(*NO_TASK, "container-healthcheck-failed", "fewer-tasks-than-desired"),
)
