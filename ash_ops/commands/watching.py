"""Looking again: ``doctor --watch`` says what changed and posts it, ``--wait`` ends when time has settled it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ash_ops.errors import OpsError

if TYPE_CHECKING:
    from ash_ops.commands.ports import Ports
    from ash_ops.diagnosis import Report
    from ash_ops.examine import Looked
    from ash_ops.facts.snapshot import DeploymentFacts
    from ash_ops.report.changes import Changes, Notice, Verdict
    from ash_ops.webhook import Webhook

# Where no line can be kept up to date, one tells now and then that somebody still looks.
_SIGN_OF_LIFE = 300.0
# What died of a lack of memory is called repaired after a quarter of an hour at most
# (checks/_attempts.py); a start and its health checks take less.
_PATIENCE_S = 1200.0
_BETWEEN_LOOKS_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What a watch is made with.

    Attributes:
        ports: the world.
        look: reads the facts and diagnoses them.
        every: seconds between two looks.
        notify: where a new verdict is posted.
        as_json: whether changes are printed as JSON, one object a line.
    """

    ports: Ports
    look: Callable[[], Report]
    every: float
    notify: Webhook | None = None
    as_json: bool = False


def watch(how: Watching, first: Report) -> None:
    """Look again until Ctrl-C, whatever a look comes to; say only what changed.

    Args:
        how: the world.
        first: the report that was printed already.
    """
    from ash_ops.report.changes import Watched

    ports = how.ports
    watched, post = Watched(first), _Post(how, first.deployment)
    ports.note(f"Watching; a look every {how.every:g} s. Ctrl-C ends it.")
    if watched.verdict.status != "healthy":
        post.queue(watched.verdict)
    sign = _SignOfLife(how)
    for changes in _looks(how, watched.take, watched.fail):
        _print(how, changes)
        if changes.is_new_verdict:
            post.queue(changes.verdict)
        else:
            post.deliver()
        sign.give(changes)


def _looks(
    how: Watching, take: Callable[[Report], Changes], fail: Callable[[OpsError], Changes]
) -> Iterator[Changes]:
    while True:
        how.ports.sleep(how.every)
        try:
            report = how.look()
        except OpsError as failure:
            yield fail(failure)
        else:
            yield take(report)


def _print(how: Watching, changes: Changes) -> None:
    lines = list(changes.lines())
    if not lines:
        return
    how.ports.dialogue.settle()
    at = how.ports.now()
    if how.as_json:
        how.ports.show(_as_json(changes, at))
        return
    for line in lines:
        how.ports.show(f"{at.astimezone():%H:%M:%S} {line}\n")


def _as_json(changes: Changes, at: datetime) -> str:
    import json

    from msgspec import to_builtins

    document = {**to_builtins(changes), "at": at.isoformat()}
    return json.dumps(document, ensure_ascii=False) + "\n"


class _SignOfLife:
    """The time of the last look: in place on a terminal, every five minutes elsewhere."""

    def __init__(self, how: Watching) -> None:
        self._how = how
        self._told = how.ports.clock()

    def give(self, changes: Changes) -> None:
        ports = self._how.ports
        line = f"{ports.now().astimezone():%H:%M:%S} last look: {changes.verdict.headline}"
        ports.dialogue.live([f"{line} The next in {self._how.every:g} s."])
        if ports.clock() - self._told >= _SIGN_OF_LIFE:
            ports.dialogue.event(line)
            self._told = ports.clock()


class _Post:
    """What is still to be posted: the newest verdict alone, until it is delivered."""

    def __init__(self, how: Watching, deployment: DeploymentFacts) -> None:
        self._how = how
        self._deployment = deployment
        self._pending: Notice | None = None
        self._delivered = ""
        self._has_failed = False

    def queue(self, verdict: Verdict) -> None:
        """Remember a new verdict, and post it; nothing where it is the one that was posted last."""
        is_known = verdict.fingerprint == self._delivered
        at = self._how.ports.now()
        self._pending = None if is_known else notice(self._deployment, verdict, at)
        self.deliver()

    def deliver(self) -> None:
        """Post what is owed; a failure is told once, and what is owed is tried at the next look."""
        from msgspec import to_builtins

        hook, owed = self._how.notify, self._pending
        if hook is None or owed is None:
            return
        try:
            hook.post(to_builtins(owed))
        except OpsError as failure:
            if not self._has_failed:
                self._how.ports.note(f"{failure}. It is tried again at each look.")
            self._has_failed = True
            return
        if self._has_failed:
            self._how.ports.note(f"Posted to {hook.host} again.")
        self._delivered, self._pending, self._has_failed = owed.fingerprint, None, False


def notice(deployment: DeploymentFacts, verdict: Verdict, at: datetime) -> Notice:
    """What is posted.

    Secrets were masked where they entered. Slack reads ``&``, ``<`` and ``>`` as its own signs (Slack documentation, "Formatting text").
    """
    from ash_ops.report.changes import Notice

    where = " · ".join(part for part in (deployment.name, deployment.region) if part)
    lines = [f"{where}: {verdict.headline}", *(f"• {t.summary}" for t in verdict.troubles[:5])]
    text = "\n".join(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Notice(
        text=text,
        at=at,
        fingerprint=verdict.fingerprint,
        deployment=deployment,
        status=verdict.status,
        headline=verdict.headline,
        troubles=verdict.troubles,
    )


def settled(
    ports: Ports, look: Callable[[], Looked], first: Looked, progress: Callable[[str], None]
) -> Looked:
    """Look until nothing starts any more and what was repaired is certain, 20 minutes at most.

    Args:
        ports: the world.
        look: reads the facts and diagnoses them.
        first: what was found already.
        progress: shows what is waited for, in place of what it showed before.

    Returns:
        The last look: the very first where time would settle nothing.
    """
    looked, end = first, ports.clock() + _PATIENCE_S
    while (waits_for := _what_time_settles(looked)) and ports.clock() < end:
        progress(waits_for)
        ports.sleep(_BETWEEN_LOOKS_S)
        try:
            looked = look()
        except OpsError as failure:
            progress(f"could not look: {failure}")
    return looked


def _what_time_settles(looked: Looked) -> str:
    """What is still under way, in words; empty where waiting would change nothing."""
    from ash_ops.checks._facts import answers, is_coming_up

    snapshot, report = looked
    if is_coming_up(snapshot) and not answers(snapshot):
        return "a task is starting"
    return next((each.reason for each in report.unknown if each.until is not None), "")
