"""What kinds of message a text may be, by the marks of those who write it."""

from __future__ import annotations

from typing import Final

from ash_ops.causes.matching import find

_MARKS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "stopped_task",
        (
            "~\\b(?:cannot[a-z]{1,40}error|resourceinitializationerror|outofmemoryerror|taskfailedtostart|containerruntime[a-z]{0,20}error|dockertimeout[a-z]{0,20})\\b",
            "essential container in task|task failed to start|task failed elb|task failed container|scaling activity initiated|timeout waiting for network|timeout waiting for eni|network interface provision|your spot task|spot task was interrupted|task stopped by",
        ),
    ),
    (
        "service_event",
        (
            "~\\(?\\bservice [^ ]{1,200} (?:has|was|is|did|failed|registered|deregistered|stopped|started|task|\\(task|\\(port|\\(instance|\\(deployment)\\b",
            "~\\((?:task|service) [^ )]{1,200}\\)",
            "ecs deployment circuit breaker|deployment ecs-svc|was unable to place a task|unable to consistently start|steady state|container instance",
        ),
    ),
    (
        "cfn_event",
        (
            "handlererrorcode|resource handler returned|create_failed|update_failed|delete_failed|create_in_progress|update_in_progress|delete_in_progress|rollback_in_progress|resource creation canceled|the following resource(s)|cloudformation|did not stabilize|rollback_complete|rollback_failed|embedded stack",
            # A Java program names the class of what it was answered before the answer: its own call. So does Step Functions.
            "~^(?!.*\\b(?:software\\.amazon\\.awssdk|com\\.amazonaws)\\.[\\w.]{1,120}exception\\b|.*(?<![\\w.])ecs\\.(?:[a-z]{3,60}exception|accessdenied)\\b).*\\(service: ",
            # Ruby names its errors so, too: Aws::ECR::Errors::AccessDeniedException.
            # Serverless prints the first event that failed so: its logical name, then its reason.
            "~\\baws::(?!(?:\\w{2,40}::)?errors\\b)|\\ban error occurred: [a-z][a-z0-9]{2,127} - ",
        ),
    ),
    (
        "target_health",
        (
            "~\\b(?:target|elb)\\.[a-z]{5,40}\\b",
            "health checks failed with these codes|target registration is in progress|health checks failed",
        ),
    ),
    (
        "api_error",
        (
            "an error occurred (|operation error |api error |botocore.|aws: [error]|clienterror|the config profile|unable to locate credentials|could not connect to the endpoint|you must specify a region|when calling the |aws sso|status code: 4|(service: |error code: |accessdeniedexception|unauthorizedoperation|validationexception|throttlingexception|invalidparameterexception|clientexception",
            "~(?<!uncaught )(?<!unhandled )exception: ",
        ),
    ),
    (
        "http",
        (
            'fetch failed|http/1.|requests.exceptions|httpx.|err_connection|err_name|ssl routines|"statuscode":|urllib3|<html|net::err|undici|curl: (',
        ),
    ),
)
ORDER: Final = (
    "stopped_task",
    "service_event",
    "log_line",
    "http",
    "cfn_event",
    "api_error",
    "target_health",
)
"""The kinds as they are tried where a text carries no mark."""


def likely(folded: str) -> tuple[str, ...]:
    """The kinds whose marks a text (folded) carries wherever they stand; all when it has none."""
    marked = tuple(kind for kind, marks in _MARKS if any(find(mark, folded) for mark in marks))
    return marked or ORDER
