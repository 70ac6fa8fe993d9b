"""Waiting for a stack with open eyes: events, the rollout inside, and what dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.domain.waiting import PendingCertificate
from ash_ops.deploy.live import find_service
from ash_ops.deploy.run import evidence as gathering
from ash_ops.deploy.run.evidence import DeadTask, Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.unplaced import Unplaced
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment

_FIRST = 0.4
_POLL = 2.0
_MOST = 20.0
_LIMIT = 75 * 60.0
_EXPIRED = (
    "ExpiredToken",
    "RequestExpired",
    "TokenRefreshRequired",
    "UnauthorizedSSOToken",
    "InvalidClientTokenId",
    "UnrecognizedClient",
)
_PASSING = ("throttled", "timeout", "unreachable")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a wait ended.

    Attributes:
        status: the stack's status; ``DELETE_COMPLETE`` when it is gone.
        verdict: the death that made waiting pointless, when that is why it ended.
        pointless: why waiting longer is, in a sentence; empty where the stack came to rest.
    """

    status: str
    reason: str | None = None
    verdict: DeadTask | None = None
    pointless: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Watch:
    """One wait for one stack.

    Attributes:
        stack_id: the stack's id: a name stops working when the stack is deleted.
        after: the id of the last event that belongs to the past.
        stop_early: whether enough deaths of one kind end the wait.
        resumed: whether the service's own events may lie in the past, so that it is looked at anyway.
        again: the command that picks the wait up after an interruption.
        beside: is done with every look.
    """

    aws: Aws
    deployment: Deployment
    stack_id: str
    dialogue: Dialogue
    clock: Clock
    progress: Progress
    evidence: Evidence
    after: str | None = None
    stop_early: bool = True
    resumed: bool = False
    again: str = "ash-ops deploy"
    beside: Callable[[], None] = lambda: None
    unplaced: Unplaced = field(default_factory=Unplaced)
    certificate: PendingCertificate = field(default_factory=PendingCertificate)
    _poll: float = _FIRST
    _usual: float = _FIRST

    def follow(self) -> End:
        """Wait until the stack is at rest.

        Raises:
            OpsError: the credentials expired, or it takes too long; AWS goes on by itself.
            ReadFailed: a read failed in a way that waiting does not mend.
        """
        limit = self.clock.now() + _LIMIT
        while self.clock.now() < limit:
            end = self._look()
            if end is not None:
                self.dialogue.settle()
                return end
            self.clock.sleep(self._poll)
        raise OpsError(
            f"{self.progress.title} is still not finished",
            "it has been watched for over an hour",
            f"AWS goes on by itself. `{self.again}` picks the wait up again.",
        )

    def _look(self) -> End | None:
        """One look at everything; ``None`` to go on waiting."""
        try:
            end = self._at_rest()
            self._take_events()
            self._take_service()
            self._take_certificate()
            self.beside()
        except ReadFailed as error:
            self._count_failure(error)
            return None
        # Often at first, when much happens, then every two seconds.
        self._usual = min(_POLL, self._usual * 1.5)
        self._poll = self._usual
        self.progress.note = ""
        self.dialogue.live(self.progress.render(self.clock.now()))
        return end or self._pointless()

    def _at_rest(self) -> End | None:
        # Asked before the events are read: so the last event is never missed.
        stack = cloudformation.find_stack(self.aws, self.stack_id)
        if stack is None:
            return End(status="DELETE_COMPLETE")
        return None if is_moving(stack) else _end(stack)

    def _take_events(self) -> None:
        try:
            fresh = cloudformation.events_after(self.aws, self.stack_id, self.after)
        except ReadFailed as error:
            if "does not exist" in error.message:
                return
            raise
        for event in fresh:
            self.after = event.id
            self.evidence.add_event(event)
            self.certificate.note(event, self.clock.now())
            line = self.progress.feed(event, self.clock.now())
            if line:
                self.dialogue.event(line)

    def _take_certificate(self) -> None:
        for line in self.certificate.to_tell(self.aws, self.clock.now(), self.again):
            self.dialogue.event(line)

    def _take_service(self) -> None:
        row = self.progress.rows.get("Service")
        if (row is None and not self.resumed) or (row and row.status.startswith("DELETE")):
            return
        service = find_service(self.aws, self.deployment)
        if service is None:
            return
        lines = tuple(rollout.line for rollout in service.deployments)
        if lines != self.progress.rollout:
            self.progress.rollout = lines
            for line in lines[:1]:
                self.dialogue.event(f"rollout {line}")
        recent = [e for e in service.events if self.evidence.is_recent(e.created_at)]
        self.unplaced.note(recent, self.clock.now())
        self._take_deaths(
            lambda: gathering.collect(self.aws, self.deployment, service, self.evidence)
        )

    def _take_deaths(self, collect: Callable[[], None]) -> None:
        known = set(self.evidence.tasks)
        collect()
        self.progress.deaths = self.evidence.death_lines()
        for id_, task in self.evidence.tasks.items():
            if id_ not in known:
                self.dialogue.event(f"task {id_[:8]} died: {task.title}: {task.text}")

    def _pointless(self) -> End | None:
        if not self.stop_early:
            return None
        verdict = self.evidence.verdict()
        if verdict is not None:
            why = f"Three tasks died of the same cause ({verdict.title})"
            return End(status="POINTLESS", verdict=verdict, pointless=why)
        why = self.unplaced.verdict(self.clock.now())
        return End(status="POINTLESS", pointless=why) if why else None

    def _count_failure(self, error: ReadFailed) -> None:
        """Wait longer after a passing failure; end with a way to go on after a lasting one."""
        if any(mark in error.code for mark in _EXPIRED):
            raise OpsError(
                "The AWS credentials expired during the wait",
                f"{error.call}: {error.code}. What was started in AWS goes on by itself",
                f"Renew them (for instance `aws sso login`), then run `{self.again}` again: it "
                "picks up where this ended.",
            ) from error
        if error.kind not in _PASSING:
            raise error
        self._poll = min(_MOST, max(_POLL, self._poll) * 2)
        self.progress.note = f"{error.call}: {error.kind}; asking again in {self._poll:.0f} s"
        self.dialogue.live(self.progress.render(self.clock.now()))


def is_moving(stack: Stack) -> bool:
    """Whether CloudFormation is at work on it."""
    return stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS"


def _end(stack: Stack) -> End:
    return End(status=stack.status, reason=stack.reason, outputs=dict(stack.outputs))


def last_event(aws: Aws, stack: str) -> str | None:
    """The id of the newest event of a stack, so that a wait shows only what comes after.

    Raises:
        ReadFailed: the events could not be read.
    """
    events = cloudformation.events_after(aws, stack, None)
    return events[-1].id if events else None
