"""What died and why, collected while it happens: a rollback deletes the service and ECS forgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ash_ops.aws.cloudformation import Event
from ash_ops.aws.session import Aws
from ash_ops.causes import UNKNOWN, classify
from ash_ops.causes import cause as cause_named
from ash_ops.causes.base import general
from ash_ops.deploy.live import ServiceState, list_tasks
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
    failures: list[Event] = field(default_factory=list)

    def add_event(self, event: Event) -> None:
        """Keep a stack event that tells a failure, once."""
        if event.status.endswith("_FAILED") and all(e.id != event.id for e in self.failures):
            self.failures.append(event)

    def add_service(self, service: ServiceState) -> None:
        """Keep the service's own messages."""
        for id_, at, message in service.events:
            if self._is_recent(at):
                self.messages.setdefault(id_, message)

    def add_tasks(self, tasks: list[Mapping[str, Any]]) -> None:
        """Keep the tasks that died."""
        for raw in tasks:
            dead = _dead_task(raw)
            if dead and self._is_recent(dead.stopped_at):
                self.tasks.setdefault(dead.id, dead)

    def _is_recent(self, at: datetime | None) -> bool:
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

    def root(self) -> Event | None:
        """The first failure of the stack: later ones were cancelled because of it."""
        real = [e for e in self.failures if "cancelled" not in (e.reason or "").lower()]
        return next(iter(real or self.failures), None)

    def death_lines(self) -> tuple[str, ...]:
        """The kinds of death, one line each."""
        return tuple(f"{count} x {task.title}: {task.text}" for task, count in self.kinds())


def collect(aws: Aws, deployment: Deployment, service: ServiceState, evidence: Evidence) -> None:
    """Read what has died since the last look.

    Raises:
        ReadFailed: the tasks could not be read.
    """
    evidence.add_service(service)
    evidence.add_tasks(list_tasks(aws, deployment, "STOPPED"))


def _dead_task(raw: Mapping[str, Any]) -> DeadTask | None:
    reason = str(raw.get("stoppedReason") or "")
    ordinary = raw.get("stopCode") in _ORDINARY
    if ordinary and not any(mark in reason.lower() for mark in _UNHEALTHY):
        return None
    answer = classify("stopped_task", dict(raw))
    return DeadTask(
        id=str(raw.get("taskArn", "")).rsplit("/", 1)[-1],
        cause=answer.cause,
        title=answer.title if answer.cause != UNKNOWN else str(raw.get("stopCode") or "stopped"),
        text=_told(raw, reason),
        stopped_at=raw.get("stoppedAt"),
    )


def _told(raw: Mapping[str, Any], reason: str) -> str:
    parts = [reason]
    for container in raw.get("containers") or ():
        code = container.get("exitCode")
        told = container.get("reason") or ""
        if told and told not in reason:
            parts.append(told)
        if code:
            parts.append(f"{container.get('name', 'container')} exited {code}")
    return "; ".join(" ".join(part.split()) for part in parts if part)[:300]


def repair_of(slug: str) -> tuple[str, ...]:
    """What to do about a cause, as lines: why, and the command."""
    if slug == UNKNOWN:
        return ()
    steps = general(cause_named(slug).repair)
    return tuple(
        f"{step.why} {f'`{step.command}`' if step.command else ''}".strip() for step in steps
    )
