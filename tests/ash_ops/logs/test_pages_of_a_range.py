"""One range of time, page by page: which ids are kept, when it ends, where it starts over, which windows it has."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.tasks import Task
from ash_ops.logs import command as command_module
from ash_ops.logs import scan as scan_module
from ash_ops.logs.command import LogsCommand, missing_group, say_why_nothing
from ash_ops.logs.dump import Dump
from ash_ops.logs.lines import LastLines
from ash_ops.logs.reading import Read
from ash_ops.logs.render import Look
from ash_ops.logs.request import Request
from ash_ops.logs.scan import Scan, SeenIds, fingerprint, in_time_order
from ash_ops.names import Deployment
from ash_ops.settings import Options, load
from tests.ash_ops.logs.simulation import EPOCH, Simulation, everything
from tests.ash_ops.logs.test_limits_of_waiting import failure
from tests.bench.logs_world import TASKS, Faults, Happening, World, lines

BUCKET = 1 << 13  # milliseconds of event time whose ids are forgotten together


def event(at: int, number: int | None = None, stream: str = "s", **other: Any) -> Any:
    made = {"timestamp": at, "logStreamName": stream, "message": "m", **other}
    return made if number is None else {**made, "eventId": f"{number:056d}"}


def page(token: str | None, *events: Any) -> Page:
    return Page(events=list(events), token=token)


def test_an_event_is_known_by_its_id_and_stream_and_without_an_id_by_what_it_says() -> None:
    one = event(5, 1)
    for other in (event(5, 2), event(5, 1, "t"), event(5)):
        assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(event(5, 1, message="another"))
    bare = event(5)
    for other in (event(6), event(5, message="x"), event(5, ingestionTime=7), event(5, stream="t")):
        assert fingerprint(bare) != fingerprint(other)
    seen = SeenIds()
    assert seen.fresh([one, one, bare, bare, event(6)]) == [one, bare, event(6)]
    assert len(seen) == 3
    assert seen.fresh([one, event(5), event(7)]) == [event(7)]


def test_ids_are_forgotten_with_their_time_and_what_is_older_than_the_floor_is_not_fresh() -> None:
    seen = SeenIds(floor=100)
    events = [event(at, at) for at in (99, 100, BUCKET - 1, BUCKET, 2 * BUCKET)]
    assert seen.fresh(events) == events[1:]
    seen.forget_before(BUCKET + 5)
    assert (seen.floor, len(seen)) == (BUCKET + 5, 2)
    assert seen.fresh([event(BUCKET + 4, 7), event(BUCKET + 5, 8)]) == [event(BUCKET + 5, 8)]
    seen.forget_before(50)
    assert seen.floor == BUCKET + 5
    assert seen.fresh(events) == []
    seen.forget_before(2 * BUCKET)
    assert len(seen) == 1


def test_ids_that_were_packed_are_still_known_and_others_can_be_added() -> None:
    seen = SeenIds()
    events = [event(at, at) for at in (1, 2, BUCKET, 2 * BUCKET)]
    seen.fresh(events)
    seen.pack(2 * BUCKET)
    kinds = [type(bucket).__name__ for _, bucket in sorted(seen._buckets.items())]
    assert kinds == ["array", "array", "set"]
    assert seen.fresh([*events, event(3, 3)]) == [event(3, 3)]
    assert len(seen) == 5


def test_more_ids_than_have_room_are_dropped_up_to_where_the_range_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan_module, "_MOST_IDS", 3)
    seen = SeenIds()
    seen.fresh([event(at, at) for at in (1, BUCKET, 2 * BUCKET)])
    assert not seen.trim(3 * BUCKET)
    seen.fresh([event(2, 2)])
    assert seen.trim(BUCKET)
    assert (len(seen), seen.floor) == (2, 0)
    assert seen.fresh([event(1, 1)]) == [event(1, 1)]  # it comes after all, and was not forgotten


def test_a_range_goes_on_with_the_token_of_each_page_until_there_is_none() -> None:
    scan = Scan(Query(start=7, end=99))
    assert (scan.query, scan.uses_token, scan.reached) == (Query(start=7, end=99), False, 7)
    scan.receive(page("a", event(10, 1), event(12, 2)), 2)
    assert (scan.query.token, scan.uses_token, scan.done) == ("a", True, False)
    assert (scan.pages, scan.events, scan.reached, scan.in_order) == (1, 2, 12, True)
    scan.receive(page(None, event(12, 3)), 1)
    assert (scan.done, scan.gave_up, scan.events, scan.reached) == (True, False, 3, 12)


def test_empty_pages_end_a_range_when_there_are_more_on_end_than_it_bears() -> None:
    scan = Scan(Query(start=0), most_empty=2)
    for number, pages in enumerate(([], [], [event(1, 1)], [], [])):
        scan.receive(page(str(number), *pages), len(pages))
        assert not scan.done
    assert (scan.barren, scan.most_barren) == (2, 2)
    scan.receive(page("z"), 0)
    assert (scan.done, scan.gave_up, scan.barren, scan.most_barren) == (True, True, 3, 2)
    ended = Scan(Query(start=0), most_empty=0)
    ended.receive(page(None), 0)
    assert (ended.done, ended.gave_up) == (True, False)


@pytest.mark.parametrize(
    ("events", "in_order", "reached", "interleaved"),
    [
        ([(5, "s"), (5, "s"), (6, "s")], True, 6, False), ([(5, "s"), (4, "s")], False, 0, False), ([(5, "s"), (6, "t"), (7, "s")], True, 7, True),
        ([(5, "s"), (6, "t"), (7, "t")], True, 7, False), ([(5, "s"), (6, "t"), (7, "u"), (8, "t")], True, 8, True), ([(5, None), (6, "t")], True, 6, False),
    ],
)  # fmt: skip
def test_a_service_goes_through_time_if_a_stream_comes_again_that_was_left(
    events: list[tuple[int, str]], in_order: bool, reached: int, interleaved: bool
) -> None:
    for cut in range(len(events)):
        scan = Scan(Query(start=0))
        for part in (events[:cut], events[cut:]):
            made = [event(at, n, stream) for n, (at, stream) in enumerate(part)]
            scan.receive(page("t", *made), len(made))
        assert (scan.in_order, scan.is_interleaved) == (in_order, interleaved), cut
        assert scan.reached == reached or not in_order


@pytest.mark.parametrize(
    ("interleaved", "settled", "expirations", "start"),
    [(False, False, 3, 0), (False, False, 4, 9), (True, False, 1, 9), (False, True, 1, 9)],
)
def test_after_an_expired_token_a_range_begins_again_or_where_it_is_known_to_have_got_to(
    interleaved: bool, settled: bool, expirations: int, start: int
) -> None:
    scan = Scan(Query(start=0), is_interleaved=interleaved)
    scan.settled = settled
    scan.receive(page("a", event(5, 1), event(9, 2)), 2)
    for _ in range(expirations):
        scan.start_over()
    assert scan.query == Query(start=start)
    unordered = Scan(Query(start=0), is_interleaved=interleaved)
    unordered.settled = settled
    unordered.receive(page("a", event(9, 1), event(5, 2)), 2)
    for _ in range(expirations):
        unordered.start_over()
    assert unordered.query == Query(start=0)


def test_ids_in_fifty_six_digits_count_upwards_and_others_tell_no_order() -> None:
    late, early = event(1, 2, ingestionTime=5), event(1, 1, ingestionTime=5)
    assert in_time_order([event(2, 0), late, early]) == [early, late, event(2, 0)]
    odd = [event(2, 0), event(1, eventId="b"), event(1, eventId="a"), event(1, eventId="1" * 55)]
    assert in_time_order(odd) == [*odd[1:], odd[0]]
    assert in_time_order([late, early]) == [
        late,
        early,
    ]  # as the service gave them: in order of time


def last_queries(
    *ages: float, count: int, since: float | None = None, until: float = 0.0, knows: bool = False
) -> list[tuple[float, float | None]]:
    """Which times are asked for (hours before now) where lines are so many hours old."""
    made = [
        Happening(stamped=-age * 3600, visible=-age * 3600, number=n)
        for n, age in enumerate(sorted(ages, reverse=True))
    ]
    simulation = Simulation(World(made, Faults(quota=0, knows_newest_first=knows), EPOCH))
    now = int(EPOCH * 1000)
    query = Query(
        start=0 if since is None else now - int(since * 3_600_000),
        end=None if until == 0.0 else now - int(until * 3_600_000),
    )
    reading = LastLines(
        query, count, now, wanted=everything, retry=simulation.retry(follow=False), clock=simulation.monotonic
    )  # fmt: skip
    simulation.run(reading)
    told = [event["timestamp"] for _, event in simulation.printed]
    assert told == sorted(told)
    expected = [age for age in ages if (since is None or age <= since) and age >= until]
    assert len(told) == min(count, len(expected))
    return [
        ((now - one.start) / 3_600_000, None if one.end is None else (now - one.end) / 3_600_000)
        for one in simulation.queries[1:]
    ]


ALL = EPOCH / 3600


def test_where_only_oldest_first_is_spoken_windows_reach_further_and_further_back() -> None:
    """Ten minutes, two hours, a day, a week, all; each no further than it must."""
    recent, hour, day = [0.01 * n for n in range(1, 9)], 1.5, 20.0
    assert last_queries(*recent, count=3) == [(1 / 6, None)]
    assert last_queries(*recent, hour, count=9) == [(1 / 6, None), (2.0, 1 / 6)]
    assert last_queries(*recent, hour, day, count=10)[2:] == [(24.0, 2.0)]
    assert last_queries(*recent, hour, day, 100.0, count=11)[3:] == [(168.0, 24.0)]
    assert last_queries(*recent, hour, day, 1000.0, count=11)[3:] == [(168.0, 24.0), (ALL, 168.0)]
    assert last_queries(*recent, hour, count=99)[1:] == [(2.0, 1 / 6), (24.0, 2.0), (168.0, 24.0), (ALL, 168.0)]  # fmt: skip


def test_windows_end_where_what_was_asked_for_begins_and_begin_where_it_ends() -> None:
    assert last_queries(0.01, 0.02, 1.5, 2.5, count=99, since=2.0) == [(1 / 6, None), (2.0, 1 / 6)]
    assert last_queries(0.01, 0.02, 5.0, 6.0, count=1, until=4.0)[0][1] == 4.0


def test_where_newest_first_is_spoken_the_last_lines_take_one_call_of_their_size() -> None:
    for count, limit in ((7, 7), (10_000, 10_000), (20_000, 10_000)):
        made = lines(seconds=0, before=10, lag=(0.0, 0.0))
        simulation = Simulation(World(made, Faults(), EPOCH), start=1.0)
        simulation.run(
            LastLines(
                Query(start=0), count, int(EPOCH * 1000), wanted=everything,
                retry=simulation.retry(follow=False), clock=simulation.monotonic,
            )
        )  # fmt: skip
        assert len(simulation.printed) == min(count, len(made))
        assert [(q.limit, q.newest_first) for q in simulation.queries] == [(limit, True)]


def test_a_service_that_refuses_to_go_backwards_is_read_forwards_and_other_failures_are_told() -> (
    None
):
    simulation = Simulation(World(lines(seconds=0, before=1, lag=(0.0, 0.0)), Faults(), EPOCH))

    def reading() -> LastLines:
        return LastLines(
            Query(start=0), 5, int(EPOCH * 1000), wanted=everything,
            retry=simulation.retry(follow=False), clock=simulation.monotonic,
        )  # fmt: skip

    last = reading()
    first = last.next_step()
    assert isinstance(first, Read)
    last.failed(first, failure("failed"))
    forwards = last.next_step()
    assert isinstance(forwards, Read)
    assert not forwards.query.newest_first
    assert forwards.query.start == int(EPOCH * 1000) - 600_000
    for kind in ("denied", "missing"):
        last = reading()
        first = last.next_step()
        assert isinstance(first, Read)
        with pytest.raises(ReadFailed):
            last.failed(first, failure(kind))


def test_a_page_that_takes_its_time_makes_two_windows_and_a_fast_one_none() -> None:
    """As many windows as the quota has room for, each with the parameters of its own."""
    made = [Happening(stamped=-3600 + n / 2, visible=-1.0, number=n) for n in range(7000)]
    for latency, windows in ((0.05, 1), (0.4, 4)):
        simulation = Simulation(World(made, Faults(page_size=500), EPOCH), start=1.0, latency=latency)  # fmt: skip
        reading = Dump(
            Query(start=0), wanted=everything, printed=list, retry=simulation.retry(follow=False),
            clock=simulation.monotonic, now=int(EPOCH * 1000), side_by_side=2,
        )  # fmt: skip
        simulation.run(reading, side_by_side=2)
        assert simulation.numbers() == list(range(7000))
        begun = {query.window for query in simulation.queries}
        assert len(begun) == 1 if windows == 1 else len(begun) >= windows
        assert len(simulation.queries) <= 25


class Reader:
    """A log group as a command sees it."""

    group = "/ash-cloud/runtime"

    def __init__(self, *streams: Any) -> None:
        self._streams = streams

    def streams_by_recency(self, *, limit: int | None = None) -> list[Any]:
        if self._streams and isinstance(self._streams[0], ReadFailed):
            raise self._streams[0]
        return [{"logStreamName": name} for name in self._streams][:limit]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake")
    said: list[str] = []

    def made(**asked: Any) -> Any:
        settings = load(Options(env_file=None), {"AWS_REGION": "eu-central-1"})
        found: Any = LogsCommand(settings, Request(**asked), None, said.append)  # type: ignore[arg-type]  # nothing is printed
        found.said = said
        return found

    return made


@pytest.mark.parametrize(
    ("asked", "selective"),
    [
        ({}, False), ({"lines": 5}, False), ({"follow": True}, False), ({"since": 0}, True), ({"until": 0}, True), ({"pattern": "x"}, True), ({"grep": "x"}, True), ({"task": "x"}, True),
        ({"previous": True}, True), ({"level": "warn"}, True),
    ],
)  # fmt: skip
def test_what_was_asked_for_decides_why_nothing_was_found(
    make: Any, asked: dict[str, Any], selective: bool
) -> None:
    assert make(**asked)._selective() is selective


def test_of_a_task_only_its_streams_are_read_if_they_can_be_found(make: Any) -> None:
    found = make()
    found._reader = Reader(f"ash/ash/{TASKS[0]}", f"ash/init/{TASKS[0]}", f"ash/ash/{TASKS[1]}")
    assert found._streams_of(None) is None
    assert found._streams_of(TASKS[0]) == [f"ash/ash/{TASKS[0]}", f"ash/init/{TASKS[0]}"]
    assert found._streams_of("ffff") is None
    found._reader = Reader(failure("denied"))
    assert found._streams_of(TASKS[0]) is None


@pytest.mark.parametrize(
    ("asked", "told", "outcome"),
    [
        ({}, "/elsewhere", False), ({"follow": True}, "/elsewhere", False), ({"follow": True}, "/ash-cloud/runtime", True), ({}, "/ash-cloud/runtime", "the service's task definition names it, but nobody has made it in eu-central-1"),
        ({}, None, "there is none of that name in eu-central-1, and ECS shows no service that logs elsewhere"), ({"group": "/by/hand"}, "/elsewhere", "there is none of that name in eu-central-1"),
        ({}, OpsError("no", "no", "no"), "there is none of that name in eu-central-1"), ({"follow": True}, None, "there is none of that name"),
    ],
)  # fmt: skip
def test_a_group_that_is_missing_is_looked_for_where_the_service_logs_or_waited_for(
    make: Any, asked: dict[str, Any], told: Any, outcome: Any
) -> None:
    found = make(**asked)
    error = failure("missing")

    class Ecs:
        def log_group(self) -> Any:
            if isinstance(told, OpsError):
                raise told
            return told

    found._task_reader = Ecs
    if isinstance(outcome, str):
        with pytest.raises(OpsError) as caught:
            found._find_group(error)
        assert outcome in caught.value.why
        assert caught.value.__cause__ is error
        return
    assert found._find_group(error) is outcome
    assert found._reader.group == told
    said = (
        "the service logs to /elsewhere: reading that"
        if told == "/elsewhere"
        else "the log group /ash-cloud/runtime does not exist yet: waiting for it"
    )
    assert found.said == [said]


def test_a_missing_group_says_what_to_do_about_it() -> None:
    told = missing_group("/g", "eu-central-1", None)
    assert told.next_step == "Check --name and --region, or deploy first with `ash-ops deploy`."
    told = missing_group("/g", "eu-central-1", "/g")
    assert (told.what, told.next_step) == ("The log group /g does not exist", "Run `ash-ops doctor`: a task whose log group is missing cannot start.")  # fmt: skip
    with pytest.raises(OpsError) as caught:
        say_why_nothing(Reader(), print, False)  # type: ignore[arg-type]  # as much of one as is asked
    assert caught.value.why == "no task has ever written to it"


def test_raw_lines_are_announced_and_hidden_health_checks_are_told(make: Any) -> None:
    found = make(look=Look(raw=True))
    assert (found._reader.raw, make()._reader.raw, len(found.said)) == (True, False, 1)
    assert found.said[0].startswith("--raw: lines as they came. Secrets in them are shown")
    found._health_hidden()
    assert found.said[1] == "lines of health checks that went well are hidden (--health shows them)"
    assert make(task="abc")._task() == "abc"
    assert make()._task() is None


def test_the_archive_is_asked_for_deaths_of_this_deployment_s_own_tasks(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    died = Task(task_arn="arn:aws:ecs:us-east-1:1:task/ash-cloud/abc", last_status="STOPPED")

    def last_death(archive: Any, names: set[str], now: int) -> Task:
        asked.append((archive.group, names))
        return died

    monkeypatch.setattr(command_module, "last_death", last_death)
    assert make()._archived() is died
    names = Deployment()
    assert asked == [(names.event_log_group, {names.cluster, names.service})]
