"""Near misses of every cause, made from its own messages: in a test, in code, in a changelog, of another platform."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ash_ops.causes import CAUSES
from ash_ops.causes.base import Cause
from ash_ops.causes.classify import message_texts
from ash_ops.causes.evidence import lenient
from ash_ops.causes.explain import explain
from tests.ash_ops.causes.test_corpus import rows

CORPUS = [
    row
    for name in ("labelled.jsonl", "collected.jsonl", "incidents.jsonl")
    for row in rows(name)
    if row["cause"] in CAUSES and CAUSES[row["cause"]].severity != "info"
]
LONGEST = 600


def texts_of(row: dict[str, Any]) -> Iterator[str]:
    """The sentences of a labelled message that may stand on one line."""
    for _, text in message_texts(row["kind"], lenient(row["fields"])):
        flat = " ".join(text.split())
        if 15 < len(flat) < LONGEST and flat[:1] not in "{[":
            yield flat


def claims(text: str) -> set[str]:
    """The causes that are claimed as an error or a warning."""
    return {e.answer.cause for e in explain(text) if e.answer.severity in ("error", "warning")}


@cache
def examples() -> dict[str, list[str]]:
    """Sentences by which a cause is known, three at most; of its own words where none is labelled."""
    found: dict[str, list[str]] = {slug: [] for slug in CAUSES}
    for row in CORPUS:
        own = found[row["cause"]]
        own.extend(t for t in texts_of(row) if len(own) < 3 and row["cause"] in claims(t))
    for slug, own in found.items():
        if not own:
            own.extend(text for text in _spoken(CAUSES[slug]) if slug in claims(text))
    return {slug: own[:3] for slug, own in found.items() if own}


def _spoken(cause: Cause) -> Iterator[str]:
    """Sentences of the words of a cause's signatures."""
    for signature in cause.signatures:
        terms = [term.split("|")[0] for term in signature.all_of if not term.startswith("~")]
        if terms:
            yield f"Error: {' '.join(terms)}"


ENDS = str.maketrans("", "", ".!?\u2026")
NOT_SAID: dict[str, Callable[[str], str]] = {
    "a passed test": lambda text: f"✓ handles {text} (3 ms)",
    "a test of TAP": lambda text: f"ok 12 - handles {text}",
    "a test of pytest": lambda text: f"tests/test_x.py::test_x[{text}] PASSED [ 50%]",
    "a line of code": lambda text: f"logger.error({json.dumps(text)})",
    "a condition of code": lambda text: f"if (error.message === {json.dumps(text)}) {{ retry(); }}",
    "a comment": lambda text: f"// {text}",
    "a changelog": lambda text: f"fix(net): {text}",
    "a debugger's line": lambda text: f"2026-01-02T03:04:05Z DEBUG retry handler saw: {text}",
    "an advice": lambda text: f"If you see {text.translate(ENDS)}, look at the page.",
    "a rule": lambda text: f"alert rule {json.dumps(text)} created; state OK",
    "a recovery": lambda text: f"recovered; previous error was {text}",
}

OTHER_PLATFORMS: dict[str, Callable[[str], str]] = {
    "Kubernetes": lambda text: f"Warning Failed 12s kubelet {text}",
    "Lambda": lambda text: f"[/aws/lambda/f] RequestId: 0a {text}",
    "Cloud Run": lambda text: f"ERROR: (gcloud.run.deploy) {text}",
}
THEIRS = frozenset({"pending", "connection"})
"""What other platforms have, too, each in its own way: starting programs, and reaching them."""
MARKED = (
    "cannot", "resourceinitialization", "service ", "task", "ecs", "fargate", "aws::", "handler",
    "4100", ".elb.", "stopped", "[",
)  # fmt: skip
"""What says that a message is of ECS or Ash, whatever stands around it."""


def test_words_that_report_nothing_claim_nothing() -> None:
    """Every cause in every such place, with one of its sentences, in the next place with another."""
    claimed = [
        (slug, name, text)
        for slug, texts in examples().items()
        for place, (name, miss) in enumerate(NOT_SAID.items())
        if slug in claims(miss(text := texts[place % len(texts)]))
    ]
    assert not claimed


def test_another_platforms_failure_is_not_ours() -> None:
    claimed = [
        (slug, name, text)
        for slug, texts in examples().items()
        if CAUSES[slug].category in THEIRS
        for text in texts
        if not any(mark in text.lower() for mark in MARKED)
        for name, miss in OTHER_PLATFORMS.items()
        if slug in claims(miss(text))
    ]
    assert not claimed


def test_the_causes_it_is_mistaken_for_do_not_claim_it() -> None:
    first = {text: explain(text)[0].answer.cause for texts in examples().values() for text in texts}
    wrong = [
        (slug, other, text)
        for slug in examples()
        for other, _ in CAUSES[slug].confused_with
        if other in examples() and not CAUSES[other].symptom
        for text in examples()[other]
        if first[text] == slug
    ]
    assert not wrong


def test_every_cause_that_words_tell_has_near_misses() -> None:
    told = {slug for slug, cause in CAUSES.items() if cause.signatures and cause.severity != "info"}
    assert len(told - set(examples())) <= 0.05 * len(told), told - set(examples())
    assert len(NOT_SAID) >= 3
