"""Any bytes in, never an exception; work grows no faster than the input."""

from __future__ import annotations

import gzip
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.causes import CAUSES, KINDS, UNKNOWN, classify
from ash_ops.causes.batch import answers
from ash_ops.causes.explain import explain
from ash_ops.report.explanation import lines

NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        """stoppedReason stopCode containers reason exitCode logs message TargetHealth State Reason
        TargetHealthDescriptions resourceStatus resourceStatusReason changeSet failures code status
        body error cause path deployments rolloutState name events tasks attachments""",
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(kind=st.sampled_from([*KINDS, "", "other"]), fields=VALUES)
@settings(max_examples=300, deadline=None)
def test_classify_takes_anything(kind: str, fields: object) -> None:
    answer = classify(kind, fields)
    assert answer.cause == UNKNOWN or answer.cause in CAUSES


@given(text=st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
@settings(max_examples=150, deadline=None)
def test_explain_takes_any_text(text: str) -> None:
    assert "\n".join(lines(explain(text)))


@given(document=VALUES)
@settings(max_examples=150, deadline=None)
def test_explain_takes_any_document(document: object) -> None:
    import json

    found = explain(json.dumps(document, default=str))
    assert all(entry.to_json()["cause"] for entry in found)


def test_a_document_that_says_nothing_of_its_own_is_read() -> None:
    said = "An error occurred (DecryptionFailure) when calling the GetSecretValue operation: Secrets Manager can't decrypt the protected secret text using the provided KMS key."
    assert explain(json.dumps({"errorMessage": said, "errorType": "DecryptionFailure"}))


@given(line=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_a_batch_answers_every_line_it_can_read(line: bytes) -> None:
    for answer, readable in answers([line]):
        assert ("error" in answer) is not readable


@given(raw=st.binary() | st.text().map(lambda text: text.encode("utf-16")))
@settings(max_examples=150, deadline=None)
def test_explain_takes_any_bytes(raw: bytes) -> None:
    assert "\n".join(lines(explain(raw)))
    assert "\n".join(lines(explain(gzip.compress(raw))))


@pytest.mark.parametrize("before", [0, 100_000, 1_000_000])
def test_the_middle_of_a_long_line_is_read(before: int) -> None:
    text = "x " * (before // 2) + "Error: ENOSPC: no space left on device, write " + "y " * 500_000
    assert explain(text)[0].answer.cause == "disk-full"


# Texts that make patterns with nested or overlapping repetition explode.
HOSTILE = [
    " ",
    "a",
    "1",
    "route get:",
    "dial tcp: lookup ",
    "sandbox ",
    "\\n",
    "\x1b[",
    "://a:",
    "(service ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_work_does_not_explode_with_the_length(unit: str) -> None:
    def cost(characters: int) -> float:
        text = unit * (characters // len(unit))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            explain(text)
            best = min(best, time.process_time() - start)
        return best

    small, big = cost(50_000), cost(800_000)
    # 16 times the text: linear work may cost 16 times as much, squared work 256 times.
    assert big < 40 * small + 0.02
