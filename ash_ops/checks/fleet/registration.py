"""Does the coordinator know every runner that ECS runs, each once, where it is, and lately?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._facts import ago, short
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, Severity, asked
from ash_ops.checks.fleet._runners import require_runners, running_since, tasks
from ash_ops.facts.fleet import SETTLED_S, SWEEP_S, Registered, RunnerTask
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_COORDINATOR = "ASH_SERVER_URL"  # where a runner registers
_REPLACED_S = 120  # until ECS has replaced a runner that its coordinator does not know


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every runner that has run for a minute is in the coordinator's table, at its own address."""
    require_runners(snapshot)
    there, rows = tasks(snapshot), asked(snapshot.registered_runners)
    if rows is None:
        raise CannotTell("the coordinator's table of runners was not read")
    by_id = {row.runner_id: row for row in rows}
    lost = [task for task in there if _is_lost(snapshot, task, by_id)]
    # One that is only just starting may have registered before ECS calls it running.
    all_tasks = {task.runner_id for task in asked(snapshot.runner_tasks) or ()}
    strangers = [row for row in rows if row.runner_id not in all_tasks]
    if len(lost) > 1 and strangers:
        yield _collision(snapshot, strangers[0], lost)
    else:
        yield from (_not_registered(snapshot, task, alone=len(lost) == len(there)) for task in lost)
        yield from (_stale(snapshot, row, ends=True) for row in strangers)
    for task in there:
        row = by_id.get(task.runner_id)
        if row is not None:
            yield from _row_of(snapshot, task, row)


def _is_lost(snapshot: Snapshot, task: RunnerTask, known: dict[str, Registered]) -> bool:
    settled = running_since(task, snapshot.taken_at) >= SETTLED_S
    return settled and task.runner_id not in known


def _row_of(snapshot: Snapshot, task: RunnerTask, row: Registered) -> Iterator[Finding]:
    if task.private_ip and row.host != task.private_ip:
        yield _elsewhere(snapshot, task, row)
    elif (snapshot.taken_at - row.last_heartbeat).total_seconds() > SWEEP_S:
        yield _stale(snapshot, row, ends=False)


def _not_registered(snapshot: Snapshot, task: RunnerTask, *, alone: bool) -> Finding:
    since = task.started_at or snapshot.taken_at
    # Past the time in which its own health check replaces it, nothing will: a part of what is wanted is lost.
    lasts = running_since(task, snapshot.taken_at) > SETTLED_S + _REPLACED_S
    severity: Severity = "error" if alone or lasts else "warning"
    return finding(
        "runner-not-registered",
        "agents",
        f"Runner {short(task)} runs since {ago(since, snapshot.taken_at)}, and the coordinator does not know it: "
        "it gets no session.",
        [
            quote(snapshot.runner_tasks, f"tasks[{short(task)}].lastStatus", "RUNNING", since),
            quote(snapshot.registered_runners, f"runners[{task.runner_id}]", "none"),
        ],
        [
            *_told_of_no_coordinator(snapshot),
            Fix(
                why="Read what it says of its registration.",
                command=ash_command(snapshot, f"logs --task {short(task)}"),
            ),
            Fix(
                why="Its own health check replaces it within two minutes. Where that does not come about, have it "
                "replaced: it holds no session that anybody could reach.",
                command=ash_command(snapshot, f"runners drain {task.runner_id} --wait"),
            ),
            verify(snapshot, "agents"),
        ],
        severity=severity,
        subject=f"runner/{task.id}",
        apart=short(task),
    )


def _told_of_no_coordinator(snapshot: Snapshot) -> list[Fix]:
    """A revision that names no coordinator: every runner of it registers nowhere."""
    definition = snapshot.runner_definition.value
    container = definition.container() if definition else None
    if container is None or any(each.name == _COORDINATOR for each in container.environment):
        return []
    why = (
        f"Their revision has no {_COORDINATOR}, so they ask nobody: put back what the stack wants."
    )
    return [deploy_fix(snapshot, why)]


def _collision(snapshot: Snapshot, row: Registered, lost: list[RunnerTask]) -> Finding:
    """Several tasks are missing, and there is a row that none of them should have."""
    named = ", ".join(short(task) for task in lost)
    return finding(
        "runner-id-collision",
        "agents",
        f"{len(lost)} runners ({named}) are registered under one id, {row.runner_id}: the last to register gets the "
        "sessions of all.",
        [
            quote(snapshot.registered_runners, "runners[].runnerId", row.runner_id),
            quote(snapshot.runner_tasks, "tasks[].taskArn", named),
        ],
        [
            deploy_fix(
                snapshot,
                "Their command gives them no id of their own; that of the template takes the task's.",
            ),
            verify(snapshot, "agents"),
        ],
        subject=f"runner/{row.runner_id}",
    )


def _elsewhere(snapshot: Snapshot, task: RunnerTask, row: Registered) -> Finding:
    return finding(
        "runner-id-collision",
        "agents",
        f"{row.runner_id} is registered at {row.host}, and its task is at {task.private_ip}: its sessions go astray.",
        [
            quote(snapshot.registered_runners, f"runners[{row.runner_id}].host", row.host),
            quote(
                snapshot.runner_tasks, f"tasks[{short(task)}].privateIpv4Address", task.private_ip
            ),
        ],
        [
            Fix(
                why="Have it replaced: the next one registers its own address.",
                command=ash_command(snapshot, f"runners drain {row.runner_id} --wait"),
            ),
            deploy_fix(snapshot, "If the next one does the same, put the template's command back."),
            verify(snapshot, "agents"),
        ],
        subject=f"runner/{task.id}",
        apart=short(task),
    )


def _stale(snapshot: Snapshot, row: Registered, *, ends: bool) -> Finding:
    when = row.last_heartbeat
    heard = f"was last heard of {ago(when, snapshot.taken_at)} ago"
    told = (
        f"is registered at {row.host} and {heard}; ECS runs no such task: what is sent to it hangs until it is struck off, "
        "after 30 s of silence."
        if ends
        else f"{heard}, and its task still runs: what is sent to it hangs."
    )
    silence = (snapshot.taken_at - when).total_seconds()
    return finding(
        "runner-stale",
        "agents",
        f"{row.runner_id} {told}",
        [
            quote(
                snapshot.registered_runners,
                f"runners[{row.runner_id}].lastHeartbeat",
                when.isoformat(),
            )
        ],
        [*repair(snapshot, "runner-stale"), verify(snapshot, "agents")],
        severity="error" if not ends and silence > _REPLACED_S else "warning",
        subject=f"runner/{row.runner_id.removeprefix('runner-')}",
        since=when,
        apart=row.runner_id,
    )


CHECK = Check(
    id="runners-registered",
    title="The coordinator knows every runner that runs, where it is",
    playbook="agents",
    run=run,
    causes=("runner-not-registered", "runner-id-collision", "runner-stale"),
    explains=("ash-no-runner", "ash-runner-missing"),
)
