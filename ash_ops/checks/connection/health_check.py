"""Does the load balancer ask for the server's health in the way the server answers?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import change, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, NotApplicable, Severity, items
from ash_ops.checks.connection._chain import container_port
from ash_ops.checks.connection._members import group_of, is_of_ash
from ash_ops.checks.connection.port_mapping import ENCRYPTED
from ash_ops.facts.load_balancing import TargetGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_PATH = "/health"
_WELL = 200


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The health check asks HTTP /health on the port of the server."""
    groups = [g for g in items(snapshot.target_groups) if is_of_ash(snapshot, g)]
    if not groups:
        raise NotApplicable("there is no target group of the server")
    for group in groups:
        wrong = _wrong(snapshot, group)
        if wrong:
            yield _finding(snapshot, group, *wrong)


def _wrong(snapshot: Snapshot, group: TargetGroup) -> tuple[str, str, Any, str] | None:
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
    codes = group.matcher.http_code if group.matcher else None
    if group.health_check_protocol == "HTTP" and codes and not _takes(codes, _WELL):
        why = f"takes {codes} for healthy; Ash answers {_WELL} when it is"
        return "Matcher", codes, {"HttpCode": str(_WELL)}, why
    return None


def _takes(codes: str, status: int) -> bool:
    """Whether a matcher (``200``, ``200,204``, ``200-399``) takes a status; one of another form may."""
    for part in codes.split(","):
        first, _, last = (each.strip() for each in part.partition("-"))
        if not first.isdigit() or not (last or first).isdigit():
            return True
        if int(first) <= status <= int(last or first):
            return True
    return False


def _finding(
    snapshot: Snapshot, group: TargetGroup, field: str, value: str, right: Any, why: str
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
        # Nobody is answered through a group that speaks TLS to the server, whatever its check asks for.
        effect=Effect.NEXT_START if group.protocol in ENCRYPTED else None,
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
