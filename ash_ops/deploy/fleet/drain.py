"""Empty runners: no new session comes, those that are there go on, and only then may it be ended.

A runner is told by a tag of its task, and answers through the coordinator (``templates/multi-machine.yaml``,
``RunnerTaskDefinition``). It is empty when it has answered and then said to ECS that it holds no session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ash_ops.aws.machines import fleet as calls
from ash_ops.deploy.environment import Environment
from ash_ops.errors import OpsError
from ash_ops.facts.fleet import Fleet, Member, RunnerTask

# A runner reads its tag every 10 s and tells of it with its next heartbeat, 10 s later at most.
_ANSWERS_WITHIN_S = 60.0
# What came in before it was closed has told ECS by then: it looks every 10 s.
_KNOWS_AFTER_S = 15.0
_POLL_S = 3.0
# Idle sandboxes are ended after 30 minutes (``constants.ts``); a turn may last longer than any limit.
PATIENCE_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draining:
    """How far the emptying of runners has come.

    Attributes:
        empty: ids of those that hold no session and get none.
        busy: those that hold sessions still.
        mute: those that have not answered.
    """

    empty: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether all are empty."""
        return not self.busy and not self.mute


def mark(environment: Environment, tasks: Sequence[RunnerTask], *, draining: bool = True) -> None:
    """Tell runners to take no new session, or that they may again.

    Raises:
        ReadFailed: ECS refused.
    """
    for task in tasks:
        calls.set_draining(environment.aws, task.task_arn, draining=draining)


def wait_until_empty(
    environment: Environment,
    ids: Sequence[str],
    look: Callable[[], Fleet],
    patience_s: float = PATIENCE_S,
) -> Draining:
    """Wait for runners that were told to empty themselves.

    Args:
        environment: the world.
        ids: the runners.
        look: reads the fleet.
        patience_s: how long, in seconds; 0 looks once.

    Returns:
        How far it has come when all were empty, one did not answer, or patience ended.

    Raises:
        OpsError: the coordinator could not be asked: then nobody knows.
    """
    clock = environment.clock
    began, closed_since = clock.now(), dict[str, float]()
    while True:
        members = _members(look(), ids)
        now = clock.now()
        for id_, member in members.items():
            if member.is_closed:
                closed_since.setdefault(id_, now)
        come = _judged(members, closed_since, now)
        muted = come.mute and now - began >= _ANSWERS_WITHIN_S
        if come.is_over or muted or now - began >= patience_s:
            return come
        environment.dialogue.live([f"  waiting  {told(come)}"])
        clock.sleep(_POLL_S)


def _members(fleet: Fleet, ids: Sequence[str]) -> dict[str, Member]:
    if fleet.unasked:
        raise OpsError(
            "Whether the runners are empty cannot be told",
            fleet.unasked,
            "Repair that first (`ash-ops doctor connection`); --force goes on without knowing.",
        )
    there = {member.id: member for member in fleet.members if member.task is not None}
    return {id_: there[id_] for id_ in ids if id_ in there}  # one that has gone is empty


def _judged(members: dict[str, Member], closed_since: dict[str, float], now: float) -> Draining:
    empty, busy, mute = [], [], []
    for id_, member in members.items():
        if id_ not in closed_since:
            mute.append(id_)
        elif member.protected is False and now - closed_since[id_] >= _KNOWS_AFTER_S:
            empty.append(id_)
        else:
            busy.append(id_)
    return Draining(empty=tuple(empty), busy=tuple(busy), mute=tuple(mute))


def told(come: Draining) -> str:
    """How far it has come, in one sentence."""
    parts = (
        (come.empty, "empty"),
        (come.busy, "with sessions"),
        (come.mute, "not closed to new sessions yet"),
    )
    return ", ".join(f"{len(ids)} {word}" for ids, word in parts if ids) or "all are gone"
