"""What only the plan of a deployment shows: no message names it."""

from typing import Final

from ash_ops.causes.base import Cause, Step

CAUSES: Final = (
    Cause(
        slug="memory-below-sandboxes",
        title="The task has less memory than all its sandboxes may use",
        category="agents",
        severity="warning",
        meaning="Every sandbox has a limit of its own, and their sum is above the task's memory. When agents "
        "use what they may, the whole task is killed before any sandbox's limit applies.",
        proof=(
            Step(
                "Compare memory with ASH_MAX_SANDBOXES times ASH_SANDBOX_MEMORY_MB.",
                "aws ecs describe-task-definition --task-definition <family>",
            ),
        ),
        repair=(
            Step(
                "Allow fewer sandboxes, or less memory for each.",
                "ash-ops deploy --max-sandboxes 4",
            ),
            Step("Or give the task more memory.", "ash-ops deploy --memory 16384"),
        ),
        confused_with=(
            ("memory-below-sandbox", "Not even one sandbox at its limit has room."),
            ("container-oom", "It has happened: the task was killed."),
        ),
    ),
)
