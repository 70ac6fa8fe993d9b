"""Each code, state and count of AWS's answers says what its documentation says, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.causes import CAUSES, classify
from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import lenient
from ash_ops.causes.structure import READERS, number
from ash_ops.causes.structure.stacks import HANDLER_CODES
from ash_ops.causes.structure.tasks import STOP_CODES, is_known_stop_code

Told = list[tuple[str, str, str]]


def told(kind: str, fields: Any) -> Told:
    """What the structure of a message says: cause, field, value."""
    hints = list(READERS[kind](lenient(fields)))
    assert all(hint.slug in CAUSES for hint in hints)
    return [(hint.slug, hint.source, hint.quote) for hint in hints]


def rank(kind: str, fields: Any) -> int:
    (hint,) = READERS[kind](lenient(fields))
    return hint.rank


@pytest.mark.parametrize(
    ("status", "fields", "cause"),
    [
        (200, {}, "healthy-http"), (204, {}, "healthy-http"), (304, {}, "healthy-http"), (399, {}, "healthy-http"), (400, {}, "ash-bad-request"), (401, {}, "ash-auth-missing"),
        (401, {"headers": {"Authorization": "Bearer x"}}, "ash-auth-invalid"), (401, {"body": "no"}, "ash-auth-invalid"), (403, {}, "ash-auth-invalid"), (404, {}, "ash-bad-request"), (418, {}, "ash-bad-request"),
        (429, {}, "ash-rate-limited"), (499, {}, "ash-bad-request"), (500, {}, "ash-server-error"), (501, {}, "ash-server-error"), (502, {}, "conn-reset"), (503, {}, "ash-server-error"), (504, {}, "conn-timeout"),
        (500, {"path": "/health"}, "app-unhealthy-5xx"), (503, {"path": "/HEALTH?x"}, "app-unhealthy-5xx"), (499, {"path": "/health"}, "ash-bad-request"), (199, {}, None), (0, {}, None),
    ],
)  # fmt: skip
def test_a_status_of_http_says_what_its_class_and_its_path_say(
    status: int, fields: dict[str, Any], cause: str | None
) -> None:
    expected = [] if cause is None else [(cause, "status", str(status))]
    assert told("http", {"status": status, **fields}) == expected
    assert told("http", {"statusCode": f" {status} ", **fields}) == expected


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ('event: error\ndata: {"error":"x"}', False), ('{"is_error": true}', False), ({"is_error": True}, False), ('{"is_error":true}', False), ('{"is_error": false}', True),
        ("x" * 20_000 + "event: error", True), (None, True),
    ],
    ids=range(7),
)  # fmt: skip
def test_a_success_whose_stream_ended_in_an_error_is_none(body: object, is_one: bool) -> None:
    assert bool(told("http", {"status": 200, "body": body})) is is_one


def test_only_the_health_of_the_server_speaks_of_it_in_a_body() -> None:
    sick = {"status": 200, "body": {"status": "degraded"}}
    assert rank("http", sick) == Rank.DECISIVE
    assert rank("http", {**sick, "path": "/health"}) == Rank.NORMAL
    for state in ("ok", "OK", ""):
        assert (
            rank("http", {"status": 200, "path": "/health", "body": {"status": state}})
            == Rank.DECISIVE
        )


ASKED = {"UserInitiated", "ServiceSchedulerInitiated"}


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("UserInitiated", "healthy-scale-in"), ("ServiceSchedulerInitiated", "healthy-scale-in"), ("SpotInterruption", "spot-interruption"), ("TerminationNotice", "spot-interruption"),
        ("InfrastructureHealth", "infrastructure-health"), ("TaskFailedToStart", None), ("EssentialContainerExited", None), ("SomethingNew", None), (None, None),
    ],
)  # fmt: skip
def test_a_stop_code_says_who_ended_a_task_in_whatever_spelling(
    code: str | None, cause: str | None
) -> None:
    """ECS API reference, Task: ``stopCode``; an event of EventBridge writes it as ECS does."""
    spellings = [code] if code is None else [code, code.upper(), f" {code} ", _snake(code)]
    for spelling in spellings:
        expected = [] if cause is None else [(cause, "stopCode", spelling)]
        assert told("stopped_task", {"stopCode": spelling}) == expected
        assert is_known_stop_code(spelling) is (code != "SomethingNew")
    assert code in (*STOP_CODES, "SomethingNew", None)


def _snake(code: str) -> str:
    return "".join(f"_{char}" if char.isupper() else char for char in code).lstrip("_").upper()


def test_a_termination_on_ec2_is_of_the_instance_and_on_fargate_of_spot() -> None:
    notice = {"stopCode": "TerminationNotice"}
    assert told("stopped_task", {**notice, "launchType": "FARGATE"})[0][0] == "spot-interruption"
    assert told("stopped_task", {**notice, "launchType": "EC2"})[0][0] == "infrastructure-health"
    assert rank("stopped_task", {**notice, "launchType": "EC2"}) == Rank.DECISIVE
    assert rank("stopped_task", notice) == Rank.LIKELY
    assert rank("stopped_task", {"stopCode": "SpotInterruption"}) == Rank.DECISIVE
    assert rank("stopped_task", {"stopCode": "InfrastructureHealth"}) == Rank.DECISIVE
    assert rank("stopped_task", {"stopCode": "UserInitiated"}) < Rank.SYMPTOM


def ended(code: object, stop: str = "EssentialContainerExited", **more: Any) -> dict[str, Any]:
    return {"stopCode": stop, "containers": [{"name": "ash", "exitCode": code}], **more}


@pytest.mark.parametrize(
    ("code", "quote", "cause"),
    [
        (0, "0", "healthy-exit0"), (1, "1", "app-crash"), (2, "2", "app-crash"), (125, "125", "app-crash"), (126, "126", "entrypoint-missing"), (127, "127", "entrypoint-missing"), (128, "128", "app-crash"),
        (130, "130", "healthy-scale-in"), (134, "134 (128 + 6, SIGABRT: the process gave up)", "node-heap-oom"), (137, "137 (128 + 9, SIGKILL)", "sigkill-137"),
        (139, "139 (128 + 11, SIGSEGV: a crash in native code, not out of memory)", "exit-139"), (143, "143 (128 + 15, SIGTERM: asked to stop)", "healthy-scale-in"), ("137", "137 (128 + 9, SIGKILL)", "sigkill-137"),
    ],
)  # fmt: skip
def test_an_exit_code_says_what_a_shell_says(code: object, quote: str, cause: str) -> None:
    """Above 128 it is 128 and the number of the signal."""
    first, *rest = told("stopped_task", ended(code))
    assert first == (cause, "containers[ash].exitCode", quote)
    assert not rest
    assert told("stopped_task", ended(code, stop="SomethingNew")) == []


@pytest.mark.parametrize("code", [None, True, "", "x", 1.5])
def test_what_is_no_exit_code_says_nothing(code: object) -> None:
    assert told("stopped_task", ended(code)) == []


def ranks_of(fields: dict[str, Any]) -> dict[str, int]:
    return {hint.slug: hint.rank for hint in READERS["stopped_task"](lenient(fields))}


def test_how_much_an_exit_code_proves_depends_on_who_ended_the_task() -> None:
    """Killed after an order to stop is how an order ends; zero of a service's task is no end."""
    killed = ranks_of(ended(137))["sigkill-137"]
    assert killed > ranks_of(ended(1))["app-crash"] == Rank.SYMPTOM
    asked = ranks_of(ended(137, stop="UserInitiated"))
    assert Rank.NORMAL < asked["sigkill-137"] < asked["healthy-scale-in"] < Rank.SYMPTOM
    assert ranks_of(ended(143))["healthy-scale-in"] < Rank.SYMPTOM
    assert ranks_of(ended(139))["exit-139"] == killed
    zero = [ended(0), ended(0, group="service:ash"), ended(0, group="family:ash"), ended(0, stop="UserInitiated", group="service:ash")]  # fmt: skip
    assert ["app-crash" in ranks_of(fields) for fields in zero] == [False, True, False, False]
    assert all(max(ranks_of(fields).values()) < Rank.SYMPTOM for fields in zero)


def test_an_unhealthy_task_is_told_by_its_own_state_and_by_its_container_s() -> None:
    fields = {
        "healthStatus": "UNHEALTHY",
        "containers": [{"name": "a", "healthStatus": "unhealthy"}, {"healthStatus": "HEALTHY"}, {}],
    }
    assert told("stopped_task", fields) == [
        ("container-healthcheck-failed", "containers[a].healthStatus", "UNHEALTHY"),
        ("container-healthcheck-failed", "healthStatus", "UNHEALTHY"),
    ]
    nameless = {"containers": [{"exitCode": 1}]}
    assert told("stopped_task", nameless) == [("app-crash", "containers[?].exitCode", "1")]


REASONS = {
    "Target.Timeout": "target-timeout", "Target.FailedHealthChecks": "elb-healthcheck-failed", "Target.NotRegistered": "target-not-registered", "Target.NotInUse": "target-group-not-attached",
    "Target.InvalidState": "target-not-registered", "Target.ResponseCodeMismatch": "elb-healthcheck-failed", "Target.IpUnusable": "target-not-registered", "Target.HealthCheckDisabled": "target-healthcheck-disabled",
    "Target.DeregistrationInProgress": "healthy-target", "Elb.InternalError": "elb-internal-error", "Elb.RegistrationInProgress": "healthy-target", "Elb.InitialHealthChecking": "healthy-target",
}  # fmt: skip
STATES = {
    "healthy": "healthy-target", "initial": "healthy-target", "draining": "healthy-target", "unhealthy.draining": "healthy-target", "unhealthy": "elb-healthcheck-failed",
    "unavailable": "target-healthcheck-disabled", "unused": "target-group-not-attached",
}  # fmt: skip


def test_a_target_is_told_by_its_reason_and_without_one_by_its_state() -> None:
    """Elastic Load Balancing API reference, TargetHealth."""
    for reason, cause in REASONS.items():
        for fields in ({"TargetHealth": {"Reason": reason, "State": "unhealthy"}}, {"reason": f" {reason.upper()}"}):  # fmt: skip
            ((slug, source, quote),) = told("target_health", fields)
            assert (slug, source, quote.strip().lower()) == (cause, "TargetHealth.Reason", reason.lower())  # fmt: skip
    for state, cause in STATES.items():
        fields = {"TargetHealth": {"State": state, "Reason": "Target.New"}}
        assert told("target_health", fields) == [(cause, "TargetHealth.State", state)]
    assert told("target_health", {"TargetHealth": {"State": "levitating"}}) == []
    weak, strong = {"reason": "Target.ResponseCodeMismatch"}, {"reason": "Target.Timeout"}
    assert rank("target_health", weak) == Rank.GENERIC < rank("target_health", strong)
    assert rank("target_health", {"state": "unhealthy"}) == Rank.GENERIC


def test_of_a_target_group_each_target_is_told_and_one_without_targets_is() -> None:
    both = [{"TargetHealth": {"State": "healthy"}}, {"TargetHealth": {"State": "unused"}}]
    slugs = [slug for slug, _, _ in told("target_health", {"TargetHealthDescriptions": both})]
    assert slugs == ["healthy-target", "target-group-not-attached"]
    empty = {"TargetHealthDescriptions": []}
    assert told("target_health", empty) == [("no-registered-targets", "TargetHealthDescriptions", "[]")]  # fmt: skip
    assert rank("target_health", empty) == Rank.DECISIVE


P = {"status": "PRIMARY"}


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        ({**P, "rolloutState": "FAILED"}, ("circuit-breaker", "deployments[].rolloutState", "FAILED")), ({"status": "ACTIVE"}, ("healthy-deploy-progress", "deployments[].status", "ACTIVE")), ({}, ("healthy-deploy-progress", "deployments[].status", "")),
        ({**P, "failedTasks": 3}, ("crash-loop", "deployments[].failedTasks", "3")), ({**P, "failedTasks": 0, "rolloutState": "COMPLETED"}, ("healthy-steady", "deployments[].rolloutState", "COMPLETED")),
        ({**P, "failedTasks": 3, "rolloutState": "COMPLETED"}, ("crash-loop", "deployments[].failedTasks", "3")),
        ({**P, "rolloutState": "IN_PROGRESS"}, ("healthy-deploy-progress", "deployments[].rolloutState", "IN_PROGRESS")), (P, ("healthy-deploy-progress", "deployments[].rolloutState", "IN_PROGRESS")), ({**P, "rolloutState": "PAUSED"}, None),
        ({**P, "desiredCount": 2, "runningCount": 2, "pendingCount": 0}, ("healthy-steady", "deployments[].rolloutState", "COMPLETED")),
        ({**P, "desiredCount": 2, "runningCount": 2, "pendingCount": 1}, ("healthy-deploy-progress", "deployments[].rolloutState", "IN_PROGRESS")),
        ({**P, "desiredCount": 2, "runningCount": 1}, ("healthy-deploy-progress", "deployments[].rolloutState", "IN_PROGRESS")),
    ],
)  # fmt: skip
def test_a_deployment_is_told_by_its_rollout_and_its_counts(
    deployment: dict[str, Any], expected: tuple[str, str, str] | None
) -> None:
    fields = {"deployments": [deployment]}
    assert told("service_event", fields) == ([] if expected is None else [expected])


def test_what_a_deployment_proves_is_less_than_any_reason() -> None:
    def of(**deployment: Any) -> int:
        return rank("service_event", {"deployments": [{**P, **deployment}]})

    assert of(rolloutState="FAILED") > of(failedTasks=3) == Rank.SYMPTOM
    assert of(rolloutState="FAILED") < Rank.GENERIC
    assert (
        of(rolloutState="COMPLETED")
        == of(rolloutState="IN_PROGRESS")
        > of(status="ACTIVE", rolloutState="")
    )


def test_a_service_that_wants_no_task_is_told_where_no_deployment_says_more() -> None:
    assert told("service_event", {"desiredCount": 0}) == [("service-desired-zero", "desiredCount", "0")]  # fmt: skip
    assert told("service_event", {"desiredCount": 1}) == []
    assert told("service_event", {"desiredCount": 0, "deployments": []}) == []


STACK = {"ResourceType": "AWS::CloudFormation::Stack"}


@pytest.mark.parametrize(
    ("fields", "expected", "proves"),
    [
        ({"ResourceStatus": "UPDATE_ROLLBACK_FAILED"}, "cfn-update-rollback-failed", Rank.GENERIC), ({"StackStatus": "ROLLBACK_COMPLETE"}, "cfn-rollback-complete", Rank.GENERIC), ({"status": "ROLLBACK_FAILED"}, "cfn-rollback-complete", Rank.GENERIC),
        ({"ResourceStatus": "REVIEW_IN_PROGRESS"}, "stack-review-in-progress", Rank.NORMAL), ({"ResourceStatus": "REVIEW_IN_PROGRESS", **STACK}, "healthy-cfn", Rank.NORMAL),
        ({"ResourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS", **STACK}, "cfn-secondary", Rank.SYMPTOM), ({"ResourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}, "cfn-secondary", Rank.NORMAL),
        ({"ResourceStatus": "DELETE_FAILED"}, "cfn-delete-failed", Rank.NORMAL), ({"ResourceStatus": "CREATE_COMPLETE"}, "healthy-cfn", Rank.GENERIC), ({"ResourceStatus": "CREATE_IN_PROGRESS", "ResourceStatusReason": "Initiated"}, "healthy-cfn", Rank.NORMAL),
        ({"StackStatus": "UPDATE_COMPLETE", "StackStatusReason": "x"}, "healthy-cfn", Rank.NORMAL), ({"ResourceStatus": "CREATE_FAILED", **STACK}, "cfn-secondary", Rank.NORMAL), ({"status": "success"}, "healthy-cfn", Rank.GENERIC), ({"status": "pending"}, "healthy-cfn", Rank.GENERIC),
        ({"ResourceStatus": "CREATE_FAILED"}, None, 0), ({"ResourceStatus": "LEVITATING"}, None, 0), ({}, None, 0),
    ],
)  # fmt: skip
def test_a_status_of_cloudformation_says_whether_it_is_a_cause_or_follows_from_one(
    fields: dict[str, str], expected: str | None, proves: int
) -> None:
    status = next((fields[n] for n in ("ResourceStatus", "StackStatus", "status") if n in fields), "")  # fmt: skip
    assert told("cfn_event", fields) == ([] if expected is None else [(expected, "ResourceStatus", status.upper())])  # fmt: skip
    if expected is not None:
        assert rank("cfn_event", fields) == proves


def test_a_change_set_that_did_not_fail_is_no_failure() -> None:
    assert told("cfn_event", {"changeSet": {"Status": "create_pending"}}) == [("healthy-cfn", "ChangeSet.Status", "CREATE_PENDING")]  # fmt: skip
    assert told("cfn_event", {"changeSet": {"Status": "FAILED"}}) == []
    assert told("cfn_event", {"changeSet": {}}) == []


CODES = {
    "AlreadyExists": "cfn-already-exists", "AccessDenied": "cfn-access-denied", "InvalidCredentials": "aws-credentials-invalid", "ServiceLimitExceeded": "cfn-quota", "NotStabilized": "cfn-not-stabilized",
    "Throttling": "aws-throttled", "NotFound": "cfn-resource-missing", "ServiceInternalError": "aws-service-error", "InternalFailure": "aws-service-error", "NonCompliant": "cfn-validation",
    "NotUpdatable": "cfn-replacement-blocked", "NetworkFailure": "aws-service-error", "HandlerInternalFailure": "aws-service-error",
    **dict.fromkeys(("InvalidRequest", "ResourceConflict", "GeneralServiceException", "InvalidTypeConfiguration", "Unknown", "UnsupportedTarget")),
}  # fmt: skip


def test_a_code_of_a_handler_says_what_cloudformation_documents_or_that_its_words_decide() -> None:
    """CloudFormation CLI user guide, handler error codes."""
    for code, cause in CODES.items():
        for between in ("HandlerErrorCode: ", "HandlerErrorCode:"):
            reason = f"Resource handler returned message: x (RequestToken: 1, {between}{code})"
            expected = [(cause, "ResourceStatusReason", f"{between}{code}")] if cause else []
            assert told("cfn_event", {"ResourceStatusReason": reason}) == expected, code
    assert HANDLER_CODES.keys() == CODES.keys()
    stabilized = {"ResourceStatusReason": "HandlerErrorCode: NotStabilized"}
    exists = {"ResourceStatusReason": "HandlerErrorCode: AlreadyExists"}
    assert rank("cfn_event", stabilized) == Rank.SYMPTOM < rank("cfn_event", exists) == Rank.GENERIC
    far = {"ResourceStatusReason": "HandlerErrorCode: AlreadyExists" + " x" * 2_000}
    assert told("cfn_event", far) == []


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("MISSING", "aws-not-found"), ("AGENT", "agent-disconnected"), ("RESOURCE:MEMORY", "instances-full"), ("RESOURCE:GPU", "wrong-launch-type"), ("RESOURCE:CPU", "instances-full"), ("ATTRIBUTE", "wrong-launch-type"),
        ("MemberOf constraint unsatisfied.", "wrong-launch-type"), ("INACTIVE", None), (None, None),
    ],
)  # fmt: skip
def test_a_failure_of_ecs_is_told_by_its_reason_up_to_the_colon(
    reason: str | None, cause: str | None
) -> None:
    """ECS developer guide, API failure reasons."""
    fields = {"failures": [{"arn": "x", "reason": reason}]}
    assert told("api_error", fields) == ([(cause, "failures[].reason", reason)] if cause else [])
    if cause:
        assert rank("api_error", fields) == Rank.CLEAR


def test_an_answer_without_failures_failed_in_nothing_unless_it_says_something() -> None:
    assert told("api_error", {"failures": []}) == [("healthy-http", "failures", "[]")]
    assert told("api_error", {"failures": [], "message": "denied"}) == []
    assert told("api_error", {}) == []


@pytest.mark.parametrize(
    ("value", "read"),
    [(7, 7), (" 7 ", 7), ("-1", -1), (True, None), (None, None), ("", None), ("7.0", None), ([], None)],
)  # fmt: skip
def test_a_number_may_come_as_text(value: object, read: int | None) -> None:
    assert number(value) == read


def test_two_codes_of_one_message_are_weighed_whichever_stands_first() -> None:
    """Every stop code with every exit code: the cause is never the one that follows from the other."""
    for code in STOP_CODES:
        for exit_code in (0, 1, 137, 139, 143):
            found = classify("stopped_task", ended(exit_code, stop=code))
            if code in ("SpotInterruption", "InfrastructureHealth", "TerminationNotice"):
                assert found.why[0].source == "stopCode", (code, exit_code)
            elif code in ASKED:
                assert found.severity == "info", (code, exit_code)
            else:
                assert found.why[0].source == "containers[ash].exitCode", (code, exit_code)
