from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

import ash_ops.checks.catalogue  # noqa: F401 - imported for its effect: what declares most expressions is loaded
from ash_ops.patterns import _Pattern, regex


def declared() -> Iterator[tuple[str, _Pattern]]:
    """The expressions of the modules that are loaded, each with the place of its declaration."""
    loaded = [(n, m) for n, m in list(sys.modules.items()) if n.startswith("ash_ops.")]
    for module, members in ((n, vars(m)) for n, m in loaded):
        yield from ((f"{module}.{n}", v) for n, v in members.items() if isinstance(v, _Pattern))


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("")


def test_it_does_what_the_compiled_one_does() -> None:
    lazy, compiled = regex(r"(?P<n>\d+)", re.ASCII), re.compile(r"(?P<n>\d+)", re.ASCII)
    text = "a12b3"
    assert lazy.findall(text) == compiled.findall(text)
    assert lazy.sub("-", text) == compiled.sub("-", text)
    assert [m["n"] for m in lazy.finditer(text)] == ["12", "3"]
    assert lazy.groupindex == compiled.groupindex
    assert lazy.flags == compiled.flags


def test_a_text_of_bytes_is_looked_for_in_bytes() -> None:
    assert regex(rb"\d").findall(b"a1") == [b"1"]


def test_every_expression_that_waits_to_be_used_is_one() -> None:
    found = dict(declared())
    assert len(found) > 100
    for expression in found.values():
        assert expression.pattern
