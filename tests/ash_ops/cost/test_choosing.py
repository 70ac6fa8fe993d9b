"""What can be chosen, by options, by .env and by --compare: right values act, wrong ones are told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.cost.choices import CHOICES, change, parse_pairs, planned
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import EC2, MULTI_MACHINE, STANDALONE, Plan
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import check_values
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.settings import Options, Settings, load
from ash_ops.template_parameters import default
from tests.support.guides_plan import guides_plan


def settings(tmp_path: Path, text: str = "", **environ: str) -> Settings:
    file = tmp_path / "env"
    file.write_text(text)
    return load(Options(env_file=str(file)), environ)


def test_env_file_environment_and_options_in_that_order(tmp_path: Path) -> None:
    text = "ASH_ECS_CPU=1024\nASH_ECS_MEMORY=2048\nAWS_DEFAULT_REGION=eu-west-2\n"
    found = settings(tmp_path, text, ASH_ECS_MEMORY="4096")
    plan = planned(found, {"cpu": "2048"})
    assert (plan.tasks[0].cpu, plan.tasks[0].memory, plan.region) == (2048, 4096, "eu-west-2")


def test_an_impossible_size_from_the_env_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="4096 MB of memory with 256"):
        planned(settings(tmp_path, "ASH_ECS_CPU=256\nASH_ECS_MEMORY=4096\n"), {})


def test_a_size_in_the_env_file_does_not_hinder_ec2(tmp_path: Path) -> None:
    """The instance decides what it costs, and the pair must not be one that Fargate offers."""
    found = settings(tmp_path, "ASH_ECS_CPU=256\nASH_ECS_MEMORY=3000\n")
    assert planned(found, {"launch-type": EC2}).tasks == ()


def test_the_variables_are_those_of_deploy(tmp_path: Path) -> None:
    text = (
        "ASH_ECS_LAUNCH_TYPE=EC2\nASH_ECS_ARCHITECTURE=ARM64\nASH_ECS_INSTANCE_TYPE=m7g.large\n"
        "ASH_LOG_RETENTION_DAYS=90\nASH_CONTAINER_INSIGHTS=enhanced\n"
        "ASH_ECS_CERTIFICATE_ARN=arn:aws:acm:x\n"
    )
    plan = planned(settings(tmp_path, text), {})
    assert plan.machines[0].instance_type == "m7g.large"
    assert (plan.log_retention_days, plan.insights) == (90, "enhanced")
    assert plan.traffic is not None
    assert plan.traffic.tls


def test_an_instance_type_in_the_env_file_waits_for_its_launch_type(tmp_path: Path) -> None:
    found = settings(tmp_path, "ASH_ECS_INSTANCE_TYPE=m7g.large\n")
    assert planned(found, {}).machines == ()
    with pytest.raises(UsageProblem):
        planned(found, {"instance-type": "m7g.large"})


def test_an_internal_load_balancer_has_neither_addresses_nor_data_out() -> None:
    plan = change(guides_plan(), {"internal": "yes"})
    subjects = {line.quantity.subject for line in monthly_estimate(plan).lines}
    assert {"public-ipv4-load balancer", "data-out"} & subjects == set()


def test_a_snapshots_bucket_in_the_env_file_is_priced(tmp_path: Path) -> None:
    assert planned(settings(tmp_path, "ASH_SNAPSHOT_URL=s3://b/p/\n"), {}).s3_gb == 1


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        pytest.param({"cpu": "lots"}, "ASH_ECS_CPU", id="the variable is named too"),
        pytest.param({"cpu": "512.5"}, "whole number", id="half a unit"),
        pytest.param({"cpu": "-512"}, "above 0", id="negative"),
        pytest.param({"memory": "nan"}, "above 0", id="not a number that is one"),
        pytest.param({"log-gb": "inf"}, "from 0", id="endless logs"),
        pytest.param({"log-gb": "1e400"}, "from 0", id="nearly endless"),
        pytest.param({"cpu": "512", "memory": "8192"}, "1024, 2048, 3072, 4096", id="illegal pair"),
        pytest.param({"architecture": "sparc"}, "x86_64, arm64", id="no such processor"),
        pytest.param({"mode": "cluster"}, "standalone, multi-machine", id="no such mode"),
        pytest.param({"runners": "3"}, "only multi-machine", id="runners without the mode"),
        pytest.param({"instance-type": "t3.large"}, "--launch-type ec2", id="no instance"),
        pytest.param({"volume": "10"}, "--launch-type ec2", id="no disk"),
        pytest.param({"ephemeral-storage": "500"}, "20 to 200", id="more than Fargate gives"),
        pytest.param(
            {"database": "large"}, default("DatabaseClass", MULTI_MACHINE), id="not a class"
        ),
        pytest.param({"container-insights": "max"}, "enhanced", id="no such mode of insights"),
        pytest.param({"spot": "maybe"}, "yes or no", id="neither"),
        pytest.param({"colour": "red"}, "region", id="no such thing"),
    ],
)
def test_wrong_values_say_what_would_be_right(chosen: dict[str, str], told: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        change(guides_plan(), chosen)
    said = f"{refused.value.what} {refused.value.why} {refused.value.next_step}"
    assert told in said


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        pytest.param("cpu=2048,memory=4096", {"cpu": "2048", "memory": "4096"}, id="usual"),
        pytest.param(" cpu = 2048 , memory=4096 ", {"cpu": "2048", "memory": "4096"}, id="spaces"),
        pytest.param("--launch_type=ec2", {"launch-type": "ec2"}, id="as an option is written"),
    ],
)
def test_pairs_are_read(text: str, pairs: dict[str, str]) -> None:
    assert parse_pairs(text) == pairs


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cpu", "'cpu' is not name=value"),
        ("cpu=", "'cpu=' is not name=value"),
        ("=2048", "'=2048' is not name=value"),
        ("cpu=1,,memory=2", "'' is not name=value"),
        ("cpu=1,cpu=2", "a name is given twice"),
        ("", "'' is not name=value"),
    ],
)
def test_pairs_that_are_none_are_refused(text: str, why: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        parse_pairs(text)
    assert refused.value.why == why


@given(st.text(max_size=40))
def test_any_text_is_pairs_or_a_usage_problem(text: str) -> None:
    try:
        pairs = parse_pairs(text)
    except UsageProblem:
        return
    assert all(pairs.values())


@given(st.sampled_from(sorted(CHOICES)), st.text(max_size=12))
def test_any_value_of_any_choice_is_a_plan_or_a_problem_that_is_told(name: str, value: str) -> None:
    try:
        plan = change(guides_plan(), {name: value})
    except OpsError:
        return
    assert isinstance(plan, Plan)


def compared(base: Plan, text: str) -> Comparison:
    after = change(base, parse_pairs(text))
    return Comparison(monthly_estimate(base), monthly_estimate(after), text)


def test_a_comparison_is_the_difference_of_the_totals() -> None:
    found = compared(guides_plan(), "cpu=2048,memory=4096")
    assert found.monthly == found.after.monthly - found.before.monthly == found.of_known_lines
    changed = {pair.item for pair in found.pairs if pair.difference}
    assert changed == {
        "Fargate vCPU: 1 x 0.5 -> Fargate vCPU: 1 x 2",
        "Fargate memory: 1 x 1 GB -> Fargate memory: 1 x 4 GB",
    }


def test_lines_are_matched_though_their_kind_changes() -> None:
    found = compared(guides_plan(), "arch=arm64,container-insights=enhanced,spot=no")
    assert all(pair.before and pair.after for pair in found.pairs)
    assert round(found.of_known_lines, 2) == Decimal(
        "0.14"
    )  # 3.60 less for ARM, 3.74 more for metrics


def test_what_is_only_on_one_side_costs_or_saves_all_of_it() -> None:
    found = compared(guides_plan(), "mode=multi-machine,database=db.t4g.micro")
    rds = next(pair for pair in found.pairs if pair.after and pair.after.quantity.subject == "rds")
    assert (rds.before, rds.difference) == (None, Decimal("11.68"))


def test_an_unknown_side_is_no_difference_and_is_said() -> None:
    found = compared(guides_plan(), "region=ap-southeast-6")
    assert found.monthly is None
    assert next(pair for pair in found.pairs if "capacity" in pair.item).difference is None


def test_private_subnets_swap_the_tasks_address_for_a_gateways() -> None:
    plan = change(guides_plan(), {"private": "yes"})
    owners = {
        line.quantity.item for line in monthly_estimate(plan).lines if "IPv4" in line.quantity.item
    }
    assert owners == {"Public IPv4, load balancer: 2", "Public IPv4, NAT gateways: 1"}


def test_runners_can_be_counted_and_sized() -> None:
    chosen = {"mode": MULTI_MACHINE, "runners": "5", "instance-type": "t3.large"}
    (group,) = change(guides_plan(), chosen).machines
    assert (group.count, group.instance_type) == (5, "t3.large")


REFUSED_BY_DEPLOY = [
    {"mode": MULTI_MACHINE, "launch-type": "ec2"},
    {"cpu": "512", "memory": "8192"},
    {"cpu": "300"},
    {"cpu": "lots"},
    {"log-retention": "31"},
    {"mode": MULTI_MACHINE, "runners": "0"},
    {"mode": MULTI_MACHINE, "runners": "101"},
]


@pytest.mark.parametrize("chosen", REFUSED_BY_DEPLOY, ids=str)
def test_what_deploy_refuses_is_refused_with_its_sentence(
    chosen: dict[str, str], tmp_path: Path
) -> None:
    """The variables are asked of both: each must say the same what and why."""
    variables = {
        "mode": "",
        "launch-type": "ASH_ECS_LAUNCH_TYPE",
        "cpu": "ASH_ECS_CPU",
        "memory": "ASH_ECS_MEMORY",
        "log-retention": "ASH_LOG_RETENTION_DAYS",
        "runners": "ASH_RUNNER_COUNT",
    }
    text = "".join(
        f"{variables[name]}={value}\n" for name, value in chosen.items() if variables[name]
    )
    text += "ASH_ECS_RUNNER_SUBNET_IDS=subnet-1,subnet-2\n"
    found = settings(tmp_path, text)
    with pytest.raises(UsageProblem) as ours:
        planned(found, {name: text for name, text in chosen.items() if name == "mode"})
    with pytest.raises(UsageProblem) as theirs:
        check_values(found, DeployOptions(mode=chosen.get("mode", STANDALONE)))
    said = [(problem.value.what, problem.value.why) for problem in (ours, theirs)]
    assert said[0] == said[1]


def test_runners_are_priced_where_deploy_puts_them() -> None:
    """On EC2, in private subnets behind a NAT gateway, whatever the launch type of the coordinator."""
    plan = change(guides_plan(), {"mode": MULTI_MACHINE, "launch-type": "fargate"})
    assert [group.role for group in plan.machines] == ["runner"]
    assert [tasks.role for tasks in plan.tasks] == ["coordinator"]
    assert plan.nat_gateways == 1
