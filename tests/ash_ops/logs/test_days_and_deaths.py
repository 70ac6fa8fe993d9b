"""Days told once, words set off, the newest death of an archive, and pages that lead nowhere."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.aws.logs import Page, Query
from ash_ops.errors import Inconclusive, OpsError, ReadFailed
from ash_ops.facts.tasks import Task
from ash_ops.logs.output import Piece, Printer
from ash_ops.logs.previous import last_death, previous_task
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.request import selection
from ash_ops.logs.scan import Scan
from tests.ash_ops.logs.simulation import EPOCH
from tests.ash_ops.logs.test_tail_rules import follow, world

DAY = 86_400_000
AT = 1_790_000_000_123


def event(message: str | None, at: int = AT, number: int = 1) -> Any:
    made = {
        "eventId": str(number),
        "timestamp": at,
        "ingestionTime": at + 77,
        "logStreamName": "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
    }
    return made if message is None else {**made, "message": message}


class Screen:
    """What is written and what is said, in their order."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def write(self, text: str) -> None:
        self.all.append(text)

    def note(self, text: str) -> None:
        self.all.append(f"# {text}")


def test_where_lines_do_not_say_their_day_it_is_told_once_before_the_first_of_it() -> None:
    screen = Screen()
    output: Any = screen
    printer = Printer(output, Renderer(Look(narrow=True)), None, screen.note)
    for events in (
        [event("a"), event("b")],
        [event("c")],
        [event("d"), event("e", AT + DAY)],
    ):
        printer.write(printer.pieces(events))
    kinds = [line if line.startswith("#") else line.count("\n") for line in screen.all]
    assert kinds == ["# -- 2026-09-21 UTC", 2, 1, 1, "# -- 2026-09-22 UTC", 1]
    assert printer.printed == 5


def test_pieces_without_a_day_tell_none() -> None:
    screen = Screen()
    output: Any = screen
    printer = Printer(output, Renderer(Look()), None, screen.note)
    printer.write([Piece("a\n", 1), Piece("b\n", 1)])
    assert screen.all == ["a\nb\n"]


def test_what_was_looked_for_is_set_off_in_the_message_and_not_in_its_level() -> None:
    """A level is painted: what stands in the codes of the colour is no word of the line."""
    look = Look(colour=True, found=re.compile("R|3|err"))
    shown = Renderer(look).page([event('{"level":50,"msg":"an err 3"}')])
    on, off = "\x1b[1;7m", "\x1b[27;22m"
    assert shown.endswith(f"\x1b[31mERROR\x1b[0m an {on}err{off} {on}3{off}\n")
    assert Renderer(look).page([event("R it is")]).endswith(f" {on}R{off} it is\n")


def test_an_event_without_a_message_matches_nothing_and_stops_nobody() -> None:
    chosen = selection(task=None, level=None, grep=re.compile("x"), hidden=None)
    with_health = selection(task=None, level=None, grep=None, hidden=lambda: None)
    assert chosen([event(None), event("x")]) == [event("x")]
    assert with_health([event(None)]) == [event(None)]


class Archive:
    """Pages of events, whatever is asked; what was asked is kept."""

    def __init__(self, *pages: Page | ReadFailed) -> None:
        self._pages = list(pages)
        self.asked: list[Query] = []

    def read(self, query: Query) -> Page:
        self.asked.append(query)
        page = self._pages.pop(0)
        if isinstance(page, ReadFailed):
            raise page
        return page


def death(task: str, minute: int) -> Any:
    detail = {
        "clusterArn": "arn:aws:ecs:us-east-1:1:cluster/ash-cloud",
        "group": "service:ash-cloud-runtime",
        "taskArn": f"arn:aws:ecs:us-east-1:1:task/ash-cloud/{task}",
        "lastStatus": "STOPPED",
        "stoppedAt": f"2026-11-27T12:{minute:02d}:00Z",
    }
    return event(json.dumps({"detail": detail}))


NAMES = {"ash-cloud", "ash-cloud-runtime"}


@pytest.mark.parametrize(
    ("minutes", "last"), [((1, 5, 3), "b"), ((5, 3, 1), "a"), ((1, 3, 5), "c"), ((4, 4, 4), "c")]
)
def test_the_last_death_is_the_latest_of_the_last_seven_days_in_whatever_order_it_is_told(
    minutes: tuple[int, ...], last: str
) -> None:
    first, *rest = [death(name, minute) for name, minute in zip("abc", minutes, strict=True)]
    archive: Any = Archive(Page(events=[first], token="t"), Page(events=rest, token=None))
    found = last_death(archive, NAMES, 10 * DAY)
    assert found is not None
    assert found.id == last
    assert [(query.start, query.token) for query in archive.asked] == [
        (3 * DAY, None),
        (3 * DAY, "t"),
    ]


def test_an_archive_that_names_its_own_page_again_or_cannot_be_read_ends_the_search() -> None:
    looped: Any = Archive(Page(events=[death("a", 1)], token="t"), Page(events=[], token="t"))
    found = last_death(looped, NAMES, 10 * DAY)
    assert found is not None
    assert found.id == "a"
    gone: Any = Archive(ReadFailed("logs:FilterLogEvents", "missing", "X", "x"))
    assert last_death(gone, NAMES, 10 * DAY) is None
    nothing: Any = Archive(Page(events=[event("no JSON")], token=None))
    assert last_death(nothing, NAMES, 10 * DAY) is None


@pytest.mark.parametrize(
    ("moments", "done"), [((5, 9), False), ((9, 5), True), ((0, 0), True)]
)  # fmt: skip
def test_a_page_that_leads_to_itself_is_gone_on_from_only_where_lines_come_in_order(
    moments: tuple[int, int], done: bool
) -> None:
    """From the last line's time on; without an order nobody knows what lies behind it."""
    scan = Scan(Query(start=0))
    events = [event("m", at, at) for at in moments]
    scan.receive(Page(events=events[:1], token="a"), fresh=1)
    scan.receive(Page(events=events, token="a"), fresh=0)
    assert scan.done is done
    if not done:
        assert (scan.query.start, scan.query.token) == (9, None)


def test_what_is_older_than_since_and_lay_there_already_is_not_printed() -> None:
    """Though the late window, which is read first, begins before it."""
    lines = world((-60.0, -59.9), (-3.0, -2.9), (5.0, 5.1))
    for count in (None, 100):
        printed = follow(lines, since=int((EPOCH - 5) * 1000), count=count, until=20.0).numbers()
        assert printed == [1, 2], count


THEN = datetime(2026, 11, 27, 12, 5, 0, 250_000, tzinfo=UTC)
DIED = Task(task_arn="a/0a1b2c3d4e5f", last_status="STOPPED", stopped_at=THEN, stopped_reason="Task stopped by user")  # fmt: skip
ALIVE = Task(task_arn="a/1111aaaa2222", last_status="RUNNING")
GONE = "task 9f8e7d6c ran before; why it stopped is no longer known (ECS forgets after an hour)"


class Told:
    """What ECS and the log group say of tasks."""

    group = "/ash-cloud/runtime"

    def __init__(self, *known: Task, streams: tuple[str, ...] = ()) -> None:
        self._known, self._streams = known, streams

    def tasks(self) -> list[Task]:
        return list(self._known)

    def streams_by_recency(self) -> list[dict[str, str]]:
        return [{}, *({"logStreamName": name} for name in self._streams)]


@pytest.mark.parametrize(
    ("known", "archived", "streams", "task", "said"),
    [
        ((ALIVE, DIED), None, (), "0a1b2c3d4e5f", "task 0a1b2c3d stopped at 2026-11-27T12:05:00.250Z: Task stopped by user"),
        ((ALIVE,), replace(DIED, stopped_at=None), ("ash/ash/9f8e7d6c5b4a",), "0a1b2c3d4e5f", "task 0a1b2c3d stopped: Task stopped by user"),
        ((ALIVE,), None, ("ash/ash/1111aaaa2222", "ash/ash/9f8e7d6c5b4a", "ash/ash/77777777"), "9f8e7d6c5b4a", GONE),
    ],
)  # fmt: skip
def test_the_previous_task_is_told_by_ecs_else_by_the_archive_else_by_the_newest_stream_of_none_that_runs(
    known: tuple[Task, ...], archived: Task | None, streams: tuple[str, ...], task: str, said: str
) -> None:
    heard: list[str] = []
    told: Any = Told(*known, streams=streams)
    assert previous_task(told, told, lambda: archived, heard.append) == task
    assert heard == [said]


def test_where_every_task_still_runs_or_ecs_does_not_tell_there_is_no_previous_one() -> None:
    told: Any = Told(ALIVE, streams=("ash/ash/1111aaaa2222",))
    with pytest.raises(OpsError) as none:
        previous_task(told, told, lambda: None, print)
    assert none.value.args == OpsError(
        "There is no previous task",
        "every task that wrote to /ash-cloud/runtime still runs",
        "Leave --previous out to read the running tasks.",
    ).args  # fmt: skip

    def denied() -> Any:
        raise ReadFailed("ecs:ListTasks", "denied", "AccessDenied", "no")

    told.tasks = denied
    with pytest.raises(
        Inconclusive, match="Which task died last could not be found out"
    ) as unknown:
        previous_task(told, told, lambda: None, print)
    assert "ecs:ListTasks" in unknown.value.why
    assert "ecs:ListTasks" in unknown.value.next_step
