"""A sentence that reports no failure silences none that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops.causes.calm import asserted
from ash_ops.causes.explain import explain
from ash_ops.causes.matching import folded
from tests.ash_ops.causes.wrappings import pasted, rows

CALM = [
    "Build finished: 0 failed, 12 passed",
    "no errors in the last hour",
    "the connection to the broker was lost (ECONNRESET) and has been stable since",
    "Post-mortem: the billing job ran out of memory",
    "You may receive an AccessDeniedException here.",
    "What does ECS do when a pull fails with manifest unknown?",
    "Does it retry when the health check times out?",
    "This is the most common cause of exit code 137.",
    "The RequestExpired error is a 400-level error indicating that the clock differs.",
    "DEBUG retry: handling ENOSPC: no space left on device",
    "INFO retry policy loaded: retry on ETIMEDOUT",
    "test_it_handles_timeouts PASSED",
    "if you see AccessDenied, ask the platform team",
    "retrying succeeded after 2 attempts",
    "- fix: no more timeouts on start",
    "connect_timeout=10",
    "Timeouts of ECS tasks most often stem from a security group that blocks the health check.",
]
"""One sentence of each kind that holds a failure's words and reports none."""


def failing() -> Iterator[dict[str, Any]]:
    """One labelled message a cause."""
    told: set[str] = set()
    for row in rows("labelled.jsonl"):
        if not row.get("negative") and row["cause"] not in told:
            told.add(row["cause"])
            yield row


FAILING = list(failing())


def is_named(row: dict[str, Any], text: str) -> bool:
    return bool(
        {e.answer.cause for e in explain(text)} & {row["cause"], *row.get("also_accept", [])}
    )


def test_there_is_a_message_of_many_causes() -> None:
    assert len(FAILING) >= 90


@pytest.mark.parametrize("calm", CALM)
def test_each_of_them_says_nothing_by_itself(calm: str) -> None:
    assert asserted(folded(calm)).strip(" .?") in ("", "test_it_handles_timeouts") or not [
        entry for entry in explain(calm) if entry.answer.severity in ("error", "warning")
    ]


@pytest.mark.parametrize("calm", CALM)
def test_a_failure_beside_it_keeps_its_cause(calm: str) -> None:
    before = {row["id"] for row in FAILING if not is_named(row, f"{calm}\n\n{pasted(row)}")}
    after = {row["id"] for row in FAILING[::4] if not is_named(row, f"{pasted(row)}\n\n{calm}")}
    assert not before | after


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        (
            "When the service deploys, the tasks fail with CannotPullContainerError: ghcr.io/a/ash:9: not found",
            "image-not-found",
        ),
        ("When the task starts it stops with exec format error", "image-arch-mismatch"),
        (
            "Whenever the server starts in ECS it dies: Error: EACCES: permission denied, mkdir '/data/sessions'",
            "data-dir-unwritable",
        ),
        (
            "If the stack is deployed, I get: The maximum number of addresses has been reached (Service: Ec2)",
            "cfn-quota",
        ),
    ],
)
def test_what_fails_under_a_circumstance_fails(told: str, cause: str) -> None:
    assert explain(told)[0].answer.cause == cause
