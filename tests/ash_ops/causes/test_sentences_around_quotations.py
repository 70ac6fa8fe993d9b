"""A message in quotes is told where the sentence around it reports it, and nowhere else."""

from __future__ import annotations

from typing import Final

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.explain import explain
from ash_ops.causes.speech.frames import is_a_setting, is_no_report, lists_messages
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_other_words import OURS

NO_REPORTS: Final = {
    "asked in general": """
        Is "{}" logged by default?
        Where can I find a list of errors like "{}"?
        How can I create an alarm for "{}"?
        Should our client retry on "{}"?
        Is it safe to ignore "{}"?
        Could "{}" ever happen with two zones?
        Kann "{}" auf Fargate vorkommen?
        ¿Puede aparecer "{}" en Fargate?
        O erro "{}" pode acontecer no Fargate?
        Fargateで「{}」は発生しますか
        Under which conditions does ECS print "{}"?
        Was würde "{}" bedeuten?
        """,
    "absent": """
        No occurrences of "{}" in the last 24 hours.
        0 matches for "{}"
        "{}" stopped appearing after we raised the memory.
        It was not "{}", we checked that first.
        We ruled out "{}" already.
        I do not see "{}" anywhere in the logs.
        "{}" has not been seen for two weeks.
        Searched the log for "{}": nothing.
        The old cluster used to fail with "{}", the new one does not.
        Seit der Migration gibt es kein "{}" mehr.
        """,
    "supposed": """
        Suppose the task stops with "{}". What happens to the volume?
        I am worried that we might get "{}" next week.
        In case of "{}" call the one on duty.
        To test the alarm we will simulate "{}" tomorrow at 10.
        In that case the API answers "{}".
        The validator rejects it with "{}" when the field is empty.
        """,
    "written about": """
        Please translate "{}" into German.
        For example, the console shows "{}".
        I am writing a blog post about "{}" and look for good sources.
        The PR that removes "{}" got merged.
        Added a unit test for "{}".
        - [ ] write docs for "{}"
        [CLOSED] "{}" - mended in 2.3.1
        Wo ist "{}" dokumentiert?
        """,
    "code": """
        it("returns 500 on '{}'", async () => {
        self.assertIn("{}", output)
        re.compile(r"{}")
        case "{}": return retry();
        ERR_MESSAGE = "{}"
        "errors.start": "{}",
        ignore_errors = ["{}"]
        echo "{}" >&2; exit 1
        WHEN message LIKE '%{}%' THEN 'infra'
        index=prod "{}" | timechart count
        """,
}
REPORTS: Final = {
    "of a failure": """
        ECS task fails with "{}"
        "{}" when deploying to Fargate
        [bug] "{}" on every deploy
        The stopped reason is "{}"
        Task stopped ("{}")
        Whenever I deploy, "{}" appears
        It is not the image. The message is "{}"
        Error log contains "{}" 14 times
        deploy.sh exited with 1 and printed "{}"
        "{}" is not helpful, which role is meant?
        "{}" keeps coming back
        Beim Deploy kommt "{}"
        """,
    "of one who asks": """
        How do I get rid of "{}"?
        Can someone explain why we see "{}"?
        Would be great to know how to fix "{}"
        Does anyone know what to do about "{}"?
        Is there a way around "{}"?
        Is "{}" the reason why my task does not start?
        What do I have to change when ECS says "{}"?
        """,
    "beside words of others": """
        Since we merged the PR for the new role we get "{}"
        CloudWatch alarm says "{}"
        I followed the docs and still get "{}"
        The unit tests pass but in production it ends with "{}"
        Our blog post service on ECS dies with "{}"
        I used to be able to deploy, now "{}"
        We migrated last month and today it said "{}"
        Documented steps followed, result: "{}"
        """,
}


def _messages() -> list[tuple[str, frozenset[str], str]]:
    """Messages of one line without quotes of their own, as one quotes them."""
    found = []
    for name, accepted, text in OURS[7::40]:
        said = " ".join(text.split())
        cause = CAUSES.get(answers(said)[0][0]) if len(said) < 170 else None
        plain = not set("{\"`'") & set(said) and "\\" not in said
        if plain and cause and cause.slug in accepted and cause.severity != "info":
            found.append((name, accepted, said))
    return found


def _frames(lines: str) -> list[str]:
    return [line.strip() for line in lines.strip().splitlines()]


@pytest.mark.parametrize("kind", NO_REPORTS)
def test_a_quotation_that_reports_nothing_raises_no_alarm(kind: str) -> None:
    tried, alarms = 0, []
    for frame in _frames(NO_REPORTS[kind]):
        for name, _, said in _messages():
            tried += 1
            if answers(frame.replace("{}", said))[0][1] not in (None, "info"):
                alarms.append((name, frame))
    assert tried > 60
    assert len(alarms) <= 0.02 * tried, alarms


@pytest.mark.parametrize("kind", REPORTS)
def test_a_quotation_that_is_reported_keeps_its_cause(kind: str) -> None:
    tried, lost = 0, []
    for frame in _frames(REPORTS[kind]):
        for name, accepted, said in _messages():
            tried += 1
            if answers(frame.replace("{}", said))[0][0] not in accepted:
                lost.append((name, frame))
    assert tried > 60
    assert len(lost) <= 0.05 * tried, lost


def test_a_list_of_what_is_passed_over_is_none_of_what_came_about() -> None:
    assert lists_messages("ignore_errors = ")
    assert not lists_messages("errors = ")
    assert is_a_setting('"errors.start": "the pull was denied",')
    assert not is_a_setting('"error.message": "the pull was denied",')


def test_what_is_said_after_all_is_a_report() -> None:
    said = "the pull was denied"
    assert is_no_report("we ruled out §", said)
    assert not is_no_report("we ruled out § at first, but it is there", said)
    assert not is_no_report("instead of §: the pull was denied", said)


def test_what_an_interface_may_answer_is_none_that_it_gave() -> None:
    said = "CannotPullContainerError: pull access denied for ghcr.io/acme/ash"
    shown = f'{{"example": {{"stoppedReason": "{said}"}}}}'
    schema = f'{{"reason": {{"type": "string", "description": "for example: {said}"}}}}'
    assert [answers(text)[0][0] for text in (shown, schema)] == ["unknown", "unknown"]
    assert explain(f'{{"stoppedReason": "{said}"}}')[0].answer.cause == "image-pull-denied"
