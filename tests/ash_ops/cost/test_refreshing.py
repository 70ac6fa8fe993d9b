"""``make prices``: what AWS gives replaces a row; what it does not give keeps its source and date."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from ash_ops.aws.pricing import Item, ListPrice, NoSinglePrice
from ash_ops.cost.prices.refresh import dumps, refreshed
from ash_ops.cost.prices.table import BUNDLED, PriceTable
from ash_ops.errors import ReadFailed

TODAY = date(2027, 2, 1)
DOCUMENT = json.loads(BUNDLED.read_text())


def only_balancers_in_two_regions(item: Item, region: str) -> ListPrice:
    if item.usage != "LoadBalancerUsage" or region not in ("us-east-1", "ap-southeast-7"):
        raise NoSinglePrice(region)
    return ListPrice(((Decimal(0), Decimal("0.0300000000")),), "SKU1", "2027-01-15")


def test_given_prices_replace_rows_and_the_others_stay() -> None:
    table, count = refreshed(DOCUMENT, only_balancers_in_two_regions, TODAY)
    found, before = PriceTable(table), PriceTable(DOCUMENT)
    price = found.price("ap-southeast-7", "nlb_hour")
    assert price is not None
    assert (count, price.unit, price.as_of) == (2, Decimal("0.03"), "2027-01-15")
    assert found.price("eu-west-1", "nlb_hour") == before.price("eu-west-1", "nlb_hour")
    assert found.price("us-east-1", "secret_month") == before.price("us-east-1", "secret_month")
    assert found.as_of == TODAY


def test_tiers_are_kept() -> None:
    tiers = ((Decimal(0), Decimal("0.30")), (Decimal(10000), Decimal("0.10")))

    def metrics(item: Item, region: str) -> ListPrice:
        if item.usage != "CW:MetricMonitorUsage" or region != "eu-west-3":
            raise NoSinglePrice(region)
        return ListPrice(tiers, "SKU2", "2027-01-15")

    table, _ = refreshed(DOCUMENT, metrics, TODAY)
    price = PriceTable(table).price("eu-west-3", "metric_month")
    assert price is not None
    assert price.tiers == tiers


def test_a_list_that_does_not_answer_changes_nothing() -> None:
    def denied(item: Item, region: str) -> ListPrice:
        raise ReadFailed("pricing:GetProducts", "denied", "AccessDeniedException", region)

    with pytest.raises(ReadFailed):
        refreshed(DOCUMENT, denied, TODAY)


def test_the_bundled_file_is_in_the_order_in_which_it_is_written() -> None:
    """So that a refresh shows as changed prices, not as a changed file."""
    assert dumps(DOCUMENT) == BUNDLED.read_text()
