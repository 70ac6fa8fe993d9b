"""AWS's public offer files: the price list without credentials."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.aws.pricing import NoSinglePrice
from ash_ops.cost.plan import default_plan
from ash_ops.cost.prices.bulk import Offers
from ash_ops.cost.prices.catalogue import FIXED
from ash_ops.cost.prices.live import gather
from ash_ops.cost.prices.table import bundled
from ash_ops.errors import ReadFailed

BALANCER = FIXED["nlb_hour"]


def offer(price: str = "0.0311", *, region: str = "eu-west-3", twice: bool = False) -> bytes:
    """A file in the shape of an offer, with another product beside the one that is wanted."""
    products = {
        sku: {
            "sku": sku,
            "productFamily": family,
            "attributes": {"regionCode": region, "usagetype": f"EUW3-{usage}"},
        }
        for sku, family, usage in (
            ("A1", "Load Balancer-Network", "LoadBalancerUsage"),
            ("B2", "Load Balancer-Application", "LoadBalancerUsage"),
            *((("C3", "Load Balancer-Network", "LoadBalancerUsage"),) if twice else ()),
        )
    }
    terms = {
        sku: {
            f"{sku}.T": {
                "priceDimensions": {"d": {"beginRange": "0", "pricePerUnit": {"USD": price}}}
            }
        }
        for sku in products
    }
    if twice:
        terms["C3"]["C3.T"]["priceDimensions"]["d"]["pricePerUnit"] = {"USD": "0.5"}
    document: dict[str, Any] = {
        "publicationDate": "2026-11-20T10:00:00Z",
        "products": {**products, "D4": {"sku": "D4", "attributes": {}}},
        "terms": {"OnDemand": terms},
    }
    return json.dumps(document).encode()


def test_the_one_product_of_the_region_is_the_price() -> None:
    asked: list[str] = []

    def get(path: str) -> bytes:
        asked.append(path)
        return offer()

    offers = Offers(get)
    found = offers.find(BALANCER, "eu-west-3")
    assert (found.tiers, found.sku, found.published) == (
        ((Decimal(0), Decimal("0.0311")),),
        "A1",
        "2026-11-20",
    )
    with pytest.raises(NoSinglePrice):
        offers.find(FIXED["nlcu_hour"], "eu-west-3")
    assert asked == ["/offers/v1.0/aws/AWSELB/current/eu-west-3/index.json"]


def test_two_products_are_no_price() -> None:
    with pytest.raises(NoSinglePrice):
        Offers(lambda _: offer(twice=True)).find(BALANCER, "eu-west-3")


def test_the_file_of_gigabytes_is_not_asked_for() -> None:
    def get(path: str) -> bytes:
        raise AssertionError(path)

    with pytest.raises(NoSinglePrice, match="too large"):
        Offers(get).find(FIXED["ebs_gp3_gb_month"], "eu-west-3")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"products": {}}'])
def test_what_is_no_offer_is_a_failed_reading(body: bytes) -> None:
    with pytest.raises(ReadFailed):
        Offers(lambda _: body).find(BALANCER, "eu-west-3")


def test_without_a_network_the_table_is_used_and_that_is_said() -> None:
    def get(_: str) -> bytes:
        raise OSError("no route")

    found = gather(Offers(get).find, default_plan(), bundled())
    assert found.used_table
    assert "bundled prices are used" in found.notes[0]
    assert found.price("nlb_hour") == bundled().price("us-east-1", "nlb_hour")
