"""Mutations of tasks: those that died, and the one that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import containers, load_balancers, state

Record = dict[str, Any]


def age(seconds: float) -> None:
    """Let the deployment have been made so many seconds earlier than it was."""
    service = subjects.the_service()
    definition = state.task_definition(service["taskDefinition"])
    balancer = load_balancers.balancer_of(service)
    by = timedelta(seconds=seconds)
    for record in (service, definition, *subjects.tasks_of(service), balancer):
        _shift(record, by)
    for stack in state.stacks().values():
        clocks = {k: v for k, v in stack.items() if k.endswith("Time")}
        _shift(clocks, by)
        stack |= clocks
        _shift(state.stack_events(stack["StackId"]), by)
    for secret in state.secrets().values():
        for clock in ("CreatedDate", "LastChangedDate"):
            secret[clock] = int(secret[clock] - seconds)


def _shift(record: Any, by: timedelta) -> None:
    """Move every time in a record (they end in ``At`` or ``Time``, or are called Timestamp)."""
    items = list(record.items()) if isinstance(record, dict) else list(enumerate(record or ()))
    for key, value in items:
        if isinstance(value, dict | list):
            _shift(value, by)
        elif isinstance(value, str) and str(key).endswith(("At", "Time", "Timestamp")):
            record[key] = state.stamp(datetime.fromisoformat(value) - by)


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
        subjects.archive(service, task)


def change_task(
    *,
    status: str | None = None,
    desired: str | None = None,
    health: str | None = None,
    phases: Mapping[str, float] | None = None,
    container: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    logs: Sequence[str] = (),
    server: bool = True,
) -> None:
    """Change the service's running task.

    Args:
        status: its ``lastStatus``; anything but ``RUNNING`` takes it out of the target group.
        desired: its ``desiredStatus``.
        health: its ``healthStatus``.
        phases: seconds since each phase was reached; phases not named were not reached.
        container: fields of its container.
        fields: other fields of the task.
        logs: lines it has written, a second apart, the last one now.
        server: whether something still listens in it.
    """
    service = subjects.the_service()
    task = subjects.running_task(service)
    names = subjects.names_for(service, task)
    wanted = {"lastStatus": status, "desiredStatus": desired, "healthStatus": health}
    task |= {key: value for key, value in wanted.items() if value is not None}
    task |= subjects.filled(fields or {}, names)
    if phases is not None:
        subjects.set_clocks(task, phases, 0)
    subjects.set_container(task, container or {}, names)
    if not server:
        containers.stop_server(task["taskArn"])
    subjects.write_task_logs(service, task, logs, 0)
    load_balancers.recount(subjects.cluster_of(service), service["serviceName"])


def add_tasks(count: int) -> None:
    """Let the service run so many tasks more, like its first one but with no server in them."""
    service = subjects.the_service()
    for _ in range(count):
        task = subjects.new_task(service)
        state.tasks()[task["taskArn"]] = task
    service["desiredCount"] += count
    service["deployments"][0]["desiredCount"] += count
    load_balancers.recount(subjects.cluster_of(service), service["serviceName"])


def remove_task() -> None:
    """Take the running task away without a trace, as if it had never been started."""
    service = subjects.the_service()
    task = subjects.running_task(service)
    containers.stop_server(task["taskArn"])
    containers.delete_interface(task)
    del state.tasks()[task["taskArn"]]
    load_balancers.recount(subjects.cluster_of(service), service["serviceName"])


def change_server(
    *,
    cgroups: bool = True,
    anthropic_key: str | None = "accepted",
    requests: int | None = None,
) -> None:
    """Restart the running task's server with other behaviour.

    Args:
        cgroups: whether it can make sandboxes.
        anthropic_key: ``accepted``, ``refused``, or ``missing``.
        requests: how many requests it accepts in 15 minutes from one address.
    """
    task = subjects.running_task(subjects.the_service())
    server = containers.server_of(task["taskArn"])
    if server is None:
        raise LookupError("nothing listens in the running task")
    behaviour: Record = {"cgroups": cgroups}
    behaviour["anthropic_key"] = None if anthropic_key == "missing" else anthropic_key
    server.restart(**behaviour, **({} if requests is None else {"requests": requests}))
