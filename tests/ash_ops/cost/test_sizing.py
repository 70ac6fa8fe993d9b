"""``--for 50-sandboxes`` and ``--budget``: what is offered holds what was asked, and the budget is kept."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.cli.change.deploy import command as deploy_command
from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.table import bundled
from ash_ops.cost.sizing import SERVER_MB, Need, configurations, machine, wanted
from ash_ops.errors import UsageProblem
from tests.ash_ops.cost.test_cost_command import run
from tests.support.guides_plan import guides_plan

TABLE = bundled()


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("50-sandboxes", Need(50)),
        ("1 sandbox", Need(1)),
        # 20 + 3 * sqrt(20) = 33.4, 7 + 3 * sqrt(7) = 14.9
        ("20-sessions", Need(34, sessions=20)),
        ("7SESSIONS", Need(15, sessions=7)),
    ],
)
def test_sandboxes_are_as_many_as_is_said_and_sessions_have_a_peak(text: str, need: Need) -> None:
    assert wanted(text) == need


def test_a_fleet_for_sessions_holds_their_peak_with_one_runner_away() -> None:
    fleet = configurations(wanted("50-sessions"), "us-east-1", TABLE, 2048)[0]
    assert fleet.name.startswith("multi-machine")
    runners = int(fleet.estimate.plan.machines[0].count)
    assert runners >= 2
    assert fleet.holds * (runners - 1) // runners >= 72  # 50 + 3 * sqrt(50) = 71.2


@pytest.mark.parametrize(
    "text", ["", "50", "fifty-sandboxes", "0-sandboxes", "-5-sandboxes", "5-users"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="--for"):
        wanted(text)


@pytest.mark.parametrize(
    ("name", "cpus", "memory_gb", "arch"),
    [
        ("m6i.large", 2, 8, "x86_64"),
        ("c7g.4xlarge", 16, 32, "arm64"),
        ("r6g.2xlarge", 8, 64, "arm64"),
        ("t3a.medium", 2, 4, "x86_64"),
        ("m7a.medium", 1, 4, "x86_64"),
        ("c8i-flex.xlarge", 4, 8, "x86_64"),
    ],
)
def test_an_instance_type_tells_what_it_has(
    name: str, cpus: int, memory_gb: int, arch: str
) -> None:
    found = machine(name)
    assert found is not None
    assert (found.cpus, found.memory_mb, found.arch) == (cpus, memory_gb * 1024, arch)


@given(st.integers(1, 400), st.sampled_from(["us-east-1", "eu-central-1", "sa-east-1"]))
def test_what_is_offered_holds_what_was_asked_and_the_cheapest_is_first(
    count: int, region: str
) -> None:
    found = configurations(Need(count), region, TABLE, 2048)
    assert found
    assert len(found) <= 3
    for each in found:
        assert each.holds >= count
        assert each.cannot
        assert _memory(each.estimate.plan) >= count * 2048 + SERVER_MB
    ranks = [(not each.runs_agents, each.estimate.monthly) for each in found]
    assert ranks == sorted(ranks)


def _memory(plan: Plan) -> Decimal:
    """All the memory of what runs agents, in MB."""
    machines = [(group.count, machine(group.instance_type)) for group in plan.machines]
    found = sum((count * kind.memory_mb for count, kind in machines if kind), Decimal(0))
    tasks = sum((Decimal(task.memory) for task in plan.tasks if task.role == "server"), Decimal(0))
    return found + tasks


def test_small_needs_are_met_in_three_ways() -> None:
    kinds = [
        each.name.partition(",")[0] for each in configurations(Need(4), "us-east-1", TABLE, 2048)
    ]
    assert sorted(kinds) == ["EC2", "Fargate", "multi-machine"]


def test_more_than_any_deployment_holds_is_no_configuration() -> None:
    assert configurations(Need(999_999), "us-east-1", TABLE, 2048) == ()


def test_what_nothing_holds_is_a_problem_and_not_the_price_of_another_plan(tmp_path: Path) -> None:
    found = run(tmp_path, "--for", "99999-sandboxes", "--format", "json")
    document = json.loads(found.stdout)
    assert (found.returncode, document["sizes"]) == (3, [])
    assert document["total"]["at_least"]
    assert [line["monthly"] for line in document["lines"]] == [None]


def test_an_option_that_would_have_no_effect_beside_for_is_refused(tmp_path: Path) -> None:
    for option in (("--spot",), ("--private",), ("--compare", "cpu=2048"), ("--actual",)):
        found = run(tmp_path, "--for", "5-sandboxes", *option)
        assert (found.returncode, "does not go with --for" in found.stderr) == (2, True)


@pytest.mark.parametrize("count", [4, 50, 300])
def test_the_command_beside_it_is_one_that_deploy_takes(count: int) -> None:
    """Its options exist and take these values: `deploy` gets past its command line with them."""
    declared = {name for option in deploy_command.params for name in option.opts}
    for each in configurations(Need(count), "us-east-1", TABLE, 2048):
        words = shlex.split(each.command)
        assert words[:2] == ["ash-ops", "deploy"]
        assert {word for word in words if word.startswith("--")} - {"--region"} <= declared
        given = words[words.index("--region") + 2 :]
        context = deploy_command.make_context("deploy", given, resilient_parsing=False)
        assert context.params["max_sandboxes"] >= 1


def test_the_page_shows_three_rows_with_what_each_cannot_do(tmp_path: Path) -> None:
    found = run(tmp_path, "--for", "50-sandboxes")
    assert found.returncode == 0
    assert len(re.findall(r"^[123]   ", found.stdout, re.M)) == 3
    assert found.stdout.count("It cannot ") == 3
    assert max(len(line) for line in found.stdout.splitlines()) <= 80
    sizes = json.loads(run(tmp_path, "--for", "50-sandboxes", "--format", "json").stdout)["sizes"]
    assert [size["holds"] >= 50 for size in sizes] == [True] * 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("--planned", "--budget", "57.64"), 0, id="a cent below"),
        pytest.param(("--planned", "--budget", "57.63"), 3, id="a fraction of a cent above"),
        pytest.param(
            ("--planned", "--budget", "100", "--messages-per-day", "200"), 3, id="the model"
        ),
        pytest.param(("--planned", "--budget", "much"), 2, id="no number"),
        pytest.param(("--for", "50-sandboxes", "--budget", "700"), 0, id="the cheapest fits"),
        pytest.param(("--for", "50-sandboxes", "--budget", "100"), 3, id="not even the cheapest"),
    ],
)
def test_a_budget_is_kept_by_the_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    assert run(tmp_path, *arguments).returncode == code


@pytest.mark.parametrize(
    ("budget", "within"),
    [
        pytest.param("10", False, id="what is known is above it already"),
        pytest.param("1000", True, id="even at the dearest region's price below it"),
    ],
)
def test_an_unknown_price_decides_only_where_it_can(budget: str, within: bool) -> None:
    plan = replace(guides_plan(), region="ap-southeast-6")
    found = Answer(monthly_estimate(plan), (), None, "ash-cloud", ())
    assert found.within(Decimal(budget)) is within


def test_a_budget_between_what_is_known_and_what_may_be_cannot_be_told(tmp_path: Path) -> None:
    plan = replace(guides_plan(), region="ap-southeast-6")
    estimate = monthly_estimate(plan)
    assert Answer(estimate, (), None, "ash-cloud", ()).within(estimate.monthly) is None
    budget = f"{estimate.monthly:f}"
    found = run(tmp_path, "--planned", "--region", "ap-southeast-6", "--budget", budget)
    assert (found.returncode, "cannot be told" in found.stderr) == (4, True)
