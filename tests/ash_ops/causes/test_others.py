"""Messages of other services, and lines that report no failure, raise no alarm; our own keep their causes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ash_ops.causes import CAUSES, UNKNOWN
from ash_ops.causes.denials import CALLED
from ash_ops.causes.explain import explain
from ash_ops.iam.calls import CALLS, actions_of, needs_of
from ash_ops.iam.policy import deploy_actions
from ash_ops.report.explanation import lines
from tests.ash_ops.causes.remembered import answers

DATA = Path(__file__).parents[2] / "data" / "causes"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


# What is not ours, and what is: collected and labelled before the engine saw them.
OTHERS = rows("others.jsonl")
OURS = rows("further.jsonl")
# Of the third round and all later ones: labelled first; what failed at first was mended afterwards.
NEWEST_OTHERS = rows("newest_others.jsonl")
NEWEST_OURS = rows("newest_ours.jsonl")

WRAPPED: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "prompt": lambda text: f"jane@mac ~ % ./check.sh\n{text}\njane@mac ~ %",
    "mail": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "fence": lambda text: f"### Logs\n```\n{text}\n```\n",
    "log tail": lambda text: "\n".join(
        f"2026-01-02T03:04:05.678000+00:00 ash/ash/0a1b2c3d4e5f {line}" for line in text.split("\n")
    ),
    "compose": lambda text: "\n".join(f"ash-1  | {line}" for line in text.split("\n")),
    "logger": lambda text: json.dumps(
        {"level": "error", "time": "2026-01-02T03:04:05Z", "logger": "app", "message": text}
    ),
}
EVERY_WRAPPING = pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)


def alarms(text: str, accepted: list[str]) -> list[str]:
    """The causes that are claimed as an error or a warning, but for those that are accepted."""
    return [
        cause
        for cause, severity in answers(text)
        if severity in ("error", "warning") and cause not in accepted
    ]


@EVERY_WRAPPING
def test_another_services_message_is_no_alarm_of_ours(wrap: Callable[[str], str]) -> None:
    found = {row["id"]: alarms(wrap(row["text"]), row["also_accept"]) for row in OTHERS}
    wrong = {name: causes for name, causes in found.items() if causes}
    assert len(wrong) <= 0.03 * len(OTHERS), wrong


@EVERY_WRAPPING
def test_our_own_messages_keep_their_causes(wrap: Callable[[str], str]) -> None:
    missed = {
        row["id"]: got
        for row in OURS
        if (got := answers(wrap(row["text"]))[0][0]) not in {row["cause"], *row["also_accept"]}
    }
    assert len(missed) <= 0.03 * len(OURS), missed


@EVERY_WRAPPING
def test_what_any_program_says_is_no_alarm_of_ours(wrap: Callable[[str], str]) -> None:
    found = {r["id"]: alarms(wrap(r["text"]), r["also_accept"]) for r in NEWEST_OTHERS}
    wrong = {row: causes for row, causes in found.items() if causes}
    assert len(wrong) <= 0.02 * len(NEWEST_OTHERS), wrong


@EVERY_WRAPPING
def test_the_newest_of_ours_keep_their_causes(wrap: Callable[[str], str]) -> None:
    missed = {
        row["id"]: got
        for row in NEWEST_OURS
        if (got := answers(wrap(row["text"]))[0][0]) not in {row["cause"], *row["also_accept"]}
    }
    assert len(missed) <= 0.02 * len(NEWEST_OURS), missed


def test_each_tells_its_source_and_names_causes_that_exist() -> None:
    every = [*OTHERS, *OURS, *NEWEST_OTHERS, *NEWEST_OURS]
    assert not [row["id"] for row in every if not row["source"]]
    named = {name for row in every for name in (row.get("cause", UNKNOWN), *row["also_accept"])}
    assert named <= {*CAUSES, UNKNOWN}


def test_there_are_many_of_both() -> None:
    assert len(OURS) >= 80
    assert len(OTHERS) >= 140
    assert sum(row["what"] == "calm" for row in OTHERS) >= 40


COMMANDS = [
    "aws cloudformation deploy --stack-name a --template-file t --capabilities CAPABILITY_IAM",
    "+ aws logs filter-log-events --log-group-name /a --filter-pattern OutOfMemoryError",
    "- run: grep -c 'database is locked' app.log",
    "Run aws ecs wait services-stable --cluster a --services 'exec format error'",
    "sudo journalctl -u docker --grep 'no space left on device'",
    "aws logs filter-log-events \\\n  --filter-pattern 'ENOSPC: no space left on device' \\\n  --limit 5",
]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_words_of_a_command_are_no_failure(line: str) -> None:
    assert not alarms(line, [])
    assert explain(f"{line}\nCannotPullContainerError: manifest unknown")[0].answer.cause == "image-not-found"  # fmt: skip


def test_a_command_pasted_with_what_it_printed_on_one_line_is_read() -> None:
    text = "curl -s http://ash-nlb-1.elb.amazonaws.com:4100/health curl: (7) Failed to connect to ash-nlb-1.elb.amazonaws.com port 4100: Connection refused"
    assert explain(text)[0].answer.cause == "conn-refused"


BELONGING = [
    ("disk-full", "ENOSPC: no space left on device, write", "borgmatic: no space left on device"),
    (
        "sqlite-locked",
        "SqliteError: database is locked",
        "System.Data.SQLite.SQLiteException: database is locked",
    ),
    (
        "ash-auth-invalid",
        "401 Unauthorized",
        "GET https://git.example.test/v4/user: 401 Unauthorized",
    ),
    (
        "container-oom",
        "OutOfMemoryError: Container killed due to memory usage",
        "java.lang.OutOfMemoryError: Metaspace",
    ),
]


@pytest.mark.parametrize(("cause", "ours", "others"), BELONGING, ids=[r[0] for r in BELONGING])
def test_what_any_program_says_is_ours_where_the_text_shows_it(
    cause: str, ours: str, others: str
) -> None:
    assert explain(ours)[0].answer.cause == cause
    assert not alarms(others, [])


def changes(text: str) -> list[str]:
    """The commands of an answer that change a deployment."""
    steps = explain(text)[0].repair()
    return [s.command for s in steps if "deploy" in s.command or "authorize-" in s.command]


def test_a_bare_line_that_any_program_writes_is_answered_with_look_ups() -> None:
    bare = explain("No space left on device")[0]
    assert bare.answer.cause == "disk-full"
    assert bare.repair()[0].command == "ash-ops doctor"
    assert not changes("No space left on device")
    assert not changes("killed, exit code 137")
    assert changes("OutOfMemoryError: Container killed due to memory usage")


def test_a_failure_that_a_later_line_says_is_over_is_no_alarm() -> None:
    failed = "connect ECONNREFUSED 10.0.0.9:4100, trying again in 1 s"
    assert alarms(failed, []) == ["conn-refused"]
    assert not alarms(f"{failed}\nconnected on attempt 2", [])


def test_a_list_of_what_may_happen_is_no_event() -> None:
    listed = "Common stop reasons:\n\n- OutOfMemoryError: container killed\n- CannotPullContainerError: no image"
    assert not alarms(listed, [])
    told = "- OutOfMemoryError: Container killed due to memory usage"
    assert alarms(f"Stopped tasks:\n{told}", []) == ["container-oom"]


NAMED = [
    ("kubelet Failed to pull image web:1: not found", "Kubernetes"),
    ("2024-05-05T10:00:00.000Z 1f2e-33 Task timed out after 3.00 seconds", "AWS Lambda"),
    ("redis.exceptions.ConnectionError: connecting to redis:6379. Connection refused.", "queue"),
    ("fatal: unable to access 'https://github.com/a/b.git/': Could not resolve host", "Git"),
]


@pytest.mark.parametrize(("text", "service"), NAMED, ids=[row[1] for row in NAMED])
def test_the_answer_says_whose_message_it_is_and_what_it_resembles(text: str, service: str) -> None:
    (only,) = explain(text)
    assert only.answer.cause == UNKNOWN
    assert service in only.answer.title
    shown = "\n".join(lines([only]))
    assert service in shown
    assert all(slug in shown for slug in only.answer.alternatives)


@pytest.mark.parametrize("command", ["kubectl logs web-1", "helm status web"])
def test_a_platform_named_beside_a_failure_is_what_failed(command: str) -> None:
    assert not alarms(f"$ {command}\nError: pod/web-1 not ready\nconnection refused", [])


def test_the_same_words_with_a_mark_of_ours_keep_their_cause() -> None:
    text = "CannotPullContainerError: rpc error: code = NotFound desc = failed to resolve ref ghcr.io/a/ash:9: not found"
    assert explain(text)[0].answer.cause == "image-not-found"


PORT = "aws ec2 authorize-security-group-ingress"


def test_a_port_is_opened_only_for_a_call_that_names_the_server() -> None:
    vague = "\n".join(lines(explain("connect ETIMEDOUT")))
    named = "\n".join(lines(explain("curl: (28) Failed to connect to ash-nlb-1.elb.eu-west-1.amazonaws.com port 4100: Connection timed out")))  # fmt: skip
    assert PORT not in vague
    assert "ash-ops doctor connection" in vague
    assert PORT in named


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n"])
def test_two_causes_in_one_logged_message_are_both_told(separator: str) -> None:
    text = f'ENOSPC: no space left on device, write{separator}error: password authentication failed for user "ash"'
    for line in (json.dumps({"level": 50, "msg": text}), json.dumps({"level": "error", "error": text})):  # fmt: skip
        assert {"disk-full", "db-auth-failed"} <= {e.answer.cause for e in explain(line)}


def test_a_real_failure_after_many_calm_lines_is_found() -> None:
    calm = "DEBUG retry: handling ENOSPC: no space left on device"
    log = "\n".join([*[calm] * 50, "Error: ENOSPC: no space left on device, write"])
    assert explain(log)[0].answer.cause == "disk-full"


def test_what_our_own_policies_allow_is_of_a_service_that_takes_part() -> None:
    allowed = {*deploy_actions(), *actions_of(need for name in CALLS for need in needs_of(name))}
    assert len(allowed) > 100
    assert {action.split(":")[0] for action in allowed} <= {*CALLED}


def test_a_denied_call_of_a_service_that_takes_no_part_is_no_alarm() -> None:
    denied = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: {}"
    assert not alarms(denied.format("sagemaker:CreateEndpoint"), [])
    assert explain(denied.format("ecs:RunTask"))[0].answer.severity == "error"
