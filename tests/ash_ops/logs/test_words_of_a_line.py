"""What a line is shown as, what is worth an explanation, and how it is written."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from ash_ops.logs import pino
from ash_ops.logs.hints import Hints, worthy
from ash_ops.logs.output import Output, Piece, Printer
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.request import HealthChecks, is_of_task, moment

AT = 1_790_000_000_123
STREAM = "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8"


def line(message: str | None, at: int = AT, **other: Any) -> Any:
    made = {"timestamp": at, "logStreamName": STREAM, **other}
    return made if message is None else {**made, "message": message}


@pytest.mark.parametrize(
    ("level", "name"),
    [
        (10, "TRACE"), (9, "TRACE"), (-1, "TRACE"), (20, "DEBUG"), (29, "DEBUG"), (30, "INFO"), (40, "WARN"), (50, "ERROR"), (59, "ERROR"), (60, "FATAL"), (99, "FATAL"),
        ("warn", "WARN"), ("WARNING", "WARN"), ("err", "ERROR"), ("Error", "ERROR"), ("fatal", "FATAL"), ("trace", "TRACE"), ("loud", "-"), (None, "-"), (1.5, "-"),
    ],
)  # fmt: skip
def test_a_level_is_shown_by_the_name_of_the_nearest_below_it(level: object, name: str) -> None:
    shown = Renderer(Look()).page([line(json.dumps({"level": level, "msg": "x"}))])
    assert shown.endswith(f" {name.ljust(5)} x\n")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"msg": "m", "time": 1, "pid": 2, "hostname": "h", "v": 1, "timestamp": 3}, "m"),
        ({"msg": "m", "a": "b=c", "d": 'e"f', "g": "h\ti", "j": "é", "k": "é é"}, 'm a="b=c" d="e\\"f" g="h\\ti" j=é k="é é"'),
        ({"msg": {"a": [1, "é"]}}, '{"a":[1,"é"]}'), ({"msg": 7.25}, "7.25"), ({"msg": 7}, "7"), ({"msg": "", "message": "b"}, "b"), ({"message": "b", "x": 1}, "b x=1"), ({"msg": None, "x": 1}, "x=1"),
        ({"msg": "m", "a": {"b": {"c": {"d": {"e": 1}}}}}, 'm a.b.c.d={"e":1}'), ({"msg": "m", "a": {}}, "m"), ({"msg": "m", "a": [], "b": [{"c": 1.5}]}, 'm a=[] b=[{"c":1.5}]'),
        ({"msg": "m", "a": True, "b": None, "c": -3}, "m a=true b=null c=-3"), ({"msg": "m", "stack": "one line"}, 'm stack="one line"'), ({"msg": "m", "note": "a\nb"}, 'm note="a\\nb"'),
        ({"msg": "m", "err": {"stack": "E\n  at a"}, "trace": "T\n  at b"}, "m\n    E\n      at a\n    T\n      at b"), ({"msg": "a\nb"}, "a\n    b"),
    ],
)  # fmt: skip
def test_the_fields_of_a_line_stand_behind_its_message_so_that_they_can_be_told_apart(
    fields: dict[str, Any], shown: str
) -> None:
    told = Renderer(Look()).page([line(json.dumps({"level": 30, **fields}))])
    assert told.partition(" INFO  ")[2] == f"{shown}\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.34567, "12.346"), (0.5, "0.5"), (12.0, "12.0"), (100.1004, "100.1"), (0.001, "0.001"), (0.0009, "0.0009"), (-0.0009, "-0.0009"), (0.0, "0.0"), (-3.7, "-3.7"),
        (999_999_999_999_999.0, "999999999999999.0"), (1e15, "1000000000000000.0"), (1e22, "1e+22"), (1e-7, "1e-07"),
    ],
)  # fmt: skip
def test_three_digits_of_a_fraction_say_enough(value: float, shown: str) -> None:
    assert pino.number(value) == shown


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ('{"level":30}', True), ('{"msg":"x"}', True), ('{"message":"x"}  \n', True), ('{"a":1}', False), ('{"msg":1} x', False), (' {"msg":1}', False), ('["msg"]', False), ('{"msg":', False),
        ('{"msg":' * 100_000, False),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_line_is_pino_s_if_all_of_it_is_one_object_with_a_level_or_a_message(
    text: str, is_one: bool
) -> None:
    assert (pino.parse(text) is not None) is is_one


TROUBLE = """
{"level":40,"x":1}
{"level":50,"x":1}
{"level":60,"x":1}
an error in it
it did fail
an exception
fatal: no
Permission denied
Connection refused
cannot open
could not open
unable to open
invalid name
a timeout of it
it timed out
a crash
Killed
the image is corrupt
missing name
name not found
name not available
unauthorized
forbidden
a panic
aborted
limit exceeded
overloaded
SECURITY: cgroups
a warning
ECONNRESET
"""


def test_each_way_of_telling_trouble_is_worth_a_look_in_whatever_letters() -> None:
    lines = TROUBLE.strip().splitlines()
    for text in lines:
        assert worthy([text]) == worthy([text.upper()]) == [0], text
        assert worthy(["fine", text, "listening on 4100"]) == [1], text
    assert worthy(lines) == list(range(len(lines)))
    assert worthy(["fine", '{"level":30,"msg":"request completed"}', ""]) == []
    assert worthy([]) == []
    assert worthy(["fai", "led"]) == []


def test_trouble_is_found_in_its_own_line_though_letters_change_their_number() -> None:
    """The small letter of the Turkish I is two characters."""
    assert worthy(["\u0130" * 30, "fine", "an error", "\u0130 denied", "ok"]) == [2, 3]
    assert worthy(["an error and an error", "", "denied denied", "fine"]) == [0, 2]


def test_a_hint_looks_at_the_first_four_thousand_characters() -> None:
    asked: list[str] = []
    hints = Hints(lambda text: asked.append(text) or "it means this")
    assert hints.of(["x" * 3995 + "error", "x" * 3996 + "error"]) == {0: "it means this"}
    assert list(map(len, asked)) == [4000]
    assert Hints(lambda _: None).of(["an error"]) == {}


def test_a_hint_is_news_again_two_hundred_and_one_lines_later() -> None:
    hints = Hints(lambda _: "it")
    assert hints.is_news("it")
    hints.passed(200)
    assert not hints.is_news("it")
    assert hints.is_news("another")
    hints.passed(1)
    assert hints.is_news("it")
    assert not hints.is_news("it")


class Sink(io.BytesIO):
    """What was written, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: Any) -> int:
        self.writes.append(bytes(data))
        return len(data)


def test_a_page_is_one_write_and_a_large_piece_has_its_own() -> None:
    sink = Sink()
    printer = Printer(Output(sink), Renderer(Look()), None, print)
    small, large = Piece("a\n", 1), Piece("x" * 99_999 + "\n", 1)
    printer.write([small, small, large, small, Piece("x" * 99_998 + "\n", 2), small])
    assert list(map(len, sink.writes)) == [2 + 2 + 100_000, 2 + 99_999 + 2]
    assert printer.printed == 7
    printer.write([])
    assert len(sink.writes) == 2


def test_an_event_that_lacks_a_message_or_a_stream_is_an_empty_line_of_nobody() -> None:
    sink = Sink()
    printer = Printer(Output(sink), Renderer(Look()), None, print)
    printer.write(printer.pieces([{"timestamp": AT}, {"timestamp": AT, "message": None}]))
    assert sink.writes == [b"2026-09-21T14:13:20.123Z  \n" * 2]
    assert Renderer(Look()).page([{"timestamp": AT}]) == "2026-09-21T14:13:20.123Z  \n"
    Output(sink).write("half a pair \ud83d\n")
    assert sink.writes[-1] == b"half a pair \\ud83d\n"


def test_times_and_tasks_change_from_line_to_line_within_a_page() -> None:
    other = "ash/ash/1111222233334444"
    events = [
        line("a"), line("b", AT + 1), line("c", AT + 1000, logStreamName=other), line("d", AT + 1000),
    ]  # fmt: skip
    shown = Renderer(Look()).page(events).splitlines()
    assert shown == [
        "2026-09-21T14:13:20.123Z 8f2c1a0b a", "2026-09-21T14:13:20.124Z 8f2c1a0b b",
        "2026-09-21T14:13:21.123Z 11112222 c", "2026-09-21T14:13:21.123Z 8f2c1a0b d",
    ]  # fmt: skip


def test_the_last_time_that_it_was_so_late_may_be_now() -> None:
    now = AT // 1000
    assert moment("14:13:20", "--since", now, local=False) == now * 1000
    assert moment("14:13:21", "--since", now, local=False) == (now - 86_400 + 1) * 1000
    assert moment("today 14:13:21", "--since", now, local=False) == (now + 1) * 1000
    assert moment("1790000000", "--since", now, local=False) == AT - 123
    assert moment("1790000000123", "--since", now, local=False) == AT
    assert moment("9999999999", "--since", now, local=False) == 9_999_999_999_000


def test_a_task_is_known_by_its_arn_its_id_or_how_it_begins_in_whatever_letters() -> None:
    for known in (STREAM, "8F2C", "8f2c1a0b", "arn:aws:ecs:us-east-1:1:task/ash-cloud/8f2c1a0b"):
        assert is_of_task(STREAM, known)
    assert is_of_task("ash/ash/8F2C1A0B", "8f2c")
    assert not is_of_task(STREAM, "2c1a")


def test_of_health_checks_under_way_only_the_last_five_thousand_are_remembered() -> None:
    hidden = HealthChecks(lambda: None)

    def kept(message: str) -> int:
        return len(hidden.without([line(message)]))

    answer = '{"level":30,"reqId":"%d","res":{"statusCode":200},"msg":"request completed"}'
    for number in range(5_001):
        assert (
            kept(f'{{"level":30,"reqId":"{number}","req":{{"url":"/health?x=1"}},"msg":"in"}}') == 0
        )
    assert [kept(answer % number) for number in (0, 1, 5_000, 5_001)] == [1, 0, 0, 1]
