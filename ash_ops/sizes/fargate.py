"""The CPU and memory sizes Fargate offers for a Linux task.

Source: AWS, "Invalid CPU or memory value specified" (task-cpu-memory-error), read 2026-11-22.
Sizes from 8192 CPU units need platform version 1.4.0, which ``LATEST`` is.
"""

from __future__ import annotations

from collections.abc import Mapping

from ash_ops.errors import UsageProblem

_MEMORY: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}

LEGAL_CPU = tuple(_MEMORY)
"""CPU units a task may have; 1024 units are one vCPU."""


def legal_memory(cpu: int) -> tuple[int, ...]:
    """The memory sizes, in MB, that go with a number of CPU units; none for an unknown number."""
    return _MEMORY.get(cpu, ())


def other_half(given: Mapping[str, str]) -> dict[str, str]:
    """A whole size that fits the parameter ``Cpu`` or ``Memory``, if only one was given; the smallest.

    Args:
        given: the parameters that were given.
    """
    pairs = [(str(cpu), str(size)) for cpu in LEGAL_CPU for size in legal_memory(cpu)]
    fits = [p for p in pairs if given.get("Memory") == p[1] or given.get("Cpu") == p[0]]
    return dict(zip(("Cpu", "Memory"), fits[0], strict=True)) if fits else {}


def check_size(cpu: int, memory: int) -> None:
    """Accept a pair of CPU units and MB of memory that Fargate offers.

    Raises:
        UsageProblem: Fargate has no such size; the message lists what it has.
    """
    legal = legal_memory(cpu)
    if not legal:
        raise UsageProblem(
            f"Fargate has no task size of {cpu} CPU units",
            f"the sizes are {', '.join(map(str, LEGAL_CPU))} (1024 units are one vCPU)",
            "Correct --cpu or ASH_ECS_CPU.",
        )
    if memory not in legal:
        raise UsageProblem(
            f"Fargate does not offer {memory} MB of memory with {cpu} CPU units",
            f"with {cpu} units it offers {_spoken(legal)} MB",
            _remedy(cpu, memory),
        )


def _spoken(sizes: tuple[int, ...]) -> str:
    """The sizes as a person writes them: a list, or a range with its step."""
    if len(sizes) <= 4:
        return ", ".join(map(str, sizes))
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"


def _remedy(cpu: int, memory: int) -> str:
    """The nearest legal size, and the least CPU that goes with the memory asked for."""
    nearest = min(legal_memory(cpu), key=lambda size: (abs(size - memory), size))
    other = next((units for units, sizes in _MEMORY.items() if memory in sizes), None)
    advice = f"Use --memory {nearest} (ASH_ECS_MEMORY={nearest})"
    return f"{advice}, or --cpu {other} to keep {memory} MB." if other else f"{advice}."
