"""What each JSON document holds, beside those that are made of facts (the doctor's report, a snapshot).

The contracts: mypy holds what writes a document to the class of its name here, and the JSON Schemas in
``docs/schemas`` follow from them (``tools/json_page.py``). Nothing needs this module to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

Verdict = Literal["healthy", "problem", "inconclusive"]
# Written as a number with every digit of the Decimal; for a schema a Decimal would be a text.
if TYPE_CHECKING:
    from decimal import Decimal as Number
else:
    Number = float


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


class Status(TypedDict):
    """One screen of a deployment.

    Attributes:
        status: the doctor's verdict.
        findings: those that lead; what they explain is in the doctor's report.
        server: what it answered; `null` where it was not asked.
        runners: how many a coordinator knows; `null` where there is none.
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


class Disagreement(TypedDict):
    """Where ECS and the coordinator differ."""

    runner: str
    text: str


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


class Quoted(TypedDict):
    """What decided.

    Attributes:
        source: which field or line it stands in.
    """

    source: str
    quote: str


class Advice(TypedDict):
    """A step: what it is for, and the command if there is one."""

    why: str
    command: str | None


class Confusable(TypedDict):
    """What it is not, and how to tell."""

    cause: str
    because: str


# One of its names is a word of Python's.
Explained = TypedDict(
    "Explained",
    {
        "subject": str,
        "kind": str | None,
        "times": int,
        "cause": str,
        "severity": str | None,
        "title": str,
        "meaning": str | None,
        "why": list[Quoted],
        "proof": list[Advice],
        "repair": list[Advice],
        "not": list[Confusable],
        "alternatives": list[str],
        "docs_url": str | None,
        "unread": int,
    },
)


class Explanations(TypedDict):
    """What a text means.

    Attributes:
        explanations: one a cause, the root first; never empty.
    """

    schema: Literal["ash-ops.explain/1"]
    explanations: list[Explained]


class Range(TypedDict):
    """A month at other regions' prices, where this region's is unknown."""

    low: Number
    high: Number


class CostLine(TypedDict):
    """A line of the bill.

    Attributes:
        unit_price: US dollars; `null` where nobody knows it.
        hourly: US dollars.
        monthly: US dollars; a month has 730 hours.
        source: where the price is from.
        as_of: the day of the price.
        live: whether AWS was asked for it just now.
        subject: what of the deployment it is for.
    """

    item: str
    quantity: Number | None
    unit: str
    unit_price: Number | None
    hourly: Number | None
    monthly: Number | None
    source: str | None
    as_of: str | None
    live: bool
    subject: str
    range: Range | None


class Total(TypedDict):
    """The sum.

    Attributes:
        at_least: whether a line is missing from it, for its price is not known.
    """

    hourly: Number | None
    monthly: Number
    at_least: bool
    range: Range | None


class Figures(TypedDict):
    """Lines and their sum."""

    lines: list[CostLine]
    total: Total


class Otherwise(TypedDict):
    """Another way to run the same, and what it would cost."""

    name: str
    monthly: Number | None
    note: str


class Difference(TypedDict):
    """What a change would cost more, or less.

    Attributes:
        of_known_lines: the difference of the lines whose price is known.
    """

    monthly: Number | None
    of_known_lines: Number


class Compared(Figures):
    """What it would cost after a change."""

    change: str
    region: str
    difference: Difference


class ServiceBill(TypedDict):
    """What AWS charged for a service.

    Attributes:
        estimated: a month by the estimate, if it has lines of this service.
        tagged: what carries the deployment's tag.
        account: what the whole account paid.
    """

    service: str
    currency: str
    estimated: Number | None
    tagged: Number | None
    account: Number | None


class Bill(TypedDict):
    """What Cost Explorer says that was charged.

    Attributes:
        charge: US dollars that asking cost.
        complete: whether every page was read.
    """

    start: str
    end: str
    currency: str
    tag: str
    tag_status: str
    charge: Number
    complete: bool
    services: list[ServiceBill]
    notes: list[str]


class MessageTokens(TypedDict):
    """The tokens of one message."""

    input: Number
    output: Number
    cache_write: Number
    cache_read: Number


class AgentBill(TypedDict):
    """What an agent's tokens cost a month."""

    agent: str
    monthly: Number | None


class Tokens(TypedDict):
    """What the model costs.

    Attributes:
        basis: whether the server counted, or the numbers are assumed.
        message: US dollars for one.
        session: US dollars for one; `null` where their number is not known.
    """

    model: str
    source: str
    basis: Literal["assumed", "counted"]
    messages_per_day: Number
    per_message: MessageTokens
    message: Number | None
    session: Number | None
    daily: Number | None
    monthly: Number | None
    agents: list[AgentBill]


class Size(TypedDict):
    """A way to run so many sandboxes.

    Attributes:
        holds: how many sandboxes it holds.
        cannot: why it cannot; empty if it can.
        command: what deploys it.
    """

    configuration: str
    holds: int
    monthly: Number
    at_least: bool
    cannot: str
    command: str
    runs_agents: bool


class Cost(Figures):
    """What a deployment costs, in US dollars.

    Attributes:
        basis: whether what is deployed was counted, or a plan.
        excluded: what is not in it.
        notes: what to know of single lines.
        comparison: the first of `comparisons`.
        actual: with `--actual`.
        tokens: with `--messages-per-day` or where the server counted.
        sizes: with `--for`.
    """

    schema: Literal["ash-ops.cost/1"]
    region: str
    currency: Literal["USD"]
    basis: Literal["deployed", "planned"]
    mode: str
    assumptions: list[str]
    excluded: list[str]
    notes: list[str]
    otherwise: list[Otherwise]
    comparison: NotRequired[Compared]
    comparisons: NotRequired[list[Compared]]
    actual: NotRequired[Bill]
    tokens: NotRequired[Tokens]
    sizes: NotRequired[list[Size]]
