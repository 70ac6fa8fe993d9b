"""Does the load balancer call the task healthy, and if not, why and since when?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ash_ops.causes import classify
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import WARM_UP, ago, running, short
from ash_ops.checks._findings import ash_command, change, finding, quote, repair, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.snapshot.models import Snapshot, TargetGroup, TargetHealth, Task


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every running task is registered and healthy; `initial` is normal for a while."""
    present(snapshot.service)
    rows = list(items(snapshot.target_health))
    if not rows:
        yield from _nothing_registered(snapshot)
    elif not any(r.target_health.state == "healthy" for r in rows):
        live = [r for r in rows if r.target_health.state not in {"draining"}]
        yield _not_healthy(snapshot, (live or rows)[0])


def _nothing_registered(snapshot: Snapshot) -> Iterator[Finding]:
    tasks = running(snapshot)
    if tasks and all(_young(snapshot, t) for t in tasks):
        return
    yield finding(
        "no-registered-targets",
        "connection",
        "The load balancer has no target at all: "
        + (f"task {short(tasks[0])} runs but is not registered." if tasks else "no task runs."),
        [quote(snapshot.target_health, "TargetHealthDescriptions", "[]")],
        [
            Fix(
                why="Find out why no task is registered.",
                command=ash_command(snapshot, "doctor restarts pending"),
            ),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _young(snapshot: Snapshot, task: Task) -> bool:
    started = task.started_at or task.created_at
    return started is None or snapshot.taken_at - started < WARM_UP


def _not_healthy(snapshot: Snapshot, row: TargetHealth) -> Finding:
    state, reason = row.target_health.state or "unknown", row.target_health.reason or ""
    since = _started(snapshot, row)
    if state == "initial" and (since is None or snapshot.taken_at - since < WARM_UP):
        return _warming_up(snapshot, row, since)
    known = classify("target_health", _as_message(snapshot, row))
    cause = (
        known.cause
        if known.severity != "info" and known.cause != "unknown"
        else "elb-healthcheck-failed"
    )
    return finding(
        cause,
        "connection",
        f"Target {row.target.id}:{row.target.port} is {state}"
        + (f" ({reason}): " if reason else ": ")
        + (row.target_health.description or "the load balancer gives no reason")
        + _asked(snapshot),
        [
            quote(snapshot.target_health, f"TargetHealth[{row.target.id}].State", state),
            quote(
                snapshot.target_health, f"TargetHealth[{row.target.id}].Reason", reason or "none"
            ),
            quote(
                snapshot.target_health,
                f"TargetHealth[{row.target.id}].Description",
                row.target_health.description or "none",
            ),
        ],
        [
            *repair(snapshot, known.cause),
            Fix(why="See what the server says.", command=ash_command(snapshot, "logs --since 15m")),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _as_message(snapshot: Snapshot, row: TargetHealth) -> dict[str, object]:
    fields = row.model_dump(by_alias=True, mode="json", exclude_none=True)
    group = _group(snapshot)
    return {**fields, "HealthCheckPort": group.health_check_port} if group else fields


def _group(snapshot: Snapshot) -> TargetGroup | None:
    return next(items(snapshot.target_groups), None)


def _asked(snapshot: Snapshot) -> str:
    """What the health check asks for, so that a wrong path or port is seen at once."""
    group = _group(snapshot)
    if group is None:
        return ""
    return (
        f" (it asks {group.health_check_protocol} {group.health_check_path or ''} "
        f"on port {group.health_check_port})."
    )


def _started(snapshot: Snapshot, row: TargetHealth) -> datetime | None:
    mine = [t for t in running(snapshot) if t.private_ip == row.target.id]
    return next((t.started_at for t in mine or running(snapshot) if t.started_at), None)


def _warming_up(snapshot: Snapshot, row: TargetHealth, since: datetime | None) -> Finding:
    until = (since or snapshot.taken_at) + WARM_UP
    began = f", started {ago(since, snapshot.taken_at)} ago" if since else ""
    return finding(
        "target-initial-wait",
        "connection",
        f"Target {row.target.id} is still in its first health checks{began}: a network load balancer "
        f"needs up to two minutes for that. Wait until {until:%H:%M:%S} UTC.",
        [
            quote(snapshot.target_health, f"TargetHealth[{row.target.id}].State", "initial"),
            quote(
                snapshot.target_health,
                f"TargetHealth[{row.target.id}].Reason",
                row.target_health.reason or "none",
            ),
        ],
        [Fix(why="Wait, then look again.", command=ash_command(snapshot, "doctor connection"))],
        severity="info",
    )


def wrong_health_check(snapshot: Snapshot) -> Iterator[Finding]:
    """The health check asks HTTP /health on the port of the server."""
    for group in items(snapshot.target_groups):
        path = group.health_check_path
        if group.health_check_protocol in {"HTTP", "HTTPS"} and path and path != "/health":
            yield finding(
                "healthcheck-wrong-path",
                "connection",
                f"The target group's health check asks for {path}; Ash answers its health at /health.",
                [
                    quote(
                        snapshot.target_groups,
                        f"TargetGroups[{group.target_group_name}].HealthCheckPath",
                        path,
                    )
                ],
                [
                    change(
                        snapshot,
                        "Ask for the right path.",
                        "elbv2",
                        "modify_target_group",
                        TargetGroupArn=group.target_group_arn,
                        HealthCheckPath="/health",
                    ),
                    verify(snapshot, "connection"),
                ],
                severity="error",
            )


HEALTH = Check(
    id="target-health",
    title="The load balancer calls the running task healthy",
    playbook="connection",
    run=run,
    causes=(
        "elb-healthcheck-failed",
        "target-timeout",
        "no-registered-targets",
        "target-initial-wait",
    ),
    needs=("elasticloadbalancing:DescribeTargetHealth",),
    explains=NOTHING_ANSWERS,
    vital=True,
)

HEALTH_PATH = Check(
    id="target-health-check",
    title="The load balancer's health check asks for /health",
    playbook="connection",
    run=wrong_health_check,
    causes=("healthcheck-wrong-path",),
    needs=("elasticloadbalancing:DescribeTargetGroups",),
    explains=(*NOTHING_ANSWERS, "elb-healthcheck-failed", "crash-loop", "circuit-breaker"),
)
