"""One request for a cost, answered: which plan, which prices, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ash_ops.cost import basis as bases
from ash_ops.cost.choices import change, parse_pairs
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices import PriceOf, PriceTable, age_in_days, bundled, is_stale
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from ash_ops.aws.session import Aws
    from ash_ops.cost.actual import Actual
    from ash_ops.cost.compare import Comparison


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        chosen: size options, by their name without dashes.
        only_plan: price the plan even if there is a deployment.
        compare: changes to show beside it, ``name=value,name=value``.
        prices: ``auto``, ``live`` or ``bundled``.
        actual: also read what was billed.
        days: how many days of bills.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    only_plan: bool = False
    compare: str | None = None
    prices: str = "auto"
    actual: bool = False
    days: int = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, ready to print.

    Attributes:
        notes: sentences for standard error.
    """

    estimate: Estimate
    comparison: Comparison | None
    actual: Actual | None
    name: str
    notes: tuple[str, ...]


def answer(
    settings: Settings,
    open_aws: Callable[[], Aws],
    request: Request,
    *,
    confirm: Callable[[str], bool],
    table: PriceTable | None = None,
    today: date | None = None,
) -> Answer:
    """Price what was asked for.

    Args:
        settings: region, name and variables.
        open_aws: makes the AWS session when it is needed.
        request: what was asked.
        confirm: is told a charge, and says whether to go on.
        table: the bundled prices, where others are wanted.
        today: the day on which the age of prices is counted.

    Raises:
        OpsError: a value cannot be right, or what is deployed could not be read.
    """
    prices = _Prices(table or bundled(), today or datetime.now(UTC).date(), request.prices)
    basis = bases.find(settings, open_aws, request.chosen, only_plan=request.only_plan)
    aws = open_aws() if request.prices == "live" else basis.aws
    estimate = prices.estimate(basis.plan, aws)
    comparison = None
    if request.compare:
        other = change(basis.plan, parse_pairs(request.compare))
        if request.prices != "live" and other.region != basis.plan.region:
            bases.check_region(other.region, prices.table)
        comparison = _compared(estimate, prices.estimate(other, aws), request.compare)
    actual = None
    if request.actual:
        actual = _billed(aws or open_aws(), estimate, request.days, basis.since, confirm)
    notes = tuple(dict.fromkeys(note for note in (basis.note, *prices.notes) if note))
    return Answer(estimate, comparison, actual, settings.deployment.prefix, notes)


def _compared(before: Estimate, after: Estimate, change_text: str) -> Comparison:
    from ash_ops.cost.compare import Comparison

    return Comparison(before, after, change_text)


def _billed(
    aws: Aws,
    estimate: Estimate,
    days: int,
    since: date | None,
    confirm: Callable[[str], bool],
) -> Actual:
    """The bill of the last days; what it takes is only loaded when it is asked for."""
    from ash_ops.cost.actual import last_days, read_actual
    from ash_ops.cost.cache import user_cache

    cache = user_cache(aws.settings.get("XDG_CACHE_HOME"))
    return read_actual(aws, estimate, last_days(days, estimate.priced_on, since), cache, confirm)


class _Prices:
    """Where the prices of this request come from, and what has to be said about it."""

    def __init__(self, table: PriceTable, today: date, mode: str) -> None:
        self.table = table
        self.today = today
        self._mode = mode
        self.notes: list[str] = []

    def estimate(self, plan: Plan, aws: Aws | None) -> Estimate:
        """Price a plan with AWS's own list where it may be asked, else with the table."""
        return monthly_estimate(plan, self._reader(plan, aws), today=self.today)

    def _reader(self, plan: Plan, aws: Aws | None) -> PriceOf:
        if aws is None or self._mode == "bundled":
            self._check_table(plan)
            return self.table.reader(plan.region)
        from ash_ops.cost.live import live_prices

        found = live_prices(aws, plan, self.table)
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
