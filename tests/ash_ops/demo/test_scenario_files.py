"""Scenarios are data: every file says what is needed, and only what means something."""

from __future__ import annotations

from inspect import signature

import pytest

from ash_ops.causes import CAUSES
from ash_ops.demo import scenario
from ash_ops.demo.faults import Rule
from ash_ops.demo.mutations import MUTATIONS
from ash_ops.demo.scenario import Scenario
from ash_ops.errors import UsageProblem

ALL = scenario.load_all()
BY_NAME = pytest.mark.parametrize("each", ALL, ids=lambda s: s.name)

# The first ones, with the cause doctor must lead with, are promised by name.
PROMISED = {
    "healthy": None,
    "pending-no-route": "image-pull-network",
    "image-not-found": "image-not-found",
    "out-of-memory": "container-oom",
    "curl-health-check": "container-healthcheck-failed",
    "unhealthy-target": "elb-healthcheck-failed",
    "wrong-key": "ash-auth-invalid",
    "no-anthropic-key": "anthropic-key-missing",
    "stack-rolled-back": "cfn-quota",
}


def test_the_promised_scenarios_are_there() -> None:
    causes = {each.name: each.cause for each in ALL}
    assert {name: causes[name] for name in PROMISED} == PROMISED


@BY_NAME
def test_the_cause_is_one_that_ash_ops_knows(each: Scenario) -> None:
    assert each.cause is None or each.cause in CAUSES


@BY_NAME
def test_every_mutation_exists_and_takes_what_it_is_given(each: Scenario) -> None:
    for step in (*each.prepare, *each.steps):
        parameters = {key: value for key, value in step.items() if key not in ("do", "when")}
        signature(MUTATIONS[step["do"]]).bind(**parameters)
    for rule in each.faults:
        Rule(**rule)


@BY_NAME
def test_there_is_a_story_and_an_exit_code_doctor_has(each: Scenario) -> None:
    assert each.title
    assert len(each.story) > 60
    assert each.exit_code in (0, 3, 4)


def test_ranks_decide_the_order_and_the_tour_begins_with_the_healthy_one() -> None:
    assert [each.name for each in ALL[:3]] == ["healthy", "out-of-memory", "pending-no-route"]
    assert [each.rank for each in ALL] == sorted(each.rank for each in ALL)


@pytest.mark.parametrize("name", ["", "nothing", "../scenario", "healthy.toml", "a/b"])
def test_a_name_that_is_no_scenario_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        scenario.load(name)
    assert "out-of-memory" in caught.value.why
    assert "--list" in caught.value.next_step


def test_every_mutation_says_what_it_does() -> None:
    assert all(function.__doc__ for function in MUTATIONS.values())
