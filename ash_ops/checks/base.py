"""What a check is, and what it reports.

A check is a pure function of facts: it yields findings, and it raises ``CannotTell``
(through ``Reading.get``) when a fact it needs was not read. Its attributes are its documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from ash_ops.aws.operations import Operation
from ash_ops.checks.playbooks import Playbook
from ash_ops.facts.model import Model
from ash_ops.facts.reading import Reading

Severity = Literal["error", "warning", "info"]
Confidence = Literal["confirmed", "likely"]


class Evidence(Model):
    """One quotable fact: which call said what, and when.

    Attributes:
        source: the call, for instance ``ecs:DescribeTasks``.
        field: the path of the field in its answer, for instance ``tasks[8f2c].stopCode``.
        value: what it held, with secrets masked.
        at: when it was read, or when it happened if the fact carries its own time.
    """

    source: str
    field: str
    value: str
    at: datetime | None = None


class Action(Model):
    """One AWS call that repairs something and does no harm when made twice.

    Attributes:
        operation: which, with its service.
        parameters: the arguments, with the real names.
    """

    operation: Operation
    parameters: dict[str, Any]


class Interruption(StrEnum):
    """What a command interrupts while it is carried out."""

    NOTHING = "nothing is interrupted"
    CONNECTIONS = "new connections go another way; those that are open stay"
    ROUTE = "what is on its way over the old route is lost"
    CALLERS = "shuts out every caller whose address is not named"
    SESSIONS = "replaces the task: every running session ends"
    MAYBE = "may replace the task: then every running session ends"
    SERVICE = "removes it: nothing answers until it is made again"
    LOGS = "log lines that are older are deleted for good"
    DATA = "destroys what it holds for good"
    UNKNOWN = "what it interrupts is not known"

    @property
    def spares_the_task(self) -> bool:
        """Whether a task that serves goes on serving, and everyone who is served goes on."""
        return self in {Interruption.NOTHING, Interruption.CONNECTIONS, Interruption.ROUTE}


class Effect(StrEnum):
    """What a trouble stops."""

    NEXT_START = "next start"
    ANSWERS = "answers now"
    AGENTS = "agents"
    NOTHING = "nothing yet"


VERIFY = "Make sure that it worked."
"""What the last step of a repair is for: it repairs nothing itself."""


class Fix(Model):
    """One step of a repair.

    Attributes:
        why: what the step does; a full sentence.
        command: the command with the real names in it; ``None`` for what no command can do, and
            for what a person must decide first.
        action: the same as a call that ``doctor --fix`` may make; ``None`` where a person decides.
        interrupts: what the command interrupts; ``None`` where there is none, or it only looks.
        breaks: what the doctor would find broken after the command, which is therefore not printed.
    """

    why: str
    command: str | None = None
    action: Action | None = None
    interrupts: Interruption | None = None
    breaks: tuple[str, ...] = ()


class Finding(Model):
    """One thing that is wrong, or worth knowing.

    Attributes:
        id: stable within a report: the cause, and the subject if several share a cause.
        cause: the slug of the catalogue of causes.
        summary: one sentence with the real names.
        subject: what it is about, as ``kind/name``: ``task/8f2c...``, ``target/10.0.1.5:4100``,
            ``subnet/subnet-1``, ``service/ash-cloud``, ``revision/7``, ``balancer/x``,
            ``listener/4100``, ``stack/x``, ``host/i-1``, ``secret/x``, ``role/x``; empty for the
            deployment as a whole.
        others: further subjects that the same fault befell, in the same form.
        since: when it began, if known.
        until: when it was over; ``None`` while it lasts, for all that is known.
        effect: what it stops.
        explains: ids of the findings that are consequences of this one.
        explained_by: the id of the finding this one is a consequence of.
    """

    id: str
    cause: str
    title: str
    severity: Severity
    confidence: Confidence
    playbook: Playbook
    summary: str
    subject: str = ""
    others: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    effect: Effect = Effect.NOTHING
    evidence: tuple[Evidence, ...] = ()
    fix: tuple[Fix, ...] = ()
    explains: tuple[str, ...] = ()
    explained_by: str | None = None


F = TypeVar("F")


class Check(Struct, Generic[F], frozen=True, kw_only=True):
    """A check and what is known about it.

    The facts are a ``Snapshot`` for the doctor's checks, a ``PlannedDeployment`` for those of the playbook
    ``plan``, and a ``NewDeployment`` for those of ``proof``.

    Attributes:
        id: its name in reports, for instance ``stopped-tasks``.
        title: what it makes sure of; reads as a statement that holds when all is well.
        playbook: the chapter it belongs to.
        run: yields the findings; raises ``CannotTell`` when facts are missing.
        causes: the slugs it can report.
        explains: the slugs of findings that are consequences of what it reports.
        always: whether it is made whatever playbooks were asked for, since nothing else can be told
            without it.
        vital: whether a deployment may be down in a way that only this check would show; if such a
            check cannot tell, the diagnosis is inconclusive rather than healthy.
        last: whether it is made after the others of its playbook: of findings that weigh the same, the
            one that was found first is told first.
    """

    id: str
    title: str
    playbook: Playbook
    run: Callable[[F], Iterable[Finding]]
    causes: tuple[str, ...]
    explains: tuple[str, ...] = ()
    vital: bool = False
    always: bool = False
    last: bool = False


class NotApplicable(Exception):
    """The check has nothing to look at here; it counts neither as passed nor as unknown."""


T = TypeVar("T")


def present(reading: Reading[T]) -> T:
    """The value of a reading of something without which the check has no subject.

    Raises:
        CannotTell: it was not read.
        NotApplicable: it does not exist.
    """
    value = reading.get()
    if value is None:
        raise NotApplicable(f"{reading.call} found nothing")
    return value


def asked(reading: Reading[T]) -> T | None:
    """The value of a reading that is not always made, and that an older snapshot does not have.

    Raises:
        CannotTell: it was asked for, and not answered.
        NotApplicable: nobody asked for it.
    """
    cannot_tell = reading.cannot_tell()
    if cannot_tell is not None and cannot_tell.by_choice:
        raise NotApplicable(cannot_tell.reason)
    return reading.get()


def items(reading: Reading[tuple[T, ...]]) -> Iterator[T]:
    """The elements of a reading; none if the thing does not exist.

    Raises:
        CannotTell: it was not read.
    """
    return iter(reading.get() or ())
