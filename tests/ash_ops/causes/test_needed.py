"""A text that an expression matches is never passed over for want of a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes.foreign import SERVICES
from ash_ops.patterns.needed import key, known, may_be_in, read


def alternatives(source: str) -> list[str]:
    return [source[one.start : one.end] for one in known(source).alternatives]


EXPRESSIONS = [
    ("abc", "abc"),
    ("abcd?", "abc"),
    ("abc*d", ""),
    ("abc+d", "abc"),
    ("ab{0,3}cde", "cde"),
    (r"a\.bcd\d{2}cd", "a.bcd"),
    (r"so\?", "so?"),
    (r"so\.?", ""),
    (r"[a-z]+\(", "("),
    (r"[a-z]+\.[a-z]+", ""),
    (r"\U0001f534 [a-z]", ""),
    (r"ab\x2d\u2014 [a-z]{3}", ""),
    ("\U0001f534 bcd", "\U0001f534 bcd"),
    (r"\bword\b", "word"),
    (r"ab(?:cdef)?ghi", "ghi"),
    (r"ab(?:cdef){0,2}ghi", "ghi"),
    (r"ab(?:cdef)+gh", "cdef"),
    ("[abc]def[)]ghij", "ghij"),
    ("[]abcd]efg", "efg"),
    (r"a\nbcd", "bcd"),
    ("(?:read|write|be) on", " on"),
    ("(?:read|write) o", "read write"),
    ("(?:read|write)? only", " only"),
    ("(?:read|(?:over)?write) o", "read write"),
    ("(?P<how>read|write) o", "read write"),
    ("(read|write) o", "read write"),
    ("(?!read)write", "write"),
    ("(?<!read)(?!writes)of", ""),
    ("(?<=read )of", "read "),
    ("(?=read)[a-z]", "read"),
    (r"(?P<n>\d)/(?P=n)", ""),
    (r"read (?P<n>\d)(?P=n)", "read "),
    (r"some(?#what is said of it)", "some"),
    ("some words(", ""),
    (r"(?P<q>['\"]?)(?P<value>(?(q)(?:(?!(?P=q))[^\n])*|[^<>]{1,40}))after", "after"),
    (r"(?P<q>['\"]?)(?P<value>(?(q)some: of this|or that))", ""),
    ("(?i:READ)[a-z]", ""),
    ("(?:red|longer word)", "longer word red"),
    ("some(?:red|longer word)", "some"),
]
ALL = "|".join(service.marks for service in SERVICES)


@pytest.mark.parametrize(("source", "words"), EXPRESSIONS)
def test_the_words_of_an_expression(source: str, words: str) -> None:
    (found,) = read(source).alternatives
    assert " ".join(found.needs[0] if found.needs else ()) == words


def test_of_several_things_that_are_needed_each_is_looked_for() -> None:
    (found,) = read(r"\b(?:errors?|timeouts?) (?:is|are) (?:gone|solved)\(\d\)").alternatives
    assert found.needs == (("error", "timeout"), ("gone", "solved"), ("(",))
    assert found.may_match("the error is solved(1)".__contains__)
    assert not found.may_match("the error is there (1)".__contains__)


def test_alternatives_within_brackets_stay_together() -> None:
    assert alternatives(r"a(?:b|c)|[|]d|\|e") == [
        "a(?:b|c)",
        "[|]d",
        r"\|e",
    ]


def test_what_is_listed_is_what_the_expression_says() -> None:
    listed = [service.marks for service in SERVICES]
    assert [known(source) for source in listed] == [read(source) for source in listed]


def test_no_two_expressions_have_one_key() -> None:
    sources = [service.marks for service in SERVICES]
    assert len({*map(key, sources)}) == len({*sources})


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("(a)", True),
        ("(?P<n>a)", True),
        ("(?P=n)", True),
        ("(?:a)(?=b)(?<!c)", False),
        (r"\(a\)[(]", False),
    ],
)
def test_groups_that_tell_what_they_found_are_seen(source: str, numbers: bool) -> None:
    assert read(source).numbers_groups is numbers


@settings(max_examples=300)
@given(st.data())
def test_what_an_alternative_matches_has_its_word(data: st.DataObject) -> None:
    """Texts made from the alternatives themselves: none of them is passed over."""
    source = data.draw(st.sampled_from(alternatives(ALL)))
    text = data.draw(st.from_regex(re.compile(source)))
    assert may_be_in(source, text.__contains__)
    assert may_be_in(ALL, text.__contains__)


@settings(max_examples=300)
@given(st.data())
def test_the_quick_way_agrees_with_the_slow_one(data: st.DataObject) -> None:
    """Texts of words that the services' messages have, cut anywhere."""
    words = st.sampled_from(alternatives(ALL))
    cut = st.builds(lambda word, end: re.sub(r"\\.", " ", word)[:end], words, st.integers(1, 30))
    text = " ".join(data.draw(st.lists(cut, max_size=12)))
    for service in SERVICES:
        if re.search(service.marks, text):
            assert may_be_in(service.marks, text.__contains__)
