"""How a text is taken apart: lines, JSON, sentences that were broken, and how far is looked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.causes import CAUSES, reading
from ash_ops.causes.belonging import belonging
from ash_ops.causes.classify import (
    Classification,
    classify,
)
from ash_ops.causes.explain import explain
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.kinds import likely
from ash_ops.causes.names import names_in
from ash_ops.causes.reading import Reading, decoded, labelled, read
from ash_ops.causes.reading.entries import Entry, entries
from ash_ops.causes.reading.widths import Width, goes_on
from ash_ops.causes.reading.wrappings import Line, unwrapped
from ash_ops.causes.structure import Hint

OOM = "OutOfMemoryError: Container killed due to memory usage"
HOME = "/home"  # where people keep their own files


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
    (nobodys,) = explain("\n".join(["Error: ENOSPC: no space left on device"] + ["Xyz " * 30] * 3 + [f"in {HOME}/runner/work"]))  # fmt: skip
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


def test_a_line_is_wrapped_where_its_next_word_had_no_room_however_long_the_rest_is() -> None:
    before = Line("a" * 50, 1)
    assert goes_on(before, Line("bb cc dd ee ff gg hh ii", 2), Width(0, 60)) is None
    assert goes_on(before, Line("bbccddeeffgg hh ii", 2), Width(0, 60)) == " "


def test_a_mark_that_every_line_begins_with_is_a_comments_or_a_titles_and_nothing_is_said_by_it() -> (
    None
):
    assert said(read(f"# {OOM}")) == [(f"  {OOM}", 1)]
    assert said(read("// one error\n\n//  and two")) == [("   one error", 1), ("    and two", 3)]
    assert said(read(f"# a title\n{OOM}")) == [("# a title", 1), (OOM, 2)]
    asked = read("# docker ps -a\n# docker logs ash").entries
    assert [entry.command for entry in asked] == [True, True]
    printed = read(f"# docker pull ash:2\n# {OOM}").entries
    assert [(entry.text.strip(), entry.command) for entry in printed][1:] == [(OOM, False)]


def test_a_field_of_several_lines_says_what_one_of_them_says() -> None:
    pasted = "/ # curl -I https://api.example.com/ws\ncurl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here."
    entry = {"level": "error", "ts": 1764000000.1, "msg": "failed", "error": pasted}
    assert [one.answer.cause for one in explain(json.dumps(entry))] == ["tls-certificate-invalid"]


def test_blank_lines_behind_every_part_of_a_message_part_nothing() -> None:
    spread = "Init failed:\n\n\nno log stream:\n\nThe group does not exist."
    assert said(read(spread)) == [("Init failed: no log stream: The group does not exist.", 1)]
    apart = "Init failed:\n\nThe group does not exist.\n\nAnd so it goes."
    assert len(read(apart).entries) == 3


def test_what_fails_in_a_log_is_told_whatever_its_other_lines_are_of() -> None:
    calm = "2026-11-26 10:00:{:02},120 INFO billing: batch {} done"
    failed = "2026-11-26 10:00:09,120 ERROR sqlite3.DatabaseError: file is not a database"
    log = [calm.format(second, second * 7) for second in range(6)]
    told = explain("\n".join([*log, failed]))
    assert [one.answer.cause for one in told] == ["sqlite-corrupt"]
    assert not any(step.command for step in told[0].repair())  # whose file it is, is not known
    spoken = [f"We looked at batch {number}, which was done in time." for number in range(6)]
    among = explain("\n".join([*spoken, failed[24:]]))[
        0
    ]  # a program's line, whatever people say around it
    assert among.answer.cause == "sqlite-corrupt"
    assert not any(step.command for step in among.repair())


def test_an_error_in_xml_is_one_utterance_of_its_code_and_its_message() -> None:
    error = "<Error>\n <Type>Sender</Type>\n <Code>ExpiredToken</Code>\n <Message>It is\n &quot;old&quot;</Message>\n</Error>\nend"  # fmt: skip
    assert said(read(error)) == [('ExpiredToken: It is "old"', 1), ("end", 7)]
    assert said(read("<Code>x</Code> is none")) == [("<Code>x</Code> is none", 1)]
