"""What words weigh: learned from the labelled texts, asked where signatures are silent or misread a text."""

from __future__ import annotations

from array import array
from functools import cache
from random import Random

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.classify import Classification, answer
from ash_ops.causes.explain import explain
from ash_ops.causes.reading import read
from ash_ops.causes.resemblance import NONE, likeness, marks, speaking_most, weights
from ash_ops.causes.resemblance.weighed import BY_LIKENESS, failing, told_otherwise, words_of
from ash_ops.causes.structure import Hint
from tools import learned


def test_names_of_classes_ids_and_long_numbers_are_one_mark_whatever_they_are() -> None:
    assert marks("ResourceNotReady") == marks("resource not ready")
    assert marks("task 0a1b2c3d4e5f gone") == marks("task 9f8e7d6c5b4a gone")
    assert marks("port 41000") == marks("port 52000")
    assert marks("exit 137") != marks("exit 139")


def test_the_order_of_words_counts() -> None:
    assert marks("refused by the server") != marks("server refused by the")


@pytest.mark.parametrize("text", ["", "\x00", "é" * 9_000, "a" * 100_000])
def test_any_text_is_weighed(text: str) -> None:
    assert likeness(text).scores.keys() | {NONE} == {
        *learned.json.loads(weights.FILE.read_text("utf-8"))["causes"]
    }


def test_every_cause_that_words_speak_for_is_one() -> None:
    assert likeness("x").scores.keys() <= CAUSES.keys()


def test_a_table_says_what_its_marks_speak_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sorted((mark, 1, 32) for mark in marks("disk full"))
    table = weights._Table(
        ("conn-refused", "disk-full", NONE),
        (-0.5, -0.5, -0.25),
        array("I", [mark for mark, _, _ in rows]),
        bytes(cause for _, cause, _ in rows),
        array("b", [weight for _, _, weight in rows]),
    )
    monkeypatch.setattr(weights, "_table", lambda: table)
    full = likeness("disk full")
    assert full.best == "disk-full"
    assert full.scores["disk-full"] == pytest.approx(-0.5 + 3 * 2 / 3**0.5)
    assert full.lead == full.ahead_of("conn-refused") == pytest.approx(3 * 2 / 3**0.5)
    assert full.ahead_of("of which nothing was learned") == full.ahead_of("conn-refused")
    assert full.none == likeness("").none == -0.25
    assert likeness("").lead == 0
    assert speaking_most(["all is well", "the disk full", "disk full"], "disk-full") == 2


@cache
def held_out() -> tuple[list[learned.Labelled], weights.Weights]:
    """Texts, and what was learned from others: none of the same source, thread or page."""
    labelled = [*learned.labelled()]
    every = [one for one in labelled if one.cause != NONE and "#" in one.source]
    sources = sorted({one.source for one in every})
    Random(1).shuffle(sources)
    apart = {*sources[: len(sources) // 4]}
    none = [one for one in labelled if one.cause == NONE]
    learn_from = [one for one in every if one.source not in apart]
    return [one for one in every if one.source in apart], learned.learn([*learn_from, *none])


def test_what_was_not_learned_from_is_mostly_known(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, made = held_out()
    table = weights._Table(
        made.causes,
        made.biases,
        array("I", made.marks),
        made.speaks_for,
        array("b", made.weights),
    )
    monkeypatch.setattr(weights, "_table", lambda: table)
    told = [(likeness(learned.as_read(one.text)).best, one) for one in texts]
    right = sum(best == one.cause or best in one.as_well for best, one in told)
    assert len(told) > 500
    assert right / len(told) > 0.75


def test_the_file_was_learned_from_the_texts_that_are_there() -> None:
    kept = learned.json.loads(weights.FILE.read_text("utf-8"))
    assert kept["stamp"] == learned.stamp([*learned.labelled()])


def sources(text: str) -> list[str]:
    return [hint.source for hint in explain(text)[0].answer.why]


def test_the_evidence_says_that_it_is_a_likeness_and_where() -> None:
    text = "[info] starting\nDockerfile step went fine\n[error] ToolkitError: Stack is in a paused fail state (UPDATE_FAILED) and change includes a replacement which cannot be deployed with --no-rollback"
    first = explain(text)[0]
    assert first.cause is not None
    assert first.cause.category == "deploy"
    assert sources(text) == [f"{BY_LIKENESS}, line 3"]
    assert "paused fail state" in first.answer.why[0].quote


@pytest.mark.parametrize(
    "text",
    [
        "All 212 checks passed, the deployment of the new stack is complete and nothing had to be rolled back",
        "failed",
        "Error: claude",
        "ToolkitError: Stack is in a paused fail state (UPDATE_FAILED) and change includes a replacement\nAttempt 2 succeeded",
    ],
    ids=["nothing failed", "a word", "two words", "it is over"],
)  # fmt: skip
def test_nothing_is_told_by_likeness(text: str) -> None:
    assert not any(source.startswith(BY_LIKENESS) for source in sources(text))


def test_no_command_that_changes_anything_is_told_by_likeness() -> None:
    text = "ToolkitError: Stack is in a paused fail state (UPDATE_FAILED) and change includes a replacement which cannot be deployed with --no-rollback"
    first = explain(text)[0]
    assert first.answer.cause == "cfn-rollback-complete"
    commands = [step.command for step in (*first.proof(), *first.repair())]
    assert any("describe-stack" in command for command in commands)
    assert not any("delete-stack" in command or "deploy" in command for command in commands)


PROXIED = "[WebServer] Failed to proxy http://127.0.0.1:5050/api/metrics/vitals [Error: socket hang up] { code: 'ECONNRESET' }"


def test_of_another_platforms_failure_nothing_is_told_by_likeness() -> None:
    assert explain(PROXIED)[0].answer.cause == "conn-reset"
    assert sources(PROXIED) == [f"{BY_LIKENESS}, line 1"]
    assert sources(f"Warning Unhealthy 12s kubelet Readiness probe failed\n{PROXIED}") == []


def by_signature(slug: str, rank: int) -> Classification:
    return answer([Hint(slug, rank, "line 1", "x")], retried=False)


ABOUT_A_REGION = "ERRO[0001] Error executing 'ps': RequestError: send request failed caused by: Post https://ecs.ap-southeest-1.amazonaws.com/: dial tcp: lookup ecs.ap-southeest-1.amazonaws.com on 8.8.8.8:53: no such host"


def test_a_weak_signature_is_overruled_where_it_is_about_something_else() -> None:
    said = told_otherwise(read(ABOUT_A_REGION), by_signature("image-pull-denied", 50))
    assert said is not None
    assert said.answer.cause == "aws-region-invalid"


def test_a_signature_is_left_alone_where_its_cause_is_nearly_as_like() -> None:
    scores = likeness(words_of(read(ABOUT_A_REGION))).scores
    near = min(scores, key=lambda slug: abs(scores["aws-region-invalid"] - 0.3 - scores[slug]))
    assert told_otherwise(read(ABOUT_A_REGION), by_signature(near, 50)) is None


def test_causes_that_the_catalogue_tells_apart_are_left_to_it() -> None:
    region = CAUSES["aws-region-invalid"]
    same = next(slug for slug, one in CAUSES.items() if one.category == region.category and one is not region and one.severity != "info")  # fmt: skip
    assert told_otherwise(read(ABOUT_A_REGION), by_signature(same, 50)) is None


def test_a_signature_that_names_act_and_object_is_never_overruled() -> None:
    assert told_otherwise(read(ABOUT_A_REGION), by_signature("image-pull-denied", 70)) is None


def test_a_precise_signature_is_never_overruled() -> None:
    for one in explain("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/acme/ash:1: not found"):  # fmt: skip
        assert not any(hint.source.startswith(BY_LIKENESS) for hint in one.answer.why)


def test_only_what_says_that_something_failed_is_weighed_of_a_long_text() -> None:
    entries = read("request completed in 12 ms\nError: the socket was closed\nHow do I avoid `fatal: x`?").entries  # fmt: skip
    assert [entry.text for entry in failing(entries)] == ["Error: the socket was closed"]


def test_wrappings_weigh_nothing() -> None:
    said = "Error: the socket was closed by nobody knows whom"
    assert marks(words_of(read(f"> {said}"))) == marks(words_of(read(said)))
