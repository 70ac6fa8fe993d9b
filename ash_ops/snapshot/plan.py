"""Which readings make a snapshot, and which of them need which.

Each is declared in its module of ``readings``, which is found by its folder. The longest path is three calls
(service, task definition, its roles and secrets) beside who asks: see docs/snapshot.md for the picture.
"""

from __future__ import annotations

from collections import deque

from msgspec.structs import replace

from ash_ops.aws.operations import Operation
from ash_ops.modules import modules_of
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import DECLARED
from ash_ops.snapshot.fan_out import CANARY_PATIENCE, Step
from ash_ops.snapshot.opening import is_begun
from ash_ops.snapshot.readings import server

deque(modules_of("ash_ops.snapshot.readings"), maxlen=0)

# The AWS operations whose answers each reading is made of. What a check needs and what the policy of
# ``doctor`` allows follow from here.
READS: dict[str, tuple[Operation, ...]] = {
    name: declared.operations for name, declared in DECLARED.items() if declared.operations
}
# In the order in which the longest path needs them, those too with which nothing begins.
_CLIENTS = (
    "ecs", "sts", "logs", "cloudformation", "ec2", "iam", "secretsmanager", "cloudwatch", "service-quotas",
)  # fmt: skip


def first_steps(context: ReadingContext) -> dict[str, list[Step]]:
    """The other readings that need nothing (see ``opening``), by the client they use."""
    first = [each for name, each in DECLARED.items() if not each.after and not is_begun(name)]
    return {
        client: [each.step(context) for each in first if each.client == client]
        for client in _CLIENTS
    }


def later_steps(context: ReadingContext) -> list[Step]:
    """The readings that need the outcome of others."""
    steps = [each.step(context) for each in DECLARED.values() if each.after]
    return [_as_asked(context, step) if step.name == "probe" else step for step in steps]


def _as_asked(context: ReadingContext, probe: Step) -> Step:
    """The probe: with a canary it takes longer, and without a local key it needs the deployed one."""
    ladder = context.ladder
    if ladder is not None and ladder.canary:
        probe = replace(probe, patience=CANARY_PATIENCE)
    if ladder is None or server.local_secret(context.aws.settings)[0] is not None:
        return probe
    return replace(probe, after=(*probe.after, "_secrets", "_revision"))
