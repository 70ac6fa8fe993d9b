"""What the characters of an expression tell of its matches."""

from __future__ import annotations

import pytest

from ash_ops.patterns.parts import alternatives_of, beginning, longest_word

LONGEST = [
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
BEGUN = [
    ("abc", "abc"), ("abc?", "ab"), (r"a\.b[cd]", "a.b"), ("a(?:b)", "a"), ("a+b", "a"), ("[ab]c", ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "word"), LONGEST)
def test_the_longest_word(source: str, word: str) -> None:
    assert longest_word(*alternatives_of(source)) == word


@pytest.mark.parametrize(("source", "begun"), BEGUN)
def test_what_each_match_begins_with(source: str, begun: str) -> None:
    assert beginning(*alternatives_of(source)) == begun
