"""The bundled prices: no row twice, none without its date and copy, none that other readings deny."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost.basis import check_region
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import default_plan
from ash_ops.cost.prices.table import BUNDLED, INSTANCES, bundled
from ash_ops.cost.tokens import prices as models
from ash_ops.errors import UsageProblem
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE

TABLE = bundled()
FILES = (BUNDLED, INSTANCES, BUNDLED.parents[1] / "tokens" / "models.json")
# Fargate, x86, an hour: vCPU and GB, as another reading of 2026-09-29 has them (22 regions).
FARGATE_READ_ELSEWHERE = """
af-south-1 0.0546 0.006       ap-east-1 0.0556 0.0061        ap-northeast-1 0.05056 0.00553
ap-northeast-2 0.04656 0.00511  ap-south-1 0.04256 0.004655  ap-southeast-1 0.05056 0.00553
ap-southeast-2 0.04856 0.00532  ca-central-1 0.04456 0.004865 eu-central-1 0.04656 0.00511
eu-north-1 0.0445 0.0049      eu-south-1 0.0486 0.0053       eu-west-1 0.04048 0.004445
eu-west-2 0.04656 0.00511     eu-west-3 0.0486 0.0053        me-south-1 0.0526 0.0058
sa-east-1 0.0696 0.0076       us-east-1 0.04048 0.004445     us-east-2 0.04048 0.004445
us-gov-east-1 0.0486 0.0053   us-gov-west-1 0.0486 0.0053    us-west-1 0.04656 0.00511
us-west-2 0.04048 0.004445
"""
# us-east-1, from offers of 2026-09 and 2026-10 that were transcribed with their SKUs.
READ_WITH_SKU = {
    "nlb_hour": ("0.0225", "YKBGGP5EBGDU9T5W"),
    "fargate_vcpu_hour": ("0.04048", "8CESGAFWKAJ98PME"),
    "cost_explorer_request": ("0.01", "BX68HKNBJP73AFBV"),
    "data_out_gb": ("0.09", "HQEH3ZWJVT46JHRG"),
    "ebs_gp3_gb_month": ("0.08", "JG3KUJMBRGHV3N8G"),
}
# Graviton in India costs about half (AWS Fargate price page), elsewhere a fifth less than x86.
CHEAP_ARM = {"ap-south-1", "ap-south-2"}


def rows() -> list[tuple[str, str, dict[str, Any]]]:
    document = TABLE.document
    parts = {"everywhere": document["everywhere"], **document["regions"]}
    return [(place, key, row) for place, part in parts.items() for key, row in part.items()]


def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    assert twice == []
    return dict(pairs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_no_row_stands_twice(path: Any) -> None:
    """A JSON reader takes the last of two and says nothing."""
    json.loads(path.read_text("utf-8"), object_pairs_hook=refuse_twice)


def test_a_product_is_one_item_of_one_region() -> None:
    products = Counter(row["sku"] for _, _, row in rows() if "sku" in row)
    assert [sku for sku, count in products.items() if count > 1] == []


def test_every_row_has_a_price_a_date_that_has_been_and_the_copy_it_is_from() -> None:
    assert len(rows()) > 1000
    for place, key, row in rows():
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row["date"]), key
        assert date.fromisoformat(row["date"]) <= TABLE.as_of, (place, key)
        assert TABLE.document["carriers"][row["carrier"]]
        assert Decimal(row["price"]) > 0
        if "tiers" in row:
            starts = [Decimal(start) for start, _ in row["tiers"]]
            assert starts == sorted(set(starts))
            assert starts[0] == 0
            assert row["tiers"][0][1] == row["price"]


def test_what_is_said_to_a_user_is_the_list_and_not_the_copy() -> None:
    copies = TABLE.document["carriers"]
    for region in sorted(TABLE.regions):
        for key in TABLE.document["regions"].get(region, {}):
            price = TABLE.price(region, key)
            assert price is not None
            assert price.source.startswith(("AWS Price List, ", "AWS Fargate Spot prices, "))
            assert region in price.source
            assert not any(copy in price.source for copy in copies)


def test_another_reading_of_fargate_has_the_same_prices() -> None:
    words = FARGATE_READ_ELSEWHERE.split()
    for region, vcpu, memory in zip(words[::3], words[1::3], words[2::3], strict=True):
        for key, expected in (("fargate_vcpu_hour", vcpu), ("fargate_gb_hour", memory)):
            price = TABLE.price(region, key)
            assert price is not None
            assert price.unit == Decimal(expected), (region, key)


def test_the_products_that_were_read_twice_are_the_same() -> None:
    for key, (expected, sku) in READ_WITH_SKU.items():
        price = TABLE.price("us-east-1", key)
        assert price is not None
        assert (price.unit, price.source.rpartition("SKU ")[2]) == (Decimal(expected), sku)


def unit(region: str, key: str) -> Decimal | None:
    price = TABLE.price(region, key)
    return price.unit if price else None


@pytest.mark.parametrize("region", sorted(TABLE.regions))
def test_prices_of_one_region_agree_with_one_another(region: str) -> None:
    """A wrong row stands out: ARM beside x86, two zones beside one, twice the size beside one."""
    for part in ("vcpu", "gb"):
        arm, x86 = unit(region, f"fargate_arm_{part}_hour"), unit(region, f"fargate_{part}_hour")
        assert arm is not None
        assert x86 is not None
        expected = Decimal("0.56") if region in CHEAP_ARM else Decimal("0.8")
        assert abs(arm / x86 - expected) < Decimal("0.04"), part
    one, two = unit(region, "rds_gp3_gb_month"), unit(region, "rds_gp3_multi_az_gb_month")
    if one and two:
        assert abs(two / one - 2) < Decimal("0.01")
    for kind, prices in TABLE.instances["kinds"].items():
        half = Decimal("0.005") if kind.startswith("rds") else Decimal("0.0005")
        for name, price in prices["regions"].get(region, {}).items():
            twice = prices["regions"][region].get(name.replace(".large", ".xlarge"))
            if name.endswith(".large") and twice:
                assert abs(Decimal(twice) - 2 * Decimal(price)) <= 2 * half, (kind, name)


@pytest.mark.parametrize("region", sorted(TABLE.regions))
def test_no_price_is_far_from_that_of_us_east_1(region: str) -> None:
    for key in TABLE.document["regions"].get(region, {}):
        here, there = unit(region, key), unit("us-east-1", key)
        if here is not None and there is not None:
            low = "0.5" if region in CHEAP_ARM and "arm" in key else "0.8"
            assert Decimal(low) <= here / there <= Decimal("2.2"), key


def unknown_in(region: str, mode: str, launch_type: str = "") -> set[str]:
    plan = replace(default_plan(mode, launch_type), region=region)
    return {x.quantity.subject for x in monthly_estimate(plan).lines if x.price is None}


COMMERCIAL = sorted(TABLE.document["commercial_regions"])
NO_LIST_FOUND = {"load-balancer", "capacity-units", "secrets", "data-out"}


def test_all_commercial_regions_but_one_price_the_default_whole() -> None:
    """Of New Zealand no copy was found of four lists; what they hold is a range there."""
    unknown = {region: unknown_in(region, STANDALONE, "fargate") for region in COMMERCIAL}
    assert {region: found for region, found in unknown.items() if found} == {
        "ap-southeast-6": NO_LIST_FOUND
    }
    assert len(COMMERCIAL) == 34


@pytest.mark.parametrize("region", ["us-gov-east-1", "us-gov-west-1"])
def test_govcloud_prices_all_but_what_was_seen_in_the_commercial_regions_alone(region: str) -> None:
    assert unknown_in(region, STANDALONE, "ec2") == {"data-between-zones", "cost-explorer"}


@pytest.mark.parametrize("region", COMMERCIAL)
def test_instances_disks_and_runners_are_priced_wherever_aws_offers_their_types(
    region: str,
) -> None:
    """The default types are not offered in every region: there a user has to name others."""
    not_offered = {"ec2-server", "ec2-runner", "rds"}
    found = unknown_in(region, STANDALONE, "ec2") | unknown_in(region, MULTI_MACHINE)
    no_list = {*NO_LIST_FOUND, "efs-backups"} if region == "ap-southeast-6" else set()
    expected = not_offered | no_list
    assert found <= expected


@pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1", "eusc-de-east-1"])
def test_a_partition_that_bills_in_another_currency_is_refused_with_the_reason(region: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_region(region, TABLE)
    assert "by a price list of its own" in refused.value.why
    assert "did you mean" not in refused.value.why


def test_every_model_has_four_prices_that_keep_anthropics_ratios() -> None:
    """A write to the cache costs 1.25 of the input, a read at most a tenth of it, an answer five times."""
    for name in models.models():
        price = models.price_of(name)
        assert price.cache_write == price.input * Decimal("1.25"), name
        assert price.cache_read * 10 <= price.input, name
        assert price.output == price.input * 5, name
        assert "2026-10-24" in price.source
