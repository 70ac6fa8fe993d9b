"""One request for a cost, answered: which plan, which prices, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ash_ops.aws.client.session import credentials_may_exist
from ash_ops.cost import basis as bases
from ash_ops.cost.choices import change, parse_pairs
from ash_ops.cost.estimate import Estimate, Line, monthly_estimate
from ash_ops.cost.lines import Quantity
from ash_ops.cost.otherwise import Otherwise, otherwise
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.table import PriceOf, PriceTable, age_in_days, bundled, is_stale
from ash_ops.errors import UsageProblem
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.cost.actual import Actual
    from ash_ops.cost.compare import Comparison
    from ash_ops.cost.sizing import Configuration
    from ash_ops.cost.tokens.bill import Counted, TokenBill


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        chosen: size options, by their name without dashes.
        only_plan: price the plan even if there is a deployment.
        compare: changes to show beside it, each ``name=value,name=value``.
        prices: ``auto``, ``live`` or ``bundled``.
        actual: also read what was billed.
        days: how many days of bills, and of counted tokens.
        hold: how many sandboxes or sessions a configuration is looked for, ``50-sandboxes``.
        model: whose tokens are priced; the price given, where there is one.
        token_price: what a million tokens cost, ``3/15``.
        messages_a_day: how many messages to plan for; as counted when not given.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    only_plan: bool = False
    compare: tuple[str, ...] = ()
    prices: str = "auto"
    actual: bool = False
    days: int = 30
    hold: str | None = None
    model: str | None = None
    token_price: str | None = None
    messages_a_day: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, ready to print.

    Attributes:
        comparisons: what each change would cost.
        tokens: what the model costs; ``None`` where nobody counted or planned messages.
        sizes: configurations that hold what was asked for; ``None`` where nothing was.
        otherwise: the same paid in other ways.
        notes: sentences for standard error.
    """

    estimate: Estimate
    comparisons: tuple[Comparison, ...]
    actual: Actual | None
    name: str
    notes: tuple[str, ...]
    tokens: TokenBill | None = None
    sizes: tuple[Configuration, ...] | None = None
    otherwise: tuple[Otherwise, ...] = ()

    @property
    def is_unmet(self) -> bool:
        """Whether a size was asked for that no configuration holds."""
        return self.sizes == ()

    @property
    def monthly(self) -> Decimal:
        """US dollars a month, the model's part included where it is known."""
        return self.estimate.monthly + (self.tokens.monthly if self.tokens else Decimal(0))

    def within(self, budget: Decimal) -> bool | None:
        """Whether a month stays within a budget; ``None`` where an unknown line decides."""
        if self.is_unmet or self.monthly > budget:
            return False
        if not self.estimate.at_least:
            return True
        between = self.estimate.between
        most = between[1] + self.monthly - self.estimate.monthly if between else None
        return True if most is not None and most <= budget else None


CountTokens = Callable[[int], "Counted"]


def answer(
    settings: Settings,
    open_aws: Callable[[], Aws],
    request: Request,
    *,
    confirm: Callable[[str], bool],
    table: PriceTable | None = None,
    today: date | None = None,
    count_tokens: CountTokens | None = None,
) -> Answer:
    """Price what was asked for.

    Args:
        settings: region, name and variables.
        open_aws: makes the AWS session when it is needed.
        request: what was asked.
        confirm: is told a charge, and says whether to go on.
        table: the bundled prices, where others are wanted.
        today: the day on which the age of prices is counted.
        count_tokens: asks the server what it counted in so many days; ``None`` where there is none.

    Raises:
        OpsError: a value cannot be right, or what is deployed could not be read.
    """
    _check_hold(request)
    prices = _Prices(table or bundled(), today or datetime.now(UTC).date(), request.prices)
    only_plan = request.only_plan or request.hold is not None
    basis = bases.find(settings, open_aws, request.chosen, only_plan=only_plan)
    tokens, told = _tokens(request, basis.plan, count_tokens)
    plan = replace(basis.plan, model_gb=tokens.sent_gb) if tokens else basis.plan
    aws = basis.aws or (prices.session(settings, open_aws))
    estimate = prices.estimate(plan, aws)
    comparisons = tuple(_compared(prices, estimate, each, aws) for each in request.compare)
    actual = None
    if request.actual:
        actual = _billed(aws or open_aws(), estimate, request.days, basis, confirm)
    sizes = _sizes(settings, request, plan, prices)
    if sizes is not None:
        estimate = sizes[0].estimate if sizes else _unmet(estimate, request)
    notes = tuple(dict.fromkeys(note for note in (basis.note, *prices.notes, told) if note))
    return Answer(
        estimate,
        comparisons,
        actual,
        settings.deployment.prefix,
        notes,
        tokens,
        sizes,
        () if sizes == () else otherwise(estimate, prices.table),
    )


def _compared(prices: _Prices, before: Estimate, text: str, aws: Aws | None) -> Comparison:
    from ash_ops.cost.compare import Comparison

    other = change(before.plan, parse_pairs(text))
    if other.region != before.plan.region and not prices.asks_aws:
        bases.check_region(other.region, prices.table)
    return Comparison(before, prices.estimate(other, aws), text)


def _check_hold(request: Request) -> None:
    """``--for`` chooses the size, from the bundled prices: what would choose otherwise is refused.

    Raises:
        UsageProblem: an option beside it would have no effect.
    """
    if request.hold is None:
        return
    beside = [
        *(f"--{name}" for name in request.chosen),
        *(["--compare"] if request.compare else []),
        *(["--actual"] if request.actual else []),
        *(["--prices live"] if request.prices == "live" else []),
    ]
    if beside:
        raise UsageProblem(
            f"{beside[0]} does not go with --for",
            "--for chooses mode and size itself, all else as deploy has it by default, at bundled prices",
            "Leave it out; then price the row you like with that option and without --for.",
        )


def _sizes(
    settings: Settings, request: Request, plan: Plan, prices: _Prices
) -> tuple[Configuration, ...] | None:
    if request.hold is None:
        return None
    from ash_ops.cost.sizing import configurations, sandbox_memory, wanted

    memory = sandbox_memory(settings.get("ASH_SANDBOX_MEMORY_MB"))
    need = wanted(request.hold)
    found = configurations(need, plan.region, prices.table, memory, plan.model_gb)
    if need.sessions:
        prices.notes.append(
            f"{request.hold} at a time on average are {need.sandboxes} sandboxes at their peak; in a fleet one "
            "runner may be away, and each keeps room for whoever comes between two heartbeats (docs/scaling.md)."
        )
    if not found:
        prices.notes.append(
            f"No configuration of one deployment holds {need.sandboxes} sandboxes in {plan.region}."
        )
    return found


def _unmet(estimate: Estimate, request: Request) -> Estimate:
    """The price of what there is none of: unknown, which is neither 0 nor that of another plan."""
    none = Quantity(f"No configuration holds {request.hold}", "", None, "", "unmet")
    return replace(estimate, lines=(Line(none, None),))


def _tokens(
    request: Request, plan: Plan, count_tokens: CountTokens | None
) -> tuple[TokenBill | None, str]:
    """What the model costs, and what is left out where that cannot be told."""
    asked = request.messages_a_day is not None or request.model or request.token_price
    if not (asked or plan.deployed):
        return None, ""
    from ash_ops.cost.tokens.bill import TokenBill
    from ash_ops.cost.tokens.prices import DEFAULT_MODEL, given_price, price_of

    price = (
        given_price(request.token_price)
        if request.token_price
        else price_of(request.model or DEFAULT_MODEL)
    )
    counted, why = _counted(request, count_tokens)
    messages = request.messages_a_day
    if messages is None and counted is not None:
        messages = counted.messages / counted.days
    if messages is None:
        return None, f"What the model costs is left out ({why}); --messages-per-day plans it."
    return TokenBill(price, counted, messages, why), ""


def _counted(request: Request, count_tokens: CountTokens | None) -> tuple[Counted | None, str]:
    if count_tokens is None:
        return None, "the server was not asked, for ASH_SERVER_URL is not set"
    from ash_client.errors import AshError

    try:
        return count_tokens(request.days), ""
    except AshError as error:
        return None, f"the server could not be asked ({type(error).__name__})"


def _billed(
    aws: Aws,
    estimate: Estimate,
    days: int,
    basis: bases.Basis,
    confirm: Callable[[str], bool],
) -> Actual:
    """The bill of the last days; what it takes is only loaded when it is asked for."""
    from ash_ops.cost.actual import last_days, read_actual
    from ash_ops.cost.cache import user_cache

    cache = user_cache(aws.settings.get("XDG_CACHE_HOME"))
    period = last_days(days, estimate.priced_on, basis.since)
    return read_actual(aws, estimate, period, cache, confirm, before=basis.note)


class _Prices:
    """Where the prices of this request come from, and what has to be said about it."""

    def __init__(self, table: PriceTable, today: date, mode: str) -> None:
        self.table = table
        self.today = today
        self._mode = mode
        self.notes: list[str] = []

    @property
    def asks_aws(self) -> bool:
        """Whether AWS's own list is asked even for a plan."""
        return self._mode == "live"

    def session(self, settings: Settings, open_aws: Callable[[], Aws]) -> Aws | None:
        """The session to ask for live prices; ``None`` where none is wanted, or without credentials."""
        return open_aws() if self.asks_aws and credentials_may_exist(settings) else None

    def estimate(self, plan: Plan, aws: Aws | None) -> Estimate:
        """Price a plan with AWS's own list where it may be asked, else with the table."""
        return monthly_estimate(plan, self._reader(plan, aws), today=self.today, table=self.table)

    def _reader(self, plan: Plan, aws: Aws | None) -> PriceOf:
        if self._mode == "bundled" or (aws is None and not self.asks_aws):
            self._check_table(plan)
            return self.table.reader(plan.region)
        from ash_ops.cost.prices.live import keyless_prices, live_prices

        found = live_prices(aws, plan, self.table) if aws else keyless_prices(plan, self.table)
        self.notes += found.notes
        if found.used_table:
            self._say_stale()
        return found.price

    def _check_table(self, plan: Plan) -> None:
        if not plan.deployed:
            bases.check_region(plan.region, self.table)
        self._say_stale()

    def _say_stale(self) -> None:
        as_of = self.table.as_of.isoformat()
        if is_stale(as_of, self.today):
            age = age_in_days(as_of, self.today)
            self.notes.append(
                f"The bundled prices are {age} days old ({as_of}): upgrade ash-ops, or ask AWS "
                "with --prices live."
            )
