"""What `ash-ops explain` says of texts, names and whole answers of AWS APIs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.causes.explain import explain
from ash_ops.causes.names import names_in
from ash_ops.causes.repairs import fill
from ash_ops.report.explanation import lines

PULL = (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve "
    "ref ghcr.io/ash-ai-org/ash:9.9.9: ghcr.io/ash-ai-org/ash:9.9.9: not found"
)

TEXTS = [
    (PULL, "stopped_task", "image-not-found"),
    ("(service ash-runtime) has reached a steady state.", "service_event", "healthy-steady"),
    ("Resource creation cancelled", "cfn_event", "cfn-secondary"),
    (
        "An error occurred (ClusterNotFoundException) when calling the ListTasks operation: Cluster not found.",
        "api_error",
        "aws-not-found",
    ),
    ("curl: (6) Could not resolve host: ash.example", "http", "dns-nxdomain"),
    ("Target.FailedHealthChecks", "target_health", "elb-healthcheck-failed"),
    ("Error: listen EADDRINUSE: address already in use :::4100", "stopped_task", "port-in-use"),
    (
        "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: arn:aws:iam::123456789012:user/me is not authorized to perform: secretsmanager:GetSecretValue",
        "api_error",
        "aws-access-denied",
    ),
]


@pytest.mark.parametrize(("text", "kind", "cause"), TEXTS, ids=[case[2] for case in TEXTS])
def test_a_pasted_text_finds_its_kind(text: str, kind: str, cause: str) -> None:
    only = explain(text)[0]
    assert (only.kind, only.answer.cause) == (kind, cause)


def test_a_name_is_explained_without_a_message() -> None:
    (only,) = explain("container-oom")
    assert only.answer.cause == "container-oom"
    assert only.kind == ""


TASKS = {
    "tasks": [
        {
            "taskArn": "arn:aws:ecs:eu-west-1:123456789012:task/ash-cloud/0123456789abcdef0123456789abcdef",
            "lastStatus": "STOPPED",
            "stopCode": "TaskFailedToStart",
            "stoppedReason": PULL,
            "containers": [{"name": "ash", "reason": PULL}],
        },
        {
            "taskArn": "arn:aws:ecs:eu-west-1:123456789012:task/ash-cloud/fedcba9876543210fedcba9876543210",
            "lastStatus": "STOPPED",
            "stopCode": "ServiceSchedulerInitiated",
            "stoppedReason": "Scaling activity initiated by (deployment ecs-svc/1)",
            "containers": [{"name": "ash", "exitCode": 143}],
        },
    ],
    "failures": [],
}
SERVICES = {
    "services": [
        {
            "serviceName": "ash-runtime",
            "desiredCount": 1,
            "deployments": [{"status": "PRIMARY", "rolloutState": "FAILED", "failedTasks": 3}],
            "events": [
                {"message": "(service ash-runtime) (deployment ecs-svc/1) deployment failed: tasks failed to start."},
                {"message": f"(service ash-runtime) was unable to place a task. Reason: {PULL}."},
                {"message": "(service ash-runtime) has started 1 tasks: (task 0a)."},
            ],
        }
    ]
}  # fmt: skip
STACK = {
    "StackEvents": [
        {
            "LogicalResourceId": "ash",
            "ResourceType": "AWS::CloudFormation::Stack",
            "ResourceStatus": "ROLLBACK_IN_PROGRESS",
            "ResourceStatusReason": "The following resource(s) failed to create: [Eip].",
        },
        {
            "LogicalResourceId": "Nat",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "Resource creation cancelled",
        },
        {
            "LogicalResourceId": "Eip",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "The maximum number of addresses has been reached.",
        },
    ]
}
TARGETS = {
    "TargetHealthDescriptions": [
        {"Target": {"Id": "10.0.1.2"}, "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"}}
    ]
}  # fmt: skip
LOGS = {"events": [{"timestamp": 1, "message": "SqliteError: database is locked"}]}
EVENT = {
    "detail-type": "ECS Task State Change",
    "detail": {"taskArn": "a/b", "stoppedReason": "Your Spot Task was interrupted."},
}
DOCUMENTS = [
    (TASKS, "image-not-found", "describe-tasks"),
    (TASKS["tasks"][0], "image-not-found", "one task"),
    (TASKS["tasks"], "image-not-found", "a list of tasks"),
    (SERVICES, "image-not-found", "describe-services"),
    (STACK, "cfn-quota", "describe-stack-events"),
    (TARGETS, "target-timeout", "describe-target-health"),
    ({"TargetHealthDescriptions": []}, "no-registered-targets", "an empty target group"),
    (LOGS, "sqlite-locked", "filter-log-events"),
    (EVENT, "spot-interruption", "an event of EventBridge"),
    ({"failures": [{"arn": "x", "reason": "MISSING"}], "tasks": []}, "aws-not-found", "failures"),
    ({"error": "Invalid API key", "statusCode": 401}, "ash-auth-invalid", "an answer of Ash"),
    ({"kind": "http", "fields": {"error": "curl: (52) Empty reply from server"}}, "conn-reset", "a batch row"),
    ({"Stacks": [{"StackName": "ash", "StackStatus": "ROLLBACK_COMPLETE"}]}, "cfn-rollback-complete", "describe-stacks"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "cause", "remark"), DOCUMENTS, ids=[case[2] for case in DOCUMENTS]
)
def test_a_document_is_recognised_and_its_root_comes_first(
    document: Any, cause: str, remark: str
) -> None:
    assert explain(json.dumps(document))[0].answer.cause == cause, remark


def test_causes_come_before_symptoms_and_normal_activity_last() -> None:
    found = [entry.answer.cause for entry in explain(json.dumps(SERVICES))]
    assert found == ["image-not-found", "circuit-breaker", "healthy-deploy-progress"]


def test_the_same_cause_is_explained_once() -> None:
    twice = {"tasks": [TASKS["tasks"][0], TASKS["tasks"][0]]}
    (only,) = explain(json.dumps(twice))
    assert only.times == 2


def test_an_unknown_text_is_said_to_be_unknown() -> None:
    (only,) = explain("Moon phase unsuitable")
    assert only.cause is None
    assert "ash-ops doctor" in "\n".join(lines([only]))


def test_commands_carry_the_names_of_the_message() -> None:
    (only,) = explain(PULL)
    shown = "\n".join(lines([only]))
    assert "docker manifest inspect ghcr.io/ash-ai-org/ash:9.9.9" in shown


NAMES = [
    ("role", "arn:aws:sts::123456789012:assumed-role/ash-execution/x is not", "ash-execution"),
    ("secret", "secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:ash/k-AbCdEf from", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ash/k-AbCdEf"),
    ("subnet", "in subnet 'subnet-05d93362e947058bc'", "subnet-05d93362e947058bc"),
    ("security-group", "resource sg-01a2f9aef81a857f6 has a dependent", "sg-01a2f9aef81a857f6"),
    ("service", "(service ash-runtime) was unable", "ash-runtime"),
    ("stack", "Stack [tracking-stack] already exists", "tracking-stack"),
    ("action", "is not authorized to perform: ecs:RunTask on", "ecs:RunTask"),
    ("image", "pull access denied for 1.dkr.ecr.us-east-1.amazonaws.com/app, repository", "1.dkr.ecr.us-east-1.amazonaws.com/app"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "value"), NAMES, ids=[case[0] for case in NAMES])
def test_names_are_found_in_messages(name: str, text: str, value: str) -> None:
    assert names_in(text)[name] == value


def test_what_is_not_known_stays_a_placeholder() -> None:
    assert fill("aws x --a <image> --b <role>", {"image": "i"}) == "aws x --a i --b <role>"


SECRETS = [
    "postgres://ash:hunter22@db:5432/ash",
    "Authorization: Bearer abcdefghijklmnop",
    "key sk-ant-api03-abcdefgh refused",
    "AKIAABCDEFGHIJKLMNOP",
    'ANTHROPIC_API_KEY="abcdef123456"',
    "password=correcthorse",
]


@pytest.mark.parametrize("text", SECRETS)
def test_quotes_never_show_a_secret(text: str) -> None:
    (only,) = explain(f"CannotPullContainerError: pull access denied, {text}")
    shown = json.dumps(only.to_json(), ensure_ascii=False) + "\n".join(lines([only]))
    assert "••••" in shown
    for secret in ("hunter22", "abcdefgh", "AKIA", "abcdef123456", "correcthorse"):
        assert secret not in shown


def test_the_json_contract_of_an_explanation() -> None:
    (only,) = explain(PULL)
    told = only.to_json()
    assert set(told) == {
        "subject", "kind", "times", "cause", "severity", "title", "meaning", "why", "proof",
        "repair", "not", "alternatives", "docs_url", "unread",
    }  # fmt: skip
    assert told["why"][0]["quote"]
    assert told["repair"][0]["command"]


def test_a_quote_is_masked_before_it_is_cut() -> None:
    """A cut in the middle of a key must not show its other half."""
    key = "sk-ant-" + "Z" * 200
    text = f"{'x ' * 200}{key} invalid x-api-key authentication_error {'y ' * 300}"
    (only,) = explain(text)
    assert only.answer.cause == "anthropic-auth"
    assert "ZZZ" not in json.dumps(only.to_json())


def test_each_source_is_quoted_once() -> None:
    (only,) = explain(f"An error occurred: {PULL}")
    sources = [hint.source for hint in only.answer.why]
    assert len(sources) == len(set(sources))


def test_a_message_with_fields_is_told_from_words_alone() -> None:
    """Fields say whose they are: a weak cause of theirs is kept beside a root, one of words is chance."""
    message = {"stoppedReason": PULL, "stopCode": "TaskFailedToStart"}
    assert [entry.structured for entry in explain(json.dumps(message))] == [True]
    assert [entry.structured for entry in explain(PULL)] == [False]
