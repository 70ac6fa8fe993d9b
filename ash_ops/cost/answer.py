"""One request for a cost, answered: which plan, which prices, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ash_ops.cost import basis as bases
from ash_ops.cost.choices import change, parse_pairs
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices import PriceOf, PriceTable, age_in_days, bundled, is_stale
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from ash_ops.aws.session import Aws


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        chosen: size options, by their name without dashes.
        only_plan: price the plan even if there is a deployment.
        compare: changes to show beside it, ``name=value,name=value``.
        prices: ``auto``, ``live`` or ``bundled``.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    only_plan: bool = False
    compare: str | None = None
    prices: str = "auto"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, ready to print.

    Attributes:
        notes: sentences for standard error.
    """

    estimate: Estimate
    comparison: Comparison | None
    name: str
    notes: tuple[str, ...]

    def text(self, *, fancy: bool = True) -> str:
        """The table, or the two side by side."""
        from ash_ops.cost.table import comparison_text, estimate_text

        kind = "as deployed" if self.estimate.plan.deployed else "as planned"
        title = f"{self.name} in {self.estimate.plan.region}, {self.estimate.plan.mode}, {kind}"
        if self.comparison is not None:
            return comparison_text(self.comparison, title)
        return estimate_text(self.estimate, title, fancy=fancy)

    def json(self) -> str:
        """The JSON contract."""
        from ash_ops.cost.report import document, dumps

        return dumps(document(self.estimate, self.comparison))


def answer(
    settings: Settings,
    open_aws: Callable[[], Aws],
    request: Request,
    *,
    table: PriceTable | None = None,
    today: date | None = None,
) -> Answer:
    """Price what was asked for.

    Args:
        settings: region, name and variables.
        open_aws: makes the AWS session when it is needed.
        request: what was asked.
        table: the bundled prices, where others are wanted.
        today: the day on which the age of prices is counted.

    Raises:
        OpsError: a value cannot be right, or what is deployed could not be read.
    """
    prices = _Prices(table or bundled(), today or datetime.now(UTC).date(), request.prices)
    basis = bases.find(settings, open_aws, request.chosen, only_plan=request.only_plan)
    aws = open_aws() if request.prices == "live" and basis.aws is None else basis.aws
    estimate = prices.estimate(basis.plan, aws)
    comparison = None
    if request.compare:
        other = change(basis.plan, parse_pairs(request.compare))
        comparison = Comparison(estimate, prices.estimate(other, aws), request.compare)
    notes = tuple(dict.fromkeys(note for note in (basis.note, *prices.notes) if note))
    return Answer(estimate, comparison, settings.deployment.prefix, notes)


class _Prices:
    """Where the prices of this request come from, and what has to be said about it."""

    def __init__(self, table: PriceTable, today: date, mode: str) -> None:
        self._table = table
        self._today = today
        self._mode = mode
        self.notes: list[str] = []

    def estimate(self, plan: Plan, aws: Aws | None) -> Estimate:
        """Price a plan with AWS's own list where it may be asked, else with the table."""
        return monthly_estimate(plan, self._reader(plan, aws), today=self._today)

    def _reader(self, plan: Plan, aws: Aws | None) -> PriceOf:
        if aws is None or self._mode == "bundled":
            self._check_table(plan)
            return self._table.reader(plan.region)
        from ash_ops.cost.live import live_prices

        found = live_prices(aws, plan, self._table)
        self.notes += found.notes
        if found.used_table:
            self._say_stale()
        return found.price

    def _check_table(self, plan: Plan) -> None:
        if not plan.deployed:
            bases.check_region(plan.region, self._table)
        self._say_stale()

    def _say_stale(self) -> None:
        as_of = self._table.as_of.isoformat()
        if is_stale(as_of, self._today):
            age = age_in_days(as_of, self._today)
            self.notes.append(
                f"The bundled prices are {age} days old ({as_of}): upgrade ash-ops, or ask AWS "
                "with --prices live."
            )
