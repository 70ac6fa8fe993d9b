"""ECS: tasks that it may not end of its own accord, and the tags by which runners are told to drain."""

from __future__ import annotations

import time
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs

from ash_ops.demo.overlay import state
from ash_ops.demo.world.clock import at_standstill

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_DRAINING = "ash:draining"
_DEFAULT_MIN = 120
_A_RUNNER_HOLDS_MIN = 5


def install() -> None:
    """Replace what ECS answers about protection."""
    ecs._ACTION_MAP |= {"UpdateTaskProtection": at_standstill(_update), "GetTaskProtection": _get}


def is_protected(task: Record) -> bool:
    """Whether ECS leaves a task alone."""
    return float(task.get("_protected_until") or 0.0) > time.time()


def is_draining(task: Record) -> bool:
    """Whether a runner was told to take no new session."""
    tags = ecs._tags.get(task["taskArn"], [])
    return any(tag["key"] == _DRAINING and tag["value"] == "true" for tag in tags)


def hold(task: Record, *, holds: bool) -> None:
    """What a runner says of itself: it renews its protection, and gives up only what it asked for."""
    if holds:
        task["_protected_until"] = time.time() + _A_RUNNER_HOLDS_MIN * 60
    elif task.get("_held"):
        task["_protected_until"] = None
    task["_held"] = holds


def _named(request: Record) -> tuple[list[Record], list[Record]]:
    known = {arn.rsplit("/", 1)[-1]: task for arn, task in state.tasks().items()}
    asked = [str(arn).rsplit("/", 1)[-1] for arn in request.get("tasks") or ()]
    found = [known[number] for number in asked if number in known]
    missing = [{"arn": number, "reason": "MISSING"} for number in asked if number not in known]
    return found, missing


def _update(request: Record) -> Answer:
    found, missing = _named(request)
    minutes = int(request.get("expiresInMinutes") or _DEFAULT_MIN)
    for task in found:
        on = request["protectionEnabled"]
        task["_protected_until"] = time.time() + minutes * 60 if on else None
    return _answer(found, missing)


def _get(request: Record) -> Answer:
    return _answer(*_named(request))


def _answer(found: list[Record], missing: list[Record]) -> Answer:
    told = [
        {"taskArn": task["taskArn"], "protectionEnabled": is_protected(task)}
        | ({"expirationDate": task["_protected_until"]} if is_protected(task) else {})
        for task in found
    ]
    answer: Answer = json_response({"protectedTasks": told, "failures": missing})
    return answer
