"""What is asked of many lines at once is answered as each line would answer it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes.catalogue import signatures
from ash_ops.causes.catalogue.listed import beginnings, listed_beginnings
from ash_ops.causes.logs import ALARM, alarmed
from ash_ops.causes.matching import Haystack, fits, lowered, lowered_all, plain
from ash_ops.causes.reading.json_texts import value_of
from ash_ops.causes.speech.other_words import widened, widened_all
from ash_ops.patterns.needed import may_be_in

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
    st.sampled_from(
        [*PHRASES, "Times out", "CANNOT", "can't", "ΣΑΣ", "unable to", "failure", "exec: ", "x"]
    ),
    max_size=6,
).map(" ".join)
NOISE = [f"request {number} was served" for number in range(1_200)]
"""So many that the words of all lines are listed first."""


@settings(max_examples=200, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=6))
def test_lines_are_lowered_and_said_in_other_words_as_each_one_is(texts: list[str]) -> None:
    shown = [plain(text) for text in texts]
    lower = [lowered(text) for text in shown]
    assert lowered_all(shown) == lower
    joined = "\n".join(lower)
    assert widened_all(lower, joined.__contains__) == [widened(text) for text in lower]


@settings(max_examples=25, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=6))
def test_a_signature_fits_the_same_lines_among_many_as_alone(texts: list[str]) -> None:
    lower = [lowered(plain(text)) for text in texts]
    among = Haystack([*lower, *NOISE])
    for signature in SIGNATURES:
        found = {number for number in among.match(signature) if number < len(lower)}
        assert found == {number for number, text in enumerate(lower) if fits(signature, text)}


@settings(max_examples=100, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=4), st.sampled_from(PHRASES), st.integers(0, 9))
def test_words_are_found_among_many_lines_as_in_each(
    texts: list[str], words: str, cut: int
) -> None:
    lines = [*map(widened, (lowered(plain(text)) for text in texts)), *NOISE]
    among = Haystack(lines)
    for part in (words, words[cut:], words[:-cut]):
        assert among._holds(part) == any(part in line for line in lines)


@given(st.lists(SAID, max_size=8))
def test_lines_that_may_tell_of_a_failure_are_listed_in_order(texts: list[str]) -> None:
    lower = [text.lower() for text in texts]
    told = [number for number, text in enumerate(lower) if any(map(text.__contains__, WORDS))]
    assert [*alarmed(lower)] == told


WORDS = ALARM.split("|")


@pytest.mark.parametrize(
    ("source", "texts", "may"),
    [
        ("exec: |not found", "a\nb", False),
        ("exec: |not found", "a\nexec: b", True),
        ("^a|not found", "b\nc", True),
        (r"(?:a|b)", "c", True),
    ],
)
def test_an_expression_is_passed_over_only_for_want_of_its_words(
    source: str, texts: str, may: bool
) -> None:
    assert may_be_in(source, texts.__contains__) is may


@pytest.mark.parametrize(
    "text",
    [
        '{"a": NaN}', '{"a": 1e400}', '{"a": -1e400}', '{"a": -0}', '{"a": -0.0}', '{"a": 18446744073709551616}',
        '{"a": 123456789012345678901234567890}', '{"a": 1, "a": 2}', ' {"a": 1} ', '{"a": "x\ty"}', '{"a": "x\x7fy"}',
        '{"a": "\\ud800"}', '{"a": "\ud800"}', '{"a": 01}', '{"a": 1.}', '{"a": 1,}', '{"a": "\\x"}', "", "{", '"', "1 2",
        '{"a":' * 3_000 + "1" + "}" * 3_000,
    ],
)  # fmt: skip
def test_json_is_read_as_python_reads_it(text: str) -> None:
    assert repr(value_of(text)) == repr(_slowly(text))


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    ),
    st.integers(0, 80),
    st.sampled_from(["", "\t", "\\", '"', "}", "0", "-", "e", "\ud800", " "]),
)
def test_any_json_and_what_is_nearly_json_too(value: Any, at: int, put_in: str) -> None:
    whole = json.dumps(value)
    text = whole[:at] + put_in + whole[at:]
    assert repr(value_of(text)) == repr(_slowly(text))


def _slowly(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def test_the_list_of_beginnings_is_that_of_the_catalogue() -> None:
    assert listed_beginnings(SIGNATURES) == {
        gram: tuple(numbers) for gram, numbers in beginnings(SIGNATURES).items()
    }


def test_a_list_of_another_catalogue_is_not_used() -> None:
    assert listed_beginnings(SIGNATURES[:9]) == beginnings(SIGNATURES[:9])
