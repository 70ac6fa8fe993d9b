"""AWS's price list, over real HTTP: exactly one product is a price; anything else is not."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.aws.pricing import NoSinglePrice, find
from ash_ops.cost.plan import Plan, Tasks, default_plan
from ash_ops.cost.prices.catalogue import item
from ash_ops.cost.prices.live import live_prices
from ash_ops.cost.prices.table import bundled
from ash_ops.errors import ReadFailed

Product = dict[str, Any]


def product(
    usage: str = "LoadBalancerUsage",
    *,
    sku: str = "YKBGGP5EBGDU9T5W",
    tiers: tuple[tuple[str, str], ...] = (("0", "0.0225000000"),),
    family: str = "Load Balancer-Network",
    region: str = "us-east-1",
    currency: str = "USD",
) -> Product:
    """A product as the offer of 2026-09-11 has it."""
    rows = {
        f"{sku}.JRTCKXETXF.{start}": {
            "unit": "Hrs",
            "beginRange": start,
            "endRange": "Inf",
            "description": "a price",
            "pricePerUnit": {currency: price},
        }
        for start, price in tiers
    }
    return {
        "product": {
            "productFamily": family,
            "attributes": {"regionCode": region, "usagetype": usage, "locationType": "AWS Region"},
            "sku": sku,
        },
        "serviceCode": "AWSELB",
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": {"sku": sku, "priceDimensions": rows}}},
        "version": "20260911124544",
        "publicationDate": "2026-09-11T12:45:44Z",
    }


def serve(fake_aws: Any, *pages: list[Product]) -> None:
    """Answer with these pages, linked by tokens."""

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        number = int(body.get("NextToken", "0"))
        page = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(p) for p in pages[number]]}
        if number + 1 < len(pages):
            page["NextToken"] = str(number + 1)
        return 200, page

    fake_aws.answers["GetProducts"] = answer


def ask(fake_aws: Any, key: str = "nlb_hour", region: str = "us-east-1") -> Any:
    wanted = item(key)
    assert wanted is not None
    return find(fake_aws.session(), wanted, region)


def test_one_product_is_its_price_with_sku_and_date(fake_aws: Any) -> None:
    serve(fake_aws, [product()])
    found = ask(fake_aws)
    assert found.tiers == ((Decimal(0), Decimal("0.0225")),)
    assert (found.sku, found.published) == ("YKBGGP5EBGDU9T5W", "2026-09-11")


def test_the_question_names_service_region_and_family(fake_aws: Any) -> None:
    serve(fake_aws, [product()])
    ask(fake_aws)
    ((_, body),) = fake_aws.asked
    assert body["ServiceCode"] == "AWSELB"
    filters = {row["Field"]: row["Value"] for row in body["Filters"]}
    assert filters == {"regionCode": "us-east-1", "productFamily": "Load Balancer-Network"}


def test_the_client_is_pinned_to_a_region_that_has_the_service(fake_aws: Any) -> None:
    """api.pricing.eu-west-1.amazonaws.com does not exist."""
    serve(fake_aws, [product("EU-LoadBalancerUsage", region="eu-west-1")])
    session = fake_aws.session()
    wanted = item("nlb_hour")
    assert wanted is not None
    find(session, wanted, "eu-west-1")
    assert session.client("pricing", region="us-east-1").meta.region_name == "us-east-1"


OTHER = product(sku="OTHERSKU00000000", tiers=(("0", "0.03"),))
NO_TERM = copy.deepcopy(product())
NO_TERM["terms"] = {}


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param(([],), id="empty: an unmatched filter is no error, and no price"),
        pytest.param(([product(), OTHER],), id="two products on a page"),
        pytest.param(([product()], [OTHER]), id="two products on two pages"),
        pytest.param(([product(), product(tiers=(("0", "0.9"),))],), id="one SKU at two prices"),
        pytest.param(([product("TS-LoadBalancerUsage")],), id="trust store, not load balancer"),
        pytest.param(([product("Outposts-LoadBalancerUsage")],), id="on Outposts"),
        pytest.param(([product("LoadBalancerUsage-x")],), id="longer usage type"),
        pytest.param(([product(region="us-east-2")],), id="another region's product"),
        pytest.param(([product(family="Load Balancer-Gateway")],), id="the Gateway LB"),
        pytest.param(([product(currency="CNY")],), id="no US dollars"),
        pytest.param(([product(tiers=(("0", "0.0000000000"),))],), id="free is not believed"),
        pytest.param(([product(tiers=(("0", "-1"),))],), id="negative"),
        pytest.param(([product(tiers=(("0", "NaN"),))],), id="not a number"),
        pytest.param(([product(tiers=(("0", "zero"),))],), id="not even text of a number"),
        pytest.param(([product(tiers=(("10", "0.02"),))],), id="does not start at 0"),
        pytest.param(([NO_TERM],), id="no on-demand term"),
    ],
)
def test_anything_but_exactly_one_product_is_no_price(
    fake_aws: Any, pages: tuple[list[Product], ...]
) -> None:
    serve(fake_aws, *pages)
    with pytest.raises(NoSinglePrice):
        ask(fake_aws)


def test_the_same_product_on_two_pages_is_one_product(fake_aws: Any) -> None:
    serve(fake_aws, [product()], [product()])
    assert ask(fake_aws).tiers[0][1] == Decimal("0.0225")


def test_neighbours_in_a_long_list_are_left_aside(fake_aws: Any) -> None:
    """An endpoint that ignores the filters gives everything; the right one is still found."""
    serve(
        fake_aws,
        [
            product("TS-LoadBalancerUsage", sku="A"),
            OTHER | {"product": OTHER["product"] | {"productFamily": "Load Balancer-Application"}},
        ],
        [product()],
    )
    assert ask(fake_aws).sku == "YKBGGP5EBGDU9T5W"


@pytest.mark.parametrize(
    "usage",
    [
        "EUW2-LoadBalancerUsage",
        "EU-LoadBalancerUsage",
        "LoadBalancerUsage",
        "USE1-LoadBalancerUsage",
    ],
)
def test_a_region_prefix_may_be_there_or_not(fake_aws: Any, usage: str) -> None:
    """Old services have none in us-east-1; eu-west-1's is EU without a number."""
    serve(fake_aws, [product(usage)])
    assert ask(fake_aws).tiers[0][1] == Decimal("0.0225")


def test_tiers_are_ordered_and_each_part_pays_its_own(fake_aws: Any) -> None:
    tiers = (("10000", "0.10"), ("250000", "0.05"), ("0", "0.30"))
    metric = product("CW:MetricMonitorUsage", tiers=tiers, family="Metric")
    serve(fake_aws, [metric])
    found = ask(fake_aws, "metric_month")
    assert [start for start, _ in found.tiers] == [0, 10000, 250000]


def test_a_free_first_tier_of_the_account_is_not_this_deployments(fake_aws: Any) -> None:
    tiers = (("0", "0.0000000000"), ("10", "0.10"))
    serve(fake_aws, [product("CW:AlarmMonitorUsage", tiers=tiers, family="Alarm")])
    assert ask(fake_aws, "alarm_month").tiers == ((Decimal(0), Decimal("0.10")),)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(
            (400, {"__type": "AccessDeniedException", "message": "no"}), "denied", id="denied"
        ),
        pytest.param(
            (400, {"__type": "ThrottlingException", "message": "slow"}), "throttled", id="429"
        ),
        pytest.param((500, {"__type": "InternalErrorException"}), "failed", id="server error"),
        pytest.param((200, b"<html>proxy</html>"), "failed", id="not JSON at all"),
        pytest.param((200, {"PriceList": ["{"]}), "failed", id="cut JSON within JSON"),
        pytest.param((200, {"PriceList": ["[]"]}), "failed", id="a list, not a product"),
        pytest.param(
            (200, {"PriceList": ['{"product": {}}']}), "failed", id="a product without SKU"
        ),
    ],
)
def test_a_failed_answer_is_a_failed_read(fake_aws: Any, reply: Any, kind: str) -> None:
    fake_aws.answers["GetProducts"] = lambda _: reply
    with pytest.raises(ReadFailed) as failed:
        ask(fake_aws)
    assert (failed.value.call, failed.value.kind) == ("pricing:GetProducts", kind)


def test_what_the_list_lacks_comes_from_the_table_and_says_so(fake_aws: Any) -> None:
    serve(fake_aws, [product(tiers=(("0", "0.5"),))])
    found = live_prices(fake_aws.session(), default_plan(), bundled())
    balancer, secret = found.price("nlb_hour"), found.price("secret_month")
    assert balancer is not None
    assert secret is not None
    assert (balancer.unit, balancer.live, balancer.as_of) == (Decimal("0.5"), True, "2026-09-11")
    assert (secret.unit, secret.live) == (Decimal("0.4"), False)
    assert (found.used_table, found.notes) == (True, ())


def test_a_denied_list_is_asked_once_and_the_table_serves(fake_aws: Any) -> None:
    """Twenty refusals take twenty times as long as one and say no more."""
    found = live_prices(fake_aws.session(), default_plan(), bundled())
    assert fake_aws.count("GetProducts") == 1
    assert "AccessDeniedException" in found.notes[0]
    price = found.price("nlb_hour")
    assert price is not None
    assert not price.live


def test_spot_prices_are_not_taken_from_the_list(fake_aws: Any) -> None:
    """They move daily and the list is not dependable for them."""
    plan = Plan(tasks=(Tasks(spot=True),))
    serve(fake_aws, [])
    found = live_prices(fake_aws.session(), plan, bundled())
    price = found.price("fargate_spot_vcpu_hour")
    assert price is not None
    assert not price.live
