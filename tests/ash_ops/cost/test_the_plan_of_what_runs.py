"""The whole plan of what was found: each field from its reading, and nothing from what was not read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost.plan import Plan, Tasks, Traffic
from ash_ops.cost.usage import plan_of
from ash_ops.facts.usage import LogUse, Window
from tests.ash_ops.cost.test_as_deployed import BALANCER, NOW, flows, reading, service
from tests.ash_ops.cost.test_billed import ECS, Bills, month, no_tags, read

TASK = Tasks(role="server", cpu=1024, memory=2048, arch="arm64", storage_gb=40)
ADDRESSES = (("load balancer", 3), ("tasks", 1), ("instances", 0), ("NAT gateways", 0))
FOUND = Plan(
    deployed=True,
    tasks=(TASK,),
    load_balancer_addresses=3,
    traffic=Traffic(
        gb_per_hour=Decimal("0.1"),
        new_per_second=Decimal(0),
        active=Decimal(0),
        measured_units=Decimal("0.1"),
    ),
    addresses=ADDRESSES,
    insights="enabled",
    insights_series=41,
    log_gb=Decimal(2),
    log_stored_gb=Decimal("1.25"),
    secrets=1,
    remarks=(
        "Logs and traffic go on as in the last 7.0 days.",
        "Tasks are counted as desired, whether they run or not.",
        "Container Insights: 41 metrics were active in the last 3 hours.",
    ),
)
UNREAD: dict[str, Any] = dict.fromkeys(
    ("insights", "series", "instances", "other_disks_gb", "balancers", "flows", "balancer_addresses", "own_nat_gateways", "own_endpoint_zones",
     "logs", "image_gb", "efs_gb", "efs_flows", "databases", "s3_gb", "alarms")
)  # fmt: skip


def changed(**given: Any) -> dict[str, Any]:
    """The fields of a plan that a reading makes another."""
    before, after = plan_of(reading()), plan_of(reading(**given))
    return {name: getattr(after, name) for name in Plan.__slots__ if getattr(after, name) != getattr(before, name)}  # fmt: skip


def test_what_was_read_whole_makes_a_plan_without_a_guess() -> None:
    assert plan_of(reading()) == FOUND


def test_what_was_not_read_is_unknown_or_as_if_it_were_not_there() -> None:
    assert changed(**UNREAD) == {
        "load_balancers": 0, "load_balancer_addresses": 0, "traffic": None, "cross_zone": False,
        "addresses": (("load balancer", 0), ("tasks", 1), ("instances", 0), ("NAT gateways", 0)),
        "insights": "disabled", "insights_series": None, "log_gb": None, "log_stored_gb": None, "efs_gb": None, "s3_gb": None, "alarms": None,
        "remarks": FOUND.remarks[:2],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"other_disks_gb": 7}, {"other_disks_gb": 7}), ({"own_endpoint_zones": 4}, {"endpoint_zones": 4}), ({"image_gb": Decimal("1.5")}, {"image_gb": Decimal("1.5")}),
        ({"own_nat_gateways": 2}, {"nat_gateways": 2, "addresses": (*ADDRESSES[:3], ("NAT gateways", 2))}),
        ({"file_systems": 1, "efs_gb": Decimal(9), "efs_flows": (Decimal(1), Decimal(2))}, {"file_systems": 1, "efs_gb": Decimal(9), "efs_read_gb": Decimal(1), "efs_written_gb": Decimal(2)}),
        ({"s3_gb": Decimal(3)}, {"s3_gb": Decimal(3)}), ({"alarms": 5}, {"alarms": 5}), ({"series": 0}, {"insights_series": None, "remarks": FOUND.remarks[:2]}),
        ({"logs": LogUse(Decimal(2), Decimal("1.25"), None)}, {"log_retention_days": None}),
        ({"balancer_addresses": 0}, {}), ({"balancers": (BALANCER, BALANCER), "balancer_addresses": 4}, {"load_balancers": 2, "load_balancer_addresses": 2, "addresses": (("load balancer", 4), *ADDRESSES[1:])}),
        ({"shared_nat_gateways": 1}, {"remarks": (*FOUND.remarks, "1 NAT gateway(s) of the VPC serve others too: not counted, because they do not carry this deployment's tag.")}),
        ({"services": (service(desired=0),)}, {"tasks": (), "addresses": (("load balancer", 3), ("tasks", 0), ("instances", 0), ("NAT gateways", 0)),
                                               "remarks": (*FOUND.remarks, "Scaled to 0, so without tasks: ash-cloud-runtime.")}),
    ],
)  # fmt: skip
def test_each_reading_is_in_its_own_field(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert changed(**given) == expected


def test_of_a_deployment_of_today_logs_and_traffic_are_those_of_a_plan() -> None:
    for hours, is_young in ((23, True), (24, False)):
        window = Window(NOW - timedelta(hours=hours), NOW)
        found = changed(window=window, flows=flows("16.8"), file_systems=1, efs_gb=Decimal(1), efs_flows=(Decimal(1), Decimal(2)))  # fmt: skip
        assert found["remarks"][0].startswith("Deployed less than a day ago" if is_young else "Logs and traffic go on as in the last 1.0 days")  # fmt: skip
        assert found["efs_gb"] == (Decimal(5) if is_young else Decimal(1))
        assert ("efs_read_gb" in found) is not is_young
        if is_young:
            assert (found["log_gb"], found["log_stored_gb"], found["traffic"]) == (Decimal("0.5"), None, Traffic())  # fmt: skip


def test_an_estimate_stands_in_the_row_of_dollars_else_of_the_first_by_its_code(
    fake_aws: Any, tmp_path: Any
) -> None:
    both = [month((ECS, "6.00"), unit="GBP"), month((ECS, "5.00"), unit="EUR")]
    Bills(fake_aws, [both], [both], no_tags("Active"))
    actual = read(fake_aws, tmp_path)
    told = actual.document()
    assert (told["currency"], told["tag_status"], told["complete"]) == ("EUR/GBP", "active", True)
    estimated = {row.currency for row in actual.rows if row.service == ECS and row.estimated}
    assert estimated == {"EUR"}
