"""The status as the JSON contract ``ash-ops.status/1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ash_ops.facts.tasks import Task
from ash_ops.report._tree import headline, roots
from ash_ops.report.status import Status

if TYPE_CHECKING:
    from ash_ops.documents import deployment as documents


def render(status: Status) -> str:
    """One JSON object, indented, with a line break at its end."""
    probe, report = status.probe, status.report
    document: documents.Status = {
        "schema": "ash-ops.status/1",
        "name": report.deployment.name,
        "region": report.deployment.region,
        "status": report.status,
        "headline": headline(report),
        "findings": [
            {"id": f.id, "cause": f.cause, "severity": f.severity, "summary": f.summary}
            for f in roots(report)
        ],
        "url": report.deployment.url,
        "image": status.image,
        "version": probe.version if probe else None,
        "server": {"ok": probe.healthy, "text": probe.answer} if probe else None,
        "service": _service(status),
        "runners": status.runners,
        "fleet": _fleet(status),
        "drift": status.drift,
        "rollouts": [
            {
                "task_definition": r.task_definition,
                "state": r.rollout_state,
                "primary": r.status == "PRIMARY",
            }
            for r in status.rollouts
        ],
        "tasks": [_task(task) for task in status.tasks],
        "targets": [
            {"id": t.target.id, "port": t.target.port, "state": t.target_health.state}
            for t in status.targets
        ],
        "stack": _stack(status),
        "unknown": [f"{gap.check}: {gap.reason}" for gap in report.unknown],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _service(status: Status) -> documents.ServiceStatus | None:
    service = status.service
    if service is None:
        return None
    return {
        "arn": service.service_arn,
        "status": service.status,
        "desired": service.desired_count,
        "running": service.running_count,
        "pending": service.pending_count,
        "launch_type": service.launch_type or "",
        "task_definition": service.task_definition,
        "stopped_on_purpose": service.is_stopped,
    }


def _fleet(status: Status) -> documents.FleetStatus | None:
    """Only in multi-machine mode."""
    fleet = status.fleet
    if fleet is None:
        return None
    return {
        "wanted": fleet.wanted,
        "running": fleet.running,
        "registered": None if fleet.unasked else fleet.registered,
        "at_work": None if fleet.unasked else fleet.at_work,
        "disagreements": [{"runner": id_, "text": text} for id_, text in fleet.disagreements],
        "unasked": fleet.unasked or None,
    }


def _stack(status: Status) -> documents.StackStatus | None:
    stack = status.snapshot.stack.value
    return {"name": stack.name, "status": stack.status} if stack else None


def _task(task: Task) -> documents.TaskStatus:
    return {
        "id": task.id,
        "status": task.last_status,
        "health": task.health_status,
        "started": task.started_at.isoformat() if task.started_at else None,
    }
