"""A healthy deployment's facts with something changed, and what the doctor then says."""

from __future__ import annotations

from typing import Any

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios

TARGET_DOWN = {
    "value": [
        {
            "Target": {"Id": "10.0.1.23", "Port": 4100},
            "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
        }
    ]
}
SILENT = {"value": {"url": "http://x:4100", "rungs": [], "caller_ip": "203.0.113.7"}}
NO_TASK: dict[str, Any] = {
    "tasks": {"value": []},
    "target_health": {"value": []},
    "service": {"value": {"runningCount": 0}},
    "probe": SILENT,
}


def findings(*changes: dict[str, Any]) -> tuple[Snapshot, list[Finding]]:
    facts = scenarios.healthy()
    for change in changes:
        facts = scenarios.merged(facts, change)
    snapshot = parsed(Snapshot, facts)
    return snapshot, list(diagnose(snapshot).findings)


def commands(found: list[Finding], cause: str | None = None) -> list[str]:
    return [s.command for f in found if cause in {None, f.cause} for s in f.fix if s.command]


def words(found: list[Finding], cause: str) -> str:
    return " ".join(s.why for f in found if f.cause == cause for s in f.fix)


def one(found: list[Finding], cause: str) -> Finding:
    return next(f for f in found if f.cause == cause)


def died(reason: str, **fields: Any) -> dict[str, Any]:
    task = {
        "taskArn": f"arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/{'d' * 32}",
        "group": "service:ash-cloud-runtime",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "createdAt": "2026-11-22T11:56:00Z",
        "stoppedAt": "2026-11-22T11:58:00Z",
        "stoppedReason": reason,
        "containers": [{"name": "ash", "lastStatus": "STOPPED"}],
    }
    return {"stopped_tasks": {"value": [{**task, **fields}]}}
