"""Redaction takes time in proportion to the text, whoever wrote it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from ash_ops import redact
from ash_ops.redact import LogLines

UNITS = [
    "a", "secret=\"", "secret='", "apikey ", "eyJ-", "://a:", "://a:b", "@", "password=", "\x1b[", "\x1b]", "curl -u a",
    "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----\n", "<Password>", '{"name":"password",', 'name="password"\n',
    "AKIA", "\\", '\\"', "\\u001b", "aB3", "aB3/", "[", "secret=[", "Authorization: Digest ", "cookie: a=", "key-", "0f",
    "machine a password ", "--password ", "password: |\n ", "arn:aws:", "secret:", "A1a-", "x:5432:a:b:", "$6$", '"token",',
    "=", "sk-a", "Zq3xAb9Kd2 ", "docker login -", "<", "\u202e", "••••", "%3D", "value=", "x:a1b2@", "secrets:\n - ", "passwords: [a, ", "%70", "&#112;", "zip -P ", "\\b", "{\\r", "❤\ufe0f\u200d", "Private-Lines: 2\n",
]  # fmt: skip


def steps(work: Callable[[], object]) -> int:
    """How many Python calls and lines a piece of work takes; the same on every machine."""
    count = 0

    def trace(*_: object) -> Callable[..., object]:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_four_times_the_text_is_four_times_the_work(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (4_000, 16_000))
    redact.redact(large)  # patterns are compiled once
    assert steps(lambda: redact.redact(large)) <= 6 * steps(lambda: redact.redact(small)) + 500


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_a_long_line_ends(unit: str) -> None:
    """A pattern that backtracks would take hours for this; the suite would not end."""
    assert len(redact.redact(unit * (125_000 // len(unit)))) <= 4_000_000


def test_lines_that_are_alike_are_looked_at_once() -> None:
    door = LogLines()
    lines = [("s", f"line {n} of a log that says what it has to say") for n in range(1_000)]
    first = steps(lambda: door.redacted(lines))
    again = steps(lambda: door.redacted(lines))
    assert again < first
    assert again < 3_500  # a list comprehension or two a line, and no pattern


def test_lines_that_differ_in_their_ids_are_looked_at_once() -> None:
    door = LogLines()
    lines = [("s", f"request {n * 7919 + 2**60:032x}f1 is done in 3 ms") for n in range(1_000)]
    first = steps(lambda: door.redacted(lines))
    again = steps(lambda: door.redacted([(s, text.replace("f1 is", "e2 is")) for s, text in lines]))
    assert again < first
    assert again < 12_000  # the ids are taken out, and no pattern for secrets is tried
