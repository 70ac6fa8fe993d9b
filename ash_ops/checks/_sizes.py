"""Which size to give a task, or a container of it, instead of the one it has."""

from __future__ import annotations

from ash_ops.checks._facts import definition, is_of_runners, stopped
from ash_ops.checks._findings import MORE_FOR_A_RUNNER, deploy_fix
from ash_ops.checks.base import Fix, NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.sizes.fargate import LEGAL_CPU, legal_memory

# Room for a sandbox at its default limit of 2048 MB beside the server.
_ROOMY = 4096
_FEWEST_VCPUS = 16.0


def more_memory(snapshot: Snapshot) -> str:
    """The options of the next larger task: twice the memory it has, and room for a sandbox."""
    cpu, memory = _present_size(snapshot)
    return _options(cpu, max(_ROOMY, 2 * memory))


def legal_size(snapshot: Snapshot) -> str:
    """The options of the smallest task that Fargate sells and that is no smaller than this one."""
    return _options(*_present_size(snapshot))


def _present_size(snapshot: Snapshot) -> tuple[int, int]:
    try:
        task = definition(snapshot)
    except (CannotTell, NotApplicable):
        return LEGAL_CPU[0], 0
    sizes = [int(text) if text and text.isdigit() else 0 for text in (task.cpu, task.memory)]
    return sizes[0], sizes[1]


def _options(cpu: int, memory: int) -> str:
    sizes = ((c, m) for c in LEGAL_CPU if c >= cpu for m in legal_memory(c) if m >= memory)
    largest = (LEGAL_CPU[-1], legal_memory(LEGAL_CPU[-1])[-1])
    found = next(sizes, largest)
    return f"--memory {found[1]} --cpu {found[0]}"


def limit_raised(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """A container's own limit kills it however much memory the task has, and each has its own."""
    try:
        task = definition(snapshot)
        killed = _killed_for_memory(snapshot)
    except (CannotTell, NotApplicable):
        return None
    main = task.container()
    container = next((c for c in task.container_definitions if c.name == killed), main)
    limit, whole = (container.memory if container else None), task.memory or ""
    if container is None or not limit or (whole.isdigit() and limit >= int(whole)):
        return None
    if is_of_runners(snapshot):
        return [Fix(why=f"A runner may use {limit} MB. {MORE_FOR_A_RUNNER}")]
    of = f" of the task's {whole}" if whole.isdigit() else ""
    if container is not main:
        return [
            Fix(
                why=f"The limit is that of the container {container.name} beside the server: it may use "
                f"{limit} MB{of}. Raise it in its container definition, or take it out there, where it is "
                "defined; more memory for the task, or fewer sandboxes, changes nothing."
            ),
            *_unless_essential(container),
        ]
    return [
        deploy_fix(
            snapshot,
            f"The limit is the container's own: {container.name} may use {limit} MB{of}. "
            "Take memory out of its container definition, or raise it; more memory for "
            "the task alone changes nothing. The bundled template sets no such limit.",
        )
    ]


def _unless_essential(container: ContainerDefinition) -> list[Fix]:
    if container.essential is False:
        return []
    return [
        Fix(
            why=f"If the server can do without {container.name}, say essential: false there: then its "
            "end does not stop the task."
        )
    ]


def _killed_for_memory(snapshot: Snapshot) -> str:
    """The container that the newest death for memory names; empty where none does."""
    return next(
        (
            container.name
            for task in stopped(snapshot)
            for container in task.containers
            if "outofmemory" in (container.reason or "").lower()
        ),
        "",
    )


def vcpus_to_ask_for(limit: float, need: float) -> float:
    """The quota to ask for: room for what is needed at least, and not to be reached again at the next start."""
    return max(2 * limit, need, _FEWEST_VCPUS)
