"""What is looked at first, to spare the long look, passes over nothing that this would find."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ash_ops.redact import beneath, beside, redact, runs, tokens, values

_PIECES = ["secrets", "Tokens", "API-KEYS", "creds", ":", "=", "{", "}", "\n", " ", "  - ", "\t", '"', "\\", "a1b2c3d4", "name"]  # fmt: skip
_HANDS = ["request id: ", "x-amz-cf-id=", "Integrity ", "h1:", "sha256:", "sha256", "host id\"", "id-2:\n", "identity ", ""]  # fmt: skip
LINES = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@settings(max_examples=500)
@given(LINES)
@example("Tokens:\n  - a1b2c3d4\n")
@example('"secrets": {"name": "a1b2c3d4"}')
def test_a_block_beneath_a_name_is_seen_by_its_opening(text: str) -> None:
    if beneath._BLOCK.search(text) or beneath._OBJECT.search(text):
        assert beneath._opens_a_block(text.lower())


@settings(max_examples=300)
@given(st.data())
def test_each_key_of_a_form_has_the_letters_that_are_looked_for(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([key for _, key in tokens._PREFIXED]))
    text = data.draw(st.from_regex(re.compile(key, re.ASCII)))
    assert tokens._beginning(key) in text
    assert tokens._letters(key) in text


@settings(max_examples=300)
@given(st.data())
def test_a_key_is_found_by_its_form_when_its_digits_are_noughts(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([key for _, key in tokens._PREFIXED]))
    text = data.draw(st.from_regex(re.compile(key, re.ASCII)))
    alike = re.compile(tokens._without_digits(key), re.ASCII)
    assert alike.search(re.sub("[0-9]", "0", text))


@pytest.mark.parametrize(
    "secret",
    ["r8_" + "aB3" * 9, "ya29." + "aB3" * 9, "e2b_" + "0a1b" * 8, "A3-" + "AB123-" * 4 + "AB123"],
)
def test_a_key_with_digits_in_front_is_found_in_a_long_text(secret: str) -> None:
    assert secret not in redact("a line of a log that says nothing 17\n" * 200 + secret)


@given(st.text(alphabet="ab AB01:='\"\n-", max_size=20), st.sampled_from(_HANDS))
@example("", "request id: ")
@example("", "RequestID\u2003= ")
@example("", "h1:")
def test_what_is_handed_back_is_seen_by_the_letter_before(text: str, said: str) -> None:
    before = (text + said)[-40:]
    assert runs._is_handed_back(before) == (runs._HANDED_BACK.search(before) is not None)


_PROSE_HINTS = re.compile(r"(?:pass|pwd|key|token)\w{0,6}(?:[ \t]|\||:)")


@given(st.lists(st.sampled_from(["pass", "key", "token", "pwd", " ", ":", "|", "word", "é", "\n"])))
def test_a_name_in_prose_is_seen_by_what_stands_behind_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = any(beside._names_in_prose(word, text) for word in beside._IN_PROSE)
    assert found == (_PROSE_HINTS.search(text) is not None)


@given(st.text(alphabet="abcABC019", max_size=60))
def test_a_part_is_random_by_its_words_and_the_changes_of_its_kinds(part: str) -> None:
    kinds = ["A" if c.isupper() else "a" if c.islower() else "0" for c in part]
    words = sum(map(len, re.findall(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}", part)))
    changes = sum(a != b for a, b in pairwise(kinds))
    mixed = {"a", "A"} <= set(kinds) and ("0" in kinds or len(part) >= 24)
    told = mixed and words * 2 < len(part) and changes * 10 >= len(part) * 3
    assert values._is_random(part) == (len(part) >= 8 and told)
