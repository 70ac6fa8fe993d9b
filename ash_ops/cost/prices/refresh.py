"""``make prices``: read the bundled table anew from AWS's price list.

With credentials the Price List Query API is asked, without them the public offer files, which leave EC2
out (`bulk`). A row that the list gives exactly one product for is replaced; every other row stays as it
is, with its own date. No row is ever made from another region's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ash_ops.aws.client.session import Aws, credentials_may_exist
from ash_ops.aws.pricing import Item, ListPrice, NoSinglePrice, find
from ash_ops.cost.prices import catalogue
from ash_ops.cost.prices.bulk import Offers
from ash_ops.cost.prices.table import BUNDLED
from ash_ops.errors import OpsError
from ash_ops.settings import Options, load

Document = dict[str, Any]
Find = Callable[[Item, str], ListPrice]

CARRIER = "AWS, read by make prices"
_WORKERS = 8


def refreshed(document: Mapping[str, Any], find_price: Find, today: date) -> tuple[Document, int]:
    """The table with every price that the list gives, and how many those were.

    Raises:
        ReadFailed: the price list did not answer; the table is not half refreshed.
    """
    wanted = list(_wanted(document))
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        prices = pool.map(lambda place: _asked(find_price, *place), wanted)
        found = {place: price for place, price in zip(wanted, prices, strict=True) if price}
    carriers = list(dict.fromkeys((*document["carriers"], CARRIER)))
    regions = {region: dict(rows) for region, rows in document["regions"].items()}
    for (region, key), price in found.items():
        regions.setdefault(region, {})[key] = _row(price, carriers.index(CARRIER))
    changed = {"as_of": today.isoformat(), "carriers": carriers, "regions": regions}
    return {**document, **changed}, len(found)


def dumps(document: Mapping[str, Any]) -> str:
    """The table as text, one price a line, so that a change can be read as a change."""
    parts = [f' "{name}": {_part(name, value)}' for name, value in document.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Refresh the table in place, with the credentials of the environment."""
    document = json.loads(BUNDLED.read_text(encoding="utf-8"))
    try:
        table, count = refreshed(document, _finder(), datetime.now(UTC).date())
    except OpsError as error:
        sys.exit(f"{error}\n{error.next_step}")
    BUNDLED.write_text(dumps(table), encoding="utf-8")
    sys.stdout.write(f"{count} prices were read anew; the others keep their source and date.\n")


def _finder() -> Find:
    """The Query API where there are credentials, else the public offer files."""
    settings = load(Options())
    if not credentials_may_exist(settings):
        return Offers().find
    aws = Aws(settings, attempts=5)
    return lambda item, region: find(aws, item, region)


def _wanted(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every region with every item, and the instance types that any region has a row for."""
    sized = {key for rows in document["regions"].values() for key in rows if "." in key}
    for region in (*document["commercial_regions"], *document["other_regions"]):
        for key in (*catalogue.FIXED, *sorted(sized)):
            yield (region, key)


def _asked(find_price: Find, region: str, key: str) -> ListPrice | None:
    item = catalogue.item(key)
    if item is None:
        return None
    try:
        return find_price(item, region)
    except NoSinglePrice:
        return None


def _row(price: ListPrice, carrier: int) -> Document:
    row: Document = {
        "price": _plain(price.tiers[0][1]),
        "date": price.published,
        "carrier": carrier,
        "sku": price.sku,
    }
    if len(price.tiers) > 1:
        row["tiers"] = [[_plain(start), _plain(each)] for start, each in price.tiers]
    return row


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _part(name: str, value: Any) -> str:
    if name == "regions":
        rows = (f'  "{region}": {_lines(rows, 3)}' for region, rows in sorted(value.items()))
        return "{\n" + ",\n".join(rows) + "\n }"
    if name in ("everywhere", "lists"):
        return _lines(value, 2)
    if name == "carriers":
        return "[\n" + ",\n".join(f"  {_text(carrier)}" for carrier in value) + "\n ]"
    return _text(value)


def _lines(rows: Mapping[str, Any], indent: int) -> str:
    inner = ",\n".join(f'{" " * indent}"{key}": {_text(row)}' for key, row in sorted(rows.items()))
    return "{\n" + inner + "\n" + " " * (indent - 1) + "}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
