"""From which millisecond to which each call asks, and how long each reading waits before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.backlog import Backlog
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.dump import Dump
from ash_ops.logs.lines import LastLines
from ash_ops.logs.reading import Done, Read, Reading, Wait
from ash_ops.logs.retry import Pace, RetryPolicy
from ash_ops.logs.tail import Tail
from tests.ash_ops.logs.simulation import everything
from tests.ash_ops.logs.test_limits_of_waiting import Time

NOW = 1_000_000  # the time at AWS, in milliseconds
THROTTLED = ReadFailed("logs:FilterLogEvents", "throttled", "ThrottlingException", "slower")


def event(at: int, arrived: int | None = None, number: int = 0, stream: str = "s") -> Any:
    told = {} if arrived is None else {"ingestionTime": arrived}
    return {"timestamp": at, "eventId": f"{at}-{number}", "logStreamName": stream, "message": "m", **told}  # fmt: skip


def page(*events: Any, token: str | None = None, at: int = NOW) -> Page:
    return Page(events=list(events), token=token, server_time=at)


class Bench:
    """What every reading is made with; the pause after a failure is the longest there may be."""

    def __init__(self, *, follow: bool = True) -> None:
        self.time = Time()
        self.pace = Pace(self.time, lambda: 1.0)
        self.retry = RetryPolicy(self.pace, self.time, follow=follow)
        self.server = ServerClock(lambda: NOW / 1000 + self.time.now, self.time)

    def made(self, kind: type[Any], *given: Any, **options: Any) -> Any:
        return kind(*given, **options, wanted=everything, retry=self.retry, clock=self.time)

    def backlog(self, **options: Any) -> Backlog:
        given = {"since": None, "count": None, "depth": 60_000, **options}
        made: Backlog = self.made(Backlog, **given, server_clock=self.server)
        return made

    def tail(self) -> Tail:
        made: Tail = self.made(Tail, since=None, count=0, late_window=60_000, server_clock=self.server)  # fmt: skip
        return made

    def live(self, lines_there: int = 301) -> Tail:
        tail = self.tail()
        asked(tail, page(*(event(NOW, number=n) for n in range(lines_there))))
        return tail

    def following(self) -> Tail:
        """One of a quiet group, the whole window of which is due."""
        tail = self.live(lines_there=1)
        assert tail.next_step() == Wait(2.5)
        self.time.now += 2.5
        return tail

    def last_lines(self) -> LastLines:
        made: LastLines = self.made(LastLines, Query(start=0), 5, NOW)
        return made

    def dump(self) -> Dump[Any]:
        made: Dump[Any] = self.made(Dump, Query(start=0), printed=list)
        return made


def asked(reading: Reading[Any], page: Page | None = None) -> Query:
    """The call that a reading makes now, which is answered if a page is given."""
    step = reading.next_step()
    assert isinstance(step, Read), step
    if page is not None:
        reading.receive(step, page)
    return step.query


READINGS: list[Callable[[Bench], Any]] = [
    Bench.backlog,
    Bench.last_lines,
    Bench.dump,
    Bench.following,
]


@pytest.mark.parametrize("make", READINGS, ids=lambda make: make.__name__)
def test_a_reading_that_was_refused_waits_as_long_as_the_pace_says_and_then_asks_the_same(
    make: Callable[[Bench], Any],
) -> None:
    bench = Bench()
    reading = make(bench)
    step = reading.next_step()
    for pause in (0.15, 0.3, 0.6):
        reading.failed(step, THROTTLED)
        waits = reading.next_step()
        assert isinstance(waits, Wait)
        assert waits.seconds == pytest.approx(pause)
        bench.time.now += pause - 0.01
        assert isinstance(reading.next_step(), Wait)
        bench.time.now += 0.011
        begun, step = step, reading.next_step()
        assert step == begun


@pytest.mark.parametrize("make", READINGS, ids=lambda make: make.__name__)
def test_between_two_pages_is_half_the_interval_once_aws_throttles_and_nothing_before(
    make: Callable[[Bench], Any],
) -> None:
    for interval, gap in ((0.4, 0.0), (2.0, 0.7)):  # an answer makes the interval shorter
        bench = Bench()
        reading = make(bench)
        step = reading.next_step()
        bench.pace.interval = interval
        reading.receive(step, page(event(NOW - 7), event(NOW - 9), token="more"))
        waits = reading.next_step()
        least = (
            0.21 if make is Bench.following else 0.0
        )  # a fifth of the quota's second, and a little
        seconds = waits.seconds if isinstance(waits, Wait) else 0.0
        assert seconds == pytest.approx(max(gap, least))
        if isinstance(waits, Wait):
            bench.time.now += seconds + 0.001
            assert isinstance(reading.next_step(), Read)


def test_a_tail_begins_five_seconds_before_the_late_window_as_clocks_may_disagree() -> None:
    assert asked(Bench().tail()) == Query(start=NOW - 60_000 - 5_000)


def test_a_poll_a_sweep_and_a_deep_sweep_ask_for_ranges_that_overlap_by_a_second() -> None:
    """From 8 s, from 35 s and from the beginning of the late window on, each up to the next."""
    bench = Bench()
    tail = bench.live(lines_there=301)
    begun = []
    for moment in (0.0, 1.0, 2.5):  # each as soon as it is due
        bench.time.now = moment
        begun.append(asked(tail, page()))
    low = NOW - 65_000
    assert begun == [
        Query(start=NOW - 8_000),
        Query(start=NOW - 35_000, end=NOW - 7_000),
        Query(start=low, end=NOW - 34_000),
    ]


@pytest.mark.parametrize(("more", "whole"), [(0, True), (1, False)])
def test_a_window_of_three_hundred_lines_is_read_whole_and_of_one_more_in_parts(
    more: int, *, whole: bool
) -> None:
    bench = Bench()
    tail = bench.live(lines_there=300)
    assert tail.next_step() == Wait(2.5)
    bench.time.now = 2.5
    news = [event(NOW, number=1_000 + n) for n in range(more)]
    assert asked(tail, page(*news)) == Query(start=NOW - 65_000)
    bench.time.now = 2.9
    # What can still arrive began two and a half seconds later.
    assert asked(tail) == Query(start=NOW - (62_500 if whole else 8_000))


@pytest.mark.parametrize(("behind", "again"), [(1_000, False), (1_001, True)])
def test_a_machine_more_than_a_second_ahead_of_aws_makes_the_first_range_begin_anew(
    behind: int, *, again: bool
) -> None:
    backlog = Bench().backlog()
    first = page(event(NOW - 30_000), token="more", at=NOW - behind)
    assert asked(backlog, first) == Query(start=NOW - 60_000)
    expected = Query(start=NOW - behind - 60_000) if again else Query(start=NOW - 60_000, token="more")  # fmt: skip
    assert asked(backlog) == expected
    assert backlog.newest == (None if again else NOW - 30_000)


@pytest.mark.parametrize(
    ("at", "arrived", "printed"),
    [
        (NOW - 20_000, None, True), (NOW - 20_001, None, False), (NOW - 20_001, NOW - 5_000, True), (NOW - 20_001, NOW - 5_001, False),
    ],
)  # fmt: skip
def test_what_arrived_within_five_seconds_of_the_start_is_new_however_old_its_stamp(
    at: int, arrived: int | None, *, printed: bool
) -> None:
    for count in (None, 3):
        backlog = Bench().backlog(since=NOW - 20_000, count=count)
        step = backlog.next_step()
        assert isinstance(step, Read)
        told = backlog.receive(step, page(event(at, arrived)))
        assert bool(told) is printed, count


def test_of_more_lines_than_asked_for_the_last_are_printed_and_those_that_have_just_arrived() -> (
    None
):
    backlog = Bench().backlog(count=2)
    step = backlog.next_step()
    assert isinstance(step, Read)
    there = [
        event(NOW - 9_000 + n, arrived)
        for n, arrived in enumerate((NOW - 5_001, NOW - 5_000, None, NOW - 8_000, None))
    ]
    told = backlog.receive(step, page(*there))
    assert [one["timestamp"] - NOW for one in told] == [-8_999, -8_997, -8_996]


def test_lines_from_before_the_late_window_are_looked_for_up_to_its_first_millisecond() -> None:
    for since, start in ((None, 0), (NOW - 60_001, NOW - 60_001)):
        backlog = Bench().backlog(since=since, count=2)
        asked(backlog, page(event(NOW - 1)))
        found = asked(backlog)
        assert (found.start, found.end) == (start, NOW - 60_001)
        assert (found.newest_first, found.limit) == (True, 1)
    backlog = Bench().backlog(since=NOW - 60_000, count=2)
    asked(backlog, page(event(NOW - 1)))
    assert isinstance(backlog.next_step(), Done)


def cut_dump(*, until: int = 100_000, seconds: float = 0.4, streams: str = "aba") -> tuple[Bench, Dump[Any]]:  # fmt: skip
    """A dump whose first page took its time: three lines of a second, of these streams."""
    bench = Bench(follow=False)
    bench.time.now = 10.0
    dump = bench.made(Dump, Query(start=0), printed=list, now=until, side_by_side=2)
    step = dump.next_step()
    bench.time.now += seconds
    first = [event(500 * n, stream=stream) for n, stream in enumerate(streams)]
    dump.receive(step, page(*first, token="more"))
    return bench, dump


def test_windows_are_as_long_as_their_pages_and_an_empty_one_makes_the_next_four_times_as_long() -> None:  # fmt: skip
    """Three pages a window, less a tenth of one: a call for a part of a page takes a whole call."""
    bench, dump = cut_dump()
    second, third = dump.next_step(), dump.next_step()
    assert second.query == Query(start=1_000, end=3_900, window=1)
    assert third.query == Query(start=3_900, end=6_800, window=2)
    assert isinstance(dump.next_step(), Wait)
    bench.time.now += 0.4
    dump.receive(second, page(*(event(1_000 + n) for n in range(6))))
    fourth = dump.next_step()
    assert fourth.query == Query(start=6_800, end=6_800 + 8_412, window=3)
    dump.receive(third, page())
    assert dump.next_step().query == Query(start=15_212, end=15_212 + 4 * 2_901, window=4)


@pytest.mark.parametrize(
    ("until", "end"), [(2_999, "not cut"), (3_000, None), (4_399, None), (4_400, 3_900)]
)
def test_what_is_left_is_read_as_one_window_if_it_is_few_pages(until: int, end: Any) -> None:
    _, dump = cut_dump(until=until)
    expected = Query(start=0, token="more") if end == "not cut" else Query(start=1_000, end=end, window=1)  # fmt: skip
    assert asked(dump) == expected


def test_where_streams_may_come_one_after_the_other_the_first_window_is_read_again_to_its_end() -> None:  # fmt: skip
    _, dump = cut_dump(streams="aaa")
    assert [asked(dump), asked(dump)] == [Query(start=0, end=1_000), Query(start=1_000, end=3_900, window=1)]  # fmt: skip
    _, quick = cut_dump(seconds=0.29)
    assert asked(quick) == Query(start=0, token="more")


def test_going_backwards_goes_on_from_the_oldest_line_when_the_page_s_token_has_expired() -> None:
    for moments, end in (((NOW - 7, NOW - 9), NOW - 9), ((NOW - 7,), None)):
        bench = Bench()
        last = bench.last_lines()
        asked(last, page(*map(event, moments), token="more"))
        step = last.next_step()
        assert isinstance(step, Read)
        assert step.query.token == "more"
        last.failed(step, ReadFailed("logs:FilterLogEvents", "failed", "InvalidParameter", "token"))
        if isinstance(waits := last.next_step(), Wait):
            bench.time.now += waits.seconds + 0.001
        again = asked(last)
        assert (again.token, again.end, again.newest_first) == (None, end, True)


def test_lines_of_one_millisecond_are_read_once_more_from_the_oldest_to_know_their_order() -> None:
    last = Bench().last_lines()
    one, two = (event(NOW - 5, number=n) for n in (1, 2))
    asked(last, page(two, one))
    step = last.next_step()
    assert isinstance(step, Read)
    assert step.query == Query(start=NOW - 5)
    assert last.receive(step, page(one, two)) == [one, two]
    assert isinstance(last.next_step(), Done)
    alone = Bench().last_lines()
    step = alone.next_step()
    assert isinstance(step, Read)
    assert alone.receive(step, page(one)) == [one]
    assert isinstance(alone.next_step(), Done)
