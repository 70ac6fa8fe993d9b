"""What makes logs pleasant to read: health checks hidden, finds set off, room used, days told."""

from __future__ import annotations

import io
import re
import threading
import time
from typing import Any

import pytest

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.hints import Hints
from ash_ops.logs.output import Output, Printer
from ash_ops.logs.reading import Done, Read, SideBySide, Wait, drive
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.request import selection
from ash_ops.logs.tasks import driver_may_drop

AT = 1_790_000_000_000


def event(message: str, at: int = AT, stream: str = "ash/ash/8f2c1a0b") -> Event:
    return {"timestamp": at, "logStreamName": stream, "message": message}


def comes_in(request: str, url: str = "/health") -> Event:
    return event(
        f'{{"level":30,"reqId":"{request}","req":{{"method":"GET","url":"{url}"}},'
        '"msg":"incoming request"}'
    )


def answered(request: str, status: int = 200, level: int = 30) -> Event:
    return event(
        f'{{"level":{level},"reqId":"{request}","res":{{"statusCode":{status}}},'
        '"responseTime":0.4,"msg":"request completed"}'
    )


def without_health(events: list[Event]) -> tuple[list[Event], int]:
    said: list[bool] = []
    select = selection(task=None, level=None, grep=None, hidden=lambda: said.append(True))
    kept: list[Event] = []
    for one in events:
        kept += select([one])
    return kept, len(said)


def test_both_lines_of_a_health_check_are_hidden_and_that_is_said_once() -> None:
    other = [comes_in("req-2", "/api/sessions"), answered("req-2")]
    events = [comes_in("req-1"), *other, answered("req-1"), comes_in("req-3"), answered("req-3")]
    assert without_health(events) == (other, 1)


@pytest.mark.parametrize(
    "kept",
    [
        answered("req-1", 503, 50),
        answered("req-1", 429),
        answered("req-9"),
        comes_in("req-1", "/healthy-agents"),
        event("checking /health of the runner"),
        event('{"level":50,"reqId":"req-1","req":{"url":"/health"},"msg":"incoming request"}'),
        event('GET /health HTTP/1.1" 503 12'),
    ],
    ids=lambda one: str(one["message"])[:60],
)
def test_what_is_no_success_of_a_health_check_stays(kept: Event) -> None:
    assert without_health([comes_in("req-1"), kept])[0] == [kept]


def test_another_task_s_request_of_the_same_number_stays() -> None:
    other = answered("req-1") | {"logStreamName": "ash/ash/other"}
    assert without_health([comes_in("req-1"), other])[0] == [other]


def test_an_access_log_s_line_is_a_health_check_too() -> None:
    assert without_health([event('10.0.0.9 - "GET /health HTTP/1.1" 200 15')])[0] == []


def test_what_grep_finds_is_set_off_and_the_level_stays_painted() -> None:
    look = Look(colour=True, found=re.compile("3|refused"))
    line = Renderer(look).page([event('{"level":50,"msg":"refused 3 times"}')])
    assert line.endswith(
        "\x1b[31mERROR\x1b[0m \x1b[1;7mrefused\x1b[27;22m \x1b[1;7m3\x1b[27;22m times\n"
    )


def test_without_colour_nothing_is_set_off() -> None:
    look = Look(found=re.compile("refused"))
    assert "\x1b" not in Renderer(look).page([event("refused")])


def test_two_tasks_of_the_same_colour_are_told_apart_and_stay_so() -> None:
    renderer = Renderer(Look(colour=True))
    # The same letters: the same colour, where either is alone.
    one, other = event("x", stream="a/b/abcdefgh"), event("x", stream="a/b/hgfedcba")
    lines = [renderer.page([one]), renderer.page([other]), renderer.page([one])]
    colours = [re.findall(r"38;5;(\d+)m", line) for line in lines]
    assert colours[0] == colours[2] != colours[1]
    assert Renderer(Look(colour=True)).page([one]) == lines[0]


class Sink(io.BytesIO):
    """What a terminal shows: the lines, and between them what is said beside them."""

    def note(self, text: str) -> None:
        self.write(f"({text})\n".encode())


def printed(look: Look, events: list[Event], hints: Hints | None = None) -> str:
    sink = Sink()
    printer = Printer(Output(sink), Renderer(look), hints, sink.note)
    printer.write(printer.pieces(events))
    assert printer.printed == len(events)
    return sink.getvalue().decode()


def test_a_narrow_terminal_gets_the_time_and_each_day_once() -> None:
    day = 86_400_000
    shown = printed(
        Look(narrow=True), [event("one"), event("two", AT + 1), event("three", AT + day)]
    )
    assert shown == (
        "(-- 2026-09-21 UTC)\n14:13:20.000 8f2c1a0b one\n14:13:20.001 8f2c1a0b two\n"
        "(-- 2026-09-22 UTC)\n14:13:20.000 8f2c1a0b three\n"
    )


def test_a_hint_stands_right_below_its_line() -> None:
    hints = Hints(lambda message: "it means this" if "denied" in message else None)
    shown = printed(Look(), [event("fine"), event("denied"), event("fine")], hints)
    head = "2026-09-21T14:13:20.000Z 8f2c1a0b"
    assert shown == f"{head} fine\n{head} denied\n(  ^ it means this)\n{head} fine\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mode": "blocking"}, None),
        ({"mode": "non-blocking", "max-buffer-size": "25m"}, "mode non-blocking, buffer 25m"),
        ({}, "no mode is set, and the default is non-blocking, buffer 10m"),
    ],
)
def test_a_driver_that_may_drop_lines_is_told(options: dict[str, Any], said: str | None) -> None:
    told = driver_may_drop(options)
    assert (told is None) if said is None else (told is not None and said in told)


class Slow:
    """Answers each call after a moment; the second one fails."""

    def __init__(self) -> None:
        self.most = self.now = 0
        self.renewed = 0
        self._lock = threading.Lock()

    def read(self, query: Query) -> Page:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self._lock:
            self.now -= 1
        if query.start == 1:
            raise ReadFailed("logs:FilterLogEvents", "expired", "X", "no")
        return Page(events=[event("x", query.start)])

    def renew(self) -> None:
        self.renewed += 1


class Ten:
    """Ten calls, as many at a time as there is room for."""

    def __init__(self) -> None:
        self.asked = 0
        self.failures: list[str] = []
        self.answers = 0

    def next_step(self) -> Read | Wait | Done:
        if self.answers + len(self.failures) == 10:
            return Done()
        if self.asked == 10:
            return Wait(1.0)
        self.asked += 1
        return Read(Query(start=self.asked - 1))

    def receive(self, read: Read, page: Page) -> list[Event]:
        assert page.events[0]["timestamp"] == read.query.start
        self.answers += 1
        return page.events

    def failed(self, _read: Read, error: ReadFailed) -> None:
        self.failures.append(error.kind)

    def notices(self) -> list[str]:
        return []


def test_calls_side_by_side_are_each_answered_once() -> None:
    reader, reading, got = Slow(), Ten(), list[Event]()
    drive(reading, SideBySide(reader, time.sleep, 3), emit=got.extend, notice=print)
    assert sorted(one["timestamp"] for one in got) == [0, *range(2, 10)]
    assert (reading.failures, reader.renewed) == (["expired"], 1)
    assert 2 <= reader.most <= 3


def test_a_fault_in_a_thread_is_not_swallowed() -> None:
    class Broken(Slow):
        def read(self, query: Query) -> Page:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drive(Ten(), SideBySide(Broken(), time.sleep, 2), emit=print, notice=print)
