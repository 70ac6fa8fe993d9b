"""What is looked at first, to spare the long look, passes over nothing that this would find."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ash_ops.redact import beneath, tokens

_PIECES = ["secrets", "Tokens", "API-KEYS", "creds", ":", "=", "{", "}", "\n", " ", "  - ", "\t", '"', "\\", "a1b2c3d4", "name"]  # fmt: skip
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
