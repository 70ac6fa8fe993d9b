"""Which subnets of the tasks the balancer's health checks reach: proof against any reading of rules."""

from __future__ import annotations

from ash_ops.checks._facts import answers_here
from ash_ops.checks.base import Severity, items
from ash_ops.checks.connection._chain import is_cut_off, subnets_of_tasks
from ash_ops.checks.connection._members import has_own_healthy, own
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot


def is_reached(snapshot: Snapshot) -> bool:
    """Whether some health check gets through now, so that some task answers callers."""
    return has_own_healthy(snapshot) and not is_cut_off(snapshot)


def unreached(snapshot: Snapshot) -> list[Subnet]:
    """The tasks' subnets of which it is not known that a health check gets there.

    Where the subnet of a healthy target is not known, it may be any.
    """
    subnets = subnets_of_tasks(snapshot)
    if not is_reached(snapshot):
        return subnets
    proven = _of_healthy_targets(snapshot)
    return [] if None in proven else [s for s in subnets if s.subnet_id not in proven]


def _of_healthy_targets(snapshot: Snapshot) -> set[str | None]:
    try:
        at = {task.private_ip: task.subnet_id for task in items(snapshot.tasks)}
    except CannotTell:
        return {None}
    return {at.get(row.target.id) for row in own(snapshot) if row.state == "healthy"}


def severity_of_a_block(snapshot: Snapshot) -> Severity:
    """A balancer sends nobody to a task that it calls unhealthy: where another answers, none is kept out.

    Where the targets were not read, the answer that this machine got proves it.
    """
    unread = snapshot.target_health.gap is not None
    return "warning" if is_reached(snapshot) or (unread and answers_here(snapshot)) else "error"
