"""Who speaks in general and who tells of a failure: sign by sign, title by title, document by document."""

from __future__ import annotations

from ash_ops.causes.calm import asserted
from ash_ops.causes.speech.changes import is_title
from ash_ops.causes.speech.documents import only_described
from ash_ops.causes.speech.general import is_general, sentences
from ash_ops.causes.speech.languages import without_general
from ash_ops.causes.speech.signs import is_doubtful, outweighs

PROSE = "of it and to us as to it there"
"""Small words enough for a sentence, and no sign of anything."""
TWO, TWO_MORE = "hence", "beware"
ONE_OWN, TWO_OWN, THREE_OWN = "now", "again", "my"
# What each sign weighs: words that make a sentence general ...
GENERAL = {
    1: "it can run|it may run|it needs to run|it has to, they have to run|when it ends|as soon as it ends|any secret is bare|some tasks are bare|tasks that lie bare|you need it|it waits",
    2: """users see it|people often ask it|[ ] do it|- [x] it|(optional) port|connectionerror or timeouterror|port_of_it: the number|explains it|it backs off|terminationnotice, or spotinterruption|documentation|a known issue lies
        feature request|note: it|used to run|until we ran|in 2019 it ran|in june it ran|back then|by default it runs|it tends to run|kudos|most cloud vendors run|as a rule|please add it|the exam covers it|pin it|reproduce it""",
}
# ... and words that tell of one failure.
PARTICULAR = {
    1: "it is still so|it keeps so|the port lies|this port lies|no port lies|unable to lie|failed so|was it|had it|it could not|it has run",
    2: """arn:aws:x|0123456789ab|i-0123456|10.0.0.1|on 2026-11-27|http://x|at 12:00:00|request id 7|today|since noon|for an hour|it lies all day|you are not it|you have reached it|deployment x crashed|its service x exited|container is stuck
        connecterror: x|its reason : x|a run dies : x|an error response""",
    3: "my port|it is ours|i get it|we're seeing it|we cannot|our task",
}  # fmt: skip


def words(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.strip().split("|")]


def said(*signs: str) -> str:
    first, *more = signs
    return " ".join((first, PROSE, *more))


def test_each_sign_of_speaking_in_general_has_its_weight() -> None:
    for weight, table in GENERAL.items():
        for sign in words(table):
            assert outweighs(said(sign, TWO, ONE_OWN)), sign
            assert outweighs(said(sign, TWO, TWO_OWN)) is (weight > 1), sign
            assert not outweighs(said(sign, TWO, THREE_OWN)), sign
            assert outweighs(said(sign)) is (weight > 1), sign


def test_each_sign_of_one_failure_has_its_weight() -> None:
    for weight, table in PARTICULAR.items():
        for sign in [*words(table), *(["x | y"] if weight == 2 else [])]:
            assert not outweighs(said(sign, TWO)), sign
            assert outweighs(said(sign, TWO, TWO_MORE)) is (weight < 3), sign
            assert outweighs(said(sign, TWO, TWO_MORE, ONE_OWN)) is (weight < 2), sign
            assert not is_doubtful(said(sign)), sign


def test_three_weak_signs_are_enough_and_two_are_not() -> None:
    assert outweighs(said("it can run", "when it ends", "you need it"))
    assert not outweighs(said("it can run", "when it ends"))
    assert not outweighs(said("it can run", "when it ends", "you need it", "again"))
    assert is_doubtful(said("it can run"))
    assert is_doubtful(said("it can run", ONE_OWN))
    assert not is_doubtful(said("it can run", TWO_OWN))
    assert not is_doubtful(said("so"))


def test_a_line_is_a_sentence_from_seven_words_and_two_small_ones_on() -> None:
    assert outweighs("beware x x x x of the")
    assert not outweighs("beware x x x of the")
    assert not outweighs("beware x x x x x the")
    assert is_doubtful("beware x x x x of the")
    assert not is_doubtful("beware x x x of the")
    # What is quoted has no say, from eight letters on.
    assert not outweighs(said("so", "'beware of it'"))
    assert outweighs(said("so", "'beware'"))
    assert outweighs(said("so", TWO, "'my own task'"))
    assert not is_doubtful(said("so", "'beware of it'"))


# Sentences that are general by their form, each with one that is not, for it tells of a failure of somebody's.
IN_GENERAL = """
ecs stops any container that is unhealthy|ecs stops any container that is ours
the load balancer returns a 503 when a target is gone|the load balancer returned a 503 at 12:00:00
tasks in private subnets require a way out of them|tasks in private subnets were refused a way out
once the limit is reached, tasks are refused a start|once the limit was reached, my tasks were refused
you deploy a stack and its tasks are refused a start|you deployed a stack and its tasks were refused
this page explains how tasks are refused|this task of mine was refused a start
unless it has a route, you see a timeout of the pull|unless it has a route, my pull runs into a timeout
avoid pulls that run into a timeout of it|avoided since noon: pulls run into a timeout
let us consider a pull that is refused for long|consider it: my pull is refused for long
in this post we look at pulls that are refused|in this subnet my pulls are refused at once
question 12: a pull is refused, and why is it|it is my question why a pull is refused
which solution of these meets it, a pull is refused|which of my pulls is refused, and why is it
the takeaway: pulls are refused by a policy|the takeaway was that our pulls are refused
people often ask why their pulls are refused|people of our team see that pulls are refused
how we fixed pulls that were refused for days|how it was fixed is not known, my pull is refused
this ticket asks for pulls that are not refused|this ticket: my pull is refused since noon
a chaos experiment refuses pulls for a while|my experiment refuses pulls for an hour
bugfix: report pulls that are refused as errors|bug: my pulls are refused, report pulls that are
release v1.2.3 - pulls that are refused are told|release of our app: pulls are refused
closes #12 as pulls are refused no longer|closes at once: my pulls are refused
added support for pulls that are refused once|added by me, but my support is refused
why is an image refused if a policy is right?|why is my image refused if a policy is right?
"""
REMEMBERED = """
we moved off docker hub because pulls of it were refused
last summer we spent a week on pulls that were refused
a year or months ago my pulls were refused for days
my pulls were refused but it has not recurred
my pulls were refused; resolved by another policy
"""


def test_a_sentence_is_general_by_its_form_unless_the_failure_is_somebody_s() -> None:
    for line in IN_GENERAL.strip().splitlines():
        general, told = line.split("|")
        assert is_general(general), general
        assert not is_general(told), told
        assert not is_general(f"my {general}"), general
        assert is_general(f" -*•>#({general}"), general
    for sentence in REMEMBERED.strip().splitlines():
        assert is_general(sentence), sentence
    assert is_general("avoid it " + "x" * 21)
    assert not is_general("avoid it " + "x" * 20)  # 29 letters are no sentence
    assert not is_general("months ago it was refused x x")


def test_a_text_is_taken_apart_at_the_ends_of_its_sentences() -> None:
    text = 'it is. so it is! is it? (yes) it "was." and 1. 5 e.g. x ... y'
    assert list(sentences(text)) == ["it is.", "so it is!", "is it?", '(yes) it "was." and 1.', "5 e.g.", "x ... y"]  # fmt: skip


# What changes are called, and what tells of a failure with the same words.
TITLES = """
add a retry when the pull is denied|retry the pull when it is denied|[api] fix: handle pulls when they are killed|fix(ecs)!: prevent pulls that are killed|logs the pulls that are killed|update docs of denied pulls|added a retry of denied pulls
fixed a pull that was denied|improve the pulls (one was denied)|prevent a crash caused by a pull that was denied|timeout handling|pulls of images (denied) cheat sheet #123|a guide of killed pulls, explained
skip tests unless pulls are denied|remove 'denied' from it|ecs agent: avoid pulls that have been killed
"""
TOLD = """
add a task and the pull was denied|log group does not exist|update failed as it is denied|retry failed|add-on is denied|handle: denied|fixed: pulls are denied|fixed it; pulls are denied|the guide was denied.
add a retry, but the pull is denied|i add a retry and it is denied|since today: add a retry denied|add it: connecterror: denied|add a task (service: ecs) denied
"""  # fmt: skip


def test_what_a_change_is_called_tells_of_no_failure() -> None:
    for title in words(TITLES):
        assert is_title(title), title
        assert asserted(title) == "", title
    for text in words(TOLD):
        assert not is_title(text), text
    longest = "add a retry of pulls, denied" + "x" * 232
    assert is_title(longest)
    assert not is_title(f"{longest}x")


# In each language: a sentence in general, and the same of one's own.
ABROAD = """
der dienst kann gestoppt werden.|mein dienst kann nicht starten.
wenn die aufgabe gestoppt wird, ist es so.|seit gestern ist die aufgabe gestoppt.
le service peut être refusé.|notre service est refusé.
si la tâche est refusée, c'est normal.|depuis hier la tâche est refusée.
el servicio puede fallar.|desde ayer el servicio falla, puede ser.
quando o serviço para.|o nosso serviço quando o vejo.
se il servizio si ferma.|il nostro servizio, se il resto va.
задача может упасть.|наша задача может упасть.
タスクが停止する場合。|今朝タスクが停止する場合。
任务可能失败。|我的任务可能失败。
작업이 실패하는 경우|오늘 작업이 실패하는 경우
"""


def test_a_sentence_in_general_is_left_out_in_other_languages_too() -> None:
    for line in ABROAD.strip().splitlines():
        general, told = line.split("|")
        assert without_general(general) == "", general
        assert without_general(told) == told, told
    one, other = "der pull ist verweigert.", "das kann so sein."
    assert without_general(f"{one} {other}") == one
    assert without_general(f"{other} {one}") == one
    assert without_general(f"{one} {one}") == f"{one} {one}"
    assert without_general("停止しない。任务可能失败。停止。") == "停止しない。 停止。 "
    assert without_general("it is so, kann") == "it is so, kann"  # nothing foreign in it


def test_a_reference_of_errors_is_no_report_but_for_a_message_that_stands_in_it() -> None:
    name, meaning = "AccessDeniedException", "This exception is thrown once it is full. "
    assert only_described([name, meaning]) == {0, 1}
    assert only_described([f"{name}(client)", "You can retry it later on. So"]) == {0, 1}
    assert only_described([name, "x", meaning]) == frozenset()  # the meaning stands below the name
    assert only_described([meaning, name]) == frozenset()
    assert only_described([name, "It: This exception is thrown."]) == frozenset()
    names = [f"{kind}Exception" for kind in ("AccessDenied", "NotFound", "RateExceeded")]
    assert only_described([f"{one} | x" for one in names]) == {0, 1, 2}
    assert only_described([f"{one} | x" for one in names[:2]]) == frozenset()
    assert only_described([*(f"- {one}" for one in names[1:2] * 2), "x"]) == frozenset()
    assert only_described(["- AccessDeniedException", "x", "- NotFoundException"]) == {0, 1, 2}
    entries = [f"  key.{n}: 'The pull was {n} denied'," for n in ("one", "two")]
    assert only_described([*entries, "x"]) == {0, 1, 2}
    assert only_described([entries[0], entries[0]]) == frozenset()
    assert only_described(["Prerequisites", "denied", "Step 1: look"]) == {0, 1, 2}
    assert only_described(["Prerequisites", "denied", "PREREQUISITES", "prerequisites"]) == frozenset()  # fmt: skip
    for report in (
        "An error occurred (AccessDenied) when x", "x (service web) y", "AccessDeniedError: denied", "Error 403: denied", "fatal: denied", "Task failed ELB health", "curl: x",
    ):  # fmt: skip
        assert only_described([name, meaning, report]) == {0, 1}, report
    for entry in ("AccessDeniedError: <reason>", "Error:", "errors: denied", "Error 4030: x"):
        assert only_described([name, meaning, entry]) == {0, 1, 2}, entry


def test_a_list_of_what_may_happen_is_announced_and_ends_with_its_items() -> None:
    for head in (
        "Tasks may stop with these:", "It can fail if so:", "It is one of the following reasons:", "for one of the following errors: *", "The following are common errors.", "Add unit tests for this:", "The following is possible so far: ",
    ):  # fmt: skip
        assert only_described([head, "- denied", "* refused", "denied", "- denied"]) == {0, 1, 2}, head  # fmt: skip
    for text in ("Tasks may stop", "It can fail if so", "The following are here:", "Add tests"):
        assert only_described([text, "- denied"]) == frozenset(), text
    for head in ("Glossary", "## terms", "*Definitions*", "Terminology:"):
        assert only_described([head, "Meanings", "Pull: it is denied"]) >= {1, 2}, head
    for kind in (
        "Pull failures: the registry denied it", "- Health check timeouts \u2013 Often the path", "Memory limits set too low: the task is killed", "DNS problems (in a VPC): Check it", "Out of memory crashes - Usually a leak",
    ):  # fmt: skip
        assert only_described([kind]) == {0}, kind
    assert only_described(["Words", "Meanings", "Pull: it is denied"]) == {1}
    for text in ("Pull failure: the registry denied it", "Pull failures: 7", "3 failures: pull denied"):  # fmt: skip
        assert only_described([text]) == frozenset(), text


def test_a_message_with_a_word_in_the_place_of_its_reason_belongs_to_a_document() -> None:
    for place in ("<reason>", "<the error>", "<message>", "<error code>", "<error-details>", "<reason text>", "<description>"):  # fmt: skip
        assert asserted(f"the pull was denied: {place}") == "", place
        assert asserted(f"{place} denied") == "", place
    for text in ("the pull was denied: <image>", "<error>the pull was denied</error>", "the pull was denied: reason"):  # fmt: skip
        assert "denied" in asserted(text), text
