"""Lives of tasks, told by their times of one day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ash_ops.facts.snapshot import Snapshot
from tests.support import one_check

SEVEN = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7"
Case = tuple[Any, ...]


def task(name: str, **at: str) -> dict[str, Any]:
    """A task of this revision: the times that are given, of today."""
    times = {key: f"2026-11-22T{value}Z" for key, value in at.items() if key.endswith("At")}
    rest = {key: value for key, value in at.items() if not key.endswith("At")}
    return {
        "taskArn": f"x/{name * 8}",
        "taskDefinitionArn": SEVEN,
        "lastStatus": "RUNNING",
        "healthStatus": "HEALTHY",
        **times,
        **rest,
    }


def dead(name: str, **at: str) -> dict[str, Any]:
    return {**task(name, **at), "lastStatus": "STOPPED", "healthStatus": "UNKNOWN"}


def of(*tasks: dict[str, Any], **more: Any) -> Snapshot:
    alive = [t for t in tasks if t["lastStatus"] != "STOPPED"]
    gone = [t for t in tasks if t["lastStatus"] == "STOPPED"]
    return one_check.snapshot(
        "",
        {
            "tasks": alive,
            "stopped_tasks": gone,
            "service.runningCount": len(alive),
            **{k.replace("__", "."): v for k, v in more.items()},
        },
    )


def clock(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


D = "arn:aws:ecs:us-east-1:111122223333:service-deployment/ash-cloud/ash-cloud-runtime/"


def record(
    status: str | None, *, at: str = "11:20:00", end: str = "", name: str = "d8", **more: Any
) -> dict[str, Any]:
    """ECS's record of a deployment."""
    finished = {"finishedAt": f"2026-11-22T{end}Z"} if end else {}
    begun = {"createdAt": f"2026-11-22T{at}Z", "startedAt": f"2026-11-22T{at}Z"}
    target = {"targetServiceRevision": {"arn": D.replace("deployment", "revision") + name}}
    return {
        "serviceDeploymentArn": D + name,
        "status": status,
        **target,
        **begun,
        **finished,
        **more,
    }
