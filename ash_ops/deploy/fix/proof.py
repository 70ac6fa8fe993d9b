"""After the repairs of ``doctor --fix``: look until they are proven, and no longer than is worth it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ash_ops.checks._facts import answers, is_coming_up
from ash_ops.diagnosis import Report
from ash_ops.errors import OpsError
from ash_ops.facts.snapshot import Snapshot

Looked = tuple[Snapshot, Report]

# A task starts and becomes healthy behind a network load balancer within four minutes
# (aws/containers-roadmap#469); a rule of the network works at once.
_PATIENCE = 300.0
_BETWEEN_LOOKS = 3.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited with.

    Attributes:
        look: reads the facts and diagnoses them.
        say: tells the user something that is not data.
        progress: shows what is waited for, in place of what it showed before.
        now: a monotonic clock in seconds.
        sleep: waits.
    """

    look: Callable[[], Looked]
    say: Callable[[str], None]
    progress: Callable[[str], None]
    now: Callable[[], float]
    sleep: Callable[[float], None]


def wait_for_proof(how: Waiting, repaired: Iterable[str], before: Report) -> Report:
    """Look until what was repaired is gone and nothing starts any more, five minutes at most.

    What could not be read proves nothing; a look that fails is made again.

    Args:
        how: the world.
        repaired: the ids of the findings.
        before: the report that they are in.

    Returns:
        The last report.

    Raises:
        OpsError: the last look failed.
    """
    gone = _with_consequences(repaired, before)
    known = {item.check for item in before.unknown}
    end = how.now() + _PATIENCE
    how.say(
        f"Waiting for the proof, {_PATIENCE / 60:.0f} minutes at most; Ctrl-C ends the waiting only."
    )
    while True:
        try:
            snapshot, report = how.look()
        except OpsError as failure:
            if how.now() >= end:
                raise
            how.progress(f"could not look: {failure}")
        else:
            missing = _missing(snapshot, report, gone, known)
            if not missing:
                return report
            if how.now() >= end:
                how.say(f"Not proven in time: {missing}.")
                return report
            how.progress(missing)
        how.sleep(_BETWEEN_LOOKS)


def _missing(snapshot: Snapshot, report: Report, gone: set[str], known: set[str]) -> str:
    """What the proof still waits for, in words; empty once it holds."""
    left = [f for f in report.findings if f.severity == "error" and f.id in gone]
    if left:
        return f"still there: {left[0].title} [{left[0].cause}]"
    unread = [u for u in report.unknown if u.vital and u.check not in known]
    if unread:
        return f"could not tell: {unread[0].reason}"
    if is_coming_up(snapshot) and not answers(snapshot):
        return "a task is starting"
    return ""


def _with_consequences(repaired: Iterable[str], report: Report) -> set[str]:
    """What was repaired, and all that it explained."""
    by_id = {item.id: item for item in report.findings}
    found: set[str] = set()
    todo = list(repaired)
    while todo:
        name = todo.pop()
        if name in by_id and name not in found:
            found.add(name)
            todo += by_id[name].explains
    return found
