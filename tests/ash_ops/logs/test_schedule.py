"""Whose turn it is, when silence slows the calls down, and what is said about it."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.reading import Read, Wait
from ash_ops.logs.retry import Pace, RetryPolicy
from ash_ops.logs.scan import Scan
from ash_ops.logs.schedule import Range, Schedule
from ash_ops.logs.streams import LateStreams
from ash_ops.logs.tail import Tail
from tests.ash_ops.logs.simulation import EPOCH, Simulation, everything
from tests.ash_ops.logs.test_whose_turn import turns
from tests.bench.logs_world import TASKS, Faults, Happening, World, lines


def served(schedule: Schedule, calls: int) -> list[Range]:
    """Who gets the calls when every range is always in the middle of its pages."""
    for kind in Range:
        schedule.begin(kind, Scan(Query(start=0)))
    return turns(schedule, calls)


def test_ranges_that_never_end_share_the_calls() -> None:
    had = served(Schedule(0.0), 100)
    assert had.count(Range.POLL) == pytest.approx(60, abs=3)
    assert had.count(Range.SWEEP) == pytest.approx(20, abs=2)
    assert had.count(Range.DEEP) == pytest.approx(20, abs=2)


def test_a_short_sweep_interrupts_a_deep_one() -> None:
    schedule = Schedule(0.0)
    schedule.begin(Range.DEEP, Scan(Query(start=0)))
    for _ in range(50):
        schedule.asked(Range.DEEP)
    schedule.begin(Range.SWEEP, Scan(Query(start=0)))
    assert schedule.next(0.0) is not Range.DEEP


def test_who_rested_does_not_get_all_the_calls_afterwards() -> None:
    schedule = Schedule(0.0)
    schedule.begin(Range.POLL, Scan(Query(start=0)))
    for _ in range(1000):
        schedule.asked(Range.POLL)
    had = served(schedule, 20)
    assert Range.POLL in had[:4]


def test_small_pages_do_not_starve_the_sweeps() -> None:
    """500 lines a page: a deep sweep has more pages than it would get in one go."""
    made = lines(seconds=40, before=20, tasks=2, late=(0.05, 35, 115))
    simulation = Simulation(World(made, Faults(page_size=500), EPOCH))
    simulation.run(simulation.tail(), 170)
    assert simulation.lost(visible_until=150) == []
    late = {one.number: one.visible for one in made if one.visible - one.stamped > 35}
    waits = sorted(at - late[n] for at, e in simulation.printed if (n := int(e["eventId"])) in late)
    assert waits[int(0.99 * len(waits))] <= 5.0
    assert simulation.quantile(0.5) <= 0.3


def test_silence_takes_half_a_call_a_second_and_the_first_line_ends_it() -> None:
    made = lines(seconds=10, before=30)
    again = Happening(stamped=90.2, visible=90.3, number=len(made))
    simulation = Simulation(World([*made, again], Faults(), EPOCH))
    tail = simulation.tail(count=0)
    simulation.run(tail, 32)
    before = simulation.world.calls
    simulation.run(tail, 90)
    assert (simulation.world.calls - before) / 58 <= 0.5
    simulation.run(tail, 95)
    before = simulation.world.calls
    assert simulation.printed[-1][1]["eventId"].endswith(str(again.number))
    assert simulation.printed[-1][0] - again.visible <= 2.5
    simulation.run(tail, 99)
    assert (simulation.world.calls - before) / 4 >= 1.5


def test_a_late_line_is_not_left_to_a_silence_that_only_seems_one() -> None:
    """The whole window is read once more, at full speed, before the calls become few."""
    made = lines(seconds=20, before=60)
    late = Happening(stamped=-50, visible=21.5, number=len(made))
    simulation = Simulation(World([*made, late], Faults(page_size=200), EPOCH))
    simulation.run(simulation.tail(count=0), 120)
    at = next(at for at, e in simulation.printed if int(e["eventId"]) == late.number)
    assert at - late.visible <= 30


def followers(count: int, seconds: float, what: World) -> list[Simulation]:
    """Several followers of one group, each with its own clock, in one simulated time."""
    found = [Simulation(what, start=0.1 * number) for number in range(count)]
    tails = [_tail(one, number) for number, one in enumerate(found)]
    queue = [(one.now, number) for number, one in enumerate(found)]
    while queue:
        at, number = heapq.heappop(queue)
        if at > seconds:
            continue
        _step(found[number], tails[number])
        heapq.heappush(queue, (found[number].now, number))
    return found


def _tail(simulation: Simulation, seed: int) -> Tail:
    pace = Pace(simulation.monotonic, random.Random(seed).random)
    return Tail(
        since=None,
        count=0,
        late_window=120_000,
        wanted=everything,
        retry=RetryPolicy(pace, simulation.monotonic, follow=True),
        server_clock=ServerClock(simulation.wall, simulation.monotonic),
        clock=simulation.monotonic,
    )


def _step(simulation: Simulation, tail: Tail) -> None:
    step = tail.next_step()
    if isinstance(step, Wait):
        simulation.sleep(step.seconds)
        return
    assert isinstance(step, Read)
    try:
        events = tail.receive(step, simulation.read(step.query))
    except ReadFailed as error:
        tail.failed(step, error)
        return
    simulation.emit(events)


def test_three_followers_share_the_quota_and_none_loses_a_line() -> None:
    what = World(lines(seconds=60, before=10, tasks=2, flush=5.0), Faults(), EPOCH)
    found = followers(3, 90, what)
    for one in found:
        assert one.lost(visible_until=70) == []
        assert one.doubled() == []
        assert one.quantile(0.5) <= 2.0
    assert what.throttles <= what.calls * 0.5


def test_caught_up_is_not_said_before_everything_was_read() -> None:
    """Empty pages before each range: a poll that gives up in them has read nothing."""
    made = lines(seconds=40, before=5, rate=20)
    simulation = Simulation(World(made, Faults(barren=50), EPOCH))
    simulation.run(simulation.tail(count=0), 140)
    assert simulation.lost(visible_until=100) == []
    printed = {int(e["eventId"]): at for at, e in simulation.printed}
    waits = sorted(printed[one.number] - one.visible for one in made if 5 < one.visible < 40)
    assert waits[len(waits) // 2] <= 15
    assert any("more to read" in notice for notice in simulation.notices)


def test_a_page_that_names_itself_is_left_behind() -> None:
    made = lines(seconds=30, before=20)
    simulation = Simulation(World(made, Faults(own_token=0.5, page_size=100), EPOCH))
    simulation.run(simulation.tail(count=0), 120)
    assert simulation.lost(visible_until=90) == []
    assert simulation.doubled() == []


def test_a_machine_that_slept_says_so_and_loses_nothing() -> None:
    made = lines(seconds=100, before=10, late=(0.05, 5, 60))
    simulation = Simulation(World(made, Faults(), EPOCH))
    tail = simulation.tail(count=0)
    simulation.run(tail, 20)
    asleep = 45.0
    simulation.now += asleep
    # A clock that stands still while the machine sleeps, as Linux's monotonic one does.
    simulation.monotonic_behind = asleep
    simulation.run(tail, 240)
    assert simulation.lost(visible_until=200) == []
    assert simulation.doubled() == []
    said = " ".join(simulation.notices)
    assert "nothing was read for 45 s" in said
    assert "caught up; nothing was lost" in said


class FakeReader:
    """The streams of a group, and the newest event of each."""

    def __init__(self, streams: list[dict[str, Any]], newest: dict[str, dict[str, Any]]) -> None:
        self._streams = streams
        self._newest = newest
        self.streams: list[str] | None = None
        self.asked: list[str] = []

    def streams_by_recency(self) -> list[dict[str, Any]]:
        return self._streams

    def read(self, query: Query) -> Page:
        assert self.streams is not None
        assert query.newest_first
        self.asked += self.streams
        return Page(events=[self._newest[self.streams[0]]])


@pytest.mark.parametrize(
    ("behind", "ingested_after", "told"),
    [(300.0, 5.0, True), (20.0, 5.0, False), (300.0, -500.0, False)],
    ids=["far behind", "within the window", "long dead"],
)
def test_a_stream_that_is_never_read_is_told(
    behind: float, ingested_after: float, told: bool
) -> None:
    simulation = Simulation(World(lines(seconds=20, before=5), Faults(), EPOCH))
    tail = simulation.tail(count=0)
    stream = f"ash/ash/{TASKS[3]}"
    arrived = int((EPOCH + ingested_after) * 1000)
    event = {"timestamp": arrived - int(behind * 1000), "ingestionTime": arrived}
    # What DescribeLogStreams says of the newest time stamp may be an hour old: it is not asked.
    listed = [
        {"logStreamName": stream, "lastIngestionTime": arrived, "lastEventTimestamp": 0},
        {"logStreamName": f"ash/ash/{TASKS[0]}", "lastIngestionTime": arrived},
    ]
    reader = FakeReader(listed, {stream: event})
    clock = ServerClock(simulation.wall, simulation.monotonic)
    watch = LateStreams(reader, tail, clock, simulation.monotonic, simulation.notices.append)  # type: ignore[arg-type]  # a stand-in
    watch.look()
    simulation.run(tail, 15)
    watch.look()
    watch.look()
    said = [notice for notice in simulation.notices if "--late-window" in notice]
    assert len(said) == told
    if told:
        assert "task bbbb0000 stamps its lines 6 min in the past" in said[0]
        assert "--late-window 7m prints them" in said[0]
    assert f"ash/ash/{TASKS[0]}" not in reader.asked


def test_two_of_the_same_are_still_both_seen() -> None:
    """A scan's own rules do not depend on who else reads."""
    made = [replace(one, task=one.number % 2) for one in lines(seconds=5, before=5)]
    simulation = Simulation(World(made, Faults(page_size=3), EPOCH))
    simulation.run(simulation.tail(count=0), 60)
    assert simulation.lost(visible_until=50) == []
