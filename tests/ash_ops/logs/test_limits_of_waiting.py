"""How long a reading goes on in vain, when the end of a service counts, and what a loop of tokens is."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.services import Service
from ash_ops.logs.command import LogsCommand, say_why_nothing
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.request import Request
from ash_ops.logs.retry import Pace, RetryPolicy
from ash_ops.logs.scan import Scan
from ash_ops.logs.tasks import TaskWatch
from ash_ops.settings import Options, load


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def policy(time: Time, **options: Any) -> RetryPolicy:
    return RetryPolicy(Pace(time, random.Random(7).random), time, **options)


def failure(kind: str) -> ReadFailed:
    return ReadFailed("logs:FilterLogEvents", kind, "X", "x")


@pytest.mark.parametrize(
    ("kind", "answered_before", "seconds"),
    [
        ("unreachable", False, 6.0),
        ("timeout", False, 6.0),
        ("unreachable", True, 30.0),
        ("timeout", True, 30.0),
        ("unavailable", False, 30.0),
        ("throttled", False, 300.0),
        ("throttled", True, 300.0),
    ],
)
def test_a_dump_gives_up_after_so_long_without_an_answer(
    kind: str, answered_before: bool, seconds: float
) -> None:
    time = Time()
    retry = policy(time)
    if answered_before:
        retry.succeeded()
    for moment in (100.0, 100.0 + seconds):
        time.now = moment
        assert retry.failed(failure(kind)) >= 0
    time.now += 0.1
    with pytest.raises(ReadFailed):
        retry.failed(failure(kind))


def test_an_answer_begins_the_wait_anew() -> None:
    time = Time()
    retry = policy(time)
    for moment in range(0, 200, 25):
        time.now = float(moment)
        retry.failed(failure("unavailable"))
        time.now += 1
        retry.succeeded()


@pytest.mark.parametrize("kind", ["unreachable", "timeout", "unavailable", "throttled"])
def test_following_waits_for_ever_for_what_may_pass(kind: str) -> None:
    time = Time()
    retry = policy(time, follow=True)
    for moment in (0.0, 10.0, 1_000.0, 100_000.0):
        time.now = moment
        assert retry.failed(failure(kind)) >= 0


@pytest.mark.parametrize("kind", ["denied", "refused", "missing", "failed"])
def test_what_cannot_pass_ends_all_but_a_tail_that_was_answered_once(kind: str) -> None:
    for options in ({}, {"follow": True}):
        with pytest.raises(ReadFailed):
            policy(Time(), **options).failed(failure(kind))
    dump, tail = policy(Time()), policy(Time(), follow=True)
    dump.succeeded()
    tail.succeeded()
    with pytest.raises(ReadFailed):
        dump.failed(failure(kind))
    assert tail.failed(failure(kind)) >= 0


def test_a_group_that_is_to_come_is_waited_for() -> None:
    time = Time()
    retry = policy(time, follow=True, wait_for_group=True)
    for moment in (0.0, 1_000.0):
        time.now = moment
        assert retry.failed(failure("missing")) >= 0
    with pytest.raises(ReadFailed):
        retry.failed(failure("denied"))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (10, "\x1b[2mTRACE\x1b[0m"),
        (20, "\x1b[2mDEBUG\x1b[0m"),
        (30, "INFO "),
        (40, "\x1b[33mWARN \x1b[0m"),
        (50, "\x1b[31mERROR\x1b[0m"),
        (60, "\x1b[1;31mFATAL\x1b[0m"),
    ],
)
def test_a_level_has_the_colour_of_its_weight(number: int, shown: str) -> None:
    """SGR of ECMA-48: 2 faint, 31 red, 33 yellow, 1 bold; pino's numbers of its levels."""
    event: Any = {
        "eventId": "1",
        "timestamp": 1_790_000_000_123,
        "ingestionTime": 1_790_000_000_200,
        "logStreamName": "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
        "message": f'{{"level":{number},"msg":"words"}}',
    }
    page = Renderer(Look(colour=True)).page([event])
    assert page.endswith(f"8f2c1a0b\x1b[0m {shown} words\n")


class Ecs:
    """ECS, as a tail asks it: what it says of the service, then fails."""

    def __init__(self, *told: Service | ReadFailed) -> None:
        self._told = list(told)

    def tasks(self) -> list[Any]:
        return []

    def read_service(self) -> Service:
        found = self._told.pop(0)
        if isinstance(found, ReadFailed):
            raise found
        return found


def test_a_service_that_is_gone_ends_a_tail_fifteen_seconds_after_its_last_line() -> None:
    time = Time()
    said: list[str] = []
    gone = Service(status="INACTIVE")
    there: Any = Ecs(Service(status="ACTIVE", running_count=1), gone, gone, failure("denied"))
    watch = TaskWatch(lambda: there, said.append, time)
    watch.look(there)
    time.now = 100.0
    assert not watch.ended()
    watch.look(there)
    time.now = 110.0
    watch.heard()
    watch.look(there)
    for moment, ended in ((115.1, False), (125.0, False), (125.1, True)):
        time.now = moment
        assert watch.ended() is ended, moment
    watch.look(there)
    assert watch.ended()  # a look that fails takes nothing back
    assert len(said) == 1


def page(token: str | None, *moments: int) -> Page:
    events: Any = [
        {"eventId": str(at), "timestamp": at, "logStreamName": "s", "message": "m"}
        for at in moments
    ]
    return Page(events=events, token=token)


def test_a_token_that_comes_again_is_a_loop_unless_something_new_came_since() -> None:
    """CloudWatch may name the token of a page that was read: going on from there would never end."""
    scan = Scan(Query(start=0))
    for token, moments in (("a", ()), ("b", ()), ("c", (5,)), ("a", ()), ("b", ())):
        scan.receive(page(token, *moments), fresh=len(moments))
        assert not scan.done
        assert scan.query.token == token
    scan.receive(page("a"), fresh=0)
    assert scan.done


@pytest.mark.parametrize(
    ("lines", "since", "wanted"), [(None, None, 100), (None, 5, None), (7, None, 7), (7, 5, 7), (0, None, 0)]
)  # fmt: skip
def test_a_tail_begins_with_a_hundred_lines_unless_it_is_told_where_to(
    monkeypatch: pytest.MonkeyPatch, lines: int | None, since: int | None, wanted: int | None
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake")
    command = LogsCommand(
        load(Options(env_file=None), {"AWS_REGION": "us-east-1"}),
        Request(lines=lines, since=since),
        None,  # type: ignore[arg-type]  # nothing is printed
        lambda _: None,
    )
    assert command._lines() == wanted


class Streams:
    group = "/ash-cloud/runtime"

    def __init__(self, *found: Any) -> None:
        self._found = found

    def streams_by_recency(self, *, limit: int) -> list[Any]:
        assert limit == 1
        if self._found and isinstance(self._found[0], ReadFailed):
            raise self._found[0]
        return list(self._found)


AT = {"lastEventTimestamp": 1_790_000_000_123}


@pytest.mark.parametrize(
    ("stream", "selective", "said"),
    [
        (AT, True, "Nothing in /ash-cloud/runtime matches what was asked for; its newest event is of 2026-09-21T14:13:20.123Z."),
        (AT, False, "Nothing in /ash-cloud/runtime is left: its events have expired; its newest event is of 2026-09-21T14:13:20.123Z."),
        ({}, True, "Nothing in /ash-cloud/runtime matches what was asked for."),
    ],
)  # fmt: skip
def test_an_empty_answer_says_what_it_is_for_want_of(
    stream: Any, selective: bool, said: str
) -> None:
    heard: list[str] = []
    reader: Any = Streams(stream)
    say_why_nothing(reader, heard.append, selective)
    assert heard == [said]


def test_a_group_that_nobody_wrote_to_is_an_error_and_one_that_nobody_may_list_unknown() -> None:
    heard: list[str] = []
    empty: Any = Streams()
    with pytest.raises(OpsError, match="The log group /ash-cloud/runtime is empty") as failed:
        say_why_nothing(empty, heard.append, False)
    assert "`ash-ops doctor`" in failed.value.next_step
    assert heard == []
    denied: Any = Streams(failure("denied"))
    say_why_nothing(denied, heard.append, False)
    (line,) = heard
    assert line.startswith(
        "Nothing to print from /ash-cloud/runtime; whether it is empty is unknown"
    )
