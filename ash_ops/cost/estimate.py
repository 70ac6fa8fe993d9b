"""The estimate: every quantity of a plan at its price, summed, with what was assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from ash_ops.cost import assumptions
from ash_ops.cost.lines import HOURS, Quantity, quantities
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.table import Price, PriceOf, PriceTable, Range, bundled


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity and its price; either may be unknown.

    Attributes:
        elsewhere: where the price is unknown, what it is in the regions that have one.
    """

    quantity: Quantity
    price: Price | None
    elsewhere: Range | None = None

    @property
    def between(self) -> tuple[Decimal, Decimal] | None:
        """US dollars a month at the cheapest and the dearest price of other regions; ``None`` if unknown."""
        if self.elsewhere is None or self.quantity.amount is None:
            return None
        amount = self.quantity.amount
        return (self.elsewhere.low * amount, self.elsewhere.high * amount)

    @property
    def monthly(self) -> Decimal | None:
        """US dollars a month of 730 hours; ``None`` if quantity or price is unknown."""
        if self.price is None or self.quantity.amount is None:
            return None
        return self.price.of(self.quantity.amount)

    @property
    def hourly(self) -> Decimal | None:
        """US dollars an hour, averaged over the month."""
        return None if self.monthly is None else self.monthly / HOURS

    @property
    def unit_price(self) -> Decimal | None:
        """What one unit costs; the average where a month reaches into another tier."""
        if self.price is None:
            return None
        amount = self.quantity.amount
        if len(self.price.tiers) == 1 or not amount or amount <= self.price.tiers[1][0]:
            return self.price.unit
        return self.price.of(amount) / amount


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan costs.

    Attributes:
        priced_on: the day on which the age of prices is counted.
    """

    plan: Plan
    lines: tuple[Line, ...]
    priced_on: date

    @property
    def monthly(self) -> Decimal:
        """The sum of the lines that have a price, in US dollars a month."""
        return sum((line.monthly for line in self.lines if line.monthly is not None), Decimal(0))

    @property
    def between(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most with what other regions pay for the unknown; ``None`` if untold."""
        unknown = [line.between for line in self.lines if line.monthly is None]
        known = [pair for pair in unknown if pair is not None]
        if not unknown or len(known) < len(unknown):
            return None
        low, high = (sum(side, self.monthly) for side in zip(*known, strict=True))
        return (low, high)

    @property
    def hourly(self) -> Decimal:
        """The same an hour."""
        return self.monthly / HOURS

    @property
    def at_least(self) -> bool:
        """Whether a line is unknown, so that the true total is higher."""
        return any(line.monthly is None for line in self.lines)

    @property
    def assumptions(self) -> list[str]:
        """What the figures rest on."""
        return [
            *assumptions.of_plan(self.plan),
            *assumptions.of_prices(
                [(line.quantity.item, line.price) for line in self.lines], self.priced_on
            ),
        ]

    @property
    def excluded(self) -> list[str]:
        """What the figures leave out."""
        return assumptions.excluded(self.plan)


def monthly_estimate(
    plan: Plan,
    price_of: PriceOf | None = None,
    *,
    today: date | None = None,
    table: PriceTable | None = None,
) -> Estimate:
    """Price a plan.

    Args:
        plan: what runs.
        price_of: where prices come from; the bundled table when not given.
        today: the day the prices' age is counted from.
        table: what other regions pay, where a price is unknown; the bundled table when not given.
    """
    known = table or bundled()
    find = price_of or known.reader(plan.region)
    lines = tuple(_line(quantity, find, known) for quantity in quantities(plan))
    return Estimate(plan, lines, today or datetime.now(UTC).date())


def _line(quantity: Quantity, find: PriceOf, table: PriceTable) -> Line:
    price = find(quantity.key) if quantity.key else None
    if price is not None or not quantity.key:
        return Line(quantity, price)
    return Line(quantity, None, table.range(quantity.key))
