"""A text that an expression matches is never passed over for want of a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes.catalogue import signatures
from ash_ops.causes.foreign import SERVICES
from ash_ops.patterns.needed import _words_of, alternatives, beginning, longest_word, may_match

EXPRESSIONS = [
    ("abc", "abc"),
    ("abcd?", "abc"),
    ("abc*d", "ab"),
    ("abc+d", "abc"),
    ("ab{0,3}cde", "cde"),
    (r"a\.b\d{2}cd", "a.b"),
    (r"\bword\b", "word"),
    (r"ab(?:cdef)?gh", "ab"),
    ("[abc]def[)]ghij", "ghij"),
    ("[]abcd]ef", "ef"),
    (r"a\nbc", "bc"),
    ("a{b", "a{b"),
]
ALL = "|".join(service.marks for service in SERVICES)


@pytest.mark.parametrize(("source", "word"), EXPRESSIONS)
def test_the_longest_word(source: str, word: str) -> None:
    assert longest_word(list(*alternatives(source))) == word


def test_alternatives_within_brackets_stay_together() -> None:
    assert ["".join(found) for found in alternatives(r"a(?:b|c)|[|]d|\|e")] == [
        "a(?:b|c)",
        "[|]d",
        r"\|e",
    ]


@settings(max_examples=300)
@given(st.data())
def test_what_an_alternative_matches_has_its_word(data: st.DataObject) -> None:
    """Texts made from the alternatives themselves: none of them is passed over."""
    source = data.draw(st.sampled_from(["".join(found) for found in alternatives(ALL)]))
    text = data.draw(st.from_regex(re.compile(source)))
    assert may_match(source, text)
    assert may_match(ALL, text)


@settings(max_examples=300)
@given(st.data())
def test_the_quick_way_agrees_with_the_slow_one(data: st.DataObject) -> None:
    """Texts of words that the services' messages have, cut anywhere."""
    words = st.sampled_from(["".join(found) for found in alternatives(ALL)])
    cut = st.builds(lambda word, end: re.sub(r"\\.", " ", word)[:end], words, st.integers(1, 30))
    text = " ".join(data.draw(st.lists(cut, max_size=12)))
    for service in SERVICES:
        if re.search(service.marks, text):
            assert may_match(service.marks, text)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\b(?:acs|tcs) (?:a|b)", ("acs", "tcs")),
        (r"(?:exit(?:ed|s)?|restarting(?= \())\d", ("exit", "restarting")),
        (r"(?:ab|cde)(?:fgh|ijk)", ("fgh", "ijk")),
        (r"(?:abc|def)?x", ()),
        (r"(?:abc|def){0,2}x", ()),
        (r"(?=abc|def)x", ()),
        (r"(?!abc)(?<!def)x", ()),
        (r"(abc|(?:def|ghi))+x", ("abc", "def", "ghi")),
    ],
)
def test_a_word_of_a_group_is_needed_where_the_group_is(
    source: str, words: tuple[str, ...]
) -> None:
    assert _words_of(*alternatives(source)) == words


@pytest.mark.parametrize(
    ("source", "begun"), [("abc", "abc"), ("abc?", "ab"), (r"a\.b[cd]", "a.b"), ("a(?:b)", "a"), ("a+b", "a"), ("[ab]c", "")]
)  # fmt: skip
def test_what_each_match_begins_with(source: str, begun: str) -> None:
    assert beginning(*alternatives(source)) == begun


EACH = sorted({t[1:] for _, s in signatures("") for t in s.all_of if t.startswith("~")})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_a_term_of_a_cause_matches_has_its_words(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(EACH))
    text = data.draw(st.from_regex(re.compile(source)))
    assert may_match(source, text)
