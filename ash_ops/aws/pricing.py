"""AWS's own list prices, by the Price List Query API.

The API lives in three regions only (botocore's endpoint data), so its client is pinned to one. Of
its answers exactly one product must match an item; none, or several, is no price.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, pages
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.redact import redact

ENDPOINT_REGION = "us-east-1"
CALL = op.GET_PRODUCTS.action

# Billing prefixes such as USE1-, EUW2- or EU-; old services have none in us-east-1 (AWS, "Region
# billing codes"). Public tables of them disagree, so the shape is matched and regionCode decides.
# TS- is no region: it marks the trust stores of the Application Load Balancer.
_PREFIX = r"(?!TS-)(?:[A-Z]{2,4}\d?-)?"


class NoSinglePrice(Exception):
    """The price list has no product, or more than one, for an item."""


@dataclass(frozen=True, slots=True)
class Item:
    """How an item is found in the price list.

    Attributes:
        service: the service code.
        usage: the end of the usage type, after the region's prefix; a regular expression.
        filters: attributes that must be equal.
        family: the product family, where it was seen in the offer.
        regional: whether products carry a region code.
    """

    service: str
    usage: str
    filters: Mapping[str, str] = field(default_factory=dict)
    family: str | None = None
    regional: bool = True


@dataclass(frozen=True, slots=True)
class ListPrice:
    """One product's price.

    Attributes:
        tiers: pairs of a monthly quantity and the price of a unit from there on.
        published: the date of the offer it stands in.
    """

    tiers: tuple[tuple[Decimal, Decimal], ...]
    sku: str
    published: str


def find(aws: Aws, item: Item, region: str) -> ListPrice:
    """The price of an item in a region.

    Raises:
        NoSinglePrice: not exactly one product matches, or it has no price in US dollars.
        ReadFailed: the API did not answer.
    """
    return one_of(products(aws, item, region), item, region)


def one_of(found: Iterable[Answer], item: Item, region: str) -> ListPrice:
    """The price of the one product that matches an item.

    Raises:
        NoSinglePrice: not exactly one product matches, or it has no price in US dollars.
    """
    # A set: the same product twice is one product, the same SKU at two prices is not.
    matching = {_price(product) for product in found if _matches(product, item, region)}
    if len(matching) != 1:
        raise NoSinglePrice(f"{len(matching)} products match {item.service} {item.usage}")
    return matching.pop()


def products(aws: Aws, item: Item, region: str) -> Iterator[Answer]:
    """Every product that the filters let through, decoded.

    Raises:
        ReadFailed: the API did not answer, or not with products.
    """
    for page in _pages(aws, item, region):
        if "PriceList" not in page:
            # An unmatched filter gives an empty list; without any list this is no answer.
            raise ReadFailed(CALL, "failed", "UnreadableAnswer", "it has no PriceList")
        for text in page["PriceList"]:
            yield _decoded(text)


def _pages(aws: Aws, item: Item, region: str) -> Iterator[Answer]:
    filters = [
        {"Type": "TERM_MATCH", "Field": name, "Value": value}
        for name, value in _filters(item, region).items()
    ]
    return pages(
        aws,
        op.GET_PRODUCTS,
        region=ENDPOINT_REGION,
        ServiceCode=item.service,
        Filters=filters,
        FormatVersion="aws_v1",
    )


def _filters(item: Item, region: str) -> dict[str, str]:
    where = {"regionCode": region} if item.regional else {}
    family = {"productFamily": item.family} if item.family else {}
    return {**where, **family, **item.filters}


def _decoded(text: Any) -> Answer:
    """A product; the API gives each as a JSON text within its JSON."""
    try:
        product: Answer = json.loads(text, parse_float=Decimal)
        _ = product["product"]["sku"], product["product"]["attributes"]["usagetype"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReadFailed(CALL, "failed", "UnreadableAnswer", type(error).__name__) from error
    return product


def _matches(product: Answer, item: Item, region: str) -> bool:
    # The filters are checked again: an endpoint that ignores them would give another thing's price.
    attributes = product["product"]["attributes"]
    if not re.fullmatch(f"{_PREFIX}(?:{item.usage})", attributes["usagetype"]):
        return False
    if item.regional and attributes.get("regionCode") != region:
        return False
    family = product["product"].get("productFamily")
    return (item.family in (None, family)) and all(
        attributes.get(name) == value for name, value in item.filters.items()
    )


def _price(product: Answer) -> ListPrice:
    published = str(product.get("publicationDate", ""))[:10]
    return ListPrice(tuple(_tiers(product)), redact(product["product"]["sku"]), redact(published))


def _tiers(product: Answer) -> list[tuple[Decimal, Decimal]]:
    """The on-demand tiers from the first to the last, without a free one of the whole account."""
    terms = product.get("terms", {}).get("OnDemand", {})
    if len(terms) != 1:
        raise NoSinglePrice(f"{len(terms)} on-demand terms")
    dimensions: Iterable[Answer] = next(iter(terms.values())).get("priceDimensions", {}).values()
    try:
        found = sorted(
            (Decimal(row["beginRange"]), Decimal(row["pricePerUnit"]["USD"])) for row in dimensions
        )
    except (KeyError, TypeError, InvalidOperation):
        raise NoSinglePrice("it has no price in US dollars") from None
    return _from_zero(found)


def _from_zero(found: list[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    if len(found) > 1 and found[0][1] == 0:
        # A free first tier belongs to the account, not to this deployment.
        found = found[1:]
        found[0] = (Decimal(0), found[0][1])
    if any(not price.is_finite() or price <= 0 for _, price in found):
        raise NoSinglePrice("a price is not above 0")
    starts = [start for start, _ in found]
    if not found or starts[0] != 0 or len(set(starts)) != len(starts):
        raise NoSinglePrice("its tiers do not start at 0, or overlap")
    return found
