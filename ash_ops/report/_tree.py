"""What the formats share: findings as roots with their consequences, and the headline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ash_ops.checks._consequences import STOPPED_ON_PURPOSE
from ash_ops.checks.base import Effect, Evidence, Finding, Fix
from ash_ops.checks.commands import of_text
from ash_ops.diagnosis import Report, Unknown
from ash_ops.repairs.lines import changes_it, joined
from ash_ops.settings import command_line


def roots(report: Report) -> list[Finding]:
    """The findings that nothing else explains, in the report's order."""
    return [f for f in report.findings if f.explained_by is None]


def consequences(report: Report, root: Finding, depth: int = 1) -> Iterator[tuple[int, Finding]]:
    """What a finding explains, each with its depth below it."""
    by_id = {f.id: f for f in report.findings}
    for child in root.explains:
        if child in by_id:
            yield depth, by_id[child]
            yield from consequences(report, by_id[child], depth + 1)


def headline(report: Report) -> str:
    """The answer in one sentence."""
    present = (f for f in roots(report) if f.severity == "error" and f.until is None)
    main = next(present, None)
    if report.status == "problem" and main is not None:
        return f"Problem: {_works(report, main)}{main.title}."
    if report.status == "inconclusive":
        vital = [u for u in report.unknown if u.vital]
        reasons = list(dict.fromkeys(reason for reason, _ in _grouped(vital)))
        if len(reasons) == 1:
            return f"Could not tell: {reasons[0]}."
        return f"Could not tell: {len(vital)} checks that matter could not be made."
    stopped = next((f for f in roots(report) if f.cause == STOPPED_ON_PURPOSE), None)
    if stopped is not None:
        start = command_for("start", report)
        return f"Stopped on purpose: nothing runs, and nothing is broken. `{start}` starts it."
    if report.agents:
        return "Healthy: Ash is up, answers and runs agents."
    warning = next((f for f in roots(report) if f.effect is Effect.AGENTS), None)
    if warning is None or warning.until is not None or warning.severity == "info":
        return "Healthy: Ash is up and answers."
    return f"Healthy: Ash is up and answers, but may not run agents: {warning.title}."


def command_for(command: str, report: Report) -> str:
    """A command of ash-ops about the deployment of a report, as it is pasted."""
    return command_line(command, report.deployment.name, report.deployment.region)


def _works(report: Report, main: Finding) -> str:
    """What works all the same, before what does not."""
    if not report.answers:
        return ""
    if main.effect is Effect.AGENTS:
        return "Ash answers, but cannot run agents: "
    return "Ash answers, but could not start anew: " if main.effect is Effect.NEXT_START else ""


def notes(report: Report) -> Iterator[str]:
    """What was not looked at, and what was asked to be left out: a line each."""
    yield from (f"limit: {limit}" for limit in report.limits)
    for item in report.ignored:
        yield f"ignored: {item.count} x {item.cause}" + (f" ({item.reason})" if item.reason else "")


def count(number: int, noun: str) -> str:
    """``1 check``, ``2 checks``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def told(step: Fix) -> str:
    """What a step does, and what it interrupts."""
    return f"{step.why} [{step.interrupts.value}]" if step.interrupts else step.why


def command_lines(item: Finding) -> Iterator[str]:
    """The commands of a repair, each below what it interrupts."""
    for step in item.fix:
        if step.command:
            yield from ((f"# {step.interrupts.value}",) if step.interrupts else ())
            yield f"$ {step.command}"


def one_deploy(report: Report) -> str | None:
    """All the `deploy` lines that the roots advise as one; ``None`` where that is fewer than two."""
    lines = []
    for item in roots(report):
        first = next((step.command for step in item.fix if step.command and step.interrupts), "")
        command = of_text(first) if first.startswith("ash-ops deploy") else None
        left_open = "<" in first  # somebody must fill in first
        if command is not None and not left_open and changes_it(command, report.deployment.name):
            lines.append(first)
    return joined(lines) if len(set(lines)) > 1 else None


def evidence_line(item: Evidence) -> str:
    """A fact on one line: call, field, value, time."""
    at = f" ({item.at:%Y-%m-%d %H:%M:%SZ})" if item.at else ""
    return f"{item.source} {item.field} = {' '.join(item.value.split())}{at}"


def gaps(report: Report) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """The checks that could not tell, by reason: one missing permission often stops several."""
    return _grouped(report.unknown)


def _grouped(unknown: Iterable[Unknown]) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """By reason; a line that is down stops every call, and is one reason."""
    unknown = list(unknown)
    down = [item.reason for item in unknown if item.unreachable]
    calls = len(set(down))
    one = f"AWS cannot be reached ({calls} calls; the first: {down[0]})" if calls > 1 else ""
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for item in unknown:
        reason = one if one and item.unreachable else item.reason
        grouped.setdefault((reason, item.needs), []).append(item.check)
    return grouped
