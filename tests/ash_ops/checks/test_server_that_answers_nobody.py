"""Several witnesses of one silence: one leads, the others follow, and the repair mends something."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.checks.base import Effect, Finding
from ash_ops.diagnosis import diagnose
from tests.support import scenarios

URL = "http://ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com:{}"


def ladder(broken: str, port: int = 4100, **failure: object) -> dict[str, Any]:
    """A probe whose rungs are well below the broken one."""
    names = ("dns", "tcp", "http", "health")
    well = [{"name": n, "outcome": "ok", "elapsed_ms": 5.0} for n in names[: names.index(broken)]]
    failed = {"name": broken, "outcome": "failed", "elapsed_ms": 5.0, **failure}
    value = {"url": URL.format(port), "rungs": [*well, failed], "health": None}
    return {"probe": {"value": {**value, "answers_without_key": None, "key_published": None}}}


def target(state: str, reason: str) -> dict[str, Any]:
    row = scenarios.healthy()["target_health"]["value"][0]
    health = {"State": state, "Reason": reason, "Description": "told by the balancer"}
    return {"target_health": {"value": [{**row, "TargetHealth": health}]}}


def unhealthy_task() -> dict[str, Any]:
    task = copy.deepcopy(scenarios.healthy()["tasks"]["value"][0])
    task["healthStatus"] = task["containers"][0]["healthStatus"] = "UNHEALTHY"
    return {"tasks": {"value": [task]}}


def errors(first: dict[str, Any], *others: dict[str, Any]) -> dict[str, Finding]:
    facts = first
    for change in others:
        facts = scenarios.merged(facts, change)
    report = diagnose(scenarios.snapshot(facts))
    return {f.cause: f for f in report.findings if f.severity == "error"}


HANGS = ladder("http", error="ReadTimeout", detail="timed out")
ANSWERS_503 = ladder("health", status=503)


@pytest.mark.parametrize(
    ("probe", "reason", "lead"),
    [
        (HANGS, "Target.Timeout", "target-timeout"),
        (HANGS, "Target.FailedHealthChecks", "elb-healthcheck-failed"),
        (ANSWERS_503, "Target.ResponseCodeMismatch", "elb-healthcheck-failed"),
    ],
)
def test_a_bundled_check_that_a_silent_server_fails_follows_from_the_silence(
    probe: dict[str, Any], reason: str, lead: str
) -> None:
    found = errors(probe, target("unhealthy", reason), unhealthy_task())
    roots = [cause for cause, item in found.items() if item.explained_by is None]
    assert len(roots) == 1
    assert "container-healthcheck-failed" not in roots
    if reason != "Target.ResponseCodeMismatch":
        assert roots == [lead]


def test_a_bundled_check_is_not_repaired_by_deploying_the_same_one() -> None:
    found = errors(unhealthy_task())["container-healthcheck-failed"]
    assert found.explained_by is None
    assert not any("ash-ops deploy" in (step.command or "") for step in found.fix)
    assert any("ash-ops logs" in (step.command or "") for step in found.fix)


def test_a_check_that_can_never_pass_stays_a_root_beside_a_silent_server() -> None:
    definition = copy.deepcopy(scenarios.healthy()["task_definition"]["value"])
    check = definition["containerDefinitions"][0]["healthCheck"]
    check["command"] = ["CMD-SHELL", "curl -f http://127.0.0.1:4100/health"]
    change = {"task_definition": {"value": definition}}
    found = errors(HANGS, target("unhealthy", "Target.Timeout"), unhealthy_task(), change)
    assert found["container-healthcheck-failed"].explained_by is None
    assert "curl" in found["container-healthcheck-failed"].summary


@pytest.mark.parametrize("admitted", [4100, 8080])
def test_a_listener_on_another_port_than_callers_use_is_named(admitted: int) -> None:
    listeners = [{**scenarios.healthy()["listeners"]["value"][0], "Port": 8080}]
    groups = copy.deepcopy(scenarios.healthy()["security_groups"]["value"])
    groups[1]["IpPermissions"][0].update(FromPort=4100, ToPort=admitted)
    change = {"listeners": {"value": listeners}, "security_groups": {"value": groups}}
    found = errors(ladder("tcp", error="ConnectionRefusedError"), change)
    assert next(iter(found)) == "listener-missing"
    assert "8080" in found["listener-missing"].summary
    assert "--port 4100" in (found["listener-missing"].fix[0].command or "")
    assert "caller-address-blocked" not in found
    assert found["conn-refused"].explained_by == "listener-missing"


def test_a_listener_on_the_port_that_is_refused_is_not_missing() -> None:
    assert "listener-missing" not in errors(ladder("tcp", error="ConnectionRefusedError"))


def test_a_target_that_nobody_checks_is_no_fault_of_path_or_port() -> None:
    unchecked = target("unavailable", "Target.HealthCheckDisabled")
    assert errors(unchecked) == {}
    assert next(iter(errors(unchecked, HANGS))) == "target-healthcheck-disabled"


@pytest.mark.parametrize("successor", [True, False])
def test_an_interruption_of_spot_is_past_once_tasks_are_asked_for_elsewhere(
    successor: bool,
) -> None:
    first = scenarios.healthy()["tasks"]["value"][0]
    dead = {"lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:25:00Z", "containers": []}
    spot = {**first, **dead, "capacityProviderName": "FARGATE_SPOT"}
    spot |= {"stopCode": "SpotInterruption", "stoppedReason": "Your Spot Task was interrupted."}
    tag = "CannotPullContainerError: ghcr.io/ash-ai-org/ash:0.3.0: not found"
    died = {**first, **dead, "createdAt": "2026-11-22T11:50:00Z", "stoppedReason": tag}
    died |= {"taskArn": first["taskArn"][:-2] + "02", "stoppedAt": "2026-11-22T11:51:00Z"}
    died |= {"startedAt": None, "stopCode": "TaskFailedToStart"}
    change = {
        "tasks": {"value": []},
        "service": {"value": {"runningCount": 0}},
        "stopped_tasks": {"value": [died, spot] if successor else [spot]},
        "target_health": {"value": []},
    }
    assert ("spot-interruption" in errors(change)) is not successor


def test_a_balancer_that_could_not_be_made_is_told_with_its_reason_and_not_waited_for() -> None:
    balancer = dict(scenarios.healthy()["load_balancers"]["value"][0])
    balancer["State"] = {"Code": "failed", "Reason": "Insufficient addresses"}
    found = errors({"load_balancers": {"value": [balancer]}})["elb-internal-error"]
    assert "Insufficient addresses" in found.summary
    assert not any(step.why.startswith("Wait,") for step in found.fix)


def test_a_full_disk_in_the_log_explains_the_500_of_the_same_server() -> None:
    line = {**scenarios.healthy()["log_lines"]["value"][0], "at": "2026-11-22T11:59:00Z"}
    line["message"] = (
        '{"level":50,"msg":"request failed","err":"SqliteError: database or disk is full"}'
    )
    auth = {"name": "auth", "outcome": "failed", "elapsed_ms": 5.0, "status": 500}
    probe = scenarios.healthy()["probe"]["value"]
    rungs = [*(r for r in probe["rungs"] if r["name"] != "auth"), auth]
    change = {"log_lines": {"value": [line]}, "probe": {"value": {"rungs": rungs}}}
    found = errors(change)
    assert found["ash-server-error"].explained_by == "disk-full"
    assert "database or disk is full" in found["disk-full"].summary


@pytest.mark.parametrize("said", ["not authorized to perform: s3:GetObject on x", "TypeError: x"])
def test_a_denied_call_that_the_dead_name_is_why_they_crashed(said: str) -> None:
    first = scenarios.healthy()["tasks"]["value"][0]
    dead = {**first, "lastStatus": "STOPPED", "stopCode": "EssentialContainerExited"}
    dead |= {"stoppedAt": "2026-11-22T11:58:00Z", "createdAt": "2026-11-22T11:56:00Z"}
    dead |= {"stoppedReason": "Essential container in task exited"}
    dead["containers"] = [{"name": "ash", "lastStatus": "STOPPED", "exitCode": 1}]
    line = {**scenarios.healthy()["log_lines"]["value"][0], "message": f"Error: {said}"}
    denial = {"at": "2026-11-22T11:57:45Z", "action": "s3:GetObject", "code": "AccessDenied"}
    denial |= {"message": f"User: x is {said}", "role": "ash-cloud-task", "by": "dead"}
    change = {
        "tasks": {"value": []},
        "service": {"value": {"runningCount": 0}},
        "stopped_tasks": {"value": [dead]},
        "target_health": {"value": []},
        "log_lines": {"value": [line]},
        "denied_calls": {"value": [denial], "gap": None},
    }
    found = errors(change)
    assert ("role-call-denied" in found) is ("s3:GetObject" in said)
    if "role-call-denied" in found:
        assert next(iter(found)) == "role-call-denied"
        assert found["role-call-denied"].effect is Effect.ANSWERS
        assert found["app-crash"].explained_by == "role-call-denied:ash-cloud-task"
