"""What does the server's own log complain about?

A line is a word, not a look-up: what its logger calls normal, what clients and agents said, and what a
later answer disproves is no fault of now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from ash_ops.causes import CAUSES, Classification, classify
from ash_ops.checks._consequences import NOTHING_ANSWERS, UNANSWERED_CHECK
from ash_ops.checks._denials import denied_to
from ash_ops.checks._effects import OF_THIS_CALLER, effect_of
from ash_ops.checks._facts import RECENT, ago, has_healthy_target, running, runs_a_task, was_proven
from ash_ops.checks._findings import ash_command, confidence_of, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.agents._lines import answered, asserted, grade, is_of_a_sandbox, spoken
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, Severity, items
from ash_ops.checks.fleet._runners import whole
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import LogLine

_WINDOW = timedelta(hours=1)
# What cannot be true of a server that answers the load balancer.
_REFUTED_BY_HEALTH = frozenset({"bad-listen-config", "port-in-use", "entrypoint-missing"})
# What a call that only reads does not disprove.
_OF_WRITING = frozenset({"disk-full", "data-dir-unwritable"})
# Of what keeps agents from working: what comes and goes. The rest stays until somebody mends it.
_DENIED = "role-call-denied"
# What the server keeps with its own role: state, in S3.
_OF_ROLE = {"s3": "snapshot-sync-failed"}
# So a runner tells that its coordinator does not answer, or refuses it.
_OF_RUNNERS = "[runner] "
_PASSING = frozenset({"anthropic-unreachable", "sandbox-lost", "sandbox-capacity", "claude-exit"})


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The lines of the running tasks hold no known trouble; the newest line of each cause."""
    streams = tuple(t.id for t in running(snapshot))
    if not streams:
        raise NotApplicable("no task runs; the lines of the dead are read with them")
    lines = sorted(items(snapshot.log_lines), key=lambda line: line.at)
    if not any(line.stream.endswith(streams) for line in lines):
        raise NotApplicable("no line of a running task was read")
    lines = [line for line in lines if not line.stream or line.stream.endswith(streams)]
    newest: dict[str, tuple[LogLine, Classification]] = {}
    often: Counter[str] = Counter()
    refuted = _REFUTED_BY_HEALTH if _answers(snapshot) else frozenset[str]()
    for line in lines:
        if snapshot.taken_at - line.at > _WINDOW or grade(line.message) == "info":
            continue
        known = _classified(snapshot, line.message)
        if known.cause.startswith("db-") and is_of_a_sandbox(line.message):
            continue
        if _is_of_the_server(known) and known.cause not in refuted:
            newest[known.cause] = (line, known)
            often[known.cause] += 1
    for line, known in newest.values():
        found = _judged(snapshot, line, known, _disproved_at(snapshot, known.cause, line, lines))
        passed = often[known.cause] == 1 and _is_past(snapshot, known.cause, line)
        yield replace(found, severity="warning") if passed else found


def _is_past(snapshot: Snapshot, cause: str, line: LogLine) -> bool:
    """Whether a trouble that comes and goes was told a while ago; told once, it is no outage of now."""
    return cause in _PASSING and snapshot.taken_at - line.at >= RECENT


def _classified(snapshot: Snapshot, message: str) -> Classification:
    """What a line says; who was denied a call decides more than the words: the task's own role is no deployer's."""
    known = classify("log_line", {"logs": [asserted(message)]})
    denied = denied_to(snapshot, message)
    if denied is None or known.severity == "info" or known.cause in OF_THIS_CALLER:
        return known
    service = denied[1].partition(":")[0]
    cause = _OF_ROLE.get(service, _DENIED)
    # Without the model no agent answers; what else the server does goes on.
    severity: Severity = "error" if service == "bedrock" else CAUSES[cause].severity
    return replace(known, cause=cause, severity=severity, title=CAUSES[cause].title)


def _answers(snapshot: Snapshot) -> bool:
    """Whether the load balancer calls the server healthy: a look-up outweighs a line of text."""
    try:
        return has_healthy_target(snapshot)
    except CannotTell:
        return False


def _is_of_the_server(known: Classification) -> bool:
    """Whether a cause can be the server's own: how a connection ends is told by who calls."""
    if known.cause == "unknown" or known.severity == "info" or known.cause in OF_THIS_CALLER:
        return False
    of_connections = CAUSES[known.cause].category == "connection"
    return not of_connections or effect_of(known.cause) is not Effect.ANSWERS


def _disproved_at(
    snapshot: Snapshot, cause: str, line: LogLine, lines: list[LogLine]
) -> datetime | None:
    """When the contrary of a complaint was seen; ``None`` where it may hold still."""
    if line.message.startswith(_OF_RUNNERS):
        return _heard_since(snapshot, line)
    of_agents = effect_of(cause) is Effect.AGENTS or cause == _DENIED
    if was_proven(snapshot) if of_agents else _serves_calls(snapshot, cause):
        return snapshot.taken_at
    if snapshot.taken_at - line.at < RECENT or (of_agents and cause not in _PASSING):
        return None
    later = (x for x in lines if x.at > line.at and x.stream == line.stream)
    return next((x.at for x in later if 200 <= (answered(x.message) or 0) < 300), None)


def _heard_since(snapshot: Snapshot, line: LogLine) -> datetime | None:
    """When the coordinator last heard of the runner that complained, if that was later.

    Raises:
        CannotTell: its table of runners was not read, and it runs.
    """
    if not runs_a_task(whole(snapshot)):
        return None
    heard = [
        row.last_heartbeat
        for row in items(snapshot.registered_runners)
        if line.stream.endswith(row.runner_id.removeprefix("runner-"))
    ]
    return max((at for at in heard if at > line.at), default=None)


def _serves_calls(snapshot: Snapshot, cause: str) -> bool:
    """Whether an authenticated call was answered, which needs the database, from this machine."""
    probe = snapshot.probe.value
    rungs = [probe.rung(name) for name in ("health", "auth")] if probe else [None]
    answer = all(rung is not None and rung.outcome == "ok" for rung in rungs)
    return answer and cause not in _OF_WRITING


def _judged(
    snapshot: Snapshot, line: LogLine, known: Classification, disproved: datetime | None
) -> Finding:
    """An error of now; a warning where its logger calls it one, and of the past where it is disproved."""
    found = _complaint(snapshot, line, known)
    if disproved is not None:
        past = f"{found.summary.rstrip('.')}. The server has answered since, at {disproved:%H:%M:%S} UTC."
        steps = found.fix[-2:]  # what stands around it; nothing is left to mend
        return replace(found, summary=past, severity="warning", until=disproved, fix=steps)
    if grade(line.message) == "warning" and found.severity == "error":
        return replace(found, severity="warning")
    return found


def _complaint(snapshot: Snapshot, line: LogLine, known: Classification) -> Finding:
    return finding(
        known.cause,
        playbook_of(known.cause),
        f"The server logged {ago(line.at, snapshot.taken_at)} ago: {spoken(line.message)}",
        [
            quote(
                snapshot.log_lines,
                f"events[{line.stream.rsplit('/', 1)[-1][:8]}].message",
                line.message,
                line.at,
            )
        ],
        [
            *repair(snapshot, known.cause, line.message),
            Fix(
                why="Read what stands around it.", command=ash_command(snapshot, "logs --since 1h")
            ),
            verify(snapshot, "agents"),
        ],
        severity=known.severity,
        confidence=confidence_of(known),
        effect=Effect.AGENTS if known.cause == _DENIED and known.severity == "error" else None,
        subject=f"task/{line.stream.rsplit('/', 1)[-1]}",
        since=line.at,
    )


CHECK = Check(
    id="server-log",
    title="The server's log holds no known trouble",
    playbook="agents",
    run=run,
    causes=("sandbox-cgroups-unavailable", "anthropic-auth", "sandbox-oom", "disk-full"),
    explains=(
        *NOTHING_ANSWERS,
        "ash-server-error",
        "target-timeout",
        "elb-healthcheck-failed",
        UNANSWERED_CHECK,
    ),
    vital=True,
)
