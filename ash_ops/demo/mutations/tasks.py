"""Mutations of tasks: those that died, and the one that runs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import archive, containers, state, targets
from ash_ops.demo.world import engine

Record = dict[str, Any]

# When the next thing happens to a task or a service by itself; the world's clock goes back with it.
_TO_COME = ("_due", "due", "_ends", "_kill_due", "_full", "_next_start")


def age(seconds: float) -> None:
    """Let the deployment have been made so many seconds earlier than it was.

    What the next mutations say with ``when`` is then lived through at the pace of AWS.
    """
    engine.advance()
    subjects.the_service()  # there is one, or its reader is told
    by, seen = timedelta(seconds=seconds), set[int]()
    for service in state.services().values():
        definition = state.task_definition(service["taskDefinition"])
        balancer = targets.balancer_of(service)
        for record in (service, definition, *subjects.tasks_of(service), balancer):
            _shift(record, by, seen)
    for stack in state.stacks().values():
        clocks = {k: v for k, v in stack.items() if k.endswith("Time")}
        _shift(clocks, by, set())
        stack |= clocks
        _shift(state.stack_events(stack["StackId"]), by, set())
    for secret in state.secrets().values():
        for clock in ("CreatedDate", "LastChangedDate"):
            secret[clock] = int(secret[clock] - seconds)
    engine.begin_at(time.time() - seconds)


def pass_time(seconds: float) -> None:
    """Let so much time pass, at the pace of AWS, as if one had waited."""
    began = time.time() - seconds
    age(seconds)
    engine.begin_at(began)
    engine.live_through(time.time())


def _shift(record: Any, by: timedelta, seen: set[int]) -> None:
    """Move every time in a record once; their names end so, and a record may be in two lists."""
    if id(record) in seen:
        return
    seen.add(id(record))
    items = list(record.items()) if isinstance(record, dict) else list(enumerate(record or ()))
    for key, value in items:
        if isinstance(value, dict | list):
            _shift(value, by, seen)
        elif isinstance(value, str) and str(key).endswith(("At", "Time", "Timestamp", "_finished")):
            record[key] = state.stamp(datetime.fromisoformat(value) - by)
        elif isinstance(value, float) and key in _TO_COME:
            record[key] = value - by.total_seconds()


def stop_tasks(
    reason: str,
    code: str,
    *,
    count: int = 1,
    ago: float = 30,
    every: float = 90,
    phases: Mapping[str, float] | None = None,
    container: Mapping[str, Any] | None = None,
    health: str = "UNKNOWN",
    logs: Sequence[str] = (),
) -> None:
    """Leave tasks behind that ECS stopped.

    Args:
        reason: the task's ``stoppedReason``.
        code: the task's ``stopCode``.
        count: how many; each of them ``every`` seconds before the next.
        ago: when the latest one stopped.
        every: seconds between two of them.
        phases: when each phase was reached, in seconds before the stop; a phase that is not
            named was never reached.
        container: fields of the task's container, such as ``exitCode`` and ``reason``.
        health: the task's health status.
        logs: lines it wrote, the last one a second before it stopped.
    """
    service = subjects.the_service()
    for number in reversed(range(count)):
        stopped = ago + number * every
        task = subjects.new_task(service)
        names = subjects.names_for(service, task)
        task |= {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "healthStatus": health}
        task |= {"stoppedReason": subjects.fill(reason, names), "stopCode": code}
        subjects.set_clocks(task, {**(phases or {}), "stoppingAt": 1, "stoppedAt": 0}, stopped)
        fields = {"lastStatus": "STOPPED", "healthStatus": health, **(container or {})}
        if "exitCode" not in fields:
            fields |= {"imageDigest": None}  # it never had an image to run
        subjects.set_container(task, fields, names)
        containers.delete_interface(task)
        state.tasks()[task["taskArn"]] = task
        subjects.write_task_logs(service, task, logs, stopped + 1)
        archive.tell_task(task)


def add_tasks(count: int) -> None:
    """Let the service run so many tasks more, like its first one but with no server in them."""
    service = subjects.the_service()
    for _ in range(count):
        task = subjects.new_task(service)
        state.tasks()[task["taskArn"]] = task
    service["desiredCount"] += count
    service["deployments"][0]["desiredCount"] += count
