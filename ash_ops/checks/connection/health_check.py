"""Does the load balancer ask for the server's health in the way the server answers?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import change, finding, quote, verify
from ash_ops.checks.base import Check, Finding, NotApplicable, Severity, items
from ash_ops.checks.connection._chain import container_port
from ash_ops.checks.connection._members import group_of
from ash_ops.facts.load_balancing import TargetGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_PATH = "/health"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The health check asks HTTP /health on the port of the server."""
    groups = [g for g in items(snapshot.target_groups) if _is_of_ash(snapshot, g)]
    if not groups:
        raise NotApplicable("there is no target group of the server")
    for group in groups:
        wrong = _wrong(snapshot, group)
        if wrong:
            yield _finding(snapshot, group, *wrong)


def _is_of_ash(snapshot: Snapshot, group: TargetGroup) -> bool:
    """Whether a group leads to the server, for all that is known: a sidecar answers its own health."""
    service, task = snapshot.service.value, snapshot.task_definition.value
    ash = task.container() if task else None
    named = service.load_balancers if service and ash else ()
    whose = {e.container_name for e in named if group.target_group_arn in e.target_groups}
    return not whose or None in whose or (ash is not None and ash.name in whose)


def _wrong(snapshot: Snapshot, group: TargetGroup) -> tuple[str, str, str, str] | None:
    """The first setting that cannot work: its field, its value, the right one, and why."""
    port, path = group.health_check_port, group.health_check_path
    wanted = str(container_port(snapshot))
    if group.health_check_protocol == "HTTPS":
        why = "asks by HTTPS, but Ash speaks plain HTTP"
        return "HealthCheckProtocol", "HTTPS", "HTTP", why
    if port and port not in {"traffic-port", wanted}:
        why = f"asks on port {port}, but the server listens on {wanted}"
        return "HealthCheckPort", port, "traffic-port", why
    if group.health_check_protocol == "HTTP" and path and path != _PATH:
        why = f"asks for {path}; Ash answers its health at {_PATH}"
        return "HealthCheckPath", path, _PATH, why
    return None


def _finding(
    snapshot: Snapshot, group: TargetGroup, field: str, value: str, right: str, why: str
) -> Finding:
    return finding(
        "healthcheck-wrong-path",
        "connection",
        f"The health check of target group {group.target_group_name} {why}.",
        [quote(snapshot.target_groups, f"TargetGroups[{group.target_group_name}].{field}", value)],
        [
            change(
                snapshot,
                "Ask in the right way.",
                op.MODIFY_TARGET_GROUP,
                TargetGroupArn=group.target_group_arn,
                **{field: right},
            ),
            verify(snapshot, "connection"),
        ],
        severity=_severity(snapshot, group),
    )


def _severity(snapshot: Snapshot, group: TargetGroup) -> Severity:
    """A target of the group that is healthy all the same shows that something answers there."""
    try:
        healthy = [row for row in items(snapshot.target_health) if row.state == "healthy"]
    except CannotTell:
        return "error"
    mine = {"", group.target_group_arn}  # empty where nobody knows which group's it is
    return "warning" if any(group_of(snapshot, row) in mine for row in healthy) else "error"


CHECK = Check(
    id="target-health-check",
    title="The load balancer's health check asks for /health",
    playbook="connection",
    run=run,
    causes=("healthcheck-wrong-path",),
    explains=(*NOTHING_ANSWERS, "elb-healthcheck-failed", "crash-loop", "circuit-breaker"),
)
