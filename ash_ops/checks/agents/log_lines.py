"""What does the server's own log complain about?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from ash_ops.causes import Classification, classify
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import ago, has_healthy_target, running
from ash_ops.checks._findings import ash_command, confidence_of, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import LogLine

_WINDOW = timedelta(hours=1)
# What cannot be true of a server that answers the load balancer.
_REFUTED_BY_HEALTH = frozenset({"bad-listen-config", "port-in-use", "entrypoint-missing"})


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The lines of the running tasks hold no known trouble; the newest line of each cause."""
    streams = tuple(t.id for t in running(snapshot))
    if not streams:
        raise NotApplicable("no task runs; the lines of the dead are read with them")
    if not any(line.stream.endswith(streams) for line in items(snapshot.log_lines)):
        raise NotApplicable("no line of a running task was read")
    newest: dict[str, tuple[LogLine, Classification]] = {}
    refuted = _REFUTED_BY_HEALTH if _answers(snapshot) else frozenset[str]()
    for line in items(snapshot.log_lines):
        if line.stream and not line.stream.endswith(streams):
            continue
        if snapshot.taken_at - line.at > _WINDOW:
            continue
        known = classify("log_line", {"logs": [line.message]})
        if known.severity != "info" and known.cause not in {"unknown", *refuted}:
            newest[known.cause] = (line, known)
    for line, known in newest.values():
        yield _complaint(snapshot, line, known)


def _answers(snapshot: Snapshot) -> bool:
    """Whether the load balancer calls the server healthy: a look-up outweighs a line of text."""
    try:
        return has_healthy_target(snapshot)
    except CannotTell:
        return False


def _spoken(line: str) -> str:
    """What a line says: the message of a JSON line, else the line."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    message = told.get("msg") if isinstance(told, dict) else None
    return message if isinstance(message, str) and message else line


def _complaint(snapshot: Snapshot, line: LogLine, known: Classification) -> Finding:
    return finding(
        known.cause,
        playbook_of(known.cause),
        f"The server logged {ago(line.at, snapshot.taken_at)} ago: {_spoken(line.message)}",
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
        subject=f"task/{line.stream.rsplit('/', 1)[-1]}",
        since=line.at,
    )


CHECK = Check(
    id="server-log",
    title="The server's log holds no known trouble",
    playbook="agents",
    run=run,
    causes=("sandbox-cgroups-unavailable", "anthropic-auth", "sandbox-oom", "disk-full"),
    explains=(*NOTHING_ANSWERS, "target-timeout", "elb-healthcheck-failed"),
    vital=True,
)
