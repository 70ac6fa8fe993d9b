"""The monthly figure of a plan knows every option that changes what is billed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cost.answer import Answer
from ash_ops.cost.answer import Request as CostRequest
from ash_ops.cost.choices import CHOICES, planned
from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import Machines, Plan, Tasks
from ash_ops.deploy.plan import price
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.price import (
    chosen_of,
    monthly_of_request,
    price_of_deployment,
    price_of_request,
    price_of_stopped,
)
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import OpsError
from ash_ops.settings import Settings
from tests.support.deploying import settings_of

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
RUNNERS = {"mode": "multi-machine", "runner_subnets": ("subnet-1", "subnet-2")}


def wanted(**options: Any) -> Request:
    return read_request(settings_of(), DeployOptions(**options))


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ({}, {"alarm_email": "me@example.com"}),
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


def test_the_disk_of_an_instance_is_its_root_disk_and_the_one_for_data() -> None:
    """30 GB for the system of a standalone server, and what was asked for ``/data``."""
    request = read_request(
        settings_of(), DeployOptions(launch_type="ec2"), {"DataVolumeSize": "120"}
    )
    chosen = chosen_of(request, "us-east-1")
    assert chosen["volume"] == "150"
    assert "cpu" not in chosen, "an instance is paid whole, whatever its task may use"
    assert chosen["instance-type"] == "m6i.large"


def test_a_fleet_pays_for_no_gateway_of_its_own_and_for_no_database_that_was_given() -> None:
    chosen = chosen_of(wanted(**RUNNERS), "us-east-1")
    assert (chosen["nat"], chosen["runners"], "volume" in chosen) == ("0", "2", False)
    doubled, given = (
        read_request(settings_of(), DeployOptions(**RUNNERS), before)  # type: ignore[arg-type]  # a table of values
        for before in ({"DatabaseMultiAz": "true"}, {"UseDatabase": "true"})
    )
    assert chosen_of(doubled, "us-east-1")["database"] == f"{chosen['database']}:multi-az"
    assert chosen_of(given, "us-east-1")["database"] == "no"


def test_a_request_costs_what_its_line_says_and_nobody_knows_what_has_no_price(aws: Aws) -> None:
    figure = monthly_of_request(settings_of(), aws, wanted())
    assert figure is not None
    assert f"about ${figure:.2f} a month" in price_of_request(settings_of(), aws, wanted())
    unknown = wanted(launch_type="ec2", instance_type="m1.none")
    assert monthly_of_request(settings_of(), aws, unknown) is None
    assert price_of_request(settings_of(), aws, unknown).startswith(("at least $", ""))


RUNNING = Plan(
    tasks=(Tasks(role="server", cpu=1024, memory=2048),),
    machines=(Machines(role="runner", instance_type="m6i.large", volume_gb=50),),
    efs_gb=Decimal(10),
    secrets=1,
    insights="disabled",
    load_balancers=0,
)
"""One vCPU and 2 GB of Fargate, one instance with a disk, 10 GB of files, a secret: us-east-1."""


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Estimate | None], None]:
    """What is deployed costs this; ``None``: it cannot be told."""

    def costs(estimate: Estimate | None) -> None:
        def answer(
            _: Settings,
            open_aws: Callable[[], Aws],
            wanted: CostRequest,
            *,
            confirm: Callable[[str], bool],
        ) -> Answer:
            assert isinstance(open_aws(), Aws)
            assert (wanted.prices, wanted.actual) == ("bundled", False), (
                "a line of a plan asks no price list"
            )
            assert not confirm("It costs $0.01. Go on?"), "nor does it agree to be billed"
            if estimate is None:
                raise OpsError("It cannot be told", "AWS did not answer", "Try again.")
            return Answer(estimate, (), None, "ash-cloud", ())

        monkeypatch.setattr(price, "answer", answer)

    return costs


def test_what_a_stop_saves_is_told_with_what_is_billed_on(
    aws: Aws, deployed: Callable[[Estimate | None], None]
) -> None:
    """By hand: 0.04048 and 2 x 0.004445 an hour for the task and 0.096 for the instance end.

    10 GB of files at 0.30, 50 GB of disk at 0.08 and a secret at 0.40 stay.
    """
    estimate = monthly_estimate(RUNNING)
    deployed(estimate)
    line = price_of_stopped(settings_of(), aws)
    now, _, still = line.partition(" now; ")
    assert (
        now
        == f"about ${estimate.monthly:.2f} a month (${estimate.hourly:.3f} an hour), mostly idle"
    )
    rest = Decimal(still.partition("$")[2].split()[0])
    ends = (Decimal("0.04048") + 2 * Decimal("0.004445") + Decimal("0.096")) * 730
    assert rest <= estimate.monthly - ends
    for part in ("$3.00", "$4.00", "$0.40"):
        assert part in still
    figures = [Decimal(found) for found in re.findall(r" \$([\d.]+)[,)]", still)]
    assert figures == sorted(figures, reverse=True)
    assert len(figures) <= 4
    assert still.startswith("about $")


def test_the_whole_rest_is_in_the_figure_though_four_lines_are_named(
    aws: Aws, deployed: Callable[[Estimate | None], None]
) -> None:
    """Secrets at 0.40, alarms at 0.10, files at 0.30 a GB and zones at 0.50: by hand."""
    many = Plan(
        secrets=10,
        insights="disabled",
        alarms=20,
        efs_gb=Decimal(10),
        image_gb=Decimal(0),
        private_zones=2,
        load_balancers=0,
        log_gb=Decimal(0),
        log_stored_gb=Decimal(0),
    )
    deployed(monthly_estimate(many))
    line = price_of_stopped(settings_of(), aws)
    total = 10 * Decimal("0.40") + 20 * Decimal("0.10") + 2 * Decimal("0.50")
    total += 10 * (Decimal("0.30") + Decimal("0.05"))  # files and their backups
    total += 900 * Decimal("0.00001") + 2 * Decimal("0.01")  # what ash-ops asks itself
    assert f"about ${total:.2f} a month once it is stopped (" in line


def test_what_cannot_be_told_is_not_said(
    aws: Aws, deployed: Callable[[Estimate | None], None]
) -> None:
    deployed(None)
    assert price_of_stopped(settings_of(), aws) == ""
    assert price_of_deployment(settings_of(), aws) == ""
    assert price_of_request(settings_of(), aws, wanted()) == ""
    assert monthly_of_request(settings_of(), aws, wanted()) is None
