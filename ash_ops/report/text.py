"""The report for a person at a terminal: causes first, consequences folded under them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ash_ops.checks.base import Finding, Interruption
from ash_ops.diagnosis import Report
from ash_ops.report._changed import heading, lines
from ash_ops.report._tree import (
    consequences,
    count,
    evidence_line,
    gaps,
    headline,
    notes,
    one_deploy,
    roots,
)
from ash_ops.style import PLAIN, Style

WIDTH = 100
_CHANGES = 8  # that are shown unless more was asked for
# A mark and a word each: colour alone would say nothing to many readers.
_MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("i", "cyan")}


def render(
    report: Report, *, style: Style = PLAIN, verbose: bool = False, width: int = WIDTH
) -> str:
    """The report as text.

    Args:
        report: the diagnosis.
        style: how to colour it.
        verbose: list the checks that passed, too.
        width: columns to wrap at.
    """
    page = [*_head(report, style), *_findings(report, style, width, verbose=verbose)]
    page += _together(report, style)
    page += _unknown(report, style, width)
    page += _changed(report, style, width, verbose=verbose)
    page += _tail(report, style, width, verbose=verbose)
    return "\n".join(page) + "\n"


def _head(report: Report, style: Style) -> Iterator[str]:
    facts = report.deployment
    where = [facts.name, facts.region, facts.account and f"account {facts.account}", facts.url]
    yield style.dim(" · ".join(part for part in where if part))
    colour = {"problem": "red", "inconclusive": "yellow"}.get(report.status, "green")
    yield style.bold(style.colour(headline(report), colour))


def answer_lines(*reports: Report, style: Style = PLAIN, width: int = WIDTH) -> Iterator[str]:
    """What several looks at one thing found and could not tell, as one; without head and tail."""
    whole = replace(
        reports[0],
        findings=tuple(finding for report in reports for finding in report.findings),
        unknown=tuple(unknown for report in reports for unknown in report.unknown),
    )
    yield from _findings(whole, style, width, verbose=False)
    yield from _unknown(whole, style, width)


def _findings(report: Report, style: Style, width: int, *, verbose: bool) -> Iterator[str]:
    """Errors in full; what can wait in short, unless more was asked for."""
    for root in roots(report):
        yield ""
        full = (
            verbose
            or root.severity == "error"
            or any(child.severity == "error" for _, child in consequences(report, root))
        )
        yield from _finding(report, root, style, width, full=full, verbose=verbose)


def _finding(
    report: Report, item: Finding, style: Style, width: int, *, full: bool, verbose: bool
) -> Iterator[str]:
    mark, colour = _MARKS[item.severity]
    label = style.bold(style.colour(f"{mark} {item.severity}", colour))
    yield f"{label}  {style.bold(item.title)}  {style.dim(f'[{item.cause}, {item.confidence}]')}"
    yield from _wrapped(item.summary, width, "  ")
    if full:
        yield from _evidence(item, style, width)
        yield from _repair(item, style, width)
    else:
        yield from _first_step(item, style, width)
    below = list(consequences(report, item))
    if below:
        yield f"  {style.dim('follows from it')}"
        for depth, child in below:
            sign, tint = _MARKS[child.severity]
            pad = "  " * depth
            yield f"  {pad}{style.colour(sign, tint)} {child.title} [{child.cause}]"
            if child.severity == "error":
                yield from _folded(child, style, width, pad, verbose=verbose)


def _folded(item: Finding, style: Style, width: int, pad: str, *, verbose: bool) -> Iterator[str]:
    """What follows and is broken too: its proof and its repair stay to be seen."""
    indent = f"    {pad}"
    yield from _wrapped(item.summary, width, indent)
    shown = item.evidence if verbose else item.evidence[:1]
    for fact in shown:
        yield from _wrapped(evidence_line(fact), width, indent, hanging=f"{indent}  ")
    steps = [step for step in item.fix if step.command]
    for step in steps if verbose else steps[:1]:
        yield f"{indent}{style.colour(f'$ {step.command}', 'cyan')}"


def _first_step(item: Finding, style: Style, width: int) -> Iterator[str]:
    """The first command of a repair; where it has none, what a person is to do."""
    step = next((step for step in item.fix if step.command), None)
    if step is None:
        yield from _wrapped(item.fix[0].why if item.fix else "", width, "  ")
        return
    if step.interrupts not in {None, Interruption.NOTHING}:
        yield f"  {style.dim(f'[{step.interrupts}]')}"
    yield f"  {style.colour(f'$ {step.command}', 'cyan')}"


def _evidence(item: Finding, style: Style, width: int) -> Iterator[str]:
    if item.evidence:
        yield f"  {style.dim('evidence')}"
    for fact in item.evidence:
        yield from _wrapped(evidence_line(fact), width, "    ", hanging="      ")


def _repair(item: Finding, style: Style, width: int) -> Iterator[str]:
    if item.fix:
        yield f"  {style.dim('repair')}"
    for number, step in enumerate(item.fix, 1):
        yield from _wrapped(f"{number}. {step.why}", width, "    ", hanging="       ")
        if step.interrupts:
            yield f"       {style.dim(f'[{step.interrupts}]')}"
        if step.command:
            # A command is never wrapped: it is there to be copied.
            yield f"       {style.colour('$ ' + step.command, 'cyan')}"


def _together(report: Report, style: Style) -> Iterator[str]:
    """What several findings ask of `deploy`, in one line: each would replace the only task."""
    command = one_deploy(report)
    if command is not None:
        yield ""
        yield style.dim("all that is to be deployed, in one go")
        yield f"  {style.colour('$ ' + command, 'cyan')}"


def _unknown(report: Report, style: Style, width: int) -> Iterator[str]:
    if report.unknown:
        yield ""
        yield style.bold(f"? could not tell ({count(len(report.unknown), 'check')})")
    for (reason, needs), checks in gaps(report).items():
        allow = f" Allow {', '.join(needs)}." if needs else ""
        yield from _wrapped(f"{', '.join(checks)}: {reason}.{allow}", width, "  ", hanging="    ")


def _changed(report: Report, style: Style, width: int, *, verbose: bool) -> Iterator[str]:
    if report.changed is None:
        return
    yield ""
    yield from _wrapped(heading(report.changed), width, "")
    told = list(lines(report.changed))
    shown = told if verbose else told[:_CHANGES]
    for line in shown:
        yield from _wrapped(line, width, "  ", hanging="    ")
    if len(told) > len(shown):
        yield style.dim(f"  and {len(told) - len(shown)} more; -v shows them")


def _tail(report: Report, style: Style, width: int, *, verbose: bool) -> Iterator[str]:
    yield ""
    for note in notes(report):
        yield from _wrapped(note, width, "")
    seconds = f"{report.elapsed_ms / 1000:.1f} s"
    short = not verbose and any(f.severity != "error" for f in report.findings)
    hint = "; -v shows all evidence" if short else ""
    passed = style.colour(f"✓ {count(len(report.passed), 'check')} passed", "green")
    yield f"{passed} {style.dim(f'in {seconds}{hint}')}"
    if verbose:
        yield from (f"  ✓ {name}" for name in report.passed)


def _wrapped(text: str, width: int, indent: str, *, hanging: str | None = None) -> Iterable[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
