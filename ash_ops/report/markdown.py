"""The report for an issue, a pull request's comment, a step's summary or a chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

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

LONGEST: Final = 65_536
"""Characters of a comment on GitHub, which refuses a longer one; a step's summary may have 1 MiB."""


def render(report: Report) -> str:
    """The report as Markdown; what a comment has no room for is counted."""
    facts = report.deployment
    head = [f"# {escaped(headline(report))}", "", f"`{facts.name}` in `{facts.region}`", ""]
    blocks = [list(_finding(report, root)) for root in roots(report)]
    blocks += [list(_unknown(report)), list(_changed(report))]
    tail = [f"{escaped(note)}  " for note in notes(report)]
    tail.append(f"{count(len(report.passed), 'check')} passed.")
    return "\n".join([*head, *_that_fit(blocks, LONGEST - _length([*head, *tail])), *tail]) + "\n"


def _that_fit(blocks: Iterable[list[str]], room: int) -> Iterator[str]:
    """The blocks that there is room for, the first first, and how many are left out."""
    left_out = 0
    room -= 200  # for the sentence on those
    for block in blocks:
        if left_out or _length(block) > room:
            left_out += 1
            continue
        room -= _length(block)
        yield from block
    if left_out:
        yield f"{count(left_out, 'part')} left out, for a comment takes {LONGEST:,} characters: `--format html` has all."
        yield ""


def _length(rows: Iterable[str]) -> int:
    """In UTF-16 units, as GitHub counts."""
    return sum(len(row.encode("utf-16-le", "surrogatepass")) // 2 + 1 for row in rows)


def _finding(report: Report, item: Finding) -> Iterator[str]:
    yield f"## {item.severity}: {escaped(item.title)}"
    yield ""
    yield from _proof_and_repair(item)
    below = list(consequences(report, item))
    if below:
        yield "Follows from it:"
        yield ""
        yield from (f"{'  ' * (d - 1)}- {escaped(c.title)} (`{c.cause}`)" for d, c in below)
        yield ""
    for _, child in below:
        if child.severity == "error":
            yield from (f"### {escaped(child.title)}", "")
            yield from _proof_and_repair(child)


def _proof_and_repair(item: Finding) -> Iterator[str]:
    yield f"`{item.cause}` ({item.confidence}). {escaped(item.summary)}"
    yield ""
    yield from (f"- `{evidence_line(e).replace('`', chr(39))}`" for e in item.evidence)
    yield ""
    for number, step in enumerate(item.fix, 1):
        yield f"{number}. {escaped(told(step))}"
        if step.command:
            fence = _fence(step.command)
            command = step.command.replace("\n", "\n   ")
            yield from ("", f"   {fence}bash", f"   {command}", f"   {fence}", "")


def _unknown(report: Report) -> Iterator[str]:
    if report.unknown:
        yield "## Could not tell"
        yield ""
        for (reason, needs), checks in gaps(report).items():
            allow = f" Needs `{'`, `'.join(needs)}`." if needs else ""
            yield f"- {', '.join(f'`{c}`' for c in checks)}: {escaped(reason)}.{allow}"
        yield ""


def _changed(report: Report) -> Iterator[str]:
    if report.changed is not None:
        yield f"## {escaped(heading(report.changed))}"
        yield ""
        yield from (f"- {escaped(line)}" for line in lines(report.changed))
        yield ""


def _fence(text: str) -> str:
    """More backquotes than any run of them in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(3, longest + 1)


def escaped(text: str) -> str:
    """Text that Markdown and the HTML within it leave as it is, and that calls nobody."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.replace("@", "&#64;").split())
