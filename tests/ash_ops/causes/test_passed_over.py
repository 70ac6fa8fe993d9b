"""Of a long log the lines that tell nothing are passed over, and every answer is as if they were read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes.catalogue import signatures
from ash_ops.causes.explain import explain
from ash_ops.causes.logs import ALARM
from ash_ops.causes.matching import find, fits, folded
from ash_ops.causes.reading import read
from ash_ops.causes.reading.passing import _kinds
from ash_ops.causes.speech.telling import telling
from tests.bench.explain import lines as served

SIGNATURES = [signature for _, signature in signatures()]
PHRASES = sorted(
    {
        words
        for signature in SIGNATURES
        for term in signature.all_of
        if not term.startswith("~")
        for words in term.split("|")
    }
)
SAID = st.lists(
    st.sampled_from([*PHRASES, "exited with 137", "http/1.1 502 bad gateway", "unable to", "x"]),
    min_size=1,
    max_size=6,
).map(" ".join)
MANY = 3_400
"""Lines of a log that is long enough."""


def stamped(line: str) -> str:
    return f"2026-11-27T10:{random.Random(line).randrange(60):02}:17.{len(line):03}Z {line}"


def entry(text: str, level: int = 30) -> str:
    return json.dumps({"level": level, "time": 1732704012345, "msg": text}, separators=(",", ":"))


def server() -> Iterator[str]:
    """Lines of a server of each kind, alike but for numbers."""
    draw = random.Random(5)
    while True:
        number = draw.randrange(10_000)
        yield stamped(f"[INFO] request {number} took {number % 700} ms")
        yield draw.choice(
            [
                entry(f"session {number} is ready"),
                "GET /health 200",
                stamped(f"agent stream {number:08x} kept"),
            ]
        )


def dated() -> Iterator[str]:
    return (line for line in server() if line.startswith("2026"))


def objects() -> Iterator[str]:
    return (line for line in server() if line.startswith("{"))


LOGS: dict[str, Callable[[], Iterator[str]]] = {
    "bench": lambda: served(4),
    "mixed": server,
    "dated": dated,
    "objects": objects,
}
TOLD = {
    "nothing": [],
    "a crash": [
        "Error: listen EADDRINUSE: address already in use 0.0.0.0:4100",
        "    at Server.setupListenHandle [as _listen2] (node:net:1817:16)",
        "  code: 'EADDRINUSE',",
    ],
    "a cut word": [stamped("CannotPullContainerError: pull image manifest has been retr"), "ied 1 time(s): not found"],
    "an entry": [entry("CannotPullContainerError: manifest unknown", 50)],
    "a task": [json.dumps({"stoppedReason": "OutOfMemoryError: Container killed due to memory usage", "lastStatus": "STOPPED"})],
    "fields": ["stoppedReason: ResourceInitializationError: unable to pull secrets", "lastStatus: STOPPED"],
    "a command": ["$ aws ecs describe-services \\", "  --cluster ash"],
    "of nobody": ["error: connection refused"],
    "blank": ["", "npm ERR! code 1", ""],
}  # fmt: skip


def with_lines(log: Iterator[str], told: Sequence[str]) -> str:
    lines = [next(log) for _ in range(MANY)]
    return "\n".join([*lines[:1_700], *told, *lines[1_700:]])


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("told", TOLD)
def test_an_answer_is_the_one_of_all_lines(
    log: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = with_lines(LOGS[log](), TOLD[told])
    quick = explain(text)
    monkeypatch.setattr(import_module("ash_ops.causes.explain"), "telling", None)
    assert quick == explain(text)


@pytest.mark.parametrize("log", LOGS)
def test_most_lines_of_a_sound_log_are_passed_over(log: str) -> None:
    text = with_lines(LOGS[log](), [])
    reading = read(text, telling)
    assert reading.passed
    assert len(reading.entries) < MANY / 2
    assert not read(text).passed


@pytest.mark.parametrize(
    "lines",
    [
        [stamped("one and two"), ""] * MANY,  # many stretches
        [entry("x")] * 3_000,  # few lines
        ["said by a person"] * MANY,  # no log
        [stamped(f"{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxyzabcd'[n // 100 % 10]}{chr(97 + n // 1000)} x") for n in range(MANY)],  # no two alike
        [stamped("Error: failed")] * MANY,  # all tell something
        [stamped("Server listening at http://0.0.0.0:4100")] * MANY,
        [*[stamped("one")] * 1_700, "", *[stamped("one")] * 1_700],
        [stamped('got {"a": 1}'), stamped("one")] * MANY,
    ],
)  # fmt: skip
def test_every_line_is_read_where_what_is_left_out_might_count(lines: list[str]) -> None:
    assert not read("\n".join(lines), telling).passed


@settings(max_examples=40, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=6))
def test_what_fits_any_cause_may_tell_of_something(said: list[str]) -> None:
    lines = [*said, *(f"request {number} was served" for number in range(1_500))]
    found = telling("\n".join(lines))
    for number, line in enumerate(said):
        text = folded(line)
        told = find(ALARM, text) or any(fits(signature, text) for signature in SIGNATURES)
        assert not told or number in found
    both = folded(" ".join(said))
    if any(fits(signature, both) for signature in SIGNATURES):
        assert found


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (entry("x"), "J"),
        (entry("x", 40), "J"),
        (entry("x", 50), "K"),
        (entry("x", 45), "K"),
        ('{"level":"info","message":"x"}', "J"),
        ('{"level":"error","message":"x"}', "K"),
        ('{"level":30,"msg":"x","err":{"message":"y"}}', "K"),
        ('{"level":30,"msg":"x","message":"y"}', "K"),
        ('{"lastStatus":"STOPPED"}', "K"),
        ('{"level":30,', "O"),
        (stamped("x y"), "D"),
        (stamped(entry("x")), "J"),
        (stamped("{"), "O"),
        (stamped("got []"), "O"),
        (stamped("at Server.listen (node:net:1)"), "X"),
        (stamped("aws ecs list-tasks"), "X"),
        (stamped("status: 1"), "X"),
        ("GET /health 200 3 ms", "P"),
        ("  indented", "X"),
        ("web_1  | up", "X"),
        ("> quoted", "X"),
        ("$ curl -s https://example.com", "X"),
        ("curl -s https://example.com", "X"),
        ("ends in ^", "X"),
        ("```", "X"),
        ("##[group]Run make", "X"),
        (" ", "B"),
    ],
)
def test_of_what_kind_a_line_is(line: str, kind: str) -> None:
    assert _kinds([line] * 10) == kind * 10
