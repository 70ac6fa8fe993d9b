"""What an estimate takes for granted, said where it does; and choices that cannot be, refused with why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

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
from ash_ops.cost.plan import ARM, Plan, Tasks, Traffic, default_plan
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
        assert sentences(replace(plan, **more)).count(sentence) == 1, sentence
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
