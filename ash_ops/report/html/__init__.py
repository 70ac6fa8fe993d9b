"""The report as one page to forward: one file that loads nothing, and is read without script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ash_client._version import __version__
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report._changed import heading, lines
from ash_ops.report._tree import count, gaps, headline, notes
from ash_ops.report.html import attached, findings, timeline, topology, usage
from ash_ops.report.html.document import document, prose

_VERDICTS = {
    "healthy": "{} is healthy",
    "problem": "{} has a problem",
    "inconclusive": "Whether {} is healthy could not be told",
}
_MARKS = {"healthy": "✓", "problem": "✗", "inconclusive": "?"}


def render(report: Report, snapshot: Snapshot | None = None) -> str:
    """The report as an HTML document.

    Args:
        report: the diagnosis.
        snapshot: the facts it was made from; without them nothing is drawn and nothing attached.
    """
    return document(f"ash-ops doctor: {report.deployment.name}", _body(report, snapshot))


def _body(report: Report, snapshot: Snapshot | None) -> Iterator[str]:
    yield from _verdict(report, snapshot)
    yield "<main><div class='found'>"
    yield from findings.sections(report)
    yield "</div>"
    if snapshot is not None:
        yield from topology.section(snapshot, report)
    yield "<div>"
    if snapshot is not None:
        yield from timeline.section(snapshot)
        yield from usage.section(snapshot)
    yield from _unknown(report)
    yield from _changed(report)
    yield from _passed(report)
    yield "</div></main>"
    yield from _foot(report, snapshot)


def _verdict(report: Report, snapshot: Snapshot | None) -> Iterator[str]:
    facts = report.deployment
    title = _VERDICTS[report.status].format(facts.name)
    yield f"<header class='{report.status}'>"
    yield f"<h1><span aria-hidden='true'>{_MARKS[report.status]}</span> {escape(title)}</h1>"
    yield f"<p class='lead'>{prose(headline(report))}</p>"
    counts = "".join(f"<li class='{kind}'>{text}</li>" for kind, text in _counts(report))
    yield f"<ul class='counts'>{counts}</ul>"
    account = attached.masked_account(facts.account)
    where = (
        facts.region,
        account,
        snapshot and f"looked at {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC",
    )
    yield f"<p class='tag'>{escape(' · '.join(part for part in where if part))}</p>"
    if facts.url:
        yield f"<p class='tag'><code>{escape(facts.url)}</code></p>"
    yield "</header>"


def _counts(report: Report) -> Iterator[tuple[str, str]]:
    for severity in ("error", "warning", "info"):
        number = sum(f.severity == severity for f in report.findings)
        if number or severity == "error":
            yield severity, count(number, "note" if severity == "info" else severity)
    yield "unknown", f"{len(report.unknown)} could not tell"
    yield "passed", f"{count(len(report.passed), 'check')} passed"


def _unknown(report: Report) -> Iterator[str]:
    if not report.unknown:
        return
    yield "<section class='card unknown'><h2>Could not tell</h2>"
    yield "<p>These checks had no facts to judge by. They count neither as healthy nor as broken.</p><ul>"
    for (reason, needs), checks in gaps(report).items():
        allow = f" Missing permission: <code>{escape(', '.join(needs))}</code>." if needs else ""
        yield f"<li><code>{escape(', '.join(checks))}</code>: {prose(reason)}.{allow}</li>"
    yield "</ul></section>"


def _changed(report: Report) -> Iterator[str]:
    if report.changed is not None:
        yield f"<section class='card info'><h2>{escape(heading(report.changed))}</h2><ul>"
        yield from (f"<li>{escape(line)}</li>" for line in lines(report.changed))
        yield "</ul></section>"


def _passed(report: Report) -> Iterator[str]:
    yield from (f"<p>{escape(note)}</p>" for note in notes(report))
    names = "".join(f"<li><code>{escape(name)}</code></li>" for name in report.passed)
    told = count(len(report.passed), "check")
    yield f"<details class='passed'><summary>✓ {told} passed.</summary><ul>{names}</ul></details>"


def _foot(report: Report, snapshot: Snapshot | None) -> Iterator[str]:
    yield "<footer>"
    if snapshot is not None:
        yield attached.paragraph(snapshot)
    yield f"<p class='tag'>Made by ash-ops {escape(__version__)} in {report.elapsed_ms} ms. Secrets are masked.</p>"
    yield "</footer>"
