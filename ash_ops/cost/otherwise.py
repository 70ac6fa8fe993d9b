"""The same plan paid otherwise: Spot capacity, and a Savings Plan. Rows beside the bill, not in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ash_ops.cost.changes import set_spot
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.prices.table import PriceTable


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One other way to pay.

    Attributes:
        monthly: US dollars a month for everything; ``None`` where the price is not known.
        note: what it asks of the user.
    """

    name: str
    monthly: Decimal | None
    note: str


def otherwise(estimate: Estimate, table: PriceTable) -> tuple[Otherwise, ...]:
    """Other ways to pay for what computes; none where nothing does."""
    plan = estimate.plan
    if not plan.parts:
        return ()
    spot = monthly_estimate(set_spot(plan, "yes"), table.reader(plan.region), table=table)
    return (
        Otherwise(
            "Spot",
            None if spot.at_least else spot.monthly,
            "AWS may stop a task or instance at two minutes' notice, and `ash-ops deploy` has no "
            "option for it; Spot prices move daily",
        ),
        Otherwise(
            "Compute Savings Plan",
            None,
            "one or three years' commitment for less by the hour; no rate of it can be cited here: "
            "`aws savingsplans describe-savings-plans-offering-rates` tells yours",
        ),
    )
