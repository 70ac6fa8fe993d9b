"""What died and why, collected while it happens: a rollback deletes the service and ECS forgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ash_ops.aws import ecs
from ash_ops.aws.client.session import Aws
from ash_ops.causes import UNKNOWN, classify
from ash_ops.causes import cause as cause_named
from ash_ops.causes.base import general
from ash_ops.facts.model import plain
from ash_ops.facts.services import Service
from ash_ops.facts.stacks import StackEvent
from ash_ops.facts.tasks import Container, Task
from ash_ops.names import Deployment

ENOUGH_DEATHS = 3
# A task that its own rollout replaced did not die of anything.
_ORDINARY = frozenset({"ServiceSchedulerInitiated", "UserInitiated"})
_UNHEALTHY = ("health check", "unhealthy")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadTask:
    """A task that stopped against the service's will.

    Attributes:
        cause: a slug of the catalogue, or ``unknown``.
        text: what ECS and the container said.
    """

    id: str
    cause: str
    title: str
    text: str
    stopped_at: datetime | None

    @property
    def kind(self) -> str:
        """What two deaths must share to count as the same."""
        return self.cause if self.cause != UNKNOWN else self.text


@dataclass(slots=True)
class Evidence:
    """Everything seen to go wrong in one deployment; it only grows."""

    started_after: datetime | None = None
    tasks: dict[str, DeadTask] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    failures: list[StackEvent] = field(default_factory=list)

    def add_event(self, event: StackEvent) -> None:
        """Keep a stack event that tells a failure, once."""
        if event.status.endswith("_FAILED") and all(e.id != event.id for e in self.failures):
            self.failures.append(event)

    def add_service(self, service: Service) -> None:
        """Keep the service's own messages."""
        for event in service.events:
            if self.is_recent(event.created_at):
                self.messages.setdefault(event.id, event.message)

    def add_tasks(self, tasks: Iterable[Task]) -> None:
        """Keep the tasks that died."""
        for task in tasks:
            dead = _dead_task(task)
            if dead and self.is_recent(dead.stopped_at):
                self.tasks.setdefault(dead.id, dead)

    def is_recent(self, at: datetime | None) -> bool:
        """Whether something happened in this deployment, and not before."""
        return self.started_after is None or at is None or at >= self.started_after

    def kinds(self) -> list[tuple[DeadTask, int]]:
        """The kinds of death, the most frequent first, each with one example."""
        counted = Counter(task.kind for task in self.tasks.values())
        example = {task.kind: task for task in reversed(list(self.tasks.values()))}
        return [(example[kind], count) for kind, count in counted.most_common()]

    def verdict(self) -> DeadTask | None:
        """The death of which enough tasks have died for the wait to be pointless."""
        kinds = self.kinds()
        return kinds[0][0] if kinds and kinds[0][1] >= ENOUGH_DEATHS else None

    def root(self) -> StackEvent | None:
        """The first failure of the stack: later ones were cancelled because of it."""
        real = [e for e in self.failures if "cancelled" not in (e.reason or "").lower()]
        return next(iter(real or self.failures), None)

    def death_lines(self) -> tuple[str, ...]:
        """The kinds of death, one line each."""
        return tuple(f"{count} x {task.title}: {task.text}" for task, count in self.kinds())


def collect(aws: Aws, deployment: Deployment, service: Service, evidence: Evidence) -> None:
    """Read what has died since the last look.

    Raises:
        ReadFailed: the tasks could not be read.
    """
    evidence.add_service(service)
    cluster, name = deployment.cluster, deployment.service
    evidence.add_tasks(ecs.service_tasks(aws, cluster, name, "STOPPED"))


def _dead_task(task: Task) -> DeadTask | None:
    reason = task.stopped_reason or ""
    ordinary = task.stop_code in _ORDINARY
    if ordinary and not any(mark in reason.lower() for mark in _UNHEALTHY):
        return None
    answer = classify("stopped_task", plain(task))
    return DeadTask(
        id=task.id,
        cause=answer.cause,
        title=answer.title if answer.cause != UNKNOWN else task.stop_code or "stopped",
        text=_told(task.containers, reason),
        stopped_at=task.stopped_at,
    )


def _told(containers: Iterable[Container], reason: str) -> str:
    parts = [reason]
    for container in containers:
        if container.reason and container.reason not in reason:
            parts.append(container.reason)
        if container.exit_code:
            parts.append(f"{container.name or 'container'} exited {container.exit_code}")
    return "; ".join(" ".join(part.split()) for part in parts if part)[:300]


def repair_of(slug: str) -> tuple[str, ...]:
    """What to do about a cause, as lines: why, and the command."""
    if slug == UNKNOWN:
        return ()
    steps = general(cause_named(slug).repair)
    return tuple(
        f"{step.why} {f'`{step.command}`' if step.command else ''}".strip() for step in steps
    )
