"""The plan of a deployment as lines: what is added, changed, replaced and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.facts.deploying.change_sets import Change
from ash_ops.report.resources import describe

if TYPE_CHECKING:
    from ash_ops.deploy.plan.change_set import Plan

_SIGNS = {"Add": "+ add", "Remove": "- remove", "Import": "> import"}


def render(plan: Plan) -> list[str]:
    """The plan as lines: replaced and removed first, because they deserve a look."""
    rows = sorted(plan.changes, key=lambda change: (_weight(change), change.logical_id))
    return [_row(change) for change in rows] + [_summary(plan)]


def _weight(change: Change) -> int:
    return {"- remove": 0, "! replace": 1, "~ change": 2}.get(_sign(change), 3)


def _sign(change: Change) -> str:
    if change.action == "Modify":
        return "! replace" if change.replacement == "True" else "~ change"
    return _SIGNS.get(change.action, change.action.lower())


def _row(change: Change) -> str:
    what = describe(change.logical_id, change.type)
    notes = ", ".join(change.causes[:4])
    maybe = "maybe replaced" if change.replacement == "Conditional" else ""
    tail = "; ".join(part for part in (maybe, f"because of {notes}" if notes else "") if part)
    return f"  {_sign(change):<10} {change.logical_id:<26} {what}" + (f"  ({tail})" if tail else "")


def _summary(plan: Plan) -> str:
    signs = [_sign(change) for change in plan.changes]
    counts = (
        ("to add", signs.count("+ add")),
        ("to change", signs.count("~ change")),
        ("to replace", signs.count("! replace")),
        ("to remove", signs.count("- remove")),
    )
    return "  " + ", ".join(f"{number} {what}" for what, number in counts if number)
