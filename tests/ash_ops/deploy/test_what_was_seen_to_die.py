"""The deaths and messages of one deployment: which count, what they are called, and what is told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run import failure
from ash_ops.deploy.run.evidence import Evidence, repair_of
from ash_ops.deploy.run.failure import explain, explain_with
from ash_ops.deploy.run.verify import _version_of
from ash_ops.diagnosis import diagnose
from ash_ops.errors import OpsError
from ash_ops.facts.model import fact_of
from ash_ops.facts.services import Service
from ash_ops.facts.stacks import StackEvent
from ash_ops.facts.tasks import Task
from ash_ops.names import Deployment
from tests.support import scenarios
from tests.support.deploying import dead_task, event

START = datetime(2026, 11, 27, 12, tzinfo=UTC)
SNAPSHOT = scenarios.snapshot()
HEALTHY = SNAPSHOT, diagnose(SNAPSHOT)


def died(*tasks: dict[str, Any]) -> Evidence:
    found = Evidence(started_after=START)
    found.add_tasks(fact_of(Task, raw) for raw in tasks)
    return found


def test_a_task_that_was_told_to_stop_did_not_die_unless_its_health_was_why() -> None:
    ordinary = "Scaling activity initiated by (deployment ecs-svc/1)"
    unhealthy = "Task failed container health checks"
    for code in ("ServiceSchedulerInitiated", "UserInitiated"):
        assert died(dead_task(1, ordinary, code)).tasks == {}
        assert len(died(dead_task(1, unhealthy, code)).tasks) == 1
        assert len(died(dead_task(1, "Task is UNHEALTHY in tg", code)).tasks) == 1
    assert len(died(dead_task(1, ordinary, "EssentialContainerExited")).tasks) == 1


def test_what_died_before_it_began_is_none_of_its_deaths() -> None:
    for seconds, count in ((-1, 0), (0, 1), (1, 1)):
        at = START + timedelta(seconds=seconds)
        assert len(died({**dead_task(1), "stoppedAt": at}).tasks) == count
    assert Evidence().is_recent(START)


def test_three_of_one_kind_are_a_verdict_and_texts_tell_unknown_kinds_apart() -> None:
    assert died(dead_task(1), dead_task(2)).verdict() is None
    verdict = died(dead_task(1), dead_task(2), dead_task(3)).verdict()
    assert verdict is not None
    assert verdict.cause == "image-not-found"
    other = [dead_task(n, f"xyzzy {n}", "Odd") for n in range(3)]
    found = died(*other)
    assert found.verdict() is None
    assert [(task.title, count) for task, count in found.kinds()] == [("Odd", 1)] * 3
    nameless = died({k: v for k, v in dead_task(1, "xyzzy").items() if k != "stopCode"})
    assert [task.title for task in nameless.tasks.values()] == ["stopped"]


def test_the_most_frequent_kind_comes_first_with_its_first_example() -> None:
    killed = {
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
    }
    container = {"name": "ash", "exitCode": 137, "reason": "OutOfMemoryError: container killed"}
    oom = {**dead_task(9), **killed, "containers": [container]}
    found = died(oom, dead_task(1), dead_task(2))
    assert [(t.cause, n) for t, n in found.kinds()] == [
        ("image-not-found", 2),
        ("container-oom", 1),
    ]
    assert found.kinds()[0][0].id == dead_task(1)["taskArn"].rpartition("/")[2]
    text = found.kinds()[1][0].text
    assert text == (
        "Essential container in task exited; OutOfMemoryError: container killed; ash exited 137"
    )
    assert found.death_lines()[0].startswith("2 x ")


def test_a_reason_that_says_it_already_is_not_said_twice_nor_at_any_length() -> None:
    raw = dead_task(1, "  the\nreason  " + "x" * 400)
    raw["containers"] = [{"name": "ash", "exitCode": 0, "reason": "reason"}]
    (task,) = died(raw).tasks.values()
    assert task.text.startswith("the reason xxx")
    assert len(task.text) == 300


def test_messages_and_failures_are_kept_once_and_only_of_this_deployment() -> None:
    found = Evidence(started_after=START)
    events = [
        {"id": "a", "createdAt": START - timedelta(seconds=1), "message": "old"},
        {"id": "b", "createdAt": START, "message": "new"},
    ]
    for _ in range(2):
        found.add_service(fact_of(Service, {"serviceName": "s", "events": events}))
        found.add_event(fact_of(StackEvent, event(1, "Service", "CREATE_FAILED", "why")))
        found.add_event(fact_of(StackEvent, event(2, "Service", "CREATE_COMPLETE")))
    assert list(found.messages.values()) == ["new"]
    assert [e.reason for e in found.failures] == ["why"]


def test_the_first_failure_that_was_not_a_consequence_is_the_root() -> None:
    found = Evidence()
    for number, reason in enumerate(("Resource creation cancelled", "Real", "Later")):
        found.add_event(fact_of(StackEvent, event(number, "X", "CREATE_FAILED", reason)))
    root = found.root()
    assert root is not None
    assert root.reason == "Real"
    only = Evidence()
    only.add_event(fact_of(StackEvent, event(1, "X", "CREATE_FAILED", "CANCELLED")))
    assert only.root() == only.failures[0]
    assert Evidence().root() is None


def test_a_failed_deployment_is_told_with_evidence_and_repair_before_the_doctors_report() -> None:
    found = died(dead_task(1), dead_task(2))
    found.add_event(fact_of(StackEvent, event(1, "Service", "CREATE_FAILED", "xyzzy")))
    lines = explain_with(found, HEALTHY).splitlines()
    assert lines[0].startswith("2 tasks died: [image-not-found] ")
    short = dead_task(1)["taskArn"].rpartition("/")[2][:8]
    assert lines[1].startswith(f"  evidence: ecs:DescribeTasks {short}: CannotPullContainerError")
    fixes = [line for line in lines if line.startswith("  fix:      ")]
    assert fixes == [f"  fix:      {step}" for step in repair_of("image-not-found")]
    assert fixes
    assert not any(line != line.rstrip() for line in fixes)
    at = lines.index("The first failure of the stack: Service")
    assert lines[at + 1] == "  evidence: cloudformation:DescribeStackEvents xyzzy"
    assert "ash-cloud" in "\n".join(lines[at + 2 :])
    assert "ECS said" not in "\n".join(lines)


def test_a_known_cause_of_the_stack_is_named_and_a_failure_without_a_reason_by_its_state() -> None:
    found = Evidence()
    reason = "Resource handler returned message: Rate exceeded (Service: X, HandlerErrorCode: Throttling)"
    found.add_event(fact_of(StackEvent, event(1, "Service", "CREATE_FAILED", reason)))
    assert "The first failure of the stack: Service [" in explain_with(found, HEALTHY)
    silent = Evidence()
    silent.add_event(fact_of(StackEvent, event(1, "Service", "CREATE_FAILED")))
    assert "DescribeStackEvents CREATE_FAILED" in explain_with(silent, HEALTHY)


def test_where_nothing_died_ecs_has_its_say_five_times_at_most() -> None:
    found = Evidence(messages={str(n): f"message {n}" for n in range(7)})
    said = [line for line in explain_with(found, HEALTHY).splitlines() if "ECS said" in line]
    assert said == [f"ECS said: message {n}" for n in range(5)]


def test_where_the_doctor_cannot_look_what_was_seen_is_still_told(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> Any:
        raise OpsError("No credentials", "expired", "x")

    monkeypatch.setattr(failure, "examine", refused)
    told = explain(aws, Deployment(), died(dead_task(1)))
    assert told.startswith("1 task died: ")
    assert told.endswith("run `ash-ops doctor`")
    assert "doctor could not look (No credentials" in told


def test_what_has_no_known_repair_prints_none() -> None:
    assert repair_of("unknown") == ()


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("ghcr.io/ash-ai-org/ash:0.2.0", "0.2.0"),
        ("ghcr.io/ash-ai-org/ash:v1.22.333", "1.22.333"),
        ("ghcr.io/ash-ai-org/ash:latest", None),
        ("ghcr.io/ash-ai-org/ash:0.2", None),
        ("ghcr.io/ash-ai-org/ash:0.2.0-rc", None),
        ("ghcr.io/ash-ai-org/ash:1.2.3.4", None),
        (f"ghcr.io/ash-ai-org/ash:0.2.0@sha256:{'0' * 64}", None),
    ],
)
def test_a_tag_promises_a_version_only_where_it_is_one(image: str, version: str | None) -> None:
    assert _version_of(image) == version
