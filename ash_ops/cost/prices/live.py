"""Prices read from AWS now, with the bundled table for what AWS does not give.

The first failure of the API itself (denied, unreachable) ends the asking: every further price comes
from the table, so that an estimate waits for one failure and not for twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ash_ops.aws import pricing
from ash_ops.aws.client.session import Aws
from ash_ops.cost.lines import quantities
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.catalogue import item
from ash_ops.cost.prices.table import Price, PriceOf, PriceTable
from ash_ops.errors import ReadFailed

Find = Callable[[pricing.Item, str], pricing.ListPrice]


@dataclass(frozen=True, slots=True)
class LivePrices:
    """Prices for one plan.

    Attributes:
        price: from an item's key to its price.
        notes: what the user should know, for standard error.
        used_table: whether any price comes from the bundled table.
    """

    price: PriceOf
    notes: tuple[str, ...]
    used_table: bool


def live_prices(aws: Aws, plan: Plan, table: PriceTable) -> LivePrices:
    """The prices that a plan needs, from AWS where it has exactly one."""
    patient = Aws(aws.settings, attempts=2, connect_timeout=2.0, read_timeout=4.0)
    return gather(lambda wanted, region: pricing.find(patient, wanted, region), plan, table)


def keyless_prices(plan: Plan, table: PriceTable) -> LivePrices:
    """The same without credentials: from AWS's public offer files."""
    from ash_ops.cost.prices.bulk import Offers

    return gather(Offers().find, plan, table)


def gather(find: Find, plan: Plan, table: PriceTable) -> LivePrices:
    """Ask for the price of every item of a plan, the first one alone."""
    keys = list(dict.fromkeys(quantity.key for quantity in quantities(plan) if quantity.key))
    wanted = {key: found for key in keys if (found := item(key)) is not None}
    live: dict[str, Price] = {}
    notes: list[str] = []
    try:
        live = dict(_ask(find, wanted, plan.region))
    except ReadFailed as failure:
        notes.append(f"AWS's price list was not read ({failure.why}): bundled prices are used.")
    local = table.reader(plan.region)
    return LivePrices(lambda key: live.get(key) or local(key), tuple(notes), len(live) < len(keys))


def _ask(find: Find, wanted: dict[str, pricing.Item], region: str) -> Iterable[tuple[str, Price]]:
    first, *rest = wanted.items()
    found = [_priced(find, first, region)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        found += pool.map(lambda entry: _priced(find, entry, region), rest)
    return [(key, price) for key, price in found if price is not None]


def _priced(find: Find, entry: tuple[str, pricing.Item], region: str) -> tuple[str, Price | None]:
    key, wanted = entry
    try:
        found = find(wanted, region)
    except pricing.NoSinglePrice:
        return (key, None)
    source = f"AWS Price List, {wanted.service}, {region}, {found.published}, SKU {found.sku}"
    return (key, Price(found.tiers, source, found.published, live=True))
