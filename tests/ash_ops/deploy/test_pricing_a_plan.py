"""The monthly figure of a plan knows every option that changes what is billed."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cost.choices import CHOICES, planned
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.price import chosen_of, price_of_request
from ash_ops.deploy.plan.request import Request, read_request
from tests.support.deploying import settings_of

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
RUNNERS = {"mode": "multi-machine", "runner_subnets": ("subnet-1", "subnet-2")}


def wanted(**options: Any) -> Request:
    return read_request(settings_of(), DeployOptions(**options))


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ({}, {"cpu": 1024, "memory": 2048}),
        ({}, {"architecture": "arm64"}),
        ({}, {"launch_type": "ec2"}),
        ({"launch_type": "ec2"}, {"instance_type": "m6i.2xlarge"}),
        ({}, {"private": True}),
        ({}, {"internal": True}),
        ({}, {"certificate": CERTIFICATE}),
        ({}, {"efs": True}),
        ({}, {"snapshots_bucket": "b"}),
        ({}, {"log_retention": 3653}),
        ({}, {"container_insights": "disabled"}),
        ({}, RUNNERS),
        (RUNNERS, {"runner_count": 5}),
        (RUNNERS, {"instance_type": "m6i.4xlarge"}),
        (RUNNERS, {"database_class": "db.m6g.large"}),
    ],
)
def test_an_option_that_is_billed_changes_what_is_priced(
    base: dict[str, Any], more: dict[str, Any]
) -> None:
    plans = [
        planned(settings_of(), chosen_of(wanted(**each), "us-east-1"))
        for each in (base, {**base, **more})
    ]
    assert plans[0] != plans[1]


def test_what_the_stack_has_already_is_priced_too() -> None:
    before = {"Cpu": "4096", "Memory": "8192", "UseEfs": "true", "AssignPublicIp": "DISABLED"}
    request = read_request(settings_of(), DeployOptions(), before)

    chosen = chosen_of(request, "us-east-1")

    assert {**chosen, "cpu": "4096", "efs": "5", "private": "yes"} == chosen
    assert set(chosen) <= set(CHOICES)


def test_the_line_tells_a_figure(aws: Aws) -> None:
    plain, private = (
        price_of_request(settings_of(), aws, wanted(private=private)) for private in (False, True)
    )
    assert plain.startswith(("about $", "at least $"))
    assert plain != private
