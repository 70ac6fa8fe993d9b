"""A private key that a log brings a line at a time is masked whole, and nothing else with it."""

from __future__ import annotations

import random

import pytest

from ash_ops.aws.logs import redact_events
from ash_ops.redact import LogLines, document
from ash_ops.secret import MASK
from tests.ash_ops.redact.kinds import armour, run

WIDTH = 64
BODY = [run(WIDTH, f"line{n}") for n in range(9)] + [run(17, "last") + "="]
BEGIN, END = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
BLOCK = [BEGIN, *BODY, END]
BEFORE, AFTER = (
    ["[server] listening on 4100", "started"],
    ["request completed in 12 ms", "ready", "ok"],
)


def shown(lines: list[str], *, pages: int = 1, newest_first: bool = False) -> list[str]:
    """The lines as they come out, read in so many pages."""
    door = LogLines()
    events = [{"timestamp": n, "logStreamName": "a/a/1", "message": m} for n, m in enumerate(lines)]
    size = -(-len(events) // pages)
    parts = [events[n : n + size] for n in range(0, len(events), size)]
    for part in parts[::-1] if newest_first else parts:
        page = part[::-1] if newest_first else part
        redact_events(page, door)
    return [str(event["message"]) for event in events]


def leaks(lines: list[str]) -> list[str]:
    return [part for part in BODY if any(part in line for line in lines)]


@pytest.mark.parametrize("pages", [1, 2, 3, 5, 16])
def test_a_whole_block_is_masked_across_pages_and_no_line_is_lost(pages: int) -> None:
    lines = [*BEFORE, *BLOCK, *AFTER]
    told = shown(lines, pages=pages)
    assert len(told) == len(lines)
    assert leaks(told) == []
    assert told[:3] == [*BEFORE, BEGIN]
    assert told[-4:] == [END, *AFTER]
    assert told[3:-4] == [MASK] * len(BODY)


@pytest.mark.parametrize("cut", range(len(BLOCK)))
def test_a_block_without_its_head_is_masked(cut: int) -> None:
    told = shown([*BLOCK[cut:], *AFTER])
    assert leaks(told) == []
    assert told[-3:] == AFTER


def test_a_long_word_beside_a_block_without_its_head_hides_it_from_nobody() -> None:
    """It is as long as a line of a key and no secret: a way, a chain of names, a rule of noughts."""
    for word in ("TheQuickBrownFoxJumpsOverTheLazyDogAndRunsAway", "0" * WIDTH):
        told = shown([word, *BODY[-3:], *AFTER])
        assert told == [word, MASK, MASK, MASK, *AFTER]


@pytest.mark.parametrize("cut", range(1, len(BLOCK)))
def test_a_block_without_its_tail_takes_no_sentence_with_it(cut: int) -> None:
    told = shown([*BLOCK[:cut], *AFTER[:1], *AFTER])
    assert leaks(told) == []
    assert told[-4:] == [AFTER[0], *AFTER]


def test_a_block_that_never_ends_ends_with_its_shorter_line() -> None:
    told = shown([BEGIN, *BODY, *(["ready", "ok", "done"] * 9)])
    assert leaks(told) == []
    assert told[-27:] == ["ready", "ok", "done"] * 9


def test_lines_of_other_streams_between_stay() -> None:
    door, events = LogLines(), []
    for n, line in enumerate(BLOCK):
        events += [
            {"timestamp": n, "logStreamName": "a/a/1", "message": line},
            {"timestamp": n, "logStreamName": "a/a/2", "message": "steady"},
        ]
    redact_events(events, door)
    assert leaks([e["message"] for e in events]) == []
    assert [e["message"] for e in events[1::2]] == ["steady"] * len(BLOCK)


def test_of_a_list_of_entries_too_lines_of_other_streams_between_stay() -> None:
    entries = [
        {"logStreamName": stream, "message": line}
        for line in BLOCK
        for stream, line in (("a/a/1", line), ("a/a/2", "steady"))
    ]
    told = [entry["message"] for entry in document(entries)]
    assert leaks(told) == []
    assert told[1::2] == ["steady"] * len(BLOCK)


@pytest.mark.parametrize("pages", [1, 3])
def test_pages_that_go_back_in_time_are_masked_too(pages: int) -> None:
    told = shown([*BEFORE, *BLOCK, *AFTER], pages=pages, newest_first=True)
    assert leaks([line for line in told if len(line) > 20]) == []
    assert told[:2] == BEFORE


@pytest.mark.parametrize("prefix", ["2026-11-27T03:00:00Z stdout F ", "    ", "> "])
def test_a_block_behind_a_prefix_is_masked(prefix: str) -> None:
    told = shown([f"{prefix}{line}" for line in BLOCK] + AFTER)
    assert leaks(told) == []
    assert told[-3:] == AFTER


@pytest.mark.parametrize(
    "label",
    [
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "EC PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ],
)
def test_every_label_opens_a_block(label: str) -> None:
    headers = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0A1B", ""]
    told = shown([*armour(label, [*headers, *BODY]).split("\n"), *AFTER])
    assert leaks(told) == []
    assert told[-3:] == AFTER


def test_stop_reasons_and_other_lists_are_masked_as_log_lines_are() -> None:
    assert leaks(document({"details": BLOCK})["details"]) == []
    events = document({"events": [{"message": line} for line in BLOCK]})["events"]
    assert leaks([event["message"] for event in events]) == []


def test_lines_that_differ_in_digits_alone_are_judged_alike_and_secrets_never_by_another() -> None:
    door = LogLines()
    first = door.redacted([("s", "line 1 of the log"), ("s", f"password=pw{1111}x")])
    again = door.redacted([("s", "line 22 of the log"), ("s", f"password=pw{2222}x"), ("s", "new")])
    assert first == ["line 1 of the log", f"password={MASK}"]
    assert again == ["line 22 of the log", f"password={MASK}", "new"]


def test_a_page_is_masked_as_its_lines_are_one_by_one() -> None:
    from tests.ash_ops.redact.kinds import KINDS

    texts = [kind.text for kind in KINDS if "\n" not in kind.text] + BEFORE + AFTER
    random.Random(4).shuffle(texts)
    together = LogLines().redacted([(str(n), text) for n, text in enumerate(texts)])
    assert together == [LogLines().redacted([("s", text)])[0] for text in texts]
