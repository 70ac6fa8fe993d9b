"""What the newest attempts to start a task achieved: a task that started disproves what would stop it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum

from msgspec import Struct

from ash_ops.causes import CAUSES
from ash_ops.checks._facts import (
    RECENT,
    is_serving,
    steady_since,
    stop_time,
    stopped,
)
from ash_ops.checks.base import NotApplicable, Severity, items, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# A start that takes longer than this is no proof any more that the one before it went well.
USUAL_START = timedelta(minutes=4)
# How long a deployment may leave the tasks of the one before it running.
_HANDING_OVER = timedelta(minutes=10)
_SHORTEST_PROOF = timedelta(minutes=5)
_AGAIN = 2  # starts that failed of something else
# How a stack stands whose first deployment was taken back.
UNDONE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "ROLLBACK_IN_PROGRESS"})
_SHORTEST_LIFE = timedelta(minutes=1)


class Stage(IntEnum):
    """How far a start came. Fargate fetches secrets and registry tokens before it pulls the image.

    AWS documentation, "Amazon ECS task lifecycle", and "Stopped tasks error messages"
    (ResourceInitializationError comes before CannotPullContainerError).
    """

    ASKED = 0
    ATTACHED = 1
    FETCHED = 2
    PULLED = 3
    STARTED = 4


def stage_of(task: Task) -> Stage:
    """How far a task came; a time that ECS notes at the end of a phase proves all before it."""
    if task.started_at:
        return Stage.STARTED
    if task.pull_stopped_at and not _failed_to_pull(task):
        return Stage.PULLED
    if task.pull_started_at:
        return Stage.FETCHED
    return Stage.ATTACHED if task.connectivity_at else Stage.ASKED


def _failed_to_pull(task: Task) -> bool:
    """ECS notes the end of a pull that failed, too."""
    words = (task.stopped_reason, *(c.reason for c in task.containers))
    return any("CannotPull" in (text or "") for text in words)


def attempts(snapshot: Snapshot) -> list[Task]:
    """The tasks that were asked for, whatever became of them; the newest first.

    Raises:
        CannotTell: they were not read.
    """
    tasks = [t for t in (*items(snapshot.tasks), *stopped(snapshot)) if t.created_at]
    return sorted(tasks, key=lambda t: t.created_at or snapshot.taken_at, reverse=True)


def reached(snapshot: Snapshot, stage: Stage) -> bool:
    """Whether the newest attempt came that far; one that is still on its way leaves it to the last.

    Only attempts of the revision in place count, and only of the last minutes: what ECS does not
    even try any more proves nothing.

    Raises:
        CannotTell: the tasks were not read.
    """
    wanted = _in_place(snapshot)
    for task in attempts(snapshot):
        if wanted and task.task_definition_arn not in {None, wanted}:
            return False
        is_over = task.last_status == "STOPPED" or task.stopped_at is not None
        # What it proves is of when it started: a task may end long after that.
        came = task.started_at or stop_time(task, snapshot)
        if is_over and snapshot.taken_at - came > RECENT:
            return False
        if stage_of(task) >= stage:
            return True
        if is_over or snapshot.taken_at - (task.created_at or snapshot.taken_at) > USUAL_START:
            return False
    return False


def at_next_start(snapshot: Snapshot, stage: Stage = Stage.STARTED) -> Severity:
    """How bad it is that a new task cannot come past a stage.

    An error, unless a task runs that needs no start, or the newest attempt came past it: whatever
    keeps that one from running is another thing.
    """
    service, stack = snapshot.service.value, snapshot.stack.value
    if service is not None and (service.desired_count == 0 or service.status == "DRAINING"):
        return "warning"  # no start is wanted: that it would fail is not why nothing runs
    if service is None and stack is not None and stack.status in UNDONE:
        return "warning"  # what a rollback took with the service is not why it came to that
    try:
        return "warning" if is_serving(snapshot) or reached(snapshot, stage) else "error"
    except CannotTell:
        return "warning"  # whether anything runs was not read, and is told to be unknown
    except NotApplicable:
        return "error"


def _in_place(snapshot: Snapshot) -> str:
    """The ARN of the task definition that is, or is to be, in place; empty if that is not known."""
    service = snapshot.service.value
    return service.runs if service else ""


class Recovery(Struct, frozen=True):
    """A trouble that seems to be over.

    Attributes:
        at: since when it seems so.
        certain_at: from when on it is certain.
        why: what changed, as the end of a sentence.
    """

    at: datetime
    certain_at: datetime
    why: str


def started_since(snapshot: Snapshot, task: Task) -> Recovery | None:
    """The newest attempt, if it was asked for after a task that never started, and has started."""
    newest = next(iter(attempts(snapshot)), None)
    if newest is None or newest.started_at is None or task.started_at is not None:
        return None
    if newest.task_arn == task.task_arn or newest.started_at < stop_time(task, snapshot):
        return None
    if newest.task_definition_arn not in {None, task.task_definition_arn, _in_place(snapshot)}:
        return None  # the older revision starts: that says nothing of the newer one
    return Recovery(newest.started_at, newest.started_at, f"task {newest.id[:8]} has started")


def changed_since(snapshot: Snapshot, deaths: list[Task]) -> Recovery | None:
    """The tasks that run, if they are of a later deployment than those that died.

    How long they must live until it is certain depends on how long the dead lived.
    """
    last = max(stop_time(t, snapshot) for t in deaths)
    steady, primary = steady_since(snapshot), present(snapshot.service).primary
    if steady is None or steady <= last or primary is None:
        return None
    if not all(is_of_another(t, primary, snapshot) for t in deaths):
        return None
    revision = primary.revision or "another revision"
    proof = _proof(_lives(snapshot, deaths))
    return Recovery(steady, steady + proof, f"{revision} runs, deployed after the last death")


def _lives(snapshot: Snapshot, deaths: list[Task]) -> list[timedelta]:
    """How long each that started has lived."""
    return [
        stop_time(t, snapshot) - max(t.started_at, t.created_at or t.started_at)
        for t in deaths
        if t.started_at
    ]


def _proof(lives: list[timedelta]) -> timedelta:
    """How long tasks must live until it is certain that what ended others is gone."""
    return max(_SHORTEST_PROOF, min(RECENT, 2 * max(lives, default=timedelta(0))))


def outlives(snapshot: Snapshot, deaths: list[Task]) -> Recovery | None:
    """The tasks that run, if they pass their checks and have lived twice as long as any that died.

    What ended those at once, a database that was away, say, does not end these.
    """
    steady, lives = steady_since(snapshot), _lives(snapshot, deaths)
    asked = max(t.created_at or stop_time(t, snapshot) for t in deaths)
    if steady is None or len(lives) < len(deaths) or _passes_after(snapshot, asked) is None:
        return None
    if steady <= asked or snapshot.taken_at - steady < max(_SHORTEST_LIFE, 2 * max(lives)):
        return None
    why = "what runs now has outlived twice over what died"
    return Recovery(steady, steady + _proof(lives), why)


def passes_again(snapshot: Snapshot, deaths: list[Task]) -> Recovery | None:
    """The task that runs, if it passes the very check that those before it were stopped for.

    A check that could not pass, for a closed port or a wrong path, never lets a task become healthy.
    """
    if not all("health checks" in (task.stopped_reason or "") for task in deaths):
        return None
    return _passes_after(snapshot, max(t.created_at or stop_time(t, snapshot) for t in deaths))


def _passes_after(snapshot: Snapshot, asked: datetime) -> Recovery | None:
    """The newest running task, if it was asked for after a moment and passes its checks.

    ECS starts the replacement before it stops a task that fails its checks (since October 2023), so
    a task that passes may be older than the last death: what counts is when each was asked for.
    """
    newest = next((t for t in attempts(snapshot) if t.last_status == "RUNNING"), None)
    if newest is None or newest.started_at is None or newest.created_at is None:
        return None
    if newest.created_at < asked:  # a tie is of two tasks: this one runs, that one died
        return None
    targets = items(snapshot.target_health)
    well = newest.health_status != "UNHEALTHY" and all(t.state == "healthy" for t in targets)
    if not well or newest.health_status == "UNKNOWN":
        return None
    at = newest.started_at
    return Recovery(at, at, f"task {newest.id[:8]} passes its health checks")


def overcome(snapshot: Snapshot, cause: str, message: str, when: datetime) -> datetime | None:
    """Since when a task runs that disproves what ECS complained of; ``None`` if none does.

    A start that was impossible is disproved by a task that started later; a health check, by one
    that passes; a service that could not keep tasks, by whatever disproves what they died of.
    """
    try:
        newest = next((t for t in attempts(snapshot) if t.last_status == "RUNNING"), None)
        if CAUSES[cause].category == "pending" and newest is not None and newest.created_at:
            # Of one moment, the complaint came first where nothing is missing: it was of this task.
            tie = newest.created_at == when and steady_since(snapshot) is not None
            return newest.started_at if newest.created_at > when or tie else None
        if "health" in message:
            passed = _passes_after(snapshot, _asked_before(snapshot, message, when))
            return passed.at if passed else None
        dead = [
            t for t in stopped(snapshot) if stop_time(t, snapshot) <= when and not was_scaled_in(t)
        ]
        recovery = _of_start_or_check(snapshot, dead) if cause == "crash-loop" and dead else None
    except CannotTell:
        return None
    return recovery.at if recovery else None


def _asked_before(snapshot: Snapshot, message: str, when: datetime) -> datetime:
    """The moment after which a task was asked for that disproves a complaint by passing its checks.

    A complaint of one that died is disproved by one asked for later, though ECS starts that before
    the death. A complaint of one that runs, or that has it for a replacement, by that one itself.
    """
    named = [t for t in attempts(snapshot) if t.id and t.id in message and t.created_at]
    if any(task.last_status == "RUNNING" for task in named):
        return datetime.min.replace(tzinfo=when.tzinfo)
    return max((t.created_at for t in named if t.created_at), default=when)


def _of_start_or_check(snapshot: Snapshot, dead: list[Task]) -> Recovery | None:
    if all(task.started_at is None for task in dead):
        return started_since(snapshot, dead[0])
    return passes_again(snapshot, dead) or outlives(snapshot, dead)


def is_of_another(task: Task, primary: ServiceRollout, snapshot: Snapshot) -> bool:
    """Whether a task was of another deployment of the service than the one that is in place.

    It was asked for before that one was begun, and was of another revision or ended about then: a
    deployment may also start the same revision anew.
    """
    if _was_gone_back_from(task, primary, snapshot):
        return False
    begun, stop = primary.created_at, stop_time(task, snapshot)
    if begun is None or begun <= (task.created_at or stop):
        return False
    other = task.task_definition_arn not in {None, primary.task_definition}
    return other or stop < begun + _HANDING_OVER


def _was_gone_back_from(task: Task, primary: ServiceRollout, snapshot: Snapshot) -> bool:
    """Whether a task was of the latest rollout, which ECS took back: what is in place was put there by that.

    The revision before it may be in place under a new deployment of its own.
    """
    newest = next(iter(snapshot.service_deployments.value or ()), None)
    if newest is None or newest.began is None or not (newest.status or "").startswith("ROLLBACK_"):
        return False
    asked, end = task.created_at, newest.finished_at or snapshot.taken_at
    by_the_way_back = primary.created_at is not None and newest.began < primary.created_at <= end
    other = task.task_definition_arn not in {None, primary.task_definition}
    return by_the_way_back and other and asked is not None and newest.began <= asked <= end


def stands_as_wanted(snapshot: Snapshot) -> bool:
    """Whether the service runs, complete and steady, the very revision that its stack wants.

    Then a rollout of another revision, that ECS took back, is nobody's trouble any more.

    Raises:
        CannotTell: one stands, and what the stack wants was not read.
    """
    service = snapshot.service.value
    primary = service.primary if service else None
    try:
        stands = primary is not None and primary.rollout_state == "COMPLETED"
        if primary is None or not stands or steady_since(snapshot) is None:
            return False
    except CannotTell:
        return False
    stack = snapshot.stack.get()
    return stack is not None and stack.outputs.get("TaskDefinitionArn") == primary.task_definition


def are_of_no_concern(snapshot: Snapshot, deaths: Iterable[Task]) -> bool:
    """Whether tasks died of a revision that ECS took back, and the one that is wanted stands.

    Raises:
        CannotTell: they died of another than the one that stands, and what the stack wants was not read.
    """
    service = snapshot.service.value
    primary = service.primary if service else None
    if primary is None:
        return False
    others = all(
        t.task_definition_arn not in {None, primary.task_definition} or _was_taken_back(t, primary)
        for t in deaths
    )
    return others and stands_as_wanted(snapshot)


def _was_taken_back(task: Task, primary: ServiceRollout) -> bool:
    """Whether a task was of a younger deployment than the one in place: ECS rolled that one back.

    It may have been of the same revision, in another network or on other capacity.
    """
    if not primary.id or primary.created_at is None or task.created_at is None:
        return False
    younger = task.created_at > primary.created_at
    return younger and task.started_by not in {None, "", primary.id}


def failed_with_another(snapshot: Snapshot) -> bool:
    """Whether whatever failed of late was of another revision than the one that stands as wanted."""
    try:
        dead = [t for t in stopped(snapshot) if not was_scaled_in(t)]
        return bool(dead) and are_of_no_concern(snapshot, dead)
    except CannotTell:
        return False


def was_scaled_in(task: Task) -> bool:
    """Whether ECS stopped a task because a deployment needed it no more."""
    reason = task.stopped_reason or ""
    return task.stop_code == "ServiceSchedulerInitiated" and reason.startswith("Scaling activity")


def is_owed_a_start(snapshot: Snapshot) -> bool:
    """Whether the newest task never started: the rollout that asked for it is owed another try.

    Beside tasks that serve, ECS tries again by itself, unless it gave the rollout up: to start all anew
    would end what runs.
    """
    service = snapshot.service.value
    primary = service.primary if service else None
    try:
        if is_serving(snapshot) and primary is not None and primary.rollout_state == "COMPLETED":
            return False
        newest = next(iter(attempts(snapshot)), None)
    except (CannotTell, NotApplicable):
        return False
    if newest is None or newest.started_at is not None or was_scaled_in(newest):
        return False
    return newest.last_status == "STOPPED" or newest.stopped_at is not None


def is_superseded(snapshot: Snapshot, deaths: list[Task]) -> bool:
    """Whether one task died of it once, and all that were asked for since never came as far as that one."""
    task = deaths[0]
    if len(deaths) > 1 or task.started_at is None:
        return False
    when = stop_time(task, snapshot)
    since = [t for t in attempts(snapshot) if t.created_at and t.created_at >= when]
    dead = [t for t in since if t.last_status == "STOPPED"]
    return len(dead) >= _AGAIN and all(t.started_at is None for t in since)
