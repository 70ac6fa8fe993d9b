"""What somebody changed behind the stack's back: the stack puts it back, and nothing is opened for it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ash_ops.checks._findings import deploy_fix
from ash_ops.checks.base import Fix, NotApplicable
from ash_ops.drift.difference import Difference
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.wanted import BALANCER, SERVICE

_PLACE = {"SecurityGroups", "Subnets", "networkConfiguration"}
_LETS_IN = "Authorize"  # so the calls begin that put such a rule back


def reopened(snapshot: Snapshot, groups: Collection[str]) -> list[Fix]:
    """The step that puts back what groups of the stack, by their names in it, lack; none where they lack nothing."""
    return _put_back(
        snapshot, lambda d: d.logical_id in groups and d.call.name.startswith(_LETS_IN)
    )


def moved(snapshot: Snapshot) -> list[Fix]:
    """The step that puts the balancer or the service back into its groups and subnets; none where they are in theirs.

    A rule, or an address, for where it stands now would stay when it is back, and let in whom nobody meant.
    """
    return _put_back(
        snapshot,
        lambda d: d.type in (BALANCER, SERVICE) and bool(_PLACE & d.change.keys()),
    )


def _put_back(snapshot: Snapshot, chosen: Callable[[Difference], bool]) -> list[Fix]:
    from ash_ops.checks.deploy.drift import found_differences

    try:
        found = [each for each in found_differences(snapshot) if chosen(each)]
    except (CannotTell, NotApplicable):
        return []
    return [deploy_fix(snapshot, f"Put back what the stack wants: {d.line}.") for d in found[:1]]
