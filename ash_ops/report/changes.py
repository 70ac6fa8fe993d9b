"""What is different between one diagnosis and the next: for ``doctor --watch``.

What could not be read is not over, and one look that was throttled is no event: it is told, in one
line, when the next look could not read it either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from msgspec import field

from ash_ops.checks.base import Finding, Severity
from ash_ops.diagnosis import Report, Status, Unknown
from ash_ops.errors import CredentialsProblem, OpsError
from ash_ops.facts.model import Instant, Model
from ash_ops.facts.snapshot import DeploymentFacts
from ash_ops.report._tree import count, headline

_LOOKS_BEFORE_TELLING = 2


class Trouble(Model):
    """A finding in short."""

    id: str
    cause: str
    severity: Severity
    title: str
    summary: str


class Verdict(Model):
    """How the deployment is, for all that is known.

    Attributes:
        status: as in the report.
        headline: the same in one sentence.
        troubles: the errors that nothing else explains.
    """

    status: Status
    headline: str
    troubles: tuple[Trouble, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same status of the same causes."""
        told = json.dumps([self.status, sorted(each.id for each in self.troubles)])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class Changes(Model, kw_only=True):
    """What one look found to be different; the JSON document ``ash-ops.watch/1``.

    Attributes:
        began: what was not there before.
        ended: what was there, was looked for, and is not there any more.
        changed: what has another severity than before.
        unread: one sentence, when something could not be read for the second time.
        read_again: whether what could not be read is read again.
        verdict: how the deployment is now.
        is_new_verdict: whether that is another verdict than before.
    """

    schema_: str = field(default="ash-ops.watch/1", name="schema")
    began: tuple[Trouble, ...] = ()
    ended: tuple[Trouble, ...] = ()
    changed: tuple[Trouble, ...] = ()
    unread: str = ""
    read_again: bool = False
    verdict: Verdict
    is_new_verdict: bool = False

    def lines(self) -> Iterator[str]:
        """One line for each thing that is different; none when all is as it was."""
        yield from (f"+ {_line(each)}" for each in self.began)
        yield from (f"- {_line(each)}" for each in self.ended)
        yield from (f"~ {_line(each)}" for each in self.changed)
        if self.unread:
            yield f"? {self.unread}"
        if self.read_again:
            yield "? everything is read again"
        if self.is_new_verdict:
            yield self.verdict.headline


class Notice(Model, kw_only=True):
    """A new verdict as it is posted; the JSON document ``ash-ops.notice/1``.

    Attributes:
        text: the verdict in words, for a chat (Slack's incoming webhooks); the rest is for machines.
        fingerprint: the same for the same status of the same causes.
        troubles: the errors that nothing else explains.
    """

    schema_: str = field(default="ash-ops.notice/1", name="schema")
    text: str
    at: Instant
    fingerprint: str
    deployment: DeploymentFacts
    status: Status
    headline: str
    troubles: tuple[Trouble, ...]


def _line(item: Trouble) -> str:
    return f"{item.severity}: {item.summary} [{item.cause}]"


class Watched:
    """What a watch knows: findings that last, gaps that were told, the verdict.

    Args:
        first: the report that was printed when the watch began.
    """

    def __init__(self, first: Report) -> None:
        self._found = {item.id: item for item in first.findings}
        self._told_gaps = {item.check for item in first.unknown}
        self._blind_looks = 0
        self.verdict = _verdict(first.status, headline(first), self._found.values())

    def take(self, report: Report) -> Changes:
        """What a look found."""
        old, new = self._found, {item.id: item for item in report.findings}
        unread = _causes_unread(report.unknown)
        lasting = {i: f for i, f in old.items() if i not in new and f.cause in unread}
        self._found = {**new, **lasting}
        gaps = [item for item in report.unknown if item.check not in self._told_gaps]
        sentence, again = self._of_gaps(gaps, lasting.values())
        self._told_gaps &= {item.check for item in report.unknown}
        return self._changes(
            report,
            began=_short(new[i] for i in new if i not in old),
            ended=_short(old[i] for i in old if i not in self._found),
            changed=_short(new[i] for i in new if i in old and new[i].severity != old[i].severity),
            unread=sentence,
            read_again=again,
        )

    def fail(self, failure: OpsError) -> Changes:
        """A look came to nothing: all that was known is known still, and nothing is new."""
        self._blind_looks += 1
        # Credentials do not come back by themselves: that is told at once.
        due = 1 if isinstance(failure, CredentialsProblem) else _LOOKS_BEFORE_TELLING
        if self._blind_looks != due:
            return Changes(verdict=self.verdict)
        self._blind_looks = max(self._blind_looks, _LOOKS_BEFORE_TELLING)
        before = self.verdict
        if before.status != "problem":
            self.verdict = Verdict("inconclusive", f"Could not tell: {failure}.")
        return Changes(
            verdict=self.verdict,
            unread=f"could not look: {failure}. {failure.next_step} The watch goes on.",
            is_new_verdict=before.fingerprint != self.verdict.fingerprint,
        )

    def _of_gaps(self, gaps: list[Unknown], lasting: Iterable[Finding]) -> tuple[str, bool]:
        """The sentence on what could not be read, when it is due; whether all is read again."""
        if not gaps:
            again = self._blind_looks >= _LOOKS_BEFORE_TELLING
            self._blind_looks = 0
            return "", again
        self._blind_looks += 1
        is_due = self._blind_looks == _LOOKS_BEFORE_TELLING
        return (_not_read(gaps, list(lasting)) if is_due else ""), False

    def _changes(self, report: Report, **different: object) -> Changes:
        before = self.verdict
        self.verdict = self._judged(report)
        is_new = before.fingerprint != self.verdict.fingerprint
        return Changes(verdict=self.verdict, is_new_verdict=is_new, **different)  # type: ignore[arg-type] # each is of its field's type, see ``take``

    def _judged(self, report: Report) -> Verdict:
        """The report's verdict, but for what this look could not read."""
        seen = {item.id for item in report.findings}
        lasting = [f for i, f in self._found.items() if i not in seen and f.severity == "error"]
        if lasting and self.verdict.status == "problem":
            return self.verdict
        if report.status == "inconclusive" and 0 < self._blind_looks < _LOOKS_BEFORE_TELLING:
            return self.verdict
        return _verdict(report.status, headline(report), self._found.values())


def _causes_unread(unknown: Iterable[Unknown]) -> set[str]:
    """The causes that nobody could look for."""
    from ash_ops.checks.catalogue import CHECKS

    blind = {item.check for item in unknown}
    return {cause for check in CHECKS if check.id in blind for cause in check.causes}


def _not_read(gaps: list[Unknown], lasting: list[Finding]) -> str:
    reasons = list(dict.fromkeys(item.reason for item in gaps))
    others = f", and {count(len(reasons) - 1, 'other reason')}" if len(reasons) > 1 else ""
    told = f"could not tell ({count(len(gaps), 'check')}): {reasons[0]}{others}"
    if not lasting:
        return told
    return f"{told}; not read, so for all that is known it lasts: " + ", ".join(
        f.cause for f in lasting
    )


def _short(findings: Iterable[Finding]) -> tuple[Trouble, ...]:
    return tuple(
        Trouble(id=f.id, cause=f.cause, severity=f.severity, title=f.title, summary=f.summary)
        for f in findings
    )


def _verdict(status: Status, words: str, findings: Iterable[Finding]) -> Verdict:
    roots = _short(f for f in findings if f.severity == "error" and f.explained_by is None)
    return Verdict(status=status, headline=words, troubles=roots)
