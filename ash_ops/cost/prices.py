"""List prices in US dollars: what one unit of something costs, who says so, and since when.

The bundled table (``prices.json``) cites a public source and its date in every row. A row without
a dated source is not kept, and no row is carried over from another region: a price that is not
there is unknown, which is a different thing from free.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).with_name("prices.json")
STALE_AFTER_DAYS = 90

PriceOf = Callable[[str], "Price | None"]
"""From an item's key, such as ``nlb_hour``, to its price in one region; ``None`` if unknown."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs.

    Attributes:
        tiers: pairs of a monthly quantity and the unit price from that quantity on, ascending;
            the first starts at 0.
        source: where the price was read, in full.
        source_name: the same in a few words.
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


class PriceTable:
    """The bundled prices.

    Attributes:
        document: the decoded JSON of the table.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    @property
    def as_of(self) -> date:
        """The day the table was put together."""
        return date.fromisoformat(self.document["as_of"])

    @cached_property
    def regions(self) -> frozenset[str]:
        """Every AWS region the table knows of, priced or not."""
        return frozenset((*self.document["commercial_regions"], *self.document["other_regions"]))

    def price(self, region: str, key: str) -> Price | None:
        """The price of an item in a region; ``None`` where the table cites none."""
        row = self.document["regions"].get(region, {}).get(key)
        if row is None and region in self.document["commercial_regions"]:
            row = self.document["everywhere"].get(key)
        return None if row is None else self._price(row)

    def reader(self, region: str) -> PriceOf:
        """The prices of one region."""
        return lambda key: self.price(region, key)

    def _price(self, row: Mapping[str, Any]) -> Price:
        source = self.document["sources"][row["source"]]
        tiers = row.get("tiers") or [["0", row["price"]]]
        return Price(
            tiers=tuple((Decimal(start), Decimal(price)) for start, price in tiers),
            source=source["from"],
            source_name=source["name"],
            as_of=row["date"],
            remark=row.get("note", ""),
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
