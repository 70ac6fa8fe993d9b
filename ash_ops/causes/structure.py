"""What the structure of a message decides before any of its words: codes, states, counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import items, lenient, text_of


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint at a cause: how much it proves and what it rests on."""

    slug: str
    rank: int
    source: str
    quote: str


Fields = Mapping[str, Any]

_BY_SCHEDULER: Final = {"servicescheduleinitiated", "serviceschedulerinitiated", "userinitiated"}
_EXIT_CODES: Final = {
    0: "healthy-exit0",
    126: "entrypoint-missing",
    127: "entrypoint-missing",
    134: "node-heap-oom",
    137: "sigkill-137",
    139: "app-crash",
    143: "healthy-scale-in",
    130: "healthy-scale-in",
}
"""What an exit code says when nothing else speaks (128 + the signal's number)."""

_SEGFAULT: Final = 139
_SIGNALS: Final = {
    134: "134 (128 + 6, SIGABRT: the process gave up)",
    137: "137 (128 + 9, SIGKILL)",
    _SEGFAULT: "139 (128 + 11, SIGSEGV: a crash in native code, not out of memory)",
    143: "143 (128 + 15, SIGTERM: asked to stop)",
}
"""Exit codes above 128 name a signal.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

_TARGET_REASONS: Final = {
    "target.timeout": "target-timeout",
    "target.failedhealthchecks": "elb-healthcheck-failed",
    "target.notregistered": "target-not-registered",
    "target.notinuse": "target-group-not-attached",
    "target.invalidstate": "target-not-registered",
    "target.ipunusable": "target-not-registered",
    "target.healthcheckdisabled": "target-healthcheck-disabled",
    "target.deregistrationinprogress": "healthy-target",
    "elb.internalerror": "elb-internal-error",
    "elb.registrationinprogress": "healthy-target",
    "elb.initialhealthchecking": "healthy-target",
}
_TARGET_STATES: Final = {
    "healthy": "healthy-target",
    "initial": "healthy-target",
    "draining": "healthy-target",
    "unhealthy.draining": "healthy-target",
    "unhealthy": "elb-healthcheck-failed",
    "unavailable": "target-healthcheck-disabled",
    "unused": "target-group-not-attached",
}


def word(value: object) -> str:
    """A code as it is compared: lower case, without blanks around it."""
    return text_of(value).strip().lower()


def number(value: object) -> int | None:
    """A whole number, also when it came as text."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def _stopped_task(fields: Fields) -> Iterator[Hint]:
    stop_code = word(fields.get("stopCode")).replace("_", "")
    if stop_code == "spotinterruption":
        yield Hint("spot-interruption", Rank.DECISIVE, "stopCode", text_of(fields["stopCode"]))
    elif stop_code == "terminationnotice":
        yield Hint("spot-interruption", Rank.LIKELY, "stopCode", text_of(fields["stopCode"]))
    elif stop_code in _BY_SCHEDULER:
        yield Hint("healthy-scale-in", Rank.SYMPTOM - 2, "stopCode", text_of(fields["stopCode"]))
    service = word(fields.get("group")).startswith("service:")
    for container in items(fields.get("containers")):
        yield from _container(container, stop_code, in_service=service)
    if word(fields.get("healthStatus")) == "unhealthy":
        yield Hint("container-healthcheck-failed", Rank.GENERIC, "healthStatus", "UNHEALTHY")


def _container(container: Fields, stop_code: str, *, in_service: bool) -> Iterator[Hint]:
    name = text_of(container.get("name")) or "?"
    if word(container.get("healthStatus")) == "unhealthy":
        source = f"containers[{name}].healthStatus"
        yield Hint("container-healthcheck-failed", Rank.GENERIC, source, "UNHEALTHY")
    code = number(container.get("exitCode"))
    if code is None:
        return
    slug, rank = _exit(code, stop_code, in_service=in_service)
    source = f"containers[{name}].exitCode"
    yield Hint(slug, rank, source, _SIGNALS.get(code, str(code)))
    if code == _SEGFAULT:
        yield Hint("exit-139", rank - 1, source, _SIGNALS[code])


def _exit(code: int, stop_code: str, *, in_service: bool) -> tuple[str, int]:
    """What an exit code says: less when someone else stopped the task."""
    asked = stop_code in _BY_SCHEDULER
    if code == 0 and in_service and not asked:
        return "app-crash", Rank.NORMAL + 1
    if code == 0:
        return "healthy-exit0", Rank.NORMAL + 1
    slug = _EXIT_CODES.get(code, "app-crash")
    if code in (130, 143):
        return slug, Rank.NORMAL + 1
    if asked:
        return slug, Rank.NORMAL + 2
    return slug, Rank.SYMPTOM if slug == "app-crash" else Rank.SYMPTOM + 5


def _service_event(fields: Fields) -> Iterator[Hint]:
    for deployment in items(fields.get("deployments")):
        yield from _deployment(deployment)
    if number(fields.get("desiredCount")) == 0 and "deployments" not in fields:
        yield Hint("service-desired-zero", Rank.GENERIC, "desiredCount", "0")


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
    else:
        yield Hint("healthy-deploy-progress", Rank.NORMAL, source, state.upper() or "IN_PROGRESS")


def _all_running(deployment: Fields) -> bool:
    desired, running = (
        number(deployment.get("desiredCount")),
        number(deployment.get("runningCount")),
    )
    return desired is not None and desired == running and not number(deployment.get("pendingCount"))


def _target_health(fields: Fields) -> Iterator[Hint]:
    descriptions = fields.get("targetHealthDescriptions")
    if isinstance(descriptions, list | tuple):
        if not descriptions:
            yield Hint("no-registered-targets", Rank.DECISIVE, "TargetHealthDescriptions", "[]")
        for entry in items(descriptions):
            yield from _target_health(entry)
        return
    health = lenient(fields.get("targetHealth")) or fields
    reason, state = word(health.get("reason")), word(health.get("state"))
    known = _TARGET_REASONS.get(reason)
    if known:
        yield Hint(known, Rank.LIKELY, "TargetHealth.Reason", text_of(health.get("reason")))
    elif reason == "target.responsecodemismatch":
        yield Hint(
            "elb-healthcheck-failed",
            Rank.GENERIC,
            "TargetHealth.Reason",
            text_of(health.get("reason")),
        )
    elif state in _TARGET_STATES:
        yield Hint(
            _TARGET_STATES[state], Rank.GENERIC, "TargetHealth.State", text_of(health.get("state"))
        )


def _change_set(fields: Fields) -> Iterator[Hint]:
    status = word(lenient(fields.get("changeSet")).get("status"))
    if status and "failed" not in status:
        yield Hint("healthy-cfn", Rank.GENERIC, "ChangeSet.Status", status.upper())


def _cfn_event(fields: Fields) -> Iterator[Hint]:
    status = (
        word(fields.get("resourceStatus"))
        or word(fields.get("stackStatus"))
        or word(fields.get("status"))
    )
    source, quote = "ResourceStatus", status.upper()
    reason = word(fields.get("resourceStatusReason")) or word(fields.get("stackStatusReason"))
    stack = "cloudformation::stack" in word(fields.get("resourceType"))
    if status == "update_rollback_failed":
        yield Hint("cfn-update-rollback-failed", Rank.GENERIC, source, quote)
    elif status in ("rollback_complete", "rollback_failed"):
        yield Hint("cfn-rollback-complete", Rank.GENERIC, source, quote)
    elif status == "review_in_progress":
        yield Hint(
            "stack-review-in-progress" if not stack else "healthy-cfn", Rank.NORMAL, source, quote
        )
    elif "rollback" in status:
        yield Hint("cfn-secondary", Rank.SYMPTOM if stack else Rank.NORMAL, source, quote)
    elif status == "delete_failed":
        yield Hint("cfn-delete-failed", Rank.NORMAL, source, quote)
    elif status and "failed" not in status:
        yield Hint("healthy-cfn", Rank.NORMAL if reason else Rank.GENERIC, source, quote)
    elif stack and "failed" in status:
        yield Hint("cfn-secondary", Rank.NORMAL, source, quote)


def _stack_event(fields: Fields) -> Iterator[Hint]:
    yield from _cfn_event(fields)
    yield from _change_set(fields)
    yield from _handler_error(fields)


_HANDLER_ERROR: Final = re.compile(r"HandlerErrorCode: ?([A-Za-z]{3,40})")
_HANDLER_CODES: Final = {
    "AlreadyExists": "cfn-already-exists",
    "AccessDenied": "cfn-access-denied",
    "InvalidCredentials": "aws-credentials-invalid",
    "ServiceLimitExceeded": "cfn-quota",
    "NotStabilized": "cfn-not-stabilized",
    "Throttling": "aws-throttled",
    "NotFound": "cfn-resource-missing",
    "ServiceInternalError": "aws-service-error",
    "InternalFailure": "aws-service-error",
    "NonCompliant": "cfn-validation",
    "NotUpdatable": "cfn-replacement-blocked",
}
"""What CloudFormation's own classification of a failure says.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""


def _handler_error(fields: Fields) -> Iterator[Hint]:
    reason = text_of(fields.get("resourceStatusReason"))[-2_000:]
    found = _HANDLER_ERROR.search(reason)
    slug = _HANDLER_CODES.get(found.group(1)) if found else None
    if found and slug:
        rank = Rank.SYMPTOM if slug == "cfn-not-stabilized" else Rank.GENERIC
        yield Hint(slug, rank, "ResourceStatusReason", found.group())


_FAILURES: Final = {
    "missing": "aws-not-found",
    "agent": "agent-disconnected",
    "resource": "wrong-launch-type",
    "attribute": "wrong-launch-type",
    "memberof constraint unsatisfied.": "wrong-launch-type",
}
"""The reasons of ``failures[]`` in answers of ECS, up to their colon.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
"""


def _api_error(fields: Fields) -> Iterator[Hint]:
    failures = fields.get("failures")
    if isinstance(failures, list | tuple) and not failures and not fields.get("message"):
        yield Hint("healthy-http", Rank.NORMAL, "failures", "[]")
    for failure in items(failures):
        reason = text_of(failure.get("reason"))
        slug = _FAILURES.get(reason.lower().split(":")[0])
        if slug:
            yield Hint(slug, Rank.CLEAR, "failures[].reason", reason)


def _http(fields: Fields) -> Iterator[Hint]:
    status = number(fields.get("status")) or number(fields.get("statusCode")) or 0
    quote = str(status)
    for slug, rank in _by_status(status, fields):
        yield Hint(slug, rank, "status", quote)


_SERVER_FAILED: Final = 500
_STATUS: Final = {
    401: ("ash-auth-invalid", Rank.NORMAL),
    403: ("ash-auth-invalid", Rank.NORMAL),
    404: ("ash-bad-request", Rank.NORMAL),
    429: ("ash-rate-limited", Rank.SYMPTOM),
    502: ("conn-reset", Rank.NORMAL),
    503: ("ash-server-error", Rank.NORMAL),
    504: ("conn-timeout", Rank.NORMAL),
}


def _by_status(status: int, fields: Fields) -> Iterator[tuple[str, int]]:
    body = fields.get("body")
    if 200 <= status < 400:
        if not _event_stream_failed(body):
            yield "healthy-http", _success_rank(fields, body)
    elif status == 401 and not body and not lenient(fields.get("headers")).get("authorization"):
        yield "ash-auth-missing", Rank.NORMAL
    elif status >= _SERVER_FAILED and word(fields.get("path")).startswith("/health"):
        yield "app-unhealthy-5xx", Rank.NORMAL
    elif status in _STATUS:
        yield _STATUS[status]
    elif 400 <= status < 500:
        yield "ash-bad-request", Rank.NORMAL
    elif status >= _SERVER_FAILED:
        yield "ash-server-error", Rank.NORMAL


def _success_rank(fields: Fields, body: object) -> int:
    """A success is one whatever its body tells; only /health speaks of the server in its body."""
    state = word(body.get("status")) if isinstance(body, Mapping) else ""
    asked_for_health = word(fields.get("path")).startswith("/health")
    return Rank.NORMAL if asked_for_health and state not in ("", "ok") else Rank.DECISIVE


def _event_stream_failed(body: object) -> bool:
    """Whether a 200 is an event stream that ended in an error."""
    text = text_of(body)[:20_000]
    return "event: error" in text or '"is_error": true' in text or '"is_error":true' in text


READERS: Final[dict[str, Callable[[Fields], Iterator[Hint]]]] = {
    "stopped_task": _stopped_task,
    "service_event": _service_event,
    "target_health": _target_health,
    "cfn_event": _stack_event,
    "api_error": _api_error,
    "http": _http,
}
