"""ECS: a rollout that waits at a PAUSE hook of its service until somebody says what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from ash_ops.demo.world.clock import CLOCK, stamp

Record = dict[str, Any]

# Those of ECS's stages that this world knows: the new tasks are well, the old ones still run.
_STAGE = "POST_SCALE_UP"
# A hook that says nothing else waits so long, and then rolls back (API reference,
# "DeploymentLifecycleHookTimeoutConfiguration").
_LONGEST_S = 14 * 86_400.0


def holds(service: Record, rollout: Record) -> bool:
    """Whether a rollout whose tasks are well waits at a hook."""
    hook = rollout.get("_hook")
    if hook is None:
        if not any(_waits_here(each) for each in _hooks(service)):
            return False
        hook = rollout["_hook"] = {
            "hookId": str(uuid4()),
            "targetType": "PAUSE",
            "status": "AWAITING_ACTION",
            "expiresAt": stamp(CLOCK.now + _LONGEST_S),
            "timeoutAction": "ROLLBACK",
        }
    return bool(hook["status"] == "AWAITING_ACTION")


def _hooks(service: Record) -> Iterator[Record]:
    yield from (service.get("deploymentConfiguration") or {}).get("lifecycleHooks") or ()


def _waits_here(hook: Record) -> bool:
    return hook.get("targetType") == "PAUSE" and _STAGE in hook.get("lifecycleStages", ())


def told(rollout: Record) -> Record:
    """What DescribeServiceDeployments tells of it."""
    hook = rollout.get("_hook")
    return {"lifecycleStage": _STAGE, "lifecycleHookDetails": [hook]} if hook else {}


def answer(rollout: Record, hook_id: str) -> None:
    """Let it wait no more.

    Raises:
        LookupError: it does not wait at that hook.
    """
    hook = rollout.get("_hook") or {}
    if hook.get("hookId") != hook_id or hook["status"] != "AWAITING_ACTION":
        raise LookupError(hook_id)
    hook["status"] = "SUCCEEDED"
