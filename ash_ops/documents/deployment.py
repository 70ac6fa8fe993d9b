"""``ash-ops.status/1``, ``ash-ops.health/1`` and ``ash-ops.runners/1``: how a deployment is."""

from __future__ import annotations

from typing import Literal, TypedDict

Verdict = Literal["healthy", "problem", "inconclusive"]


class Lead(TypedDict):
    """A finding that leads, in short.

    Attributes:
        cause: the slug of the catalogue of causes.
        summary: one sentence with the real names.
    """

    id: str
    cause: str
    severity: Literal["error", "warning", "info"]
    summary: str


class Answer(TypedDict):
    """What the server answered.

    Attributes:
        ok: whether it says that it is well; `null` if it did not say.
        text: the same in words.
    """

    ok: bool | None
    text: str


class ServiceStatus(TypedDict):
    """The service of ECS.

    Attributes:
        desired: how many tasks are wanted.
        stopped_on_purpose: whether `ash-ops stop` stopped it.
    """

    arn: str
    status: str | None
    desired: int | None
    running: int | None
    pending: int | None
    launch_type: str
    task_definition: str | None
    stopped_on_purpose: bool


class RolloutStatus(TypedDict):
    """A deployment of the service.

    Attributes:
        primary: whether it is the newest.
    """

    task_definition: str | None
    state: str | None
    primary: bool


class TaskStatus(TypedDict):
    """A task that runs, or is on its way there."""

    id: str
    status: str | None
    health: str | None
    started: str | None


class TargetStatus(TypedDict):
    """A target of the load balancer."""

    id: str
    port: int | None
    state: str | None


class StackStatus(TypedDict):
    """The stack of CloudFormation."""

    name: str
    status: str


class Disagreement(TypedDict):
    """Where ECS and the coordinator differ."""

    runner: str
    text: str


class FleetStatus(TypedDict):
    """The runners of a multi-machine deployment.

    Attributes:
        wanted: how many ECS is to run.
        registered: how many the coordinator knows; `null` if it was not asked.
        at_work: how many turns run; `null` if it was not asked.
        unasked: why it was not asked.
    """

    wanted: int
    running: int
    registered: int | None
    at_work: int | None
    disagreements: list[Disagreement]
    unasked: str | None


class Status(TypedDict):
    """One screen of a deployment.

    Attributes:
        status: the doctor's verdict.
        findings: those that lead; what they explain is in the doctor's report.
        server: what it answered; `null` where it was not asked.
        runners: how many a coordinator knows; `null` where there is none.
        fleet: only in multi-machine mode.
        drift: what runs otherwise than the stack wants it.
        unknown: what could not be told, and why.
    """

    schema: Literal["ash-ops.status/1"]
    name: str
    region: str
    status: Verdict
    headline: str
    findings: list[Lead]
    url: str | None
    image: str | None
    version: str | None
    server: Answer | None
    service: ServiceStatus | None
    runners: int | None
    fleet: FleetStatus | None
    drift: str | None
    rollouts: list[RolloutStatus]
    tasks: list[TaskStatus]
    targets: list[TargetStatus]
    stack: StackStatus | None
    unknown: list[str]


class Health(TypedDict):
    """The server's own answer, and the verdict.

    Attributes:
        url: where it was asked; `null` when there is no address.
        text: what it answered.
        server_alone: whether only the server was asked, and not AWS.
    """

    schema: Literal["ash-ops.health/1"]
    url: str | None
    status: Verdict
    headline: str
    text: str
    version: str | None
    server_alone: bool


class Runner(TypedDict):
    """A runner as ECS and the coordinator see it.

    Attributes:
        task: the ARN of its task; `null` where ECS runs none of this name.
        host: the instance that it is on.
        version: the tag of its image.
        protected: whether ECS keeps it while others stop; `null` if that is not known.
        registered: whether the coordinator knows it.
        turns: how many run on it now.
        max: how many it takes.
    """

    id: str
    task: str | None
    status: str | None
    zone: str | None
    host: str | None
    version: str | None
    draining: bool
    protected: bool | None
    registered: bool
    turns: int | None
    max: int | None
    sessions: int | None
    last_heartbeat: str | None


class Runners(TypedDict):
    """The fleet of a multi-machine deployment.

    Attributes:
        wanted: how many ECS is to run.
        registered: how many the coordinator knows; `null` if it was not asked.
        unasked: why it was not asked.
    """

    schema: Literal["ash-ops.runners/1"]
    deployment: str
    wanted: int
    registered: int | None
    unasked: str | None
    read_at: str
    runners: list[Runner]
    disagreements: list[Disagreement]
