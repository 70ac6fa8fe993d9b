"""A deployment that was just made: the fact that decides whether it is proven."""

from __future__ import annotations

import copy
from typing import Any

from ash_ops.checks.proof import steps
from ash_ops.facts.deploying.deployments import NewDeployment
from ash_ops.facts.model import parsed
from tests.support import one_check, scenarios
from tests.support.each import each

Case = tuple[Any, ...]
CHECKS = {
    "revision": steps.REVISION, "targets": steps.TARGETS, "health": steps.HEALTH, "key": steps.KEY, "runners": steps.RUNNERS, "agent": steps.AGENT,
}  # fmt: skip
PRIMARY = "snapshot.service.deployments.0"
AT = "2026-11-22T12:00:00Z"


def made(changes: dict[str, Any]) -> dict[str, Any]:
    """A deployment that is proven but for its agents, with some fields changed."""
    whole: dict[str, Any] = {
        "snapshot": scenarios.healthy(), "revision": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7", "version": "0.2.0", "is_let_in": True,
        "has_key": True, "wants_session": True, "runners": None, "fleet": {"call": "probe:GET", "at": AT, "value": None},
    }  # fmt: skip
    for path, value in changes.items():
        one_check.changed(whole, path, copy.deepcopy(value))
    return whole


def member(number: int, *, known: bool = True) -> dict[str, Any]:
    row = {
        "runner_id": f"runner-{number}",
        "host": "10.0.1.4",
        "port": 4200,
        "active": 0,
        "most": 2,
        "last_heartbeat": "2026-11-22T11:59:55Z",
    }
    task = {"taskArn": f"x/{number}", "lastStatus": "RUNNING", "startedAt": "2026-11-22T11:50:00Z"}
    return {"id": f"runner-{number}", "task": task, "registered": row if known else None}


def fleet(*members: dict[str, Any], wanted: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "runners": wanted,
        "fleet": {"wanted": wanted, "members": list(members), "read_at": AT, **more},
    }


def rungs(*told: tuple[str, str, Any]) -> dict[str, Any]:
    found = [
        {"name": n, "outcome": o, **({"status": m} if isinstance(m, int) else {"error": m})}
        for n, o, m in told
    ]
    return {"snapshot.probe.rungs": found}


DNS, TCP = ("dns", "ok", None), ("tcp", "ok", None)
STEPS: dict[str, Case] = {
    "this revision serves": ("revision", {}, "sound"),
    "no service": ("revision", {"snapshot.service": None}, "error service-missing", "There is no such service.", "ash-ops doctor deploy", "field='services', value='none'"),
    "another revision serves": (
        "revision", {"revision": "x/ash-cloud-runtime:8"}, "error deployment-rolled-back", "ash-cloud-runtime:7 serves, not ash-cloud-runtime:8.", "taskDefinition",
    ),
    "any revision will do": ("revision", {"revision": None}, "sound"),
    "under way": ("revision", {f"{PRIMARY}.rolloutState": "IN_PROGRESS"}, "error deployment-in-progress", "value='IN_PROGRESS'"),
    "a task of another runs beside it": (
        "revision", {"snapshot.service.deployments.+": {"id": "e/0", "status": "ACTIVE", "runningCount": 1}}, "error deployment-in-progress", "value='COMPLETED'",
    ),
    "another that has none left": ("revision", {"snapshot.service.deployments.+": {"id": "e/0", "status": "ACTIVE", "runningCount": 0}}, "sound"),
    "one target of one": ("targets", {}, "sound"),
    "one of two": ("targets", {"snapshot.service.desiredCount": 2}, "error elb-healthcheck-failed", "10.0.1.23 healthy.", "doctor connection"),
    "in its first checks": ("targets", {"snapshot.target_health.0.TargetHealth.State": "initial"}, "error target-initial-wait"),
    "unhealthy": ("targets", {"snapshot.target_health.0.TargetHealth.State": "unhealthy"}, "error elb-healthcheck-failed"),
    "none": ("targets", {"snapshot.target_health": []}, "error no-registered-targets", "No target is registered.", "value='none'"),
    "none is wanted, one is the least": ("targets", {"snapshot.target_health": [], "snapshot.service.desiredCount": 0}, "error no-registered-targets"),
    "well": ("health", {}, "sound"),
    "another version": ("health", {"version": "0.3.0"}, "error version-differs", "The server is version 0.2.0, 0.3.0 was wanted.", "rungs[health]"),
    "no version is wanted": ("health", {"version": None}, "sound"),
    "it tells none": ("health", {"snapshot.probe.health": None}, "sound"),
    "it is not well": ("health", rungs(DNS, TCP, ("http", "ok", None), ("health", "failed", 503)), "error app-unhealthy-5xx", "rungs[health]"),
    "no name": ("health", rungs(("dns", "failed", "gaierror")), "error dns-nxdomain"),
    "silence of the server": ("health", rungs(DNS, ("tcp", "failed", "TimeoutError")), "error conn-timeout"),
    "a refusal": ("health", rungs(DNS, ("tcp", "failed", "ConnectionRefusedError")), "error conn-refused"),
    "no certificate that fits": ("health", rungs(DNS, TCP, ("tls", "failed", "SSLError")), "error tls-certificate-invalid"),
    "cut off": ("health", rungs(DNS, TCP, ("http", "failed", "ConnectionResetError")), "error conn-reset"),
    "no balancer": ("health", {"snapshot.probe": None}, "error target-group-not-attached", "No load balancer is in front of it."),
    "the key is taken": ("key", {}, "sound"),
    "the key is not known": ("key", {"has_key": False}, "? the key is not known"),
    "the key is refused": ("key", rungs(DNS, ("auth", "failed", 401)), "error ash-auth-invalid"),
    "the key is forbidden": ("key", rungs(DNS, ("auth", "failed", 403)), "error ash-auth-invalid"),
    "too many calls": ("key", rungs(DNS, ("auth", "failed", 429)), "error ash-rate-limited"),
    "another answer": ("key", rungs(DNS, ("auth", "failed", 500)), "error ash-server-error"),
    "one server has no runners": ("runners", {}, "none of its business"),
    "two of two": ("runners", fleet(member(1), member(2)), "sound"),
    "one is known of two": ("runners", fleet(member(1), member(2, known=False)), "error ash-runner-missing", "1 of 2 runners are registered: runner-2: ECS runs it since 600 s", "runners list"),
    "no runner": ("runners", fleet(), "error ash-no-runner", "0 of 2 runners are registered."),
    "no runner, where none is wanted": ("runners", fleet(wanted=0), "error ash-no-runner"),
    "the coordinator was not asked": ("runners", fleet(unasked="no key is known"), "? no key is known"),
    "no session was asked for": ("agent", {"wants_session": False}, "none of its business"),
    "no session was made": ("agent", {}, "? no session was made"),
    "one ran": ("agent", rungs(("canary", "ok", None)), "sound"),
    "one did not": ("agent", rungs(("canary", "failed", "OddError")), "error maybe ash-server-error"),
}  # fmt: skip


@each("case", STEPS)
def test_what_proves_a_deployment(case: Case) -> None:
    check, changes, answer, *parts = case
    document = made(changes)
    told = one_check.answer_of(CHECKS[check], parsed(NewDeployment, document))
    assert told == answer, told
    items = one_check.found_by(CHECKS[check], parsed(NewDeployment, document))
    one_check.speaks_plainly(items, document, parts, quotes=False)
    assert {item.playbook for item in items} <= {"proof"}


@each("wanted", ["ConnectionFailed", "RequestTimeout"])
def test_a_session_that_was_not_answered_proves_nothing(wanted: str) -> None:
    document = made(
        {
            "snapshot.probe.rungs.+": {
                "name": "canary",
                "outcome": "failed",
                "error": wanted,
                "detail": "nobody answered",
            }
        }
    )
    assert one_check.answer_of(steps.AGENT, parsed(NewDeployment, document)) == "? nobody answered"


def test_a_machine_that_need_not_be_let_in_proves_nothing_by_silence() -> None:
    document = made({**rungs(DNS, ("tcp", "failed", "TimeoutError")), "is_let_in": False})
    told = one_check.answer_of(steps.HEALTH, parsed(NewDeployment, document))
    assert told.startswith("? ")
    assert told.endswith("; this machine need not be let in")
