"""What is printed: the JSON contract with exact numbers, and a table that fits and can be checked."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost.choices import CHOICES, change, parse_pairs
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import EC2, FARGATE, MULTI_MACHINE, STANDALONE, Plan
from ash_ops.cost.prices import age_in_days, bundled, is_stale
from ash_ops.report.cost.json import document, dumps
from ash_ops.report.cost.text import comparison_text, estimate_text, summary
from tests.support.guides_plan import guides_plan

TODAY = date(2026, 11, 23)


def estimate(plan: Plan | None = None) -> Estimate:
    return monthly_estimate(plan or guides_plan(), today=TODAY)


def as_json(found: Estimate, comparison: Comparison | None = None) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        dumps(document(found, comparison)), parse_float=Decimal, parse_int=Decimal
    )
    return read


def test_the_contract_has_its_names() -> None:
    found = as_json(estimate())
    assert found["schema"] == "ash-ops.cost/1"
    assert (found["region"], found["currency"]) == ("us-east-1", "USD")
    named = {"item", "quantity", "unit", "unit_price", "hourly", "monthly", "source", "as_of"}
    assert all(named <= line.keys() for line in found["lines"])
    assert found["total"].keys() == {"hourly", "monthly", "at_least"}
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
    found = as_json(estimate(change(guides_plan(), {"region": "ca-west-1"})))
    vcpu = found["lines"][0]
    unknown = ("unit_price", "hourly", "monthly", "source", "as_of")
    assert [vcpu[name] for name in unknown] == [None] * 5
    assert found["total"]["at_least"] is True


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
    text = "region=eu-central-1,launch-type=ec2"
    after = estimate(change(guides_plan(), parse_pairs(text)))
    comparison = Comparison(estimate(), after, text)
    assert comparison.of_known_lines < 0
    assert as_json(estimate(), comparison)["comparison"]["difference"]["monthly"] is None
    total = re.search(
        r"^Total +57\.63 +at least [\d.]+ +(\S+)$", comparison_text(comparison, "t"), re.M
    )
    assert total is not None
    assert total[1] == "?"


SHAPES = [
    {},
    {"mode": MULTI_MACHINE},
    {"mode": MULTI_MACHINE, "launch-type": FARGATE, "architecture": "arm64", "spot": "yes"},
    {"mode": STANDALONE, "launch-type": EC2, "instance-type": "c7i.metal-24xl"},
    {"region": "ca-west-1", "private": "yes", "endpoints": "10", "s3": "1", "efs": "100"},
    {"cpu": "16384", "memory": "122880", "ephemeral-storage": "200", "database": "yes"},
    {"traffic-gb": "10000000", "connections": "90000000", "tls": "yes", "log-gb": "100000"},
]


@pytest.mark.parametrize("chosen", SHAPES, ids=str)
def test_no_line_is_wider_than_a_hundred_columns(chosen: dict[str, str]) -> None:
    plan = change(guides_plan(), chosen)
    comparison = Comparison(estimate(), estimate(plan), ",".join(chosen))
    for text in (estimate_text(estimate(plan), "title"), comparison_text(comparison, "title")):
        assert [line for line in text.splitlines() if len(line) > 100] == []


def test_a_person_can_check_the_table() -> None:
    """Quantity times price is the month, the month is 730 hours, and the shares are of the total."""
    rows = re.findall(
        r"^(.+?)\s{2,}([\d,.]+) \S+\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\D*(\d+) %",
        estimate_text(estimate(), "title", fancy=False),
        re.MULTILINE,
    )
    assert len(rows) == len(estimate().lines)
    for item, quantity, price, hourly, monthly, share in rows:
        month = Decimal(quantity.replace(",", "")) * Decimal(price)
        assert abs(month - Decimal(monthly)) <= Decimal("0.005"), item
        assert abs(month / 730 - Decimal(hourly)) <= Decimal("0.00005"), item
        assert abs(month / estimate().monthly * 100 - Decimal(share)) <= Decimal("0.51"), item


def test_every_price_of_the_table_names_its_source_and_date() -> None:
    text = estimate_text(estimate(), "title")
    marks = set(re.findall(r"\[([a-z])\]$", text, re.MULTILINE))
    listed = set(re.findall(r"^  \[([a-z])\] \d{4}-\d\d-\d\d  \S", text, re.MULTILINE))
    assert marks == listed
    assert marks


def test_plain_terminals_get_plain_characters() -> None:
    assert estimate_text(estimate(), "title", fancy=False).isascii()
    assert not estimate_text(estimate(), "title", fancy=True).isascii()


def test_an_unknown_price_is_a_question_mark_and_the_total_says_at_least() -> None:
    found = estimate(change(guides_plan(), {"region": "ca-west-1"}))
    text = estimate_text(found, "title")
    assert re.search(r"Fargate vCPU: 1 x 0.5 +365 vCPU-h +\? +\? +\?", text)
    assert "Total, at least" in text
    assert summary(found).startswith("at least $")


def test_the_guide_is_answered() -> None:
    text = " ".join(estimate_text(estimate(), "title").split())
    assert "The guide says ~$0.037 an hour, ~$27 a month" in text
    assert "Gateway Load Balancer" in text
    assert "public addresses (here $10.95 a month)" in text


def test_old_prices_are_named_with_their_date() -> None:
    later = monthly_estimate(guides_plan(), today=date(2027, 6, 1))
    (sentence,) = [text for text in later.assumptions if "older than 90 days" in text]
    assert "Network Load Balancer (2026-09-11)" in sentence


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2026-11-22", 1), ("2026-10", 53), ("2026", 326)],
)
def test_a_date_without_a_day_counts_from_its_earliest(as_of: str, days: int) -> None:
    assert age_in_days(as_of, TODAY) == days


def test_ninety_days_are_not_yet_stale() -> None:
    assert not is_stale("2026-08-25", TODAY)
    assert is_stale("2026-08-24", TODAY)


def test_no_row_is_without_a_dated_source_or_scaled_from_another_region() -> None:
    table = bundled().document
    rows = [
        row for part in (table["everywhere"], *table["regions"].values()) for row in part.values()
    ]
    assert len(rows) > 200
    for row in rows:
        assert re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", row["date"])
        assert table["sources"][row["source"]]["from"]
        assert Decimal(row["price"]) > 0
        assert "us-east-1 value" not in row.get("note", "")
    assert table["regions"]["us-west-2"].keys() & {"ec2_linux_hour.m6i.large"} == set()


def test_prices_that_are_the_same_everywhere_are_not_those_of_other_partitions() -> None:
    """What was seen in every commercial region says nothing about GovCloud or China."""
    assert bundled().price("eu-south-2", "public_ipv4_hour") is not None
    assert bundled().price("us-gov-west-1", "public_ipv4_hour") is None
    assert bundled().price("cn-north-1", "public_ipv4_hour") is None


def test_every_choice_explains_itself() -> None:
    assert [name for name, choice in CHOICES.items() if not choice.help.endswith((".", "]"))] == []
