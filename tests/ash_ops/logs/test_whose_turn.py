"""Which range is read when, how far back it looks, and what time it is at AWS."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.scan import Scan
from ash_ops.logs.schedule import PollDepth, Range, Schedule
from tests.ash_ops.logs.simulation import EPOCH, Simulation
from tests.ash_ops.logs.test_limits_of_waiting import Time
from tests.bench.logs_world import Faults, Happening, World, lines

POLL, SWEEP, DEEP = Range


def scan(pages: int = 0) -> Scan:
    made = Scan(Query(start=0))
    for number in range(pages):
        made.receive(Page(token=str(number)), fresh=0)
    return made


def turns(schedule: Schedule, calls: int) -> list[Range]:
    """Who gets the next calls."""
    had = []
    for _ in range(calls):
        kind = schedule.next(0.0)
        assert kind is not None
        schedule.asked(kind)
        had.append(kind)
    return had


def test_a_poll_is_due_at_once_a_sweep_after_a_second_and_a_deep_one_after_two_and_a_half() -> None:
    schedule = Schedule(10.0)
    assert schedule.next(10.0) is POLL
    assert schedule.due_in(9.0) == 1.0
    schedule.begin(POLL, scan(1))
    schedule.finished(POLL, 10.0, 0.4)
    assert [schedule.next(moment) for moment in (10.39, 10.4)] == [None, POLL]
    assert schedule.due_in(10.0) == pytest.approx(0.4)
    assert schedule.poll_due_in(10.1) == pytest.approx(0.3)
    assert schedule.poll_due_in(10.4) is None
    schedule.begin(POLL, scan(1))
    schedule.finished(POLL, 11.0, 100.0)
    assert [schedule.next(moment) for moment in (10.99, 11.0)] == [None, SWEEP]
    schedule.begin(SWEEP, scan(1))
    schedule.finished(SWEEP, 11.6, 0.4)
    assert [schedule.next(moment) for moment in (12.49, 12.5)] == [None, DEEP]


@pytest.mark.parametrize(
    ("kind", "pages", "pause"),
    [(SWEEP, 1, 1.0), (SWEEP, 2, 1.0), (SWEEP, 10, 4.0), (DEEP, 12, 2.5), (DEEP, 50, 10.0), (POLL, 50, 0.7)],
)  # fmt: skip
def test_the_longer_a_sweep_takes_the_rarer_it_is_and_a_poll_has_its_interval(
    kind: Range, pages: int, pause: float
) -> None:
    schedule = Schedule(0.0)
    for other in Range:
        schedule.begin(other, scan())
        schedule.finished(other, 1e6, 0.0)
    schedule.begin(kind, scan(pages))
    schedule.finished(kind, 5.0, 0.7)
    assert schedule.due_in(5.0) == pytest.approx(pause)
    assert schedule.under_way(kind) is None


def test_where_the_whole_window_costs_no_more_than_a_poll_it_alone_is_read_as_often_as_one() -> (
    None
):
    schedule = Schedule(0.0)
    schedule.merged = True
    assert [schedule.next(moment) for moment in (0.0, 2.49, 2.5)] == [None, None, DEEP]
    assert schedule.due_in(1.0) == 1.5
    assert schedule.poll_due_in(-5.0) is None
    schedule.begin(DEEP, scan(100))
    assert schedule.under_way(DEEP) is not None
    schedule.finished(DEEP, 3.0, 0.4)
    assert schedule.due_in(3.0) == pytest.approx(0.4)


def test_a_range_that_was_begun_is_read_to_its_end_though_the_deep_one_stands_for_it_now() -> None:
    schedule = Schedule(0.0)
    schedule.begin(SWEEP, scan(1))
    schedule.merged = True
    assert schedule.next(0.0) is SWEEP


def test_of_five_pages_a_poll_has_three_and_each_sweep_one() -> None:
    schedule = Schedule(0.0)
    for kind in Range:
        schedule.begin(kind, scan())
    had = turns(schedule, 50)
    for at in range(0, 50, 5):
        five = had[at : at + 5]
        assert (five.count(POLL), five.count(SWEEP), five.count(DEEP)) == (3, 1, 1), at


def test_a_poll_that_finds_something_goes_on_at_once_and_only_a_poll() -> None:
    for kind, fresh, first in ((POLL, 1, 3), (POLL, 0, 1), (SWEEP, 5, 1)):
        schedule = Schedule(0.0)
        schedule.begin(POLL, scan())
        schedule.begin(SWEEP, scan())
        schedule.brought(kind, fresh)
        had = turns(schedule, 5)
        assert had[: first + 1] == [POLL] * first + [SWEEP], (kind, fresh)
    schedule.brought(POLL, 3)
    schedule.brought(POLL, 0)
    assert SWEEP in turns(schedule, 4)


def test_a_poll_that_rested_catches_up_on_four_pages_of_its_share_and_a_sweep_on_none() -> None:
    for kind, pages in ((POLL, 6), (DEEP, 1)):
        schedule = Schedule(100.0)  # nothing else is due yet
        schedule.begin(SWEEP, scan())
        assert turns(schedule, 10) == [SWEEP] * 10
        schedule.begin(kind, scan())
        assert turns(schedule, pages + 1) == [kind] * pages + [SWEEP], kind


def depth_after(*happened: tuple[float, str, int]) -> int:
    """How far back a poll looks after ``polled`` and ``found`` at these seconds."""
    time = Time()
    depth = PollDepth(time)
    for at, what, number in happened:
        time.now = at
        getattr(depth, what)(number)
    return depth.milliseconds


@pytest.mark.parametrize(
    ("happened", "milliseconds"),
    [
        ((), 8000),
        (((0, "found", 100), (31, "found", 0), (62, "found", 0)), 8000),
        (((0, "polled", 2),), 8000),
        (((0, "polled", 2), (30, "found", 100), (30, "found", 100)), 8000),
        (((0, "polled", 2), (31, "found", 100)), 2000),
        (((0, "polled", 2), (31, "found", 3000), (32, "found", 100)), 4500),
        (((0, "polled", 2), (31, "found", 3000), (61, "found", 100)), 4500),
        (((0, "polled", 2), (31, "found", 3000), (62, "found", 100)), 4500),
        (((0, "polled", 2), (31, "found", 3000), (62, "found", 100), (93, "found", 0)), 2000),
        (((0, "polled", 2), (31, "found", 600)), 2100),
        (((0, "polled", 2), (31, "found", 7000)), 8000),
        (((0, "polled", 2), (31, "found", 100), (32, "polled", 1)), 2000),
        (((0, "polled", 2), (31, "found", 7000), (32, "polled", 1), (63, "found", 0), (94, "found", 0)), 8000),
        (((0, "polled", 1), (31, "found", 0), (62, "found", 0)), 8000),
    ],
)  # fmt: skip
def test_a_poll_looks_eight_seconds_back_unless_that_takes_pages_and_nothing_came_so_late(
    happened: tuple[tuple[float, str, int], ...], milliseconds: int
) -> None:
    assert depth_after(*happened) == milliseconds


def at_aws(*, wall: float, date: float | None, ingested: tuple[float | None, ...]) -> list[int]:
    """What time it may be at AWS, now and at the earliest, and ten seconds later."""
    time = Time()
    clock = ServerClock(lambda: wall + time.now, time)
    events: list[Any] = [{} if at is None else {"ingestionTime": int(at * 1000)} for at in ingested]
    clock.observe(Page(events=events, server_time=None if date is None else date * 1000))
    found = [clock.now(), clock.earliest()]
    time.now = 10.0
    assert clock.now() - found[0] == 10_000
    return [at // 1000 for at in found]


@pytest.mark.parametrize(
    ("wall", "date", "ingested", "now", "earliest"),
    [
        (5000.0, None, (), 5000, 4100),
        (5000.0, None, (None,), 5000, 4100),
        (5000.0, 4990.0, (), 4990, 4990),
        (5000.0, 5010.0, (), 5000, 5000),
        (5000.0, None, (4980.0, 4985.0, None), 4985, 4985),
        (5000.0, None, (5020.0,), 5000, 5000),
        (5000.0, 9000.0, (5001.0,), 5001, 5001),
        (9000.0, 5002.0, (5001.0,), 5002, 5002),
        (5000.0, 5003.0, (1000.0,), 5000, 5000),
        (1000.0, 5003.0, (5001.0, 2000.0), 5001, 5001),
    ],
)  # fmt: skip
def test_of_three_clocks_the_middle_one_is_believed_and_of_two_the_earlier(
    wall: float, date: float | None, ingested: tuple[float | None, ...], now: int, earliest: int
) -> None:
    """Where no answer tells the time, this machine may be a quarter of an hour ahead."""
    assert at_aws(wall=wall, date=date, ingested=ingested) == [now, earliest]


def test_before_any_answer_this_machine_s_clock_is_all_there_is() -> None:
    clock = ServerClock(lambda: 5000.0, Time())
    assert clock.now() == clock.earliest() == 5_000_000


def test_the_newest_arrival_counts_however_many_older_ones_are_read_after_it() -> None:
    time = Time()
    clock = ServerClock(lambda: 9000.0, time)
    for at, arrived in ((0.0, 5000.0), (1.0, 4000.0), (2.0, 5001.0)):
        time.now = at
        clock.observe(Page(events=[{"ingestionTime": int(arrived * 1000)}]))
    assert clock.now() == 5_002_000
    clock.observe(Page(events=[{"ingestionTime": 5_003_000}]))
    assert clock.now() == 5_003_000


def run(what: World, until: float, latency: float = 0.03, **options: Any) -> tuple[Simulation, Any]:
    simulation = Simulation(what, latency=latency)
    tail = simulation.tail(**options)
    simulation.run(tail, until)
    return simulation, tail


@pytest.mark.parametrize(("behind", "late"), [(8.0, 0), (8.001, 1)])
def test_late_is_a_line_that_came_more_than_eight_seconds_behind_a_newer_one(
    behind: float, late: int
) -> None:
    happenings = [
        Happening(stamped=20.0, visible=20.1, number=0),
        Happening(stamped=20.0 - behind, visible=25.0, number=1),
    ]
    simulation, tail = run(World(happenings, Faults(), EPOCH), 60)
    assert simulation.numbers() == [0, 1]
    assert tail.late_lines == late


def test_a_long_beginning_is_not_called_being_behind() -> None:
    """Whoever asks for an hour of lines waits for them; behind is only who follows too slowly."""
    made = lines(seconds=30, before=60, rate=50)
    simulation, _ = run(
        World(made, Faults(page_size=150), EPOCH), 28, latency=0.4, since=0, count=None
    )
    assert simulation.printed[-1][0] > 15.0
    assert not [notice for notice in simulation.notices if "caught up" in notice]
    began = next(at for at, e in simulation.printed if int(e["eventId"]) >= 3000)
    assert began > 8.0
    quiet, _ = run(World(made, Faults(page_size=150), EPOCH), began + 0.5, 0.4, since=0, count=None)
    assert quiet.notices == []


def test_the_calls_of_a_silence_become_few_in_two_steps() -> None:
    """From ten seconds of silence on one a second, from twenty on one in two; lines end it."""
    what = World(lines(seconds=5, before=30), Faults(), EPOCH)
    simulation = Simulation(what)
    tail = simulation.tail(count=0)
    simulation.run(tail, 5.5)
    per_second = []
    for begin, end in ((6, 10), (17, 23), (32, 72)):
        simulation.run(tail, float(begin))
        before = what.calls
        simulation.run(tail, float(end))
        per_second.append((what.calls - before) / (end - begin))
    assert per_second[0] >= 2.0
    assert 0.8 <= per_second[1] <= 1.2
    assert 0.4 <= per_second[2] <= 0.55


def test_the_streams_that_were_read_are_those_of_what_was_there_and_of_what_came() -> None:
    happenings = [
        Happening(stamped=-9.0, visible=-8.0, task=0, number=0),
        Happening(stamped=5.0, visible=5.1, task=1, number=1),
    ]
    _, tail = run(World(happenings, Faults(), EPOCH), 30, count=0)
    assert len(tail.streams) == 2
    assert tail.newest == int((EPOCH + 5.0) * 1000)
