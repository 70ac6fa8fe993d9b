"""Structure beats text: codes, states and the order of lines decide before any word."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.causes import classify

SCHEDULER = "ServiceSchedulerInitiated"
EXITED = "EssentialContainerExited"
SCALING = "Scaling activity initiated by (deployment ecs-svc/1)"


def task(reason: str, code: str, exit_code: int | None = None, **more: Any) -> dict[str, Any]:
    container = {"name": "ash", "exitCode": exit_code, **more.pop("container", {})}
    return {"stoppedReason": reason, "stopCode": code, "containers": [container], **more}


GONE = "Essential container in task exited"

EXIT_CODES = [
    (task(GONE, EXITED, 137), "sigkill-137", "137 alone is not out of memory"),
    (
        task(GONE, EXITED, 137, container={"reason": "OutOfMemoryError: Container killed"}),
        "container-oom",
        "137 is out of memory when something says so",
    ),
    (
        task("Task failed container health checks", SCHEDULER, 137),
        "container-healthcheck-failed",
        "137 after a failed health check is the health check",
    ),
    (
        task("Your Spot Task was interrupted.", "SpotInterruption", 137),
        "spot-interruption",
        "137 of a reclaimed task is Spot",
    ),
    (task(GONE, EXITED, 139), "exit-139", "139 is a crash, never out of memory"),
    (task(SCALING, SCHEDULER, 143), "healthy-scale-in", "143 in a deployment is normal"),
    (task(SCALING, SCHEDULER, 0), "healthy-scale-in", "0 in a deployment is normal"),
    (task("Task stopped by user", "UserInitiated", 143), "healthy-scale-in", "someone asked"),
    (task(GONE, EXITED, 126), "entrypoint-missing", "126 is not executable"),
    (task(GONE, EXITED, 127), "entrypoint-missing", "127 is not found"),
    (task(GONE, EXITED, 134), "node-heap-oom", "134 is V8's abort"),
    (task(GONE, EXITED, 1), "app-crash", "1 is a crash whose reason is in the log"),
    (task(GONE, EXITED, 0), "healthy-exit0", "0 of a one-off task is fine"),
    (task(GONE, EXITED, 0, group="service:ash"), "app-crash", "a service's task should not end"),
    (task(GONE, EXITED, "137"), "sigkill-137", "a code may come as text"),  # type: ignore[arg-type]  # on purpose
    (
        task(GONE, EXITED, 1, logs=["Error: listen EADDRINUSE: address already in use :::4100"]),
        "port-in-use",
        "the log names the cause of a crash",
    ),
    (
        task(
            "Task failed ELB health checks in (target-group tg)",
            SCHEDULER,
            143,
            logs=["x: exec format error"],
        ),
        "image-arch-mismatch",
        "a symptom loses to the cause beside it",
    ),
]


@pytest.mark.parametrize(("fields", "cause", "remark"), EXIT_CODES, ids=[c[2] for c in EXIT_CODES])
def test_exit_codes_are_read_in_their_context(
    fields: dict[str, Any], cause: str, remark: str
) -> None:
    assert classify("stopped_task", fields).cause == cause, remark


SYMPTOMS = [
    ("service_event", {"message": "(service a) is unable to consistently start tasks successfully. Reason: no such host pulling ghcr.io/a/b"}),
    ("cfn_event", {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": "Service did not stabilize: The maximum number of addresses has been reached."}),
    ("cfn_event", {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": "ECS Deployment Circuit Breaker was triggered: CannotPullContainerError manifest unknown"}),
    ("stopped_task", {"stoppedReason": GONE, "logs": ["SqliteError: database is locked"]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields"), SYMPTOMS)
def test_a_symptom_never_wins_over_a_cause(kind: str, fields: dict[str, Any]) -> None:
    from ash_ops.causes import CAUSES

    assert not CAUSES[classify(kind, fields).cause].symptom


def test_the_first_of_two_equal_lines_is_the_root() -> None:
    lines = [
        "Error: ENOSPC: no space left on device, write",
        "SqliteError: unable to open database file",
    ]
    assert classify("log_line", {"logs": lines}).cause == "disk-full"
    assert classify("log_line", {"logs": lines[::-1]}).cause == "data-dir-unwritable"


def test_a_failing_sidecar_of_guardduty_says_nothing_about_the_task() -> None:
    fields = task(GONE, EXITED, 0)
    fields["containers"].append(
        {"name": "aws-guardduty-agent-x", "reason": "CannotPullContainerError"}
    )
    assert classify("stopped_task", fields).cause == "healthy-exit0"


STATES = [
    ({"state": "initial", "reason": "Elb.InitialHealthChecking"}, "healthy-target"),
    ({"state": "draining"}, "healthy-target"),
    ({"state": "unhealthy", "reason": "Target.Timeout"}, "target-timeout"),
    ({"state": "unused", "reason": "Target.NotInUse"}, "target-group-not-attached"),
    ({"state": "unavailable", "reason": "Target.HealthCheckDisabled"}, "target-healthcheck-disabled"),
]  # fmt: skip


@pytest.mark.parametrize(("health", "cause"), STATES)
def test_a_target_is_read_by_its_reason_code(health: dict[str, str], cause: str) -> None:
    assert classify("target_health", {"TargetHealth": health}).cause == cause


def test_an_empty_target_group_is_a_finding() -> None:
    answer = classify("target_health", {"TargetHealthDescriptions": []})
    assert answer.cause == "no-registered-targets"


HANDLER = [("AlreadyExists", "cfn-already-exists"), ("AccessDenied", "cfn-access-denied"), ("ServiceLimitExceeded", "cfn-quota")]  # fmt: skip


@pytest.mark.parametrize(("code", "cause"), HANDLER)
def test_cloudformations_own_classification_is_used(code: str, cause: str) -> None:
    reason = f'Resource handler returned message: "Nothing known" (HandlerErrorCode: {code})'
    fields = {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": reason}
    assert classify("cfn_event", fields).cause == cause


UNKNOWNS = [
    ("log_line", {"logs": ["The quick brown fox jumps over the lazy dog"]}),
    ("service_event", {"message": "(service a) did something nobody has described yet."}),
    ("stopped_task", {"stoppedReason": "Moon phase unsuitable"}),
    ("api_error", {"code": "TeapotException", "message": "short and stout"}),
    ("cfn_event", {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": "Ponies"}),
    ("http", {"error": "something went sideways"}),
    ("target_health", {"TargetHealth": {"State": "levitating"}}),
    ("nonsense", {}),
]


@pytest.mark.parametrize(("kind", "fields"), UNKNOWNS)
def test_unknown_rather_than_wrong(kind: str, fields: dict[str, Any]) -> None:
    answer = classify(kind, fields)
    assert (answer.cause, answer.severity) == ("unknown", None)


def test_no_normal_verdict_beside_an_alarming_word() -> None:
    events = (
        "could not launch 2 tasks for deployment ecs-svc/1",
        "was unable to reach steady state",
    )
    for event in events:
        answer = classify("service_event", {"message": f"(service a) {event}."})
        assert not answer.cause.startswith("healthy-")


def test_a_success_is_one_whatever_its_body_tells() -> None:
    body = {"messages": [{"text": "429 rate_limit_error: your organization's rate limit"}]}
    answer = classify("http", {"status": 200, "path": "/api/sessions/1/messages", "body": body})
    assert answer.cause == "healthy-http"


def test_an_event_stream_that_ends_in_an_error_is_no_success() -> None:
    body = 'event: error\ndata: {"error":"Credit balance is too low"}\n\n'
    answer = classify("http", {"status": 200, "body": body})
    assert answer.cause == "anthropic-billing"


def test_a_server_that_only_tries_again_is_no_alarm() -> None:
    lines = ["[db] Connection attempt 2 failed, retrying in 2000ms..."]
    assert classify("log_line", {"logs": lines}).severity == "info"
    lines.append("Error: Failed to connect to database after 6 attempts: connect ECONNREFUSED")
    assert classify("log_line", {"logs": lines}).severity == "error"


def test_short_words_count_only_at_the_beginning_of_a_word() -> None:
    association = "Invalid association: the token of the processor was not found"
    assert classify("api_error", {"message": association}).cause != "aws-sso-expired"
    module = {"logs": ["ModuleNotFoundError: No module named 'yaml'"]}
    assert classify("log_line", module).cause == "entrypoint-missing"
