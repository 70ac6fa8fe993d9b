"""A sentence that reports no failure silences none that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops.causes.calm import asserted
from ash_ops.causes.explain import explain
from ash_ops.causes.general import is_general
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


@pytest.mark.parametrize(
    ("general", "particular"),
    [
        ("Fargate stops tasks whose essential container exits, and others are started.", "Fargate stopped my task because the essential container exited."),
        ("The error \"unable to pull secrets\" has confused many developers over the years.", "The error \"unable to pull secrets\" is what I get on every deployment."),
        ("Once the vCPU quota is used up, new tasks stay in PROVISIONING for long.", "Once deployed, the task stays in PROVISIONING for more than an hour."),
        ("In this post I show how we debugged a service whose health checks failed.", "In this service the health checks failed again after my last push."),
        ("Added retry for ECONNRESET when talking to the Anthropic API", "Added retries, still ECONNRESET when talking to the Anthropic API"),
        ("We migrated from dynos because they kept getting killed with exit code 137.", "We migrated from dynos last week and now tasks get killed with exit code 137."),
        ("Users on the free tier get 429 after five requests per minute.", "Our users get 429 after five requests since this morning."),
        ("You cannot delete a security group while a network interface uses it.", "The stack failed: a network interface uses the security group sg-0a1b2c3d."),
        ("Interview question: what would you check if a task is stuck in PENDING?", "What would you check? My task is stuck in PENDING since noon."),
        ("Remember that a task keeps failing when its secret is rotated while it runs.", "I remember no change, and the task keeps failing since its secret was rotated."),
        ("I wrote a script that scans the trail for AccessDenied events each day.", "I get AccessDenied from the script that scans the trail each day."),
    ],
)  # fmt: skip
def test_a_sentence_in_general_is_told_from_one_of_a_failure_that_happened(
    general: str, particular: str
) -> None:
    assert is_general(folded(general))
    assert not is_general(folded(particular))
