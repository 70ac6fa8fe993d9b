"""Messages are understood however they were wrapped on their way to the paste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.causes.explain import explain
from tests.ash_ops.causes.wrappings import WRAPPINGS, Pasted, fits, pasted, rows

EVERY = [*rows("labelled.jsonl"), *rows("incidents.jsonl")]
NORMAL = [row for row in EVERY if row.get("negative")]
CASES = pytest.mark.parametrize(("name", "wrap"), WRAPPINGS.items(), ids=WRAPPINGS)


def understood(row: dict[str, Any], text: Pasted) -> bool:
    return explain(text)[0].answer.cause in {row["cause"], *row.get("also_accept", [])}


def test_there_are_many_wrappings() -> None:
    assert len(WRAPPINGS) >= 40


@CASES
def test_messages_keep_their_causes(name: str, wrap: Callable[[str], Pasted]) -> None:
    fitting = [row for row in EVERY if fits(name, row)]
    missed = [row["id"] for row in fitting if not understood(row, wrap(pasted(row)))]
    assert len(missed) <= 0.03 * len(fitting), missed


@CASES
def test_what_is_normal_stays_normal(name: str, wrap: Callable[[str], Pasted]) -> None:
    alarms = [
        row["id"]
        for row in NORMAL
        if fits(name, row)
        and not understood(row, text := wrap(pasted(row)))
        and explain(text)[0].answer.severity in ("error", "warning")
    ]
    assert not alarms
