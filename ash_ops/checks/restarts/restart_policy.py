"""Does a restart policy hide a server that ends again and again?

With one ECS starts the container anew inside its task: no task dies, nothing is counted, and every
session ends all the same. DescribeTasks does not tell of it; the server's uptime and its log do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import HOUR, ash_container, running, short
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, items
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.patterns import regex

# What the server writes once a start (Fastify's own line), and its image's entry point before it.
_LISTENS = regex(r"server listening (?:at|on) ", re.IGNORECASE)
_ENTRY = regex(r"^\[entrypoint\] cgroup", re.IGNORECASE)
_SLACK = timedelta(minutes=3)  # between the start of a task and that of a server that starts well


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """With a restart policy, the server has not been started anew inside its task."""
    container = ash_container(snapshot)
    if container.restart_policy is None or not container.restart_policy.enabled:
        raise NotApplicable("the server's container has no restart policy")
    tasks = running(snapshot)
    if not tasks:
        raise NotApplicable("no task runs")
    told = False
    for task in tasks:
        starts = _starts(snapshot, task)
        # Of several tasks nobody knows which one answered.
        began = _began(snapshot) if len(tasks) == 1 else None
        told = told or bool(starts) or began is not None
        yield from _restarted(snapshot, task, starts, began)
    if not told:
        raise CannotTell(
            "a restart policy is set, and neither the server's uptime nor its log tells how often it started"
        )


def _restarted(
    snapshot: Snapshot, task: Task, starts: list[tuple[datetime, str]], began: datetime | None
) -> Iterator[Finding]:
    late = began is not None and task.started_at is not None and began - task.started_at > _SLACK
    times = max(len(starts) - 1, 1 if late else 0)
    if times:
        yield _finding(snapshot, task, times, starts, began if late else None)


def _starts(snapshot: Snapshot, task: Task) -> list[tuple[datetime, str]]:
    """The lines that a task's server wrote at its starts within the hour, oldest first."""
    try:
        lines = [x for x in items(snapshot.log_lines) if x.stream.endswith(task.id)]
    except CannotTell:
        return []
    recent = [x for x in lines if snapshot.taken_at - x.at < HOUR]
    for mark in (_LISTENS, _ENTRY):
        found = [(x.at, x.message) for x in recent if mark.search(x.message)]
        if found:
            return found
    return []


def _began(snapshot: Snapshot) -> datetime | None:
    """When the server that answered was started, by its own uptime."""
    probe = snapshot.probe.value
    uptime = probe.health.uptime if probe and probe.health else None
    return snapshot.probe.at - timedelta(seconds=uptime) if uptime is not None else None


def _finding(
    snapshot: Snapshot,
    task: Task,
    times: int,
    starts: list[tuple[datetime, str]],
    began: datetime | None,
) -> Finding:
    at_least = "at least once" if times == 1 else f"{times} times within the hour"
    evidence: list[Evidence] = [
        quote(snapshot.log_lines, f"events[{short(task)}].message", text, at)
        for at, text in starts[-3:]
    ]
    if began is not None:
        evidence.append(quote(snapshot.probe, "health.uptime", f"since {began:%H:%M:%S} UTC"))
    field = "containerDefinitions[].restartPolicy.enabled"
    return finding(
        "restarts-in-place",
        "restarts",
        f"The server of task {short(task)} was started anew inside its task {at_least}: its restart policy "
        "keeps the task, and every session ended each time.",
        [*evidence, quote(snapshot.task_definition, field, "true")],
        [
            Fix(
                why="Read what stands before each start.",
                command=ash_command(snapshot, f"logs --task {short(task)}"),
            ),
            verify(snapshot, "restarts"),
        ],
        severity="error" if times > 1 else "warning",
        subject=f"task/{task.id}",
        since=starts[0][0] if starts else began,
        apart=short(task),
    )


CHECK = Check(
    id="restart-policy",
    title="The server is not restarted inside its task",
    playbook="restarts",
    run=run,
    causes=("restarts-in-place",),
    explains=(*NOTHING_ANSWERS, "target-timeout", "elb-healthcheck-failed"),
)
