"""A paste with two failures: each that is told alone is told of both together."""

from __future__ import annotations

from random import Random

import pytest

from ash_ops.causes.explain import explain
from ash_ops.causes.resemblance.weighed import BY_LIKENESS
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.wrappings import rows

ROWS = {row["id"]: row for row in rows("worded.jsonl")}
# Before stretches counted, every one of these lost the second.
APART = [
    ("kd-095", "v10-0666"), ("ne-232", "ib-430"), ("w14c-035", "kb-102"), ("w10-089", "w10-138"), ("w12-070", "is-070"), ("ka-315", "nb-103"),
    ("w14c-096", "w9-241"), ("lb-029", "ke-064"), ("nb-015", "ip-d069"), ("ka-211", "ia-112"), ("ip-f023", "nf-m164"), ("w15b-001", "w9-161"), ("hm-n09", "w9-073"),
]  # fmt: skip


def lead(text: str) -> str:
    return answers(text)[0][0]


def causes(text: str) -> list[str]:
    return [cause for cause, _ in answers(text)]


def dated(first: str, second: str) -> str:
    """Both as entries of one log."""
    lines = [
        f"2026-03-0{day}T10:1{number % 6}:00.123Z ERROR {line}"
        for day, text in ((1, first), (2, second))
        for number, line in enumerate(text.split("\n"))
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("pair", APART)
def test_blank_lines_part_two_failures(pair: tuple[str, str]) -> None:
    first, second = (ROWS[name]["text"] for name in pair)
    assert {lead(first), lead(second)} <= {*causes(f"{first}\n\n{second}")}


def is_known(text: str) -> bool:
    """Whether a signature tells of a failure in it: likeness is asked for one cause of all that was pasted."""
    answer = explain(text)[0].answer
    by_likeness = bool(answer.why) and answer.why[0].source.startswith(BY_LIKENESS)
    return answer.severity in ("error", "warning") and not by_likeness


def test_most_pairs_are_told_whole() -> None:
    ours = [
        row["text"]
        for row in ROWS.values()
        if row["ours"] and not row["cause"].startswith("healthy") and len(row["text"]) < 600
    ]
    some = Random(9).sample(ours, 960)
    known = [text for text in some if is_known(text)]
    pairs = [(a, b) for a, b in zip(known[::2], known[1::2], strict=False) if lead(a) != lead(b)]
    assert len(pairs) >= 320
    for join, most in ((lambda a, b: f"{a}\n\n{b}", 0.15), (dated, 0.25)):
        lost = [(a, b) for a, b in pairs if not {lead(a), lead(b)} <= {*causes(join(a, b))}]
        assert len(lost) <= most * len(pairs), lost


@pytest.mark.parametrize(
    "text",
    [
        # Neighbouring lines of one message: the second says what the first comes of.
        "Error: listen EADDRINUSE: address already in use 0.0.0.0:4100\ncurl: (52) Empty reply from server",
        "FATAL: password authentication failed for user \"ash\"\nconnection reset by peer",
    ],
)  # fmt: skip
def test_weak_words_beside_a_root_are_no_second_failure(text: str) -> None:
    assert len(causes(text)) == 1
