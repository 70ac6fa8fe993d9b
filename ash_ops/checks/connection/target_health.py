"""Does the load balancer call the task healthy, and if not, why and since when?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.causes import classify
from ash_ops.checks._consequences import NOTHING_ANSWERS, UNANSWERED_CHECK
from ash_ops.checks._facts import WARM_UP, ago, answers_here, ready_at, running, short
from ash_ops.checks._findings import ash_command, change, finding, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.connection._members import (
    out_of_service,
    own,
    read_group,
    require_each_group,
    require_owners,
    silent,
    targets,
)
from ash_ops.checks.relations import target_subject
from ash_ops.facts.load_balancing import TargetGroup, TargetHealth
from ash_ops.facts.model import plain
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.facts.vocabulary import TARGET_STATE

_UNCHECKED = "target-healthcheck-disabled"
_SICK = frozenset({"unhealthy", "unused", "unavailable"})
_MOST = 20  # of thousands that fail alike, the first are as good as all


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every running task is registered and healthy; `initial` is normal for a while.

    A target that is no task of this service says nothing of it, nor does one on its way out, nor one in
    the group that a blue/green deployment does not use now.
    """
    service = present(snapshot.service)
    if not service.load_balancers and not list(items(snapshot.target_groups)):
        raise NotApplicable("the service has no load balancer")
    rows = own(snapshot)
    odd = next((r for r in rows if r.target_health.state not in TARGET_STATE.values), None)
    if odd is not None:
        state = odd.target_health.state
        raise CannotTell(f"target {odd.target.id} is in state {state!r}, which is not known")
    if any(len(b.target_groups) > 1 for b in service.load_balancers):
        rows = [r for r in rows if r.state != "unused"] or rows
    if not rows:
        yield from _nothing_registered(snapshot)
    elif not any(r.target_health.state == "healthy" for r in rows):
        yield from _each(snapshot, rows)
    else:
        yield from _some_healthy(snapshot, rows)


def _some_healthy(snapshot: Snapshot, rows: list[TargetHealth]) -> Iterator[Finding]:
    """Where one target answers, another that should is a part of the service that is lost, and no outage of all.

    In a group that has none, callers get no answer; one that only just starts is worth knowing.
    """
    sick = [r for r in rows if r.target_health.state in _SICK]
    cannot_tell: CannotTell | None = None
    try:
        outage = silent(snapshot, rows)
    except CannotTell as unclear:
        cannot_tell, outage = unclear, []
    for found in _each(snapshot, outage, some=True):
        summary = f"{found.summary} Who calls through its target group reaches no other."
        yield replace(found, summary=summary) if found.severity == "error" else found
    lost = [row for row in out_of_service(snapshot) if row not in outage]
    for found in _each(snapshot, lost, some=True):
        summary = f"{found.summary} The others answer; whoever has a session there is cut off."
        yield replace(found, summary=summary)
    others = [row for row in sick if row not in outage and row not in lost]
    yield from (replace(found, severity="warning") for found in _each(snapshot, others, some=True))
    require_owners(snapshot, others)
    if cannot_tell:
        raise cannot_tell
    require_each_group(snapshot, rows)


def _each(snapshot: Snapshot, rows: list[TargetHealth], *, some: bool = False) -> Iterator[Finding]:
    """A finding each, for each may have a cause of its own: one hangs, another stands behind a closed subnet."""
    for row in rows[:_MOST]:
        found = _not_healthy(snapshot, row)
        apart = some or len(rows) > 1
        yield replace(found, id=f"{found.cause}:{row.target.id}") if apart else found


def _nothing_registered(snapshot: Snapshot) -> Iterator[Finding]:
    if ready_at(snapshot) is not None:
        return  # the check of the task's phase says how far it is
    if answers_here(snapshot) and not list(items(snapshot.target_health)):
        raise CannotTell("the load balancer names no target, and yet the server answers")
    tasks = _tasks(snapshot)
    _require_that_none_is_leaving(snapshot, tasks)
    yield finding(
        "no-registered-targets",
        "connection",
        (
            "None of the load balancer's targets is a task of this service: "
            if targets(snapshot)
            else "The load balancer has no target at all: "
        )
        + (f"task {short(tasks[0])} runs but is not registered." if tasks else "no task runs."),
        [
            quote(
                snapshot.target_health,
                "TargetHealthDescriptions",
                ", ".join(f"{r.target.id} {r.told}" for r in targets(snapshot)) or "[]",
            )
        ],
        [*_registered(snapshot, tasks), verify(snapshot, "connection")],
        severity="error",
    )


def _require_that_none_is_leaving(snapshot: Snapshot, tasks: list[Task]) -> None:
    """A task that is being stopped was taken out of the group with that; what follows it is to be seen.

    Raises:
        CannotTell: every task that runs was asked to stop a moment ago.
    """
    asked = [t.stopping_at for t in tasks if t.desired_status == "STOPPED" and t.stopping_at]
    if not tasks or len(asked) < len(tasks) or snapshot.taken_at - max(asked) >= WARM_UP:
        return
    raise CannotTell(
        f"task {short(tasks[0])} is being stopped, since {ago(max(asked), snapshot.taken_at)}: whether ECS "
        "starts another cannot be told yet",
        until=max(asked) + WARM_UP,
    )


def _registered(snapshot: Snapshot, tasks: list[Task]) -> list[Fix]:
    """Tasks that serve are registered again as they are; else the reason is in what ended them.

    ECS registers a task once, when it starts; it does not notice that a target was taken out.
    """
    entries = present(snapshot.service).load_balancers
    port = next((e.container_port for e in entries if e.container_port), None)
    group = _group(snapshot)
    by_address = group is not None and group.target_type == "ip"
    addresses = [task.private_ip for task in tasks if task.private_ip and task.started_at]
    if group is None or not by_address or not addresses or port is None:
        return [
            Fix(
                why="See what ECS says of the service, and what its tasks ended of.",
                command=ash_command(snapshot, "logs --previous"),
            )
        ]
    return [
        change(
            snapshot,
            "Register the task again: ECS does it only when a task starts.",
            op.REGISTER_TARGETS,
            TargetGroupArn=group.target_group_arn,
            Targets=[{"Id": address, "Port": port} for address in addresses],
        )
    ]


def _tasks(snapshot: Snapshot) -> list[Task]:
    """The running tasks; none where they could not be read, for a target speaks for itself."""
    try:
        return running(snapshot)
    except CannotTell:
        return []


def _not_healthy(snapshot: Snapshot, row: TargetHealth) -> Finding:
    state, reason = row.state, row.target_health.reason or ""
    since = _started(snapshot, row)
    if state == "initial" and (since is None or snapshot.taken_at - since < WARM_UP):
        return _warming_up(snapshot, row, since)
    known = classify("target_health", _as_message(snapshot, row))
    unchecked = known.cause == _UNCHECKED
    cause = (
        known.cause
        if unchecked or (known.severity != "info" and known.cause != "unknown")
        else "elb-healthcheck-failed"
    )
    return finding(
        cause,
        "connection",
        f"Target {row.target.id}:{row.target.port} is {state}"
        + (f" ({reason}): " if reason else ": ")
        + (row.target_health.description or "the load balancer gives no reason")
        + _asked(snapshot, row),
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
            *repair(snapshot, cause, row.target_health.description or ""),
            Fix(why="See what the server says.", command=ash_command(snapshot, "logs --since 15m")),
            verify(snapshot, "connection"),
        ],
        # A target that nobody checks is sent requests all the same.
        severity="warning" if unchecked and answers_here(snapshot) else "error",
        subject=target_subject(row.target.id, row.target.port),
        effect=Effect.NOTHING if unchecked and answers_here(snapshot) else Effect.ANSWERS,
    )


def _as_message(snapshot: Snapshot, row: TargetHealth) -> dict[str, object]:
    fields = plain(row)
    group = read_group(snapshot, row)
    return {**fields, "HealthCheckPort": group.health_check_port} if group else fields


def _group(snapshot: Snapshot) -> TargetGroup | None:
    return next(items(snapshot.target_groups), None)


def _asked(snapshot: Snapshot, row: TargetHealth) -> str:
    """What the health check asks for, so that a wrong path or port is seen at once."""
    group = read_group(snapshot, row)
    if group is None:
        return ""
    return (
        f" (it asks {group.health_check_protocol} {group.health_check_path or ''} "
        f"on port {group.health_check_port})."
    )


def _started(snapshot: Snapshot, row: TargetHealth) -> datetime | None:
    tasks = _tasks(snapshot)
    mine = [t for t in tasks if t.private_ip == row.target.id]
    return next((t.started_at for t in mine or tasks if t.started_at), None)


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
        subject=target_subject(row.target.id, row.target.port),
        since=since,
    )


CHECK = Check(
    id="target-health",
    title="The load balancer calls the running task healthy",
    playbook="connection",
    run=run,
    causes=(
        "elb-healthcheck-failed",
        "target-timeout",
        "no-registered-targets",
        "target-initial-wait",
        "ash-rate-limited",
    ),
    explains=(*NOTHING_ANSWERS, UNANSWERED_CHECK),
    vital=True,
)
