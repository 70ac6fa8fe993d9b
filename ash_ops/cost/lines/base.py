"""What a line of the bill is: how much of one priced thing a plan uses in a month.

A month has 730 hours. An amount of ``None`` says that the thing is there and how much of it is not
known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ash_ops.cost.plan import Plan

HOURS = Decimal(730)
DAYS = Decimal(30)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of one priced thing a month needs.

    Attributes:
        item: what it is, for a reader.
        key: the name of its price, for instance ``nlb_hour``.
        amount: the quantity a month; ``None`` if unknown.
        unit: what is counted, for instance ``vCPU-hours``.
        subject: what it is for, whatever its size or kind: the same in two plans to compare.
    """

    item: str
    key: str
    amount: Decimal | None
    unit: str
    subject: str


Quantities = Iterator[Quantity]


@dataclass(frozen=True, slots=True)
class Billed:
    """One thing that AWS bills for a deployment.

    Attributes:
        quantities: how much of it a plan uses; nothing where there is none of it.
        keys: the prices it may be billed at; one that ends in ``.`` goes on with an instance type.
        read: the calls that tell how much there is, as deployed.
        options: the options of ``ash-ops cost`` that change it.
    """

    quantities: Callable[[Plan], Quantities]
    keys: tuple[str, ...]
    read: str
    options: tuple[str, ...] = ()


def plain(value: Decimal) -> str:
    """A number without a tail of zeros: 2, 0.5, 0.25."""
    return f"{value.normalize():f}"
