from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ash_ops.checks.catalogue  # noqa: F401 - imported for its effect: what declares most expressions is loaded
from ash_ops.patterns import Expression, regex
from ash_ops.patterns.needed import key
from tools.listed import sources


def declared() -> Iterator[tuple[str, Expression]]:
    """The expressions of the modules that are loaded, each with the place of its declaration."""
    loaded = [(n, m) for n, m in list(sys.modules.items()) if n.startswith("ash_ops.")]
    for module, members in ((n, vars(m)) for n, m in loaded):
        yield from ((f"{module}.{n}", v) for n, v in members.items() if isinstance(v, Expression))


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


WORDED = Path(__file__).parents[1] / "data" / "causes" / "worded.jsonl"
TEXTS = [json.loads(line)["text"] for line in WORDED.read_text("utf-8").splitlines()]


SOURCES = sorted(set(sources()))


@pytest.mark.parametrize("source", SOURCES, ids=map(key, SOURCES))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_an_expression_finds_what_the_compiled_one_finds(source: str, data: st.DataObject) -> None:
    """Before it is compiled as after: in what it is made to match, and in pasted texts."""
    compiled = re.compile(source)
    pasted = st.sampled_from(TEXTS).map(lambda text: text[:300].lower())
    text = data.draw(st.one_of(st.from_regex(compiled), pasted))
    fresh = regex(source)
    assert isinstance(fresh, Expression)
    assert fresh.is_plain
    for quick, sure in (
        (fresh.search, compiled.search),
        (regex(source).match, compiled.match),
        (regex(source).fullmatch, compiled.fullmatch),
    ):
        told, known = quick(text), sure(text)
        assert (told and (told.span(), told.groupdict())) == (
            known and (known.span(), known.groupdict())
        )
    assert regex(source).sub("-", text) == compiled.sub("-", text)


def test_what_hides_secrets_is_never_taken_in_parts() -> None:
    hiding = {name: one for name, one in declared() if ".redact." in name}
    assert len(hiding) > 30
    assert not [name for name, one in hiding.items() if one.is_plain]


def test_of_an_expression_only_what_a_text_asks_for_is_compiled() -> None:
    """An alternative that is no expression fails when a text has its words, and not before."""
    broken = regex("refused by|some words[")
    assert broken.search("nothing") is None
    assert broken.sub("", "nothing") == "nothing"
    assert broken.search("refused by it")
    with pytest.raises(re.error):
        broken.search("some words[")


def test_an_expression_that_is_used_often_is_compiled() -> None:
    often = regex("some word")
    for _ in range(20):
        assert often.search("no such") is None
    assert "search" in vars(often)


def test_letters_outside_ascii_are_left_to_the_compiled_one() -> None:
    assert regex("kelvin", re.IGNORECASE).search("300 \N{KELVIN SIGN}ELVIN")
    assert regex("KELVIN", re.IGNORECASE).search("300 kelvin")
    assert regex("(?i)KELVIN").search("300 kelvin")
