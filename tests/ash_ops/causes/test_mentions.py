"""A message that is mentioned raises no alarm, whatever ids it holds; the same message alone has its cause."""

from __future__ import annotations

from typing import Final

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.speech.mentions import is_mentioned
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_other_words import OURS

MENTIONS: Final = {
    "mended": ('"', '" was fixed by the last release.'),
    "never seen": ('We never saw "', '" on this service.'),
    "to be avoided": ('How do I avoid "', '"?'),
    "does it happen": ('Does "', '" happen on Fargate?'),
    "its meaning in general": ('What would "', '" mean in general?'),
    "over since yesterday": ('Yesterday we had "', '", it is resolved now and has not come back.'),
    "advice": ('If you see the message "', '", check the configuration of your task.'),
    "a page of help": ("You might receive the following error: ", " To resolve it, see the guide."),
    "a condition": ('if "', '" in str(error):\n    return True'),
    "a rule of alerts": (
        'alert:\n  name: ash-errors\n  query: message:"',
        '"\n  threshold: 5',
    ),
    "to be done": (f'# {"todo".upper()}: handle "', '"'),
    "a commit": ('git log --oneline\nab12cd3 fix: handle "', '"'),
    "a change": ("- Improved the message shown for: ", ""),
    "expected": ("INFO ignoring expected error: ", " (already handled)"),
    "an alarm that is over": ("[RESOLVED] ", "\nAll alarms are back to OK."),
    "tried again": ("WARN ", "; retrying in 1s\nINFO attempt 2 succeeded"),
    "avoided, in German": ('Wie vermeide ich "', '"?'),
    "mended, in German": ('Der Fehler "', '" ist behoben, alles läuft wieder.'),
    "mended, in French": ('L\'erreur "', '" a été corrigée hier, tout fonctionne.'),
    "its meaning, in Spanish": ('¿Qué significa "', '" en general?'),
}  # fmt: skip


def _short() -> list[tuple[str, frozenset[str], str]]:
    """Messages of one line, as one quotes them; JSON and what is quoted itself is not."""
    few = [(name, causes, " ".join(text.split())) for name, causes, text in OURS[3::12]]
    return [row for row in few if len(row[2]) < 160 and not set('{"`') & set(row[2])]


@pytest.mark.parametrize("mention", MENTIONS)
def test_a_message_that_is_mentioned_raises_no_alarm(mention: str) -> None:
    before, after = MENTIONS[mention]
    tried, alarms = 0, {}
    for name, accepted, text in _short():
        cause = CAUSES.get(answers(text)[0][0])
        if cause is None or cause.slug not in accepted or cause.severity == "info":
            continue
        tried += 1
        got, severity = answers(before + text + after)[0]
        if severity not in (None, "info"):
            alarms[name] = got
    assert tried > 60
    assert len(alarms) <= 0.02 * tried, alarms


REPORTED: Final = """
'the pull was denied' was fixed by the last release, but it is back since noon
we never saw 'the pull was denied' before the update of today
why do i get 'the pull was denied' on fargate?
how do i fix 'the pull was denied'?
what does 'the pull was denied' mean?
what does it mean 'the pull was denied'?
how can i handle this error: 'the pull was denied'?
如何处理'the pull was denied'?
wie kann ich 'the pull was denied' beheben?
if i start the task, the log says 'the pull was denied'
when the task starts, i see 'the pull was denied'
the task fails with 'the pull was denied' and the todo of the team does not help
der fehler 'the pull was denied' ist behoben, aber seit heute wieder da
failed to run the query 'select 1': the pull was denied
status 403 trying to pull repository: 'the pull was denied'
attempt 2 failed: the pull was denied
ignoring the cache, the pull was denied
"""


def test_a_message_that_is_reported_is_not_mentioned() -> None:
    for text in REPORTED.strip().splitlines():
        assert not is_mentioned(text), text


COUNTED: Final = """
# help image_pull_denied_total number of times the pull was denied.
# type image_pull_denied_total counter
aws_api_errors_total{code="accessdenied",service="ecs"} 0
accessdeniedexception: 0
export class accessdeniederror extends error {
"""


def test_a_counter_that_counted_nothing_and_a_class_report_nothing() -> None:
    for text in COUNTED.strip().splitlines():
        assert is_mentioned(text), text
    assert not is_mentioned('aws_api_errors_total{code="accessdenied",service="ecs"} 7')
    assert not is_mentioned("accessdeniedexception: 0 of 3 tasks started")
    assert not is_mentioned("'the pull was denied' was fixed" + " and so on" * 60)
