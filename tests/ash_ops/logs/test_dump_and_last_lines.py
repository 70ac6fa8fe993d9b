"""Printing what is there: every line once, in order, however the pages come."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.logs import Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.dump import Dump
from ash_ops.logs.lines import LastLines
from ash_ops.logs.reading import Select
from tests.ash_ops.logs.simulation import EPOCH, Simulation, everything
from tests.bench.logs_world import Faults, Happening, World, lines

DAY = 86_400_000
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({}, "the plain case"),
    ({"page_size": 70, "empty_page": 0.3}, "empty pages in between"),
    ({"page_size": 70, "token_lost": 0.3}, "tokens expire"),
    ({"page_size": 70, "throttled": 0.3, "quota": 3}, "throttled"),
    ({"page_size": 70, "server_error": 0.2, "dropped": 0.2}, "errors"),
    ({"page_size": 70, "knows_newest_first": False}, "oldest first is all it knows"),
]
EACH_FAULT = pytest.mark.parametrize("faults", [faults for faults, _ in FAULTS])


def dumped(world: World, **options: Any) -> Simulation:
    simulation = Simulation(world, start=1.0)
    query = Query(start=int(EPOCH * 1000) - DAY, **options)
    simulation.run(
        Dump(
            query,
            wanted=everything,
            printed=list,
            retry=simulation.retry(follow=False),
            clock=simulation.monotonic,
        )
    )
    return simulation


def last(world: World, count: int, wanted: Select = everything) -> Simulation:
    simulation = Simulation(world, start=1.0)
    simulation.run(
        LastLines(
            Query(start=0),
            count,
            int(simulation.wall() * 1000),
            wanted=wanted,
            retry=simulation.retry(follow=False),
            clock=simulation.monotonic,
        )
    )
    return simulation


def stored(*, same_ms: int = 1, seconds: float = 20.0, **faults: Any) -> World:
    made = lines(seconds=0, before=seconds, same_ms=same_ms, lag=(0.0, 0.0))
    return World(made, Faults(**faults), EPOCH)


@EACH_FAULT
def test_a_dump_has_every_line_once_and_in_order(faults: dict[str, Any]) -> None:
    assert dumped(stored(**faults)).numbers() == list(range(1000))


@EACH_FAULT
def test_a_dump_of_one_millisecond(faults: dict[str, Any]) -> None:
    """Starting over at the same time stamp must not repeat its lines."""
    assert dumped(stored(same_ms=1000, **faults)).numbers() == list(range(1000))


def test_a_dump_ends_where_it_was_told_to() -> None:
    end = int((EPOCH - 10) * 1000)
    printed = dumped(stored(), end=end).printed
    assert max(event["timestamp"] for _, event in printed) <= end
    assert len(printed) == 501


def test_a_service_that_goes_through_one_task_after_the_other_is_read_whole() -> None:
    """What is older than the page before was not printed yet, whatever was read meanwhile."""
    made = lines(seconds=0, before=60, tasks=3, lag=(0.0, 0.0))
    world = World(made, Faults(by_task=True, repeats=True, page_size=70, token_lost=0.1), EPOCH)
    assert sorted(dumped(world).numbers()) == list(range(3000))


def test_an_unordered_service_is_read_whole() -> None:
    numbers = dumped(stored(page_size=70, unordered=True, token_lost=0.1)).numbers()
    assert sorted(numbers) == list(range(1000))


@EACH_FAULT
@pytest.mark.parametrize("count", [1, 5, 200, 5000])
def test_the_last_lines(faults: dict[str, Any], count: int) -> None:
    assert last(stored(**faults), count).numbers() == list(range(1000))[-count:]


@EACH_FAULT
def test_the_last_lines_of_one_millisecond(faults: dict[str, Any]) -> None:
    """No order can be told from equal time stamps; still that many, none twice."""
    simulation = last(stored(same_ms=1000, **faults), 100)
    assert len(simulation.printed) == 100
    assert simulation.doubled() == []


@pytest.mark.parametrize("knows", [True, False])
def test_lines_of_long_ago_are_found(knows: bool) -> None:
    happenings = [
        Happening(stamped=-age, visible=-age, number=number)
        for number, age in enumerate((90 * 86400.0, 3 * 86400.0, 7200.0 * 3, 30.0))
    ]
    world = World(happenings, Faults(knows_newest_first=knows), EPOCH)
    assert last(world, 4).numbers() == [0, 1, 2, 3]
    assert last(world, 2).numbers() == [2, 3]


def test_only_wanted_lines_count() -> None:
    simulation = last(stored(), 3, lambda events: [e for e in events if e["message"].endswith("7")])
    assert simulation.numbers() == [977, 987, 997]


def test_an_empty_group_ends_at_once() -> None:
    assert last(World([], Faults(), EPOCH), 10).printed == []


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        ({"outage_between": (0.0, 1e6)}, "unreachable"),
        ({"server_error": 1.0}, "unavailable"),
        ({"expired_between": (0.0, 1e6)}, "expired"),
        ({"throttled": 1.0}, "throttled"),
    ],
)
def test_a_dump_gives_up_in_the_end(faults: dict[str, Any], kind: str) -> None:
    with pytest.raises(ReadFailed) as caught:
        dumped(stored(**faults))
    assert caught.value.kind == kind
