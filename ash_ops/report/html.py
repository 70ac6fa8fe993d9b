"""The report as one self-contained page: no script, no address outside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.report._changed import heading, lines
from ash_ops.report._tree import (
    consequences,
    count,
    evidence_line,
    gaps,
    headline,
    notes,
    roots,
    told,
)

_STYLE = """
:root { color-scheme: light dark; --error: #c62828; --warning: #b26a00; --info: #1565c0 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 1.5rem } h2 { font-size: 1.1rem; margin: 0 }
section { border-left: 4px solid; padding: .25rem 1rem; margin: 1.5rem 0 }
.error { border-color: var(--error) } .warning { border-color: var(--warning) }
.info { border-color: var(--info) } .unknown { border-color: gray }
.tag { font-size: .8rem; opacity: .75 }
code, pre { font: .85rem/1.5 ui-monospace, monospace }
pre { overflow-x: auto; background: color-mix(in srgb, currentColor 8%, transparent); padding: .5rem }
.evidence li { overflow-wrap: anywhere }
"""


def render(report: Report) -> str:
    """The report as an HTML document."""
    facts = report.deployment
    where = " · ".join(part for part in (facts.name, facts.region, facts.url) if part)
    body = "\n".join(
        [
            f"<p class='tag'>{escape(where)}</p>",
            f"<h1>{escape(headline(report))}</h1>",
            *(line for root in roots(report) for line in _finding(report, root)),
            *_unknown(report),
            *_changed(report),
            *(f"<p>{escape(note)}</p>" for note in notes(report)),
            f"<p>✓ {count(len(report.passed), 'check')} passed.</p>",
        ]
    )
    title = escape(f"ash-ops doctor: {facts.name}")
    return (
        f"<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _changed(report: Report) -> Iterator[str]:
    if report.changed is not None:
        yield f"<section class='info'><h2>{escape(heading(report.changed))}</h2><ul>"
        yield from (f"<li>{escape(line)}</li>" for line in lines(report.changed))
        yield "</ul></section>"


def _finding(report: Report, item: Finding) -> Iterator[str]:
    yield f"<section class='{item.severity}'><h2>{item.severity}: {escape(item.title)}</h2>"
    yield from _proof_and_repair(item)
    below = list(consequences(report, item))
    if below:
        yield "<p>Follows from it:</p><ul>"
        yield from (f"<li>{escape(c.title)} <code>{escape(c.cause)}</code></li>" for _, c in below)
        yield "</ul>"
    for _, child in below:
        if child.severity == "error":
            yield f"<h3>{escape(child.title)}</h3>"
            yield from _proof_and_repair(child)
    yield "</section>"


def _proof_and_repair(item: Finding) -> Iterator[str]:
    yield f"<p class='tag'>{escape(item.cause)}, {item.confidence}</p><p>{escape(item.summary)}</p>"
    yield "<ul class='evidence'>"
    yield from (f"<li><code>{escape(evidence_line(e))}</code></li>" for e in item.evidence)
    yield "</ul><ol>"
    for step in item.fix:
        command = f"<pre>{escape(step.command)}</pre>" if step.command else ""
        yield f"<li>{escape(told(step))}{command}</li>"
    yield "</ol>"


def _unknown(report: Report) -> Iterator[str]:
    if report.unknown:
        yield "<section class='unknown'><h2>Could not tell</h2><ul>"
        for (reason, needs), checks in gaps(report).items():
            allow = f" Needs {escape(', '.join(needs))}." if needs else ""
            yield f"<li><code>{escape(', '.join(checks))}</code>: {escape(reason)}.{allow}</li>"
        yield "</ul></section>"
