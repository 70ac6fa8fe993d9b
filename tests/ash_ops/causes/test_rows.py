"""Rows of tables of errors: the message that a row explains is told, and nothing else of the table."""

import pytest

from ash_ops.causes.explain import explain
from ash_ops.causes.resemblance.rows import message_of_a_row
from ash_ops.causes.resemblance.weighed import SPOKEN_OF


def first(text: str) -> str:
    return explain(text)[0].answer.cause


@pytest.mark.parametrize(
    ("cause", "row"),
    [
        ("image-arch-mismatch", "| `exec format error` | built on a Mac | build for linux/amd64 |"),
        ("aws-credentials-expired", "### Errors\n| `ExpiredToken` | the session ran out |"),
        ("conn-refused", "| Error | Cause |\n|---|---|\n| `ECONNREFUSED` | nothing runs there |"),
        ("port-in-use", "> | `EADDRINUSE` | ポートが使用中 | 別のポートを使う |"),
        ("sqlite-locked", "| `database is locked` | two writers |\n| Stuck | `/cancel` |"),
    ],
)
def test_a_row_tells_its_message(cause: str, row: str) -> None:
    assert first(row) == cause


def test_it_is_told_as_spoken_of_and_with_nothing_to_change() -> None:
    told = explain("| Error | Cause |\n|---|---|\n| `ECONNREFUSED` | nothing runs there |")[0]
    assert told.answer.why[0].source.startswith(SPOKEN_OF)


@pytest.mark.parametrize(
    "table",
    [
        # What there is, one after the other: names of errors, of states, of functions.
        "| `EACCES` | no permission |\n| `EADDRINUSE` | in use |\n| `EAGAIN` | try again |",
        "| `ROLLBACK_IN_PROGRESS` | going back |\n| `ROLLBACK_FAILED` | could not go back |",
        "| Factory | Invalid by |\n|---|---|\n| `expiredToken` | `exp` |\n| `futureToken` | `iat` |",
        # Settings, permissions, and what somebody installs on his own computer.
        "| `Target.Timeout` | duration | 30s | how long a request may take |",
        "| `iam:PassRole` + `ec2:RunInstances` | starts an instance with a strong profile |",
        "| `ModuleNotFoundError` | a package is missing | `pip install requests` |",
        "| `Cannot connect to Docker` | it does not run | `sudo systemctl restart docker` |",
        # Kinds of failures, none of them a message as it was given.
        "| Error | Cause | Fix |\n|---|---|---|\n| 403 | role | policy |\n| exec format error | arch | buildx |",
        # Another platform's.
        "| `CrashLoopBackOff` | `kubectl logs` | the app ends | add the variable |",
        # A queue of a program of one's own.
        "| Task stuck in PENDING | Worker is not running | start a worker |",
    ],
)
def test_lists_settings_and_rows_of_others_tell_none(table: str) -> None:
    assert message_of_a_row(table) is None


@pytest.mark.parametrize(
    ("cause", "row"),
    [
        (
            "secret-access-denied",
            "| `ResourceInitializationError` | Role lacks `ssm:GetParameters` |",
        ),
        (
            "secret-access-denied",
            "| `ResourceInitializationError` | Role can't read the secrets | grant it |",
        ),
        ("init-network", "| `ResourceInitializationError` | No NAT gateway | add one |"),
        (
            "secret-not-found",
            "| `ResourceInitializationError` | SSM parameter missing | make it |",
        ),
        ("image-not-found", "| ECR image missing | the task does not start | push it first |"),
        ("task-init-failed", "ResourceInitializationError: unable to pull secrets"),
        (
            "log-access-denied",
            "every task died in ResourceInitializationError: the role has no logs:CreateLogGroup",
        ),
    ],
)
def test_the_reason_beside_the_name_decides(cause: str, row: str) -> None:
    assert first(row) == cause


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (
            "fargate-quota",
            "### service (*service-name*) was unable to place a task. Reason: The requested MEMORY configuration is above your limit.\n\nYou can request a quota increase.",
        ),
        (
            "agent-disconnected",
            '### service (*service-name*) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance *id* encountered error "AGENT".\n\nThe agent on the closest matching container instance is disconnected.',
        ),
    ],
)
def test_an_event_as_a_heading_is_the_event(cause: str, text: str) -> None:
    assert first(text) == cause


@pytest.mark.parametrize(
    "advice",
    [
        "Make sure your application is listening on port 8080.",
        "There are reasons why this error can occur: your application is not listening on the right host.",
    ],
)
def test_advice_about_listening_is_no_all_clear(advice: str) -> None:
    assert first(advice) != "healthy-log"


@pytest.mark.parametrize(
    "table",
    [
        "| `publish_failed` | not published |\n| `rollback_complete` | went back successfully |",
        "| `Target.Timeout` | duration | 30s | how long a request may take |",
        "The trading circuit breaker was triggered twice in one session",
    ],
)
def test_states_and_settings_of_some_program_raise_no_alarm(table: str) -> None:
    assert first(table) == "unknown"


@pytest.mark.parametrize(
    ("cause", "row"),
    [
        ("aws-access-denied", "| Deploy | calls ECS | OIDC role missing `ecs:UpdateService` |"),
        ("db-unreachable", "| RDS connection refused | SG or subnet mismatch | verify the rule |"),
        ("data-dir-unwritable", "| `Permission denied` writing output | folder not writable |"),
        ("crash-loop", "| Task starts then stops | App crash | Check CloudWatch logs |"),
        ("anthropic-billing", "| `credit_balance_too_low` / `402` | Sin créditos | Recargar |"),
        ("image-pull-failed", "| Image pull failure | ECS task fails to start | Check the tag |"),
    ],
)
def test_troubles_as_tables_put_them(cause: str, row: str) -> None:
    assert first(row) == cause
