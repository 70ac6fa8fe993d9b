"""Everything that AWS bills for a deployment, one object a thing, in the order of the bill.

`resources` says which resource of the templates each stands for.
"""

from __future__ import annotations

from ash_ops.cost.lines import computing, network, storing, watching
from ash_ops.cost.lines.base import DAYS, HOURS, Billed, Quantities, Quantity
from ash_ops.cost.lines.watching import series
from ash_ops.cost.plan import Plan

__all__ = [
    "DAYS",
    "HOURS",
    "LINES",
    "Billed",
    "Quantities",
    "Quantity",
    "quantities",
    "series",
]

LINES: tuple[Billed, ...] = (
    *computing.LINES,
    *network.WAYS,
    *watching.WATCHED,
    *storing.LINES,
    *watching.COUNTED,
    *network.DATA,
    *watching.OWN,
)


def quantities(plan: Plan) -> tuple[Quantity, ...]:
    """Everything a plan is billed for, in the order of the bill."""
    return tuple(quantity for line in LINES for quantity in line.quantities(plan))
