"""What a long text holds is listed first; every hint is found as in the text itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ash_ops.redact import redact
from ash_ops.redact.held import OF_NAMES, Held
from ash_ops.redact.named import kind_of
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
    told = {re.sub("[0-9]", "0", name) for name in found if "key" in name.lower()}
    assert Held(LONG + text).names(["key"]) == told


@given(st.lists(st.sampled_from(["s3", "i18n", "Key", "key", "_", "2", "v7", "auth", "base64", "Pat", "Old", "db"])))  # fmt: skip
def test_a_name_of_a_secret_is_one_with_noughts_for_its_digits(pieces: list[str]) -> None:
    name = "".join(pieces)
    assert kind_of(name) is None or kind_of(re.sub("[0-9]", "0", name)) is not None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_masked_alone_is_masked_among_many_lines(kind: Kind) -> None:
    assert redact(f"{LONG}\n{kind.text}\n{LONG}") == f"{LONG}\n{redact(kind.text)}\n{LONG}"
