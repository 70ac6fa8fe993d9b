"""``make prices``: read the bundled table anew from AWS's price list.

A row that the list gives exactly one product for is replaced; every other row stays as it is, with
its own source and date. No row is ever made from another region's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ash_ops.aws.pricing import Item, ListPrice, NoSinglePrice, find
from ash_ops.aws.session import Aws
from ash_ops.cost import catalogue
from ash_ops.cost.prices import BUNDLED
from ash_ops.errors import OpsError
from ash_ops.settings import Options, load

Document = dict[str, Any]
Find = Callable[[Item, str], ListPrice]

SOURCE = {"name": "AWS Price List API", "from": "AWS Price List Query API, GetProducts"}
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
    sources = [*document["sources"]]
    if SOURCE not in sources:
        sources.append(SOURCE)
    regions = {region: dict(rows) for region, rows in document["regions"].items()}
    for (region, key), price in found.items():
        regions.setdefault(region, {})[key] = _row(price, sources.index(SOURCE))
    changed = {"as_of": today.isoformat(), "sources": sources, "regions": regions}
    return {**document, **changed}, len(found)


def dumps(document: Mapping[str, Any]) -> str:
    """The table as text, one price a line, so that a change can be read as a change."""
    parts = [f' "{name}": {_part(name, value)}' for name, value in document.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Refresh the table in place, with the credentials of the environment."""
    document = json.loads(BUNDLED.read_text(encoding="utf-8"))
    try:
        aws = Aws(load(Options()), attempts=5)
        table, count = refreshed(
            document, lambda item, region: find(aws, item, region), datetime.now(UTC).date()
        )
    except OpsError as error:
        sys.exit(f"{error}\n{error.next_step}")
    BUNDLED.write_text(dumps(table), encoding="utf-8")
    sys.stdout.write(f"{count} prices were read anew; the others keep their source and date.\n")


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


def _row(price: ListPrice, source: int) -> Document:
    row: Document = {
        "price": _plain(price.tiers[0][1]),
        "source": source,
        "date": price.published,
        "confidence": "high",
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
    if name == "everywhere":
        return _lines(value, 2)
    if name == "sources":
        return "[\n" + ",\n".join(f"  {_text(source)}" for source in value) + "\n ]"
    return _text(value)


def _lines(rows: Mapping[str, Any], indent: int) -> str:
    inner = ",\n".join(f'{" " * indent}"{key}": {_text(row)}' for key, row in sorted(rows.items()))
    return "{\n" + inner + "\n" + " " * (indent - 1) + "}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
