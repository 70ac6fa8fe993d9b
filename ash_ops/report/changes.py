"""What is different between one diagnosis and the next: for ``doctor --watch``."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.report._tree import headline


def changes(before: Report, after: Report) -> Iterator[str]:
    """One line for each thing that began, ended or changed; none when all is as it was."""
    old, new = {f.id: f for f in before.findings}, {f.id: f for f in after.findings}
    yield from (f"+ {_line(new[i])}" for i in new if i not in old)
    yield from (f"- {_line(old[i])}" for i in old if i not in new)
    yield from (
        f"~ {_line(new[i])} (was {old[i].severity})"
        for i in new
        if i in old and new[i].severity != old[i].severity
    )
    gaps = {u.check: u.reason for u in after.unknown}
    known = {u.check for u in before.unknown}
    yield from (f"? {check}: {reason}" for check, reason in gaps.items() if check not in known)
    if before.status != after.status:
        yield headline(after)


def _line(item: Finding) -> str:
    return f"{item.severity}: {item.summary} [{item.cause}]"
