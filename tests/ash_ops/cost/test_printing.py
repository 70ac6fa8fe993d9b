"""What is printed: the JSON contract with exact numbers, and a table that fits and can be checked."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost.answer import Answer
from ash_ops.cost.choices import CHOICES, change, parse_pairs
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import EC2, FARGATE, MULTI_MACHINE, STANDALONE, Plan
from ash_ops.cost.prices.table import age_in_days, bundled, is_stale
from ash_ops.report.cost.html import page as html_page
from ash_ops.report.cost.json import document, dumps
from ash_ops.report.cost.markdown import markdown
from ash_ops.report.cost.text import comparisons_text, estimate_text, summary
from tests.support.contracts import holds
from tests.support.guides_plan import guides_plan

TODAY = date(2026, 11, 23)
# No price of capacity units, secrets and data out can be cited there.
WITHOUT_ALL_PRICES = {"region": "ap-southeast-6", "launch-type": "ec2"}


def estimate(plan: Plan | None = None) -> Estimate:
    return monthly_estimate(plan or guides_plan(), today=TODAY)


def answered(found: Estimate, comparison: Comparison | None = None) -> Answer:
    return Answer(found, (comparison,) if comparison else (), None, "ash-cloud", ())


def comparison_text(comparison: Comparison, title: str) -> str:
    return comparisons_text([comparison], title)


def as_json(found: Estimate, comparison: Comparison | None = None) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        dumps(document(answered(found, comparison))), parse_float=Decimal, parse_int=Decimal
    )
    holds("cost", read)
    return read


def test_the_contract_has_its_names() -> None:
    found = as_json(estimate())
    assert found["schema"] == "ash-ops.cost/1"
    assert (found["region"], found["currency"]) == ("us-east-1", "USD")
    named = {"item", "quantity", "unit", "unit_price", "hourly", "monthly", "source", "as_of"}
    assert all(named <= line.keys() for line in found["lines"])
    assert found["total"].keys() == {"hourly", "monthly", "at_least", "range"}
    assert found["assumptions"]
    assert found["excluded"]


def test_numbers_keep_every_digit() -> None:
    """A float in between would turn 14.7752 + 3.24485 into something near it."""
    found = as_json(estimate())
    assert found["total"]["monthly"] == sum(line["monthly"] for line in found["lines"])
    assert found["total"]["monthly"] == estimate().monthly
    fargate = found["lines"][0]
    assert (fargate["quantity"], fargate["unit_price"]) == (Decimal(365), Decimal("0.04048"))


def test_the_unknown_is_null_and_the_total_a_lower_bound() -> None:
    found = as_json(estimate(change(guides_plan(), WITHOUT_ALL_PRICES)))
    (disk,) = [line for line in found["lines"] if line["subject"] == "capacity-units"]
    unknown = ("unit_price", "hourly", "monthly", "source", "as_of")
    assert [disk[name] for name in unknown] == [None] * 5
    assert found["total"]["at_least"] is True


def test_an_unknown_price_has_a_range_over_the_regions_that_know_it_beside_it() -> None:
    """Never in its place: the month stays null, and the total stays a lower bound."""
    found = as_json(estimate(change(guides_plan(), WITHOUT_ALL_PRICES)))
    (disk,) = [line for line in found["lines"] if line["subject"] == "capacity-units"]
    prices = [
        bundled().price(region, "nlcu_hour") for region in bundled().document["commercial_regions"]
    ]
    known = [price.unit for price in prices if price is not None]
    assert disk["range"] == {
        "low": min(known) * Decimal("7.3"),
        "high": max(known) * Decimal("7.3"),
    }
    assert found["total"]["range"]["low"] > found["total"]["monthly"]
    text = estimate_text(estimate(change(guides_plan(), WITHOUT_ALL_PRICES)), "title")
    assert f"In the {len(known)}" in " ".join(text.split())


def test_numbers_are_numbers_and_text_that_looks_like_a_mark_stays_text() -> None:
    text = dumps({"a": Decimal("1E+3"), "b": Decimal("0.10"), "c": "1.5", "d": Decimal("1e-9")})
    assert json.loads(text) == {"a": 1000, "b": 0.1, "c": "1.5", "d": 1e-9}
    with pytest.raises(TypeError):
        dumps({"a": object()})


def test_a_comparison_is_in_the_document() -> None:
    text = "cpu=2048,memory=4096"
    after = estimate(change(guides_plan(), parse_pairs(text)))
    found = as_json(estimate(), Comparison(estimate(), after, text))["comparison"]
    assert found["change"] == text
    assert found["difference"]["monthly"] == after.monthly - estimate().monthly


def test_a_move_to_where_prices_are_unknown_is_not_shown_as_a_saving() -> None:
    text = "region=ap-southeast-6,cpu=256,memory=512"
    after = estimate(change(guides_plan(), parse_pairs(text)))
    comparison = Comparison(estimate(), after, text)
    assert comparison.of_known_lines < 0
    assert as_json(estimate(), comparison)["comparison"]["difference"]["monthly"] is None
    total = re.search(r"^Total +57\.63 +>=[\d.]+ +(\S+)$", comparison_text(comparison, "t"), re.M)
    assert total is not None
    assert total[1] == "?"


SHAPES = [
    {},
    {"mode": MULTI_MACHINE},
    {"mode": MULTI_MACHINE, "launch-type": FARGATE, "architecture": "arm64", "spot": "yes"},
    WITHOUT_ALL_PRICES,
    {"mode": STANDALONE, "launch-type": EC2, "instance-type": "c7i.metal-24xl"},
    {"region": "ca-west-1", "private": "yes", "endpoints": "10", "s3": "1", "efs": "100"},
    {"cpu": "16384", "memory": "122880", "ephemeral-storage": "200", "database": "yes"},
    {"traffic-gb": "10000000", "connections": "90000000", "tls": "yes", "log-gb": "100000"},
]


@pytest.mark.parametrize("chosen", SHAPES, ids=str)
def test_no_line_is_wider_than_eighty_columns(chosen: dict[str, str]) -> None:
    plan = change(guides_plan(), chosen)
    comparison = Comparison(estimate(), estimate(plan), "cpu=1")
    texts = (
        estimate_text(estimate(plan), "title"),
        estimate_text(estimate(plan), "title", verbose=True),
        comparison_text(comparison, "title"),
        comparisons_text([comparison, comparison, comparison], "title"),
    )
    for text in texts:
        assert [line for line in text.splitlines() if len(line) > 80] == []


def test_a_person_can_check_the_table() -> None:
    """Quantity times price is the month, and the shares are of the total."""
    rows = re.findall(
        r"^(.+?)\s{2,}([\d,.]+) \S+\s+([\d.]+)\s+([\d.]+)\D*(\d+) %",
        estimate_text(estimate(), "title", fancy=False),
        re.MULTILINE,
    )
    assert len(rows) == len(estimate().lines)
    for item, quantity, price, monthly, share in rows:
        month = Decimal(quantity.replace(",", "")) * Decimal(price)
        assert abs(month - Decimal(monthly)) <= Decimal("0.005"), item
        assert abs(month / estimate().monthly * 100 - Decimal(share)) <= Decimal("0.51"), item


def test_every_price_names_its_list_its_region_its_date_and_its_product() -> None:
    text = " ".join(estimate_text(estimate(), "title", verbose=True).split())
    source = "AWS Price List, Fargate, us-east-1, 2026-09-11, SKU 8CESGAFWKAJ98PME"
    assert f"0.04048 a vCPU-hour: {source}" in text
    for line in estimate().lines:
        assert line.price is not None
        assert line.price.source.startswith("AWS ")
        assert line.price.source in text


def test_the_first_screen_holds_the_bill_and_folds_the_rest() -> None:
    short, full = (estimate_text(estimate(), "title", verbose=v) for v in (False, True))
    assert len(short.splitlines()) <= 27
    assert "`-v`" in short
    assert "Not included" not in short
    assert "Not included" in full


def test_several_changes_stand_side_by_side() -> None:
    base = estimate()
    texts = ("cpu=2048,memory=4096", "arch=arm64", "region=eu-west-1")
    several = [
        Comparison(base, estimate(change(guides_plan(), parse_pairs(text))), text) for text in texts
    ]
    text = comparisons_text(several, "title")
    (total,) = [line.split() for line in text.splitlines() if line.startswith("Total")]
    assert total[1:] == [f"{found.monthly:.2f}" for found in (base, *(c.after for c in several))]


@pytest.mark.parametrize("render", [markdown, html_page])
def test_the_pictures_show_every_line_and_its_share(render: Any) -> None:
    page = render(answered(estimate()), "ash-cloud in us-east-1")
    for line in estimate().lines:
        assert line.quantity.item in page
    assert "57.63" in page
    assert "28 %" in page


def test_a_page_for_a_browser_runs_nothing_and_loads_nothing() -> None:
    page = html_page(answered(estimate()), "<script>alert(1)</script>")
    assert "<script" not in page
    assert "://" not in page


def test_plain_terminals_get_plain_characters() -> None:
    assert estimate_text(estimate(), "title", fancy=False).isascii()
    assert not estimate_text(estimate(), "title", fancy=True).isascii()


def test_an_unknown_price_is_a_question_mark_and_the_total_says_at_least() -> None:
    found = estimate(change(guides_plan(), WITHOUT_ALL_PRICES))
    text = estimate_text(found, "title")
    assert re.search(r"Load balancer capacity +7.3 NLCU-h +\? +\?", text)
    assert "Total, at least" in text
    assert summary(found).startswith("at least $")


def test_the_guide_is_answered() -> None:
    text = " ".join(estimate_text(estimate(), "title", verbose=True).split())
    assert "The guide says ~$0.037 an hour, ~$27 a month" in text
    assert "Gateway Load Balancer" in text
    assert "public addresses (here $10.95 a month)" in text


def test_old_prices_are_named_with_their_date() -> None:
    later = monthly_estimate(guides_plan(), today=date(2027, 6, 1))
    (sentence,) = [text for text in later.assumptions if "more than 90 days ago" in text]
    count = len(later.lines)
    assert f"{count} of {count} bundled prices" in sentence
    assert min(line.price.as_of for line in later.lines if line.price) in sentence


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2026-11-22", 1), ("2026-10", 53), ("2026", 326)],
)
def test_a_date_without_a_day_counts_from_its_earliest(as_of: str, days: int) -> None:
    assert age_in_days(as_of, TODAY) == days


def test_ninety_days_are_not_yet_stale() -> None:
    assert not is_stale("2026-08-25", TODAY)
    assert is_stale("2026-08-24", TODAY)


def test_every_choice_explains_itself() -> None:
    assert [name for name, choice in CHOICES.items() if not choice.help.endswith((".", "]"))] == []
