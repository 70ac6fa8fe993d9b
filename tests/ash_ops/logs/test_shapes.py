"""Lines of a known shape are shown exactly as the parser shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.logs import pino
from ash_ops.logs.render import Look, Renderer
from ash_ops.logs.shapes import Shapes

words = st.text(st.sampled_from('ab1 =:/"\\\n\x7fé%.{}'), max_size=6)
numbers = st.one_of(
    st.integers(-5, 10**20), st.floats(allow_nan=False, allow_infinity=False, width=32)
)
values = st.recursive(
    st.one_of(words, numbers, st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(["id", "url", "x-y", "a.b"]), inner, max_size=3),
        st.lists(inner, max_size=2),
    ),
    max_leaves=4,
)
KEYS = ["level", "time", "pid", "msg", "message", "reqId", "res", "responseTime", "err", "%s"]


@st.composite
def alike(draw: st.DrawFn) -> list[str]:
    """Several lines with the same keys: each value of the same kind as in the first, or of any."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True))
    first = {key: draw(values) for key in keys} | {"level": draw(st.sampled_from([30, 50, "warn"]))}
    lines = []
    for _ in range(draw(st.integers(4, 8))):
        other = {key: _like(draw, value) for key, value in first.items()}
        lines.append(json.dumps(other | {"level": first["level"]}, separators=(",", ":")))
    return lines


def _like(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and draw(st.booleans()):
        return {key: _like(draw, inner) for key, inner in value.items()}
    kinds = {str: words, int: st.integers(-5, 10**20), float: st.floats(-1e17, 1e17)}
    return draw(kinds[type(value)] if type(value) in kinds and draw(st.booleans()) else values)


def parsed(line: dict[str, Any]) -> str:
    body, stack = pino.body(line)
    return f"{level(pino.level_of(line))} {body}" + (f"\n{stack}" if stack else "")


def level(number: int | None) -> str:
    return pino.level_name(number).upper()


@settings(max_examples=300, deadline=None)
@given(alike())
def test_a_shape_shows_what_the_parser_shows(lines: list[str]) -> None:
    shapes = Shapes(parsed, level)
    for line in lines * 2:
        found = pino.parse(line)
        assert shapes.show(line) == (None if found is None else parsed(found))


FASTIFY = (
    '{"level":30,"time":%d,"pid":7,"hostname":"h","reqId":"req-%d","res":{"statusCode":200},'
    '"responseTime":%s,"msg":"request completed"}'
)


def test_the_lines_of_a_web_server_are_not_parsed_from_the_fourth_on() -> None:
    seen: list[dict[str, Any]] = []

    def counted(line: dict[str, Any]) -> str:
        seen.append(line)
        return parsed(line)

    shapes = Shapes(counted, level)
    shown = [shapes.show(FASTIFY % (n, n, f"{n}.25")) for n in range(100)]
    assert len(seen) == 3
    assert shown[99] == "INFO request completed reqId=req-99 res.statusCode=200 responseTime=99.25"


@pytest.mark.parametrize(
    "number",
    [
        "0.5",
        "12.0",
        "1.2345",
        "0.0001",
        "-3.70",
        "1e3",
        "0.0009999",
        "99999999999999.5",
        "12345678901234567.125",
    ],
)
def test_a_number_is_shown_as_it_is_without_a_shape(number: str) -> None:
    shapes = Shapes(parsed, level)
    lines = [FASTIFY % (n, n, n + 0.5) for n in range(5)]
    for line in lines:
        shapes.show(line)
    line = FASTIFY % (9, 9, number)
    assert shapes.show(line) == parsed(json.loads(line))


@pytest.mark.parametrize(("time", "number"), [("1", "00.5"), ("007", "0.5"), ("1", ".5")])
def test_a_line_that_is_no_json_is_not_shown_as_if_it_were(time: str, number: str) -> None:
    shapes = Shapes(parsed, level)
    for n in range(5):
        shapes.show(FASTIFY % (n, n, n + 0.5))
    line = (FASTIFY % (1, 1, number)).replace('"time":1,', f'"time":{time},')
    assert shapes.show(line) is None


def test_many_different_lines_teach_no_more_than_a_bound() -> None:
    shapes = Shapes(parsed, level)
    for number in range(3000):
        shapes.show(json.dumps({"level": 30, f"k{number % 700}": number, "msg": "x"}))
    assert len(shapes._sights) <= 501
    assert sum(map(len, shapes._shapes.values())) <= 64


def test_sixty_four_shapes_are_learnt_and_no_more() -> None:
    shapes = Shapes(parsed, level)
    for keys in range(1, 71):
        line = json.dumps({"level": 30, "msg": "x", **{f"k{n}": n for n in range(keys)}})
        for _ in range(4):
            shapes.show(line.replace(": ", ":").replace(", ", ","))
    assert sum(map(len, shapes._shapes.values())) == 64


def test_a_page_s_look_does_not_depend_on_what_was_learnt_before() -> None:
    events = [
        {"timestamp": 1_790_000_000_000 + n, "message": FASTIFY % (n, n, n / 7)} for n in range(50)
    ]
    once = Renderer(Look())
    assert once.page(events) == "".join(Renderer(Look()).page([event]) for event in events)
