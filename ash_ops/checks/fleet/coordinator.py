"""Was the coordinator started anew under runners that went on?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import HOUR, ago, short
from ash_ops.checks._facts import running as servers
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, items
from ash_ops.checks.fleet._runners import require_runners, tasks
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import LogLine

_LOST = "Sandbox not found"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No runner is older than the coordinator, or it was started anew more than an hour ago."""
    require_runners(snapshot)
    started = [task for task in servers(snapshot) if task.started_at]
    if not started:
        raise NotApplicable("no coordinator runs")
    newest = max(started, key=lambda task: task.started_at or snapshot.taken_at)
    since = newest.started_at or snapshot.taken_at
    older = [task for task in tasks(snapshot) if task.started_at and task.started_at < since]
    if not older or snapshot.taken_at - since > HOUR:
        return
    lines = list(_lines(snapshot))
    lost = [line for line in lines if line.at >= since and _LOST in line.message]
    met = f" {len(lost)} requests were answered so." if lost else ""
    yield finding(
        "coordinator-restarted",
        "agents",
        f"The coordinator started {ago(since, snapshot.taken_at)} ago, after {len(older)} of its runners: sessions from "
        f"before answer `{_LOST}` once, then they are in state error.{met}",
        [
            quote(snapshot.tasks, f"tasks[{short(newest)}].startedAt", since.isoformat(), since),
            quote(
                snapshot.runner_tasks,
                f"tasks[{short(older[0])}].startedAt",
                older[0].started_at,
                older[0].started_at,
            ),
            *_quoted(snapshot, lost[-1:]),
        ],
        [
            Fix(
                why="Resume those sessions, or make new ones; their files are on /data. Nothing else is to be "
                "repaired. What it was restarted for:",
                command=ash_command(snapshot, "logs --previous"),
            ),
            verify(snapshot, "agents"),
        ],
        severity="warning",
        subject=f"task/{newest.id}",
        since=since,
    )


def _lines(snapshot: Snapshot) -> Iterator[LogLine]:
    """The coordinator's lines; they only add to what is known without them."""
    try:
        yield from items(snapshot.log_lines)
    except CannotTell:
        return


def _quoted(snapshot: Snapshot, lines: list[LogLine]) -> Iterator[Evidence]:
    for line in lines:
        yield quote(snapshot.log_lines, "events[].message", line.message, line.at)


CHECK = Check(
    id="coordinator-restarted",
    title="The coordinator is as old as its runners",
    playbook="agents",
    run=run,
    causes=("coordinator-restarted",),
    explains=("sandbox-lost",),
)
