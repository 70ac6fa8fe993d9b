"""Warnings that their owner has answered already: left out of a report, counted in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Ignored, Report
from ash_ops.errors import UsageProblem


def require_known(causes: Iterable[str]) -> None:
    """Refuse what no finding could ever be called.

    Raises:
        UsageProblem: one of them is no cause of the catalogue.
    """
    from ash_ops.causes import CAUSES

    for cause in causes:
        if cause not in CAUSES:
            near = difflib.get_close_matches(cause, CAUSES, n=1)
            raise UsageProblem(
                f"There is no cause {cause!r} to ignore",
                "a finding's cause stands in brackets behind its title",
                f"Did you mean {near[0]}?" if near else "Copy it from a report.",
            )


def silenced(report: Report, reasons: Mapping[str, str]) -> Report:
    """A report without the warnings of these causes. What is broken is never silent.

    Args:
        report: the diagnosis.
        reasons: why each cause is ignored; empty where nobody said.
    """
    out = [f for f in report.findings if f.cause in reasons and f.severity != "error"]
    if not out:
        return report
    gone = {item.id for item in out}
    kept = tuple(_without(item, gone) for item in report.findings if item.id not in gone)
    causes = dict.fromkeys(item.cause for item in out)
    ignored = (
        Ignored(cause=c, count=sum(f.cause == c for f in out), reason=reasons[c]) for c in causes
    )
    return replace(report, findings=kept, ignored=tuple(ignored))


def _without(item: Finding, gone: set[str]) -> Finding:
    """A finding with no link to what is left out."""
    explained = None if item.explained_by in gone else item.explained_by
    return replace(
        item,
        explained_by=explained,
        explains=tuple(each for each in item.explains if each not in gone),
    )
