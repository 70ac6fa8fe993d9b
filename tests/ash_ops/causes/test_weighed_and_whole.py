"""Which name stands whole, which explanation comes first, what an answer rests on, and how a text is taken apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.causes import CAUSES, reading
from ash_ops.causes.base import Rank
from ash_ops.causes.belonging import belonging
from ash_ops.causes.classify import (
    Classification,
    answer,
    classify,
    likeness,
    message_pieces,
    message_texts,
)
from ash_ops.causes.explain import classified, explain
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.kinds import likely
from ash_ops.causes.names import names_in
from ash_ops.causes.ranking import ranked
from ash_ops.causes.reading import Reading, decoded, labelled, read
from ash_ops.causes.reading.entries import Entry, entries
from ash_ops.causes.reading.shapes import Message
from ash_ops.causes.reading.whole import Pasted
from ash_ops.causes.reading.wrappings import Line, unwrapped
from ash_ops.causes.structure import Hint
from tests.support.each import each

# Names.

# What was pasted, with NAME where it stands; whether it stands whole there.
STANDING: dict[str, tuple[str, bool]] = {
    "among words": ("see NAME here", True), "in quotes": ("see 'NAME' here", True), "before a point": ("see NAME. Then", True), "before a comma": ("NAMED NAME, then", True),
    "at the end": ("see NAME", False), "at a line's end": ("see NAME\nthen", False), "at a line's end, blanks": ("see NAME  \nthen", False), "before a point at the end": ("see NAME.\nthen", False),
    "before an empty line": ("see NAME\n\nthen", True), "before an empty line of Windows": ("see NAME\r\n  \r\nthen", True), "before the answer": ("--role-name NAME\nAn error occurred (X)", True), "before other words": ("see NAME\nAn error", False),
    "at the start": ("NAME here", False), "at a line's start": ("see\nNAME here", False), "at a cell's start": ("x | NAME here", False), "at a box's start": ("x │ NAME here", False), "behind a written line's end": ("x\\n NAME here", False),
    "before a cell's end": ("see NAME | x", True), "before a border": ("see NAME |\nx", False), "before a box's border": ("see NAME  │\nx", False), "before dots": ("see NAME... x", False), "before an ellipsis": ("see NAME\u2026 x", False), "before a written line's end": ("see NAME\\n x", False),
    "glued before": ("see xNAME here", False), "glued behind": ("see NAMEx here", False), "glued by a dash": ("see NAME-x here", False), "glued by an equals sign": ("see a=NAME here", False), "glued by a point": ("see NAME.x here", False), "a path": ("see NAME/x here", False),
    "a port": ("see NAME:7 here", False), "an underscore behind a colon": ("see NAME:_ here", False), "a colon": ("see NAME: here", True), "a slash": ("see NAME/ here", True), "in brackets": ("(NAME)", True), "elsewhere whole": ("xNAME, NAME here", True),
}  # fmt: skip


@each("case", STANDING)
def test_a_name_stands_whole_where_nothing_says_that_it_goes_on(case: tuple[str, bool]) -> None:
    text, whole = case
    for name in ("blue-7", "a.b+c@d"):
        assert Pasted(text.replace("NAME", name)).holds("stack-name", name) is whole


def test_an_id_that_speaks_for_itself_needs_nothing_in_front_of_it() -> None:
    for name in ("sg-0123456789abcdef0", "subnet-01234567", "vpc-01234567", "fs-01234567", "arn:aws:x"):  # fmt: skip
        assert Pasted(f"{name} is gone").holds("any", name), name
        assert not Pasted(f"{name}").holds("any", name), name
    assert not Pasted("eni-01234567 is gone").holds("any", "eni-01234567")
    assert not Pasted("x").holds("any", "")


def test_a_part_of_an_arn_may_be_followed_by_what_belongs_to_it() -> None:
    for placeholder, text in (
        ("cluster", "service/blue/s x"), ("stack", "stack/blue/id x"), ("session", "a blue/s x"), ("host", "http://blue/x y"), ("host", "http://blue:41/x y"), ("log-group", "group:blue:stream x"),
    ):  # fmt: skip
        assert Pasted(f"an {text}").holds(placeholder, "blue"), placeholder
        assert not Pasted(f"an {text}").holds("service", "blue"), placeholder
    assert not Pasted("an x:blue/y z").holds("log-group", "blue")
    assert not Pasted("an x/blue:y z").holds("cluster", "blue")
    for text, whole in (
        ("an role/blue x", True), ("an user/path/blue x", True), ("an role/a/b/c/d/blue x", True), ("an group/blue x", False), ("an arn:role:blue x", False), ("an xrole/blue x", False), ("an blue x", True), ("an assumed-role/blue/s x", True),
    ):  # fmt: skip
        assert Pasted(text).holds("role", "blue") is whole, text
        assert Pasted(text.replace("/s ", " ")).holds("user", "blue") is whole, text
    assert Pasted("an group/blue x").holds("service", "blue")


def test_of_a_name_that_occurs_again_and_again_the_first_fifty_places_are_looked_at() -> None:
    for glued, whole in ((49, True), (50, False)):
        assert Pasted("xblue " * glued + "and blue here").holds("service", "blue") is whole
    assert Pasted("one", "and blue here").holds("service", "blue")


def test_a_name_that_a_terminal_cut_is_whole_where_the_lines_are_put_together() -> None:
    text = f"The role is called nightly-release-train-role, which is {'0123456789' * 20}"
    tried = 0
    for width in range(40, 70):
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        if any(
            line != line.strip() for line in lines
        ):  # a blank at an edge is lost where one copies
            continue
        tried += 1
        assert Pasted("\n".join(lines)).holds("service", "nightly-release-train-role"), width
    assert tried >= 3
    cut = [text[at : at + 40] for at in range(0, 80, 40)]
    assert not Pasted("\n".join(cut)).holds("service", "nightly-release-train-role")


def test_who_was_refused_is_told_only_if_the_name_stands_whole() -> None:
    user = "User: arn:aws:iam::123456789012:user/olga is not authorized to perform: ecs:Run on resource: arn:aws:ecs:eu-west-1:123456789012:service/c/s because"  # fmt: skip
    names = names_in(user, Pasted(f"so {user}"))
    assert (names["user"], names["principal"], names["resource"][-4:]) == ("olga", "arn:aws:iam::123456789012:user/olga", "/c/s")  # fmt: skip
    cut = names_in(user, Pasted(f"so {user}".replace("olga is", "olga\nis")))
    assert not {"user", "principal", "user-arn"} & cut.keys()
    assert cut["action"] == "ecs:Run"
    half = names_in(user, Pasted(f"so {user}".replace("c/s because", "c/s\nbecause")))
    assert "resource" not in half
    assert "policy" not in half
    assert (half["user"], half["action-name"]) == ("olga", "ecs-Run")
    odd = names_in(user, Pasted(f"so {user}".replace("ecs:Run on", "ecs:Run\non")))
    assert not {"action", "action-name", "resource", "policy"} & odd.keys()
    session = "by arn:aws:sts::123456789012:assumed-role/deployer/ci now"
    assert names_in(session, Pasted(session))["role-arn"] == "arn:aws:iam::123456789012:role/deployer"  # fmt: skip
    assert "role-arn" not in names_in(session, Pasted(session.replace("deployer/", "deployer\n/")))


# Weights.


def weighed(slug: str, rank: int, **more: Any) -> Explanation:
    cause = CAUSES.get(slug)
    severity = cause.severity if cause else None
    told = Classification(slug, severity, "t", (), (Hint(slug, rank, "f", "q"),))
    return Explanation("message", "log_line", told, **more)


def test_a_clear_reason_why_the_server_does_not_run_comes_before_what_is_seen_from_outside() -> (
    None
):
    outside = ["conn-refused", "conn-reset", "conn-timeout", "elb-healthcheck-failed", "target-timeout"]  # fmt: skip
    for seen in outside:
        first = weighed(seen, Rank.DECISIVE)
        for slug in ("container-oom", "image-not-found"):
            for pair in ([first, weighed(slug, Rank.CLEAR)], [weighed(slug, Rank.CLEAR), first]):
                expected = [slug, seen] if CAUSES[slug].category in ("restart", "pending") else None
                assert expected is None or [e.answer.cause for e in ranked(pair)] == expected
        less = weighed("container-oom", Rank.CLEAR - 1, structured=True)
        assert ranked([first, less])[0].answer.cause == seen
        other = next(c.slug for c in CAUSES.values() if c.category == "auth" and c.severity == "error" and not c.symptom)  # fmt: skip
        assert ranked([first, weighed(other, Rank.PRECISE)])[0].answer.cause == seen
        symptom = next(c.slug for c in CAUSES.values() if c.category == "restart" and c.symptom and c.severity == "error")  # fmt: skip
        assert ranked([first, weighed(symptom, Rank.DECISIVE)])[0].answer.cause in (seen, symptom)
        if not CAUSES[seen].symptom:
            assert ranked([weighed(symptom, Rank.DECISIVE), first])[0].answer.cause == seen
    assert {CAUSES[slug].category for slug in ("container-oom", "image-not-found")} == {"restart", "pending"}  # fmt: skip
    inside = weighed("disk-full", Rank.DECISIVE)
    assert ranked([inside, weighed("container-oom", Rank.CLEAR)])[0] is inside


def test_an_answer_rests_on_its_strongest_hint_and_between_equals_on_the_earlier() -> None:
    def hint(slug: str, rank: int, source: str = "a", quote: str = "q") -> Hint:
        return Hint(slug, rank, source, quote)

    assert answer([], retried=True).cause == "unknown"
    one, other = "container-oom", "disk-full"
    assert answer([hint(one, 50), hint(other, 70)], retried=False).cause == other
    assert answer([hint(one, 50), hint(other, 50)], retried=False).cause == one
    told = answer([hint(one, 50, "a"), hint(one, 70, "a"), hint(one, 60, "b"), hint(one, 55, "c"), hint(one, 54, "d")], retried=False)  # fmt: skip
    assert [(h.rank, h.source) for h in told.why] == [(70, "a"), (60, "b"), (55, "c")]
    assert (told.severity, told.title) == ("error", CAUSES[one].title)
    assert told.alternatives == tuple(slug for slug, _ in CAUSES[one].confused_with)[:4]
    several = [hint(slug, 40) for slug in ("port-in-use", "cfn-quota", "disk-full", "db-unreachable", "sqlite-locked")]  # fmt: skip
    others = answer([hint(one, 50), *several], retried=False).alternatives
    assert others == ("port-in-use", "cfn-quota", "disk-full", "db-unreachable")
    again = hint(one, 50, "a", "failed, retrying")
    assert answer([again], retried=True).severity == "info"
    assert answer([again], retried=False).severity == "error"
    assert answer([again, hint(one, 50, "b", "failed")], retried=True).severity == "error"


def test_of_a_message_the_texts_that_tell_come_each_with_its_field() -> None:
    task = {
        "containers": [{"name": "ash", "reason": "one"}, {"reason": "two"}, {"name": "aws-guardduty-agent-x", "reason": "no"}, {"name": "quiet"}],
        "stoppedReason": "three", "message": "four", "reason": "five", "attachments": [{"details": [{"name": "n", "value": "six"}]}],
        "logs": ["seven", "  on", "[telemetry] eight", "seven", "nine"],
    }  # fmt: skip
    assert list(message_texts("stopped_task", task)) == [
        ("containers[ash].reason", "one"), ("reason", "two"), ("stoppedReason", "three"), ("message", "four"), ("reason", "five"),
        ("attachments[0].name", "n"), ("attachments[0].value", "six"), ("log", "seven on"), ("log", "seven"), ("log", "nine"),
    ]  # fmt: skip
    line = {"message": "a\nb"}
    assert list(message_texts("log_line", line)) == [("log", "a"), ("log", "b")]
    assert list(message_texts("log_line", {"log": "a", "message": "b"})) == [("log", "a")]
    asked = {"path": "/health", "method": "GET", "url": "u", "requestId": "r", "logicalResourceId": "l", "id": "i", "operation": "o", "body": {"error": "boom", "path": "p"}}  # fmt: skip
    assert list(message_texts("http", asked)) == [("path", "/health"), ("body.error", "boom")]
    assert list(message_texts("api_error", asked)) == [("body.error", "boom")]
    (both,) = message_pieces("api_error", {"code": "Denied", "message": "by It's policy"})
    assert (both.raw, both.folded, both.source) == ("Denied | by It's policy", "denied | by it's policy", "")  # fmt: skip
    assert both.parts == (("code", "Denied"), ("message", "by It's policy"))
    (single,) = message_pieces("api_error", {"message": "by policy"})
    assert (single.source, single.parts) == ("message", ())
    long = list(message_pieces("api_error", {"code": "Denied", "a": "x" * 3_990, "b": "y", "c": "z", "d": "w"}))  # fmt: skip
    assert [part.source for part in long] == ["code, a, b, c"] * 2 or len(long) == 1
    assert [part.source for part in message_pieces("api_error", {"message": "x" * 5_000})] == ["message"] * 2  # fmt: skip


def test_which_causes_a_text_is_like_is_told_the_likest_first_and_four_at_most() -> None:
    assert likeness("ponies everywhere") == []
    alike = likeness("if outofmemoryerror: container killed due to memory usage or enospc: no space left on device, write, see")  # fmt: skip
    assert alike[:2] == ["container-oom", "disk-full"]
    assert len(likeness("outofmemoryerror: container killed due to memory usage. enospc: no space left on device. cannotpullcontainererror: manifest unknown. eaddrinuse: address already in use :::4100. sqliteerror: database is locked. password authentication failed for user")) == 4  # fmt: skip
    assert "healthy-steady" not in likeness("(service a) has reached a steady state.")


# Messages with fields.

OOM = "OutOfMemoryError: Container killed due to memory usage"
DENIED = "User: arn:aws:iam::1:user/u is not authorized to perform: {}"


def cause_of(kind: str, fields: dict[str, Any], *, labelled: bool = False) -> str:
    return classified(Message("m", kind, fields, labelled=labelled))[1].cause


def test_a_field_is_asked_for_what_any_kind_of_message_says_where_its_own_kind_knows_nothing() -> (
    None
):
    assert cause_of("service_event", {"message": OOM}) == "container-oom"
    assert cause_of("service_event", {"message": "Out of ponies"}) == "unknown"
    failed = {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": OOM}
    kind, told = classified(Message("m", "cfn_event", failed))
    assert (kind, told.cause, told.why[0].source) == ("cfn_event", "container-oom", "resourceStatusReason")  # fmt: skip
    # What the structure calls normal outweighs few words.
    stopped = {"stopCode": "UserInitiated", "stoppedReason": "killed", "containers": [{"exitCode": 143}]}  # fmt: skip
    assert CAUSES[cause_of("stopped_task", stopped)].severity == "info"
    # JSON within a text is read as such.
    inner = json.dumps({"stoppedReason": OOM})
    assert cause_of("service_event", {"message": inner}) == "container-oom"
    assert cause_of("http", {"status": 500, "body": f"x\n{OOM}"}) == "container-oom"


def test_of_several_fields_the_one_that_names_a_cause_decides_whichever_comes_first() -> None:
    stack = {"resourceType": "AWS::CloudFormation::Stack", "resourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}  # fmt: skip
    weak, strong = "Essential container in task exited", "Error: listen EADDRINUSE: address already in use :::4100"  # fmt: skip
    for first, second in ((weak, strong), (strong, weak), (strong, "ponies of all kinds"), ("ponies of all kinds", strong)):  # fmt: skip
        fields = {**stack, "resourceStatusReason": first, "statusReason": second}
        _, told = classified(Message("m", "cfn_event", fields))
        assert told.cause == "port-in-use", (first, second)
        assert told.why[0].source == ("resourceStatusReason" if first == strong else "statusReason")


def test_json_within_a_field_is_read_by_its_fields_and_not_by_the_words_in_it() -> None:
    logged = {"level": 50, "msg": "CannotPullContainerError: manifest unknown", "x": OOM}
    failed = {"failures": [{"reason": "RESOURCE:GPU", "arn": "x"}], "note": OOM}
    for value, cause in ((logged, "image-not-found"), ([logged], "image-not-found"), (failed, "wrong-launch-type"), ([failed], "wrong-launch-type")):  # fmt: skip
        for text in (json.dumps(value), json.dumps(value, indent=1), f"  {json.dumps(value)}"):
            for kind in ("service_event", "http"):
                assert cause_of(kind, {"message": text}) == cause, text
    assert cause_of("service_event", {"message": f"x {OOM}"}) == "container-oom"


def test_what_anyone_writes_is_another_service_s_where_its_fields_say_so() -> None:
    dead = {"containers": [{"exitCode": 137}], "group": "kubelet"}
    for kind, fields, labelled_, alike in (
        ("log_line", {"message": OOM, "pod": "kubelet"}, False, "container-oom"), ("http", {"status": 500, "body": "kubelet: boom"}, False, "ash-server-error"), ("stopped_task", dead, True, "sigkill-137"),
    ):  # fmt: skip
        same, told = classified(Message("m", kind, fields, labelled=labelled_))
        assert (same, told.cause, told.severity) == (kind, "unknown", None), kind
        assert told.title == "A message of Kubernetes, which is no part of an Ash deployment"
        assert told.alternatives == (alike,)
    assert cause_of("stopped_task", dead) == "sigkill-137"
    assert cause_of("stopped_task", {"stoppedReason": f"{OOM} kubelet"}) == "container-oom"
    assert cause_of("api_error", {"message": "ENOSPC: no space left on device kubelet"}) == "disk-full"  # fmt: skip


# Texts.


def said(reading: Reading) -> list[tuple[str, int]]:
    return [(entry.text, entry.number) for entry in reading.entries]


def test_a_text_is_lines_and_json_in_their_order_with_their_places() -> None:
    text = 'one\n{"level": 50, "msg": "two"}\nthree\n{"stoppedReason": "four",\n "stopCode": "x"}\nfive'  # fmt: skip
    found = read(text)
    assert said(found) == [("one", 1), ("two | level error", 2), ("three", 3), ("five", 6)]
    assert [(m.kind, dict(m.fields), m.labelled) for m in found.messages] == [("stopped_task", {"stoppedReason": "four", "stopCode": "x"}, False)]  # fmt: skip
    assert found.unread == 0
    assert said(read("")) == said(read("\n\n")) == []
    assert read("") == Reading((), ())
    lone = read('["a b", ["c d"], 7, {"x": "e f", "n": 7, "o": "", "p": {"y": "g h"}, "q": ["i j"]}]')  # fmt: skip
    assert said(lone) == [("a b", 1), ("c d", 1), ("e f | 7", 1), ("g h", 1), ("i j", 1)]


def test_json_within_texts_of_json_is_read_to_a_depth() -> None:
    alarm = json.dumps({"Records": [{"Sns": {"Message": json.dumps({"stoppedReason": OOM})}}]})
    (message,) = read(alarm).messages
    assert message.fields["stoppedReason"] == OOM
    lines = read(json.dumps({"output": "One x\nTwo y"}))
    assert [text for text, _ in said(lines)] == ["One x", "Two y"]
    indented = read(json.dumps([f'\n  {{"stoppedReason": "{OOM}"}}', f'  {{"stopCode": "{OOM}"}}']))
    assert [sorted(m.fields) for m in indented.messages] == [["stoppedReason"], ["stopCode"]]
    deep: Any = {"stoppedReason": OOM}
    for _ in range(8):
        deep = [deep]
    assert len(read(json.dumps(deep)).messages) == 1
    assert len(read(json.dumps([deep])).messages) == 0
    within: Any = {"x": "in it"}
    for _ in range(8):
        within = {"a": within}
    assert len(said(read(json.dumps(within)))) == 1
    assert said(read(json.dumps({"a": within}))) == []


def test_a_document_of_another_platform_tells_no_task_of_ours() -> None:
    pod = {"kind": "Pod", "status": {"message": "kubelet said"}, "x": {"exitCode": 137}}
    found = read(json.dumps(pod))
    assert found.messages == ()
    assert {entry.about.name for entry in found.entries if entry.about} == {"Kubernetes"}
    proxy = {"a": "haproxy said", "x": {"exitCode": 137}}
    told = read(json.dumps(proxy))
    assert len(told.messages) == 1
    assert all(entry.about is not None and entry.about.name == "a proxy" for entry in told.entries)
    ours = read(json.dumps({"a": "it said", "x": {"stoppedReason": OOM}}))
    assert [entry.about for entry in ours.entries] == [None]
    labelled_ = "Exit code: 137\nLast status: STOPPED"
    assert [message.labelled for message in read(labelled_).messages] == [True]
    assert len(read(f"haproxy said\n{labelled_}").messages) == 1
    assert read(f"kubelet said\n{labelled_}").messages == ()


def test_json_on_a_line_that_only_speaks_of_it_is_none() -> None:
    document = '{"stoppedReason": "OutOfMemoryError"}'
    assert len(read(f"it said {document}").messages) == 1
    assert read(f"expect({document}").messages == ()
    assert len(read(f"expect(it)\n{document}").messages) == 1


def test_a_text_longer_than_any_is_read_at_its_start_and_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert reading.LIMIT == 32_000_000
    monkeypatch.setattr(reading, "LIMIT", 40)  # no test makes texts of megabytes
    found = read("start of it " + "x" * 60 + " end of it")
    assert found.unread == 82 - 40
    assert [entry.text for entry in found.entries] == ["start of it " + "x" * 8, "x" * 10 + " end of it"]  # fmt: skip
    whole = read("x" * 40)
    assert (whole.unread, len(whole.entries)) == (0, 1)


def test_records_of_fields_end_where_a_name_comes_again() -> None:
    def told(*lines: str) -> list[dict[str, Any]]:
        return [dict(m.fields) for m in labelled.messages([Entry(line, n) for n, line in enumerate(lines)])]  # fmt: skip

    assert told("stopCode: a", "stoppedReason: b", "other words", "stopCode: c") == [{"stopCode": "a", "stoppedReason": "b"}, {"stopCode": "c"}]  # fmt: skip
    assert told("status: a", "reason: b") == []  # words of prose alone make no record
    assert told() == []


def line_of(*texts: str) -> list[tuple[str, int]]:
    found = entries(list(unwrapped("\n".join(texts))))
    return [(entry.text, entry.number) for entry in found]


def test_a_sentence_that_was_broken_goes_on_and_an_entry_of_a_log_does_not() -> None:
    for first, second, joined in (
        ("it failed with:", "Some words", True), ("it failed because", "of this here", True), ("it failed.", "of this here", False), ("it failed because", "Of this here", False), ("it was unable", "To do it", True),
        ("it failed", ": so it is", True), ("Error: x", "    at run (/app/x.js:1:2)", True), ("Error: x", "at async run (node:fs:1:2)", True), ("Error: x", "    more of it", True), ("Error: x", "Other: y", False),
        ("it failed because", "INFO of this here", False), ("INFO it failed", "Error: it", False), ("it failed to", "DEBUG: x y", False), ("it failed to", "$ aws ecs x", False), ("xx yy", "- an item", False), ("xx yy", "  - an item", False),
    ):  # fmt: skip
        found = line_of(first, second)
        assert (len(found) == 1) is joined, (first, second, found)
    assert line_of("it failed:", "2026-11-27T12:00:00Z because of it") == [("it failed:", 1), ("because of it", 2)]  # fmt: skip
    assert line_of("one two", "", "three of it") == [("one two", 1), ("three of it", 3)]
    assert line_of("{", "}", "--", "a") == []
    assert line_of("@timestamp,@logStream,@message", "it failed") == [("it failed", 2)]


def test_a_line_that_fills_the_width_may_have_been_cut_in_a_word_or_between_two() -> None:
    a, b = "The image cannot be pulled, for its name is a", "nd was, all the time, another name than the o"  # fmt: skip
    assert len(a) == len(b) == 45
    (entry,) = entries([Line(a, 1), Line(b, 2), Line("ne that is there.", 3)])
    assert {entry.text, entry.tight} == {f"{a}{b}ne that is there.", f"{a} {b} ne that is there."}
    long = list(entries([Line("word " * 1_000, 1)]))
    assert [len(entry.text) for entry in long] == [4_000, 1_400]
    assert {entry.tight for entry in long} == {""}


def test_blocks_are_numbered_and_a_wrapped_line_keeps_the_lines_it_may_be() -> None:
    found = list(entries(list(unwrapped("one two\n\nthree four\nFive six"))))
    assert [(entry.text, entry.block) for entry in found] == [("one two", 0), ("three four", 1), ("Five six", 1)]  # fmt: skip
    first, second = "Something went wrong with the deployment of", "Everything: nobody knows why it came about so"  # fmt: skip
    (entry,) = entries([Line(first, 1), Line(second, 2)])
    assert entry.lines == ()  # a sentence that asks for more
    wrapped = list(entries([Line("Something went wrong in the deployment there", 1), Line("Everything-that-was-done was undone again now", 2)]))  # fmt: skip
    assert [len(one.lines) for one in wrapped] == [2]


def test_what_explains_nothing_says_why() -> None:
    (nobodys,) = explain("\n".join(["Error: ENOSPC: no space left on device"] + ["Xyz " * 30] * 3 + ["in /home/runner/work"]))  # fmt: skip
    assert nobodys.answer.title.startswith("A failure that any program may have")
    assert nobodys.answer.alternatives[0] == "disk-full"
    (unsaid,) = explain(f"expect({OOM})")
    assert unsaid.answer.title == "The words of a failure, and nothing says that it happened"


def test_what_else_it_may_be_is_told_and_for_a_mistyped_name_what_it_is_like() -> None:
    told = Classification("container-oom", "error", "t", ("disk-full",))
    unknown = Classification("unknown", None, "t")
    for answer_, close, alternatives in ((told, ("x",), ["disk-full"]), (told, (), ["disk-full"]), (unknown, ("x",), ["x"]), (unknown, (), [])):  # fmt: skip
        shown = Explanation("message", "", answer_, close=close).to_json()
        assert shown["alternatives"] == alternatives
    for slug, severity in (("container-oom", "error"), ("unknown", None)):
        shown = Explanation("task 7", "stopped_task", Classification(slug, severity, "t", (), (Hint(slug, 7, "f", "q"),)), times=3, unread=9).to_json()  # fmt: skip
        cause = CAUSES.get(slug)
        assert (shown["subject"], shown["kind"], shown["times"], shown["unread"], shown["title"], shown["severity"]) == ("task 7", "stopped_task", 3, 9, "t", severity)  # fmt: skip
        assert shown["why"] == [{"source": "f", "quote": "q"}]
        assert shown["meaning"] == (cause.meaning if cause else None)
        assert [row["cause"] for row in shown["not"]] == [other for other, _ in cause.confused_with] if cause else not shown["not"]  # fmt: skip
        assert shown["docs_url"] == (cause.docs_url if cause else None)
        assert {key for step in (*shown["proof"], *shown["repair"]) for key in step} <= {"why", "command"}  # fmt: skip
        assert bool(shown["repair"]) is bool(shown["proof"]) is (cause is not None)


def test_kinds_are_tried_in_their_order_where_nothing_marks_one() -> None:
    assert likely("ponies") == ("stopped_task", "service_event", "log_line", "http", "cfn_event", "api_error", "target_health")  # fmt: skip
    assert classify("ponies", {"message": OOM}).cause == "container-oom"  # read as a log's line


# How far is looked. Beyond it somebody's whole log would be read again and again.


def test_names_are_looked_for_in_the_first_forty_thousand_characters() -> None:
    for before, found in ((40_000 - 13, {"service": "web"}), (40_000 - 12, {})):
        assert names_in(" " * before + "(service web) x") == found


def test_why_nothing_is_claimed_is_looked_for_in_the_first_forty_lines() -> None:
    for before, title in ((39, "A message of Kubernetes, which is no part of an Ash deployment"), (40, "Not a message this catalogue knows")):  # fmt: skip
        lines = [f"Line {number}" for number in range(before)]
        (told,) = explain("\n".join([*lines, "Kubelet has failed"]))
        assert told.answer.title == title


def test_a_stretch_of_more_than_four_hundred_lines_is_a_log_whatever_its_width() -> None:
    for count, joined in ((400, True), (401, False)):
        lines = [Line(f"{number:03}{'Y' * 57}", number) for number in range(count)]
        assert (len(list(entries(lines))) < count) is joined


def test_what_stands_in_front_of_json_is_looked_at_for_two_hundred_characters() -> None:
    for between, found in ((193, 0), (194, 1)):
        document = '{"stoppedReason": "OutOfMemoryError"}'
        assert len(read(f"expect({'x' * between}{document}").messages) == found


def test_of_a_long_text_the_first_and_the_last_sixty_lines_are_looked_at_for_a_sign() -> None:
    for place, seen in ((0, True), (59, True), (60, False), (139, False), (140, True), (199, True)):
        lines = [Entry(f"line {number} of it", number) for number in range(200)]
        lines[place] = Entry("on fargate", place)
        assert belonging(lines, [])(CAUSES["disk-full"]) is seen, place
    lines = [Entry(f"line {number} of it", number) for number in range(200)]
    around = [Entry("x y", number) for number in range(60)]
    assert belonging(lines, [*around[:59], Entry("on fargate", 1)])(CAUSES["disk-full"])
    assert not belonging(lines, [*around, Entry("on fargate", 1)])(CAUSES["disk-full"])


def test_what_is_taken_off_the_edges_of_a_value_is_no_letter() -> None:
    for name in ("XaX", "stopX", "X"):
        assert labelled.field_of(f"reason: {name},") == ("reason", name)
        assert labelled.field_of(f"**Status** | '{name}' |") == ("status", name)
        assert labelled.field_of(f'"reason": "{name}",') == ("reason", name)
        assert names_in(f"role '{name}7X'") == {"role": f"{name}7X"}
        assert names_in(f"by arn:aws:iam::123456789012:user/{name}.")["user"] == name
        refused = names_in(f"User: arn:aws:iam::123456789012:user/{name}, is not authorized")
        told = names_in(
            f"perform: ecs:Run on resource: arn:aws:ecs:eu-west-1:123456789012:service/c/{name}, because"
        )
        assert told["resource"].endswith(f"/c/{name}")
        assert refused["principal"] == f"arn:aws:iam::123456789012:user/{name}"
        (document,) = read(f'{{"stoppedReason": "{name}", "stopCode": {{"a": "X').messages
        assert document.fields["stoppedReason"] == name
    cut = read('{"stoppedReason": "it", "exitCode": 7, ').messages
    assert dict(cut[0].fields) == {"stoppedReason": "it", "exitCode": 7}


def test_a_file_that_is_no_text_is_read_as_its_runs_of_letters() -> None:
    """A share of characters that no text has: of control characters, of bytes that are no text, and of blanks none."""
    for odd, share, legible in (("\x01", 3, True), ("\x01", 4, False), ("\ufffd", 3, True), ("\ufffd", 4, False), ("\t", 9, True), ("\n", 9, True), ("é", 9, True)):  # fmt: skip
        letters = "a" * (20 - share)
        text = (letters + odd * share) * 10
        assert decoded(text) == (text if legible else "\n".join([letters] * 10)), (odd, share)
    noise = "\x01\x02" * 100
    assert decoded(f"{noise}short{noise}longer{noise}a\tb c d{noise}") == "longer\na\tb c d"
    long = "a" * 50_000
    assert decoded(f"{long}{noise}{long}") == f"{long}{noise}{long}"  # a few in a long text
    assert decoded(f"{noise * 20}{long}") == long
    assert decoded(f"{long}{noise * 20}") == long
    assert "plain text that is no gzip" in decoded(b"\x1f\x8bplain text that is no gzip")
    assert decoded(b"a\x00" + "bc".encode("utf-16-le")) == "abc"
    assert decoded(b"abcdefghijklmnopqrst\x00") == "abcdefghijklmnopqrst\x00"
