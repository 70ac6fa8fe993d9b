"""What a match begins with is looked at first: an expression finds with it what it finds without."""

from __future__ import annotations

import importlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.patterns import begun

GUARDED = [
    ("wrappings", "_DATED"), ("wrappings", "_MARKED"), ("wrappings", "_JOB_FRAME"), ("commands", "_ASKED"), ("labelled", "_INITIALS"),
    ("entries", "_STACK"), ("entries", "_COLUMNS"), ("entries", "_LEVELLED"), ("entries", "_FRAME"), ("entries", "_BEGINS_NOTHING"),
]  # fmt: skip


def _without_look(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The expression behind what stands in front of it."""
    depth = 0
    within = False
    for place, token in enumerate(re.findall(r"\\.|.", pattern.pattern, re.DOTALL)):
        within = token == "[" or (within and token != "]")
        depth += 0 if within else (token == "(") - (token == ")")
        if depth == 0:
            tokens = re.findall(r"\\.|.", pattern.pattern, re.DOTALL)
            return re.compile("".join(tokens[place + 1 :]), pattern.flags)
    raise AssertionError(pattern.pattern)


@pytest.mark.parametrize(("module", "name"), GUARDED)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_look_ahead_passes_over_no_match(module: str, name: str, data: st.DataObject) -> None:
    pattern = getattr(importlib.import_module(f"ash_ops.causes.reading.{module}"), name)
    slow = _without_look(pattern)
    text = data.draw(st.from_regex(slow)).lstrip("\n")
    for place in range(min(len(text), 12)):
        quick, told = pattern.match(text, place), slow.match(text, place)
        assert (quick and quick.span()) == (told and told.span())


def test_each_alternative_is_looked_at() -> None:
    pattern = begun("[ab]", "a|b|c")
    assert pattern.match("b")
    assert not pattern.match("c")
