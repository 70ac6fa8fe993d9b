"""The report for an issue or a chat."""

from __future__ import annotations

from collections.abc import Iterator

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


def render(report: Report) -> str:
    """The report as Markdown."""
    facts = report.deployment
    page = [f"# {headline(report)}", "", f"`{facts.name}` in `{facts.region}`", ""]
    for root in roots(report):
        page += _finding(report, root)
    page += _unknown(report)
    page += _changed(report)
    page += [f"{_escaped(note)}  " for note in notes(report)]
    page.append(f"{count(len(report.passed), 'check')} passed.")
    return "\n".join(page) + "\n"


def _finding(report: Report, item: Finding) -> Iterator[str]:
    yield f"## {item.severity}: {item.title}"
    yield ""
    yield from _proof_and_repair(item)
    below = list(consequences(report, item))
    if below:
        yield "Follows from it:"
        yield ""
        yield from (f"{'  ' * (d - 1)}- {c.title} (`{c.cause}`)" for d, c in below)
        yield ""
    for _, child in below:
        if child.severity == "error":
            yield from (f"### {child.title}", "")
            yield from _proof_and_repair(child)


def _proof_and_repair(item: Finding) -> Iterator[str]:
    yield f"`{item.cause}` ({item.confidence}). {_escaped(item.summary)}"
    yield ""
    yield from (f"- `{evidence_line(e).replace('`', chr(39))}`" for e in item.evidence)
    yield ""
    for number, step in enumerate(item.fix, 1):
        yield f"{number}. {_escaped(told(step))}"
        if step.command:
            yield from ("", "   ```bash", f"   {step.command}", "   ```", "")


def _unknown(report: Report) -> Iterator[str]:
    if report.unknown:
        yield "## Could not tell"
        yield ""
        for (reason, needs), checks in gaps(report).items():
            allow = f" Needs `{'`, `'.join(needs)}`." if needs else ""
            yield f"- {', '.join(f'`{c}`' for c in checks)}: {_escaped(reason)}.{allow}"
        yield ""


def _changed(report: Report) -> Iterator[str]:
    if report.changed is not None:
        yield f"## {_escaped(heading(report.changed))}"
        yield ""
        yield from (f"- {_escaped(line)}" for line in lines(report.changed))
        yield ""


def _escaped(text: str) -> str:
    """Text that Markdown and the HTML within it leave as it is."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
