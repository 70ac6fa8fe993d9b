"""What ECS asks for keeping an instance: a share of its price, and unknown where that is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ash_ops.cost.choices import change
from ash_ops.cost.lines import quantities
from ash_ops.cost.machines import _is_managed
from ash_ops.cost.plan import default_plan
from ash_ops.cost.prices.table import bundled


def test_the_fee_is_a_share_of_the_price_on_demand_and_says_so() -> None:
    table = bundled()
    instance = table.price("us-east-1", "ec2_linux_hour.m6i.large")
    fee = table.price("us-east-1", "ecs_managed_hour.m6i.large")
    assert instance is not None
    assert fee is not None
    assert fee.unit == instance.unit * Decimal("0.12")
    assert fee.source.startswith("12% of AWS Price List")
    assert fee.remark


def test_the_share_gives_the_fee_that_aws_s_price_page_has_for_its_example() -> None:
    """A c6a.2xlarge in us-east-1 on the page "Amazon ECS pricing" of 2026-09-20, to a tenth of a cent."""
    fee = bundled().price("us-east-1", "ecs_managed_hour.c6a.2xlarge")
    assert fee is not None
    assert round(fee.unit, 3) == Decimal("0.037")


def test_the_fee_of_a_type_without_a_price_is_unknown_and_never_nothing() -> None:
    assert bundled().price("us-east-1", "ecs_managed_hour.z99.huge") is None


def test_only_an_instance_that_ecs_keeps_has_a_fee() -> None:
    for kind, wanted in (("managed", 1), ("ec2", 0), ("fargate", 0)):
        keys = [q.key for q in quantities(default_plan("standalone", kind))]
        assert sum(key.startswith("ecs_managed_hour.") for key in keys) == wanted, kind


def test_another_size_of_instance_has_another_fee() -> None:
    plan = change(default_plan("standalone", "managed"), {"instance-type": "m6i.2xlarge"})
    keys = {q.key for q in quantities(plan)}
    assert {"ec2_linux_hour.m6i.2xlarge", "ecs_managed_hour.m6i.2xlarge"} <= keys


@pytest.mark.parametrize(
    ("answer", "managed"),
    [
        ({"Operator": {"Managed": True, "Principal": "ecs.amazonaws.com"}}, True),
        ({"Operator": {"Managed": False}}, False),
        ({"Tags": [{"Key": "AmazonECSManaged", "Value": "true"}]}, True),
        # An Auto Scaling group behind a capacity provider gives its instances the tag without a value.
        ({"Tags": [{"Key": "AmazonECSManaged", "Value": ""}]}, False),
        ({}, False),
    ],
)
def test_who_keeps_an_instance_is_read_from_it(answer: dict[str, object], managed: bool) -> None:
    assert _is_managed(answer) is managed
