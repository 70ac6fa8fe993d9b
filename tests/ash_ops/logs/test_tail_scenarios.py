"""The promise: no event lost, none printed twice, whatever the service does."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ash_ops.logs.simulation import EPOCH, Simulation
from tests.bench.logs_world import Faults, Happening, World, lines

SECONDS = 45.0
END = 200.0
# Everything visible by then was covered by a later deep sweep.
SETTLED = 170.0

SCENARIOS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "one task": ({}, {}, "the plain case"),
    "fargate": ({"tasks": 3, "flush": 5.0}, {}, "batches of several tasks interleave"),
    "late": ({"tasks": 2, "late": (0.05, 5, 115)}, {}, "a network that stalls for minutes"),
    "burst": ({"bursts": (7, 3000)}, {"page_size": 1000}, "one millisecond fills many pages"),
    "same millisecond": ({"same_ms": 50}, {}, "a cursor one past the newest would lose the rest"),
    "future": ({"future": (10, 3600)}, {}, "a clock an hour ahead must not blind the tail"),
    "throttled": ({}, {"throttled": 0.3}, "three calls in ten are refused"),
    "small quota": ({}, {"quota": 2}, "others use the quota as well"),
    "errors": ({}, {"server_error": 0.1, "dropped": 0.1}, "5xx and connections cut"),
    "empty pages": ({}, {"empty_page": 0.3, "page_size": 300}, "pages without events go on"),
    "tokens": ({}, {"token_lost": 0.3, "page_size": 300}, "page tokens expire"),
    "short tokens": ({"bursts": (9, 800)}, {"token_life": 3.0, "page_size": 100}, "within seconds"),
    "outage": ({}, {"outage_between": (20, 50)}, "the network is away for half a minute"),
    "credentials": ({}, {"expired_between": (20, 50)}, "they expire and are renewed"),
    "date ahead": ({"future": (10, 3600)}, {"date_skew": 3600.0}, "the Date header is wrong"),
    "date behind": ({"future": (10, 3600)}, {"date_skew": -3600.0}, "the Date header is wrong"),
    "date jumps": ({"future": (10, 3600)}, {"date_skew": 3600.0, "date_jumps": True}, "each time"),
    "bare": ({"future": (10, 60)}, {"no_date": True, "no_ingestion": True}, "an emulator's answer"),
    "unordered": ({"same_ms": 3}, {"unordered": True, "page_size": 200}, "an emulator's order"),
    "task by task": (
        {"tasks": 3, "flush": 5.0},
        {"by_task": True, "page_size": 200, "token_lost": 0.1},
        "pages that do not go through time",
    ),
    "repeats": ({}, {"repeats": True, "page_size": 200}, "one event on two pages"),
    "barren": ({"rate": 40.0}, {"barren": 12}, "many empty pages before each range's events"),
    "own token": ({}, {"own_token": 0.2, "page_size": 200}, "a page that names itself as the next"),
    "endless": ({}, {"endless": True, "page_size": 500}, "there always is a next page"),
    "all": (
        {
            "tasks": 3,
            "flush": 5.0,
            "late": (0.05, 5, 115),
            "bursts": (9, 800),
            "same_ms": 5,
            "future": (15, 3600),
        },
        {
            "throttled": 0.15,
            "server_error": 0.03,
            "dropped": 0.03,
            "empty_page": 0.15,
            "token_lost": 0.05,
            "token_life": 5.0,
            "page_size": 2000,
            "outage_between": (30, 40),
        },
        "everything at once",
    ),
}


@cache
def simulate(name: str) -> Simulation:
    """One run, looked at by several tests."""
    what, faults, _ = SCENARIOS[name]
    world = World(lines(seconds=SECONDS, before=20.0, **what), Faults(**faults), EPOCH)
    simulation = Simulation(world)
    simulation.run(simulation.tail(), END)
    return simulation


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_lost_and_nothing_comes_twice(name: str) -> None:
    simulation = simulate(name)
    assert simulation.lost(visible_until=SETTLED) == []
    assert simulation.doubled() == []
    assert len(simulation.printed) > 2000


@pytest.mark.parametrize(
    ("name", "median", "p99"),
    [
        ("fargate", 0.3, 0.6),
        ("late", 0.3, 2.5),
        ("burst", 0.6, 2.5),
        ("throttled", 0.35, 2.5),
        ("empty pages", 0.45, 2.5),
    ],
)
def test_lines_are_printed_soon(name: str, median: float, p99: float) -> None:
    """Simulated seconds from visible to printed: exact, so they may be asserted."""
    simulation = simulate(name)
    assert simulation.quantile(0.5) <= median
    assert simulation.quantile(0.99) <= p99


def test_the_quota_is_kept_without_being_told() -> None:
    simulation = simulate("burst")
    assert simulation.world.throttles <= simulation.world.calls * 0.02


faults = st.builds(
    Faults,
    quota=st.sampled_from([0, 3, 5]),
    page_size=st.sampled_from([40, 500, 10_000]),
    throttled=st.sampled_from([0.0, 0.2]),
    server_error=st.sampled_from([0.0, 0.1]),
    empty_page=st.sampled_from([0.0, 0.3]),
    token_lost=st.sampled_from([0.0, 0.2]),
    outage_between=st.sampled_from([(0.0, 0.0), (10.0, 25.0)]),
    date_skew=st.sampled_from([0.0, 7200.0, -7200.0]),
    unordered=st.booleans(),
)
# (stamped, later by): at most as late as the window of 30 s allows.
arrivals = st.lists(
    st.tuples(st.floats(-20, 30), st.one_of(st.floats(0, 2), st.floats(0, 30))),
    min_size=1,
    max_size=150,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faults=faults, arrivals=arrivals, seed=st.integers(0, 5))
def test_any_arrivals_within_the_late_window(
    faults: Faults, arrivals: list[tuple[float, float]], seed: int
) -> None:
    happenings = [
        Happening(stamped=at, visible=at + late, number=number)
        for number, (at, late) in enumerate(arrivals)
    ]
    simulation = Simulation(World(happenings, faults, EPOCH, seed))
    simulation.run(simulation.tail(late_window=30_000), 150)
    assert simulation.lost(visible_until=110) == []
    assert simulation.doubled() == []
