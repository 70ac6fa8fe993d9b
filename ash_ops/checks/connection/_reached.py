"""Which subnets of the tasks the balancer's health checks reach: proof against any reading of rules."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from ash_ops.checks._facts import answers_here
from ash_ops.checks.base import Severity, items, present
from ash_ops.checks.connection._chain import is_cut_off, subnets_of_tasks
from ash_ops.checks.connection._members import group_of, has_own_healthy, out_of_service, own
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.snapshot import Snapshot

_UNREACHED = "failed ELB health checks"  # so ECS says why it stopped a task


def is_reached(snapshot: Snapshot) -> bool:
    """Whether some health check gets through now, so that some task answers callers."""
    healthy = has_own_healthy(snapshot) and not is_cut_off(snapshot)
    return healthy and not _has_other_groups(snapshot)


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
    """A balancer sends nobody to a task that it calls unhealthy: where another answers, no caller is kept out.

    A task that should serve and does not is lost all the same. Where the targets were not read, the
    answer that this machine got proves that one serves.
    """
    if out_of_service(snapshot):
        return "error"
    if _has_other_groups(snapshot):
        return "error" if _died_unreached(snapshot) else "warning"
    unread = snapshot.target_health.gap is not None
    return "warning" if is_reached(snapshot) or (unread and answers_here(snapshot)) else "error"


def _has_other_groups(snapshot: Snapshot) -> bool:
    """Whether a rollout puts its tasks into other groups than those of the tasks that answer: these prove nothing of them."""
    new = _rollout(snapshot)
    if new is None:
        return False
    rollouts = snapshot.service.value.deployments if snapshot.service.value else ()
    groups = [_groups(each) for each in rollouts if each is not new]
    at = {t.private_ip: t.task_definition_arn for t in snapshot.tasks.value or ()}
    well = [r for r in snapshot.target_health.value or () if r.state == "healthy"]
    old = all(at.get(r.target.id) not in {None, new.task_definition} for r in well)
    return bool(groups and well) and old and _groups(new) not in groups


def _rollout(snapshot: Snapshot) -> ServiceRollout | None:
    service = snapshot.service.value
    primary = service.primary if service else None
    going_on = primary is not None and primary.state == "IN_PROGRESS" and bool(_groups(primary))
    return primary if going_on else None


def _groups(rollout: ServiceRollout) -> frozenset[str]:
    network = rollout.network_configuration
    config = network.awsvpc_configuration if network else None
    return frozenset(config.security_groups if config else ())


def _died_unreached(snapshot: Snapshot) -> bool:
    new = _rollout(snapshot)
    dead = snapshot.stopped_tasks.value or ()
    mine = [t for t in dead if new is not None and t.task_definition_arn == new.task_definition]
    return any(_UNREACHED in (t.stopped_reason or "") for t in mine)


class _View:
    """Facts of which some are others: no copy, for facts that are watched cannot be copied."""

    def __init__(self, facts: Snapshot, **others: Reading[Any]) -> None:
        self._facts = facts
        vars(self).update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._facts, name)


def view(snapshot: Snapshot, **others: Reading[Any]) -> Snapshot:
    """The facts, with some readings that are others."""
    seen: Any = _View(snapshot, **others)
    found: Snapshot = seen
    return found


def through(snapshot: Snapshot, balancer: LoadBalancer) -> Snapshot | None:
    """The facts as one load balancer has them; ``None`` where its targets are not told apart."""
    arn = balancer.load_balancer_arn
    groups = tuple(g for g in items(snapshot.target_groups) if arn in g.load_balancer_arns)
    mine = {group.target_group_arn for group in groups}
    rows = list(items(snapshot.target_health))
    service = present(snapshot.service)
    if not mine or not all(group_of(snapshot, row) for row in rows):
        return None
    behind = tuple(row for row in rows if group_of(snapshot, row) in mine)
    named = tuple(b for b in service.load_balancers if mine.intersection(b.target_groups))
    return view(
        snapshot,
        service=replace(snapshot.service, value=replace(service, load_balancers=named)),
        load_balancers=replace(snapshot.load_balancers, value=(balancer,)),
        target_groups=replace(snapshot.target_groups, value=groups),
        target_health=replace(snapshot.target_health, value=behind),
    )
