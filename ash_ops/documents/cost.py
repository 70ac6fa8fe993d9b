"""``ash-ops.cost/1``: what a deployment costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

# Written as a number with every digit of the Decimal; for a schema a Decimal would be a text.
if TYPE_CHECKING:
    from decimal import Decimal as Number
else:
    Number = float


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
