"""Why did tasks die?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from ash_ops.causes import CAUSES, Classification, classify
from ash_ops.causes.structure.tasks import is_known_stop_code
from ash_ops.checks._attempts import (
    Recovery,
    are_of_no_concern,
    attempts,
    changed_since,
    is_of_another,
    is_owed_a_start,
    is_superseded,
    outlives,
    passes_again,
    started_since,
    was_scaled_in,
)
from ash_ops.checks._consequences import NO_TASK, TAKEN_AWAY
from ash_ops.checks._facts import (
    HOUR,
    RECENT,
    ago,
    is_coming_up,
    short,
    steady_since,
    stop_time,
    stopped,
)
from ash_ops.checks._findings import (
    ash_command,
    confidence_of,
    finding,
    playbook_of,
    quote,
    redeploy,
    verify,
)
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Evidence, Finding, Fix, Severity, present
from ash_ops.checks.restarts._ends import before_it_was_undone, of_a_helper, reasoned, unexplained
from ash_ops.checks.restarts._last_words import as_message, last_lines, named
from ash_ops.checks.restarts._signals import end_of, ended_by_itself, signal_of
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

_Deaths = dict[str, list[tuple[Task, Classification]]]


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Group the dead by cause; one finding a cause, with the newest task as its evidence."""
    snapshot = before_it_was_undone(snapshot)
    service = present(snapshot.service)
    by_cause: _Deaths = {}
    for task in stopped(snapshot):
        if was_scaled_in(task):
            continue  # whatever its log says, this it did not die of
        known = reasoned(classify("stopped_task", as_message(snapshot, task)))
        if known.severity == "info" and ended_by_itself(task):
            known = replace(known, cause="app-crash", severity="error")
        if known.severity != "info" and known.cause != "healthy-scale-in":
            by_cause.setdefault(named(snapshot, task, known), []).append((task, known))
    cannot_tell = _of_unknown_code(snapshot, by_cause)
    _join_unexplained(by_cause)
    for cause, deaths in by_cause.items():
        try:
            yield from _deaths(snapshot, cause, _of_now(snapshot, deaths))
        except CannotTell as unclear:
            cannot_tell = cannot_tell or unclear
    if cannot_tell:
        raise cannot_tell
    if not by_cause and (service.desired_count or 0) > 0:
        _require_a_trace(snapshot)


def _of_unknown_code(snapshot: Snapshot, by_cause: _Deaths) -> CannotTell | None:
    """Leave open the deaths that nothing explains and whose stop code nobody knows.

    One that the tasks of now have outlived for an hour stopped nothing that is still stopped.
    """
    left = by_cause.pop("unknown", [])
    known = [death for death in left if is_known_stop_code(death[0].stop_code)]
    if known:
        by_cause["unknown"] = known
    unknown = (task for task, _ in left if not is_known_stop_code(task.stop_code))
    strange = next((task for task in unknown if not _is_long_outlived(snapshot, task)), None)
    if strange is None:
        return None
    code = f"stopCode {strange.stop_code}, which this version does not know"
    return CannotTell(f"task {short(strange)} stopped with {code}: {_told(strange)}")


def _is_long_outlived(snapshot: Snapshot, task: Task) -> bool:
    steady = steady_since(snapshot)
    after = steady is not None and steady > stop_time(task, snapshot)
    return after and snapshot.taken_at - (steady or snapshot.taken_at) > HOUR


def _of_now(
    snapshot: Snapshot, deaths: list[tuple[Task, Classification]]
) -> list[tuple[Task, Classification]]:
    """Those of the deployment in place, if any: what an older one died of advises nobody now."""
    primary = present(snapshot.service).primary
    if primary is None:
        return deaths
    now = [each for each in deaths if not is_of_another(each[0], primary, snapshot)]
    return now or deaths


def _join_unexplained(by_cause: _Deaths) -> None:
    """A death that names no cause belongs to one that does, if both ended with the same code.

    The log of an older task is often not read or already gone, while its successor died alike.
    """
    vague = [*by_cause.pop("app-crash", []), *by_cause.pop("unknown", [])]
    for task, known in vague:
        alike = (
            cause for cause, deaths in by_cause.items() if _codes(deaths[0][0]) == _codes(task)
        )
        by_cause.setdefault(next(alike, unexplained(task)), []).append((task, known))


def _codes(task: Task) -> tuple[str | None, tuple[int | None, ...]]:
    return task.stop_code, tuple(c.exit_code for c in task.containers)


def _require_a_trace(snapshot: Snapshot) -> None:
    """Nothing runs and no fault is remembered: silence is not health.

    Raises:
        CannotTell: no task is there, and none that stopped tells why.
    """
    if snapshot.tasks.get():
        return
    newest = next(iter(stopped(snapshot)), None)
    if newest is not None:
        raise CannotTell(
            f"no task runs, and of those that stopped none died of a fault; the last was {short(newest)}, "
            f"{ago(stop_time(newest, snapshot), snapshot.taken_at)} ago: {_told(newest)}"
        )
    raise CannotTell(
        "no task runs, and ECS remembers none that stopped (it forgets them after about an hour); "
        "the stack has no event archive that tells more"
    )


def _deaths(
    snapshot: Snapshot, cause: str, deaths: list[tuple[Task, Classification]]
) -> Iterator[Finding]:
    """What the tasks died of; while a repair is too young to be sure of, that it cannot be told.

    Raises:
        CannotTell: it seems to be over, and is not certain yet.
    """
    newest, known = deaths[0]
    when = stop_time(newest, snapshot)
    recovery = _recovery(snapshot, cause, [task for task, _ in deaths])
    if recovery is not None:
        yield replace(
            _told_of(snapshot, cause, deaths, recovery),
            severity="info",
            until=recovery.at,
            fix=(verify(snapshot, "restarts", wait=True),),
        )
        _require_certainty(snapshot, cause, recovery)
        return
    found = _told_of(snapshot, cause, deaths, None)
    replaced = _replaced_at(snapshot, [task for task, _ in deaths])
    if replaced is not None:
        past = f"{found.summary} Another revision was deployed since."
        steps = (verify(snapshot, "restarts"),)
        yield replace(found, summary=past, severity="info", until=replaced, fix=steps)
        return
    outlived = outlives(snapshot, [task for task, _ in deaths])
    if outlived is not None and found.severity == "error":
        yield replace(found, severity="warning", until=outlived.at)
        _require_certainty(snapshot, cause, outlived)
        return
    severity = _severity(snapshot, cause, deaths)
    over = steady_since(snapshot) if severity == "warning" else None
    yield replace(
        found,
        severity=severity,
        confidence=confidence_of(known),
        until=over if over and over > when else None,
    )


def _recovery(snapshot: Snapshot, cause: str, deaths: list[Task]) -> Recovery | None:
    """What refutes a trouble now: a start that went well, or another deployment that runs."""
    if CAUSES[cause].category == "pending":
        started = started_since(snapshot, deaths[0])
        if started is not None:
            return started
    if cause == "spot-interruption" and not _may_be_interrupted(snapshot):
        at = _left_spot_at(snapshot, deaths)
        if at is not None:
            return Recovery(at, at, "the service runs on FARGATE_SPOT no more")
    return passes_again(snapshot, deaths) or changed_since(snapshot, deaths)


def _left_spot_at(snapshot: Snapshot, deaths: list[Task]) -> datetime | None:
    """Since when a task was asked for elsewhere, whatever became of it; ``None`` if none was."""
    steady, last = steady_since(snapshot), max(stop_time(t, snapshot) for t in deaths)
    if steady and steady > last:
        return steady
    newest = next((t for t in attempts(snapshot) if t not in deaths), None)
    if newest is None or newest.created_at is None:
        return None
    asked = min(t.created_at or stop_time(t, snapshot) for t in deaths)
    return max(newest.created_at, last) if newest.created_at > asked else None


def _may_be_interrupted(snapshot: Snapshot) -> bool:
    """Whether anything of the service runs, or would, on Spot capacity."""
    providers = {t.capacity_provider_name for t in attempts(snapshot)[:1]}
    strategy = present(snapshot.service).capacity_provider_strategy or ()
    providers |= {item.capacity_provider for item in strategy}
    return "FARGATE_SPOT" in providers


def _replaced_at(snapshot: Snapshot, deaths: list[Task]) -> datetime | None:
    """When another revision took the place of the one that died; it may have troubles of its own."""
    primary = present(snapshot.service).primary
    if primary is None or primary.task_definition in {
        None,
        *(t.task_definition_arn for t in deaths),
    }:
        return None
    known = all(t.task_definition_arn and is_of_another(t, primary, snapshot) for t in deaths)
    return primary.created_at if known else None


def _require_certainty(snapshot: Snapshot, cause: str, recovery: Recovery) -> None:
    """Those that run must have lived for a while.

    Raises:
        CannotTell: they have not yet.
    """
    if snapshot.taken_at < recovery.certain_at:
        raise CannotTell(
            f"repaired at {recovery.at:%H:%M:%S} UTC, as it seems; certain at "
            f"{recovery.certain_at:%H:%M:%S} UTC ({cause}; {recovery.why})",
            until=recovery.certain_at,
        )


def _told_of(
    snapshot: Snapshot,
    cause: str,
    deaths: list[tuple[Task, Classification]],
    recovery: Recovery | None,
) -> Finding:
    newest, oldest = deaths[0][0], deaths[-1][0]
    when, first = stop_time(newest, snapshot), stop_time(oldest, snapshot)
    times = f"{len(deaths)} tasks died" if len(deaths) > 1 else "A task died"
    often = f" within {_minutes(when - first)}" if len(deaths) > 1 else ""
    past = ""
    if recovery is not None:
        past = f" Repaired at {recovery.at:%H:%M:%S} UTC: {recovery.why}."
    return finding(
        cause,
        playbook_of(cause),
        f"{times} of it{often}; the last was {short(newest)}, {ago(when, snapshot.taken_at)} ago: "
        f"{_told(newest)}{past}",
        _evidence(snapshot, newest),
        [
            *of_a_helper(snapshot, newest),
            *_with_another_try(
                snapshot, cause, repair(snapshot, cause, _said(snapshot, cause, newest))
            ),
            Fix(
                why="Read its last words.",
                command=ash_command(snapshot, f"logs --task {short(newest)}"),
            ),
            verify(snapshot, "restarts", wait=True),
        ],
        confidence=confidence_of(deaths[0][1]),
        subject=_subject([task for task, _ in deaths]),
        since=first,
    )


def _with_another_try(snapshot: Snapshot, cause: str, steps: list[Fix]) -> list[Fix]:
    """What stopped a start may be gone by now: where no look-up finds it, one more is tried."""
    again = CAUSES[cause].category == "pending" and not cause.startswith(
        ("image-not", "image-arch")
    )
    known = any("update-service" in (step.command or "") for step in steps)
    if not again or known or not is_owed_a_start(snapshot):
        return steps
    return [*steps, replace(redeploy(snapshot), why="Once that is so, start fresh tasks.")]


def _subject(deaths: list[Task]) -> str:
    """The task, or the revision of several."""
    if len(deaths) == 1:
        return f"task/{deaths[0].id}"
    revisions = {(t.task_definition_arn or "").rsplit(":", 1)[-1] for t in deaths}
    return f"revision/{revisions.pop()}" if len(revisions) == 1 and "" not in revisions else ""


def _words(task: Task) -> str:
    """All that is said of a death: it may name the role, the secret, the policy or the signal."""
    told = [task.stopped_reason, *(c.reason for c in task.containers), signal_of(task)]
    return " ".join(text for text in told if text)


def _said(snapshot: Snapshot, cause: str, task: Task) -> str:
    """What a repair may go by: of a server that ended by itself, its last words too."""
    own = last_lines(snapshot, task) if CAUSES[cause].category == "restart" else ()
    return " ".join((_words(task), *own))


def _minutes(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _told(task: Task) -> str:
    """What ECS says of a death: the container's own reason before the task's, which is vaguer."""
    fallen = end_of(task)
    if fallen is None:
        return task.stopped_reason or "no reason given."
    reason = fallen.reason or task.stopped_reason
    name = f"container {fallen.name}: " if len(task.containers) > 1 and fallen.name else ""
    if fallen.exit_code is None:
        return name + (reason or "no reason given.")
    signal = signal_of(task)
    return f"{name}{reason or 'no reason given'} (exit code {fallen.exit_code}{f', {signal}' if signal else ''})."


def _severity(
    snapshot: Snapshot, cause: str, deaths: list[tuple[Task, Classification]]
) -> Severity:
    """An error while it goes on; a warning once a task has outlived it for a while."""
    own = CAUSES[cause].severity
    if own == "info":
        return "info"
    if cause in TAKEN_AWAY and is_coming_up(snapshot):
        return "warning"
    if present(snapshot.service).desired_count == 0:
        return "warning"
    if are_of_no_concern(snapshot, [task for task, _ in deaths]):
        return "warning"
    steady, last = steady_since(snapshot), stop_time(deaths[0][0], snapshot)
    if steady is None:
        past = _is_long_past(snapshot, last) or is_superseded(
            snapshot, [task for task, _ in deaths]
        )
        return "warning" if past else "error"
    if steady > last and snapshot.taken_at - steady > RECENT:
        return "warning"
    in_the_hour = [t for t, _ in deaths if snapshot.taken_at - stop_time(t, snapshot) < HOUR]
    if len(in_the_hour) > 1:
        return "error"
    return own if snapshot.taken_at - last < RECENT else "warning"


def _is_long_past(snapshot: Snapshot, last: datetime) -> bool:
    """Whether ECS would have tried again long since, so that something else stops it now."""
    primary = present(snapshot.service).primary
    gave_up = primary is not None and primary.rollout_state == "FAILED"
    return not gave_up and snapshot.taken_at - last > HOUR


def _evidence(snapshot: Snapshot, task: Task) -> Iterator[Evidence]:
    at, source, name = task.stopped_at, snapshot.stopped_tasks, f"tasks[{short(task)}]"
    yield quote(source, f"{name}.stoppedReason", task.stopped_reason or "", at)
    if task.stop_code:
        yield quote(source, f"{name}.stopCode", task.stop_code, at)
    for container in task.containers:
        part = f"{name}.containers[{container.name}]"
        if container.reason:
            yield quote(source, f"{part}.reason", container.reason, at)
        if container.exit_code is not None:
            yield quote(source, f"{part}.exitCode", container.exit_code, at)
        if container.health_status == "UNHEALTHY":
            yield quote(source, f"{part}.healthStatus", "UNHEALTHY", at)
    for line in last_lines(snapshot, task)[-3:]:
        yield quote(snapshot.log_lines, f"events[{short(task)}].message", line, at)


CHECK = Check(
    id="stopped-tasks",
    title="No task died of a fault",
    playbook="restarts",
    run=run,
    causes=("container-oom", "app-crash", "container-healthcheck-failed", "image-pull-network"),
    explains=NO_TASK,
    vital=True,
)
