"""Messages as people paste them in threads about all sorts of programs that run where Ash may: rare ones, above all.

They were labelled by what the threads found out before they were first answered. Then four of five got
their cause, 6 of 100 another, and a tenth of those of others alarmed (docs/explain.md, "How well it does"). Likeness has
learned from them since: that they are answered says that learning holds, and nothing of texts that nobody has seen.
"""

from __future__ import annotations

from ash_ops.causes import CAUSES, UNKNOWN
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_worded import ALARMS, accepted
from tests.ash_ops.causes.wrappings import rows

THREADS = rows("threads.jsonl")
OURS = [row for row in THREADS if row["ours"]]
OTHERS = [row for row in THREADS if not row["ours"]]


def test_what_a_thread_is_about_gets_its_cause() -> None:
    missed = {
        row["id"]: got for row in OURS if (got := answers(row["text"])[0][0]) not in accepted(row)
    }
    wrong = {name for name, got in missed.items() if got != UNKNOWN}
    assert len(missed) <= 0.12 * len(OURS), missed
    assert len(wrong) <= 0.04 * len(OURS), wrong


def test_threads_about_other_products_raise_no_alarm() -> None:
    alarms = {
        row["id"]: told
        for row in OTHERS
        if (told := [c for c, s in answers(row["text"]) if s in ALARMS and c not in accepted(row)])
    }
    assert len(alarms) <= 0.06 * len(OTHERS), alarms


def test_each_tells_its_source_and_names_causes_that_exist() -> None:
    assert len(OURS) >= 1_700
    assert len(OTHERS) >= 330
    assert not [row["id"] for row in THREADS if not row["source"]]
    assert {name for row in THREADS for name in accepted(row)} <= {*CAUSES, UNKNOWN}
