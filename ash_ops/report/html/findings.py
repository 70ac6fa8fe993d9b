"""The findings: the repair in the open, the proof folded, the cause a link to where it is explained."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.report._tree import consequences, evidence_line, roots, told
from ash_ops.report.html.document import prose

MARKS = {"error": "✗", "warning": "!", "info": "i"}


def anchor(report: Report, item: Finding) -> str:
    """Where on the page a finding stands."""
    return f"finding-{report.findings.index(item) + 1}"


def sections(report: Report) -> Iterator[str]:
    """A section for each root, with what follows from it folded."""
    for root in roots(report):
        yield f"<section class='card {root.severity}' id='{anchor(report, root)}'>"
        yield f"<h2>{MARKS[root.severity]} {root.severity}: {escape(root.title)}</h2>"
        yield from _proof_and_repair(root)
        yield from _consequences(report, root)
        yield "</section>"


def _consequences(report: Report, root: Finding) -> Iterator[str]:
    below = [child for _, child in consequences(report, root)]
    if not below:
        return
    yield f"<details><summary>Follows from it ({len(below)})</summary>"
    for child in below:
        yield f"<div class='child {child.severity}' id='{anchor(report, child)}'>"
        yield f"<h3>{MARKS[child.severity]} {child.severity}: {escape(child.title)}</h3>"
        yield from _proof_and_repair(child)
        yield "</div>"
    yield "</details>"


def _proof_and_repair(item: Finding) -> Iterator[str]:
    yield f"<p class='tag'>{_cause(item.cause)} · {item.confidence}{_span(item)}</p>"
    yield f"<p>{prose(item.summary)}</p>"
    if item.fix:
        yield "<ol class='repair'>"
        for step in item.fix:
            command = f"<pre>{escape(step.command)}</pre>" if step.command else ""
            yield f"<li>{prose(told(step))}{command}</li>"
        yield "</ol>"
    if item.evidence:
        yield f"<details><summary>Evidence ({len(item.evidence)})</summary><ul class='evidence'>"
        yield from (f"<li><code>{escape(evidence_line(e))}</code></li>" for e in item.evidence)
        yield "</ul></details>"


def _span(item: Finding) -> str:
    since = f" · since {item.since:%Y-%m-%d %H:%M:%S} UTC" if item.since else ""
    return since + (f" until {item.until:%Y-%m-%d %H:%M:%S} UTC" if item.until else "")


def _cause(slug: str) -> str:
    """The cause's name, linked to where its facts come from."""
    known = CAUSES.get(slug)
    if known is None or not known.docs_url.startswith("https://"):
        return f"<code>{escape(slug)}</code>"
    return f"<a rel='noreferrer' href='{escape(known.docs_url)}'><code>{escape(slug)}</code></a>"
