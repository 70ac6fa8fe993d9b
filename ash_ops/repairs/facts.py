"""Facts with a change made to them: readings are frozen, so that each change is a copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from ash_ops.facts.model import Model
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.server import Probe
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class Refused(Exception):
    """AWS would not carry the command out; the text says why."""


class Unknowable(Exception):
    """What the command changes was not read, or is not among the facts."""


def read(reading: Reading[T]) -> T | None:
    """The value of a reading.

    Raises:
        Unknowable: it was not read.
    """
    if reading.gap is not None:
        raise Unknowable(reading.call)
    return reading.value


def with_values(snapshot: Snapshot, **values: Any) -> Snapshot:
    """The snapshot with other values of some readings."""
    changed = {
        name: replace(getattr(snapshot, name), value=value, gap=None)
        for name, value in values.items()
    }
    return replace(snapshot, **changed)


def unread(snapshot: Snapshot, name: str) -> Snapshot:
    """The facts without a reading that the change has made old."""
    reading = replace(getattr(snapshot, name), value=None, gap=Gap(kind="skipped"))
    return replace(snapshot, **{name: reading})


def changed(
    snapshot: Snapshot, name: str, key: str, wanted: Any, change: Callable[[Any], Any]
) -> Snapshot:
    """The snapshot with one row of a reading changed; the very same where the row stays as it is.

    Args:
        snapshot: the facts.
        name: the reading that holds rows.
        key: the field by which the row is known.
        wanted: its value.
        change: the row as it is to the row as it becomes.

    Raises:
        Unknowable: there is no such row among the facts.
    """
    rows = read(getattr(snapshot, name)) or ()
    row = next((r for r in rows if getattr(r, key) == wanted), None)
    if row is None:
        raise Unknowable(f"{name}: {wanted}")
    after = change(row)
    if after == row:
        return snapshot
    return with_values(snapshot, **{name: tuple(after if r is row else r for r in rows)})


def copied(row: M, **fields: Any) -> M:
    """A frozen value with other fields."""
    return replace(row, **fields)


def asked_anew(snapshot: Snapshot) -> Snapshot:
    """The facts without what the server answered: that was proof of the way before the change."""
    probe = snapshot.probe.value
    if probe is None:
        return snapshot
    silent = Probe(url=probe.url, caller_ip=probe.caller_ip)
    kept = {"key_published": probe.key_published, "answers_without_key": probe.answers_without_key}
    return with_values(snapshot, probe=copied(silent, **kept))


def restarted(snapshot: Snapshot) -> Snapshot:
    """The facts at the next start: a task was asked for just now, and nothing of the past counts."""
    service = read(snapshot.service)
    if service is None or service.status not in {None, "ACTIVE"}:
        raise Refused("the service is not active")
    now = snapshot.taken_at
    task = Task(
        task_arn=f"arn:aws:ecs:::task/{snapshot.deployment.cluster}/{'0' * 32}",
        task_definition_arn=service.task_definition,
        last_status="PROVISIONING",
        launch_type=service.launch_type,
        created_at=now,
    )
    rollout = ServiceRollout(
        id="ecs-svc/0",
        status="PRIMARY",
        task_definition=service.task_definition,
        desired_count=service.desired_count,
        rollout_state="IN_PROGRESS",
        created_at=now,
    )
    if snapshot.tasks.value == (task,):
        return snapshot  # it starts anew already
    # What runners said of the coordinator before; any other server has none.
    refusals = {} if snapshot.runner_lines.value is None else {"runner_lines": ()}
    fresh = copied(service, running_count=0, pending_count=1, events=(), deployments=(rollout,))
    return asked_anew(
        with_values(
            snapshot,
            service=fresh,
            tasks=(task,),
            stopped_tasks=(),
            archived_tasks=(),
            denied_calls=(),
            service_deployments=(),
            target_health=(),
            log_lines=(),
            **refusals,
            memory_utilization=None,
        )
    )
