"""When the whole late window is read in one, and when a page that names itself is the last."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.logs import command as command_module
from ash_ops.logs.command import LogsCommand
from ash_ops.logs.lines import LastLines
from ash_ops.logs.reading import Done, Read
from ash_ops.logs.request import Request
from ash_ops.settings import Options, load
from tests.ash_ops.logs.simulation import EPOCH, Simulation, everything
from tests.bench.logs_world import Faults, Happening, World, lines


def ranges_of(rate: float, begin: float, end: float, **faults: Any) -> set[str]:
    """Which ranges are begun between two moments: the whole late window, or only its last part."""
    made = lines(seconds=20, before=20, rate=rate)
    simulation = Simulation(World(made, Faults(**faults), EPOCH))
    tail = simulation.tail(count=0)
    simulation.run(tail, begin)
    simulation.queries.clear()
    simulation.run(tail, end)
    newest = tail.newest or 0
    begun = [query for query in simulation.queries if query.token is None]
    return {"whole" if newest - query.start > 60_000 else "part" for query in begun}


@pytest.mark.parametrize(
    ("rate", "faults", "ranges"),
    [
        (5.0, {}, {"whole"}),
        (5.0, {"page_size": 20}, {"whole", "part"}),
        (20.0, {}, {"whole", "part"}),
        (5.0, {"barren": 12}, {"whole"}),
        (5.0, {"barren": 12, "page_size": 8}, {"whole", "part"}),
    ],
)
def test_a_window_that_costs_no_more_than_a_poll_is_read_whole_and_nothing_else(
    rate: float, faults: dict[str, Any], ranges: set[str]
) -> None:
    """Three hundred lines in one page; or so few pages beside the empty ones that come before them."""
    assert ranges_of(rate, 12.0, 19.0, **faults) == ranges


def test_in_a_silence_five_thousand_lines_are_few() -> None:
    assert ranges_of(20.0, 21.0, 26.0) == {"whole", "part"}
    assert ranges_of(20.0, 60.0, 80.0) == {"whole"}


def event(at: int) -> Any:
    return {"timestamp": at, "eventId": f"{at:056d}", "logStreamName": "s", "message": "m"}


def test_backwards_too_a_page_that_names_itself_is_gone_on_from_while_it_brings_something() -> None:
    simulation = Simulation(World([], Faults(), EPOCH))
    last = LastLines(
        Query(start=0), 10, 100, wanted=everything, retry=simulation.retry(follow=False), clock=simulation.monotonic
    )  # fmt: skip
    pages: list[tuple[str | None, list[int]]] = [("a", [9, 8]), ("a", [7, 6]), ("a", [7, 6])]
    told: list[Any] = []
    for token, moments in pages:
        step = last.next_step()
        assert isinstance(step, Read)
        told = last.receive(step, Page(events=[event(at) for at in moments], token=token))
    assert isinstance(last.next_step(), Done)
    assert [one["timestamp"] for one in told] == [6, 7, 8, 9]


@pytest.mark.parametrize(("health", "side_by_side"), [(True, 2), (False, 1)])
def test_where_health_checks_are_hidden_one_window_is_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch, health: bool, side_by_side: int
) -> None:
    """Which lines of health checks belong together is seen only where they are read in order."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake")
    asked: dict[str, Any] = {}

    class Nothing:
        def __init__(self, query: Query, **options: Any) -> None:
            asked.update(options, query=query)

        def next_step(self) -> Done:
            return Done()

    monkeypatch.setattr(command_module, "Dump", Nothing)
    output: Any = type("Output", (), {"sleep": None})()
    settings = load(Options(env_file=None), {"AWS_REGION": "us-east-1"})
    command = LogsCommand(settings, Request(since=5, until=9, health=health), output, print)
    command._print(everything, Simulation(World([], Faults(), EPOCH)).retry(follow=False))
    assert asked["side_by_side"] == side_by_side
    assert asked["query"] == Query(start=5, end=9)


def test_a_line_stamped_at_since_itself_is_wanted_and_one_a_millisecond_before_is_not() -> None:
    since = int((EPOCH - 60) * 1000)
    made = [
        Happening(stamped=-60 - back, visible=-59.0, number=number)
        for number, back in enumerate((0.002, 0.001, 0.0))
    ]
    for count in (None, 100):
        simulation = Simulation(World(made, Faults(), EPOCH))
        simulation.run(simulation.tail(since=since, count=count), 5.0)
        assert simulation.numbers() == [2], count
