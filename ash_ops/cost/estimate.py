"""The estimate: every quantity of a plan at its price, summed, with what was assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from ash_ops.cost import assumptions
from ash_ops.cost.lines import HOURS, Quantity, quantities
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices import Price, PriceOf, bundled


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity and its price; either may be unknown."""

    quantity: Quantity
    price: Price | None

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
    plan: Plan, price_of: PriceOf | None = None, *, today: date | None = None
) -> Estimate:
    """Price a plan.

    Args:
        plan: what runs.
        price_of: where prices come from; the bundled table when not given.
        today: the day the prices' age is counted from.
    """
    find = price_of or bundled().reader(plan.region)
    lines = tuple(Line(quantity, find(quantity.key)) for quantity in quantities(plan))
    return Estimate(plan, lines, today or datetime.now(UTC).date())
