"""Messages are understood however they were wrapped on their way to the paste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.causes.evidence import texts
from tests.ash_ops.causes.remembered import answers, reading_of, told
from tests.ash_ops.causes.wrappings import WRAPPINGS, Pasted, fits, pasted, rows

EVERY = [*rows("labelled.jsonl"), *rows("incidents.jsonl")]
NORMAL = [row for row in EVERY if row.get("negative")]
CASES = pytest.mark.parametrize(("name", "wrap"), WRAPPINGS.items(), ids=WRAPPINGS)
_MOST = 0.03
"""The part that may be missed."""
_IN = 5
"""Of so many messages one is answered in each wrapping, in the next wrapping another one."""


def understood(row: dict[str, Any], text: Pasted) -> bool:
    return answers(text)[0][0] in {row["cause"], *row.get("also_accept", [])}


def utterances(text: Pasted) -> list[str]:
    """What is read in a text, without blanks: a wrapping may break words."""
    reading = reading_of(text)
    fields = [said for m in reading.messages for _, said in texts(dict(m.fields), "", 8)]
    return ["".join(said.split()) for said in (*(e.text for e in reading.entries), *fields)]


PLAIN = {row["id"]: utterances(pasted(row)) for row in EVERY}


def read_whole(row: dict[str, Any], text: Pasted) -> bool:
    """Whether all that is read in a message is read in its wrapping, too."""
    found = "".join(utterances(text))
    return all(said in found for said in PLAIN[row["id"]])


def missed(cases: list[tuple[dict[str, Any], Pasted]]) -> list[str]:
    return [row["id"] for row, text in cases if not understood(row, text)]


def test_there_are_many_wrappings() -> None:
    assert len(WRAPPINGS) >= 40


@CASES
def test_messages_keep_their_causes(name: str, wrap: Callable[[str], Pasted]) -> None:
    """All are read; a share is answered, and what is not read as it stands; all where much is missed."""
    place = list(WRAPPINGS).index(name)
    fitting = [(row, wrap(pasted(row))) for row in EVERY if fits(name, row)]
    rest = [case for number, case in enumerate(fitting) if number % _IN != place % _IN]
    of_share = missed(fitting[place % _IN :: _IN])
    of_rest = missed([case for case in rest if not read_whole(*case)])
    if _IN * len(of_share) + len(of_rest) > _MOST * len(fitting):
        of_rest = missed(rest)
    assert len(of_share) + len(of_rest) <= _MOST * len(fitting), of_share + of_rest


@CASES
def test_what_is_normal_stays_normal(name: str, wrap: Callable[[str], Pasted]) -> None:
    alarms = [
        row["id"]
        for row in NORMAL
        if fits(name, row)
        and not understood(row, text := wrap(pasted(row)))
        and answers(text)[0][1] in ("error", "warning")
    ]
    assert not alarms


def test_texts_that_are_read_alike_are_answered_alike() -> None:
    """What is remembered of one text holds for the other: a few pairs are answered anew."""
    pairs = [(row, wrap) for row in EVERY for wrap in WRAPPINGS.values()][::89]
    differ = [
        row["id"] for row, wrap in pairs if told(wrap(pasted(row))) != answers(wrap(pasted(row)))
    ]
    assert not differ
