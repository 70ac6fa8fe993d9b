"""What several checks derive from the same facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from ash_ops.checks.base import NotApplicable, items, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition, TaskDefinition
from ash_ops.facts.tasks import Task
from ash_ops.facts.vocabulary import TASK_STATUS

# A network load balancer needs up to two minutes and three checks to call a new target healthy
# (aws/containers-roadmap#469: 70-120 s in `initial`).
WARM_UP = timedelta(minutes=4)
# What AWS takes away, and ECS replaces by itself (ECS, "TaskStopCode").
_TAKEN = frozenset({"SpotInterruption", "TerminationNotice", "InfrastructureHealth"})
_FIRST_TASK = timedelta(minutes=2)  # ECS asks for one within seconds, and tells of it some later
RECENT = timedelta(minutes=15)
HOUR = timedelta(hours=1)
# Why nothing is known of what the server gives away.
NOT_ASKED = "the server gave no answer from which it could be seen"


def running(snapshot: Snapshot) -> list[Task]:
    """The tasks that run now.

    Raises:
        CannotTell: the tasks were not read, or one is in a state that nobody knows.
    """
    tasks = list(items(snapshot.tasks))
    odd = next((t for t in tasks if t.last_status not in TASK_STATUS.values), None)
    if odd is not None:
        raise CannotTell(f"task {short(odd)} is in state {odd.last_status!r}, which is not known")
    return [t for t in tasks if t.last_status == "RUNNING"]


def starting(snapshot: Snapshot) -> list[Task]:
    """The tasks that were asked for and do not run yet."""
    early = {"PROVISIONING", "PENDING", "ACTIVATING"}
    return [t for t in items(snapshot.tasks) if t.last_status in early]


def is_serving(snapshot: Snapshot) -> bool:
    """Whether a task runs now; by the service's own count where the tasks could not be read.

    Raises:
        CannotTell: neither was read.
    """
    try:
        return bool(running(snapshot))
    except CannotTell:
        service = present(snapshot.service)
        if service.running_count is None:
            raise
        return service.running_count > 0


def runs_a_task(snapshot: Snapshot) -> bool:
    """Whether a task runs, for all that is known: what could not be read may well run."""
    try:
        return is_serving(snapshot)
    except NotApplicable:
        return False
    except CannotTell:
        return True


def serves(snapshot: Snapshot) -> bool:
    """Whether a task serves callers, for all that is known: nothing may stop one that may serve."""
    return runs_a_task(snapshot) and _may_answer(snapshot)


def _may_answer(snapshot: Snapshot) -> bool:
    targets, probe = snapshot.target_health, snapshot.probe.value
    # With neither a target nor an answer to go by, nobody knows.
    unknown = targets.gap is not None or not (targets.value or (probe and probe.rungs))
    return unknown or answers(snapshot)


def answers(snapshot: Snapshot) -> bool:
    """Whether the server is known to answer: to the load balancer, or to this machine."""
    if any(row.target_health.state == "healthy" for row in snapshot.target_health.value or ()):
        return True
    return answers_here(snapshot)


def answers_here(snapshot: Snapshot) -> bool:
    """Whether the server is known to answer this machine."""
    rungs = snapshot.probe.value.rungs if snapshot.probe.value else ()
    return any(r.name in {"http", "health"} and r.outcome == "ok" for r in rungs)


def was_proven(snapshot: Snapshot) -> bool:
    """Whether ``--canary`` made a session that got an answer."""
    probe = snapshot.probe.value
    canary = probe.rung("canary") if probe else None
    return canary is not None and canary.outcome == "ok"


def is_of_runners(snapshot: Snapshot) -> bool:
    """Whether these are the facts of the runners alone, whose sizes have options of their own."""
    return snapshot.deployment.service == f"{snapshot.deployment.name}-runners"


def is_coordinator(snapshot: Snapshot) -> bool:
    """Whether the server hands its sessions to runners: multi-machine mode."""
    task = snapshot.task_definition.value
    container = task.container() if task else None
    return container is not None and any(
        e.name == "ASH_MODE" and e.value == "coordinator" for e in container.environment
    )


def on_ec2(snapshot: Snapshot) -> bool:
    """Whether the server's tasks are put on EC2 instances."""
    service, task = snapshot.service.value, snapshot.task_definition.value
    if service is not None and (service.launch_type or service.capacity_provider_strategy):
        return not on_fargate(service)
    return bool(task and task.requires_compatibilities == ("EC2",))


def on_managed(snapshot: Snapshot) -> bool:
    """Whether ECS itself keeps the instance that the server's task is for (Managed Instances)."""
    task = snapshot.task_definition.value
    return bool(task and "MANAGED_INSTANCES" in task.requires_compatibilities)


def ready_at(snapshot: Snapshot) -> datetime | None:
    """When a deployment that comes up as it should will answer; ``None`` where none does.

    A young task that starts or warms up, and no task of the same deployment that died lately of
    something else: then it is too early to call silence a fault.

    Raises:
        CannotTell: the tasks were not read, and one may be young; or those that died beside one that is.
    """
    if any(row.target_health.state == "healthy" for row in snapshot.target_health.value or ()):
        return None  # the load balancer waits for nothing any more
    if snapshot.tasks.gap is not None and not _counts_a_young_one(snapshot):
        return None
    tasks = list(items(snapshot.tasks))
    young = [t for t in tasks if _age(t, snapshot) < WARM_UP]
    if len(young) < len(tasks) or (not tasks and _first_at(snapshot) is None):
        return None  # whatever died
    died = [t for t in stopped(snapshot) if snapshot.taken_at - stop_time(t, snapshot) < RECENT]
    failed = [
        t
        for t in died
        if not t.was_asked_to_stop
        and t.stop_code not in _TAKEN
        and not _is_behind(t, young, snapshot)
    ]
    if failed:
        return None
    if not young:
        return _first_at(snapshot)
    return max(t.started_at or t.created_at or snapshot.taken_at for t in young) + WARM_UP


def _counts_a_young_one(snapshot: Snapshot) -> bool:
    """Whether a task may be young, by the service's own count and events, where the tasks were not read."""
    service = snapshot.service.value
    if service is None:
        return False
    primary = service.primary
    moments = [e.created_at for e in service.events if "has started" in e.message]
    moments += [primary.created_at] if primary else []
    lately = any(at is not None and snapshot.taken_at - at < WARM_UP for at in moments)
    return lately or service.pending_count != 0


def _first_at(snapshot: Snapshot) -> datetime | None:
    """When the first task answers of a deployment that was asked for a moment ago; ``None`` where none was."""
    service = snapshot.service.value
    primary = service.primary if service else None
    if (
        service is None
        or primary is None
        or primary.created_at is None
        or not service.desired_count
    ):
        return None
    is_new = snapshot.taken_at - primary.created_at < _FIRST_TASK
    return primary.created_at + _FIRST_TASK + WARM_UP if is_new else None


def _is_behind(dead: Task, young: list[Task], snapshot: Snapshot) -> bool:
    """Whether what a task died of is behind: of an earlier deployment, or of a start that now went well."""
    service = snapshot.service.value
    primary = service.primary if service else None
    asked = dead.created_at or stop_time(dead, snapshot)
    if primary is not None and primary.created_at is not None and primary.created_at > asked:
        return True
    return dead.started_at is None and any(t.started_at for t in young)


def is_coming_up(snapshot: Snapshot) -> bool:
    """Whether it is too early to call silence a fault; not where that could not be read."""
    try:
        return ready_at(snapshot) is not None
    except CannotTell:
        return False


def _age(task: Task, snapshot: Snapshot) -> timedelta:
    return snapshot.taken_at - (task.started_at or task.created_at or snapshot.taken_at)


def on_fargate(service: Service) -> bool:
    """Whether a service's tasks are put on Fargate, by its launch type or capacity providers."""
    if service.launch_type:
        return service.launch_type == "FARGATE"
    providers = [item.capacity_provider for item in service.capacity_provider_strategy]
    return all(name.startswith("FARGATE") for name in providers)


def stopped(snapshot: Snapshot) -> list[Task]:
    """The stopped tasks that ECS or the event archive remembers, newest first, each once."""
    found: dict[str, Task] = {}
    for source in (_from_ecs, _from_archive):
        for task in source(snapshot):
            found.setdefault(task.task_arn, task)
    return sorted(found.values(), key=lambda t: stop_time(t, snapshot), reverse=True)


def _from_ecs(snapshot: Snapshot) -> list[Task]:
    return list(items(snapshot.stopped_tasks))


def _from_archive(snapshot: Snapshot) -> list[Task]:
    """The archive adds to what ECS says; without it ECS's own answer still stands."""
    try:
        return [archived.task for archived in items(snapshot.archived_tasks)]
    except CannotTell:
        return []


def stop_time(task: Task, snapshot: Snapshot) -> datetime:
    """When a task stopped; the time of the snapshot if nobody noted it."""
    return task.stopped_at or task.stopping_at or task.created_at or snapshot.taken_at


def has_healthy_target(snapshot: Snapshot) -> bool:
    """Whether the load balancer calls some target healthy."""
    return any(row.target_health.state == "healthy" for row in items(snapshot.target_health))


def steady_since(snapshot: Snapshot) -> datetime | None:
    """Since when as many tasks run as are wanted; ``None`` while fewer do."""
    service = present(snapshot.service)
    tasks = running(snapshot)
    if not tasks or len(tasks) < (service.desired_count or 0):
        return None
    return max(t.started_at or t.created_at or snapshot.taken_at for t in tasks)


def began_after(rollout: ServiceRollout, moment: datetime) -> bool:
    """Whether a deployment of the service was begun after a moment, as far as that is known."""
    return rollout.created_at is not None and rollout.created_at > moment


def definition(snapshot: Snapshot) -> TaskDefinition:
    """The task definition that the service's primary deployment wants.

    Raises:
        CannotTell: it was not read.
        NotApplicable: there is none.
    """
    found = snapshot.task_definition.get()
    if found is None and snapshot.service.value is not None and snapshot.service.value.runs:
        raise CannotTell(f"task definition {snapshot.service.value.runs} was not found")
    return present(snapshot.task_definition)


def ash_container(snapshot: Snapshot) -> ContainerDefinition:
    """The container definition of the Ash server.

    Raises:
        CannotTell: the task definition was not read, or holds no container.
    """
    container = definition(snapshot).container()
    if container is None or not (container.name or container.image):
        raise CannotTell("the task definition names no container")
    return container


def short(task: Task) -> str:
    """A task's id as people quote it."""
    return task.id[:8]


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in words: ``3 min``, ``2 h``."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
