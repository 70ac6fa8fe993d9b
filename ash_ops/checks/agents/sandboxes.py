"""Can sandboxes start where the task runs, and is there room and memory for them?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ash_container, definition, is_coordinator, running
from ash_ops.checks._findings import (
    ash_command,
    deploy_fix,
    finding,
    quote,
    verify,
)
from ash_ops.checks._launch_types import where_agents_run
from ash_ops.checks._sizes import more_memory
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, present
from ash_ops.facts.server import Rung
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.facts.tasks import Task

# packages/shared of ash-ai-org/ash-ai at 7d26aee: the default limit of one sandbox.
SANDBOX_MEMORY_MB = 2048
_A_FEW = 20  # what the template allows
_TOLD = 5  # runners that are told one by one


def memory(snapshot: Snapshot) -> Iterator[Finding]:
    """The task has memory for at least one sandbox at its limit."""
    _require_sandboxes_here(snapshot)
    task = definition(snapshot)
    size = int(task.memory or 0) or ash_container(snapshot).memory or 0
    limit = _sandbox_limit(ash_container(snapshot))
    if not size or size > limit:
        return
    yield finding(
        "memory-below-sandbox",
        "agents",
        f"The task has {size} MB in all, but a single sandbox may use {limit} MB: "
        "the task is killed before the sandbox's own limit applies.",
        [quote(snapshot.task_definition, "taskDefinition.memory", size)],
        [
            deploy_fix(snapshot, "Give the task more memory.", more_memory(snapshot)),
            verify(snapshot, "agents"),
        ],
        severity="warning",
    )


def _require_sandboxes_here(snapshot: Snapshot) -> None:
    """A coordinator runs none: its runners do, on instances of their own.

    Raises:
        NotApplicable: the server is a coordinator.
    """
    if is_coordinator(snapshot):
        raise NotApplicable("the sandboxes are on the runners")


def _sandbox_limit(container: ContainerDefinition) -> int:
    given = next(
        (e.value for e in container.environment if e.name == "ASH_SANDBOX_MEMORY_MB"), None
    )
    return int(given) if given and given.isdigit() else SANDBOX_MEMORY_MB


def capacity(snapshot: Snapshot) -> Iterator[Finding]:
    """The pool, or some runner, has a sandbox left for the next session."""
    if is_coordinator(snapshot):
        yield from _of_runners(snapshot)
        return
    probe = present(snapshot.probe)
    pool = probe.health.pool if probe.health else None
    if pool is None or pool.max_capacity is None or pool.running is None:
        raise NotApplicable("/health tells nothing of the pool")
    if pool.running < pool.max_capacity:
        return
    yield finding(
        "sandbox-capacity",
        "agents",
        f"All {pool.max_capacity} sandboxes are in use: new sessions are answered 503."
        if pool.max_capacity
        else "The server may start no sandbox at all (ASH_MAX_SANDBOXES): new sessions are answered 503.",
        [quote(snapshot.probe, "health.pool.running", f"{pool.running} of {pool.max_capacity}")],
        [
            _more_room(snapshot, pool.max_capacity),
            verify(snapshot, "agents"),
        ],
        severity="error",
    )


def _of_runners(snapshot: Snapshot) -> Iterator[Finding]:
    """A coordinator hands a session to a runner that has room; one that drains tells more than it can have."""
    rows = (
        snapshot.registered_runners.value
    )  # that they were not read is told by the check of the runners
    if not rows or any(row.active < row.most for row in rows):
        return
    most = sum(row.most for row in rows)
    yield finding(
        "sandbox-capacity",
        "agents",
        f"No runner has a sandbox left ({most} on {len(rows)} in all): new sessions are answered 503.",
        [
            quote(
                snapshot.registered_runners,
                f"runners[{row.runner_id}]",
                f"{row.active} active of {row.most}",
            )
            for row in rows[:_TOLD]
        ],
        [_more_room(snapshot, most), verify(snapshot, "agents")],
        severity="error",
    )


def _more_room(snapshot: Snapshot, capacity: int) -> Fix:
    if is_coordinator(snapshot):
        return Fix(
            why="End sessions that are not needed, or add runners (`ash-ops deploy --runner-count N`): "
            "how many, and what they may cost, is your decision."
        )
    return deploy_fix(
        snapshot,
        "End sessions that are not needed, or allow more sandboxes and give the task the memory for them.",
        f"{more_memory(snapshot)} --max-sandboxes {2 * capacity or _A_FEW}",
    )


def host(snapshot: Snapshot) -> Iterator[Finding]:
    """The task runs where sandboxes can start: privileged, and not on Fargate, whose cgroup file system is read-only."""
    _require_sandboxes_here(snapshot)
    tasks = running(snapshot)
    if not tasks:
        raise NotApplicable("no task runs")
    service = present(snapshot.service)
    on_fargate = [t for t in tasks if (t.launch_type or service.launch_type) == "FARGATE"]
    probe = snapshot.probe.get() if snapshot.probe.gap is None else None
    canary = probe.rung("canary") if probe else None
    if canary and canary.outcome == "ok":
        return
    if on_fargate:
        yield _on_fargate(snapshot, on_fargate[0], canary)
    elif service.uses_hosts:
        yield from _unprivileged(snapshot, canary)


def _is_proven(canary: Rung | None) -> bool:
    """Whether a session was refused for want of cgroups."""
    refused = canary is not None and canary.outcome == "failed"
    return refused and canary is not None and "cgroup" in canary.detail.lower()


def _unprivileged(snapshot: Snapshot, canary: Rung | None) -> Iterator[Finding]:
    """Docker gives a writable cgroup file system to privileged containers alone, and root alone may use it."""
    container = ash_container(snapshot)
    user = (container.user or "root").partition(":")[0]
    mounted = any(
        (m.container_path or "").startswith("/sys/fs/cgroup") for m in container.mount_points
    )
    if mounted or (container.privileged and user in {"root", "0"}):
        return
    field, value = (
        ("user", user)
        if container.privileged
        else ("privileged", "not set" if container.privileged is None else "false")
    )
    lacks = f"runs as user {user}" if container.privileged else "is not privileged"
    proven = _is_proven(canary)
    yield finding(
        "sandbox-cgroups-unavailable",
        "agents",
        f"Container {container.name} {lacks}: it cannot write to the cgroup file system of its instance, so with the "
        "published image no sandbox can start, although /health is fine.",
        [quote(snapshot.task_definition, f"containerDefinitions[{container.name}].{field}", value)],
        [
            deploy_fix(
                snapshot,
                "Let it be privileged and run as root, as the template has it for instances; its sandboxes do not.",
            ),
            verify(snapshot, "agents"),
        ],
        severity="error" if proven else "warning",
        confidence="confirmed" if proven else "likely",
    )


def _on_fargate(snapshot: Snapshot, task: Task, canary: Rung | None) -> Finding:
    proven = _is_proven(canary)
    elsewhere = where_agents_run(snapshot)
    prove = Fix(
        why="Prove it with one session; one that runs is remembered for this revision.",
        command=ash_command(snapshot, "doctor agents --canary"),
    )
    return finding(
        "sandbox-cgroups-unavailable",
        "agents",
        "The task runs on Fargate, whose cgroup file system is read-only: with the published image "
        "no sandbox can start there, although /health is fine."
        + ("" if proven else " Only a session proves it: run doctor with --canary."),
        [
            quote(snapshot.tasks, f"tasks[{task.id[:8]}].launchType", "FARGATE"),
            *([quote(snapshot.probe, "rungs[canary]", canary.detail)] if canary and proven else []),
        ],
        [*elsewhere, prove] if proven else [prove, *elsewhere],
        severity="error" if proven else "warning",
        confidence="confirmed" if proven else "likely",
    )


MEMORY = Check(
    id="sandbox-memory",
    title="The task has memory for a sandbox",
    playbook="agents",
    run=memory,
    causes=("memory-below-sandbox",),
)
CAPACITY = Check(
    id="sandbox-capacity",
    title="A sandbox is free for the next session",
    playbook="agents",
    run=capacity,
    causes=("sandbox-capacity",),
)
HOST = Check(
    id="sandbox-host",
    title="Sandboxes can start where the task runs",
    playbook="agents",
    run=host,
    causes=("sandbox-cgroups-unavailable",),
)
