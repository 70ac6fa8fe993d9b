"""What kind of message a pasted text is."""

from __future__ import annotations

from typing import Any, Final

from ash_ops.causes.classify import UNKNOWN, Classification, classify
from ash_ops.causes.matching import find, folded

_KINDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "cfn_event",
        (
            "handlererrorcode|resource handler returned|create_failed|update_failed|delete_failed|_in_progress|resource creation canceled|the following resource(s)|cloudformation|did not stabilize|rollback_complete|aws::",
        ),
    ),
    (
        "stopped_task",
        (
            "~^(?:cannot[a-z]{1,40}error|resourceinitializationerror|outofmemoryerror|essential container|task failed|scaling activity|timeout waiting for|network interface|your spot|task stopped|containerruntime|dockertimeout)",
        ),
    ),
    (
        "service_event",
        (
            "~^\\(?service [^ ]{1,200} (?:has|was|is|did|failed|registered|deregistered|stopped|started|task)",
            "~^\\((?:task|service) [^ ]",
            "ecs deployment circuit breaker|deployment ecs-svc",
        ),
    ),
    (
        "target_health",
        (
            "~\\b(?:target|elb)\\.[a-z]{5,40}\\b",
            "health checks failed with these codes|target registration is in progress",
        ),
    ),
    (
        "api_error",
        (
            "an error occurred (|operation error |api error |botocore.|aws: [error]|exception: |clienterror|the config profile|unable to locate credentials|could not connect to the endpoint|you must specify a region|when calling the |aws sso|status code: 4",
        ),
    ),
    (
        "http",
        (
            'fetch failed|http/1.|requests.exceptions|httpx.|err_connection|err_name|ssl routines|"statuscode":|urllib3|<html|net::err|undici',
            "~^curl: ",
        ),
    ),
)
_FIELDS: Final = {
    "stopped_task": "stoppedReason",
    "service_event": "message",
    "target_health": "description",
    "cfn_event": "resourceStatusReason",
    "api_error": "message",
    "log_line": "logs",
    "http": "error",
}
_ORDER: Final = (
    "stopped_task",
    "service_event",
    "log_line",
    "http",
    "cfn_event",
    "api_error",
    "target_health",
)


def likely_kinds(text: str) -> tuple[str, ...]:
    """The kinds whose marks a text carries, the surest first."""
    lower = folded(text)
    return tuple(kind for kind, marks in _KINDS if any(find(mark, lower) for mark in marks))


def fields_of(kind: str, text: str) -> dict[str, Any]:
    """The fields of a message of that kind whose text is this."""
    if kind == "log_line":
        return {"logs": text.splitlines()}
    return {_FIELDS[kind]: text}


def classify_text(text: str) -> tuple[str, Classification]:
    """The kind and the cause of a text.

    The kinds whose marks it carries are asked first; only when none of them knows it, the others
    are, and the strongest answer wins.
    """
    likely = likely_kinds(text)
    for kind in likely:
        answer = classify(kind, fields_of(kind, text))
        if answer.cause != UNKNOWN:
            return kind, answer
    rest = [(kind, classify(kind, fields_of(kind, text))) for kind in _ORDER if kind not in likely]
    return max(rest, key=lambda pair: pair[1].why[0].rank if pair[1].why else -1)
