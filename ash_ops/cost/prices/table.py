"""List prices in US dollars: what one unit of something costs, who says so, and since when.

Every row of the bundled table (``list.json``; ``instances.json`` for EC2 and RDS by type) is from
AWS's own price list: its date is the one on which the list gave that price, the SKU names the product,
and the carrier is the public copy it was read from. No row is made from another region's: a price
that is not there is unknown, which is a different thing from free.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).with_name("list.json")
INSTANCES = Path(__file__).with_name("instances.json")
STALE_AFTER_DAYS = 90

PriceOf = Callable[[str], "Price | None"]
"""From an item's key, such as ``nlb_hour``, to its price in one region; ``None`` if unknown."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs.

    Attributes:
        tiers: pairs of a monthly quantity and the unit price from that quantity on, ascending;
            the first starts at 0.
        source: where the price stands: list, service, region, date and SKU.
        source_name: the same without the SKU.
        as_of: the date it was true on: ``2026-09-11``, or only ``2026-10`` or ``2026``.
        live: whether it was read from AWS just now.
        remark: why to be careful with it; empty when there is no reason to be.
    """

    tiers: tuple[tuple[Decimal, Decimal], ...]
    source: str
    as_of: str
    live: bool = False
    remark: str = ""
    source_name: str = ""

    @property
    def unit(self) -> Decimal:
        """The price of the first unit."""
        return self.tiers[0][1]

    def of(self, quantity: Decimal) -> Decimal:
        """What a month's quantity costs, each part of it at the price of its tier."""
        ends = [start for start, _ in self.tiers[1:]] + [max(quantity, self.tiers[-1][0])]
        parts = zip(self.tiers, ends, strict=True)
        return sum(
            (max(min(quantity, end) - start, Decimal(0)) * price for (start, price), end in parts),
            Decimal(0),
        )


MANAGED_SHARE = Decimal("0.12")
"""The fee of ECS Managed Instances, as a share of the instance's price on demand.

AWS lists a fee for each type, and the bundled list has no rows of them. Its own calculator takes this share of
each (aws-samples, "ECS Managed Instances TCO Calculator", 2026-05), and the example of its page agrees: $0.037 an
hour for a c6a.2xlarge ("Amazon ECS pricing", 2026-09-20), which is $0.306 on demand. Of GPU types
a bill had less, 7.8 % of a g6.xlarge (a public report of 2026-09); Ash needs none.
"""


@dataclass(frozen=True, slots=True)
class Range:
    """The cheapest and the dearest unit price of the regions that have one."""

    low: Decimal
    high: Decimal
    regions: int


class PriceTable:
    """The bundled prices.

    Attributes:
        document: the decoded JSON of the table.
        instances: the decoded JSON of the prices by instance type; read when it is needed.
    """

    def __init__(
        self, document: Mapping[str, Any], instances: Mapping[str, Any] | None = None
    ) -> None:
        self.document = document
        self._given = instances

    @cached_property
    def instances(self) -> Mapping[str, Any]:
        """The prices by instance type."""
        if self._given is not None:
            return self._given
        found: Mapping[str, Any] = json.loads(INSTANCES.read_text(encoding="utf-8"))
        return found

    @property
    def as_of(self) -> date:
        """The day the table was put together."""
        return date.fromisoformat(self.document["as_of"])

    @cached_property
    def regions(self) -> frozenset[str]:
        """Every AWS region the table knows of, priced or not."""
        return frozenset((*self.document["commercial_regions"], *self.document["other_regions"]))

    def price(self, region: str, key: str) -> Price | None:
        """The price of an item in a region; ``None`` where the table has none."""
        kind, _, name = key.partition(".")
        if kind == "ecs_managed_hour":
            return _managed(self.price(region, f"ec2_linux_hour.{name}"))
        row = self.document["regions"].get(region, {}).get(key)
        if row is None and region in self.document["commercial_regions"]:
            row = self.document["everywhere"].get(key)
        row = row or self._of_type(region, key)
        return None if row is None else self._price(region, key, row)

    def range(self, key: str) -> Range | None:
        """What an item costs in the commercial regions that have it; ``None`` where none has."""
        found = (self.price(region, key) for region in self.document["commercial_regions"])
        known = [price.unit for price in found if price is not None]
        return Range(min(known), max(known), len(known)) if known else None

    def reader(self, region: str) -> PriceOf:
        """The prices of one region."""
        return lambda key: self.price(region, key)

    def _of_type(self, region: str, key: str) -> dict[str, Any] | None:
        """The row of an instance type, ``ec2_linux_hour.t3.large``."""
        kind, _, name = key.partition(".")
        if not name:
            return None
        prices = self.instances["kinds"].get(kind, {"regions": {}})
        price = prices["regions"].get(region, {}).get(name)
        return None if price is None else {"price": price, "date": prices["date"]}

    def _price(self, region: str, key: str, row: Mapping[str, Any]) -> Price:
        tiers = row.get("tiers") or [["0", row["price"]]]
        name = f"{self._list_of(key)}, {region}, {row['date']}"
        return Price(
            tiers=tuple((Decimal(start), Decimal(price)) for start, price in tiers),
            source=f"{name}, SKU {row['sku']}" if "sku" in row else name,
            source_name=name,
            as_of=row["date"],
            remark=row.get("note", ""),
        )

    def _list_of(self, key: str) -> str:
        """The price list an item stands in, by the longest beginning of its key."""
        lists: Mapping[str, str] = self.document["lists"]
        return lists[max((start for start in lists if key.startswith(start)), key=len)]


def _managed(instance: Price | None) -> Price | None:
    """The fee for keeping an instance, from the price of the instance."""
    if instance is None:
        return None
    return replace(
        instance,
        tiers=tuple((start, price * MANAGED_SHARE) for start, price in instance.tiers),
        source=f"{MANAGED_SHARE:.0%} of {instance.source}",
        source_name=f"{MANAGED_SHARE:.0%} of {instance.source_name}",
        remark="AWS lists the fee of each type by itself; this share is its own calculator's",
    )


def bundled() -> PriceTable:
    """The table that comes with this package."""
    return PriceTable(json.loads(BUNDLED.read_text(encoding="utf-8")))


def age_in_days(as_of: str, today: date) -> int:
    """How old a date is; one that names no day or month counts from its earliest."""
    return (today - date.fromisoformat((as_of + "-01-01")[:10])).days


def is_stale(as_of: str, today: date) -> bool:
    """Whether a price is older than the 90 days after which it should be looked at again."""
    return age_in_days(as_of, today) > STALE_AFTER_DAYS
