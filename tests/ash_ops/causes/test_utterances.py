"""What several utterances say together: joined, taken apart, taken back, and calm. Without reading a text."""

from __future__ import annotations

from typing import Any

from ash_ops.causes.base import Rank
from ash_ops.causes.foreign import SERVICES
from ash_ops.causes.reading.entries import Entry
from ash_ops.causes.reading.wrappings import Line
from ash_ops.causes.utterances import alarming, heard

OOM = "OutOfMemoryError: Container killed due to memory usage"
ANYONES = "out of memory: the container was killed"  # not in the words of ECS
NO_IMAGE = "CannotPullContainerError: manifest unknown"
FULL = "no space left on device"
SYMPTOM = "Essential container in task exited"
STEADY = "(service a) has reached a steady state."
KUBERNETES = next(service for service in SERVICES if service.name == "Kubernetes")
PROXY = next(service for service in SERVICES if service.name == "a proxy")


def entries(*texts: str | Entry, **more: Any) -> list[Entry]:
    """Utterances in order; a text is one of its own, in the block that they share."""
    return [Entry(text, number, **more) if isinstance(text, str) else text for number, text in enumerate(texts, 1)]  # fmt: skip


def told(*texts: str | Entry, ours: bool = True, **more: Any) -> list[tuple[int, str]]:
    """Where something is said, and which cause."""
    found = heard(entries(*texts, **more), ours=ours)
    return [(said.entry.number, said.answer.cause) for said in found]


def sources(*texts: str | Entry) -> list[str]:
    return [said.answer.why[0].source for said in heard(entries(*texts), ours=True)]


def test_each_line_says_its_own_and_is_named_where_there_are_several() -> None:
    assert told(OOM, NO_IMAGE, "x y") == [(1, "container-oom"), (2, "image-not-found")]
    assert sources(OOM) == ["the text"]
    assert sources("a b", OOM) == ["line 2"]
    assert told() == told("ponies") == []
    (said,) = heard(entries(OOM), ours=True)
    assert (said.kind, said.rank, said.answer.why[0].quote) == ("stopped_task", Rank.DECISIVE, OOM)


def test_a_message_that_was_broken_into_lines_says_what_it_says_whole() -> None:
    """Between words, or within one where the lines end alike; and across an empty line, if it is short."""
    assert told("it said: exec format ", " error then") == [(1, "image-arch-mismatch")]
    assert sources("it said: exec format", "error then") == ["the text"]
    start = "y" * 48 + " then exec f"
    assert told(start, "ormat error") == [(1, "image-arch-mismatch")]
    assert told(start, "z" * 60, "ormat error") == []
    assert told("x" * 60, start, "ormat error") == [(1, "image-arch-mismatch")]
    assert told("x" * 59, start, "ormat error") == []  # not cut at one width
    assert told("x" * 61, start, "ormat error") == []
    assert told(start[1:], "ormat error") == []  # no one cuts words in lines so short
    apart = Entry("it said: exec format", 1, block=0), Entry("error then", 2, block=1)
    assert told(*apart) == [(1, "image-arch-mismatch")]
    assert told("it said: exec format error", "x") == [(1, "image-arch-mismatch")]
    # What a line says by itself is not said by its block again.
    assert told("a b", "exec format error", "it is") == [(2, "image-arch-mismatch")]


def test_forty_lines_may_be_one_message_and_more_are_a_log() -> None:
    for lines, found in ((40, [(1, "image-arch-mismatch")]), (41, [])):
        texts = ["exec format", "error", *["x y"] * (lines - 2)]
        assert told(*texts) == found
        blocks = [Entry(text, number, block=number) for number, text in enumerate(texts, 1)]
        assert told(*blocks) == found


def test_lines_that_a_logger_calls_normal_are_no_part_of_a_broken_message() -> None:
    calm = Entry("error", 2, normal=True)
    assert told("exec format", calm) == [(2, "healthy-log")]
    assert told(Entry("exec format", 1, block=0), Entry("error", 2, block=1, normal=False)) == []
    assert told("exec format", Entry("x", 2, normal=True), "error") == [(1, "image-arch-mismatch")]


def test_a_title_and_a_sentence_in_general_are_no_part_of_a_broken_message() -> None:
    assert told("a pull of ours with exec format", "error again today") == [(1, "image-arch-mismatch")]  # fmt: skip
    assert told("fix a pull when exec format", "error again today") == []
    assert told("people often ask why exec format", "error again today") == []


def test_a_block_says_more_than_the_symptom_of_one_of_its_lines() -> None:
    """A cause of the whole comes instead of what its lines say; a weaker one does not."""
    whole = told(SYMPTOM, "it said: exec format", "error then")
    assert whole == [(1, "image-arch-mismatch")]
    assert told(OOM, "it said: exec format", "error then") == [(1, "container-oom")]
    apart = [Entry(OOM, 1, block=0), Entry("exec format", 2, block=1), Entry("error", 3, block=1)]
    assert told(*apart) == [(1, "container-oom"), (2, "image-arch-mismatch")]


def test_what_stands_among_the_messages_of_another_platform_is_that_platform_s() -> None:
    assert told(Entry(ANYONES, 1, about=KUBERNETES)) == []
    assert told(Entry(f"{ANYONES} (service a)", 1, about=KUBERNETES)) == [(1, "container-oom")]
    assert told(Entry(FULL, 1, about=KUBERNETES)) == [(1, "disk-full")]  # its own files
    assert told(Entry(FULL, 1, about=PROXY)) == []
    lines = ["kubelet started", ANYONES]
    assert told(*lines) == []
    assert told(*lines, "(service a) has begun") == [(2, "container-oom")]
    assert told("nginx: [emerg] x", ANYONES) == [(2, "container-oom")]  # a proxy runs no programs
    # Of a long text only the block beside the platform's own message is its.
    many = [Entry("x y", n, block=n) for n in range(10, 60)]
    assert told(Entry("kubelet started", 1, block=0), Entry(ANYONES, 2, block=0), *many) == []
    assert told(Entry("kubelet started", 1, block=0), Entry(ANYONES, 2, block=1), *many) == [(2, "container-oom")]  # fmt: skip
    # What is put together is about what one of its parts is about.
    assert told(Entry("exec format", 1, about=PROXY), "error") == []
    assert told(Entry("exec format", 1, block=0, about=PROXY), Entry("error", 2, block=1)) == []


def test_a_command_says_nothing_unless_there_is_nothing_but_prompts() -> None:
    asked = Entry("grep -c 'database is locked' app.log", 1, command=True)
    assert told(asked) == []
    assert told(Entry(OOM, 1, command=True)) == [(1, "container-oom")]
    assert told(Entry(OOM, 1, command=True), "and more") == []


def test_a_failure_that_was_tried_again_is_over_when_a_later_line_says_so() -> None:
    failed, over = "connect ECONNREFUSED 10.0.0.9:4100, trying again in 1 s", "connected on attempt 2"  # fmt: skip
    assert told(failed) == [(1, "conn-refused")]
    assert told(failed, over) == []
    assert told(over, failed) == [(2, "conn-refused")]
    assert told(f"{failed}, {over}") == []
    assert told("connect ECONNREFUSED 10.0.0.9:4100", over) == [(1, "conn-refused")]
    assert told(failed, over, failed) == [(3, "conn-refused")]
    for after, found in ((99, []), (100, [(1, "conn-refused")])):  # of a log its end is looked at
        assert told(failed, over, *["x y"] * after) == found


def test_a_property_of_an_error_repeats_the_error_above_it() -> None:
    head, code = "Error: connect ECONNREFUSED 10.0.0.9:4100", "  code: 'ECONNREFUSED',"
    assert told(head, code) == [(1, "conn-refused")]
    assert told("  errno: -111,", code) == [(2, "conn-refused")]
    assert told("Error: it broke", "  errno: -111,", code) == [
        (1, "conn-refused")
    ]  # once, at the error
    apart = [Entry(head, 1, block=0), Entry(code, 2, block=1)]
    assert told(*apart) == [(1, "conn-refused"), (2, "conn-refused")]


def test_rows_below_the_head_of_a_table_and_what_is_listed_are_no_events() -> None:
    assert told("Error | Meaning", f"{OOM} | x") == []
    head = Entry("| Error | Meaning |", 1, block=0)
    assert told(head, Entry(f"| {OOM} | x |", 2, block=1)) == []
    assert told(head, Entry(OOM, 2, block=1)) == [(2, "container-oom")]
    assert told("Status | x", f"{OOM} | x") == [(2, "container-oom")]
    assert told("retryable_errors: [", "ECONNREFUSED", OOM) == [(3, "container-oom")]
    assert told("What's new", f"- fixed {OOM}") == []
    # Below the head of a table in a log, lines are a log's.
    rows = [Entry(f"{OOM} | x", n) for n in range(2, 43)]
    assert len(told("Error | Meaning", *rows[:39])) == 0
    assert told("Error | Meaning", *rows)[0] == (2, "container-oom")
    news = ["What's new", *[f"- fixed {OOM}"] * 99]
    assert told(*news) == []
    assert told(*news, "- more")[0] == (2, "container-oom")


def test_lines_that_may_be_one_are_told_by_themselves_if_each_says_something() -> None:
    def two(first: str, second: str) -> Entry:
        return Entry(f"{first} {second}", 1, lines=(Line(first, 1), Line(second, 2)))

    assert told(two(OOM, NO_IMAGE)) == [(1, "container-oom"), (2, "image-not-found")]
    assert told(two("exec format", "error")) == [(1, "image-arch-mismatch")]
    assert told(two("x y", OOM)) == [(1, "container-oom")]
    assert told(two(SYMPTOM, "x y")) == [(1, "app-crash")]
    tight = Entry("exec for mat error", 1, tight="exec format error")
    assert told(tight) == [(1, "image-arch-mismatch")]
    both = Entry(SYMPTOM, 1, tight=OOM)
    assert told(both) == [(1, "container-oom")]
    assert told(Entry(OOM, 1, tight=SYMPTOM)) == [(1, "container-oom")]


def test_what_any_program_says_is_another_s_where_it_names_itself() -> None:
    assert told(f"Kafka: {FULL}", ours=False) == []
    assert told(f"Kafka: {FULL}") == [(1, "disk-full")]
    assert told("Kafka: exec format error", ours=False) == []  # what not every program says, too
    assert told("it: exec format error", ours=False) == [(1, "image-arch-mismatch")]
    assert told(f"Kafka: {FULL}", "on fargate", ours=False) == [(1, "disk-full")]
    assert told(FULL, ours=False) == [(1, "disk-full")]
    long = ["x" * 100, "y" * 100, "z" * 100]
    assert told(FULL, *long, ours=False) == []
    assert told(FULL, *long) == [(1, "disk-full")]
    assert told("exec format error", *long, ours=False) == [(1, "image-arch-mismatch")]
    assert told(f"Kafka: {STEADY}", ours=False) == [(1, "healthy-steady")]


def test_a_log_is_calm_when_every_line_but_a_remark_or_three_is_one_of_a_sound_server() -> None:
    listening, pool = "Server listening at x:4100", "[pool] 3 warm"
    assert told(listening, pool) == [(2, "healthy-log")]
    assert sources(listening, pool) == ["line 2"]
    assert told(pool, "so", "it", "says") == [(1, "healthy-log")]
    assert told(pool, "so", "it", "says", "me") == []
    assert told(pool, "it failed badly") == []
    assert told("so it says") == []
    assert told(Entry("x y", 1, normal=True)) == [(1, "healthy-log")]
    assert told(Entry(listening, 1, normal=False)) == []
    assert told(f"10:00\t`{listening}`") == [(1, "healthy-log")]
    (said,) = heard(entries(f"{listening} {'x' * 300}"), ours=True)
    assert said.answer.why[0].quote == f"{listening} {'x' * 300}"[:200]
    assert (said.kind, said.answer.severity) == ("log_line", "info")


def test_the_first_line_that_sounds_like_a_failure_and_is_not_explained_is_told() -> None:
    def first(*texts: str | Entry, known: tuple[int, ...] = ()) -> int | None:
        found = entries(*texts)
        said = [s for s in heard(entries(*[OOM] * 3), ours=True) if s.entry.number in known]
        entry = alarming(found, said)
        return entry.number if entry else None

    assert first("all is well") is None
    assert first("all is well", "it Failed", "it crashed") == 2
    assert first("it failed", "it crashed", known=(1,)) == 2
    assert first("it failed", known=(1,)) is None
    assert first(Entry("it failed", 9, lines=(Line("it", 3), Line("failed", 4))), known=(3,)) is None  # fmt: skip
    assert first(Entry("it failed", 1, command=True), Entry("x failed", 2, normal=True)) is None
    assert first(Entry("it failed", 1, normal=False)) == 1
    assert first("[telemetry] failed to send") is None
    for announcing in ("# it failed", "it failed with:", "why has it failed?", "the following error", "it failed with this message below", "error messages below"):  # fmt: skip
        assert first(announcing) is None, announcing
    assert first("it failed: so") == 1


def test_words_that_mean_something_in_one_kind_of_message_only_need_a_mark_of_it() -> None:
    assert told("it has started task 7") == []
    assert told("(service a) has started 1 tasks: (task 0123456789ab).") == [(1, "healthy-deploy-progress")]  # fmt: skip
