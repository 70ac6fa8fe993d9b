"""Which targets of the load balancer are tasks of this service, and in which of its groups they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from ash_ops.checks._facts import WARM_UP, running, stopped
from ash_ops.checks.base import items, present
from ash_ops.facts.load_balancing import TargetGroup, TargetHealth
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


def out_of_service(snapshot: Snapshot) -> list[TargetHealth]:
    """The targets that get no connections, of tasks that are to run and had the time to come up.

    A part of what is wanted serves nobody then, whatever the others answer. Where the tasks or their
    addresses were not read, none is known to be one; nor where one target is healthy in a group and not
    in another, and nothing tells in which.
    """
    try:
        owners = _owners(snapshot)
        rows = own(snapshot)
    except CannotTell:
        return []
    well = {row.target.id for row in rows if row.state == "healthy"}
    serving = {group_of(snapshot, row) for row in rows if row.state == "healthy"}
    return [
        row
        for row in rows
        if _gets_nothing(row, beside_a_healthy_one=group_of(snapshot, row) in serving)
        and (row.target.id not in well or group_of(snapshot, row))
        and (task := owners.get(row.target.id)) is not None
        and task.desired_status != "STOPPED"
        and not _is_coming_up(snapshot, task)
    ]


def _gets_nothing(row: TargetHealth, *, beside_a_healthy_one: bool) -> bool:
    """Whether a target gets no connections; a group of which nobody is served is another matter."""
    if row.state == "unhealthy":
        return True
    return beside_a_healthy_one and row.state in {"unused", "unavailable", "initial"}


def _owners(snapshot: Snapshot) -> dict[str | None, Task]:
    """The running tasks by the ids of their targets: their addresses, or the instances that they are on."""
    tasks = running(snapshot)
    if {group.target_type for group in items(snapshot.target_groups)} != {"instance"}:
        return {task.private_ip: task for task in tasks}
    ids = {h.container_instance_arn: h.ec2_instance_id for h in items(snapshot.container_instances)}
    return {ids.get(task.container_instance_arn or ""): task for task in tasks}


def require_owners(snapshot: Snapshot, rows: Iterable[TargetHealth]) -> None:
    """Of every unhealthy target it is known whether a task that should serve stands behind it.

    Raises:
        CannotTell: the tasks were not read, or the address of one was not told.
    """
    sick = next((row for row in rows if row.state == "unhealthy"), None)
    if sick is not None:
        try:
            foreign(snapshot)
        except CannotTell as doubt:
            raise CannotTell(
                f"whether target {sick.target.id}, which is unhealthy, is a task that should serve: {doubt.reason}"
            ) from None


def _is_coming_up(snapshot: Snapshot, task: Task) -> bool:
    service = snapshot.service.value
    grace = timedelta(seconds=(service and service.health_check_grace_period_seconds) or 0)
    begun = task.started_at or task.created_at
    return begun is not None and snapshot.taken_at - begun < max(WARM_UP, grace)


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
    """Every target has an address, and ECS lists no fewer tasks than it counts: lists lag behind.

    Raises:
        CannotTell: it is not so.
    """
    if not all(row.target.id for row in targets(snapshot)):
        raise CannotTell("a target was told without its address")
    service = snapshot.service.value
    counted = (service.running_count if service else None) or 0
    listed = len(list(items(snapshot.tasks)))
    if listed < counted:
        raise CannotTell(
            f"ECS counts {counted} running tasks of the service and lists {listed or 'none'}"
        )


def _instances(snapshot: Snapshot, tasks: list[Task]) -> Iterator[str]:
    ids = {h.container_instance_arn: h.ec2_instance_id for h in items(snapshot.container_instances)}
    for task in tasks:
        found = ids.get(task.container_instance_arn or "")
        if found is None and task.last_status == "RUNNING":
            raise CannotTell(f"the instance of task {task.id[:8]} is not known")
        if found:
            yield found


def groups_with_callers(snapshot: Snapshot) -> frozenset[str]:
    """The ARNs of the groups in which the service registers every task; empty for blue and green.

    Of a blue and a green group one is in use, and the other's silence keeps nobody out.
    """
    named = present(snapshot.service).load_balancers
    if any(len(each.target_groups) > 1 for each in named):
        return frozenset()
    return frozenset(arn for each in named for arn in each.target_groups)


def group_of(snapshot: Snapshot, row: TargetHealth) -> str:
    """The ARN of a row's target group: as it was read, else by its port; empty where neither tells."""
    if row.target_group_arn:
        return row.target_group_arn
    named = present(snapshot.service).load_balancers
    by_port = {
        arn
        for each in named
        if len(named) == 1 or each.container_port == row.target.port
        for arn in each.target_groups
    }
    return by_port.pop() if len(by_port) == 1 else ""


def read_group(snapshot: Snapshot, row: TargetHealth) -> TargetGroup | None:
    """The target group of a row, with its health check; the first where that is not known."""
    groups = list(items(snapshot.target_groups))
    arn = group_of(snapshot, row)
    mine = (group for group in groups if group.target_group_arn == arn)
    return next(mine, next(iter(groups), None))


def is_of_ash(snapshot: Snapshot, group: TargetGroup) -> bool:
    """Whether a group leads to the server, for all that is known: a sidecar answers its own health."""
    service, task = snapshot.service.value, snapshot.task_definition.value
    ash = task.container() if task else None
    named = service.load_balancers if service and ash else ()
    whose = {e.container_name for e in named if group.target_group_arn in e.target_groups}
    return not whose or None in whose or (ash is not None and ash.name in whose)


def group_attributes(snapshot: Snapshot, group: TargetGroup) -> dict[str, str]:
    """The attributes of a target group: those of the first were asked for by themselves.

    None of another's, where they were not read: the report says so by itself.

    Raises:
        CannotTell: those of the first were not read.
    """
    first = next(items(snapshot.target_groups), None)
    if first is not None and first.target_group_arn == group.target_group_arn:
        return snapshot.target_group_attributes.get() or {}
    return (snapshot.other_attributes.value or {}).get(group.target_group_arn, {})


def silent(snapshot: Snapshot, rows: Iterable[TargetHealth]) -> list[TargetHealth]:
    """The targets of groups in which none is healthy: who calls through such a group gets no answer.

    Raises:
        CannotTell: some are not healthy, and nothing tells in which group they stand.
    """
    named = sorted(groups_with_callers(snapshot))  # as told in every run: a set has no order
    by_group: dict[str, list[TargetHealth]] = {arn: [] for arn in named}
    if len(by_group) < 2:
        return []
    for row in rows:
        by_group.setdefault(group_of(snapshot, row), []).append(row)
    nameless = by_group.pop("", [])
    known = [row for group in by_group.values() if not _has_healthy(group) for row in group]
    return [row for row in known if row.state != "unused"] + _of_nameless(by_group, nameless)


def require_each_group(snapshot: Snapshot, rows: list[TargetHealth]) -> None:
    """Every group in which the service registers its tasks has one, as far as rows tell their group.

    Raises:
        CannotTell: one has none while another has: it may be on its way, or was taken out.
    """
    named = groups_with_callers(snapshot)
    known = {row.target_group_arn for row in rows}
    empty = "" if "" in known else next(iter(sorted(named - known)), "")
    if empty and len(named) > 1:
        raise CannotTell(f"no task is registered in target group {empty}, though one is in another")


def _has_healthy(rows: Iterable[TargetHealth]) -> bool:
    return any(row.state == "healthy" for row in rows)


def _of_nameless(
    by_group: dict[str, list[TargetHealth]], rows: list[TargetHealth]
) -> list[TargetHealth]:
    """Those that are not healthy, where fewer are than there are groups: then some group has none."""
    sick = [row for row in rows if row.state not in {"healthy", "unused"}]
    if not sick:
        return []
    unseen = sum(not group for group in by_group.values())
    if len(rows) - len(sick) < unseen:
        return sick
    raise CannotTell(
        f"target {sick[0].target.id} is {sick[0].state} in one of {unseen} target groups, "
        "and it was not told in which: whether that group has another that answers is not known"
    )
