"""Which targets of the load balancer are tasks of this service."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import running, stopped
from ash_ops.checks.base import items
from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task


def targets(snapshot: Snapshot) -> list[TargetHealth]:
    """The targets that are not on their way out.

    Raises:
        CannotTell: they were not read.
    """
    return [r for r in items(snapshot.target_health) if "draining" not in r.state]


def foreign(snapshot: Snapshot) -> list[TargetHealth]:
    """Those that are no task of this service.

    Raises:
        CannotTell: the targets or the tasks were not read, or a task's address is not known.
    """
    mine = _own_ids(snapshot)
    return [row for row in targets(snapshot) if row.target.id not in mine]


def own(snapshot: Snapshot) -> list[TargetHealth]:
    """Those that are tasks of this service, or may be where that is not known.

    Where none is, one that is not healthy speaks for the service all the same: nothing else answers.

    Raises:
        CannotTell: the targets were not read.
    """
    rows = targets(snapshot)
    try:
        others = {row.target.id for row in foreign(snapshot)}
    except CannotTell:
        return rows
    mine = [row for row in rows if row.target.id not in others]
    return mine or [row for row in rows if row.state != "healthy"]


def has_own_healthy(snapshot: Snapshot) -> bool:
    """Whether the load balancer calls a task of this service healthy: the rules let it through.

    Where that was not read, it is no proof.
    """
    try:
        return any(row.state == "healthy" for row in own(snapshot))
    except CannotTell:
        return False


def _own_ids(snapshot: Snapshot) -> set[str]:
    """The addresses of the tasks, also of those that stopped a moment ago; or their instances.

    Raises:
        CannotTell: the tasks or the instances were not read, or a task's address is not known.
    """
    _require_whole(snapshot)
    tasks = [*items(snapshot.tasks), *stopped(snapshot)]
    kinds = {group.target_type for group in items(snapshot.target_groups)}
    if kinds == {"instance"}:
        return set(_instances(snapshot, tasks))
    alive = running(snapshot)
    nameless = next((t for t in alive if t.private_ip is None), None)
    if nameless is not None:
        raise CannotTell(f"the address of task {nameless.id[:8]} is not known")
    if len({t.private_ip for t in alive}) < len(alive):
        raise CannotTell("two tasks are told to have one address")
    return {t.private_ip for t in tasks if t.private_ip}


def _require_whole(snapshot: Snapshot) -> None:
    """Every target has an address, and ECS lists as many tasks as it counts.

    Raises:
        CannotTell: it is not so.
    """
    if not all(row.target.id for row in targets(snapshot)):
        raise CannotTell("a target was told without its address")
    service = snapshot.service.value
    counted = (service.running_count if service else None) or 0
    if counted and not list(items(snapshot.tasks)):
        raise CannotTell(f"ECS counts {counted} running tasks of the service and lists none")


def _instances(snapshot: Snapshot, tasks: list[Task]) -> Iterator[str]:
    ids = {h.container_instance_arn: h.ec2_instance_id for h in items(snapshot.container_instances)}
    for task in tasks:
        found = ids.get(task.container_instance_arn or "")
        if found is None and task.last_status == "RUNNING":
            raise CannotTell(f"the instance of task {task.id[:8]} is not known")
        if found:
            yield found
