"""Messages as pages explain them, in several languages, and as people paste them in threads about rare programs.

All were labelled before they were first answered: of what pages explain 517 of 639 were right then, of the threads 983 of
1,239. Likeness learns from these texts too: that they are answered says that learning holds, and nothing of texts that
nobody has seen (docs/explain.md, "How well it does").
"""

from __future__ import annotations

import re

import pytest

from ash_ops.causes import CAUSES, UNKNOWN
from ash_ops.causes.explain import explain
from ash_ops.causes.resemblance.weighed import SPOKEN_OF
from ash_ops.report.explanation import lines
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_worded import ALARMS, accepted
from tests.ash_ops.causes.wrappings import rows

LEAST = {"pages.jsonl": (500, 130), "threads.jsonl": (1_700, 330)}
"""Each file, and how many texts of ours and of others it holds at least."""


@pytest.mark.parametrize("file", LEAST)
def test_what_a_text_is_about_gets_its_cause(file: str) -> None:
    ours = [row for row in rows(file) if row["ours"]]
    missed = {
        row["id"]: got for row in ours if (got := answers(row["text"])[0][0]) not in accepted(row)
    }
    wrong = {name for name, got in missed.items() if got != UNKNOWN}
    assert len(missed) <= 0.12 * len(ours), missed
    assert len(wrong) <= 0.04 * len(ours), wrong


@pytest.mark.parametrize("file", LEAST)
def test_texts_of_other_programs_and_sound_ones_raise_no_alarm(file: str) -> None:
    others = [row for row in rows(file) if not row["ours"]]
    alarms = {
        row["id"]: told
        for row in others
        if (told := [c for c, s in answers(row["text"]) if s in ALARMS and c not in accepted(row)])
    }
    assert len(alarms) <= 0.06 * len(others), alarms


@pytest.mark.parametrize("file", LEAST)
def test_each_tells_its_source_and_names_causes_that_exist(file: str) -> None:
    every = rows(file)
    ours = sum(row["ours"] for row in every)
    assert ours >= LEAST[file][0]
    assert len(every) - ours >= LEAST[file][1]
    assert not [row["id"] for row in every if not row["source"]]
    assert {name for row in every for name in accepted(row)} <= {*CAUSES, UNKNOWN}


PASSAGE = (
    "## Task stopped: Timeout waiting for network interface provisioning to complete\n\n"
    "You may see this error in the console as the reason a task stopped. It means that ECS timed "
    "out while it provisioned the elastic network interface of the task."
)
MENTIONS = [
    'Why do Fargate tasks sometimes fail with "Timeout waiting for network interface provisioning to complete"?',
    f"{PASSAGE}\nThe error is gone since the last release, and all checks are green.",
    (
        "Resources:\n  Timeouts:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n"
        "      FilterPattern: Timeout waiting for network interface provisioning to complete\n"
    ),
    f"{PASSAGE}\n\n    if 'network interface provisioning' in reason:\n        raise Timeout(reason)",
]


def test_a_passage_about_a_message_is_told_by_its_words_and_changes_nothing() -> None:
    first = explain(PASSAGE)[0]
    assert first.answer.cause == "eni-provision-timeout"
    assert first.answer.why[0].source.startswith(SPOKEN_OF)
    assert any("does not say that it happened here" in line for line in lines([first]))
    commands = [step.command for step in (*first.proof(), *first.repair()) if step.command]
    assert commands
    assert not [
        c for c in commands if re.search(r" (?:update|delete|put|create|modify)-|\bdeploy\b", c)
    ]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_a_program_and_what_is_over_are_no_passage(text: str) -> None:
    assert explain(text)[0].answer.severity not in ALARMS
