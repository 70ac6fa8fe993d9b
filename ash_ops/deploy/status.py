"""One screen: what runs, how it is, where it is. Also for deployments that Terraform made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from ash_ops.aws.session import Aws
from ash_ops.deploy.live import (
    ServiceState,
    Target,
    address_of,
    container_definition,
    list_tasks,
    require_service,
    targets_of,
)
from ash_ops.deploy.server import Reply, ask_health
from ash_ops.errors import ExitCode, ReadFailed
from ash_ops.names import Deployment

_RECENT = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What one look at a deployment shows; ``unknown`` names what could not be read."""

    deployment: Deployment
    region: str
    service: ServiceState
    image: str | None
    url: str | None
    targets: tuple[Target, ...]
    tasks: tuple[Mapping[str, Any], ...]
    server: Reply | None
    unknown: tuple[str, ...]

    @property
    def verdict(self) -> bool | None:
        """Whether it works; ``None`` when that could not be told."""
        service, server = self.service, self.server
        if service.desired == 0 or service.running < service.desired:
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

    definition = service.primary.task_definition if service.primary else service.task_definition
    nothing: Mapping[str, Any] = {}
    container = attempt("image", lambda: container_definition(aws, definition), nothing)
    address = attempt("address", lambda: address_of(aws, service.target_group), None)
    return Status(
        deployment=names,
        region=aws.region,
        service=service,
        image=container.get("image"),
        url=address.url if address else None,
        targets=attempt("targets", lambda: targets_of(aws, service.target_group), ()),
        tasks=tuple(attempt("tasks", lambda: list_tasks(aws, names, "RUNNING"), [])),
        server=ask_health(address.url) if address else None,
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
            "arn": service.arn,
            "status": service.status,
            "desired": service.desired,
            "running": service.running,
            "pending": service.pending,
            "launch_type": service.launch_type,
            "task_definition": service.task_definition,
        },
        "rollouts": [
            {"task_definition": r.task_definition, "state": r.state, "primary": r.is_primary}
            for r in service.rollouts
        ],
        "tasks": [_task(raw) for raw in status.tasks],
        "targets": [{"id": t.id, "port": t.port, "state": t.state} for t in status.targets],
        "unknown": list(status.unknown),
    }
    return json.dumps(document, indent=2)


def _task(raw: Mapping[str, Any]) -> dict[str, Any]:
    started = raw.get("startedAt")
    return {
        "id": str(raw.get("taskArn", "")).rsplit("/", 1)[-1],
        "status": raw.get("lastStatus"),
        "health": raw.get("healthStatus"),
        "started": started.isoformat() if isinstance(started, datetime) else None,
    }


def status_text(status: Status) -> str:
    """The status as one screen."""
    service, server = status.service, status.server
    words = {True: "healthy", False: "problem", None: "could not tell"}
    answer = f"{server.text}{_version(server)}" if server else "no address"
    counts = f"{service.running} of {service.desired} running, {service.pending} pending"
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
            ("rollout", r.counts.line + (f": {r.reason}" if r.reason else ""))
            for r in service.rollouts
        ),
        *(("task", _task_line(raw)) for raw in status.tasks),
        *(("target", _target_line(target)) for target in status.targets),
        *(("event", _event_line(at, text)) for _, at, text in service.events[:_RECENT]),
        *(("unknown", text) for text in status.unknown),
    ]
    head = f"{status.deployment.prefix} in {status.region}"
    lines = [head, *(f"  {name:<8} {text}" for name, text in rows)]
    if not status.verdict:
        lines.append("Next: `ash-ops doctor` finds the cause.")
    return "\n".join(lines)


def _version(server: Reply) -> str:
    return f", version {server.version}" if server.version else ""


def _task_line(raw: Mapping[str, Any]) -> str:
    task = _task(raw)
    since = f" since {task['started']}" if task["started"] else ""
    health = f", {task['health'].lower()}" if task["health"] else ""
    return f"{task['id'][:8]} {str(task['status']).lower()}{health}{since}"


def _target_line(target: Target) -> str:
    return f"{target.id}:{target.port} {target.state}" + (
        f" ({target.reason})" if target.reason else ""
    )


def _event_line(at: datetime | None, text: str) -> str:
    when = f"{at:%Y-%m-%d %H:%M:%S} " if at else ""
    return f"{when}{text}"[:150]
