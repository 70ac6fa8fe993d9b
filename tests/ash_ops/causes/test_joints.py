"""A line that a terminal broke in the middle of a word is read as it was before, whatever stands in front of it."""

from __future__ import annotations

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.reading import read
from ash_ops.causes.speech.joints import strange
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_other_words import OURS

PREFIXES = ("", "2026-11-28T05:00:01.123Z ", "ash-1  | ", "Nov 28 05:00:01 ip-10-0-1-5 ash[1234]: ")


def cut(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


@pytest.mark.parametrize("width", [73, 80, 120])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_message_that_a_terminal_cut_keeps_its_cause(prefix: str, width: int) -> None:
    tried, other = 0, {}
    for name, accepted, text in OURS[1::9]:
        cause = CAUSES.get(answers(text)[0][0])
        if "\n" in text or len(text) < width or cause is None or cause.slug not in accepted:
            continue
        tried += 1
        if (got := answers(cut(prefix + text, width))[0][0]) not in accepted:
            other[name] = got
    assert tried > 50
    assert len(other) <= 0.04 * tried, other


def test_what_is_cut_thrice_at_one_width_is_read_in_one_way() -> None:
    said = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/acme/ash:1 "
    said += "because the registry does not know it, and nobody has said why it should"
    entry = read(cut(said, 44)).entries[0]
    assert (entry.text, entry.tight) == (said, "")


def test_a_reading_with_words_that_nobody_uses_is_the_stranger_one() -> None:
    spaced, tight = "check the documen tation", "check the documentation"
    assert strange(spaced, tight) > strange(tight, spaced)
    assert strange(tight, tight) == 0
