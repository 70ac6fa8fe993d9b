"""What a long text holds is listed first; every hint is found as in the text itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ash_ops.redact import redact
from ash_ops.redact.held import OF_NAMES, Held
from tests.ash_ops.redact.kinds import KINDS, Kind

_PIECES = ["key", "Key", "api", "PAT", "path", "é", "ñ", "\u212a", "7z", "=", "%40", "%", "$", "-", "_", ".", "/", ":", " ", "\n", "é_key", "x9"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
LONG = " of no matter.\n" * 250
"""Lines that hold no secret and no part of a hint, so many that the words are listed."""


@given(TEXTS, TEXTS)
@example("see \u212aey", "key")
@example("a%40b", "%40")
@example("a 40%", "%40")
def test_a_hint_is_found_as_in_the_text(text: str, hint: str) -> None:
    held = Held(LONG + text)
    assert held.is_long
    assert held.has(hint.lower()) == (hint.lower() in held.lower)
    assert held.has_written(hint) == (hint in held.text)
    assert held.may_have(hint.lower()) or hint.lower() not in held.lower


@given(TEXTS)
@example("a$b_key")
def test_each_name_with_a_part_is_told(text: str) -> None:
    found = re.findall(rf"[{re.escape(OF_NAMES)}\x80-\U0010ffff]+", text)
    assert Held(LONG + text).names(["key"]) == {name for name in found if "key" in name.lower()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_masked_alone_is_masked_among_many_lines(kind: Kind) -> None:
    assert redact(f"{LONG}\n{kind.text}\n{LONG}") == f"{LONG}\n{redact(kind.text)}\n{LONG}"
