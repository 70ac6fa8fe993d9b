"""The first calls of a diagnosis: those on whose answers two more calls wait, one after the other.

They go out before the other readings are even imported, which takes longer than making them.
"""

from __future__ import annotations

from typing import Final

from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import DECLARED
from ash_ops.snapshot.fan_out import Step
from ash_ops.snapshot.readings import balancers, service

# What the longest paths begin with, by the client it uses, in the order to begin.
_FIRST: Final = {
    "ecs": (service.service, service.tasks, service.stopped_tasks),
    "elbv2": (balancers.all_balancers, balancers.all_target_groups),
}


def opening(context: ReadingContext) -> dict[str, list[Step]]:
    """The steps to begin with, by the client they use."""
    by_function = {each.read: each for each in DECLARED.values()}
    return {
        client: [by_function[read].step(context) for read in reads]
        for client, reads in _FIRST.items()
    }


def is_begun(name: str) -> bool:
    """Whether a reading is one of those."""
    return any(DECLARED[name].read in reads for reads in _FIRST.values())
