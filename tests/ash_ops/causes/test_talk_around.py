"""What a person says around a message changes nothing of what it is."""

from __future__ import annotations

from typing import Final

import pytest

from ash_ops.causes import CAUSES
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_other_words import OURS

TALK: Final = {
    "a question before": ("Getting this in prod since 2am, anyone seen it before?\n\n", ""),
    "a question after": ("", "\n\nAny ideas?"),
    "thanks": ("We moved yesterday, now nothing starts. Message:\n\n", "\n\nThanks in advance!"),
    "a mail": (
        "Subject: URGENT\n\nHello team,\n\nplease find below what we received.\n\n",
        "\n\nBest regards,\nJane",
    ),
    "a mail in German": (
        "Von: Jane\nAn: Team\nBetreff: Ausfall\n\nHallo zusammen,\n\nim Log steht seit heute dies:\n\n",
        "\n\nViele Grüße\nJane",
    ),
    "a chat": ("[10:31] Jane Doe: morning\n[10:32] Jane Doe: ", ""),
    "a question and a quote": ('Q: what is this? "', '"'),
    "steps": ("1) opened the app\n2) sent a message\n3) got this: ", ""),
    "an incident": ("Incident 4711, on-call saw the following:\n\n", "\n\nNext steps: find out."),
}


@pytest.mark.parametrize("talk", TALK)
def test_a_message_within_what_a_person_says_has_its_cause(talk: str) -> None:
    before, after = TALK[talk]
    tried, other = 0, {}
    for name, accepted, text in OURS[1::8]:
        cause = CAUSES.get(answers(text)[0][0])
        if cause is None or cause.slug not in accepted or cause.severity == "info":
            continue
        tried += 1
        if (got := answers(before + text + after)[0][0]) not in accepted:
            other[name] = got
    assert tried > 150
    assert len(other) <= 0.02 * tried, other
