"""Ladders of a call, and tasks and targets beside the healthy ones, for facts that differ in one thing."""

from __future__ import annotations

from typing import Any


def rungs(*told: tuple[str, str, Any]) -> list[dict[str, Any]]:
    """A ladder: the name of each rung, ``ok`` or what failed, and its status or error's words."""
    steps: list[dict[str, Any]] = []
    for name, how, more in told:
        if how == "ok":
            steps.append({"name": name, "outcome": "ok", "elapsed_ms": 4.0, "status": more})
        elif isinstance(more, int):
            steps.append({"name": name, "outcome": "failed", "status": more, "detail": how})
        else:
            steps.append({"name": name, "outcome": "failed", "error": how, "detail": more})
    return steps


DNS, TCP, TLS, HTTP = (
    ("dns", "ok", None),
    ("tcp", "ok", None),
    ("tls", "ok", None),
    ("http", "ok", 200),
)
SILENT = rungs(DNS, ("tcp", "TimeoutError", "port 4100: 198.51.100.1 TimeoutError"))
REFUSED = rungs(DNS, ("tcp", "ConnectionRefusedError", "Connection refused"))


def task(ip: str, **more: Any) -> dict[str, Any]:
    """A second task of this revision, well since hours."""
    return {
        "taskArn": "arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/" + "b" * 32,
        "taskDefinitionArn": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "availabilityZone": "us-east-1b",
        "createdAt": "2026-11-22T09:00:00Z",
        "startedAt": "2026-11-22T09:01:00Z",
        "attachments": [{"type": "ElasticNetworkInterface", "details": [
            {"name": "subnetId", "value": "subnet-bbb"}, {"name": "privateIPv4Address", "value": ip}]}],
        **more,
    }  # fmt: skip


def row(
    ip: str, state: str, reason: str = "", zone: str = "us-east-1b", **more: Any
) -> dict[str, Any]:
    health = {"State": state, **({"Reason": reason} if reason else {})}
    return {
        "Target": {"Id": ip, "Port": 4100, "AvailabilityZone": zone},
        "TargetHealth": health,
        **more,
    }


TWO = {"tasks.+": task("10.0.2.42"), "service.desiredCount": 2, "service.runningCount": 2}


def second(state: str, reason: str = "", **more: Any) -> dict[str, Any]:
    return {**TWO, "target_health.+": row("10.0.2.42", state, reason, **more)}


def rule(
    cidr: str = "", group: str = "", first: int = 4100, last: int = 4100, **more: Any
) -> dict[str, Any]:
    sides: dict[str, Any] = {"IpRanges": [{"CidrIp": cidr}]} if cidr else {}
    sides |= {"UserIdGroupPairs": [{"GroupId": group}]} if group else {}
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, **sides, **more}
