"""Services and their targets: rollout states, counts, reason codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import items, lenient, text_of
from ash_ops.causes.structure.hints import Fields, Hint, number, word

TARGET_REASONS: Final = {
    "target.timeout": "target-timeout",
    "target.failedhealthchecks": "elb-healthcheck-failed",
    "target.notregistered": "target-not-registered",
    "target.notinuse": "target-group-not-attached",
    "target.invalidstate": "target-not-registered",
    "target.responsecodemismatch": "elb-healthcheck-failed",
    "target.ipunusable": "target-not-registered",
    "target.healthcheckdisabled": "target-healthcheck-disabled",
    "target.deregistrationinprogress": "healthy-target",
    "elb.internalerror": "elb-internal-error",
    "elb.registrationinprogress": "healthy-target",
    "elb.initialhealthchecking": "healthy-target",
}


TARGET_STATES: Final = {
    "healthy": "healthy-target",
    "initial": "healthy-target",
    "draining": "healthy-target",
    "unhealthy.draining": "healthy-target",
    "unhealthy": "elb-healthcheck-failed",
    "unavailable": "target-healthcheck-disabled",
    "unused": "target-group-not-attached",
}


_UNDER_WAY: Final = {"in_progress", ""}


def service_event(fields: Fields) -> Iterator[Hint]:
    """What deployments and counts say."""
    for deployment in items(fields.get("deployments")):
        yield from _deployment(deployment)
    if "deployments" in fields:
        return
    if number(fields.get("desiredCount")) == 0:
        yield Hint("service-desired-zero", Rank.GENERIC, "desiredCount", "0")
    elif _all_running(fields) and word(fields.get("status")) in ("active", ""):
        running = text_of(fields["runningCount"])
        yield Hint("healthy-steady", Rank.NORMAL, "runningCount", running)


def _deployment(deployment: Fields) -> Iterator[Hint]:
    state = word(deployment.get("rolloutState"))
    source = "deployments[].rolloutState"
    failed = number(deployment.get("failedTasks")) or 0
    if state == "failed":
        yield Hint("circuit-breaker", Rank.SYMPTOM + 1, source, "FAILED")
    elif word(deployment.get("status")) != "primary":
        yield Hint(
            "healthy-deploy-progress",
            Rank.NORMAL - 2,
            "deployments[].status",
            text_of(deployment.get("status")),
        )
    elif failed:
        yield Hint("crash-loop", Rank.SYMPTOM, "deployments[].failedTasks", str(failed))
    elif state == "completed" or _all_running(deployment):
        yield Hint("healthy-steady", Rank.NORMAL, source, "COMPLETED")
    elif state in _UNDER_WAY:
        yield Hint("healthy-deploy-progress", Rank.NORMAL, source, state.upper() or "IN_PROGRESS")


def _all_running(deployment: Fields) -> bool:
    desired, running = (
        number(deployment.get("desiredCount")),
        number(deployment.get("runningCount")),
    )
    return desired is not None and desired == running and not number(deployment.get("pendingCount"))


def target_health(fields: Fields) -> Iterator[Hint]:
    """What reason code and state say."""
    descriptions = fields.get("targetHealthDescriptions")
    if isinstance(descriptions, list | tuple):
        if not descriptions:
            yield Hint("no-registered-targets", Rank.DECISIVE, "TargetHealthDescriptions", "[]")
        for entry in items(descriptions):
            yield from target_health(entry)
        return
    health = lenient(fields.get("targetHealth")) or fields
    reason, state = word(health.get("reason")), word(health.get("state"))
    known = TARGET_REASONS.get(reason)
    if known:
        # Which code came is in the description, and says more.
        rank = Rank.GENERIC if reason == "target.responsecodemismatch" else Rank.LIKELY
        yield Hint(known, rank, "TargetHealth.Reason", text_of(health.get("reason")))
    elif state in TARGET_STATES:
        yield Hint(
            TARGET_STATES[state], Rank.GENERIC, "TargetHealth.State", text_of(health.get("state"))
        )
