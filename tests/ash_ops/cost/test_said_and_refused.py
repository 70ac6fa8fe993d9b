"""What an estimate takes for granted, said where it does; and choices that cannot be, refused with why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost.assumptions import caveats, of_prices
from ash_ops.cost.changes import (
    check_together,
    set_efs,
    set_insights,
    set_instance_type,
    set_log_gb,
    set_nat,
    set_runners,
    set_storage,
    set_traffic_gb,
    set_volume,
)
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import ARM, Database, Machines, Plan, Tasks, Traffic, default_plan
from ash_ops.cost.prices.table import Price, PriceTable, Range
from ash_ops.errors import UsageProblem
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE

TODAY = date(2026, 11, 27)
SERVER = Tasks(role="server", cpu=512, memory=1024)
SAID = {
    "Everything runs all month; a month has 730 hours.": {},
    "7.3 GB a month pass the load balancer (assumed)": {},
    "Capacity units (TCP)": {},
    "0.5 GB of logs a month": {},
    "12 metrics a cluster and 25 a service": {},
    "ash-ops itself: a doctor run a day": {},
    "(measured)": {"traffic": Traffic(measured_units=Decimal(1))},
    "Capacity units as AWS measured them: 1.0000": {"traffic": Traffic(measured_units=Decimal(1))},
    "The logs are never deleted": {"log_retention_days": None},
    "212 metrics a task": {"insights": "enhanced"},
    "has no option for Spot capacity": {"tasks": (replace(SERVER, spot=True),)},
    "Fargate Spot prices move daily": {"tasks": (replace(SERVER, spot=True),)},
    "Whether Fargate Spot takes ARM tasks": {"tasks": (replace(SERVER, spot=True, arch=ARM),)},
    "by a NAT gateway that others pay for": {"private": True},
    "as much is read and written a month as is kept": {"efs_gb": Decimal(1)},
    "The NAT gateway is there for this deployment alone": {"nat_gateways": 1},
    "Not known: RDS: denied.": {"unknown": (("RDS", "denied"),)},
    "a remark of its own": {"remarks": ("a remark of its own",)},
}
QUIET = Plan(traffic=None, insights="disabled", log_gb=None, metrics_read=Decimal(0))


def sentences(plan: Plan) -> str:
    return "\n".join(monthly_estimate(plan, today=TODAY).assumptions)


def test_what_is_taken_for_granted_is_said_where_it_is_and_nowhere_else() -> None:
    plan = default_plan(STANDALONE, "fargate")
    for sentence, more in SAID.items():
        told = sentences(replace(plan, **more))
        assert told.count(sentence) == 1, sentence
        assert {line[-1] for line in told.splitlines()} <= {".", "n"}, "whole sentences"
        if more:
            assert sentence not in sentences(plan), sentence
        elif "730" not in sentence:
            assert sentence not in sentences(QUIET), sentence


def test_spot_that_is_deployed_is_no_change_of_ones_own() -> None:
    plan = replace(default_plan(STANDALONE, "fargate"), tasks=(replace(SERVER, spot=True),))
    assert "has no option for Spot" not in sentences(replace(plan, deployed=True))
    assert "Whether Fargate Spot takes ARM" not in sentences(plan)


def test_private_subnets_with_endpoints_or_a_gateway_need_nobody_elses() -> None:
    for more in ({"nat_gateways": 1}, {"endpoint_zones": 2}):
        plan = replace(default_plan(STANDALONE, "fargate"), private=True, **more)
        assert "that others pay for" not in sentences(plan)


SPOT = (Machines(role="runner", instance_type="m6i.large", volume_gb=30, spot=True),)


@pytest.mark.parametrize(
    ("sentence", "more"),
    [
        ("GB of logs a month", {"log_gb": Decimal(3), "log_stored_gb": Decimal(9)}),
        ("GB of logs a month", {"log_gb": None, "log_stored_gb": None}),
        ("GB of logs a month", {"log_gb": None, "log_stored_gb": Decimal(9)}),
        ("pass the load balancer", {"load_balancers": 0}),
        ("Capacity units", {"load_balancers": 0}),
        ("from the documented ECS metric set", {"insights_series": 40}),
        ("212 metrics a task", {"insights": "enhanced", "insights_series": 40}),
        ("from the documented ECS metric set", {"insights": "enhanced"}),
        ("Fargate Spot prices move daily", {"machines": SPOT}),
        ("Whether Fargate Spot takes ARM", {"tasks": (replace(SERVER, arch=ARM),)}),
        ("as much is read and written", {"efs_gb": Decimal(1), "efs_read_gb": Decimal(0)}),
        ("as much is read and written", {"efs_gb": Decimal(0)}),
    ],
)
def test_what_was_counted_or_is_not_there_is_not_taken_for_granted(
    sentence: str, more: dict[str, Any]
) -> None:
    assert sentence not in sentences(replace(default_plan(STANDALONE, "fargate"), **more))


def test_spot_machines_are_a_change_of_ones_own_as_spot_tasks_are() -> None:
    plan = replace(default_plan(STANDALONE, "fargate"), machines=SPOT)
    assert "has no option for Spot capacity" in sentences(plan)


def test_a_database_somewhere_else_is_left_out_only_where_there_is_none_here() -> None:
    plan = default_plan(STANDALONE, "fargate")
    told = "A database that ASH_DATABASE_URL names, if it is not in this deployment."
    assert told in monthly_estimate(plan, today=TODAY).excluded
    own = replace(plan, database=Database(instance_class="db.t4g.small", storage_gb=Decimal(20)))
    assert told not in monthly_estimate(own, today=TODAY).excluded


def price(day: str, *, live: bool = False, remark: str = "") -> Price:
    return Price(((Decimal(0), Decimal(1)),), "x", day, live=live, remark=remark)


def test_prices_are_old_after_ninety_days_unless_aws_was_asked_just_now() -> None:
    """2026-08-29 is 90 days before 2026-11-27."""
    assert caveats([("a", price("2026-08-29"))], TODAY) == []
    old = ("a", price("2026-08-28")), ("b", price("2026-01-02")), ("c", price("2026-11-01"))
    asked = ("d", price("2026-01-01", live=True)), ("e", None)
    (told,) = caveats([*old, *asked], TODAY)
    assert told == (
        "Last seen in AWS's list more than 90 days ago: 2 of 3 bundled prices, the oldest on "
        "2026-01-02. `--prices live` reads them now."
    )
    assert caveats(asked, TODAY) == []


def test_a_price_that_is_missing_or_doubtful_is_named_with_its_item() -> None:
    lines = [
        ("Queue", None),
        ("Disk", price("2026-11-01", remark="seen once")),
        ("Tape", None),
        ("Fan", price("2026-11-01")),
    ]
    assert of_prices(lines, TODAY) == [
        "No citable price in this region for: Queue; Tape. The total is at least what is shown.",
        "Uncertain price, Disk: seen once.",
    ]
    assert of_prices(lines[3:], TODAY) == []


def test_what_is_unknown_is_looked_for_in_the_table_that_was_given() -> None:
    """Of three regions two price a secret: at 1 and at 3 dollars."""
    rows = {"secret_month": {"price": "1", "date": "2026-11-01"}}
    dear = {"secret_month": {"price": "3", "date": "2026-11-01"}}
    table = PriceTable(
        {
            "as_of": "2026-11-01",
            "lists": {"": "x"},
            "commercial_regions": ["a", "b", "c"],
            "other_regions": [],
            "everywhere": {},
            "regions": {"a": rows, "b": dear},
        },
        {"kinds": {}},
    )
    assert table.range("secret_month") == Range(Decimal(1), Decimal(3), 2)
    assert table.range("nlb_hour") is None
    plan = replace(
        QUIET, region="c", log_gb=Decimal(0), load_balancers=0, secrets=5, cost_explorer_requests=0
    )
    found = monthly_estimate(plan, table=table)
    assert (found.monthly, found.at_least) == (0, True)
    assert found.between == (5, 15)
    assert monthly_estimate(replace(plan, region="b"), table=table).monthly == 15


FARGATE, ON_EC2 = default_plan(STANDALONE, "fargate"), default_plan(STANDALONE, "ec2")
FLEET = default_plan(MULTI_MACHINE)


@pytest.mark.parametrize(
    ("change", "plan", "text", "why", "place"),
    [
        (set_instance_type, FARGATE, "m6i.large", "nothing runs on EC2", "--instance-type"),
        (set_instance_type, ON_EC2, "large", "it is a type such as", "--instance-type"),
        (set_volume, FARGATE, "50", "nothing runs on EC2", "--volume"),
        (set_volume, ON_EC2, "x", "it is not a number", "--volume"),
        (set_storage, ON_EC2, "50", "its disk is --volume", "--ephemeral-storage"),
        (set_storage, FARGATE, "19", "20 to 200 GB", "--ephemeral-storage"),
        (set_storage, FARGATE, "201", "20 to 200 GB", "--ephemeral-storage"),
        (set_runners, FARGATE, "3", "only multi-machine mode has runners", "--runners"),
        (set_traffic_gb, FARGATE, "-1", "0 to 1000000000", "--traffic-gb"),
        (set_log_gb, FARGATE, "NaN", "0 to 1000000000", "--log-gb"),
        (set_efs, FARGATE, "1000000001", "0 to 1000000000", "--efs"),
        (set_nat, FARGATE, "1.5", "it is not a whole number", "--nat"),
        (set_insights, FARGATE, "some", "it is one of ", "--container-insights"),
    ],
)
def test_what_cannot_be_right_is_refused_with_why_and_where(
    change: Any, plan: Plan, text: str, why: str, place: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        change(plan, text)
    assert text in refused.value.what
    assert why in refused.value.why
    assert place in refused.value.next_step


def test_the_edges_of_what_is_allowed_are_allowed() -> None:
    assert set_storage(FARGATE, "20").tasks[0].storage_gb == 20
    assert set_storage(FARGATE, "200").tasks[0].storage_gb == 200
    assert set_efs(FARGATE, "1000000000").efs_gb == 10**9
    assert set_nat(FARGATE, "0").nat_gateways == 0
    assert set_runners(FLEET, "0").machines == ()


def test_gateways_that_nothing_uses_and_another_processor_are_refused() -> None:
    with pytest.raises(UsageProblem, match="nat") as refused:
        check_together(replace(FARGATE, nat_gateways=1), {"nat": "1"})
    assert "add --private" in refused.value.why
    check_together(replace(FARGATE, nat_gateways=1, private=True), {"nat": "1"})
    check_together(replace(FARGATE, nat_gateways=1), {})
    chosen = {"architecture": "arm64", "instance-type": "m6i.large"}
    with pytest.raises(UsageProblem, match=r"m6i\.large") as refused:
        check_together(ON_EC2, chosen)
    assert "its processor is not arm64; m6g.large has one" in refused.value.why
    check_together(FARGATE, chosen)
