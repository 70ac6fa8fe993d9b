"""One screen: what runs, how it is, where it is. Also for deployments that Terraform made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ash_ops.aws import ecs
from ash_ops.aws.session import Aws
from ash_ops.deploy.live import require_service, targets_of, url_of
from ash_ops.deploy.server import Reply, ask_health
from ash_ops.errors import ExitCode, ReadFailed
from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.services import Service, ServiceEvent
from ash_ops.facts.tasks import Task
from ash_ops.names import Deployment

_RECENT = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What one look at a deployment shows; ``unknown`` names what could not be read."""

    deployment: Deployment
    region: str
    service: Service
    image: str | None
    url: str | None
    targets: tuple[TargetHealth, ...]
    tasks: tuple[Task, ...]
    server: Reply | None
    unknown: tuple[str, ...]

    @property
    def verdict(self) -> bool | None:
        """Whether it works; ``None`` when that could not be told."""
        service, server = self.service, self.server
        wanted, running = service.desired_count or 0, service.running_count or 0
        if wanted == 0 or running < wanted:
            return False
        if server is None or server.ok is False:
            # Without a load balancer nobody can connect; unless reading it was refused.
            return None if server is None and self.unknown else False
        if self.unknown or server.ok is None:
            return None
        return any(target.state == "healthy" for target in self.targets)

    @property
    def exit_code(self) -> ExitCode:
        """0 when it works, 3 when it does not, 4 when that could not be told."""
        codes = {True: ExitCode.OK, False: ExitCode.PROBLEMS, None: ExitCode.INCONCLUSIVE}
        return codes[self.verdict]


def read_status(aws: Aws, names: Deployment) -> Status:
    """Look once at everything.

    Raises:
        OpsError: there is no such deployment.
        ReadFailed: the service itself could not be read.
    """
    service = require_service(aws, names)
    unknown: list[str] = []

    def attempt(what: str, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except ReadFailed as error:
            unknown.append(f"{what}: {error.call} {error.kind} ({error.code})")
            return otherwise

    revision = attempt("image", lambda: ecs.require_revision(aws, service.runs), None)
    url = attempt("address", lambda: url_of(aws, service), None)
    cluster, name = names.cluster, names.service
    return Status(
        deployment=names,
        region=aws.region,
        service=service,
        image=(revision.container.image or None) if revision else None,
        url=url,
        targets=attempt("targets", lambda: targets_of(aws, service), ()),
        tasks=attempt("tasks", lambda: ecs.service_tasks(aws, cluster, name, "RUNNING"), ()),
        server=ask_health(url) if url else None,
        unknown=tuple(unknown),
    )


def status_json(status: Status) -> str:
    """The status as JSON."""
    service, server = status.service, status.server
    document = {
        "schema": "ash-ops.status/1",
        "name": status.deployment.prefix,
        "region": status.region,
        "status": {True: "healthy", False: "problem", None: "inconclusive"}[status.verdict],
        "url": status.url,
        "image": status.image,
        "version": server.version if server else None,
        "server": {"ok": server.ok, "text": server.text} if server else None,
        "service": {
            "arn": service.service_arn,
            "status": service.status or "",
            "desired": service.desired_count or 0,
            "running": service.running_count or 0,
            "pending": service.pending_count or 0,
            "launch_type": service.launch_type or "",
            "task_definition": service.task_definition or "",
        },
        "rollouts": [
            {"task_definition": r.task_definition or "", "state": r.state, "primary": r.is_primary}
            for r in service.deployments
        ],
        "tasks": [_task(task) for task in status.tasks],
        "targets": [
            {"id": t.target.id, "port": t.target.port, "state": t.state} for t in status.targets
        ],
        "unknown": list(status.unknown),
    }
    return json.dumps(document, indent=2)


def _task(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "status": task.last_status,
        "health": task.health_status,
        "started": task.started_at.isoformat() if task.started_at else None,
    }


def status_text(status: Status) -> str:
    """The status as one screen."""
    service, server = status.service, status.server
    words = {True: "healthy", False: "problem", None: "could not tell"}
    answer = f"{server.text}{_version(server)}" if server else "no address"
    running, wanted = service.running_count or 0, service.desired_count or 0
    counts = f"{running} of {wanted} running, {service.pending_count or 0} pending"
    rows = [
        ("status", words[status.verdict]),
        ("url", status.url or "none"),
        ("server", answer),
        ("image", status.image or "unknown"),
        (
            "service",
            f"{counts} ({service.launch_type or 'capacity provider'})",
        ),
        *(
            ("rollout", r.line + (f": {r.rollout_state_reason}" if r.rollout_state_reason else ""))
            for r in service.deployments
        ),
        *(("task", _task_line(task)) for task in status.tasks),
        *(("target", _target_line(target)) for target in status.targets),
        *(("event", _event_line(event)) for event in service.events[:_RECENT]),
        *(("unknown", text) for text in status.unknown),
    ]
    head = f"{status.deployment.prefix} in {status.region}"
    lines = [head, *(f"  {name:<8} {text}" for name, text in rows)]
    if not status.verdict:
        lines.append("Next: `ash-ops doctor` finds the cause.")
    return "\n".join(lines)


def _version(server: Reply) -> str:
    return f", version {server.version}" if server.version else ""


def _task_line(task: Task) -> str:
    since = f" since {task.started_at.isoformat()}" if task.started_at else ""
    health = f", {task.health_status.lower()}" if task.health_status else ""
    return f"{task.id[:8]} {str(task.last_status).lower()}{health}{since}"


def _target_line(found: TargetHealth) -> str:
    return f"{found.target.id}:{found.target.port} {found.told}"


def _event_line(event: ServiceEvent) -> str:
    when = f"{event.created_at:%Y-%m-%d %H:%M:%S} " if event.created_at else ""
    return f"{when}{event.message}"[:150]
