"""The lines of the bill: the itemised figures of us-east-1, and the rules every line keeps."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.cost import capacity
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.lines import quantities, series
from ash_ops.cost.plan import (
    ARM,
    EC2,
    FARGATE,
    MULTI_MACHINE,
    STANDALONE,
    Database,
    Machines,
    Plan,
    Tasks,
    Traffic,
)
from ash_ops.cost.prices.table import Price, bundled
from tests.support.guides_plan import BILLED, DATABASE, guides_plan, guides_task

TODAY = date(2026, 11, 23)


def itemised(**changes: Any) -> Plan:
    """The published itemisation: 2 secrets, 1.5 GB of images in ECR, 0.01 NLCU, no data out."""
    idle = Plan(
        **BILLED,
        tasks=(guides_task(),),
        secrets=2,
        image_gb=Decimal("1.5"),
        traffic=Traffic(gb_per_hour=Decimal(0), measured_units=Decimal("0.01")),
        metrics_read=Decimal(0),
        cost_explorer_requests=0,
    )
    return replace(idle, **changes)


def monthly(plan: Plan) -> Decimal:
    return monthly_estimate(plan, today=TODAY).monthly


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"insights": "disabled"}, "46.65", id="without Container Insights"),
        pytest.param({}, "57.75", id="standard Container Insights, 37 series"),
        pytest.param({"insights": "enhanced"}, "61.49", id="enhanced, 212 series"),
        pytest.param(
            {"insights": "disabled", "tasks": (Tasks(cpu=2048, memory=4096),)},
            "100.71",
            id="2 vCPU and 4 GB",
        ),
        pytest.param({"region": "eu-west-1"}, "59.76", id="Ireland"),
        pytest.param({"region": "eu-west-2"}, "63.40", id="London"),
        pytest.param({"region": "ap-northeast-2"}, "60.59", id="Seoul"),
        pytest.param({"region": "ap-southeast-1"}, "64.30", id="Singapore"),
        pytest.param(
            {"region": "eu-west-2", "insights": "enhanced"}, "67.14", id="London, enhanced"
        ),
    ],
)
def test_the_itemised_figures_are_met_within_half_a_percent(
    changes: dict[str, Any], expected: str
) -> None:
    assert abs(monthly(itemised(**changes)) / Decimal(expected) - 1) < Decimal("0.005")


def test_what_the_default_shows_is_within_half_a_percent_too() -> None:
    """One secret and no ECR are cheaper than the itemisation; data out and own reads are added."""
    assert abs(monthly(guides_plan()) / Decimal("57.75") - 1) < Decimal("0.005")


GOLDEN = [
    ("Fargate vCPU: 1 x 0.5", "365", "vCPU-hours", "14.7752"),
    ("Fargate memory: 1 x 1 GB", "730", "GB-hours", "3.24485"),
    ("Network Load Balancer", "730", "LB-hours", "16.425"),
    ("Load balancer capacity", "7.3", "NLCU-hours", "0.0438"),
    ("Public IPv4, load balancer: 2", "1460", "address-hours", "7.3"),
    ("Public IPv4, tasks: 1", "730", "address-hours", "3.65"),
    ("Logs written", "0.5", "GB", "0.25"),
    ("Logs kept 30 days", "0.5", "GB-months", "0.015"),
    ("Container Insights (enabled)", "37", "metric-months", "11.1"),
    ("Secrets", "1", "secret-months", "0.4"),
    ("Data out to the internet", "3.65", "GB", "0.3285"),
    ("Data between zones", "7.3", "GB", "0.073"),
    ("ash-ops: metric reads", "900", "metrics", "0.009"),
    ("ash-ops: Cost Explorer", "2", "requests", "0.02"),
]


def test_the_default_bill_line_by_line() -> None:
    lines = monthly_estimate(guides_plan(), today=TODAY).lines
    found = [(x.quantity.item, x.quantity.amount, x.quantity.unit, x.monthly) for x in lines]
    assert found == [(a, Decimal(b), c, Decimal(d)) for a, b, c, d in GOLDEN]


@pytest.mark.parametrize(
    ("plan", "subject", "expected"),
    [
        pytest.param(
            Plan(tasks=(guides_task(arch=ARM),)), "fargate-cpu-server", "11.8187", id="ARM"
        ),
        pytest.param(
            Plan(tasks=(guides_task(spot=True),)), "fargate-cpu-server", "4.704379", id="Spot"
        ),
        pytest.param(
            Plan(tasks=(Tasks(storage_gb=50),)), "fargate-storage-server", "2.4309", id="30 GB more"
        ),
        pytest.param(Plan(nat_gateways=1), "nat-gateway", "32.85", id="a NAT gateway"),
        pytest.param(Plan(nat_gateways=1), "public-ipv4-NAT gateways", "3.65", id="its address"),
        pytest.param(Plan(endpoint_zones=10), "endpoints", "73", id="5 endpoints in 2 zones"),
        pytest.param(Plan(database=DATABASE), "rds", "11.68", id="db.t4g.micro"),
        pytest.param(Plan(database=DATABASE), "rds-storage", "2.3", id="20 GB of gp3"),
        pytest.param(
            Plan(database=Database(instance_class="db.t4g.small", multi_az=True)),
            "rds",
            "47.45",
            id="Multi-AZ has a price of its own, not twice",
        ),
        pytest.param(
            Plan(machines=(Machines(instance_type="t3.medium"),)), "ec2-runner", "30.368", id="EC2"
        ),
        pytest.param(Plan(machines=(Machines(volume_gb=50),)), "ebs-runner", "4", id="its disk"),
        pytest.param(Plan(alarms=3), "alarms", "0.3", id="alarms"),
        pytest.param(Plan(efs_gb=Decimal(10)), "efs", "3", id="EFS"),
        pytest.param(Plan(private_zones=1), "private-zone", "0.5", id="a private zone"),
        pytest.param(Plan(log_retention_days=365), "log-storage", "0.1825", id="a year of logs"),
    ],
)
def test_what_each_part_adds_in_us_east_1(plan: Plan, subject: str, expected: str) -> None:
    lines = {line.quantity.subject: line for line in monthly_estimate(plan, today=TODAY).lines}
    found = lines[subject].monthly
    assert found is not None
    assert round(found, 4) == round(Decimal(expected), 4)


@pytest.mark.parametrize("mode", [STANDALONE, MULTI_MACHINE])
@pytest.mark.parametrize("launch_type", [FARGATE, EC2])
def test_every_shape_has_a_complete_price_in_us_east_1(mode: str, launch_type: str) -> None:
    estimate = monthly_estimate(guides_plan(mode, launch_type), today=TODAY)
    assert not estimate.at_least
    assert estimate.monthly > 50


@pytest.mark.parametrize(
    ("traffic", "dimension", "units"),
    [
        pytest.param(Traffic(gb_per_hour=Decimal(3)), "bytes", "3", id="bytes"),
        pytest.param(Traffic(new_per_second=Decimal(1600)), "new connections", "2", id="new, TCP"),
        pytest.param(Traffic(active=Decimal(250_000)), "open connections", "2.5", id="open, TCP"),
        pytest.param(
            Traffic(active=Decimal(3000), tls=True), "open connections", "1", id="3,000 idle on TLS"
        ),
        pytest.param(
            Traffic(new_per_second=Decimal(50), tls=True), "new connections", "1", id="TLS"
        ),
    ],
)
def test_only_the_largest_dimension_of_capacity_is_billed(
    traffic: Traffic, dimension: str, units: str
) -> None:
    assert capacity.units(traffic) == Decimal(units)
    assert capacity.explained(traffic).endswith(f"here {dimension}.")


def test_runners_on_ec2_are_behind_a_gateway_and_the_coordinator_is_not() -> None:
    lines = monthly_estimate(guides_plan(MULTI_MACHINE, EC2), today=TODAY).lines
    items = {line.quantity.item: line.monthly for line in lines if "IPv4" in line.quantity.item}
    assert list(items) == [
        "Public IPv4, load balancer: 2",
        "Public IPv4, tasks: 1",
        "Public IPv4, NAT gateways: 1",
    ]
    assert {"EC2 runner: 2 x m6i.xlarge", "NAT gateway: 1"} <= {x.quantity.item for x in lines}


def test_container_insights_grows_with_services_and_enhanced_with_tasks() -> None:
    assert series(guides_plan()) == 37
    assert series(guides_plan(MULTI_MACHINE)) == 62
    three = replace(guides_plan(), tasks=(guides_task(count=Decimal(3)),), insights="enhanced")
    assert series(three) == 636
    assert series(replace(three, insights_series=100)) == 100


def test_tiers_each_part_at_its_own_price_and_the_average_as_unit_price() -> None:
    def price_of(_: str) -> Price:
        steps = (("0", "0.09"), ("10240", "0.085"), ("51200", "0.07"))
        tiers = tuple((Decimal(start), Decimal(price)) for start, price in steps)
        return Price(tiers, "a test", "2026-11-01")

    plan = Plan(traffic=Traffic(gb_per_hour=2 * Decimal(20480) / 730))
    lines = monthly_estimate(plan, price_of, today=TODAY).lines
    line = next(line for line in lines if line.quantity.subject == "data-out")
    expected = Decimal(10240) * Decimal("0.09") + Decimal(10240) * Decimal("0.085")
    assert line.monthly is not None
    assert line.unit_price is not None
    assert round(line.monthly, 6) == expected
    assert round(line.unit_price, 6) == Decimal("0.0875")


@pytest.mark.parametrize(
    ("quantity", "cost"),
    [("0", "0"), ("5", "5"), ("10", "10"), ("11", "10.5"), ("1000", "505")],
)
def test_the_cost_of_a_quantity_at_the_edges_of_tiers(quantity: str, cost: str) -> None:
    tiers = ((Decimal(0), Decimal(1)), (Decimal(10), Decimal("0.5")))
    assert Price(tiers, "a test", "2026-11-01").of(Decimal(quantity)) == Decimal(cost)


def test_an_unknown_price_is_unknown_and_makes_the_total_a_lower_bound() -> None:
    plan = Plan(region="ap-southeast-6", secrets=1)
    estimate = monthly_estimate(plan, today=TODAY)
    (line,) = [line for line in estimate.lines if line.quantity.key == "secret_month"]
    assert (line.unit_price, line.hourly, line.monthly) == (None, None, None)
    assert estimate.at_least
    assert any("Secrets" in sentence for sentence in estimate.assumptions)


@pytest.mark.parametrize("item", ["traffic", "log_gb", "secrets", "efs_gb", "s3_gb", "alarms"])
def test_an_unknown_quantity_is_never_nothing(item: str) -> None:
    estimate = monthly_estimate(replace(guides_plan(), **{item: None}), today=TODAY)
    assert estimate.at_least
    assert any(line.quantity.amount is None and line.monthly is None for line in estimate.lines)


amounts = st.decimals(min_value=0, max_value=10**6, places=6)
counts = st.integers(min_value=0, max_value=50)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of any shape, with known and unknown parts."""
    regions = sorted(bundled().regions)
    maybe = lambda values: st.none() | values  # noqa: E731 - a shorthand of this function alone
    return Plan(
        region=draw(st.sampled_from(regions)),
        tasks=tuple(
            draw(
                st.lists(
                    st.builds(
                        Tasks,
                        role=st.sampled_from(["server", "runner"]),
                        count=st.integers(0, 20).map(Decimal),
                        cpu=st.sampled_from([256, 512, 16384]),
                        memory=st.sampled_from([512, 1024, 122880]),
                        spot=st.booleans(),
                        storage_gb=st.integers(20, 200),
                    ),
                    max_size=3,
                )
            )
        ),
        load_balancers=draw(st.integers(0, 3)),
        traffic=draw(
            maybe(st.builds(Traffic, gb_per_hour=amounts, active=amounts, tls=st.booleans()))
        ),
        nat_gateways=draw(counts),
        insights=draw(st.sampled_from(["disabled", "enabled", "enhanced"])),
        log_gb=draw(maybe(amounts)),
        secrets=draw(maybe(counts)),
        efs_gb=draw(maybe(amounts)),
        alarms=draw(maybe(counts)),
        unread=tuple(draw(st.lists(st.sampled_from(["RDS", "EBS volumes"]), max_size=2))),
    )


@given(plans())
def test_the_total_is_the_sum_of_its_known_lines_and_no_figure_is_a_float(plan: Plan) -> None:
    estimate = monthly_estimate(plan, today=TODAY)
    known = [line.monthly for line in estimate.lines if line.monthly is not None]
    assert estimate.monthly == sum(known, Decimal(0))
    assert estimate.at_least == (len(known) < len(estimate.lines))
    for line in estimate.lines:
        figures = (line.quantity.amount, line.unit_price, line.hourly, line.monthly)
        assert all(figure is None or isinstance(figure, Decimal) for figure in figures)
        assert line.monthly is None or line.monthly >= 0


@given(plans())
def test_quantity_times_unit_price_is_the_month(plan: Plan) -> None:
    """What the table prints can be checked with a pocket calculator."""
    for line in monthly_estimate(plan, today=TODAY).lines:
        if line.monthly is not None and line.quantity.amount and line.unit_price:
            product = line.quantity.amount * line.unit_price
            assert abs(product - line.monthly) <= line.monthly * Decimal("1e-20")


def test_no_field_of_a_plan_is_a_float() -> None:
    for kind in (Plan, Tasks, Machines, Traffic, Database):
        assert [f.name for f in fields(kind) if "float" in str(f.type)] == []


def test_the_bundled_prices_are_all_used_and_every_fixed_key_is_known_somewhere() -> None:
    """A row that no line asks for is dead; a key that no region has is a spelling mistake."""
    shapes = [
        Plan(
            tasks=(
                Tasks(role="a", storage_gb=50),
                Tasks(role="b", arch=ARM),
                Tasks(role="c", spot=True),
                Tasks(role="d", spot=True, arch=ARM),
            ),
            machines=(Machines(),),
            nat_gateways=1,
            endpoint_zones=1,
            image_gb=Decimal(1),
            efs_gb=Decimal(1),
            s3_gb=Decimal(1),
            alarms=1,
            private_zones=1,
            insights=mode,
            database=Database(multi_az=mode == "enhanced"),
        )
        for mode in ("enabled", "enhanced")
    ]
    asked = {q.key.partition(".")[0] for shape in shapes for q in quantities(shape)}
    document = bundled().document
    rows = [document["everywhere"], *document["regions"].values()]
    had = {key.partition(".")[0] for row in rows for key in row}
    assert had - asked == set()
    assert asked - had == bundled().instances["kinds"].keys() - {"ec2_linux_hour"}
