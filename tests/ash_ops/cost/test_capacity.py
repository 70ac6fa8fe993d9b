"""The advice for a fleet holds in simulated time, and the page shows what was simulated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.deploy.fleet.room import room_notes, room_of
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import read_request
from ash_ops.sizes.fleet import LEAST_SANDBOXES, runners_for, sandboxes_at_peak, sessions_of
from tests.bench.capacity import PAGE, row, simulated
from tests.bench.capacity_model import Fleet, Load, Simulation
from tests.support.deploying import settings_of


@pytest.mark.parametrize("sessions", [10, 50, 200])
def test_the_page_shows_what_is_simulated(sessions: int) -> None:
    """The larger rows take longer; `make bench` writes them."""
    assert row(sessions) in PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("sessions", "each"), [(30, 20), (120, 29), (400, 59)])
def test_what_is_advised_refuses_and_kills_nobody_and_pauses_next_to_none(
    sessions: int, each: int
) -> None:
    """With sizes that the page does not show."""
    runners = runners_for(sessions, each)
    assert runners is not None
    found = simulated(Load(sessions), Fleet(each, 1_000_000, runners, lost_a_year=0))
    assert (found.refused, found.killed) == (0, 0)
    assert found.share("paused") < 0.01


def test_a_fleet_without_the_reserve_is_seen_to_fail() -> None:
    """Else the model would prove nothing: half the room refuses or pauses."""
    found = Simulation(Load(120), Fleet(29, 1_000_000, 3), 1).run()
    assert found.share("refused") + found.share("paused") > 0.5


def test_a_runner_whose_memory_is_too_small_dies_with_its_sessions() -> None:
    found = Simulation(Load(30), Fleet(29, 4_096, 3), 1).run()
    assert found.killed > 0


@given(st.integers(1, 60), st.integers(LEAST_SANDBOXES, 200))
def test_what_a_fleet_takes_is_the_most_that_its_runners_are_advised_for(
    runners: int, each: int
) -> None:
    found = sessions_of(runners, each)
    if found:
        needed = runners_for(found, each)
        assert needed is not None
        assert needed <= runners
        assert sandboxes_at_peak(found) <= (runners - 1) * each
    more = runners_for(found + 1, each)
    assert more is None or more > runners


def test_the_plan_of_a_fleet_says_what_it_takes_and_that_of_one_server_nothing() -> None:
    options = DeployOptions(
        mode="multi-machine", runner_subnets=("r1", "r2"), runner_count=3, max_sandboxes=20
    )
    told = list(room_notes(read_request(settings_of(), options)))
    assert "3 runners of 20 sandboxes: about 18 sessions at a time" in told[0]
    assert not list(room_notes(read_request(settings_of(), DeployOptions())))


def test_the_room_of_a_fleet_is_told_in_words() -> None:
    assert room_of(1, 20) == "no session while it is replaced"
    assert room_of(3, 20) == "about 18 sessions at a time, with one of them away"
    assert room_of(3, 5).startswith("too few each")
