"""What changed since it last worked, in sentences that every format shows."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks.changed import Change, Changed


def heading(changed: Changed) -> str:
    """Which revisions are compared."""
    if not changed.has_worked:
        at = f", steady since {changed.worked_at:%Y-%m-%d %H:%M} UTC" if changed.worked_at else ""
        nothing = "" if changed.changes else " nothing in its revisions"
        return f"Changed since it last worked ({changed.worked}{at}):{nothing}"
    at = f", rolled out {changed.began:%Y-%m-%d %H:%M} UTC" if changed.began else ""
    differs = "changed this" if changed.changes else "changed nothing"
    return f"It worked with its newest revision ({changed.newest}{at}), which against {changed.worked} {differs}"


def lines(changed: Changed) -> Iterator[str]:
    """The changes, one a line."""
    yield from map(_line, changed.changes)


def _line(change: Change) -> str:
    values = f": {change.before} -> {change.after}" if change.before or change.after else ""
    return f"{change.what}: {change.name}{values}"
