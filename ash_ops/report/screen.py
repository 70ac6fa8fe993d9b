"""The first screen: all of the answer that fits a terminal of 80 x 24, and no more.

The verdict, the path, the cause with its one decisive proof, the repair, what else there is in a
line each, and the cause and its command once more at the end, above the prompt. ``report/text.py``
tells everything; ``-v`` shows it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from ash_ops.checks.base import VERIFY, Evidence, Finding, Fix, Interruption
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.patterns import regex
from ash_ops.report._changed import lines
from ash_ops.report._tree import (
    command_for,
    consequences,
    count,
    evidence_line,
    gaps,
    headline,
    notes,
    one_deploy,
    roots,
)
from ash_ops.report.path.line import path_line
from ash_ops.style import PLAIN, Style

WIDTH: Final = 80
ROWS: Final = 23
"""Of the 24 that a terminal has: the prompt stands on the last."""

_LABEL: Final = 8  # columns of what a row is about
_LISTED: Final = 4  # findings that get a row of their own
_MARKS: Final = {"error": "✗", "warning": "!", "info": "i"}
_VERDICTS: Final = {
    "healthy": ("✓", "green"), "problem": ("✗", "red"), "inconclusive": ("?", "yellow"),
}  # fmt: skip
# What ECS says of every death alike, or of every state that is not yet another: it proves nothing.
_PROVES_NOTHING: Final = regex(r"stopCode |Essential container in task exited|= IN_PROGRESS\b")
_COMMAND: Final = " " * _LABEL + "$ "


class _Room(Struct, frozen=True):
    """The most rows that each part of the answer may take."""

    verdict: int
    path: int
    cause: int
    proof: int
    why: int
    advice: int


# The first in which everything fits is taken: commands are never cut, and a long one leaves less.
_ROOMS: Final = (_Room(5, 3, 3, 2, 2, 4), _Room(2, 2, 2, 2, 1, 3), _Room(2, 1, 2, 1, 1, 2))


class _Pen(Struct, frozen=True):
    """How a row is written, in so many columns."""

    width: int

    def row(self, label: str, text: str, most: int = 1) -> list[str]:
        """A label, and a text beside it on as many rows at most."""
        found = fitted(text, self.width - _LABEL, most)
        return [f"{'' if number else label:<{_LABEL}}{part}" for number, part in enumerate(found)]

    def height(self, page: Iterable[str]) -> int:
        """The rows that lines take on the terminal."""
        return sum(max(1, -(-len(line) // self.width)) for line in page)


def _command(command: str) -> str:
    """A command, whole: it is there to be copied."""
    return f"{_COMMAND}{command}"


def render(
    report: Report,
    snapshot: Snapshot | None = None,
    *,
    style: Style = PLAIN,
    width: int = WIDTH,
    more: str = "-v",
) -> str:
    """The first screen.

    Args:
        report: the diagnosis.
        snapshot: the facts it was made from; without them the path is not drawn.
        style: how to colour it.
        width: columns of the terminal.
        more: what shows everything.
    """
    pen = _Pen(width)
    passed = _passed(report, pen, more)
    rest = list(_else(report, pen))
    for last in _last(report, pen):
        for room in _ROOMS:
            answer = [*_head(report, snapshot, pen, room), *_lead(report, pen, room), *rest]
            spare = ROWS - pen.height([*answer, *last]) - 1
            if spare >= 0:
                beside = _that_fit(_beside(report, pen), spare, pen, under_a_gap=not rest)
                return _coloured([*answer, *beside, *passed], last, report, style)
    return _coloured([*answer, *passed], last, report, style)


def _coloured(page: list[str], last: list[str], report: Report, style: Style) -> str:
    """The page as it is printed: first where it is, then the verdict, labels and commands."""
    where, *rest = page
    out, in_verdict = [style.dim(where)], True
    for row in rest:
        label, text = row[:_LABEL], row[_LABEL:]
        in_verdict = in_verdict and label.rstrip() not in {"", "path", "also"}
        if in_verdict:
            out.append(style.bold(style.colour(row, _VERDICTS[report.status][1])))
        elif row.startswith(_COMMAND):
            out.append(style.colour(row, "cyan"))
        else:
            out.append(f"{style.dim(label)}{text}" if label.strip() else row)
    return "\n".join([*out, *map(style.bold, last)]) + "\n"


def fitted(text: str, width: int, most: int = 1) -> list[str]:
    """A text on ``most`` rows at most; of a longer one the end is left out, or of several rows the middle."""
    text = " ".join(text.split())
    found, room = textwrap.wrap(text, width, break_on_hyphens=False), width * most
    if len(found) > most == 1:
        return [f"{text[: width - 1].rstrip()}…"]
    while len(found) > most:
        room -= 3
        head = room * 2 // 3
        short = f"{text[:head].rstrip()} … {text[len(text) - (room - head) :].lstrip()}"
        found = textwrap.wrap(short, width, break_on_hyphens=False)
    return found


def _head(report: Report, snapshot: Snapshot | None, pen: _Pen, room: _Room) -> Iterator[str]:
    facts = report.deployment
    where = [facts.name, facts.region, facts.account and f"account {facts.account}"]
    yield from fitted(" · ".join(w for w in where if w), pen.width)
    yield from fitted(f"{_VERDICTS[report.status][0]} {headline(report)}", pen.width, room.verdict)
    if snapshot is not None and (path := path_line(snapshot, report)):
        yield from pen.row("path", path, room.path)


def _leading(report: Report) -> Finding | None:
    """The finding that the verdict is about; ``None`` where nothing is known to be broken now."""
    present = (f for f in roots(report) if f.severity == "error" and f.until is None)
    return next(present, None)


def _lead(report: Report, pen: _Pen, room: _Room) -> Iterator[str]:
    """The cause, its proof and its repair."""
    main = _leading(report)
    if main is None:
        return
    yield ""
    yield from pen.row("cause", f"[{main.cause}, {main.confidence}] {main.summary}", room.cause)
    if (proof := decisive(main)) is not None:
        yield from pen.row("proof", evidence_line(proof), room.proof)
    for number, step in enumerate(_steps(main), 1):
        yield from _step(step, f"{number}. ", "repair" if number == 1 else "", pen, room)


def _step(step: Fix, number: str, label: str, pen: _Pen, room: _Room) -> Iterator[str]:
    """What to do, what that interrupts, and the command; an interruption is never left out."""
    most = room.why if step.command else room.advice
    harm = f"[{step.interrupts}]" if step.interrupts else ""
    whole = f"{number}{step.why} {harm}"
    if len(fitted(whole, pen.width - _LABEL, most + 1)) <= most:
        yield from pen.row(label, whole, most)
    else:
        yield from pen.row(label, number + step.why, most)
        if step.interrupts is not Interruption.NOTHING:
            yield from pen.row("", harm)
    if step.command:
        yield _command(step.command)


def decisive(item: Finding) -> Evidence | None:
    """The first evidence that proves the cause, and not only that something ended."""
    proofs = (e for e in item.evidence if not _PROVES_NOTHING.search(evidence_line(e)))
    return next(proofs, next(iter(item.evidence), None))


def _steps(item: Finding) -> Sequence[Fix]:
    """The steps that change something, but for other ways to the same; else the first, and a command."""
    changing = [s for s in item.fix if s.interrupts and not s.why.startswith("Or ")]
    others = [step for step in item.fix if step.why != VERIFY]
    if changing or not others:
        return changing[:2]
    ranked = sorted(others[1:], key=lambda step: step.command is None)  # stable: else as they come
    return [others[0], *ranked[:1]] if not others[0].command else others[:2]


def _else(report: Report, pen: _Pen) -> Iterator[str]:
    """What else there is: a line each."""
    main = _leading(report)
    others = [item for item in roots(report) if item is not main]
    single = [item for item in others if main is None or item.severity == "error"]
    found = [row for item in single[:_LISTED] for row in _listed(item, pen, with_command=not main)]
    for rest, noun in (
        (single[_LISTED:], "more"),
        ([item for item in others if item not in single], "warning"),
    ):
        told = ", ".join(dict.fromkeys(item.cause for item in rest))
        number = f"{len(rest)} more" if noun == "more" else count(len(rest), noun)
        found += pen.row("also", f"{number}: {told}") if rest else []
    found += _unknown(report, pen)
    yield from ("", *found) if found else ()


def _listed(item: Finding, pen: _Pen, *, with_command: bool) -> Iterator[str]:
    """A finding in a row; where nothing is worse, its first command too."""
    yield from pen.row("also", f"{_MARKS[item.severity]} [{item.cause}] {item.title}")
    step = next((step for step in item.fix if step.command), None)
    if with_command and step is not None and step.command and item.severity != "info":
        if step.interrupts not in {None, Interruption.NOTHING}:
            yield from pen.row("", f"[{step.interrupts}]", 2)
        yield _command(step.command)


def _unknown(report: Report, pen: _Pen) -> Iterator[str]:
    """The checks that could not tell: why, and which permission is missing."""
    is_verdict = report.status == "inconclusive"
    found = list(gaps(report).items())
    verdict = headline(report)
    for (reason, needs), checks in found[:_LISTED] if is_verdict else ():
        allow = f"Allow {', '.join(needs)}. " if needs else ""
        which = ", ".join(checks) if len(checks) <= _LISTED else count(len(checks), "check")
        told = "" if reason in verdict else f": {reason}"
        yield from pen.row("unknown", f"{allow}{which}{told}", 2)
    if found and not is_verdict:
        reasons = "; ".join(dict.fromkeys(reason for (reason, _), _ in found))
        yield from pen.row(
            "unknown", f"{count(len(report.unknown), 'check')} could not tell: {reasons}"
        )


def _beside(report: Report, pen: _Pen) -> Iterator[list[str]]:
    """What is good to know, if there is room for it."""
    main = _leading(report)
    if main is not None and (below := [child for _, child in consequences(report, main)]):
        yield pen.row("follows", "; ".join(f"{item.title} [{item.cause}]" for item in below))
    if report.changed is not None and report.changed.changes:
        yield pen.row("changed", "; ".join(lines(report.changed)))
    for note in notes(report):
        yield pen.row("", note)
    if (command := one_deploy(report)) is not None:
        yield [*pen.row("all", "that is to be deployed, in one go"), _command(command)]


def _that_fit(blocks: Iterable[list[str]], room: int, pen: _Pen, *, under_a_gap: bool) -> list[str]:
    """As many blocks as there is room for."""
    page = [""] if under_a_gap and room else []
    for block in blocks:
        if pen.height([*page, *block]) <= room:
            page += block
    return page


def _passed(report: Report, pen: _Pen, more: str) -> list[str]:
    passed = f"{count(len(report.passed), 'check')} in {report.elapsed_ms / 1000:.1f} s"
    return pen.row("passed", f"{passed}; {more} shows everything")


def _last(report: Report, pen: _Pen) -> Iterator[list[str]]:
    """The cause and its command once more, for what stands above the prompt is read first.

    The best first, then what takes less room.
    """
    main = _leading(report)
    if main is None:
        needs = sorted({action for item in report.unknown for action in item.needs})
        yield (
            [f"allow {', '.join(needs)}: $ {command_for('iam-policy doctor', report)}"]
            if needs
            else []
        )
        return
    steps = _steps(main)
    command = steps[0].command if steps else None
    both = len(steps) > 1 and all(step.interrupts and step.command for step in steps)
    of = " (step 1 of 2)" if both else ""
    if command:
        yield [f"{main.cause}{of}: $ {command}"]
    told = "see the repair above" if command or not steps else steps[0].why
    yield [*fitted(f"{main.cause}: {told}", pen.width)]
