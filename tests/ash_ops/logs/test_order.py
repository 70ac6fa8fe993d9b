"""Every way of reading gives the same lines in the same order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ash_ops.aws.logs import Event, Query
from ash_ops.logs.dump import Dump
from ash_ops.logs.lines import LastLines
from ash_ops.logs.request import selection
from tests.ash_ops.logs.simulation import EPOCH, Simulation, everything
from tests.bench.logs_world import TASKS, Faults, Happening, World

faults = st.builds(
    Faults,
    quota=st.sampled_from([0, 5]),
    page_size=st.sampled_from([1, 3, 7, 50, 10_000]),
    empty_page=st.sampled_from([0.0, 0.3]),
    token_lost=st.sampled_from([0.0, 0.2]),
    throttled=st.sampled_from([0.0, 0.2]),
    knows_newest_first=st.booleans(),
    repeats=st.booleans(),
)
# (stamped so many milliseconds before now, delivered so much later, by which task): few different
# times, so that many lines share a millisecond, an arrival, or both.
written = st.lists(
    st.tuples(
        st.sampled_from([100_000, 60_000, 59_999, 30_001, 30_000, 20_000]),
        st.sampled_from([0, 1, 5_000]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=60,
)


def world(lines: list[tuple[int, int, int]], faults: Faults) -> World:
    """Each line's number is its place in the order that AWS documents."""
    order = sorted((-before, later - before, task) for before, later, task in lines)
    made = [
        Happening(stamped=at / 1000, visible=arrived / 1000, task=task, number=number)
        for number, (at, arrived, task) in enumerate(order)
    ]
    return World(made, faults, EPOCH)


def dump(what: World, *, side_by_side: int, since: int = 0) -> Simulation:
    simulation = Simulation(what, start=1.0, latency=0.4)
    reading = Dump(
        Query(start=since),
        wanted=everything,
        printed=list,
        retry=simulation.retry(follow=False),
        clock=simulation.monotonic,
        now=int(simulation.wall() * 1000),
        side_by_side=side_by_side,
    )
    simulation.run(reading, side_by_side=side_by_side)
    return simulation


def last(what: World, count: int, task: str | None = None) -> Simulation:
    simulation = Simulation(what, start=1.0)
    reading = LastLines(
        Query(start=0),
        count,
        int(simulation.wall() * 1000),
        wanted=selection(task=task, level=None, grep=None),
        retry=simulation.retry(follow=False),
        clock=simulation.monotonic,
    )
    simulation.run(reading)
    return simulation


def followed(what: World, count: int | None) -> Simulation:
    simulation = Simulation(what, start=1.0)
    simulation.run(simulation.tail(count=count), until=400.0)
    return simulation


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=written, faults=faults, count=st.integers(1, 70))
def test_every_reading_gives_the_same_lines_in_the_same_order(
    lines: list[tuple[int, int, int]], faults: Faults, count: int
) -> None:
    def fresh() -> World:
        return world(lines, faults)

    numbers = list(range(len(lines)))
    assert dump(fresh(), side_by_side=1).numbers() == numbers
    assert dump(fresh(), side_by_side=2).numbers() == numbers
    assert last(fresh(), count).numbers() == numbers[-count:]
    assert followed(fresh(), count).numbers() == numbers[-count:]
    assert followed(fresh(), None).numbers() == numbers


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=written, faults=faults)
def test_a_task_s_own_lines_are_in_its_own_order(
    lines: list[tuple[int, int, int]], faults: Faults
) -> None:
    """As ``--previous`` shows them: a stack trace must not stand upside down."""
    what = world(lines, faults)
    own = [one.number for one in what.happenings if one.task == 1]
    assert last(what, 100, TASKS[1]).numbers() == own


def test_eight_lines_of_one_millisecond_stand_as_they_were_written() -> None:
    lines = [(30_000, 0, 0)] * 8
    assert last(world(lines, Faults()), 100).numbers() == list(range(8))
    assert last(world(lines, Faults()), 4).numbers() == [4, 5, 6, 7]


# No two bursts of one millisecond: hundreds of lines in it, five a page, with every fifth token
# lost on the way, are read to their end by nobody.
dense = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 40), st.integers(0, 2)),
    min_size=1,
    max_size=40,
    unique_by=lambda burst: burst[0],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bursts=dense,
    page_size=st.sampled_from([5, 20, 100]),
    side_by_side=st.integers(2, 4),
    empty=st.sampled_from([0.0, 0.3]),
    lost=st.sampled_from([0.0, 0.2]),
    by_task=st.booleans(),
)
def test_windows_side_by_side_lose_nothing_at_their_borders(
    bursts: list[tuple[int, int, int]],
    page_size: int,
    side_by_side: int,
    empty: float,
    lost: float,
    by_task: bool,
) -> None:
    """However unevenly the lines lie in time, and even if one stream comes after the other."""
    made = [
        Happening(stamped=-30 + at / 1000, visible=-1.0, task=task, number=0)
        for at, count, task in sorted(bursts)
        for _ in range(count)
    ]
    numbered = [
        Happening(stamped=one.stamped, visible=one.visible, task=one.task, number=number)
        for number, one in enumerate(made)
    ]
    behaviour: dict[str, Any] = {"quota": 5, "page_size": page_size, "empty_page": empty}
    # A scan that has lost its token four times goes on from where it was, which AWS's order of time
    # allows and that of one stream after the other does not (scan.py, _FROM_THE_BEGINNING).
    behaviour |= {"token_lost": 0.0 if by_task else lost, "by_task": by_task}
    simulation = dump(World(numbered, Faults(**behaviour), EPOCH), side_by_side=side_by_side)
    assert sorted(simulation.numbers()) == list(range(len(numbered)))
    if not by_task:
        assert simulation.numbers() == list(range(len(numbered)))


@pytest.mark.parametrize(("side_by_side", "seconds"), [(1, 6.1), (2, 4.2)])
def test_two_windows_at_a_time_take_two_thirds_of_the_time(
    side_by_side: int, seconds: float
) -> None:
    made = [
        Happening(stamped=number / 28 - 3600, visible=-1.0, number=number)
        for number in range(100_000)
    ]
    simulation = dump(World(made, Faults(page_size=7000), EPOCH), side_by_side=side_by_side)
    assert simulation.numbers() == list(range(100_000))
    assert simulation.now - 1.0 <= seconds
    assert simulation.world.throttles == 0


def test_a_service_in_no_order_is_put_in_order_by_what_it_says() -> None:
    events: list[Event] = [
        {"timestamp": at, "ingestionTime": arrived, "eventId": f"{number:056d}"}
        for number, (at, arrived) in enumerate([(1, 5), (1, 6), (1, 6), (2, 1)])
    ]
    from ash_ops.logs.scan import in_time_order

    assert in_time_order([events[3], events[2], events[0], events[1]]) == events
