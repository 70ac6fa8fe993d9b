"""Which size to give a task instead of the one it has."""

from __future__ import annotations

from ash_ops.checks._facts import definition
from ash_ops.checks.base import NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.sizes.fargate import LEGAL_CPU, legal_memory

# Room for a sandbox at its default limit of 2048 MB beside the server.
_ROOMY = 4096


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
