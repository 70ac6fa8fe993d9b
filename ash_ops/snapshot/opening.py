"""The first calls of a diagnosis: those on whose answers two more calls wait, one after the other.

They go out before the other readings are even imported, which takes longer than making them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import Step
from ash_ops.snapshot.readings import balancers, service


def opening(context: ReadingContext) -> dict[str, list[Step]]:
    """The readings that the longest paths begin with, by the client they use, in the order to begin."""

    def step(name: str, operation: Operation, read: Callable[[ReadingContext], Any]) -> Step:
        return Step(name=name, call=operation.action, read=lambda: read(context))

    return {
        "ecs": [
            step("service", op.DESCRIBE_SERVICES, service.service),
            step("tasks", op.DESCRIBE_TASKS, service.tasks),
            step("stopped_tasks", op.DESCRIBE_TASKS, service.stopped_tasks),
        ],
        "elbv2": [
            step("_load_balancers", op.DESCRIBE_LOAD_BALANCERS, balancers.all_balancers),
            step("_target_groups", op.DESCRIBE_TARGET_GROUPS, balancers.all_target_groups),
        ],
    }
