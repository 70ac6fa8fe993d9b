"""What was asked for: options before variables, impossible values refused with their place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ash_ops.deploy.plan.alarms import alarm_notes, with_budget
from ash_ops.deploy.plan.callers import choose_cidrs, own_address
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import check_values, read_request
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.sizes.instance_types import for_processor
from ash_ops.template_parameters import default
from tests.support.deploying import settings_of


def test_the_variables_of_the_guide_are_read() -> None:
    settings = settings_of(
        ASH_ECS_CPU="1024",
        ASH_ECS_MEMORY="2048",
        ASH_MAX_SANDBOXES="5",
        ASH_ECS_VPC_ID="vpc-1",
        ASH_ECS_SUBNET_IDS="subnet-1, subnet-2",
    )
    request = read_request(settings, DeployOptions())
    assert request.subnets == ("subnet-1", "subnet-2")
    assert request.given == {
        "Cpu": "1024",
        "Memory": "2048",
        "MaxSandboxes": "5",
        "VpcId": "vpc-1",
    }


def test_an_option_is_nearer_than_a_variable_and_both_than_what_is_deployed() -> None:
    settings = settings_of(ASH_ECS_CPU="1024")
    request = read_request(
        settings, DeployOptions(memory=4096), {"Cpu": "256", "Memory": "512", "Scheme": "internal"}
    )
    assert request.effective("Cpu") == "1024"
    assert request.effective("Memory") == "4096"
    assert request.effective("Scheme") == "internal"
    assert request.effective("Image") == default("Image")


@pytest.mark.parametrize(
    ("options", "variables", "named"),
    [
        (DeployOptions(cpu=512, memory=512), {}, "--memory"),  # Fargate has no such pair
        (DeployOptions(cpu=300), {}, "--cpu"),
        (DeployOptions(), {"ASH_ECS_MEMORY": "1 GB"}, "ASH_ECS_MEMORY"),
        (DeployOptions(), {"ASH_MAX_SANDBOXES": "-3"}, "ASH_MAX_SANDBOXES"),
        (DeployOptions(), {"ASH_MAX_SANDBOXES": "٣"}, "ASH_MAX_SANDBOXES"),  # a digit, not ASCII
        (DeployOptions(launch_type="lambda"), {}, "--launch-type"),
        (DeployOptions(certificate="my-cert"), {}, "--certificate"),
        (DeployOptions(allow_cidr=("::1/128",)), {}, "--allow-cidr"),  # the balancer is IPv4
        (DeployOptions(allow_cidr=("1.2.3.4/33",)), {}, "--allow-cidr"),
        (DeployOptions(allow_cidr=("1.1.1.1", "2.2.2.2", "3.3.3.3")), {}, "--allow-cidr"),
        (DeployOptions(subnets=("subnet-1",)), {}, "--subnets"),
        (DeployOptions(), {"ASH_ECS_SUBNET_IDS": "subnet-1,"}, "ASH_ECS_SUBNET_IDS"),
        (DeployOptions(mode="multi-machine", launch_type="ec2"), {}, "--launch-type"),
    ],
)
def test_what_cannot_be_right_is_refused_before_aws_is_asked(
    options: DeployOptions, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        check_values(settings_of(**variables), options)
    problem = caught.value
    assert named in f"{problem.what} {problem.why} {problem.next_step}"


def test_half_a_size_may_fit_what_is_deployed() -> None:
    """``--cpu 1024`` is refused where 1024 MB are deployed, but not where 2048 are."""
    check_values(settings_of(), DeployOptions(cpu=1024))
    read_request(settings_of(), DeployOptions(cpu=1024), {"Memory": "2048"})
    with pytest.raises(UsageProblem):
        read_request(settings_of(), DeployOptions(cpu=1024), {"Memory": "1024"})


def test_runners_need_subnets_of_their_own() -> None:
    with pytest.raises(UsageProblem, match="Where the runners go"):
        read_request(settings_of(), DeployOptions(mode="multi-machine"))


def test_an_instance_is_chosen_for_its_processor() -> None:
    request = read_request(settings_of(), DeployOptions(launch_type="ec2", architecture="arm64"))
    assert request.effective("InstanceType") == for_processor(default("InstanceType"), "ARM64")
    assert request.effective("Architecture") == "ARM64"


def test_a_single_address_becomes_a_range() -> None:
    assert read_request(settings_of(), DeployOptions(allow_cidr=("203.0.113.7",))).cidrs == (
        "203.0.113.7/32",
    )


@pytest.mark.parametrize(
    ("given", "previous", "endpoint", "chosen"),
    [
        ((), {}, None, ("198.51.100.9/32",)),  # this machine, as AWS sees it
        ((), {}, "http://127.0.0.1:4566", ("127.0.0.1/32",)),  # an emulator sees loopback
        ((), {"AllowedCidr": "10.0.0.0/8"}, None, ("10.0.0.0/8",)),  # as it is
        (("0.0.0.0/0",), {"AllowedCidr": "10.0.0.0/8"}, None, ("0.0.0.0/0",)),
    ],
)
def test_who_may_connect(
    given: tuple[str, ...], previous: dict[str, str], endpoint: str | None, chosen: tuple[str, ...]
) -> None:
    request = read_request(settings_of(), DeployOptions(allow_cidr=given), previous)
    assert choose_cidrs(request, endpoint, lambda: "198.51.100.9") == chosen


def test_an_address_that_cannot_be_found_out_is_asked_for() -> None:
    with pytest.raises(UsageProblem) as caught:
        own_address("http://127.0.0.1:1/")
    assert "--allow-cidr" in caught.value.next_step


@pytest.mark.parametrize(
    ("previous", "options"),
    [
        ({"Scheme": "internet-facing"}, {"internal": True}),
        ({"Scheme": "internal"}, {"internal": False}),
        ({"VpcId": "vpc-1"}, {"vpc": "vpc-2"}),
        ({"LaunchType": "EC2"}, {"launch_type": "fargate"}),
    ],
)
def test_what_would_replace_a_named_resource_is_refused_at_once(
    previous: dict[str, str], options: dict[str, Any]
) -> None:
    """The load balancer and the target group have fixed names: a second one cannot be made."""
    with pytest.raises(UsageProblem, match="cannot become"):
        read_request(settings_of(), DeployOptions(**options), previous)
    same = {name: previous[name] for name in previous}
    assert read_request(settings_of(), DeployOptions(), same).given.keys() <= {"InstanceType"}


@pytest.mark.parametrize(("cost", "budget"), [("61.37", "62"), ("62", "62"), ("0.2", "1")])
def test_the_plan_s_own_cost_can_be_the_budget_in_whole_dollars(cost: str, budget: str) -> None:
    wanted = DeployOptions(alarm_email="ops@example.com", alarm_budget="plan")
    request = with_budget(read_request(settings_of(), wanted), lambda _request: Decimal(cost))
    assert request.given["AlarmBudget"] == budget


def test_a_plan_without_a_known_price_is_no_budget_and_a_figure_is_left_alone() -> None:
    wanted = DeployOptions(alarm_email="ops@example.com", alarm_budget="plan")
    with pytest.raises(OpsError, match="no known price"):
        with_budget(read_request(settings_of(), wanted), lambda _request: None)
    figure = read_request(settings_of(), DeployOptions(alarm_email="a@b.org", alarm_budget="90"))
    assert with_budget(figure, lambda _request: None) is figure
    with pytest.raises(UsageProblem, match="whole US dollars"):
        read_request(settings_of(), DeployOptions(alarm_email="a@b.org", alarm_budget="plans"))


# What is given; what is said of it, why, and where it is corrected.
REFUSALS: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"file_system": "fs-0123456789abcdef0"},
        "--file-system goes with --efs",
        "/data is not on a file system",
        "Add --efs",
    ),
    (
        {"efs": True, "restored": True},
        "--restored goes with --file-system",
        "AWS Backup restored it",
        "Name it with --file-system fs-...",
    ),
    (
        {"volume": "vol-0123456789abcdef0"},
        "--volume goes with --launch-type ec2 and without EFS",
        "only there /data is on a disk",
        "Leave --volume out",
    ),
    (
        {"volume": "vol-0123456789abcdef0", "launch_type": "ec2", "efs": True},
        "--volume goes with --launch-type ec2 and without EFS",
        "only there /data is on a disk",
        "Leave --volume out",
    ),
    (
        {"alarm_budget": 100},
        "--alarm-budget tells nobody",
        "nobody was named",
        "Add --alarm-email ADDRESS or --alarm-topic ARN",
    ),
    (
        {"subnets": ("subnet-1",)},
        "One subnet is not enough",
        "wants two, in two zones",
        "Name two in --subnets or ASH_ECS_SUBNET_IDS",
    ),
    (
        {"task_subnets": ("subnet-1",)},
        "One subnet is not enough",
        "wants two, in two zones",
        "Name two in --task-subnets or ASH_ECS_TASK_SUBNET_IDS",
    ),
    (
        {"image": "Not An Image"},
        "'Not An Image' is no name of an image",
        "the repository in lower case",
        "Correct --image or ASH_IMAGE, for instance ghcr.io/ash-ai-org/ash:",
    ),
    (
        {"certificate": "my-cert"},
        "'my-cert' is no certificate",
        "the ARN of an ACM certificate of this region",
        "`aws acm list-certificates` lists them",
    ),
    (
        {"allow_cidr": ("1.1.1.1", "2.2.2.2", "3.3.3.3")},
        "3 ranges of addresses cannot all be let in",
        "has room for two",
        "at most two --allow-cidr",
    ),
    (
        {"allow_cidr": ("::1/128",)},
        "'::1/128' is no range of addresses",
        "an IPv4 address or range is wanted",
        "Correct --allow-cidr or ASH_ECS_ALLOW_CIDR",
    ),
    (
        {"mode": "multi-machine"},
        "Where the runners go is not known",
        "private subnets behind a NAT gateway",
        "--runner-subnets subnet-...,subnet-... (ASH_ECS_RUNNER_SUBNET_IDS)",
    ),
]


@pytest.mark.parametrize(("given", "what", "why", "way"), REFUSALS, ids=lambda x: str(x)[:30])
def test_a_refusal_says_what_why_and_where(
    given: dict[str, Any], what: str, why: str, way: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        read_request(settings_of(), DeployOptions(**given))
    assert refused.value.what == what
    assert why in refused.value.why
    assert way in refused.value.next_step


def test_what_was_right_beside_it_is_let_through() -> None:
    """The same things, each with what it goes with."""
    files, disk = "fs-0123456789abcdef0", "vol-0123456789abcdef0"
    for given in (
        {"file_system": files, "efs": True},
        {"file_system": files, "efs": True, "restored": True},
        {"volume": disk, "launch_type": "ec2"},
        {"alarm_budget": 100, "alarm_email": "a@example.com"},
        {"alarm_budget": 100, "alarm_topic": "arn:aws:sns:us-east-1:123456789012:pager"},
        {"subnets": ("subnet-1", "subnet-2"), "task_subnets": ("subnet-3", "subnet-4")},
        {"allow_cidr": ("1.1.1.1", "2.2.2.2")},
        {"mode": "multi-machine", "runner_subnets": ("subnet-1", "subnet-2")},
    ):
        read_request(settings_of(), DeployOptions(**given))  # type: ignore[arg-type]  # a table of values


def test_a_database_takes_no_two_hyphens_in_a_row_in_its_name() -> None:
    runners = DeployOptions(mode="multi-machine", runner_subnets=("subnet-1", "subnet-2"))
    with pytest.raises(UsageProblem, match="'ash--two' cannot be used in multi-machine mode"):
        read_request(settings_of(ASH_OPS_NAME="ash--two"), runners)
    read_request(settings_of(ASH_OPS_NAME="ash--two"), runners, {"Mode": "multi-machine"})
    read_request(settings_of(ASH_OPS_NAME="ash--two"), DeployOptions())


def test_another_kind_is_refused_with_what_it_was_and_how_to_move() -> None:
    with pytest.raises(UsageProblem) as refused:
        read_request(settings_of(), DeployOptions(launch_type="ec2"), {"LaunchType": "FARGATE"})
    assert refused.value.what == "ash-cloud cannot become EC2"
    assert "it was deployed with FARGATE" in refused.value.why
    assert "Leave --launch-type out, or deploy beside it under another --name" in (
        refused.value.next_step
    )


def test_an_instance_that_is_named_or_deployed_already_stays() -> None:
    named = read_request(settings_of(), DeployOptions(launch_type="ec2", instance_type="c7i.large"))
    assert named.effective("InstanceType") == "c7i.large"
    before = {"LaunchType": "EC2", "InstanceType": "t3.large"}
    assert "InstanceType" not in read_request(settings_of(), DeployOptions(), before).given
    assert "InstanceType" not in read_request(settings_of(), DeployOptions()).given


def test_off_takes_away_what_can_be_off_and_is_no_value_of_anything_else() -> None:
    off = read_request(settings_of(), DeployOptions(alarm_email="off"), {"AlarmEmail": "a@b.de"})
    assert off.effective("AlarmEmail") == ""
    with pytest.raises(UsageProblem):
        read_request(settings_of(), DeployOptions(container_insights="off"))


@pytest.mark.parametrize(
    ("before", "wanted", "told"),
    [
        ({}, {"alarm_email": "ops@example.com"}, "ops@example.com is told of"),
        (
            {"AlarmEmail": "a@b.org"},
            {"alarm_email": "ops@example.com"},
            "ops@example.com is told of",
        ),
        ({"AlarmEmail": "a@b.org"}, {"alarm_email": "a@b.org"}, None),
        # Who says nothing of alarms leaves them as they are: no mail asks to be confirmed again.
        ({"AlarmEmail": "a@b.org", "AlarmBudget": "90"}, {}, None),
        ({"AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:ops"}, {}, None),
        ({"AlarmEmail": "a@b.org"}, {"alarm_email": "off"}, None),
    ],
)
def test_a_plan_names_who_is_told_of_alarms_from_now_on(
    before: dict[str, str], wanted: dict[str, str], told: str | None
) -> None:
    request = read_request(settings_of(), DeployOptions(**wanted), before)
    lines = list(alarm_notes(request))
    assert [told in line for line in lines if told] == ([True] if told else [])
    assert bool(lines) is bool(told)
