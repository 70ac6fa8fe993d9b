"""The same failure in the words of another program: what one "failed to" do, another "could not"."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes.classify import classify
from ash_ops.causes.explain import explain
from ash_ops.causes.matching import find
from ash_ops.causes.speech import other_words
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.wrappings import pasted, rows

FILES: Final = ("labelled", "incidents", "further", "newest_ours", "worded")
# What is said, and what another program says for it.
OTHER_WORDS: Final = (
    (r"\bcannot\b|\bcan't\b", "could not"),
    (r"\bcould not\b|\bcouldn't\b", "cannot"),
    (r"\bfailed to\b(?! resolve ref)", "was unable to"),
    (r"\bunable to\b", "failed to"),
    (r"\b(?:failed|unable) to\b(?! resolve ref)", "could not"),
    (r"\bcould not\b|\bcannot\b", "not able to"),
    (r"\bnot found\b", "could not be found"),
    (r"\bdo(?:es)? not exist\b", "was not found"),
    (r"\binvalid\b", "not valid"),
    (r"\bis not authorized to\b", "is unauthorized to"),
    (r"\baccess denied\b", "AccessDenied"),
    (r"\bfailure\b", "failed"),
)


def _ours() -> list[tuple[str, frozenset[str], str]]:
    told = []
    for row in chain.from_iterable(rows(f"{name}.jsonl") for name in FILES):
        cause = row.get("cause")
        if cause not in (None, "unknown") and row.get("ours") is not False:
            text = row.get("text") or pasted(row)
            told.append((str(row["id"]), frozenset({cause, *_also(row)}), str(text)))
    return told


def _also(row: dict[str, Any]) -> list[str]:
    return row.get("also_accept") or []


OURS: Final = _ours()


@pytest.mark.parametrize(("said", "else_said"), OTHER_WORDS, ids=[each[1] for each in OTHER_WORDS])
def test_a_failure_said_in_other_words_has_its_cause(said: str, else_said: str) -> None:
    pattern = re.compile(said, re.IGNORECASE)
    tried, other = 0, {}
    for name, accepted, text in OURS[::3]:
        changed = pattern.sub(else_said, text)
        if changed != text and answers(text)[0][0] in accepted:
            tried += 1
            if (got := answers(changed)[0][0]) not in accepted:
                other[name] = got
    assert tried >= 5
    assert len(other) <= 0.03 * tried + 1, other


def test_an_image_that_failed_to_resolve_is_no_name_that_could_not() -> None:
    text = "CannotPullContainerError: failed to resolve ref ghcr.io/acme/ash:1: not found"
    assert answers(text)[0][0] == "image-not-found"


def test_a_quote_stands_around_words_that_are_said_in_others() -> None:
    reason = "the role named in the task definition was not able to be used. " * 5
    text = f"{reason}ECS was not able to assume the role 'arn:aws:iam::1:role/ash'. {reason}"
    found = classify("stopped_task", {"stoppedReason": text})
    assert found.cause == "role-assume-failed"
    assert "not able to assume" in found.why[0].quote


def test_an_entry_is_told_once_though_it_is_read_in_two_ways() -> None:
    text = "Error: P1001: was unable to reach database server at `db:5432`"
    assert [entry.answer.cause for entry in explain(text)] == ["db-unreachable"]


@pytest.mark.parametrize("words", ["failed to push", "cannot push"])
def test_what_a_term_refuses_is_refused_in_other_words_too(words: str) -> None:
    text = f"{words} web:1 to .dkr.ecr."
    assert find(r"~^(?!.*\bfailed to push\b).*\.dkr\.ecr\.", text) is None
    assert find(r"~^(?!.*\bfailed to pull\b).*\bfailed to push\b", text)


def test_a_pattern_that_refuses_within_what_it_refuses_is_taken_apart() -> None:
    assert find(r"~^(?!.*(?:a[)(]|failed to (?!push)\w+)).", "failed to push")
    assert find(r"~^(?!.*(?:a[)(]|failed to (?!push)\w+)).", "cannot pull") is None


_PIECES: Final = (
    *(words for way in other_words._WAYS for words in (*way.held, way.said)),
    *[
        "un",
        "not",
        "was",
        "is",
        "are",
        "has",
        "have",
        "does",
        "no",
        "a",
        "be",
        "to",
        "found",
        "exist",
        "valid",
        "expired",
        "permission",
        "resolve",
        "ref",
    ],
)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map(" ".join))
def test_no_other_way_to_say_it_is_passed_over_for_want_of_a_word(text: str) -> None:
    said = text
    for way in other_words._WAYS:
        said = re.sub(way.others.pattern, way.said, said)
    assert other_words.alike(text) == said
