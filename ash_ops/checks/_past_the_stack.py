"""A rule of a security group that somebody took away behind the stack's back: the stack puts it back."""

from __future__ import annotations

from collections.abc import Collection

from ash_ops.checks._findings import deploy_fix
from ash_ops.checks.base import Fix, NotApplicable
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_LETS_IN = "Authorize"  # so the calls begin that put such a rule back


def reopened(snapshot: Snapshot, groups: Collection[str]) -> list[Fix]:
    """The step that puts back what groups of the stack, by their names in it, lack; none where they lack nothing."""
    from ash_ops.checks.deploy.drift import found_differences

    try:
        shut = [
            each
            for each in found_differences(snapshot)
            if each.logical_id in groups and each.call.name.startswith(_LETS_IN)
        ]
    except (CannotTell, NotApplicable):
        return []
    return [deploy_fix(snapshot, f"Put back what the stack wants: {d.line}.") for d in shut[:1]]
